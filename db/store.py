"""The store: an SQLite file or a PostgreSQL database. The only place where a transaction begins or ends."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from db.connection import Db, Dialect, as_moment, chain, store_error
from db.errors import (
    StoreError,
    StoreForeign,
    StoreGone,
    StoreMissing,
    StoreUnreachable,
    StoreUnsure,
    StoreVersion,
)
from db.gate import Gate, gate

SCHEMA = 6
"""The number of the newest migration."""
SYNC = "FULL"
"""A commit waits until the disk has it (tests that are not about that do not wait)."""
APPLICATION_ID = 0x43504954
"""``CPIT`` in the header of every SQLite store."""
BUSY_MS = 5_000
_IDLE_MAX = 8


TAKING = 0x43504956
"""Of the server's advisory locks those, one a person, that whatever takes work on for her holds until it is kept."""
_STAMP = "SELECT value, now() FROM info WHERE key = 'schema'"
"""Whether it is still our schema, and what time it is: the server says it in the answer to a BEGIN."""


def _commit(db: Db) -> None:
    db.run("COMMIT")


class Store:
    """A place acts are kept. Thread-safe: each transaction borrows a connection of its own."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = url
        self.read_only = read_only
        self.dialect: Dialect = "postgresql" if is_server(url) else "sqlite"
        self.kind = "team"
        self._begin = "BEGIN"
        self._gate: Gate | None = None
        self._idle: list[Any] = []
        self._file: tuple[int, int] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, url: str, *, read_only: bool = False) -> Store:
        """Opens a store that exists.

        Raises StoreMissing, StoreForeign (not ours, damaged), StoreVersion (older or newer), StoreUnreachable.
        """
        store = cls(url, read_only=read_only)
        if store.dialect == "sqlite" and not Path(url).is_file():
            if Path(url).is_dir():
                raise StoreForeign(f"{url} is a folder, not a store.")
            raise StoreMissing(f"There is no store at {url}. `cockpit demo` or `cockpit import FILE` makes one.")
        try:
            store._file = _which_file(url) if store.dialect == "sqlite" else None
            with store.read() as db:
                store._check(db)
            store._begin = f"BEGIN; {_STAMP}"
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, url: str, *, kind: str = "team") -> Store:
        """Makes a new, empty store by running every migration; ``kind`` is team, demo or test."""
        from db.migrations import build

        if not is_server(url):
            _make_file(Path(url))
        build(url, kind)
        return cls.open(url)

    @contextmanager
    def read(self) -> Iterator[Db]:
        """A snapshot: every statement inside sees the same moment."""
        begin = "BEGIN" if self.dialect == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._transaction(begin) as db:
            yield db

    @contextmanager
    def write(self, taking: int | None = None) -> Iterator[Db]:
        """One transaction that changes the store: all of it is kept when the block ends well, none otherwise.

        ``taking`` is who takes work on in it: on a server she waits, in the answer to the BEGIN, for who is dealing some
        out to her, and he for her; her own windows do not wait for each other.
        Raises StoreBusy when others hold it longer than the busy time-out.
        """
        if self.dialect == "postgresql":
            own = "" if taking is None else f"; SELECT pg_advisory_xact_lock_shared({TAKING}, {taking})"
            with self._transaction(self._begin + own, self._keep) as db:
                yield db
            return
        self._gate = self._gate or gate(self.url)
        with self._gate.turn() as place:
            is_waited_for = self._is_waited_for(place)
            with self._transaction("BEGIN IMMEDIATE", level="NORMAL" if is_waited_for else None) as db:
                yield db
        if is_waited_for:
            self._sync_log()

    def _is_waited_for(self, place: int | None) -> bool:
        """Whether others wait behind us: then the turn is given on before the disk has our commit, and we wait outside.

        Nothing is acknowledged before it is synced, and a sync takes everything before it along; of 64 that wait, one
        sync serves many.
        """
        return SYNC == "FULL" and self._gate is not None and self._gate.is_waited_for(place)

    def _sync_log(self) -> None:
        """Waits until the disk has the write-ahead log, or what was copied back from it. Raises StoreUnreachable."""
        try:
            log = os.open(f"{os.path.realpath(self.url)}-wal", os.O_RDWR)  # the locks of a store are on its other files
            try:
                getattr(os, "fdatasync", os.fsync)(log)
            finally:
                os.close(log)
        except FileNotFoundError:
            return  # whoever copied it back has synced the store before removing it
        except OSError as error:
            raise StoreUnreachable(
                f"The disk did not confirm what was saved ({error.strerror}). Look whether it is there before you do it again;"
                " cockpit doctor says more."
            ) from error

    def stamp(self, db: Db) -> datetime | None:
        """The moment of this transaction by the server's clock (None on SQLite, where there is only one's own).

        Raises StoreVersion when another version of Cockpit has upgraded the store since it was opened.
        """
        if self.dialect == "sqlite":
            schema, at = db.scalar("PRAGMA user_version"), None
        else:
            schema, at = db.began or db.one(_STAMP) or (0, None)
        _check_schema(int(schema))
        return as_moment(at)

    def connect(self) -> Any:
        """A new driver connection with this store's settings, in nobody's transaction."""
        try:
            return self._connect_sqlite() if self.dialect == "sqlite" else self._connect_postgresql()
        except StoreError:
            raise
        except Exception as error:  # any driver error at connect means the same to the reader
            known = store_error(error)
            raise known or StoreUnreachable(f"The store cannot be opened: {_masked(str(error), self.url)}") from error

    def close(self) -> None:
        """Closes every idle connection."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._gate = None
        for raw in idle:
            raw.close()

    @contextmanager
    def _transaction(self, begin: str, keep: Callable[[Db], None] = _commit, level: str | None = None) -> Iterator[Db]:
        db = self._begun(begin, level)
        try:
            yield db
            keep(db)
        except BaseException as error:
            self._give_back(db.raw, error, level)
            known = store_error(wrapped) if (wrapped := getattr(error, "orig", None)) else None
            if known is not None:  # SQLAlchemy's own wrapping of what the driver said
                raise known from error
            raise
        self._give_back(db.raw, level=level)

    @staticmethod
    def _keep(db: Db) -> None:
        try:
            db.run("COMMIT")
        except StoreGone as error:
            raise StoreUnsure(
                "The PostgreSQL server went away while it was saving. Look whether it did before you do it again."
            ) from error

    def _begun(self, begin: str, level: str | None = None) -> Db:
        """A transaction on an idle connection, or on a new one when the server has closed those meanwhile."""
        if self._file is not None:
            self._check_file(self._file)
        fresh = not self._idle
        db = Db(self._borrow(), self.dialect)
        try:
            if level is not None:
                db.run(f"PRAGMA synchronous = {level}")
            db.begin(begin)
        except StoreGone as error:
            self._give_back(db.raw, error)
            if fresh:
                raise
            self.close()
            return self._begun(begin, level)
        except BaseException as error:
            self._give_back(db.raw, error, level)
            raise
        return db

    def _check_file(self, opened: tuple[int, int]) -> None:
        """What is written to a file that lost its name is lost with it, whoever still has it open. Raises StoreMissing."""
        found = _which_file(self.url)
        if found != opened:
            what = "moved or removed" if found is None else "replaced by another file"
            raise StoreMissing(f"{self.url} was {what} while it was open: nothing was written. Put it back, or leave and open anew.")

    def _borrow(self) -> Any:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self.connect()

    def _give_back(self, raw: Any, error: BaseException | None = None, level: str | None = None) -> None:
        if error is not None:
            try:
                if self.dialect == "postgresql" or raw.in_transaction:
                    Db(raw, self.dialect).run("ROLLBACK")
            except StoreError as worse:
                error = worse
        if isinstance(error, StoreUnreachable | StoreForeign):
            # It may remember what was the matter (SQLite opens a file to read it when it could not to write it).
            raw.close()
            return
        if level is not None:
            raw.execute(f"PRAGMA synchronous = {SYNC}")
        with self._lock:
            if len(self._idle) < _IDLE_MAX:
                self._idle.append(raw)
                return
        raw.close()

    def _connect_sqlite(self) -> sqlite3.Connection:
        raw = self._connect_to_look() if self.read_only else _driver_sqlite(self.url)
        try:
            self._set_up(raw)
        except BaseException:
            raw.close()
            raise
        return raw

    def _set_up(self, raw: sqlite3.Connection) -> None:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        if not self.read_only and _may_be_ours(raw):
            raw.execute("PRAGMA journal_mode = WAL")
        raw.execute(f"PRAGMA synchronous = {SYNC}")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA journal_size_limit = 67108864")
        raw.execute("PRAGMA mmap_size = 0")
        raw.execute("PRAGMA trusted_schema = OFF")
        if self.read_only:
            raw.execute("PRAGMA query_only = ON")
        raw.create_function("chain", 2, chain, deterministic=True)

    def _connect_to_look(self) -> sqlite3.Connection:
        """A connection that cannot write, also to a file or in a folder where this login may not.

        SQLite keeps a log and an index of it beside a file that is in use. Where it may not make them and there is no
        log, the file is read as it stands: nobody writes it then.
        """
        place = f"file:{quote(os.path.abspath(self.url))}"
        raw = _driver_sqlite(f"{place}?mode=ro")
        try:
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            raw.close()
            log = Path(f"{self.url}-wal")
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
            if log.exists() and log.stat().st_size:
                raise StoreUnreachable(
                    f"{self.url} was left with changes in {log.name} that only who may write the folder can read."
                    " Open it once with that login, or copy the files elsewhere."
                ) from error
            raw = _driver_sqlite(f"{place}?immutable=1")
        return raw

    def _connect_postgresql(self) -> Any:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise StoreUnreachable("PostgreSQL needs its driver: pip install 'csm-cockpit[postgres]'.") from error
        raw = psycopg.connect(self.url, autocommit=True, connect_timeout=5)
        raw.execute("SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '600s'")
        if self.read_only:
            raw.execute("SET default_transaction_read_only = on")
        return raw

    def _check(self, db: Db) -> None:
        if self.dialect == "sqlite":
            stamp = db.scalar("PRAGMA application_id")
            if stamp == 0 and not db.scalar("SELECT count(*) FROM sqlite_master"):  # a making that was killed
                raise StoreMissing(f"There is no store at {self.url} yet. `cockpit demo` or `cockpit import FILE` makes one.")
            if stamp != APPLICATION_ID:
                raise StoreForeign(f"{self.url} is not a Cockpit store.")
            schema = db.scalar("PRAGMA user_version")
        elif not db.scalar("SELECT to_regclass('info') IS NOT NULL"):
            raise StoreMissing(
                "That database holds no Cockpit store yet. `cockpit import FILE` or `cockpit demo` makes one."
            )
        else:
            schema = int(db.scalar("SELECT value FROM info WHERE key = 'schema'"))
        _check_schema(schema)
        self.kind = db.scalar("SELECT value FROM info WHERE key = 'kind'")


def _driver_sqlite(place: str) -> sqlite3.Connection:
    return sqlite3.connect(
        place,
        uri=place.startswith("file:"),
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def _may_be_ours(raw: sqlite3.Connection) -> bool:
    """Whether a file is our store, or still empty: how another program's is kept is its own business."""
    stamp: int = raw.execute("PRAGMA application_id").fetchone()[0]
    return stamp == APPLICATION_ID or not raw.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()


def is_server(url: str) -> bool:
    """Whether the URL names a PostgreSQL database (anything else is a path)."""
    return url.startswith(("postgresql://", "postgres://"))


def _which_file(path: str) -> tuple[int, int] | None:
    """Which file has that name, None when there is none; a file keeps this for life."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_file(path: Path) -> None:
    if path.exists() and path.stat().st_size and not _is_blank(path):
        raise StoreForeign(f"{path} is there already.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnreachable(f"A store cannot be made at {path}: {error.strerror}.") from error


def _is_blank(path: Path) -> bool:
    """Whether there is an SQLite file without anything in it: all that a making which was killed leaves behind."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            stamp = raw.execute("PRAGMA application_id").fetchone()
            return (*stamp, *raw.execute("SELECT count(*) FROM sqlite_master").fetchone()) == (0, 0)
    except sqlite3.Error:
        return False


def _check_schema(schema: int) -> None:
    if schema > SCHEMA:
        raise StoreVersion(
            f"This store was made by a newer Cockpit (schema {schema}, this one knows {SCHEMA}). Update Cockpit."
        )
    if schema < SCHEMA:
        raise StoreVersion(
            f"This store is of an older Cockpit (schema {schema}, this one needs {SCHEMA}). Run: cockpit db upgrade."
        )


def _masked(words: str, url: str) -> str:
    """Nothing of a password reaches a message."""
    if not is_server(url):
        return words
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all: nobody can tell which part of it is the password
        return words.replace(url, "…")
    secrets = {parts.password or "", unquote(parts.password or ""), *parse_qs(parts.query).get("password", ())}
    for secret in sorted(secrets - {""}, key=len, reverse=True):
        words = words.replace(secret, "***")
    return words
