"""What others do is seen, once, whatever the order they commit in; nothing costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services import live
from cockpit.services.backup import backup, restore
from cockpit.services.live import Live, changes_since
from cockpit.services.queue import claim, release
from db.connection import Db
from db.store import Store
from tests import builders
from tests.builders import ctas
from tests.conftest import NOW

Sit = Callable[..., Desk]


@pytest.fixture
def start(desk: Desk) -> Iterator[Live]:
    """Ana begins to watch a queue of three."""
    ctas(desk, 3)
    first = changes_since(desk, None)
    yield first
    live.close(first.mark)


def open_ids(desk: Desk) -> list[int]:
    with desk.store.read() as db:
        return [row[0] for row in db.all("SELECT id FROM cta ORDER BY id")]


def test_nothing_happened(desk: Desk, start: Live):
    assert not start.changed
    again = changes_since(desk, start.mark)
    assert (again.changed, again.things, again.claimed, again.acts) == (False, frozenset(), {}, ())
    assert again.mark is start.mark


def test_a_colleagues_claim_is_seen_once(desk_of: Sit, desk: Desk, start: Live):
    one, two, _ = open_ids(desk)
    claim(desk_of("ben"), [one, two])
    seen = changes_since(desk, start.mark)
    assert seen.changed
    assert seen.things == {("cta", one), ("cta", two)}
    assert seen.claimed == {one: "Ben Okafor", two: "Ben Okafor"}
    assert [(a.by, a.verb, a.mine) for a in seen.acts] == [("ben", "claim", False)]
    assert not seen.mine_only
    assert not changes_since(desk, seen.mark).changed


def test_what_was_given_back_since_is_not_taken(desk_of: Sit, desk: Desk, start: Live):
    one, two, _ = open_ids(desk)
    ben = desk_of("ben")
    claim(ben, [one, two])
    release(ben, [one], "not mine")
    assert changes_since(desk, start.mark).claimed == {two: "Ben Okafor"}


def test_my_own_acts_are_told_as_mine(desk: Desk, start: Live):
    claim(desk, open_ids(desk)[:1])
    seen = changes_since(desk, start.mark)
    assert seen.claimed == {open_ids(desk)[0]: "Ana Ruiz"}
    assert [a.mine for a in seen.acts] == [True]
    assert seen.mine_only


def test_very_much_at_once_is_said_as_everything(desk: Desk, start: Live, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "MOST", 5)
    ctas(desk, 3)
    seen = changes_since(desk, start.mark)
    assert seen.everything
    assert seen.changed
    assert seen.things == frozenset()
    assert not changes_since(desk, seen.mark).changed


def test_asking_is_one_statement_when_nothing_happened(desk: Desk, start: Live, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    run = Db._execute
    monkeypatch.setattr(Db, "_execute", lambda self, sql, params: (asked.append(sql), run(self, sql, params))[1])
    changes_since(desk, start.mark)
    assert len(asked) == 1


def test_a_store_put_back_is_everything(desk: Desk, store_url: str, start: Live, tmp_path: Path):
    backup(desk, str(tmp_path / "b.db"))
    ids = open_ids(desk)
    for id_ in ids:
        claim(desk, [id_])
    claimed = changes_since(desk, start.mark)
    restore(str(tmp_path / "b.db"), store_url, "oz", lambda: NOW)
    seen = changes_since(desk, claimed.mark)
    assert seen.changed
    assert seen.everything
    assert not changes_since(desk, seen.mark).changed
    claim(desk, ids[:1])
    then = changes_since(desk, seen.mark)
    assert then.things == {("cta", ids[0])}


@pytest.mark.sqlite_only
def test_a_store_put_back_that_ends_with_the_same_number(desk: Desk, store_url: str, start: Live, tmp_path: Path):
    backup(desk, str(tmp_path / "b.db"))
    claim(desk, open_ids(desk)[:1])
    claimed = changes_since(desk, start.mark)
    restore(str(tmp_path / "b.db"), store_url, "oz", lambda: NOW)
    assert changes_since(desk, claimed.mark).everything


@pytest.mark.postgres_only
def test_an_earlier_act_that_commits_later_is_seen(desk: Desk, store: Store, start: Live):
    late, early = open_ids(desk)[:2]
    slow = store.connect()
    slow.execute("BEGIN")
    slow.execute(
        "INSERT INTO act (uid, at, actor, face, verb, what) VALUES (%s, %s, 'ben', 'cli', 'claim', 'slow')", (b"0" * 16, NOW)
    )
    claim(builders.desk_of(store, "chi", NOW), [early])
    seen = changes_since(desk, start.mark)
    assert [a.by for a in seen.acts] == ["chi"]
    slow.execute("COMMIT")
    slow.close()
    then = changes_since(desk, seen.mark)
    assert [(a.by, a.what) for a in then.acts] == [("ben", "slow")]
    assert not changes_since(desk, then.mark).changed
    assert late not in (then.claimed or {})


@pytest.mark.postgres_only
def test_a_lost_server_is_found_again(desk: Desk, store: Store, start: Live):
    from db.errors import StoreUnreachable

    with store.read() as db:
        others = db.all("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    killer = store.connect()
    for (pid,) in others:
        killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
    killer.close()
    with pytest.raises(StoreUnreachable):
        changes_since(desk, start.mark)
    claim(desk, open_ids(desk)[:1])
    assert changes_since(desk, start.mark).changed
