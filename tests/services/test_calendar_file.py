"""What is due of mine by day, and as a file for calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from icalendar import Calendar

from cockpit.desk import Desk
from cockpit.services.calendar_file import agenda, calendar, due_items, ics
from cockpit.services.cta import close, set_due
from cockpit.services.timeline import log_activity
from db.terms import Outcome
from tests import builders

Sit = Callable[..., Desk]


@pytest.fixture
def cta(desk: Desk) -> int:
    id_ = builders.cta(desk, builders.account(desk, "Acme; Co, Inc"), owner="ana", due=date(2026, 11, 20), priority="high")
    builders.make(desk, "task", {"cta_id": id_, "title": "Ring", "due": date(2026, 11, 25)})
    theirs = builders.cta(desk, builders.account(desk, "Boreal"), owner="ben", due=date(2026, 11, 26))
    builders.make(desk, "task", {"cta_id": theirs, "title": "Help Ben", "due": date(2026, 11, 24), "owner_id": desk.me.id})
    builders.make(desk, "task", {"cta_id": theirs, "title": "Ben's own", "due": date(2026, 11, 24)})
    builders.cta(desk, builders.account(desk), owner="ana")
    return id_


def test_ctas_and_tasks_of_mine_by_day(desk: Desk, cta: int):
    assert [(str(day.day), day.is_today, [(one.kind, one.title, one.is_overdue) for one in day.items]) for day in calendar(desk)] == [
        ("2026-11-20", False, [("cta", "Usage drop", True)]),
        ("2026-11-23", True, []),
        ("2026-11-24", False, [("task", "Help Ben", False)]),
        ("2026-11-25", False, [("task", "Ring", False)]),
    ]
    assert [one.title for one in due_items(desk, date(2026, 11, 21), date(2026, 11, 24))] == ["Help Ben"]
    assert [one.title for one in due_items(desk, cta_ids=[cta])] == ["Usage drop", "Ring"]


@pytest.mark.parametrize("events", [False, True])
def test_the_file_reads_back_with_uids_that_stay(desk: Desk, cta: int, events: bool):
    first = Calendar.from_ical(ics(desk, due_items(desk), events))
    name = "VEVENT" if events else "VTODO"
    parts = {str(part["uid"]): part for part in first.walk(name)}
    assert len(parts) == 3
    (mine,) = [part for part in parts.values() if str(part["summary"]) == "Acme; Co, Inc: Usage drop"]
    assert mine.decoded("dtstart" if events else "due") == date(2026, 11, 20)
    assert int(mine["priority"]) == 1
    set_due(desk, [cta], date(2026, 12, 1), cascade=False)
    again = Calendar.from_ical(ics(desk, due_items(desk), events))
    (moved,) = [part for part in again.walk(name) if part["uid"] == mine["uid"]]
    assert moved.decoded("dtstart" if events else "due") == date(2026, 12, 1)
    assert int(moved["sequence"]) > int(mine["sequence"])


def test_what_is_closed_is_no_longer_there(desk: Desk, desk_of: Sit, cta: int):
    close(desk, [cta], Outcome.SUCCESS, "x")
    assert [one.title for one in due_items(desk)] == ["Help Ben"]
    assert [one.title for one in due_items(desk_of("ben"))] == ["Ben's own", "Usage drop"]


def test_hostile_text_stays_text(desk: Desk):
    name = "X\r\nATTENDEE:mailto:evil@example.com\x1b]0;x\x07"
    builders.cta(desk, builders.account(desk, name), owner="ana", due=date(2026, 11, 24), description="a\nEND:VTODO\nb")
    text = ics(desk, due_items(desk))
    lines = text.split("\r\n")
    assert not [line for line in lines if line.startswith(("ATTENDEE", "b"))]
    assert lines.count("END:VTODO") == 1
    assert "\x1b" not in text


def test_the_agenda_has_what_is_due_planned_and_promised(desk: Desk, cta: int):
    acme = builders.account(desk, "Cobalt")
    log_activity(desk, acme, "call", "Hello", next_step="Send the plan", next_step_due=date(2026, 11, 25))
    builders.make(desk, "task", {"account_id": acme, "owner_id": desk.me.id, "title": "Look again", "due": date(2026, 11, 24)})
    type_id = builders.the(desk, "activity_type", "meeting")
    builders.make(desk, "activity", {
        "account_id": acme, "type_id": type_id, "author_id": desk.me.id, "subject": "Review", "state": "planned",
        "at": builders.utc("2026-11-25T14:30"),
    })  # fmt: skip
    found = agenda(desk, date(2026, 11, 24), date(2026, 11, 25))
    assert [(str(one.due)[8:], one.kind, one.title, one.time) for one in found] == [
        ("24", "task", "Help Ben", ""), ("24", "task", "Look again", ""),
        ("25", "meeting", "Review", "14:30"), ("25", "promise", "Send the plan", ""), ("25", "task", "Ring", ""),
    ]  # fmt: skip
    assert [one.title for one in due_items(desk) if one.cta is None] == ["Look again"]
    assert "SUMMARY:Cobalt: Look again" in ics(desk, due_items(desk))
