"""Size, coverage, last met, state and single thread over a book of 2,000 accounts, as plain Python counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.desk import SYSTEM, Desk
from cockpit.domain import network as rules
from cockpit.services.account import accounts_page
from cockpit.services.network import show_network
from cockpit.services.portfolio import hanging, portfolio
from db.query import network_sql
from db.reads.network import members, network_facts
from db.store import Store
from tests import statements
from tests.services.network_book import NOW, TODAY, Book, Expected, count, draw, write

ACCOUNTS = 2_000


@pytest.fixture(scope="module")
def book() -> Book:
    return draw(ACCOUNTS)


@pytest.fixture(scope="module")
def expected(book: Book) -> dict[int, Expected]:
    return count(book)


@pytest.fixture
def reader(empty_url: str, book: Book) -> Desk:
    store = Store.open(empty_url)
    write(store, book)
    return Desk(store, replace(SYSTEM, id=1), lambda: NOW, read_only=True)


def test_the_book_is_as_plain_python_counts_it(reader: Desk, book: Book, expected: dict[int, Expected]):
    ids = list(expected)
    with reader.store.read() as db:
        facts = network_facts(db, ids, TODAY)
        last = {(one.account_id, one.person_id): one.last for one in members(db, ids[:1500], TODAY)}
    assert facts == {id_: (one.size, one.minimum, one.met) for id_, one in expected.items()}
    assert {key: None if at is None else at.date() for key, at in last.items()} == {
        (id_, person): on for id_, one in expected.items() if id_ <= 1500 for person, on in one.last.items()
    }
    assert min(sum(one.state == state for one in expected.values()) for state in ("none", "small", "low", "ok")) > 100

    def those(where: str) -> set[int]:
        return {row.id for row in accounts_page(reader, where, limit=ACCOUNTS + 1).rows}

    for state in ("none", "small", "low", "ok"):
        assert those(f"network:{state}") == {id_ for id_, one in expected.items() if one.state == state}, state
    assert those("network_coverage:<50%") == {id_ for id_, one in expected.items() if one.size and one.met / one.size < 0.5}
    assert those("network_size:<network_min") == {
        id_ for id_, one in expected.items() if one.minimum is not None and one.size < one.minimum
    }
    single = {id_ for id_, one in expected.items() if one.meetings >= 3 and one.alone / one.meetings >= 0.6}
    assert len(single) > 20
    assert those("single_thread:>=60%") == single
    top = {row["id"] for row in book.rows["account"] if row["parent_id"] is None and row["status"] == "customer"}
    assert {one.id for one in hanging(reader)} == single & top
    total = portfolio(reader, "segment").total
    for state in ("none", "small", "low", "ok"):
        assert total.of(state).accounts == sum(expected[id_].state == state for id_ in top)
    for id_ in ids[::97]:
        shown, one = show_network(reader, id_), expected[id_]
        assert (shown.network.size, shown.network.met, shown.network.state) == (one.size, one.met, one.state)
        assert {row.id for row in shown.members} == set(one.last)
        assert shown.network.last_met == max((on for on in one.last.values() if on), default=None)


@pytest.mark.sqlite_only
def test_what_is_read_of_many_takes_as_many_statements_as_of_one(reader: Desk):
    def sent(ids: list[int]) -> int:
        with statements.recorded() as found, reader.store.read() as db:
            network_facts(db, ids, TODAY)
        return len(found)

    assert sent([1]) == sent(list(range(1, 501))) == 2


def test_rules_and_queries_mean_the_same():
    assert rules.THREAD_MIN == network_sql.THREAD_MIN
