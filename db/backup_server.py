"""A PostgreSQL store as an SQLite file of the same tables, and back: each in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from db import met, words
from db.connection import Db
from db.errors import StoreForeign
from db.postgres import bind_owner, free_owner
from db.store import Store
from db.values import moment_text

BATCH = 5_000
LOCK = 0x43504955
OURS = "alembic_version"
"""Written by the migrations on either side."""
KEPT = "met"
"""Follows from the other tables on either side."""


def dump(db: Db, target: Path, kind: str = "team") -> None:
    """Writes every row this snapshot sees into a new SQLite store. Raises StoreError."""
    from db.migrations import build

    target.touch(mode=0o600, exist_ok=False)
    build(str(target), kind)
    with closing(sqlite3.connect(target, isolation_level=None)) as new:
        new.execute("PRAGMA journal_mode = DELETE")
        new.execute("PRAGMA synchronous = OFF")  # the whole file is synced when it is done
        new.execute("BEGIN IMMEDIATE")
        there = columns_there(db)
        for name, columns in columns_of(new).items():
            if name not in there:
                continue
            _same(name, columns, there[name])
            new.execute(f"DELETE FROM {name}")
            marks = ", ".join("?" for _ in columns)
            rows = _stream(db, name, columns, there[name])
            new.executemany(f"INSERT INTO {name} ({_listed(columns)}) VALUES ({marks})", rows)
        for name, used in _sequences(db, there).items():
            new.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, used))
        words.refill(Db(new, "sqlite"))
        met.refill(Db(new, "sqlite"))
        new.execute("COMMIT")


def load(source: Path, url: str, aside: Callable[[Db], None] | None) -> None:
    """Puts every row of an SQLite store into a PostgreSQL database: an empty one, or instead of what a store holds.

    ``aside`` is handed the old store, locked against writers, before anything is removed. One transaction: on any
    failure the database is as it was. Raises StoreError.
    """
    from db.migrations import fill

    store = Store(url)
    with store.write() as db, closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old:
        db.run("SET LOCAL statement_timeout = 0")
        db.scalar("SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)
        forced: list[str] = []
        if db.scalar("SELECT to_regclass('info') IS NULL"):
            fill(db, store, "team")
        else:
            forced = free_owner(db)
            names = ", ".join(name for name in columns_there(db) if name != OURS)
            db.run(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
            if aside is not None:
                aside(db)
            db.run(f"TRUNCATE {names}")
        db.run("DELETE FROM info")
        there = columns_there(db)
        mine = columns_of(old)
        for name in _parents_first(old, mine):
            if name in there:
                _same(name, mine[name], there[name])
                _copy(db, name, mine[name], old.execute(f"SELECT {_listed(mine[name])} FROM {name}"))
        for name, used in old.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
            if name in there and used:
                db.scalar("SELECT setval(pg_get_serial_sequence(:name, 'id'), :used)", name=name, used=used)
        bind_owner(db, forced)
        db.learn()
    store.close()


def columns_there(db: Db) -> dict[str, dict[str, str]]:
    """The tables of a PostgreSQL schema: their columns and the types of these."""
    found: dict[str, dict[str, str]] = {}
    for name, column, kind in db.all(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
        " JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
        " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position"
    ):
        found.setdefault(name, {})[column] = kind
    return found


def columns_of(raw: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables of an SQLite store and their columns."""
    rows = raw.execute(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT GLOB '*_fts*' ORDER BY m.rowid, c.cid"
    )
    found: dict[str, list[str]] = {}
    for name, column in rows:
        if name not in (OURS, KEPT):
            found.setdefault(name, []).append(column)
    return found


def _same(name: str, mine: Iterable[str], theirs: Iterable[str]) -> None:
    if set(mine) != set(theirs):
        odd = ", ".join(sorted(set(mine) ^ set(theirs)))
        raise StoreForeign(f"Table {name} differs between the two stores ({odd}): they are of different versions.")


def _parents_first(raw: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    wanted = {
        name: {row[2] for row in raw.execute(f"PRAGMA foreign_key_list({name})")} - {name} for name in names
    }
    done: list[str] = []
    while wanted:
        free = [name for name, parents in wanted.items() if not parents & wanted.keys()]
        assert free, f"{sorted(wanted)} refer to each other"
        done += free
        for name in free:
            del wanted[name]
    return done


def _stream(db: Db, name: str, columns: list[str], kinds: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    # JSON is read as the text it is: the journal's digests are over its spelling.
    picked = ", ".join(f"CAST({c} AS text)" if kinds[c] in ("json", "jsonb") else c for c in columns)
    with db.raw.cursor(name=f"dump_{name}") as cursor:
        cursor.itersize = BATCH
        cursor.execute(f"SELECT {picked} FROM {name}")
        for row in cursor:
            yield tuple(map(_plain, row))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _copy(db: Db, name: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    # One statement per table, so that rows which refer to rows of their own table come in any order.
    with db.raw.cursor() as cursor, cursor.copy(f"COPY {name} ({_listed(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _sequences(db: Db, there: dict[str, dict[str, str]]) -> dict[str, int]:
    """The last id each table gave out, so that none is given twice."""
    found: dict[str, int] = {}
    for name in there:
        sequence = db.scalar("SELECT pg_get_serial_sequence(:name, 'id')", name=name) if "id" in there[name] else None
        if sequence is not None:
            row = db.one(f"SELECT last_value, is_called FROM {sequence}")
            assert row is not None
            found[name] = row[0] if row[1] else row[0] - 1
    return {name: used for name, used in found.items() if used > 0}


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
