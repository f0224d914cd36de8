"""Meetings to come, promises, drafts, and types with fields of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from cockpit.desk import Desk
from cockpit.services.account import account_summary
from cockpit.services.activity_type import edit_type, every_type, new_type
from cockpit.services.draft import draft, drafts, drop_draft, save_draft
from cockpit.services.errors import Conflict, Forbidden, NotFound, Refused
from cockpit.services.people import people_of
from cockpit.services.planned import planned, settle
from cockpit.services.promise import keep, promises
from cockpit.services.timeline import activity, edit_activity, log_activity
from cockpit.services.undo import undo
from tests import builders

FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)
LATER = builders.utc("2026-11-28T09:00")


@pytest.fixture
def acme(desk: Desk) -> int:
    id_ = builders.account(desk, "Acme")
    builders.person(desk, id_, "Kim Park", email="kim@acme.example", value_network=True)
    builders.person(desk, id_, "Lee")
    return id_


def test_a_meeting_ahead_is_planned_and_nobody_was_met_until_it_was_held(
    desk: Desk, desk_of: Callable[..., Desk], acme: int
):
    cta = builders.cta(desk, acme, owner="ana")
    made = log_activity(desk, acme, "meeting", "Review", attendees=["Kim Park", "Lee", "ana"], at=FRIDAY)
    assert (made.state, made.touched, made.intervention) == ("planned", (), None)
    assert made.said == "Planned meeting “Review” at Acme, in 4 days with 3 attendees"
    assert [(one.subject, one.asks) for one in planned(desk)] == [("Review", False)]
    with pytest.raises(Refused, match="cannot have happened"):
        settle(desk, made.id)
    later = desk_of("ana", LATER)
    assert [(one.says, one.asks) for one in planned(later)] == [("yesterday 14:00: did it happen?", True)]
    assert account_summary(later, acme).last_touch is None
    assert [row.last_met for row in people_of(later, acme)] == [None, None]

    held = settle(later, made.id, attended=["Kim Park", "ana"], body="They renew.")
    assert held.said.startswith("Held meeting “Review” at Acme with 2 attendees · intervention")
    assert held.touched == (cta,)
    entry = activity(later, made.id)
    assert [(one.name, one.attended) for one in entry.attendees] == [("Kim Park", True), ("Lee", False), ("Ana Ruiz", True)]
    assert (entry.state, entry.body) == ("done", "They renew.")
    assert {row.name: row.last_met is not None for row in people_of(later, acme)} == {"Kim Park": True, "Lee": False}
    assert planned(later) == ()
    with pytest.raises(Refused, match="is not planned: it is done"):
        settle(later, made.id)
    before = builders.snapshot(later.store)
    assert undo(later).conflicts == ()
    assert planned(later)[0].asks
    assert builders.snapshot(later.store) != before


def test_a_meeting_that_is_called_off_counts_nowhere_and_may_be_planned_again(
    desk: Desk, desk_of: Callable[..., Desk], acme: int
):
    made = log_activity(desk, acme, "call", "Catch up", attendees=["Lee"], at="2026-11-25")
    later = desk_of("ana", LATER)
    assert settle(later, made.id, False).said == "Called off: call “Catch up” with Acme"
    assert account_summary(later, acme).last_touch is None
    edit_activity(later, made.id, {"at": "2026-12-02"})
    assert [(one.id, one.day) for one in planned(later)] == [(made.id, date(2026, 12, 2))]


def test_a_meeting_among_ourselves_reaches_nobody(desk: Desk, acme: int):
    builders.cta(desk, acme, owner="ana")
    made = log_activity(desk, acme, "call", "Handover", attendees=["ana", "ben"], internal=True)
    assert (made.intervention, activity(desk, made.id).internal) == (None, True)


def test_promises_are_listed_by_urgency_and_kept(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    send = log_activity(desk, acme, "call", "One", next_step="Send the report", next_step_due="2026-11-24")
    log_activity(desk_of("ben"), acme, "call", "Two", next_step="Ask sales", next_step_due="2026-11-20")
    log_activity(desk, acme, "call", "Three", next_step="Think about it")
    told = [(one.what, one.state, one.by) for one in promises(desk, account=acme)]
    assert told == [("Ask sales", "late", "ben"), ("Send the report", "open", "ana"), ("Think about it", "open", "ana")]
    assert [one.what for one in promises(desk, "late")] == ["Ask sales"]
    assert [one.what for one in promises(desk, by="ana")] == ["Send the report", "Think about it"]
    assert keep(desk, send.id).said == "Kept: “Send the report” to Acme"
    assert [one.state for one in promises(desk, "kept")] == ["kept"]
    assert keep(desk, send.id).act is None
    assert keep(desk, send.id, False).said.startswith("Opened again")
    undo(desk)
    assert activity(desk, send.id).next_step_done_at is not None
    with pytest.raises(Refused, match="open, late, kept or all"):
        promises(desk, "some")
    with pytest.raises(Refused, match="Nothing was promised"):
        keep(desk, log_activity(desk, acme, "call", "Four").id)


def test_a_type_asks_for_its_own_fields(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    ops = desk_of("oz")
    new_type(ops, "EBR", True, ["outcome*=agreed|waiting", "slides"])
    with pytest.raises(Refused, match="A EBR needs outcome"):
        log_activity(desk, acme, "ebr", "Year two")
    with pytest.raises(Refused, match="is one of agreed, waiting"):
        log_activity(desk, acme, "ebr", "Year two", fields={"outcome": "x"})
    made = log_activity(desk, acme, "ebr", "Year two", fields={"outcome": "Agreed"})
    assert activity(desk, made.id).details == {"outcome": "agreed"}
    edit_activity(desk, made.id, {"fields": {"slides": "https://x"}})
    assert activity(desk, made.id).details == {"outcome": "agreed", "slides": "https://x"}
    log_activity(desk, acme, "ebr", "To come", at=FRIDAY)
    edit_type(ops, "EBR", {"fields": ["none"]}, {"fields": ["outcome*=agreed|waiting", "slides"]})
    with pytest.raises(Conflict, match="fields is"):
        edit_type(ops, "EBR", {"fields": ["a"]}, {"fields": ["b"]})
    assert activity(desk, made.id).details == {"outcome": "agreed", "slides": "https://x"}
    assert {one.name: one.entries for one in every_type(desk)}["EBR"] == 2
    with pytest.raises(Refused, match="Mail is logged as outreach"):
        edit_type(ops, "outreach", {"active": False})
    with pytest.raises(Forbidden):
        new_type(desk, "x")


def test_what_was_begun_is_kept_gone_on_with_and_goes_when_it_is_logged(
    desk: Desk, desk_of: Callable[..., Desk], acme: int
):
    made = save_draft(desk, "Acme", "entry", {"sub\x1b[2Jject": "Half a th\x1b[2Jought", "body": "", "type": "call"})
    assert (draft(desk, made.id).fields, draft(desk, made.id).title) == ({"subject": "Half a thought", "type": "call"}, "Half a thought")
    save_draft(desk, "Acme", "entry", {"subject": "Whole"}, made.id)
    assert [(one.title, one.account) for one in drafts(desk)] == [("Whole", "Acme")]
    assert drafts(desk_of("ben")) == ()
    assert [one.id for one in drafts(desk_of("ben"), mine=False)] == [made.id]
    with pytest.raises(Forbidden, match="ana began it"):
        drop_draft(desk_of("ben"), made.id)
    with pytest.raises(Refused, match="nothing in it"):
        save_draft(desk, "Acme", "entry", {"subject": " "})
    log_activity(desk, acme, "call", "Whole", draft=made.id)
    assert drafts(desk) == ()
    undo(desk)
    assert [one.id for one in drafts(desk)] == [made.id]
    drop_draft(desk, made.id)
    with pytest.raises(NotFound, match="There is no draft"):
        draft(desk, made.id)
