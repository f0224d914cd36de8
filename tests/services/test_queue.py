"""The queue: what it shows, in which order, and taking from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import queue as queues
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.queue import QueueQuery, assign, claim, claim_next, queue_count, queue_page, release, why
from db.store import Store
from db.terms import Priority
from tests import builders
from tests.builders import desk_of, row
from tests.statements import recorded


def ids(desk: Desk, **query: str) -> list[int]:
    return [one.id for one in queue_page(desk, QueueQuery(**query)).rows]  # type: ignore[arg-type]


def test_the_queue_shows_what_nobody_has_best_first(desk: Desk) -> None:
    low, high = (builders.cta(desk, builders.account(desk), priority=p) for p in (Priority.LOW, Priority.HIGH))
    builders.cta(desk, builders.account(desk), owner="ben")
    assert ids(desk) == [high, low]


def test_the_score_is_the_sum_that_why_shows(desk: Desk) -> None:
    cta = builders.cta(desk, builders.account(desk, health=31, arr=6_000_000), due=desk.today(), priority=Priority.HIGH)
    shown = queue_page(desk, QueueQuery()).rows[0]
    explained = why(desk, cta)
    assert shown.score == explained.score == sum(line.points for line in explained.lines) / 1000
    assert explained.score > 0


def test_why_of_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"There is no CTA 4711\."):
        why(desk, 4711)


@pytest.mark.parametrize("sort", ["score", "due", "oldest", "newest", "account", "arr", "renewal", "health", "id"])
def test_pages_meet_without_gap_or_overlap_in_every_order(desk: Desk, sort: str) -> None:
    made = []
    for n in range(11):
        due = None if n % 3 == 0 else desk.today() + timedelta(days=n % 4)
        account = builders.account(desk, arr=None if n % 4 == 0 else n % 3 * 1000, health=None if n % 5 == 0 else n)
        made.append(builders.cta(desk, account, due=due))
    query = QueueQuery(sort=sort)
    whole = [one.id for one in queue_page(desk, query, limit=50).rows]
    assert sorted(whole) == sorted(made)
    forwards, page = [], queue_page(desk, query, limit=3)
    while True:
        forwards += [one.id for one in page.rows]
        if not page.more:
            break
        page = queue_page(desk, query, after=page.last, limit=3)
    assert forwards == whole
    backwards, page = [], queue_page(desk, query, at_end=True, limit=3)
    while True:
        backwards = [one.id for one in page.rows] + backwards
        if not page.more:
            break
        page = queue_page(desk, query, before=page.first, limit=3)
    assert backwards == whole


def test_rows_without_a_key_come_last(desk: Desk) -> None:
    undated = builders.cta(desk, builders.account(desk))
    dated = builders.cta(desk, builders.account(desk), due=desk.today())
    assert ids(desk, sort="due") == [dated, undated]


def test_an_unknown_order_is_refused_with_the_known_ones(desk: Desk) -> None:
    with pytest.raises(Refused, match="score, due"):
        queue_page(desk, QueueQuery(sort="colour"))


def test_one_pool_or_all(desk: Desk) -> None:
    west = builders.cta(desk, builders.account(desk))
    east = builders.cta(desk, builders.account(desk, pool="East"), pool="East")
    assert set(ids(desk)) == {west, east}
    assert ids(desk, pool="East") == [east]
    with pytest.raises(NotFound, match="Did you mean East"):
        ids(desk, pool="Eats")


def test_a_query_narrows_the_queue(desk: Desk) -> None:
    risk = builders.cta(desk, builders.account(desk, "Acme Robotics"))
    builders.cta(desk, builders.account(desk, "Boreal Foods"), type="lifecycle", because="Check-in")
    assert ids(desk, where="type:risk") == [risk]
    assert ids(desk, where="acme") == [risk]


def test_my_work_has_mine_and_those_with_a_task_of_mine(desk: Desk) -> None:
    mine = builders.cta(desk, builders.account(desk), owner="ana")
    bens = builders.cta(desk, builders.account(desk), owner="ben")
    builders.cta(desk, builders.account(desk), owner="ben")
    builders.make(desk, "task", {"cta_id": bens, "title": "Help", "owner_id": desk.me.id})
    assert set(ids(desk, scope="work")) == {mine, bens}


def test_counting_stops_at_the_cap(desk: Desk) -> None:
    builders.ctas(desk, 4)
    assert queue_count(desk, QueueQuery()) == queues.Count(4, False)
    assert queue_count(desk, QueueQuery(), cap=3) == queues.Count(3, True)


def test_a_claim_makes_it_mine_in_one_act(desk: Desk, store: Store) -> None:
    one, two = builders.ctas(desk, 2)
    done = claim(desk, [one, two])
    assert [(item.owner, item.refused) for item in done.items] == [("ana", None), ("ana", None)]
    assert done.act is not None
    assert row(store, "cta", one)["owner_id"] == desk.me.id
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM change WHERE act_id = :act AND thing = 'cta'", act=done.act) == 2


def test_the_loser_is_told_who_won_and_when(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    claim(desk, [cta])
    lost = claim(desk_of(store, "ben", desk.now() + timedelta(minutes=3)), [cta])
    assert lost.act is None
    assert lost.items[0].refused == "taken"
    assert lost.items[0].message == f"Ana Ruiz took CTA {cta} at 09:00."
    assert claim(desk, [cta]).items[0].refused == "yours"


def test_a_claim_takes_what_it_can(desk: Desk, store: Store) -> None:
    one, two = builders.ctas(desk, 2)
    claim(desk_of(store, "ben", desk.now()), [one])
    done = claim(desk, [one, two, 4711])
    assert [item.refused for item in done.items] == ["taken", None, "unknown"]


@pytest.mark.sqlite_only
def test_who_lost_hears_it_without_waiting_for_her_turn_to_write(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    claim(desk, [cta])
    with store.write():
        assert claim(desk_of(store, "ben", desk.now()), [cta]).items[0].refused == "taken"


def test_many_that_are_gone_cost_no_more_than_a_few(desk: Desk, store: Store) -> None:
    ids, ben = builders.ctas(desk, 12), desk_of(store, "ben", desk.now())
    claim(desk, ids)
    sent = []
    for some in (ids[:2], ids):
        with recorded() as statements:
            assert {item.refused for item in claim(ben, some).items} == {"taken"}
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_who_works_no_pool_is_held_by_the_limits_too(desk: Desk, store: Store) -> None:
    builders.csm(desk, "zoe", pool=None)
    zoe = desk_of(store, "zoe", desk.now())
    builders.change(desk, "pool", builders.the(desk, "pool", "West"), {"max_open": 1})
    builders.ctas(desk, 2)
    other = builders.cta(desk, builders.account(desk, pool="East"), pool="East", priority=Priority.LOW)
    assert claim_next(zoe).items[0].id != other
    assert claim_next(zoe).items[0].id == other
    with pytest.raises(Refused, match="You hold 2 of 1 open CTAs: close or release one first"):
        claim_next(zoe)


def test_next_with_a_query_passes_over_a_pool_that_is_full_for_her(desk: Desk, store: Store) -> None:
    builders.pool(desk, "Small", max_open=1)
    first, second = (builders.cta(desk, builders.account(desk), pool="Small", priority=Priority.HIGH) for _ in range(2))
    other = builders.cta(desk, builders.account(desk), priority=Priority.LOW)
    assert [claim_next(desk, where="type:risk").items[0].id for _ in range(2)] == [first, other]
    with pytest.raises(Refused, match="You hold 2 of 1"):
        claim_next(desk, where="type:risk")
    builders.change(desk, "cta", second, {"skill": "german"})
    with pytest.raises(Refused, match="of 1 unassigned CTA 1 for a skill you do not have"):
        claim_next(desk_of(store, "ben", desk.now()), where="type:risk")


def test_giving_somebody_more_than_she_may_claim_says_so(desk: Desk, store: Store) -> None:
    builders.change(desk, "pool", builders.the(desk, "pool", "West"), {"max_open": 1})
    ids = builders.ctas(desk, 2, owner="ana")
    assert "holds" not in assign(desk, ids[:1], "ben").said
    assert assign(desk, ids[1:], "ben").said.endswith(" · Ben Okafor holds 2 of 1 open CTAs")


def test_a_reader_takes_nothing(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    with pytest.raises(Forbidden, match="Ria Novak"):
        claim(desk_of(store, "ria", desk.now()), [cta])
    assert row(store, "cta", cta)["owner_id"] is None


def test_the_pool_limits_how_many_one_holds(desk: Desk) -> None:
    full = builders.pool(desk, "Small", max_open=2)
    cta = [builders.cta(desk, builders.account(desk), pool="Small") for _ in range(3)]
    done = claim(desk, cta)
    assert [item.refused for item in done.items] == [None, None, "limit"]
    with pytest.raises(Refused, match="You hold 2 of 2"):
        claim_next(desk, pool="Small")
    assert full


def test_the_pool_limits_how_many_one_claims_a_day(desk: Desk, store: Store) -> None:
    builders.pool(desk, "Calm", max_per_day=1)
    cta = [builders.cta(desk, builders.account(desk), pool="Calm") for _ in range(2)]
    assert [item.refused for item in claim(desk, cta).items] == [None, "limit"]
    tomorrow = desk_of(store, "ana", desk.now() + timedelta(days=1))
    assert claim(tomorrow, cta[1:]).items[0].refused is None


def test_next_takes_the_best_of_my_pools(desk: Desk) -> None:
    builders.cta(desk, builders.account(desk, pool="East"), pool="East", priority=Priority.HIGH)
    builders.cta(desk, builders.account(desk), priority=Priority.LOW)
    best = builders.cta(desk, builders.account(desk), priority=Priority.HIGH)
    assert claim_next(desk).items[0].id == best


def test_next_of_several_pools_is_the_best_of_all(desk: Desk, store: Store) -> None:
    builders.make(desk, "pool_member", {"pool_id": builders.the(desk, "pool", "East"), "csm_id": desk.me.id})
    builders.cta(desk, builders.account(desk))
    best = builders.cta(desk, builders.account(desk, pool="East"), pool="East", priority=Priority.HIGH)
    assert claim_next(desk_of(store, "ana", desk.now())).items[0].id == best


def test_next_with_a_query(desk: Desk) -> None:
    builders.cta(desk, builders.account(desk), priority=Priority.HIGH)
    event = builders.cta(desk, builders.account(desk), type="event", because="Acquired")
    assert claim_next(desk, where="type:event").items[0].id == event


def test_next_of_an_empty_queue_says_so(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"The queue is empty|nothing to take") as no:
        claim_next(desk)
    assert no.value.code == "empty"


def test_release_gives_back_with_a_note_and_keeps_the_place(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    before = row(store, "cta", cta)
    claim(desk, [cta])
    release(desk, [cta], "She is away\nuntil May")
    after = row(store, "cta", cta)
    assert after["left_note"] == "She is away\nuntil May"
    same = ("owner_id", "claimed_at", "touched_at", "rank", "opened_at")
    assert {k: after[k] for k in same} == {k: before[k] for k in same}


def test_what_is_anothers_is_not_mine_to_release(desk: Desk, store: Store) -> None:
    cta = builders.cta(desk, builders.account(desk), owner="ben")
    with pytest.raises(Refused, match="Ben Okafor's"):
        release(desk, [cta], "x")
    assert release(desk_of(store, "mo", desk.now()), [cta], "x").act is not None


def test_a_claim_starts_the_playbook(desk: Desk, store: Store) -> None:
    steps = [{"title": "Call", "due_in": 1, "required": True}, {"title": "Write"}]
    playbook = builders.make(desk, "playbook", {"name": "Recovery", "steps": steps})
    cta = builders.cta(desk, builders.account(desk), playbook_id=playbook)
    claim(desk, [cta])
    release(desk, [cta], "")
    claim(desk, [cta])
    with store.read() as db:
        made = db.all("SELECT title, due, required FROM task WHERE cta_id = :id ORDER BY position", id=cta)
    assert [(t[0], str(t[1]), bool(t[2])) for t in made] == [
        ("Call", str(date(2026, 11, 24)), True),
        ("Write", "None", False),
    ]


def test_once_returns_the_first_result(desk: Desk) -> None:
    builders.ctas(desk, 3)
    desk.once = "monday"
    first = claim_next(desk)
    assert claim_next(desk) == first
    desk.once = None
    assert claim_next(desk).items[0].id != first.items[0].id


def test_read_only_takes_nothing(desk: Desk) -> None:
    (cta,) = builders.ctas(desk, 1)
    desk.read_only = True
    with pytest.raises(Refused, match="read-only"):
        claim(desk, [cta])


@pytest.mark.parametrize("pool", [None, "West"])
@pytest.mark.sqlite_only
def test_one_index_serves_the_page(desk: Desk, pool: str | None) -> None:
    from db.reads import cta as reads

    with desk.store.read() as db:
        where, params = queues.condition(desk, db, QueueQuery(pool=pool))
        plan = db.all(
            f"EXPLAIN QUERY PLAN SELECT {reads.COLUMNS} {reads.FROM} WHERE {where} ORDER BY c.rank, c.id LIMIT :n",
            **params,
            n=128,
        )
    words = " ".join(str(line[-1]) for line in plan)
    assert ("ix_cta_queue_pool" if pool else "ix_cta_queue_all") in words
    assert "TEMP B-TREE" not in words
