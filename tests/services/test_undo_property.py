"""Whatever was done, undoing it in reverse order leaves every table but the journal as it was, row for row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services.act import Work
from cockpit.services.cta import CtaDraft, close, edit_cta, new_cta, reopen, set_due, snooze, wake
from cockpit.services.errors import Refused
from cockpit.services.history import redo, undo
from cockpit.services.queue import assign, claim, claim_next, release
from cockpit.services.scoring import rescore_accounts
from cockpit.services.verify import verify
from db.store import Store
from db.terms import Outcome
from tests.builders import account, ctas
from tests.conftest import NOW
from tests.services.test_undo import do, state

_fresh = count(1)
Pick = Callable[[str], list[int]]
Deed = Callable[[Desk, Pick, int], Any]


def _bring_in(w: Work, n: int) -> None:
    """An import: accounts with everything that hangs on them, some of it changed again in the same act."""
    ids = w.insert_many("account", [{"name": f"New {next(_fresh)}", "arr": 100 * n} for _ in range(n % 7 + 1)])
    w.insert_many("account", [{"name": "Child", "parent_id": ids[0]} for _ in range(n % 3)])
    w.insert_many("external_id", [{"system": "file", "thing": "account", "key": f"K{next(_fresh)}", "thing_id": i} for i in ids])
    people = w.insert_many("person", [{"name": f"P{i}", "extra": {"Desk": "7"}} for i in ids])
    w.insert_many("membership", [{"person_id": p, "account_id": a} for p, a in zip(people, ids, strict=True)])
    w.insert_many("usage", [{"account_id": i, "metric": "logins", "day": date(2026, 11, d), "value": d} for i in ids for d in (1, 2)])
    w.update_many("account", {i: {"health": n % 100, "pool_id": w.insert("pool", {"name": f"Pool {next(_fresh)}"})} for i in ids[:2]})


def _log(w: Work, ids: list[int], n: int) -> None:
    for id_ in ids:
        made = w.insert("activity", {"account_id": id_, "type_id": 1, "subject": f"Call {n}", "at": w.now})
        w.insert_many("attendee", [{"activity_id": made, "email": f"a{k}@example.com"} for k in range(n % 4)])


def _remove(w: Work, pick: Pick) -> None:
    w.delete_many("membership", pick("membership")[:3])
    w.delete_many("view", pick("view"))


def _swap_view(w: Work, pick: Pick, n: int) -> None:
    """The same name goes and comes in one act."""
    for id_ in pick("view")[:1]:
        w.delete("view", id_)
    w.insert("view", {"name": f"V{n % 3}", "screen": f"s{next(_fresh)}", "columns": ["a", "b"]})


def _correct(w: Work, ids: list[int], n: int) -> None:
    w.update_many("usage", {id_: {"value": n} for id_ in ids})


def _edit(w: Work, ids: list[int], n: int) -> None:
    w.update_many("account", {i: {"arr": n, "region": f"R{n % 3}", "owner_id": w.me.id} for i in ids})
    rescore_accounts(w, ids)


DEEDS: dict[str, Deed] = {
    "bring in": lambda desk, pick, n: do(desk, lambda w: _bring_in(w, n)),
    "log": lambda desk, pick, n: do(desk, lambda w: _log(w, pick("account")[:2], n)),
    "remove": lambda desk, pick, n: do(desk, lambda w: _remove(w, pick)),
    "swap": lambda desk, pick, n: do(desk, lambda w: _swap_view(w, pick, n)),
    "correct": lambda desk, pick, n: do(desk, lambda w: _correct(w, pick("usage")[:5], n)),
    "edit": lambda desk, pick, n: do(desk, lambda w: _edit(w, pick("account"), n)),
    "claim": lambda desk, pick, n: claim(desk, pick("cta")),
    "next": lambda desk, pick, n: claim_next(desk),
    "release": lambda desk, pick, n: release(desk, pick("cta")[:1], f"note {n}"),
    "assign": lambda desk, pick, n: assign(desk, pick("cta"), "ben"),
    "snooze": lambda desk, pick, n: snooze(desk, pick("cta")[:2], date(2026, 12, 1) + timedelta(n), "later"),
    "wake": lambda desk, pick, n: wake(desk, pick("cta")[:1]),
    "close": lambda desk, pick, n: close(desk, pick("cta"), Outcome.SUCCESS, "done"),
    "reopen": lambda desk, pick, n: reopen(desk, pick("cta")[:1]),
    "due": lambda desk, pick, n: set_due(desk, pick("cta"), date(2026, 12, 1) + timedelta(n)),
    "edit cta": lambda desk, pick, n: edit_cta(desk, pick("cta")[0], {"priority": "high", "title": f"T{n}"}),
    "new cta": lambda desk, pick, n: new_cta(desk, str(pick("account")[0]), CtaDraft("risk", f"Reason {n}")),
}
"""By name, so that a failing example reads as a story."""
STORIES = st.lists(
    st.tuples(st.sampled_from(["mo", "oz"]), st.sampled_from(sorted(DEEDS)), st.integers(0, 50)), min_size=1, max_size=12
)


def picker(store: Store, n: int) -> Pick:
    """Some rows of a table that exist now, the same for the same number."""

    def pick(table: str) -> list[int]:
        live = " WHERE superseded IS NULL" if table == "usage" else ""
        with store.read() as db:
            ids = [row[0] for row in db.all(f"SELECT id FROM {table}{live} ORDER BY id DESC LIMIT 8")]
        return ids[n % 3 :: n % 2 + 1] or ids

    return pick


def tell(store: Store, desk_of: Callable[..., Desk], story: list[tuple[str, str, int]]) -> list[tuple[int, dict[str, Any]]]:
    """Does it all, a minute apart; (act, state before it) of what was not refused."""
    done = []
    for minute, (who, deed, n) in enumerate(story):
        before = state(store)
        desk = desk_of(who, NOW + timedelta(minutes=minute + 1))
        newest = last_act(store)
        try:
            DEEDS[deed](desk, picker(store, n), n)
        except (Refused, IndexError):
            continue
        made = last_act(store)
        if made > newest:
            done.append((made, before))
    return done


def last_act(store: Store) -> int:
    with store.read() as db:
        return int(db.scalar("SELECT max(id) FROM act"))


@pytest.fixture
def peopled(desk: Desk) -> Desk:
    """Six CTAs on six accounts."""
    ctas(desk, 6)
    account(desk, "Alone")
    return desk


many = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@many
@given(story=STORIES)
def test_in_reverse_order_everything_is_as_it_was(peopled: Desk, desk_of: Callable[..., Desk], story: list[tuple[str, str, int]]):
    store = peopled.store
    done = tell(store, desk_of, story)
    after = state(store)
    manager = desk_of("mo", NOW + timedelta(hours=1))
    undone = []
    for made, before in reversed(done):
        result = undo(manager, made)
        assert result.conflicts == ()
        assert state(store) == before
        undone.append(result.act)
    for made in reversed(undone):
        assert made is not None
        assert redo(manager, made).conflicts == ()
    assert state(store) == after
    for made, _ in reversed(done):
        assert undo(manager, made).conflicts == ()
    assert verify(manager).problems == ()


@many
@given(story=STORIES, order=st.randoms(use_true_random=False))
def test_in_any_order_each_field_reverts_or_is_listed(
    peopled: Desk, desk_of: Callable[..., Desk], story: list[tuple[str, str, int]], order: Any
):
    """Nothing breaks, nothing is undone twice, and the journal still tells how every row came to be."""
    store = peopled.store
    done = [made for made, _ in tell(store, desk_of, story)]
    order.shuffle(done)
    manager = desk_of("mo", NOW + timedelta(hours=1))
    for made in done:
        before = state(store)
        result = undo(manager, made)
        if result.act is None:
            assert result.conflicts
            assert state(store) == before
    assert verify(manager).problems == ()
