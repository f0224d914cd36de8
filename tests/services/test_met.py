"""Who was met when is what attendance says, whatever was done to it, and costs a step per member to read."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.act import Work, act
from cockpit.services.as_of import as_known
from cockpit.services.backup import backup, restore
from cockpit.services.erase import erase
from cockpit.services.merge import merge_accounts, merge_people, unmerge
from cockpit.services.network import show_network
from cockpit.services.people import people_of
from cockpit.services.person import people_where, show_person
from cockpit.services.timeline import delete_activity, edit_activity, log_activity
from cockpit.services.undo import redo, undo
from db.connection import Db, as_moment
from db.store import Store
from tests import builders, statements
from tests.conftest import NOW

Sit = Callable[..., Desk]
Row = dict[str, Any]
Meeting = tuple[datetime, int]
"""Its moment and number: which of several is the last."""


@act("test_do")
def do(work: Work, what: Callable[[Work], object]) -> None:
    work.say("Did it")
    what(work)


def rows(db: Db, table: str) -> list[Row]:
    columns, found = db.table(f"SELECT * FROM {table}")
    return [dict(zip(columns, row, strict=True)) for row in found]


Pair = tuple[int, int, int, datetime, int]
"""Person, one of us (0: whoever), account, moment, entry."""


def pairs(db: Db) -> set[Pair]:
    """Who met whom, by loops over all there is."""
    types = {row["id"] for row in rows(db, "activity_type") if row["is_meeting"]}
    seats, found = rows(db, "attendee"), set()
    for one in rows(db, "activity"):
        at = as_moment(one["at"])
        assert at is not None
        if one["type_id"] in types and one["state"] == "done" and not one["internal"] and one["superseded"] is None:
            there = [seat for seat in seats if seat["activity_id"] == one["id"] and seat["attended"]]
            ours = {0, one["author_id"], *(seat["csm_id"] for seat in there)} - {None}
            people = {seat["person_id"] for seat in there} - {None}
            found |= {(person, csm, one["account_id"], at, one["id"]) for person in people for csm in ours}
    return found


def attended(desk: Desk, family: set[int] | None = None) -> dict[int, tuple[Meeting | None, Meeting | None]]:
    """Of each person the last meeting, and the last of mine, with these accounts (any if none is said)."""
    with desk.store.read() as db:
        known = [one for one in pairs(db) if one[3].date() <= desk.today() and (family is None or one[2] in family)]

    def latest(person: int, csm: int | None) -> Meeting | None:
        return max(((at, id_) for who, by, _, at, id_ in known if (who, by) == (person, csm)), default=None)

    return {person: (latest(person, 0), latest(person, desk.me.id)) for person in {one[0] for one in known}}


def check(desk: Desk, accounts: list[int]) -> None:
    """Everything that tells when somebody was met says what attendance does."""
    with desk.store.read() as db:
        parents = {row["id"]: row["parent_id"] for row in rows(db, "account")}
        kept = db.all("SELECT person_id, csm_id, account_id, at, activity_id FROM met")
        assert {(*row[:3], as_moment(row[3]), row[4]) for row in kept} == pairs(db)
    for account in accounts:
        expected = attended(desk, {id_ for id_, parent in parents.items() if account in (id_, parent)})
        told = {row.id: (row.last_met, row.last_met_by_me) for row in people_of(desk, account)}
        assert {
            id_: tuple(None if one is None else (one.at, one.activity_id) for one in both) for id_, both in told.items()
        } == {id_: expected.get(id_, (None, None)) for id_ in told}
        shown = show_network(desk, account)
        days = [expected[one.id][0][0].date() for one in shown.members if one.id in expected]  # type: ignore[index]
        met = sum((desk.today() - day).days <= 90 for day in days)
        assert (shown.network.last_met, shown.network.met) == (max(days, default=None), met)
    anywhere = {id_: last[0].date() for id_, (last, _) in attended(desk).items() if last}
    found = people_where(desk, "").rows
    assert {one.id: one.last_met for one in found if one.last_met} == {one.id: anywhere[one.id] for one in found if one.id in anywhere}
    assert {one.id for one in people_where(desk, "last_met:any").rows} == {one.id for one in found if one.id in anywhere}


def step(dice: random.Random, desk: Desk, accounts: list[int], people: list[int], ours: list[int], types: list[int]) -> None:
    """Something that changes who was met, or takes the last of it back."""
    with desk.store.read() as db:
        activities, seats = rows(db, "activity"), rows(db, "attendee")
    live = [row["id"] for row in activities if row["superseded"] is None]
    values: dict[str, list[Any]] = {
        "state": ["done", "done", "done", "planned", "cancelled"], "internal": [False, False, False, True], "account_id": accounts,
        "at": [NOW + timedelta(days=back) for back in (-200, -91, -90, -3, -3, 0, 1)], "type_id": types, "author_id": [None, *ours],
        "subject": ["Talk", "Said otherwise"], "attended": [True, True, False], "person_id": people, "activity_id": live,
    }  # fmt: skip

    def any_of(*fields: str) -> Row:
        return {field: dice.choice(values[field]) for field in fields}

    def entry(work: Work) -> None:
        id_ = work.insert("activity", any_of("account_id", "type_id", "author_id", "at", "subject"))
        work.insert_many("attendee", [
            {"activity_id": id_, who: dice.choice(whom), "attended": dice.random() < 0.9}
            for who, whom in [("person_id", people)] * dice.randint(1, 4) + [("csm_id", ours)] * dice.randint(0, 2)
        ])  # fmt: skip

    def changed(work: Work) -> None:
        fields = ("state", "internal", "at", "account_id", "type_id", "author_id", "subject")
        work.update("activity", dice.choice(live), any_of(dice.choice(fields)))

    def seated(work: Work) -> None:
        work.update("attendee", dice.choice(seats)["id"], any_of(dice.choice(("attended", "person_id", "activity_id"))))

    def retyped(work: Work) -> None:
        was = work.db.scalar("SELECT is_meeting FROM activity_type WHERE id = :id", id=types[0])
        work.update("activity_type", types[0], {"is_meeting": not was})

    kinds = [entry, entry, changed, changed, changed, seated, seated, retyped] if len(live) > 8 else [entry]
    choice = dice.random()
    if live and choice < 0.2:
        undo(desk)
        if choice < 0.1:
            redo(desk)
    elif seats and choice < 0.35:
        do(desk, lambda work: work.delete("attendee", dice.choice(seats)["id"]))
    else:
        do(desk, dice.choice(kinds))


def test_whatever_is_done_met_is_who_attended(desk_of: Sit):
    dice, oz, ana = random.Random(23), desk_of("oz"), desk_of("ana")
    acme, other = builders.account(oz, "Acme"), builders.account(oz, "Other")
    accounts = [acme, builders.account(oz, "Labs", parent_id=acme), builders.account(oz, "Sales", parent_id=acme), other]
    people = [builders.person(oz, dice.choice(accounts), f"P{n}", value_network=n % 2 == 0) for n in range(6)]
    people.append(builders.person(oz, acme, "Guest", value_network=True))
    builders.make(oz, "membership", {"person_id": people[-1], "account_id": other, "value_network": True})
    ours = [builders.the(oz, "csm", login, "login") for login in ("ana", "ben")]
    types = [builders.the(oz, "activity_type", name) for name in ("call", "meeting", "meeting", "email")]
    for _ in range(15):
        for _ in range(10):
            step(dice, oz, accounts, people, ours, types)
        check(ana, accounts)


@pytest.fixture
def acme(desk: Desk) -> int:
    return builders.account(desk, "Acme")


def last(desk: Desk, account: int, person: int) -> tuple[str | None, str | None]:
    """What the last meeting was about, and the last of mine."""
    row = next(row for row in people_of(desk, account) if row.id == person)
    return row.last_met and row.last_met.subject, row.last_met_by_me and row.last_met_by_me.subject


def test_a_guest_of_two_accounts_is_met_by_each_for_itself(desk: Desk, acme: int):
    """Her relationships count for the account, not the other way round, and each person is told of by herself whole."""
    labs, other = builders.account(desk, "Labs", parent_id=acme), builders.account(desk, "Other")
    kim = builders.person(desk, acme, "Kim", value_network=True)
    for account in (labs, other):
        builders.make(desk, "membership", {"person_id": kim, "account_id": account, "value_network": True})
    log_activity(desk, other, "call", "Elsewhere", attendees=[kim], at=NOW - timedelta(hours=1))
    assert (last(desk, acme, kim), show_network(desk, acme).network.met) == ((None, None), 0)
    log_activity(desk, labs, "call", "At the relationship", attendees=[kim], at=NOW - timedelta(days=2))
    log_activity(desk, acme, "call", "At the account", attendees=[kim], at=NOW - timedelta(days=3))
    assert [last(desk, account, kim)[0] for account in (acme, labs, other)] == [
        "At the relationship", "At the relationship", "Elsewhere",
    ]  # fmt: skip
    shown = show_person(desk, kim).last_met
    assert shown is not None
    assert shown.subject == "Elsewhere"


def test_of_meetings_at_one_moment_the_later_logged_is_the_last_and_mine_are_told_apart(desk: Desk, desk_of: Sit, acme: int):
    kim, at = builders.person(desk, acme, "Kim"), NOW - timedelta(days=1)
    ben, chi = desk_of("ben"), desk_of("chi")
    log_activity(ben, acme, "call", "First", attendees=[kim, "ben"], at=at)
    second = log_activity(ben, acme, "call", "Second", attendees=[kim, "ana"], at=at).id
    assert [last(one, acme, kim) for one in (desk, ben, chi)] == [("Second", "Second"), ("Second", "Second"), ("Second", None)]
    edit_activity(ben, second, {"attendees": [kim]})
    assert [last(one, acme, kim) for one in (desk, ben)] == [("Second", None), ("Second", "Second")]
    delete_activity(ben, second)
    assert [last(one, acme, kim) for one in (desk, ben)] == [("First", None), ("First", "First")]


def test_who_is_merged_keeps_being_met_and_who_is_erased_is_gone(desk_of: Sit):
    oz = desk_of("oz")
    acme, other = builders.account(oz, "Acme"), builders.account(oz, "Other")
    kim, twin = builders.person(oz, acme, "Kim"), builders.person(oz, other, "Kim L.")
    log_activity(oz, acme, "call", "Old", attendees=[kim], at=NOW - timedelta(days=9))
    log_activity(oz, other, "call", "New", attendees=[twin, "oz"], at=NOW - timedelta(days=2))
    before = builders.snapshot(oz.store)
    merge_people(oz, kim, twin)
    assert [last(oz, account, kim) for account in (acme, other)] == [("Old", "Old"), ("New", "New")]
    merge_accounts(oz, acme, other)
    assert last(oz, acme, kim) == ("New", "New")
    check(oz, [acme])
    unmerge(oz, "account", acme)
    unmerge(oz, "person", kim)
    after = builders.snapshot(oz.store)
    assert (after["met"], after["attendee"]) == (before["met"], before["attendee"])
    erase(oz, kim)
    check(oz, [acme, other])


def test_an_earlier_day_a_backup_and_a_store_put_back_know_who_was_met(desk: Desk, desk_of: Sit, acme: int, tmp_path: Path):
    kim = builders.person(desk, acme, "Kim", value_network=True)
    log_activity(desk, acme, "call", "Monday", attendees=[kim, "ana"])
    later = desk_of("oz", NOW + timedelta(days=2))
    missed = log_activity(later, acme, "call", "Wednesday", attendees=[kim]).id
    old = dataclasses.replace(desk, store=as_known(desk.store, NOW + timedelta(days=1)), read_only=True)
    assert last(old, acme, kim) == ("Monday", "Monday")
    check(old, [acme])
    old.store.close()
    made = backup(later, str(tmp_path / "copy.db"))
    delete_activity(later, missed)
    copy = Store.open(made.path)
    assert last(dataclasses.replace(later, store=copy), acme, kim) == ("Wednesday", "Wednesday")
    copy.close()
    restore(made.path, desk.store.url, "oz", lambda: NOW)
    back = dataclasses.replace(later, store=Store.open(desk.store.url))
    assert last(back, acme, kim) == ("Wednesday", "Wednesday")
    builders.person(back, acme, "Lee")
    log_activity(back, acme, "call", "After", attendees=["Lee", kim])
    check(back, [acme])
    back.store.close()


def test_who_was_met_is_sought_not_scanned_whatever_she_attended(desk: Desk, acme: int):
    kim = builders.person(desk, acme, "Kim", value_network=True)
    log_activity(desk, acme, "call", "All", attendees=[kim])
    with statements.recorded() as sent:
        show_network(desk, acme)
        show_person(desk, kim)
    reads = [one for one in sent if "FROM met" in one[0]]
    assert len(reads) == 3
    for sql, params in reads:
        assert statements.scans(desk.store, (sql, params)) == []
        with desk.store.read() as db:
            told = [str(row[-1]) for row in db.all(f"EXPLAIN {'QUERY PLAN' if db.dialect == 'sqlite' else ''} {sql}", **params)]
        # the person, by whom, and in a family the account and the moment too
        assert any(("person_id=? AND csm_id=?" in line) or ("person_id = " in line and "csm_id = " in line) for line in told), told


@pytest.mark.postgres_only
def test_two_who_add_to_one_meeting_at_once_have_both_met(desk: Desk, acme: int):
    """One adds the person, the other a colleague: neither transaction sees the other's row."""
    kim = builders.person(desk, acme, "Kim")
    entry = log_activity(desk, acme, "call", "Talk").id
    ben = builders.the(desk, "csm", "ben", "login")
    seat = (
        "INSERT INTO attendee (uid, rev, head, activity_id, person_id, csm_id, attended)"
        " VALUES (:uid, 0, :uid, :entry, :kim, :ben, TRUE)"
    )
    owner = builders._OWNERS.get(desk.store.url, desk.store)

    def other() -> None:
        with owner.write() as db:
            db.run(seat, uid=b"2" * 16, entry=entry, kim=None, ben=ben)

    thread = threading.Thread(target=other)
    with owner.write() as db:
        db.run(seat, uid=b"1" * 16, entry=entry, kim=kim, ben=None)
        thread.start()
        while thread.is_alive() and not db.scalar("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            db.run("SELECT pg_stat_clear_snapshot()")
    thread.join()
    with owner.read() as db:
        assert db.scalar("SELECT count(*) FROM met WHERE person_id = :kim AND csm_id = :ben", kim=kim, ben=ben) == 1
