"""A store as it was at a moment: a passing copy, taken back by its own journal.

Every read then tells what was known, in the same words, and no read has to know of it. It costs a copy of the
file and one step per change since.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from db import words
from db.backup import take
from db.columns import Table, table
from db.connection import Db, as_json
from db.store import Store
from db.terms import ChangeKind

_BATCH = 5_000


def rewound(store: Store, moment: datetime, copy: Path) -> Store:
    """Copies the store to ``copy`` and takes back whatever was done after the moment. Raises StoreError."""
    take(store, copy)
    old = Store(str(copy))
    with old.write() as db:
        db.run("PRAGMA defer_foreign_keys = ON")
        if _take_back(db, moment):
            _drop_loose(db)
        db.run("DELETE FROM change WHERE act_id IN (SELECT id FROM act WHERE at > :moment)", moment=moment)
        db.run("UPDATE act SET undoes = NULL WHERE at > :moment", moment=moment)
        db.run("DELETE FROM act WHERE at > :moment", moment=moment)
        db.run("DELETE FROM dated WHERE since > :moment", moment=moment)
        db.run("UPDATE dated SET until = NULL WHERE until > :moment", moment=moment)
        db.run("DELETE FROM score WHERE at > :moment", moment=moment)
        db.run("DELETE FROM viewing WHERE at > :moment", moment=moment)
        db.run("DELETE FROM presence")
    old.close()
    return Store.open(str(copy), read_only=True)


def _take_back(db: Db, moment: datetime) -> bool:
    """Walks the changes after the moment backwards, undoing each on its row; whether a removed one could not be brought back."""
    before = None
    is_lost = False
    while True:
        rows = db.all(
            "SELECT c.id, c.thing, c.thing_id, c.thing_uid, c.seq, c.kind, c.fields FROM change c JOIN act a ON a.id = c.act_id"
            f" WHERE a.at > :moment {'AND c.id < :before' if before else ''} ORDER BY c.id DESC LIMIT :batch",
            moment=moment, batch=_BATCH, **({"before": before} if before else {}),
        )  # fmt: skip
        for _, thing, id_, uid, seq, kind, fields in rows:
            _undo(db, table(thing), id_, bytes(uid), seq, kind, as_json(fields))
            is_lost = is_lost or (kind == ChangeKind.DELETE and fields is None)
        if len(rows) < _BATCH:
            return is_lost
        before = rows[-1][0]


def _drop_loose(db: Db) -> None:
    """Takes out what refers to a row that was erased or archived after it was removed: nobody knows that row any more."""
    while loose := db.all("PRAGMA foreign_key_check"):
        for name, row, *_ in loose:
            db.run(f"DELETE FROM {name} WHERE rowid = :row", row=row)


def _undo(db: Db, what: Table, id_: int, uid: bytes, seq: int, kind: str, fields: Any) -> None:
    if what.name in words.COLUMNS and (kind != ChangeKind.UPDATE or any(column in (fields or ()) for column in words.COLUMNS[what.name])):
        words.take(db, what.name, _written(db, what.name, id_))
        _undo_row(db, what, id_, uid, seq, kind, fields)
        words.put(db, what.name, _written(db, what.name, id_))
    else:
        _undo_row(db, what, id_, uid, seq, kind, fields)


def _written(db: Db, name: str, id_: int) -> list[tuple[int, dict[str, Any]]]:
    """A row as the index of words knows it, if it is there."""
    columns = words.COLUMNS[name]
    rows = db.all(f"SELECT {', '.join(columns)} FROM {name} WHERE id = :id", id=id_)
    return [(id_, dict(zip(columns, row, strict=True))) for row in rows]


def _undo_row(db: Db, what: Table, id_: int, uid: bytes, seq: int, kind: str, fields: Any) -> None:
    if kind == ChangeKind.CREATE:
        db.run(f"DELETE FROM {what.name} WHERE id = :id", id=id_)
        return
    if kind == ChangeKind.DELETE and fields is None:  # erased or archived since: what it held cannot be told
        return
    head = db.scalar(
        "SELECT head FROM change WHERE thing = :thing AND thing_id = :id AND seq = :seq",
        thing=what.name,
        id=id_,
        seq=seq - 1,
    )
    chain = {"rev": seq - 1, "head": head or b""}
    known = fields or {}
    if kind == ChangeKind.DELETE:
        values = {column: what.stored(column, known.get(column, what.defaults.get(column))) for column in what.columns}
        row = {"id": id_, "uid": uid} | chain | values
        db.run(
            f"INSERT INTO {what.name} ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})", **row
        )
        return
    row = chain | {column: what.stored(column, old) for column, (old, _) in known.items() if column in what.columns}
    db.run(
        f"UPDATE {what.name} SET {', '.join(f'{column} = :{column}' for column in row)} WHERE id = :id", id=id_, **row
    )
