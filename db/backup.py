"""Whole copies of a store in one SQLite file, whichever store they come from, and putting one back.

A copy is made beside its place, checked and synced before it gets its name: what has the name is good.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from db import archive
from db.connection import NO_TEXT, Db, chain, store_error
from db.errors import StoreError, StoreForeign, StoreMissing, StoreUnreachable, StoreVersion
from db.gate import gate
from db.store import APPLICATION_ID, SCHEMA, Store, is_server

MAGIC = b"SQLite format 3\x00"
NEWEST_FORM = 2
"""The write-ahead form: a file that says more than that is damaged, and would be one that nobody may write."""
SIDES = ("-wal", "-shm")
BESIDE = ("-journal", "-gate", *SIDES)
"""What SQLite and we keep beside a store."""


def look(path: Path) -> int:
    """The schema number of a store's file, read from its header alone.

    Raises StoreMissing, StoreForeign (no store, an empty or cut file), StoreVersion (a newer one), StoreUnreachable.
    """
    if path.is_dir():
        raise StoreForeign(f"{path} is a folder, not a backup: nothing was changed.")
    if not path.is_file():
        raise StoreMissing(f"There is no file {path}.")
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreUnreachable(f"{path} cannot be read: {error.strerror}.") from error
    if len(header) < 100 or not header.startswith(MAGIC) or max(header[18:20]) > NEWEST_FORM:
        raise StoreForeign(f"{path} is damaged, or no backup of Cockpit: nothing was changed.")
    stamp = int.from_bytes(header[68:72], "big")
    if stamp == archive.APPLICATION_ID:
        raise StoreForeign(f"{path} holds archived entries, not a store: nothing was changed.")
    if stamp != APPLICATION_ID:
        raise StoreForeign(f"{path} is a database of another program: nothing was changed.")
    schema = int.from_bytes(header[60:64], "big")
    if schema > SCHEMA:
        raise StoreVersion(
            f"{path} was made by a newer Cockpit (schema {schema}, this one knows {SCHEMA}). Update Cockpit; nothing was changed."
        )
    return schema


def take(store: Store, target: Path) -> None:
    """Copies a store as it is at one moment into a new file of its owner's alone, while others write. Raises StoreError."""
    if store.dialect == "postgresql":
        from db.backup_server import dump

        with translated(target), store.read() as db:
            dump(db, target)
        _sync(target)
    else:
        copy_file(Path(store.url), target)


def copy_file(source: Path, target: Path) -> None:
    """Copies an SQLite store as it is at one moment into a new file of its owner's alone. Raises StoreError."""
    _new_file(target)
    with translated(target, source), closing(sqlite3.connect(target, isolation_level=None)) as new:
        copy_pages(source, new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, also for those who may only read it
    _sync(target)


def faults(path: Path) -> list[str]:
    """What is wrong inside a file: broken pages and indexes, rows that refer to nothing. Empty when it is whole."""
    try:
        with closing(reading(path)) as raw:
            found = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            lost = raw.execute("PRAGMA foreign_key_check").fetchmany(20)
            return found + [f"row {row[1]} of {row[0]} refers to what is not there in {row[2]}" for row in lost]
    except UnicodeDecodeError:
        return [NO_TEXT]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def copy_pages(source: Path, new: sqlite3.Connection) -> None:
    """Copies every page of a store in one step, so that writers neither wait nor start it over."""
    with closing(reading(source)) as old:
        old.backup(new, pages=-1)


def put_name(temp: Path, target: Path, *, replace: bool) -> None:
    """Gives a finished file its name, for good. Raises StoreForeign when the name is taken and may not be replaced."""
    if target.exists() and not replace:
        raise StoreForeign(f"{target} is there already: --force writes over it.")
    try:
        os.replace(temp, target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StoreUnreachable(f"{target} cannot be written: {error.strerror}.") from error


def put_back(source: Path, into: str, aside: Path) -> None:
    """Puts a store's file in the place of another, which is kept as ``aside``.

    One that works is copied aside and written over in one transaction, so that whoever has it open goes on with the
    new; one that does not is moved aside. Raises StoreError; the old store is then as it was.
    """
    live = Path(into)
    if not live.exists():
        put_name(source, live, replace=False)
        return
    if not is_whole(into):
        for side in ("", *SIDES):
            if (old := Path(f"{into}{side}")).exists():
                os.rename(old, f"{aside}{side}")
        put_name(source, live, replace=False)
        return
    store = Store(into)
    try:
        with gate(into).turn():
            with part(aside) as copy:
                take(store, copy)
                put_name(copy, aside, replace=False)
            with translated(live), closing(store.connect()) as raw:
                try:
                    copy_pages(source, raw)
                except BaseException:  # the old store stands as it was: no second one beside it
                    aside.unlink()
                    raise
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.close()


def rewrite(store: Store) -> bool:
    """Writes an SQLite store's file anew without what was freed, its log too; False when others hold it."""
    try:
        with gate(store.url).turn(), translated(), closing(store.connect()) as raw:
            raw.execute("PRAGMA secure_delete = ON")
            raw.execute("VACUUM")
            busy: int = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except StoreError:
        return False
    return not busy


def is_whole(path: str) -> bool:
    """Whether there is a store of this version that can be read."""
    try:
        Store.open(path).close()
    except StoreError:
        return False
    return not faults(Path(path))


def temporary(beside: Path) -> Path:
    """A name nobody else uses, in the same folder."""
    return beside.with_name(f".{beside.name}.{os.getpid()}-{os.urandom(4).hex()}.part")


@contextmanager
def part(beside: Path) -> Iterator[Path]:
    """A name to make a file under; whatever is left of it at the end is removed."""
    temp = temporary(beside)
    try:
        yield temp
    finally:
        for side in ("", *BESIDE):
            Path(f"{temp}{side}").unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[Db]:
    """A transaction on a file nobody else has."""
    with translated(), closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.create_function("chain", 2, chain, deterministic=True)
        raw.execute("BEGIN IMMEDIATE")
        yield Db(raw, "sqlite")
        raw.execute("COMMIT")
    _sync(path)


def shown(url: str) -> str:
    """A store's place as people may read it: no password."""
    if not is_server(url):
        return url
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    who = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{who}{parts.hostname or ''}{parts.path}"


def reading(path: Path) -> sqlite3.Connection:
    """A connection to a store's file that cannot write."""
    raw = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=30, isolation_level=None)
    raw.create_function("chain", 2, chain, deterministic=True)
    return raw


def _new_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreUnreachable(f"Nothing can be written at {path.parent}: {error.strerror}.") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        raise StoreUnreachable(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        os.close(handle)


@contextmanager
def translated(target: Path | None = None, source: Path | None = None) -> Iterator[None]:
    """A driver's errors leave as ours; a full disk is that of ``target``, damage that of ``source``."""
    try:
        yield
    except BaseException as error:
        known = store_error(error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if target and code == sqlite3.SQLITE_FULL:
            where = target.absolute().parent
            known = StoreUnreachable(f"The disk of {where} is full: nothing was written. Free some space and do it again.")
        elif source and (isinstance(known, StoreForeign) or code == sqlite3.SQLITE_READONLY):
            why = NO_TEXT if isinstance(error, UnicodeDecodeError) else error
            known = StoreForeign(f"{source} is damaged ({why}): nothing was changed.")
        if known is None and isinstance(error, sqlite3.Error):
            known = StoreForeign(f"The file cannot be used: {error}.")
        if known is None:
            raise
        raise known from error
