"""The one way to write: a row, its chain and its journal entry, together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from db import words
from db.columns import Table, table
from db.connection import Db, broke_a_constraint, chain
from db.journal import Act, Journal
from db.terms import ChangeKind
from db.values import canonical, moment_text

BATCH = 2_000
_AS_IS = frozenset({str, int, type(None)})
DATED = frozenset({"owner_id", "pool_id", "segment_id", "status", "health", "renewal_date", "stage"})
Values = Mapping[str, Any]
Current = tuple[bytes, int, bytes, dict[str, Any]]
"""uid, rev, head and the row of a thing as it is."""


class Writer:
    """Writes things inside one act. Nothing else inserts, updates or deletes a thing."""

    def __init__(self, db: Db, act: Act) -> None:
        self.db = db
        self.act = act
        self.journal = Journal(db, act)

    def insert(self, name: str, values: Values) -> int:
        """Creates one thing; returns its id."""
        return self.insert_many(name, [values])[0]

    def update(self, name: str, id_: int, values: Values) -> dict[str, list[Any]]:
        """Changes one thing; returns ``{field: [old, new]}`` of what really changed, {} when nothing did."""
        return self.update_many(name, {id_: values}).get(id_, {})

    def delete(self, name: str, id_: int) -> None:
        """Removes one thing; the journal keeps its whole row."""
        self.delete_many(name, [id_])

    def insert_many(self, name: str, rows: Iterable[Values]) -> list[int]:
        """Creates many things with a number of statements that does not grow with a batch's rows."""
        ids: list[int] = []
        stream = iter(rows)
        while batch := list(islice(stream, BATCH)):
            ids += self._insert_batch(table(name), [self._completed(table(name), row) for row in batch])
        return ids

    def update_many(
        self, name: str, changes: Mapping[int, Values], *, versioned: bool = True
    ) -> dict[int, dict[str, list[Any]]]:
        """Changes many things, each in its own way; returns what really changed by id.

        A live fact keeps its old version as a row of its own unless ``versioned`` is off (undo).
        """
        made: dict[int, dict[str, list[Any]]] = {}
        stream = iter(changes.items())
        while batch := dict(islice(stream, BATCH)):
            made |= self._update_batch(table(name), batch, versioned)
        return made

    def delete_many(self, name: str, ids: Sequence[int], known: Mapping[int, Current] | None = None) -> None:
        """Removes many things; those that refer to others first, so that undo finds the others back before them.

        ``known`` is what ``current`` said of them in this transaction.
        """
        what = table(name)
        for start in range(0, len(ids), BATCH):
            batch = list(ids[start : start + BATCH])
            current = self.current(what, batch) if known is None else known
            if name == "account":
                self.db.many(
                    "UPDATE dated SET until = :at WHERE account_id = :id AND until IS NULL",
                    [{"at": self.act.at, "id": id_} for id_ in batch],
                )
            # One statement, so that rows which refer to each other go together.
            params: dict[str, Any] = {}
            self.db.run(f"DELETE FROM {name} WHERE id IN ({self.db.marks('i', batch, params)})", **params)
            words.take(self.db, name, ((id_, current[id_][3]) for id_ in batch if id_ in current))
            for id_ in (id_ for id_ in batch if id_ in current):
                uid, rev, head, row = current[id_]
                snapshot = {column: row[column] for column in what.columns}
                salt, digest, entry = self.journal.seal(name, ChangeKind.DELETE, snapshot)
                self.journal.record(
                    name, id_, uid, rev + 1, ChangeKind.DELETE, snapshot, salt, digest, chain(head, entry)
                )

    def hold(self, name: str, ids: Sequence[int]) -> bool:
        """Keeps others from changing these things until the act is done.

        Whether somebody could have changed them since they were read (SQLite has one writer): then look again.
        """
        if self.db.dialect == "sqlite" or not ids:
            return False
        self.db.of(f"SELECT id FROM {name} WHERE id IN ({{ids}}) ORDER BY id FOR UPDATE", sorted(ids))
        return True

    def attempt(self) -> Attempt:
        """A block whose writes are all kept, or none of them when the store's own constraints forbid one."""
        return Attempt(self)

    def derive(self, name: str, values: Mapping[int, Values]) -> None:
        """Sets columns that follow from others; they are not journaled."""
        rows = [{"id": id_, **row} for id_, row in values.items()]
        if rows:
            columns = [column for column in rows[0] if column != "id"]
            assert table(name).derived.issuperset(columns), f"{columns} of {name} are not derived"
            self.db.many(f"UPDATE {name} SET {', '.join(f'{c} = :{c}' for c in columns)} WHERE id = :id", rows)

    def restore_many(self, name: str, rows: Sequence[tuple[int, bytes, int, bytes, Values]]) -> None:
        """Brings deleted things back as they were: (id, uid, length and head of the chain, the row)."""
        what = table(name)
        full: list[dict[str, Any]] = []
        for id_, uid, rev, head, snapshot in rows:
            values = {column: snapshot.get(column, what.defaults.get(column)) for column in what.columns}
            journaled = {column: values[column] for column in what.columns}
            salt, digest, entry = self.journal.seal(name, ChangeKind.CREATE, journaled)
            new_head = chain(head, entry)
            full.append(
                {"id": id_, "uid": uid, "rev": rev + 1, "head": new_head}
                | {c: what.stored(c, v) for c, v in values.items()}
            )
            self.journal.record(name, id_, uid, rev + 1, ChangeKind.CREATE, journaled, salt, digest, new_head)
        if full:
            self.db.many(_insert_sql(name, list(full[0])), full)
            words.put(self.db, name, ((row["id"], row) for row in full))
            self._note_dates(what, {row["id"]: row for row in full})

    def current(self, what: Table, ids: Sequence[int]) -> dict[int, Current]:
        """(uid, rev, head, row as the journal spells it) of each thing, locked where the store locks rows."""
        columns = list(what.columns)
        params: dict[str, Any] = {}
        lock = " FOR UPDATE" if self.db.dialect == "postgresql" else ""
        found = self.db.all(
            f"SELECT id, uid, rev, head, {', '.join(columns)} FROM {what.name} WHERE id IN ({self.db.marks('i', ids, params)})"
            f" ORDER BY id{lock}",
            **params,
        )
        dialect = self.db.dialect
        return {
            row[0]: (bytes(row[1]), row[2], bytes(row[3]), what.plain_row(columns, row[4:], dialect)) for row in found
        }

    def _completed(self, what: Table, values: Values) -> dict[str, Any]:
        row = dict(what.blank)
        for column, value in values.items():
            if type(value) in _AS_IS and column in what.as_is:
                row[column] = value
            elif column != "uid":
                assert column in row, f"{what.name} has no {column}"
                row[column] = what.plain(column, value)
        if what.is_fact and row["recorded"] is None:
            row["recorded"] = moment_text(self.act.at)
        row["uid"] = values.get("uid") or self.act.new_uid()
        return row

    def _insert_batch(self, what: Table, rows: list[dict[str, Any]]) -> list[int]:
        ids = self._new_ids(what.name, len(rows))
        odd = [(column, kind) for column, kind in what.columns.items() if kind in ("json", "bytes")]
        full = []
        for id_, row in zip(ids, rows, strict=True):
            uid = row.pop("uid")
            snapshot = {column: row[column] for column in what.journaled} if what.derived else row
            salt, digest, entry = self.journal.seal(what.name, ChangeKind.CREATE, snapshot)
            head = chain(uid, entry)
            self.journal.record(what.name, id_, uid, 1, ChangeKind.CREATE, snapshot, salt, digest, head)
            stored = row
            if odd:
                stored = row | {column: _driven(kind, row[column]) for column, kind in odd}
            full.append((id_, uid, 1, head, *stored.values()))
        self.db.insert(what.name, ("id", "uid", "rev", "head", *what.columns), full)
        words.put(self.db, what.name, zip(ids, rows, strict=True))
        self._note_dates(what, dict(zip(ids, rows, strict=True)))
        return ids

    def _new_ids(self, name: str, count: int) -> list[int]:
        if self.db.dialect == "postgresql":
            return [
                row[0]
                for row in self.db.all(
                    f"SELECT nextval(pg_get_serial_sequence('{name}', 'id')) FROM generate_series(1, :count)",
                    count=count,
                )
            ]
        last = self.db.scalar("SELECT seq FROM sqlite_sequence WHERE name = :name", name=name) or 0
        return list(range(last + 1, last + 1 + count))

    def _update_batch(
        self, what: Table, changes: dict[int, Values], versioned: bool
    ) -> dict[int, dict[str, list[Any]]]:
        made: dict[int, dict[str, list[Any]]] = {}
        statements: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        copies: list[dict[str, Any]] = []
        current = self.current(what, list(changes))
        for id_, (uid, rev, head, row) in current.items():
            wanted = {column: what.plain(column, value) for column, value in changes[id_].items()}
            fields = {column: [row[column], value] for column, value in wanted.items() if row[column] != value}
            if not fields:
                continue
            if what.is_fact and versioned and row["superseded"] is None:
                now = moment_text(self.act.at)
                copies.append(row | {"superseded": now, "version_of": id_})
                fields["recorded"] = [row["recorded"], now]
            salt, digest, entry = self.journal.seal(what.name, ChangeKind.UPDATE, fields)
            new_head = chain(head, entry)
            values = {column: what.stored(column, new) for column, (_, new) in fields.items()}
            statements.setdefault(tuple(values), []).append({"id": id_, "rev": rev + 1, "head": new_head} | values)
            self.journal.record(what.name, id_, uid, rev + 1, ChangeKind.UPDATE, fields, salt, digest, new_head)
            made[id_] = fields
        told = {id_: {column: new for column, (_, new) in fields.items()} for id_, fields in made.items()}
        self._note_dates(what, told, changed=True)  # first: who gives an account away may not see it afterwards
        for columns, rows in statements.items():
            sets = ", ".join(f"{column} = :{column}" for column in ("rev", "head", *columns))
            self.db.many(f"UPDATE {what.name} SET {sets} WHERE id = :id", rows)
        words.change(self.db, what.name, ((id_, current[id_][3], new) for id_, new in told.items()))
        if copies:
            self.insert_many(what.name, copies)
        return made

    def _note_dates(self, what: Table, rows: Mapping[int, Values], *, changed: bool = False) -> None:
        """Adds to the dated history of accounts; see ``db.models.journal.Dated``."""
        if what.name != "account":
            return
        notes = [
            {
                "account": id_,
                "field": column,
                "value": None if row[column] is None else str(row[column]),
                "at": self.act.at,
            }
            for id_, row in rows.items()
            for column in sorted(DATED & row.keys())
            if changed or row[column] is not None
        ]
        if notes and changed:
            self.db.many(
                "UPDATE dated SET until = :at WHERE account_id = :account AND field = :field AND until IS NULL",
                [{key: note[key] for key in ("account", "field", "at")} for note in notes],
            )
        if notes:
            self.db.many(
                "INSERT INTO dated (account_id, field, value, since) VALUES (:account, :field, :value, :at)", notes
            )


class Attempt:
    """A savepoint that takes the journal with it; ``worked`` says whether the block was kept."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.worked = False

    def __enter__(self) -> Attempt:
        self._mark = self._writer.journal.mark()
        self._writer.db.run("SAVEPOINT attempt")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._writer.db.run("RELEASE SAVEPOINT attempt")
            self.worked = True
            return False
        if not broke_a_constraint(error):
            return False
        self._writer.db.run("ROLLBACK TO SAVEPOINT attempt")
        self._writer.db.run("RELEASE SAVEPOINT attempt")
        self._writer.journal.rewind(self._mark)
        return True


def _driven(kind: str, value: Any) -> Any:
    """A journal's JSON or bytes as either driver takes them in a plain row."""
    if value is None:
        return None
    return canonical(value) if kind == "json" else bytes.fromhex(value)


def _insert_sql(name: str, columns: list[str]) -> str:
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(f':{c}' for c in columns)})"
