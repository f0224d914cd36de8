"""Scores of a book of 2,000 accounts are those of a calculation written apart from the program, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.desk import SYSTEM, Desk
from cockpit.services.health_run import run
from cockpit.services.scorecard import in_force
from cockpit.services.scored import judge
from db.reads import health_facts as facts
from db.store import Store
from db.terms import Face
from tests.services.health_book import NOW, Book, ByHand
from tests.statements import recorded

ACCOUNTS = 2_000


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(ACCOUNTS)


@pytest.fixture
def filled(empty_url: str, book: Book) -> Iterator[Store]:
    store = Store.open(empty_url)
    book.store(store)
    yield store
    store.close()


def test_scores_are_those_of_an_independent_calculation(filled: Store, book: Book):
    desk, by_hand = Desk(filled, SYSTEM, lambda: NOW, Face.SYSTEM, clock_is_set=True), ByHand(book)
    wrong, known = {}, 0
    with filled.read() as db:
        card = in_force(db)
        assert card is not None
        using = judge(desk, db, card.card)
        found = {id_: one for ids in facts.in_turn(facts.batches(db, size=ACCOUNTS)) for id_, one in using.score(ids).items()}
    assert len(found) == ACCOUNTS
    for account in book.rows["account"]:
        scored, points = found[account["id"]], by_hand.points(account)
        for one in scored.lines:
            right = points[one.measure.name]
            same = one.points == right if right is None or one.points is None else one.points == pytest.approx(right, abs=1e-6)
            if not same:
                wrong[account["id"], one.measure.name] = (one.points, right, one.figure)
        if scored.total != by_hand.total(points):
            wrong[account["id"], "total"] = (scored.total, by_hand.total(points), scored.missing)
        known += scored.total is not None
    assert wrong == {}
    assert ACCOUNTS // 8 < known < ACCOUNTS, "both kinds of accounts are there"


def test_a_run_writes_them_and_batches_cost_the_same_whatever_their_size(filled: Store, book: Book):
    desk, by_hand = Desk(filled, SYSTEM, lambda: NOW, Face.SYSTEM, clock_is_set=True), ByHand(book)
    done = run(desk)
    assert done.scored == ACCOUNTS
    with filled.read() as db:
        stored = dict(db.all("SELECT id, health FROM account"))
        card = in_force(db)
        assert card is not None
        using = judge(desk, db, card.card)
        sizes = []
        for size in (10, 200):
            with recorded() as statements:
                using.score(list(range(1, size + 1)))
            sizes.append(len(statements))
    assert sizes[0] == sizes[1] <= 20
    for account in book.rows["account"]:
        total = by_hand.total(by_hand.points(account))
        assert stored[account["id"]] == (account["health"] if total is None else total)
    assert run(desk).changed == 0
