"""A call of each use-case of the timeline and of mail, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.incoming import Incoming
from cockpit.services import (
    activity_type,
    article,
    delivery,
    draft,
    letter,
    mail_in,
    meeting_in,
    outbox,
    outreach,
    planned,
    promise,
    template,
    timeline,
)
from db.terms import MailState
from tests import builders

ACCOUNT = "Mail Ltd"
WHEN = datetime(2026, 12, 1, 14, tzinfo=UTC)
EVENTS = (meeting_in.Event("m1", "Review", "", WHEN, None, False, (("ada@mail.example", True),), False),)
TEXT = "name: guard\nsubject: Hello\n\nDear {{ person.name }}"


def prepare(oz: Desk) -> None:
    """What the calls stand on: an account with somebody to write to, a promise, a meeting whose time has passed, a draft."""
    account = builders.account(oz, ACCOUNT)
    builders.person(oz, account, "Ada Lind", email="ada@mail.example", value_network=True, network_role="driver")
    builders.person(oz, account, "Bea Roth", email="bea@mail.example")
    timeline.log_activity(oz, account, "call", "Promised", next_step="Send it", next_step_due="2026-11-30")
    then = builders.desk_of(oz.store, "oz", oz.now() - timedelta(days=2))
    timeline.log_activity(then, account, "meeting", "Was planned", attendees=["Ada Lind"], at=oz.now() - timedelta(hours=3))
    draft.save_draft(oz, account, "entry", {"subject": "Begun"})
    template.apply(oz, [("a", TEXT)])
    article.new_article(oz, "Import", "https://help.example/import")
    for key in ("stray-1@x", "stray-2@x"):
        mail_in.receive(oz, came(oz, key, "who@else.example"))
    for subject in ("Waits", "Fails", "In doubt", "Goes", "In hand"):
        letter.write_letter(oz, ACCOUNT, ["Ada Lind"], subject, "Words")
    for subject, state in (("Fails", "failed"), ("In doubt", "unsure"), ("In hand", "sending")):
        builders.change(oz, "outbox", mail(oz, subject), {"state": state, "taken_at": oz.now()})


def came(oz: Desk, key: str, sender: str) -> Incoming:
    """A mail that came in."""
    return Incoming(key, sender, "", (), "Re: Words", "Yes", oz.now(), (), False, False)


def mail(oz: Desk, subject: str) -> int:
    """The mail with that subject."""
    with oz.store.read() as db:
        return int(db.scalar("SELECT id FROM outbox WHERE subject = :subject", subject=subject))


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
    "article.edit_article": lambda s: article.edit_article(s.desk, find(s, "SELECT max(id) FROM article"), {"title": "Imports"}),
    "article.new_article": lambda s: article.new_article(s.desk, "Export", "https://help.example/export", expires="2027-01-31"),
    "delivery.settle": lambda s: delivery.settle(s.desk.as_system(), [(mail(s.desk, "In hand"), MailState.SENT, None, False)]),
    "delivery.take": lambda s: delivery.take(s.desk.as_system(), [mail(s.desk, "Goes")], "pool@us.example"),
    "draft.drop_draft": lambda s: draft.drop_draft(s.desk, find(s, "SELECT max(id) FROM draft")),
    "draft.save_draft": lambda s: draft.save_draft(s.desk, ACCOUNT, "letter", {"body": "Dear"}),
    "letter.write_letter": lambda s: letter.write_letter(s.desk, ACCOUNT, ["Ada Lind"], "Hi", "Ho"),
    "mail_in.drop_stray": lambda s: mail_in.drop_stray(s.desk, find(s, "SELECT min(id) FROM stray")),
    "mail_in.file_stray": lambda s: mail_in.file_stray(s.desk, find(s, "SELECT max(id) FROM stray"), ACCOUNT, "Ada Lind"),
    "mail_in.receive": lambda s: mail_in.receive(s.desk, came(s.desk, "in-1@x", "ada@mail.example")),
    "meeting_in.bring_meetings": lambda s: meeting_in.bring_meetings(s.desk, "c.ics", EVENTS, ACCOUNT),
    "outbox.cancel": lambda s: outbox.cancel(s.desk, [mail(s.desk, "Waits")]),
    "outbox.confirm": lambda s: outbox.confirm(s.desk, [mail(s.desk, "In doubt")]),
    "outbox.retry": lambda s: outbox.retry(s.desk, [mail(s.desk, "Fails")]),
    "outreach.send_outreach": lambda s: outreach.send_outreach(s.desk, "guard", "name:mail", "all"),
    "outreach.set_rules": lambda s: outreach.set_rules(s.desk, {"cap": 99, "quiet_in_escalation": False}),
    "planned.settle": lambda s: planned.settle(s.desk, entry(s, "Was planned")),
    "promise.keep": lambda s: promise.keep(s.desk, entry(s, "Promised")),
    "template.apply": lambda s: template.apply(s.desk, [("a", TEXT + "!")]),
    "template.off": lambda s: template.off(s.desk, "guard"),
}
