"""The people of an account, when they were last met, and the value network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.account import account_summary, accounts_page
from cockpit.services.errors import Ambiguous, Conflict, NotFound, Refused
from cockpit.services.people import add_person, edit_person, find_person, people_of, set_network
from cockpit.services.timeline import delete_activity, log_activity
from tests import builders, statements

TODAY = date(2026, 11, 23)


@pytest.fixture
def acme(desk: Desk) -> int:
    return builders.account(desk, "Acme")


def test_last_met_follows_from_attendance(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    kim, lee = builders.person(desk, acme, "Kim"), builders.person(desk, acme, "Lee")
    mine = log_activity(desk, acme, "call", "Mine", attendees=["Kim"], at=TODAY - timedelta(days=9))
    theirs = log_activity(desk_of("ben"), acme, "meeting", "Ben's", attendees=["Kim"], at=TODAY - timedelta(days=3))
    log_activity(desk, acme, "email", "Mail is no meeting", attendees=["Kim", "Lee"])
    log_activity(desk, acme, "meeting", "Tomorrow", attendees=["Kim", "Lee"], at=TODAY + timedelta(days=1))
    missed = log_activity(desk, acme, "meeting", "Invited only", at=TODAY)
    builders.make(desk, "attendee", {"activity_id": missed.id, "person_id": lee, "attended": False})
    by_id = {row.id: row for row in people_of(desk, acme)}
    last, by_me = by_id[kim].last_met, by_id[kim].last_met_by_me
    assert last
    assert by_me
    assert (last.activity_id, last.day, last.days_ago, last.subject, last.author) == (
        theirs.id, TODAY - timedelta(days=3), 3, "Ben's", "Ben Okafor",
    )  # fmt: skip
    assert (by_me.activity_id, by_me.subject) == (mine.id, "Mine")
    assert by_id[lee].last_met is None
    delete_activity(desk_of("ben"), theirs.id)
    assert next(row.last_met for row in people_of(desk, acme) if row.id == kim) == by_me


def test_a_meeting_i_sat_in_is_mine_whoever_logged_it(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    builders.person(desk, acme, "Kim")
    log_activity(desk_of("ben"), acme, "meeting", "Together", attendees=["Kim", "ana"])
    assert people_of(desk, acme)[0].last_met_by_me is not None
    assert people_of(desk_of("chi"), acme)[0].last_met_by_me is None


def test_the_network_counts_as_the_worked_example_says(desk_of: Callable[..., Desk], acme: int):
    desk = desk_of("ana", builders.utc("2026-06-30T09:00"))
    child = builders.account(desk, "Acme Core", parent_id=acme)
    a, b, _, d, e, f = (builders.person(desk, acme, name, value_network=True) for name in "ABCDEF")
    g = builders.person(desk, acme, "G")
    edit_person(desk, d, {"left_on": "2026-06-01"})
    log_activity(desk, acme, "meeting", "A and G", attendees=[str(a), str(g)], at=date(2026, 4, 1))
    invited = log_activity(desk, acme, "meeting", "B did not come", at=date(2026, 5, 5)).id
    builders.make(desk, "attendee", {"activity_id": invited, "person_id": b, "attended": False})
    log_activity(desk, acme, "email", "C by mail", attendees=["C"])
    log_activity(desk, child, "meeting", "E at the relationship", attendees=[e], at=date(2026, 6, 1))
    log_activity(desk, acme, "meeting", "F tomorrow", attendees=[f], at=date(2026, 7, 1))
    net = account_summary(desk, acme).network
    assert (net.size, net.met, net.coverage, net.last_met) == (5, 2, 0.4, date(2026, 6, 1))
    assert [row.id for row in accounts_page(desk, "network_size:5 network_coverage:40%").rows] == [acme]
    a_day_later = desk_of("ana", builders.utc("2026-07-01T09:00"))
    assert account_summary(a_day_later, acme).network.met == 1  # A's is 91 days old; F's was planned, nobody said it took place
    for person in (a, b, _, d, e, f):
        set_network(desk, person, acme, on=False)
    assert account_summary(desk, acme).network.coverage is None


def test_people_of_relationships_are_shown_once_with_where_they_belong(desk: Desk, acme: int):
    child = builders.account(desk, "Acme Core", parent_id=acme)
    kim = add_person(desk, acme, "Kim", "kim@acme.example", title="CEO").id
    again = add_person(desk, child, "Kim K.", "KIM@acme.example", network_role="driver")
    builders.person(desk, child, "Lee")
    assert (again.id, again.is_new, again.said) == (kim, False, "Added Kim to Acme Core")
    rows = people_of(desk, acme)
    assert [(row.name, row.account, row.value_network) for row in rows] == [
        ("Kim", "Acme Core", True), ("Lee", "Acme Core", False),
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"Kim \(kim@acme.example\) belongs to Acme already"):
        add_person(desk, "Acme", "Kim", "kim@acme.example")


def test_who_left_is_listed_last_and_drivers_first(desk: Desk, acme: int):
    for name, fields in (
        ("Zoe", {"value_network": True, "network_role": "driver"}), ("Ann", {}), ("Bob", {"value_network": True}),
    ):  # fmt: skip
        builders.person(desk, acme, name, **fields)
    gone = add_person(desk, acme, "Abe", network_role="driver").id
    edit_person(desk, gone, {"left_on": "yesterday"})
    assert [(row.name, row.has_left) for row in people_of(desk, acme)] == [
        ("Zoe", False), ("Bob", False), ("Ann", False), ("Abe", True),
    ]  # fmt: skip


def test_the_network_toggle_keeps_or_takes_the_role(desk: Desk, acme: int):
    kim = builders.person(desk, acme, "Kim")
    done = set_network(desk, kim, acme, on=True, role="driver")
    assert done.said == "Kim is in the value network of Acme as driver"
    assert people_of(desk, acme)[0].network_role == "driver"
    assert set_network(desk, kim, acme, on=True).act is None
    set_network(desk, kim, acme, on=False)
    row = people_of(desk, acme)[0]
    assert (row.value_network, row.network_role) == (False, None)
    with pytest.raises(Refused, match="Did you mean driver"):
        set_network(desk, kim, acme, on=True, role="drver")
    with pytest.raises(NotFound, match="does not belong"):
        set_network(desk, kim, builders.account(desk, "Other"), on=True)


def test_an_edit_changes_the_person_and_her_title_in_one_act(desk: Desk, acme: int):
    kim = builders.person(desk, acme, "Kim")
    edited = edit_person(desk, kim, {"phone": "+1 2", "title": "CTO\n"}, account_id=acme)
    assert (edited.changed, edited.act is not None) == (("phone", "title"), True)
    row = people_of(desk, acme)[0]
    assert (row.phone, row.title) == ("+1 2", "CTO")
    with pytest.raises(Conflict, match=r"phone is \+1 2 by now"):
        edit_person(desk, kim, {"phone": "3"}, {"phone": None})
    with pytest.raises(Refused, match="is not an e-mail address"):
        edit_person(desk, kim, {"email": "kim at acme"})
    builders.person(desk, acme, "Lee", email="lee@acme.example")
    with pytest.raises(Refused, match=r"lee@acme\.example is Lee's"):
        edit_person(desk, kim, {"email": "Lee@Acme.example"})


def test_an_edit_of_the_network_is_the_same_act(desk: Desk, acme: int):
    kim = builders.person(desk, acme, "Kim")
    edited = edit_person(desk, kim, {"phone": "+1 2", "network_role": "driver"}, account_id=acme)
    assert edited.changed == ("phone", "network role", "value network")
    row = people_of(desk, acme)[0]
    assert (row.value_network, row.network_role) == (True, "driver")
    edit_person(desk, kim, {"value_network": False}, {"value_network": True}, acme)
    row = people_of(desk, acme)[0]
    assert (row.value_network, row.network_role) == (False, None)
    with pytest.raises(Refused, match="say at which"):
        edit_person(desk, kim, {"value_network": True})


def test_a_person_is_found_by_id_email_external_id_or_name(desk: Desk, acme: int):
    kim = builders.person(desk, acme, "Kim Park", email="kim@acme.example")
    builders.make(desk, "external_id", {"system": "crm", "thing": "person", "key": "003X", "thing_id": kim})
    assert {find_person(desk, ref) for ref in (kim, "KIM@acme.example", "003X", "Kim Park")} == {kim}
    assert find_person(desk, "kim park", acme) == kim
    with pytest.raises(NotFound, match="Did you mean Kim Park"):
        find_person(desk, "Kim Prk", acme)
    builders.person(desk, acme, "Kim Park", email="k2@acme.example")
    with pytest.raises(Ambiguous, match=r"k2@acme\.example"):
        find_person(desk, "Kim Park")


def test_the_pane_takes_three_statements_that_walk_indexes(desk: Desk, acme: int):
    for name in ("Kim", "Lee", "Mia"):
        builders.person(desk, acme, name)
    log_activity(desk, acme, "call", "All", attendees=["Kim", "Lee", "Mia"])
    with statements.recorded() as sent:
        people_of(desk, acme)
    assert len(sent) == 3
    assert {sql: found for sql, params in sent if (found := statements.scans(desk.store, (sql, params)))} == {}
