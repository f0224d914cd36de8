"""What can be asked about mail, answers, promises and planned meetings; the answers counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.account import accounts_page
from cockpit.services.query import compiled
from cockpit.services.timeline import timeline_page
from tests import builders


@pytest.fixture
def world(desk: Desk) -> Desk:
    """Five customers: an answer that waits, one that was answered, promises, a meeting ahead, mail in trouble."""
    types = {name: builders.the(desk, "activity_type", name) for name in ("email", "outreach", "call", "update", "meeting")}
    ids = {name: builders.account(desk, name) for name in ("Waits", "Answered", "Promised", "Meets", "Trouble")}
    people = {name: builders.person(desk, id_, f"P {name}") for name, id_ in ids.items()}

    def entry(account: str, kind: str, ago: float, **more: Any) -> int:
        at: datetime = desk.now() - timedelta(days=ago)
        values = {"account_id": ids[account], "type_id": types[kind], "subject": f"{kind} {ago}", "at": at, **more}
        made = builders.make(desk, "activity", values)
        builders.make(desk, "attendee", {"activity_id": made, "person_id": people[account]})
        return made

    entry("Waits", "outreach", 9)
    entry("Waits", "email", 3, inbound=True)
    entry("Waits", "email", 1, inbound=True)
    entry("Waits", "update", 0.5)
    entry("Waits", "call", 0.5, internal=True)
    entry("Waits", "outreach", 0.2, state="cancelled")
    entry("Answered", "email", 3, inbound=True)
    entry("Answered", "call", 2)
    entry("Promised", "call", 20, next_step="Late", next_step_due=desk.today() - timedelta(days=1))
    entry("Promised", "call", 21, next_step="Kept", next_step_due=desk.today() - timedelta(days=2), next_step_done_at=desk.now())
    entry("Promised", "call", 22, next_step="Today", next_step_due=desk.today())
    entry("Promised", "call", 23, next_step="Some day")
    entry("Meets", "meeting", -3, state="planned")
    entry("Meets", "outreach", -1, state="planned")
    entry("Meets", "meeting", 1, state="planned")
    builders.change(desk, "person", people["Trouble"], {"opted_out": True})
    for number, state in enumerate(("failed", "unsure", "sent")):
        builders.make(desk, "outbox", {
            "key": f"{number}@x", "account_id": ids["Trouble"], "channel": "smtp", "recipient": "a@b.example", "subject": "s", "body": "b",
            "state": state,
        })  # fmt: skip
    return desk


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("inbound_unanswered:any", ["Waits"]), ("inbound_unanswered:>2d", ["Waits"]), ("inbound_unanswered:>4d", []),
        ("last_outreach:any", ["Waits"]), ("last_outreach:>8d", ["Waits"]), ("last_outreach:<8d", []),
        ("promises_late:>0", ["Promised"]), ("promises_open:3", ["Promised"]), ("promises_open:>3", []),
        ("next_meeting:<5d", ["Meets"]), ("next_meeting:<2d", []), ("opted_out:1", ["Trouble"]), ("mail_trouble:2", ["Trouble"]),
    ],
)  # fmt: skip
def test_accounts(world: Desk, query: str, names: list[str]):
    assert [row.name for row in accounts_page(world, query).rows] == names


def test_people_and_entries(world: Desk, desk_of: Callable[..., Desk]):
    def people(query: str) -> list[str]:
        with world.store.read() as db:
            sql, params = compiled(world, db, query, "person")
            return [row[0] for row in db.all(f"SELECT n.name FROM person n WHERE {sql} ORDER BY n.name", **params)]

    assert people("wrote:<2d") == ["P Waits"]
    assert people("last_outreach:>8d") == ["P Waits"]
    assert people("wrote:any") == ["P Answered", "P Waits"]
    waits = builders.the(world, "account", "Waits")
    for query, subjects in (
        ("is:inbound", ["email 1", "email 3"]), ("is:internal", ["call 0.5"]), ("is:cancelled", ["outreach 0.2"]),
        ("email", ["email 1", "email 3"]),
    ):  # fmt: skip
        assert [row.subject for row in timeline_page(world, waits, find=query).rows] == subjects
