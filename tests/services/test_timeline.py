"""The timeline: reading it, logging what happened and who was there, changing and deleting entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from cockpit.desk import Desk
from cockpit.services.account import account_summary
from cockpit.services.errors import Ambiguous, Conflict, Forbidden, NotFound, Refused
from cockpit.services.timeline import (
    activity,
    activity_types,
    delete_activity,
    edit_activity,
    log_activity,
    timeline_page,
)
from cockpit.services.undo import undo
from tests import builders, statements


@pytest.fixture
def acme(desk: Desk) -> int:
    id_ = builders.account(desk, "Acme")
    builders.person(desk, id_, "Kim Park", email="kim@acme.example")
    builders.person(desk, id_, "Lee")
    return id_


def who(desk: Desk, activity_id: int) -> list[str]:
    return [one.name for one in activity(desk, activity_id).attendees]


def test_a_call_is_logged_with_everything_about_it(desk: Desk, acme: int):
    cta = builders.cta(desk, acme)
    made = log_activity(
        desk, "Acme", "Call", "Usage\x1b]0;x\x07 review", "Line one\r\nline two", ["kim@acme.example", "Lee"],
        cta=cta, next_step="Send the report", next_step_due="2026-12-01",
    )  # fmt: skip
    entry = activity(desk, made.id)
    assert (entry.type, entry.subject, entry.body, entry.author) == ("call", "Usage review", "Line one\nline two", "ana")
    assert (entry.at, entry.date_only, entry.cta_id) == (desk.now(), False, cta)
    assert (entry.next_step, entry.next_step_due) == ("Send the report", date(2026, 12, 1))
    assert [(one.name, one.attended) for one in entry.attendees] == [("Kim Park", True), ("Lee", True)]
    assert made.said == "Logged call “Usage review” on Acme with 2 attendees"


def test_attendees_are_understood_in_every_way_people_name_them(desk: Desk, acme: int):
    parent = builders.account(desk, "Acme Group")
    builders.person(desk, parent, "Max", email="max@group.example")
    lee = builders.the(desk, "person", "Lee")
    given = [lee, "KIM@acme.example", "ben", "Chi Tanaka", "max@group.example", "New@who.example", "Lee", "  "]
    made = log_activity(desk, acme, "meeting", "All", attendees=given)
    assert who(desk, made.id) == ["Lee", "Kim Park", "Ben Okafor", "Chi Tanaka", "Max", "new@who.example"]
    assert made.unknown == ("new@who.example",)
    assert made.said.endswith("with 6 attendees · new@who.example is nobody known here: kept as written")
    with pytest.raises(NotFound, match=r"called 'Kim Prk'\. Did you mean Kim Park"):
        log_activity(desk, acme, "meeting", "All", attendees=["Kim Prk"])
    with pytest.raises(NotFound):
        log_activity(desk, acme, "meeting", "All", attendees=["999"])
    builders.person(desk, acme, "Lee", email="lee2@acme.example")
    with pytest.raises(Ambiguous, match="Several people are called 'Lee'"):
        log_activity(desk, acme, "meeting", "All", attendees=["Lee"])


def test_a_day_is_noon_in_the_pools_zone(desk: Desk):
    builders.pool(desk, "Far East", time_zone="Asia/Tokyo")
    there = builders.account(desk, "Tanuki", pool="Far East")
    noon = datetime(2026, 11, 20, 3, tzinfo=UTC)
    for given, expected in (
        (date(2026, 11, 20), (noon, True)), ("2026-11-20", (noon, True)), ("last fri", (noon, True)),
        ("2026-11-20T12:00", (noon, False)), (datetime(2026, 11, 20, 12), (noon, False)),
        ("2026-11-20T03:00:00Z", (noon, False)), (noon, (noon, False)),
    ):  # fmt: skip
        entry = activity(desk, log_activity(desk, there, "call", "When", at=given).id)
        assert (entry.at, entry.date_only) == expected
    with pytest.raises(Refused, match="is not a date"):
        log_activity(desk, there, "call", "When", at="whenever")


def test_what_is_logged_for_today_by_its_day_is_the_last_touch_at_once(desk: Desk, acme: int):
    log_activity(desk, acme, "update", "Later today", at=datetime(2026, 11, 23, 16, tzinfo=UTC))
    assert account_summary(desk, acme).last_touch is None
    log_activity(desk, acme, "update", "Today", at=desk.today())
    touch = account_summary(desk, acme).last_touch
    assert touch is not None
    assert touch.subject == "Today"


def test_logging_touches_what_i_hold_on_the_account(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    mine, bens, free = builders.cta(desk, acme, owner="ana"), builders.cta(desk, acme, owner="ben"), builders.cta(desk, acme)
    later = desk_of("ana", builders.utc("2026-11-25T10:00"))
    made = log_activity(later, acme, "email", "Any news?")
    assert made.touched == (mine,)
    with desk.store.read() as db:
        touched = dict(db.all("SELECT id, touched_at FROM cta"))
    assert str(touched[mine])[:10] == "2026-11-25"
    assert (str(touched[bens])[:10], touched[free]) == ("2026-11-23", None)


@pytest.mark.parametrize(
    ("fields", "kind", "sentence"),
    [
        ({"subject": " \u200b"}, Refused, "The subject must not be empty"),
        ({"type": "cal"}, NotFound, "There is no activity type 'cal'. Did you mean call"),
        ({"account": "Nobody"}, NotFound, "There is no account"),
        ({"cta": 99}, NotFound, "There is no CTA 99"),
        ({"cta": 1}, Refused, "CTA 1 is not one of Acme"),
    ],
)
def test_what_cannot_be_logged_is_refused_and_leaves_nothing(
    desk: Desk, acme: int, fields: dict[str, object], kind: type[Refused], sentence: str
):
    builders.cta(desk, builders.account(desk, "Other"))
    before = builders.snapshot(desk.store)
    with pytest.raises(kind, match=sentence):
        log_activity(desk, **{"account": acme, "type": "call", "subject": "Hi", **fields})  # type: ignore[arg-type]
    assert builders.snapshot(desk.store) == before


def test_the_page_is_newest_first_and_goes_on(desk: Desk, acme: int):
    for day in (1, 3, 2):
        log_activity(desk, acme, "update", f"Day {day}", at=date(2026, 11, day), attendees=["Lee"])
    log_activity(desk, builders.account(desk, "Other"), "update", "Elsewhere")
    first = timeline_page(desk, acme, limit=2)
    rest = timeline_page(desk, acme, after=first.last, limit=2)
    assert [entry.subject for entry in (*first.rows, *rest.rows)] == ["Day 3", "Day 2", "Day 1"]
    assert (first.more, rest.more, rest.rows[0].attendees[0].name) == (True, False, "Lee")


def test_an_edit_keeps_the_old_version_and_replaces_who_was_there(desk: Desk, acme: int):
    made = log_activity(desk, acme, "call", "Revew", attendees=["Lee", "new@who.example"], at="yesterday")
    edited = edit_activity(desk, made.id, {"subject": "Review", "attendees": ["new@who.example", "Kim Park"]}, {"subject": "Revew"})
    assert edited.said == "Changed subject Revew → Review of call “Review”, and who was there"
    assert (activity(desk, made.id).subject, who(desk, made.id)) == ("Review", ["new@who.example", "Kim Park"])
    assert [entry.subject for entry in timeline_page(desk, acme).rows] == ["Review"]
    with desk.store.read() as db:
        assert db.all("SELECT subject FROM activity WHERE version_of = :id", id=made.id) == [("Revew",)]
    same = edit_activity(desk, made.id, {"attendees": ["Kim Park", "new@who.example"]})
    assert (same.act, same.changed) == (None, ())
    with pytest.raises(Conflict, match="subject is Review by now"):
        edit_activity(desk, made.id, {"subject": "Else"}, {"subject": "Revew"})


def test_a_form_shows_minutes_and_moves_an_entry_all_the_same(desk: Desk, acme: int):
    made = log_activity(desk, acme, "call", "Hi", at="2026-11-23T08:00:37+00:00")
    moved = edit_activity(desk, made.id, {"at": "2026-11-20 08:00"}, {"at": "2026-11-23 08:00"})
    assert moved.said == "Changed at 2026-11-23 08:00 → 2026-11-20 08:00 of call “Hi”"
    with pytest.raises(Conflict, match="at is 2026-11-20 08:00 by now"):
        edit_activity(desk, made.id, {"at": "2026-11-19 08:00"}, {"at": "2026-11-23 08:00"})


def test_who_was_there_is_not_overwritten_unseen(desk: Desk, acme: int):
    made = log_activity(desk, acme, "call", "Review", attendees=["Lee"])
    edit_activity(desk, made.id, {"attendees": ["Lee", "Kim Park"]}, {"attendees": ["Lee"]})
    with pytest.raises(Conflict, match="Lee and Kim Park are there by now, which you did not see"):
        edit_activity(desk, made.id, {"attendees": ["Lee", "x@who.example"]}, {"attendees": ["Lee"]})
    assert edit_activity(desk, made.id, {"attendees": ["Kim Park", "Lee"]}, {"attendees": ["Lee"]}).changed == ()


def test_what_is_to_come_is_planned_and_never_a_contact_yet(desk: Desk, acme: int):
    with pytest.raises(Refused, match="in 9 days: log the email when it has happened"):
        log_activity(desk, acme, "email", "Hi", at="2026-12-02")
    mail = log_activity(desk, acme, "email", "Hi")
    with pytest.raises(Refused, match="log the email when it has happened"):
        edit_activity(desk, mail.id, {"at": "2026-12-02"})
    assert log_activity(desk, acme, "milestone", "Go-live", at="2026-12-02").state == "done"
    held = log_activity(desk, acme, "meeting", "Review", attendees=["Lee"])
    edit_activity(desk, held.id, {"at": "2026-12-02", "attendees": ["Lee", "Kim Park"]}, {"at": "2026-11-23 09:00"})
    moved = activity(desk, held.id)
    assert (moved.state, [one.attended for one in moved.attendees]) == ("planned", [False, False])


def test_only_its_author_or_a_manager_changes_or_deletes_an_entry(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    made = log_activity(desk, acme, "call", "Hi")
    with pytest.raises(Forbidden, match="Ana Ruiz wrote it: they or a manager can delete it"):
        delete_activity(desk_of("ben"), made.id)
    with pytest.raises(Forbidden):
        edit_activity(desk_of("ben"), made.id, {"subject": "Ho"})
    assert edit_activity(desk_of("mo"), made.id, {"subject": "Ho"}).changed == ("subject",)
    imported = builders.make(
        desk, "activity", {"account_id": acme, "type_id": 1, "subject": "Nobody's", "at": desk.now()}
    )
    assert edit_activity(desk_of("ben"), imported, {"subject": "Somebody's"}).changed == ("subject",)


def test_what_is_deleted_is_out_of_sight_and_remembered(desk: Desk, acme: int):
    made = log_activity(desk, acme, "call", "Hi", attendees=["Lee"])
    gone = delete_activity(desk, made.id)
    assert (gone.said, timeline_page(desk, acme).rows) == ("Deleted call “Hi” of Acme", ())
    with pytest.raises(NotFound, match=f"There is no activity {made.id}"):
        delete_activity(desk, made.id)
    assert builders.row(desk.store, "activity", made.id)["subject"] == "Hi"


def test_the_types_say_which_are_meetings(desk: Desk):
    assert {one.name for one in activity_types(desk) if one.is_meeting} == {"call", "meeting"}


def test_a_page_takes_two_statements_that_walk_indexes(desk: Desk, acme: int):
    for n in range(3):
        log_activity(desk, acme, "call", str(n), attendees=["Lee"])
    with statements.recorded() as sent:
        timeline_page(desk, acme)
    assert len(sent) == 2
    assert {sql: found for sql, params in sent if (found := statements.scans(desk.store, (sql, params)))} == {}


def test_logging_changing_and_deleting_can_be_taken_back(desk: Desk, acme: int):
    builders.cta(desk, acme, owner="ana")
    states = [builders.snapshot(desk.store)]
    made = log_activity(desk, acme, "call", "Hi", attendees=["Lee", "new@who.example"])
    states.append(builders.snapshot(desk.store))
    edit_activity(desk, made.id, {"subject": "Ho", "attendees": ["Kim Park"]})
    states.append(builders.snapshot(desk.store))
    delete_activity(desk, made.id)
    for state in reversed(states):
        assert undo(desk).conflicts == ()
        assert builders.snapshot(desk.store) == state
