"""Opening, transactions and their failures: a plain sentence, and nothing half written."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from db.connection import Db, broke_a_constraint
from db.errors import StoreBusy, StoreError, StoreForeign, StoreGone, StoreMissing, StoreUnreachable, StoreVersion
from db.store import APPLICATION_ID, SCHEMA, Store

ADD = "INSERT INTO info (key, value) VALUES (:key, 'x')"
COUNT = "SELECT count(*) FROM info WHERE value = 'x'"


def write(store: Store, what: Callable[[Db], object]) -> None:
    with store.write() as db:
        what(db)


def test_a_block_that_ends_well_is_kept(store: Store):
    with store.write() as db:
        db.run(ADD, key="a")
    with store.read() as db:
        assert db.scalar(COUNT) == 1


def test_a_block_that_fails_leaves_nothing(store: Store):
    with pytest.raises(ZeroDivisionError):
        write(store, lambda db: (db.run(ADD, key="a"), 1 / 0))
    with store.read() as db:
        assert db.scalar(COUNT) == 0


def test_a_read_sees_one_moment(store: Store):
    with store.read() as db:
        assert db.scalar(COUNT) == 0
        with store.write() as other:
            other.run(ADD, key="a")
        assert db.scalar(COUNT) == 0
    with store.read() as db:
        assert db.scalar(COUNT) == 1


def test_a_broken_constraint_can_be_told_from_the_rest(store: Store):
    with pytest.raises((sqlite3.Error, psycopg.Error)) as caught:
        write(store, lambda db: (db.run(ADD, key="a"), db.run(ADD, key="a")))
    assert broke_a_constraint(caught.value)
    with pytest.raises((sqlite3.Error, psycopg.Error)) as caught:
        write(store, lambda db: db.run("SELECT nothing FROM nowhere"))
    assert not broke_a_constraint(caught.value)


def test_threads_do_not_share_a_transaction(store: Store):
    def add(n: int) -> None:
        with store.write() as db:
            db.run(ADD, key=f"k{n}")

    threads = [threading.Thread(target=add, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as db:
        assert db.scalar(COUNT) == 12


def test_the_same_statement_speaks_to_both(store: Store):
    with store.read() as db:
        assert db.one("SELECT :a, CAST(:b AS text) || '%', '100%', ':x'", a=1, b="x") == (1, "x%", "100%", ":x")
        params: dict[str, object] = {}
        assert db.marks("i", [3, 4], params) == ":i0, :i1"
        assert params == {"i0": 3, "i1": 4}
        assert db.marks("i", [], {}) == "NULL"


def test_read_only_writes_nothing(store_url: str):
    looking = Store.open(store_url, read_only=True)
    with pytest.raises((StoreError, psycopg.Error)), looking.write() as db:
        db.run(ADD, key="a")
    with looking.read() as db:
        assert db.scalar(COUNT) == 0
    looking.close()


def test_a_store_is_made_once(empty_url: str):
    with pytest.raises((StoreError, sqlite3.Error, psycopg.Error), match=r"already"):
        Store.create(empty_url)


def mark_schema(url: str, number: int) -> None:
    store = Store.open(url)
    with store.write() as db:
        db.run("UPDATE info SET value = :schema WHERE key = 'schema'", schema=str(number))
        if db.dialect == "sqlite":
            db.run(f"PRAGMA user_version = {number}")
    store.close()


@pytest.mark.parametrize(("number", "says"), [(SCHEMA + 1, "newer Cockpit"), (SCHEMA - 1, "cockpit db upgrade")])
def test_a_store_of_another_version_is_refused(empty_url: str, number: int, says: str):
    mark_schema(empty_url, number)
    with pytest.raises(StoreVersion, match=says):
        Store.open(empty_url)


def test_nothing_there(tmp_path: Path):
    with pytest.raises(StoreMissing, match="cockpit demo"):
        Store.open(str(tmp_path / "no.db"))


def test_what_is_not_a_store_is_left_alone(tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("Dear diary, " * 100, encoding="utf-8")
    with pytest.raises(StoreForeign):
        Store.open(str(text))
    with pytest.raises(StoreForeign, match="folder"):
        Store.open(str(tmp_path))
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE song (name TEXT)")
    raw.close()
    before = other.read_bytes()
    for attempt in (Store.open, Store.create):
        with pytest.raises(StoreForeign):
            attempt(str(other))
    assert other.read_bytes() == before


def test_an_empty_file_or_a_file_cut_short_is_no_store(tmp_path: Path, sqlite_templates: dict[str, Path]):
    empty = tmp_path / "empty.db"
    empty.touch()  # all that a making which was killed leaves
    with pytest.raises(StoreMissing):
        Store.open(str(empty))
    short = tmp_path / "short.db"
    short.write_bytes(sqlite_templates["bare"].read_bytes()[:5_000])
    with pytest.raises(StoreError):
        Store.open(str(short))


@pytest.mark.durable
def test_an_sqlite_store_is_safe_by_default(tmp_path: Path):
    store = Store.create(str(tmp_path / "folder" / "s.db"), kind="test")
    with store.read() as db:
        told = {
            name: db.scalar(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "application_id", "mmap_size", "user_version")
        }
    assert told == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "application_id": APPLICATION_ID,
        "mmap_size": 0, "user_version": SCHEMA,
    }  # fmt: skip
    with store.write() as db:
        db.run(ADD, key="a")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "folder").glob("s.db*")}
    assert {name: mode for name, mode in modes.items() if name in ("s.db", "s.db-wal", "s.db-shm")} == dict.fromkeys(
        ("s.db", "s.db-wal", "s.db-shm"), 0o600
    )
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
    store.close()


def test_every_table_is_strict(sqlite_templates: dict[str, Path]):
    with sqlite3.connect(sqlite_templates["bare"]) as raw:
        loose = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT%'").fetchall()
    raw.close()
    assert [name for (name,) in loose if name not in ("alembic_version", "sqlite_sequence") and "_fts" not in name] == []


def test_others_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("db.store.BUSY_MS", 50)
    store = Store.create(str(tmp_path / "s.db"), kind="test")
    holder = store.connect()
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="others are writing"), store.write():
        pytest.fail("two wrote at once")
    holder.execute("ROLLBACK")
    holder.close()
    store.close()


def test_no_server_and_no_password_in_the_message():
    with pytest.raises(StoreUnreachable) as caught:
        Store.open("postgresql://ana:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(caught.value)


@pytest.mark.postgres_only
def test_an_empty_database_holds_no_store(new_url: Callable[[str], str]):
    with pytest.raises(StoreMissing, match="no Cockpit store"):
        Store.open(new_url("none"))


@pytest.mark.postgres_only
def test_a_server_that_does_not_let_one_in_says_why(store_url: str):
    parts = urlsplit(store_url)
    for place in (parts._replace(path="/elsewhere"), parts._replace(netloc=f"zoe:secret@{parts.netloc.rpartition('@')[2]}")):
        with pytest.raises(StoreUnreachable, match=r"does not let you in: .*(elsewhere|zoe)") as no:
            Store.open(urlunsplit(place))
        assert not isinstance(no.value, StoreGone)
        assert "secret" not in str(no.value)


@pytest.mark.postgres_only
def test_a_server_that_comes_back_is_used_again(store: Store):
    with store.read() as db:
        pids = [row[0] for row in db.all("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")]
    killer: Db = Db(store.connect(), "postgresql")
    for pid in pids:
        killer.one("SELECT pg_terminate_backend(:pid)", pid=pid)
    killer.raw.close()
    with store.read() as db:
        assert db.scalar("SELECT 1") == 1


@pytest.mark.sqlite_only
def test_a_file_that_was_moved_away_or_replaced_takes_nothing_more(store: Store, store_url: str, sqlite_templates: dict[str, Path]):
    write(store, lambda db: db.run(ADD, key="a"))
    at, away = Path(store_url), Path(f"{store_url}.away")
    at.rename(away)
    for _ in range(2):
        with pytest.raises(StoreMissing, match="was moved or removed while it was open: nothing was written"):
            write(store, lambda db: db.run(ADD, key="b"))
        assert not at.exists(), "an empty file was made in its place"
    at.write_bytes(sqlite_templates["bare"].read_bytes())
    with pytest.raises(StoreMissing, match="was replaced by another file"):
        write(store, lambda db: db.run(ADD, key="b"))
    away.rename(at)
    write(store, lambda db: db.run(ADD, key="c"))
    with store.read() as db:
        assert db.scalar(COUNT) == 2
