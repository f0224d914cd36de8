"""Somebody changed something: asked so cheaply that it may be asked fifty times a second.

SQLite says with one pragma whether anybody else committed. Then, and on PostgreSQL always, acts are followed by
id; as there an earlier id may commit after a later one, a window of ids below the greatest is looked at again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from db.connection import Db
from db.errors import StoreError
from db.store import Store

WINDOW = 256
"""How many ids below the greatest may still commit: acts in progress at one time, with room."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to which act somebody has looked, and which ids of the window she has seen."""

    last: int
    recent: frozenset[int]
    uid: bytes | None = None
    """Of the last act (on SQLite), by which a store that was put back is known."""
    is_back: bool = False
    """Whether the store was put back to another past since: whatever one knew of it may be wrong."""


class Watch:
    """A connection of its own on which to ask; close it when done. A lost server is looked for at the next asking."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db: Db | None = None
        self._version: int | None = None
        self._lock = threading.Lock()

    def start(self) -> Seen:
        """From here on. Raises StoreError, as ``acts_since`` does."""
        with self._lock, self._connected() as db:
            self._moved(db)
            last = int(db.scalar("SELECT max(id) FROM act" if db.dialect == "sqlite" else "SELECT journal_last()") or 0)
            return Seen(last, frozenset(_ids(db, last - WINDOW)), _uid(db, last))

    def acts_since(self, seen: Seen) -> tuple[list[int], Seen]:
        """The acts committed since, in the order of their ids; the same ``seen`` when there are none."""
        with self._lock, self._connected() as db:
            if not self._moved(db):
                return [], seen
            low = seen.last - WINDOW
            if db.dialect == "sqlite":
                return self._later(db, seen)
            if db.one("SELECT count(*), max(id) FROM journal_ids(:low) id", low=low) == (len(seen.recent), seen.last):
                return [], seen
            found = _ids(db, low)
            if (there := int(db.scalar("SELECT journal_last()") or 0)) < seen.last:
                return [there], Seen(there, frozenset(_ids(db, there - WINDOW)), is_back=True)
            last = max([seen.last, *found])
            new = [id_ for id_ in found if id_ not in seen.recent]
            return new, Seen(last, frozenset(id_ for id_ in found if id_ > last - WINDOW))

    @staticmethod
    def _later(db: Db, seen: Seen) -> tuple[list[int], Seen]:
        if seen.last and _uid(db, seen.last) != seen.uid:
            last = int(db.scalar("SELECT max(id) FROM act") or 0)
            return [last], Seen(last, seen.recent, _uid(db, last), is_back=True)
        new = _ids(db, seen.last)
        return new, Seen(new[-1], seen.recent, _uid(db, new[-1])) if new else seen

    def close(self) -> None:
        """Gives the connection up."""
        with self._lock:
            self._drop()

    @contextmanager
    def _connected(self) -> Iterator[Db]:
        self._db = self._db or Db(self._store.connect(), self._store.dialect)
        try:
            yield self._db
        except StoreError:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._db is not None:
            self._db.raw.close()
        self._db = self._version = None

    def _moved(self, db: Db) -> bool:
        """Whether anybody may have committed since the last time."""
        if db.dialect != "sqlite":
            return True
        version = int(db.scalar("PRAGMA data_version"))
        moved = version != self._version
        self._version = version
        return moved


def _uid(db: Db, act: int) -> bytes | None:
    if db.dialect != "sqlite":
        return None
    found = db.scalar("SELECT uid FROM act WHERE id = :act", act=act)
    return None if found is None else bytes(found)


def _ids(db: Db, low: int) -> list[int]:
    # On PostgreSQL also of acts one may not read: that there was one says that it is time to look.
    sql = "SELECT id FROM act WHERE id > :low ORDER BY id" if db.dialect == "sqlite" else "SELECT journal_ids(:low)"
    return [row[0] for row in db.all(sql, low=low)]
