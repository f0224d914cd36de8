"""Accounts and people that are one: everything follows, undo and unmerge bring every row back, later changes stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services import account as accounts
from cockpit.services import people, scoring
from cockpit.services.act import Work, act
from cockpit.services.erase import erase
from cockpit.services.errors import NotFound, Refused
from cockpit.services.exchange.apply import import_files
from cockpit.services.history import history, redo, undo
from cockpit.services.merge import merge_accounts, merge_people, twins, unmerge
from cockpit.services.timeline import log_activity
from db.models import metadata
from db.reads.merge import KEYS, NUMBERED
from tests import builders
from tests.conftest import NOW

TODAY = NOW.date()
RUN = count()


def whole(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the journal and what is derived of it."""
    return builders.snapshot(desk.store, but=("act", "change", "dated"))


@act("test_build")
def company(w: Work, random: Random, run: int) -> tuple[list[int], list[int]]:
    """Three accounts (one with a relationship) and five people, with rows in everything that refers to them."""
    w.say("Built a company")

    def make(table: str, **values: Any) -> int:
        return w.insert(table, values)

    ids = [make("account", name=f"Twin {n}", arr=None if n == 1 else 100_00 * n, currency="USD", region="EMEA" if n == 1 else None)
           for n in range(3)]  # fmt: skip
    ids.append(make("account", name="Under", parent_id=ids[2]))
    there = [make("person", name=f"P{n}", email=f"p{n}@{run}.example" if n else None, phone=str(n)) for n in range(5)]
    for person in there:
        for account in random.sample(ids, random.randint(1, 3)):
            is_in, role, left = bool(random.randint(0, 1)), random.choice([None, "driver"]), random.choice([None, TODAY])
            make("membership", person_id=person, account_id=account, value_network=is_in, network_role=role, left_on=left)
    kind = {name: w.db.scalar(f"SELECT id FROM {name} ORDER BY id LIMIT 1") for name in ("activity_type", "cta_type", "reason")}
    for n in range(10):
        account, person = random.choice(ids), random.choice(there)
        activity = make("activity", account_id=account, type_id=kind["activity_type"], subject=f"Call {n}", at=NOW - timedelta(days=n))
        for one in random.sample(there, random.randint(1, 3)):
            make("attendee", activity_id=activity, person_id=one, attended=bool(random.randint(0, 1)))
        make("ticket", account_id=account, person_id=person, subject="Slow", opened=NOW)
        make("survey", account_id=account, person_id=person, kind="nps", score=n, answered=TODAY)
        make("usage", account_id=account, metric="logins", day=TODAY - timedelta(days=n), value=n)
        make("event", account_id=account, person_id=person, type="outage", day=TODAY)
    w.update("ticket", w.db.scalar("SELECT max(id) FROM ticket"), {"status": "solved"})  # leaves an older version behind
    for n, account in enumerate(ids):
        make("external_id", system=f"file{run}", thing="account", key=f"A{n}", thing_id=account)
        make("goal", account_id=account, title="Grow")
        cta = make("cta", account_id=account, type_id=kind["cta_type"], reason_id=kind["reason"], title="Do", opened_at=NOW)
        scoring.rescore(w, [cta])
        for person in random.sample(there, 2):
            make("cta_person", cta_id=cta, person_id=person)
    for n, person in enumerate(there):
        make("external_id", system=f"file{run}", thing="person", key=f"P{n}", thing_id=person)
    make("intervention", account_id=ids[0], claimed_at=NOW)
    return ids, there


def referring(desk: Desk, thing: str, id_: int) -> dict[str, int]:
    """How many rows of each table refer to it, by what the models say."""
    found: dict[str, int] = {}
    with desk.store.read() as db:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if any(key.column.table.name == thing for key in column.foreign_keys):
                    n = db.scalar(f"SELECT count(*) FROM {table.name} WHERE {column.name} = :id", id=id_)
                    found[table.name] = found.get(table.name, 0) + n
        found["external_id"] = db.scalar("SELECT count(*) FROM external_id WHERE thing = :thing AND thing_id = :id", thing=thing, id=id_)
    return {name: n for name, n in found.items() if n}


@given(seed=st.integers(0, 10_000), steps=st.lists(st.sampled_from(["account", "person"]), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_everything_follows_and_comes_back_row_for_row(desk_of: Callable[..., Desk], seed: int, steps: list[str]):
    oz, random = desk_of("oz"), Random(seed)
    builders.reason(oz)
    found = dict(zip(("account", "person"), company(oz, random, next(RUN)), strict=True))
    states, made = [whole(oz)], []
    for thing in steps:
        if len(found[thing]) < 2:
            continue
        kept, gone = random.sample(found[thing], 2)
        expected = sum(referring(oz, thing, gone).values())
        try:
            done = (merge_accounts if thing == "account" else merge_people)(oz, kept, gone)
        except Refused:
            continue
        found[thing].remove(gone)
        assert referring(oz, thing, gone) == {}
        assert done.moved == expected
        made.append((thing, kept, gone, done.act))
        states.append(whole(oz))
    for thing, kept, gone, done_by in reversed(made):
        states.pop()
        back = undo(oz, done_by) if random.randint(0, 1) else unmerge(oz, thing, kept, gone)
        assert back.conflicts == ()
        assert whole(oz) == states[-1]


def test_each_table_that_may_hold_both_is_known():
    """A unique key over the account or the person: two rows that say one thing have to be folded."""
    unique = {
        (table.name, column): next(iter(names - {column}))
        for table in metadata.sorted_tables
        for key in table.constraints
        if (names := {one.name for one in getattr(key, "columns", ())}) and type(key).__name__ == "UniqueConstraint"
        for column in names & {"account_id", "person_id"}
        if table.columns[column].foreign_keys and len(names) == 2
    }
    assert unique.items() <= KEYS.items()
    assert set(NUMBERED) == {("brief", "account_id")}


@pytest.fixture
def oz(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("oz")


def test_the_kept_account_takes_over_what_it_lacks_and_answers_to_both_names(oz: Desk, tmp_path: Path):
    kept = builders.account(oz, "Acme Robotics", arr=None, region=None)
    gone = builders.account(oz, "ACME Robotics Inc.", arr=48_000_00, region="EMEA")
    builders.make(oz, "external_id", {"system": "file", "thing": "account", "key": "A-9", "thing_id": gone})
    done = merge_accounts(oz, kept, gone)
    assert done.filled == ("arr", "region")
    assert done.said == "Merged ACME Robotics Inc. into Acme Robotics: 1 row followed, arr and region taken over"
    assert [accounts.find_account(oz, ref) for ref in ("A-9", "acme robotics inc.", str(gone))] == [kept] * 3
    path = tmp_path / "accounts.csv"
    path.write_text("Account ID,Account Name,ARR,Currency\nA-9,Acme Robotics,52000,USD\n", encoding="utf-8")
    report = import_files(oz, [path])
    assert (report[0].created, report[0].updated) == (0, 1)
    assert accounts.account_summary(oz, kept).account.arr == 52_000_00
    told = history(oz, "account", kept)
    assert {row.of for row in told} == {None, "ACME Robotics Inc."}
    back = unmerge(oz, "account", kept)
    assert [one.field for one in back.conflicts] == ["arr"]  # changed since, and kept
    assert accounts.find_account(oz, "A-9") == gone
    assert {row.of for row in history(oz, "account", kept)} == {None}


def test_what_came_since_stays_and_an_unmerge_is_one_undo(oz: Desk):
    kept, gone = builders.account(oz, "A"), builders.account(oz, "B")
    builders.make(oz, "goal", {"account_id": gone, "title": "Theirs"})
    merge_accounts(oz, kept, gone)
    log_activity(oz, kept, "call", "Since")
    merged = whole(oz)
    assert unmerge(oz, "account", kept).said == "Took B and A apart again"
    assert referring(oz, "account", gone) == {"goal": 1}
    assert referring(oz, "account", kept) == {"activity": 1}
    apart = whole(oz)
    undo(oz)
    assert whole(oz) == merged
    redo(oz)
    assert whole(oz) == apart
    with pytest.raises(NotFound, match="Nothing was merged"):
        unmerge(oz, "account", kept)


def test_what_cannot_be_one_is_refused(oz: Desk):
    top = builders.account(oz, "Top")
    below, other = builders.account(oz, "Below", parent_id=top), builders.account(oz, "Other")
    with pytest.raises(Refused, match="one already"):
        merge_accounts(oz, top, top)
    for pair in ((top, below), (below, top)):
        with pytest.raises(Refused, match="Below is a relationship of Top"):
            merge_accounts(oz, *pair)
    with pytest.raises(Refused, match="the other way round"):
        merge_accounts(oz, builders.account(oz, "Child", parent_id=other), top)
    for account in (top, other):
        builders.make(oz, "intervention", {"account_id": account, "claimed_at": NOW})
    with pytest.raises(Refused, match="both in an intervention"):
        merge_accounts(oz, top, other)
    with pytest.raises(NotFound):
        merge_people(oz, 1, 999)


def test_two_records_of_a_person_become_one_who_was_met_when_either_was(oz: Desk):
    acme = builders.account(oz, "Acme")
    kim = builders.person(oz, acme, "Kim Lee", value_network=True)
    twin = builders.person(oz, acme, "Lee, Kim", email="kim@old.example", network_role="driver", title="CFO")
    log_activity(oz, acme, "meeting", "Both", attendees=["kim.lee@example.com", "kim@old.example"], at=TODAY - timedelta(days=3))
    assert [(one.first, one.second) for one in twins(oz, "person")] == [(kim, twin)]
    merge_people(oz, kim, twin)
    row = people.people_of(oz, acme)[0]
    assert (row.title, row.network_role, row.value_network) == ("CFO", "driver", True)
    assert row.last_met is not None
    assert row.last_met.days_ago == 3
    assert people.find_person(oz, "kim@old.example") == kim == people.find_person(oz, "Lee, Kim")
    assert not people.add_person(oz, builders.account(oz, "Other"), "Kim", "kim@old.example").is_new
    assert twins(oz, "person") == ()


def test_accounts_that_may_be_one_are_suggested_never_merged(oz: Desk):
    acme, same, typo = (builders.account(oz, name) for name in ("Acme Robotics", "ACME Robotics, Inc.", "Acme Robotcs"))
    site = builders.account(oz, "Quite other", domain="www.acme.example")
    shop = builders.account(oz, "Shop", domain="acme.example")
    builders.account(oz, "Acme Robotics", parent_id=acme)
    builders.account(oz, "Boreal Foods")
    found = {(one.first, one.second): one.why for one in twins(oz, "account")}
    assert found[acme, same] == "the same name"
    assert found[acme, typo] == "alike names"
    assert found[site, shop] == "same domain"
    assert all(acme != one.first or one.second_name != "Acme Robotics" for one in twins(oz, "account"))


def test_an_erased_person_is_erased_under_the_name_she_had_before_too(desk_of: Callable[..., Desk], oz: Desk):
    acme = builders.account(oz, "Acme")
    kim, twin = builders.person(oz, acme, "Kim Lee"), builders.person(oz, acme, "Kimberly Leeson", email="kimberly@old.example")
    merge_people(oz, kim, twin)
    erase(desk_of("mo"), kim)
    with oz.store.read() as db:
        text = "".join(str(row) for row in db.all("SELECT fields FROM change WHERE fields IS NOT NULL"))
        text += "".join(str(row) for table in ("person", "merge", "act", "external_id") for row in db.all(f"SELECT * FROM {table}"))
    assert not [word for word in ("Kimberly", "kimberly@old", "Kim Lee") if word in text]

