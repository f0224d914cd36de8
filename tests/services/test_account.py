"""Accounts: the list, header and Summary pane, making and changing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.account import (
    account_header,
    account_summary,
    accounts_page,
    band,
    count_accounts,
    edit_account,
    find_account,
    new_account,
)
from cockpit.services.errors import Ambiguous, Conflict, Forbidden, NotFound, Refused
from cockpit.services.people import add_person
from cockpit.services.timeline import log_activity
from tests import builders, statements

TODAY = date(2026, 11, 23)


def names(desk: Desk, where: str = "", sort: str = "name") -> list[str]:
    return [row.name for row in accounts_page(desk, where, sort).rows]


@pytest.fixture
def three(desk: Desk) -> list[int]:
    soon, later = TODAY + timedelta(days=9), TODAY + timedelta(days=99)
    return [
        builders.account(desk, "Acme", arr=300, health=80, renewal_date=later),
        builders.account(desk, "Boreal", arr=None, health=None, renewal_date=None),
        builders.account(desk, "Cobalt", arr=900, health=40, renewal_date=soon, owner="ben"),
    ]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("name", "Acme Boreal Cobalt"), ("arr", "Cobalt Acme Boreal"), ("renewal", "Cobalt Acme Boreal"), ("health", "Cobalt Acme Boreal")],
)
def test_unknown_values_come_last_in_every_order(desk: Desk, three: list[int], sort: str, expected: str):
    assert names(desk, sort=sort) == expected.split()


def test_pages_continue_forwards_and_backwards(desk: Desk, three: list[int]):
    first = accounts_page(desk, sort="arr", limit=2)
    rest = accounts_page(desk, sort="arr", after=first.last, limit=2)
    assert ([r.name for r in first.rows], first.more) == (["Cobalt", "Acme"], True)
    assert ([r.name for r in rest.rows], rest.more) == (["Boreal"], False)
    assert accounts_page(desk, sort="arr", before=rest.first, limit=2).rows == first.rows
    assert [r.name for r in accounts_page(desk, sort="arr", at_end=True, limit=1).rows] == ["Boreal"]


def test_a_list_answers_queries_and_counts_to_a_cap(desk: Desk, three: list[int]):
    assert names(desk, "health:<60") == ["Cobalt"]
    assert names(desk, "owner:ben OR boreal") == ["Boreal", "Cobalt"]
    assert (count_accounts(desk).n, count_accounts(desk, "acme").n) == (3, 1)
    assert (count_accounts(desk, cap=2).n, count_accounts(desk, cap=2).capped) == (2, True)
    with pytest.raises(Refused, match=r"cannot be sorted by 'helth'\. Did you mean health"):
        accounts_page(desk, sort="helth")


def test_a_row_has_its_band_and_open_ctas(desk: Desk, three: list[int]):
    builders.cta(desk, three[0])
    row = accounts_page(desk).rows[0]
    assert (row.band, row.open_ctas, row.pool, row.owner) == ("green", 1, "West", None)
    assert [band(score) for score in (None, 0, 49, 50, 74, 75, 100)] == [None, "red", "red", "amber", "amber", "green", "green"]


def test_an_account_is_found_by_id_external_id_or_name(desk: Desk, three: list[int]):
    builders.make(desk, "external_id", {"system": "crm", "thing": "account", "key": "0015X", "thing_id": three[1]})
    assert [find_account(desk, ref) for ref in (three[0], str(three[0]), "0015X", "Cobalt")] == [*three[:1], *three]
    with pytest.raises(NotFound, match="Did you mean Boreal"):
        find_account(desk, "Borea")
    twin = builders.account(desk, "Acme")
    with pytest.raises(Ambiguous, match=f"id {twin}"):
        find_account(desk, "Acme")


def test_the_header_names_the_family(desk: Desk, three: list[int]):
    child = new_account(desk, "Acme Core", parent="Acme").id
    above, below = account_header(desk, three[0]), account_header(desk, child)
    assert [(c.id, c.name) for c in above.children] == [(child, "Acme Core")]
    assert below.parent is not None
    assert (below.parent.name, below.pool, above.renews_in, above.band) == ("Acme", "West", 99, "green")


def test_the_summary_adds_up_facts_and_says_how_fresh_they_are(desk: Desk, three: list[int]):
    acme = three[0]
    child = new_account(desk, "Acme Core", parent="Acme").id
    for account_id, mrr, ends in ((acme, 100_00, None), (child, 50_00, TODAY), (acme, 7_00, TODAY - timedelta(days=1))):
        builders.make(
            desk, "subscription", {"account_id": account_id, "mrr": mrr, "starts": date(2025, 1, 1), "ends": ends}
        )
    builders.make(desk, "subscription", {"account_id": acme, "mrr": 900, "starts": TODAY + timedelta(days=1)})
    due = TODAY + timedelta(days=50)
    builders.make(desk, "opportunity", {"account_id": acme, "type": "renewal", "due_date": due, "due_amount": 1_200_00})
    builders.make(desk, "ticket", {"account_id": acme, "subject": "Broken", "priority": "P1"})
    builders.make(desk, "survey", {"account_id": acme, "kind": "NPS", "score": 9, "answered": TODAY})
    builders.make(desk, "usage", {"account_id": acme, "metric": "seats", "day": TODAY, "value": 12_500})
    builders.cta(desk, acme)
    builders.cta(desk, acme, owner="ben")
    add_person(desk, acme, "Kim", "kim@acme.example", value_network=True)
    log_activity(desk, acme, "call", "Hello", attendees=["kim@acme.example"])
    seen = account_summary(desk, acme)
    assert (seen.mrr, seen.open_ctas, seen.unassigned_ctas) == ((("USD", 150_00),), 2, 1)
    assert (seen.tickets_open, seen.tickets_high) == (1, 1)
    assert seen.next_renewal
    assert seen.nps
    assert seen.usage
    assert seen.last_touch
    assert (seen.next_renewal.due_date, seen.next_renewal.due_amount, seen.nps.score) == (due, 1_200_00, 9)
    assert (seen.usage.metric, len(seen.usage.weeks), seen.usage.weeks[-1]) == ("seats", 12, 12.5)
    assert (seen.last_touch.subject, seen.network.size, seen.network.met) == ("Hello", 1, 1)
    assert seen.freshness.surveys == seen.freshness.activities == desk.now()
    assert (seen.freshness.events, seen.csat) == (None, None)
    same = "tickets_open:1 mrr:100 nps:9 network_size:1 network_coverage:100% last_touch:<1d"
    assert names(desk, f"{same} id:{acme}") == ["Acme"]


def test_header_and_summary_take_a_fixed_number_of_statements_that_walk_indexes(desk: Desk, three: list[int]):
    new_account(desk, "Acme Core", parent="Acme")
    add_person(desk, three[0], "Kim", value_network=True)
    counts = []
    for account_id in three[:2]:
        with statements.recorded() as sent:
            account_header(desk, account_id)
            account_summary(desk, account_id)
        counts.append(len(sent))
        assert {sql: found for sql, params in sent if (found := statements.scans(desk.store, (sql, params)))} == {}
    assert counts[0] == counts[1] <= 20


def test_a_new_account_reads_what_people_type_and_is_clean(desk: Desk):
    builders.segment(desk, "SMB")
    made = new_account(
        desk, " Dune\x1b[31m Logistics ", segment="smb", owner="ana", arr="€31k", renewal_date="2027-01-02", served_by="hybrid"
    )
    row = builders.row(desk.store, "account", made.id)
    assert (row["name"], row["arr"], row["currency"], str(row["renewal_date"])) == ("Dune Logistics", 3_100_000, "EUR", "2027-01-02")
    assert (made.said, made.act is not None) == ("Made account Dune Logistics", True)
    assert account_header(desk, made.id).owner == "ana"
    with pytest.raises(Refused, match="There is an account Dune Logistics already"):
        new_account(desk, "Dune Logistics")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"helth": 3}, "no field 'helth' to change. Did you mean health"),
        ({"health": 101}, "from 0 to 100, not '101'"),
        ({"arr": "lots"}, "is not an amount"),
        ({"arr": -1}, "not below 0"),
        ({"renewal_date": "someday"}, "is not a date"),
        ({"status": "custommer"}, "Did you mean customer"),
        ({"currency": "dollars"}, "three letters"),
        ({"time_zone": "Europe/Belin"}, "Did you mean Europe/Berlin"),
        ({"name": "\x07 "}, "must not be empty"),
        ({"segment": "SMB"}, "There is no segment called 'SMB'"),
        ({"parent": "Acme"}, "relationship of itself"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_a_sentence(desk: Desk, three: list[int], fields: dict[str, object], sentence: str):
    with pytest.raises(Refused, match=sentence):
        edit_account(desk, three[0], fields)


def test_relationships_are_one_level_deep(desk: Desk, three: list[int]):
    child = new_account(desk, "Acme Core", parent="Acme").id
    for id_, parent in ((three[1], "Acme Core"), (three[0], "Boreal")):
        with pytest.raises(Refused, match="one level deep"):
            edit_account(desk, id_, {"parent": parent})
    assert edit_account(desk, child, {"parent": None}).changed == ("parent",)


def test_an_edit_says_what_it_changed_and_rescores_the_accounts_ctas(desk: Desk, three: list[int]):
    cta = builders.cta(desk, three[0])
    before = builders.row(desk.store, "cta", cta)["rank"]
    edited = edit_account(desk, three[0], {"health": 30})
    assert edited.said == "Changed health 80 → 30 of Acme"
    assert builders.row(desk.store, "cta", cta)["rank"] < before
    again = edit_account(desk, three[0], {"health": 30})
    assert (again.act, again.changed, again.said) == (None, (), "Acme was so already")
    assert edit_account(desk, three[0], {"arr": 500, "region": "EMEA", "stage": "live"}).said == "Changed arr, region and stage of Acme"


def test_a_changed_score_remembers_the_one_of_four_weeks_ago(desk_of: Callable[..., Desk], three: list[int]):
    later = desk_of("ana", builders.utc("2026-12-23T09:00"))
    edit_account(later, three[0], {"health": 60})
    header = account_header(later, three[0])
    assert (header.change, header.trend) == (-20, "down")


def test_a_save_over_somebody_elses_names_both_values(desk: Desk, desk_of: Callable[..., Desk], three: list[int]):
    edit_account(desk_of("ben"), three[0], {"health": 60})
    with pytest.raises(Conflict, match=r"health is 60 by now \(Ben Okafor, at 09:00\); you saw 80 and want 70"):
        edit_account(desk, three[0], {"health": 70, "region": "EMEA"}, {"health": 80, "region": None})
    assert builders.row(desk.store, "account", three[0])["region"] is None
    assert edit_account(desk, three[0], {"health": 60, "region": "EMEA"}, {"health": 80}).changed == ("region",)


def test_readers_change_nothing(desk_of: Callable[..., Desk], three: list[int]):
    with pytest.raises(Forbidden):
        edit_account(desk_of("ria"), three[0], {"health": 70})
    with pytest.raises(NotFound, match="There is no account 99"):
        edit_account(desk_of("ana"), 99, {"health": 70})
