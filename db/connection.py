"""One driver connection, spoken to in one dialect: SQL text with ``:name`` parameters, rows as tuples or records."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar

from db.errors import OutOfPatience, StoreBusy, StoreError, StoreForeign, StoreGone, StoreUnreachable
from db.values import canonical, moment_text

Dialect = Literal["sqlite", "postgresql"]
T = TypeVar("T")
NO_TEXT = "a text in it is none"
_REFUSED = re.compile(r"(?:FATAL:|fe_sendauth:)(.*(?:does not exist|authentication failed|no pg_hba|no password|not permitted).*)")
"""What a server says that runs and does not want us; with it, trying again is of no use."""
_IDS = 500
"""So many ids in one statement."""
_PROGRESS_STEPS = 4_000
"""Steps of SQLite's machine between two looks at the clock: a fraction of a millisecond."""


def chain(head: bytes, entry: bytes) -> bytes:
    """The head of a journal chain after one more entry. PostgreSQL has the same function, by migration."""
    return hashlib.sha256(head + entry).digest()


class Db:
    """An open transaction. The same SQL text runs on SQLite and PostgreSQL."""

    def __init__(self, raw: Any, dialect: Dialect) -> None:
        self.raw = raw
        self.dialect: Dialect = dialect
        self._adapt = _to_sqlite if dialect == "sqlite" else _to_postgresql
        self.began: tuple[Any, ...] | None = None
        """The row that came with the answer to the BEGIN, when one was asked for."""

    def begin(self, sql: str) -> None:
        """Begins the transaction; what PostgreSQL is asked in the same breath is then ``began``."""
        with _Translated():
            cursor = self.raw.execute(sql)
            if self.dialect == "postgresql" and cursor.nextset():
                self.began = cursor.fetchone()

    def all(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        """Every row, as tuples of the driver's own values."""
        cursor = self._execute(sql, params)
        with _Translated():
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def one(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        cursor = self._execute(sql, params)
        with _Translated():
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def scalar(self, sql: str, /, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, **params)
        return None if row is None else row[0]

    def rows(self, cls: type[T], sql: str, /, **params: Any) -> list[T]:
        """Every row as a ``cls``, columns matched to its fields by name and converted to their types."""
        columns, found = self.table(sql, **params)
        build = record(cls, columns)
        return [build(row) for row in found]

    def table(self, sql: str, /, **params: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The columns' names, and every row."""
        cursor = self._execute(sql, params)
        with _Translated():
            return tuple(column[0] for column in cursor.description), cursor.fetchall()

    def run(self, sql: str, /, **params: Any) -> int:
        """Executes; returns how many rows it touched."""
        count: int = self._execute(sql, params).rowcount
        return count

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Executes once per row of parameters."""
        adapted = ({name: self._adapt(value) for name, value in row.items()} for row in rows)
        with _Translated():
            if self.dialect == "sqlite":
                self.raw.executemany(sql, adapted)
            else:
                self.raw.cursor().executemany(_pyformat(sql), list(adapted))

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Inserts rows of values the driver takes as they are: text for moments and JSON, ids for enums."""
        mark = "?" if self.dialect == "sqlite" else "%s"
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(mark for _ in columns)})"
        with _Translated():
            if self.dialect == "sqlite":
                self.raw.executemany(sql, rows)
            else:
                self.raw.cursor().executemany(sql, rows)

    def learn(self) -> None:
        """Lets PostgreSQL look at what it holds, after many rows were written: it plans by that, and by itself it would
        look a minute later. Tables that are somebody else's it leaves to that round; SQLite plans by its indexes alone.
        """
        if self.dialect == "postgresql":
            self.run("ANALYZE (SKIP_LOCKED)")

    @contextmanager
    def patience(self, seconds: float | None, unwanted: Callable[[], bool] | None = None) -> Iterator[None]:
        """Stops an SQLite statement in the block that takes longer, or whose answer nobody wants any more.

        Raises OutOfPatience. PostgreSQL plans by what it knows of the rows and has time-outs of its own: there it
        does nothing.
        """
        if self.dialect != "sqlite":
            yield
            return
        deadline = None if seconds is None else time.monotonic() + seconds

        def stop() -> bool:
            return (deadline is not None and time.monotonic() > deadline) or (unwanted is not None and unwanted())

        self.raw.set_progress_handler(stop, _PROGRESS_STEPS)
        try:
            yield
        finally:
            self.raw.set_progress_handler(None, 0)

    @staticmethod
    def marks(prefix: str, values: Sequence[Any], params: dict[str, Any]) -> str:
        """``:i0, :i1`` for an IN list; puts the values into ``params``. At most a few thousand."""
        params.update({f"{prefix}{n}": value for n, value in enumerate(values)})
        return ", ".join(f":{prefix}{n}" for n in range(len(values))) or "NULL"

    def of(self, sql: str, ids: Sequence[int], /, **params: Any) -> list[tuple[Any, ...]]:
        """Every row of a statement with ``IN ({ids})``, however many ids: asked in batches, as a store takes only so many."""
        return [row for part, batch in self._batches(sql, ids, params) for row in self.all(part, **batch)]

    def rows_of(self, cls: type[T], sql: str, ids: Sequence[int], /, **params: Any) -> list[T]:
        """The same, every row as a ``cls``."""
        return [row for part, batch in self._batches(sql, ids, params) for row in self.rows(cls, part, **batch)]

    def _batches(self, sql: str, ids: Sequence[int], params: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for start in range(0, len(ids), _IDS):
            batch = dict(params)
            marks = self.marks("i", ids[start : start + _IDS], batch)
            yield sql.replace("{ids}", marks), batch

    def _execute(self, sql: str, params: Mapping[str, Any]) -> Any:
        adapt = self._adapt
        adapted = {name: adapt(value) for name, value in params.items()}
        with _Translated():
            if self.dialect == "sqlite":
                return self.raw.execute(sql, adapted)
            return self.raw.execute(_pyformat(sql), adapted)


@cache
def _pyformat(sql: str) -> str:
    """``:name`` to psycopg's ``%(name)s``; ``::type`` casts and what stands in quotes stay."""
    found = r"('[^']*')|(?<!:):([a-zA-Z_]\w*)"
    return re.sub(found, lambda match: match[1] or f"%({match[2]})s", sql.replace("%", "%%"))


def _to_sqlite(value: Any) -> Any:
    if value is None or type(value) in (int, str, bytes):
        return value
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict | list | tuple):
        return canonical(value)
    return value


def _to_postgresql(value: Any) -> Any:
    if isinstance(value, dict | list | tuple):
        from psycopg.types.json import Json

        return Json(value, dumps=canonical)
    return value.value if isinstance(value, Enum) else value


class _Translated:
    """Driver errors leave as ours; integrity errors stay what they are (a bug, or a conflict the caller knows)."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is not None:
            translated = store_error(error)
            if translated is not None:
                raise translated from error


def store_error(error: BaseException) -> StoreError | None:
    """Our error for a driver's, or None when it is not about the store itself."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):  # which quotes the text
        return StoreForeign(f"The store is damaged ({NO_TEXT}). Restore a backup: cockpit restore FILE.")
    if isinstance(error, sqlite3.Error):
        return _sqlite_error(error)
    if type(error).__module__.split(".")[0] == "psycopg":
        return _postgresql_error(error)
    return None


def broke_a_constraint(error: BaseException) -> bool:
    """Whether a driver refused a row because of a unique name, a reference or a missing value."""
    return isinstance(error, sqlite3.IntegrityError) or str(getattr(error, "sqlstate", None) or "").startswith("23")


def _sqlite_error(error: sqlite3.Error) -> StoreError | None:
    words = str(error)
    whole = getattr(error, "sqlite_errorcode", 0)
    code = whole & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy("The store is busy: others are writing. Try again in a moment.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreForeign(
            f"The store is damaged or not a Cockpit store ({words}). Restore a backup: cockpit restore FILE."
        )
    if code == sqlite3.SQLITE_INTERRUPT:
        return OutOfPatience("The search was given up.")
    if code == sqlite3.SQLITE_FULL or whole == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the index of the log
        return StoreUnreachable("The disk is full: nothing was written. Free some space and do it again.")
    if code == sqlite3.SQLITE_READONLY:
        return StoreUnreachable("The store's file may not be written by you. Check its owner and mode.")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreUnreachable(f"The store's file cannot be used ({words}): nothing was written.")
    return None


def _postgresql_error(error: BaseException) -> StoreError | None:
    state = getattr(error, "sqlstate", None)
    if state in ("40001", "40P01", "55P03", "57014"):
        return StoreBusy("The store is busy: others are writing. Try again in a moment.")
    if state is None and (why := _REFUSED.search(str(error))):
        return StoreUnreachable(
            f"The PostgreSQL server does not let you in: {why[1].strip()}. Check the address, the login and its password."
        )
    if state is None and type(error).__name__ in ("OperationalError", "InterfaceError"):
        return StoreGone(
            "The PostgreSQL server does not answer: nothing was written. Check that it runs, then try again."
        )
    if state is not None and state[:2] in ("08", "57"):
        return StoreGone(
            "The PostgreSQL server closed the connection: nothing was written. Try again in a moment."
        )
    if state == "42501":
        return StoreUnreachable("The database does not let you do this. Ask who runs the store.")
    return None


def record(cls: type[T], columns: tuple[str, ...]) -> Callable[[tuple[Any, ...]], T]:
    """A function from a row with these columns to a ``cls`` (a dataclass with those fields)."""
    shape: Any = cls
    plan = _plan(shape, columns)

    def build(row: tuple[Any, ...]) -> T:
        return cls(**{name: row[n] if read is None else read(row[n]) for n, name, read in plan})

    return build


@cache
def _plan(cls: Any, columns: tuple[str, ...]) -> tuple[tuple[int, str, Callable[[Any], Any] | None], ...]:
    hints = typing.get_type_hints(cls)
    known = {field.name for field in fields(cls)}
    return tuple((n, name, _reader(hints[name])) for n, name in enumerate(columns) if name in known)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    kinds = set(typing.get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
    if datetime in kinds:
        return as_moment
    if date in kinds:
        return as_date
    if bool in kinds:
        return lambda value: None if value is None else bool(value)
    if any(typing.get_origin(kind) in (dict, list) or kind in (dict, list) for kind in kinds):
        return as_json
    if bytes in kinds:
        return lambda value: None if value is None else bytes(value)
    return None


def as_moment(value: Any) -> datetime | None:
    """A stored moment as aware UTC."""
    if value is None:
        return None
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def as_date(value: Any) -> date | None:
    """A stored date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_json(value: Any) -> Any:
    """A stored JSON value."""
    return json.loads(value) if isinstance(value, str) else value
