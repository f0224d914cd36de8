"""What old entries of the journal held, moved into a file of its own.

The entries stay with their places, digests and heads, so that the chains and seals still verify; an entry that was
moved keeps its salt (an erased one keeps nothing), so that whoever has the file can prove each value from it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from db.connection import Db, as_json
from db.values import moment_text

APPLICATION_ID = 0x43504152
"""``CPAR`` in the header of an archive: no store."""
BATCH = 5_000
MOVED = (
    "usage",
    "activity",
    "attendee",
    "event",
    "ticket",
    "survey",
    "task",
    "comment",
    "mention",
    "cta_person",
    "cta",
)
"""Things whose old entries may go. Accounts, people and settings keep theirs: imports ask it who set what."""
_OLD = (
    "c.fields IS NOT NULL AND (c.act_id = :own OR c.act_id IN (SELECT a.id FROM act a WHERE a.at < :before)) AND c.thing IN ("
    + ", ".join(f"'{name}'" for name in MOVED)
    + ") AND NOT (c.thing = 'cta' AND EXISTS (SELECT 1 FROM cta o WHERE o.id = c.thing_id AND o.status = 'open'))"
)
_TABLES = """
CREATE TABLE change (id INTEGER PRIMARY KEY, act_id INTEGER NOT NULL, thing TEXT NOT NULL, thing_id INTEGER NOT NULL,
 thing_uid BLOB NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, fields TEXT NOT NULL, salt BLOB, digest BLOB NOT NULL,
 head BLOB NOT NULL) STRICT;
CREATE TABLE act (id INTEGER PRIMARY KEY, uid BLOB NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, face TEXT NOT NULL,
 verb TEXT NOT NULL, what TEXT NOT NULL) STRICT;
"""


def superseded_usage(db: Db, before: datetime) -> list[int]:
    """Usage points that a correction replaced before that moment."""
    return [row[0] for row in db.all("SELECT id FROM usage WHERE superseded < :before ORDER BY id", before=before)]


def write(db: Db, path: Path, before: datetime, own: int | None) -> int:
    """Writes what is to be moved (old entries, and those of the act ``own``) into a new file; returns how many."""
    count = 0
    os.close(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.executescript(_TABLES)
        file.execute("BEGIN")
        at = 0
        while rows := db.all(
            "SELECT c.id, c.act_id, c.thing, c.thing_id, c.thing_uid, c.seq, c.kind, CAST(c.fields AS text), c.salt, c.digest,"
            f" c.head FROM change c WHERE c.id > :at AND {_OLD} ORDER BY c.id LIMIT :most",
            at=at, most=BATCH, before=before, own=own,
        ):  # fmt: skip
            at = rows[-1][0]
            count += len(rows)
            file.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_blobs, rows))
            _write_acts(db, file, {row[1] for row in rows})
        file.execute("COMMIT")
        assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    return count


def take_out(db: Db, before: datetime, own: int | None) -> int:
    """Blanks in the store what was written; their salts stay."""
    return db.run(
        f"UPDATE change SET fields = NULL WHERE id IN (SELECT c.id FROM change c WHERE {_OLD})", before=before, own=own
    )


def is_archived(db: Db, act_id: int) -> bool:
    """Whether some of what this act changed is in an archive."""
    sql = "SELECT 1 FROM change WHERE act_id = :act AND fields IS NULL AND salt IS NOT NULL LIMIT 1"
    return db.scalar(sql, act=act_id) is not None


def kept(db: Db) -> tuple[int | None, list[dict[str, Any]]]:
    """The setting that says which archives there are: its id and value."""
    row = db.one("SELECT id, value FROM setting WHERE key = 'archives'")
    return (None, []) if row is None else (row[0], list(as_json(row[1])))


def archives(db: Db) -> list[str]:
    """The files that hold what was moved."""
    return [str(one["file"]) for one in kept(db)[1]]


def _write_acts(db: Db, file: sqlite3.Connection, ids: Iterable[int]) -> None:
    params: dict[str, Any] = {}
    marks = db.marks("i", sorted(ids), params)
    rows = db.all(f"SELECT id, uid, at, actor, face, verb, what FROM act WHERE id IN ({marks})", **params)
    file.executemany("INSERT OR IGNORE INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", map(_blobs, rows))


def _blobs(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        bytes(value) if isinstance(value, memoryview) else moment_text(value) if isinstance(value, datetime) else value
        for value in row
    )
