"""A call of each use-case of the timeline and of mail, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.services import activity_type, draft, planned, promise, timeline
from tests import builders

ACCOUNT = "Mail Ltd"


def prepare(oz: Desk) -> None:
    """What the calls stand on: an account with somebody to write to, a promise, a meeting whose time has passed, a draft."""
    account = builders.account(oz, ACCOUNT)
    builders.person(oz, account, "Ada Lind", email="ada@mail.example", value_network=True, network_role="driver")
    timeline.log_activity(oz, account, "call", "Promised", next_step="Send it", next_step_due="2026-11-30")
    then = builders.desk_of(oz.store, "oz", oz.now() - timedelta(days=2))
    timeline.log_activity(then, account, "meeting", "Was planned", attendees=["Ada Lind"], at=oz.now() - timedelta(hours=3))
    draft.save_draft(oz, account, "entry", {"subject": "Begun"})


def find(s: Any, sql: str) -> int:
    """The id a statement finds."""
    with s.desk.store.read() as db:
        return int(db.scalar(sql))


def entry(s: Any, subject: str) -> int:
    """The entry with that subject."""
    return find(s, f"SELECT id FROM activity WHERE subject = '{subject}' AND superseded IS NULL")


TIMELINE_CALLS: dict[str, Callable[[Any], Any]] = {
    "activity_type.edit_type": lambda s: activity_type.edit_type(s.desk, "update", {"fields": ["mood*=good|bad"]}),
    "activity_type.new_type": lambda s: activity_type.new_type(s.desk, "workshop", True, ["room"]),
    "draft.drop_draft": lambda s: draft.drop_draft(s.desk, find(s, "SELECT max(id) FROM draft")),
    "draft.save_draft": lambda s: draft.save_draft(s.desk, ACCOUNT, "letter", {"body": "Dear"}),
    "planned.settle": lambda s: planned.settle(s.desk, entry(s, "Was planned")),
    "promise.keep": lambda s: promise.keep(s.desk, entry(s, "Promised")),
}
