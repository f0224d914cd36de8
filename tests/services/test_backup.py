"""A backup is good or does not exist; a restore takes nothing that is not, and keeps what it replaces."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.backup import Restored, backup, describe, restore
from cockpit.services.errors import Forbidden, Refused, StoreError
from cockpit.services.history import acts, undo
from cockpit.services.queue import claim, claim_next, release
from cockpit.services.seal import read_seal, seal
from cockpit.services.verify import verify
from db import backup as files
from db.errors import StoreForeign, StoreMissing, StoreVersion
from db.store import Store
from tests import builders
from tests.builders import account, ctas, desk_of, person, snapshot
from tests.conftest import NOW
from tests.db.test_journal import tamper

NewUrl = Callable[[str], str]
PACE = 0.05
"""Seconds between two acts of a writer: sixteen without a rest keep the interpreter they share from who makes the backup."""


def clock() -> Any:
    return NOW


def put(file: Path | str, into: str, login: str = "oz", **how: Any) -> Restored:
    return restore(str(file), into, login, clock, **how)


@pytest.fixture
def made(desk: Desk, tmp_path: Path) -> Path:
    """A backup of a store with a little of everything in it."""
    ids = ctas(desk, 3)
    person(desk, account(desk, "Acme", extra={"Ä": "ö\u2028"}, renewal_date=desk.today()), "Mia Ortiz")
    claim(desk, ids[:2])
    release(desk, ids[:1], "it's \\ their \ttab")
    undo(desk)
    backup(desk, str(tmp_path / "backup.db"))
    return tmp_path / "backup.db"


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    stores: list[Store] = []

    def open_(url: str) -> Store:
        stores.append(Store.open(url))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


def plain(store: Store) -> dict[str, Any]:
    """Every row of every table in one spelling, whatever the store."""
    from db.columns import table, tables

    found: dict[str, Any] = {}
    for name, rows in snapshot(store, but=()).items():
        if name in tables():
            what = table(name)
            with store.read() as db:
                columns = ["id", "uid", "rev", "head", *what.columns]
                found[name] = sorted(
                    (r[0], bytes(r[1]), r[2], bytes(r[3]), str(what.plain_row(list(what.columns), r[4:], db.dialect)))
                    for r in db.all(f"SELECT {', '.join(columns)} FROM {name}")
                )
        else:
            found[name] = len(rows)
    return found


def test_a_backup_is_one_file_of_its_owners_alone(desk: Desk, made: Path):
    assert made.stat().st_mode & 0o777 == 0o600
    assert files.faults(made) == []
    assert [p.name for p in made.parent.iterdir() if p.name.startswith((".backup", "backup"))] == ["backup.db"]


def test_it_can_be_looked_at_as_it_is(made: Path, opened: Callable[[str], Store]):
    made.chmod(0o400)
    store = Store.open(str(made), read_only=True)
    looking = desk_of(store, "ana", NOW)
    looking.read_only = True
    assert verify(looking).ok
    assert len(acts(looking)) > 5
    store.close()
    assert not made.with_name("backup.db-wal").exists()


def test_it_holds_everything(desk: Desk, made: Path, opened: Callable[[str], Store]):
    assert plain(opened(str(made))) == plain(desk.store)


def test_its_seal_is_the_stores(desk: Desk, tmp_path: Path, opened: Callable[[str], Store]):
    account(desk)
    done = backup(desk, str(tmp_path / "b.db"))
    assert done.seal is not None
    copy = desk_of(opened(str(tmp_path / "b.db")), "oz", NOW)
    account(desk)
    for one in (copy, desk):
        assert verify(one, against=read_seal(done.seal)).ok
    assert (done.ok, done.path) == (True, str(tmp_path / "b.db"))
    assert acts(desk)[1].what.endswith("for a backup by ana")


def test_a_name_that_is_taken_is_left_alone(desk: Desk, made: Path, tmp_path: Path):
    before = made.read_bytes()
    for path, code in ((made, "exists"), (tmp_path, "folder"), (tmp_path / "no" / "where.db", "folder")):
        with pytest.raises(Refused) as no:
            backup(desk, str(path))
        assert no.value.code == code
    assert made.read_bytes() == before
    account(desk)
    assert backup(desk, str(made), force=True).changes > 0


@pytest.mark.sqlite_only
def test_the_store_itself_is_no_place_for_its_backup(desk: Desk, store_url: str):
    with pytest.raises(Refused, match="is the store itself"):
        backup(desk, store_url, force=True)
    with pytest.raises(Refused, match="is the store itself"):
        put(store_url, store_url)


@pytest.mark.sqlite_only
def test_a_copy_that_is_damaged_gets_no_name(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "faults", lambda path: ["row 7 missing from index"])
    with pytest.raises(StoreForeign, match="doctor --full"):
        backup(desk, str(tmp_path / "b.db"))
    assert [p.name for p in tmp_path.iterdir() if "b.db" in p.name] == []


@pytest.mark.parametrize("target", ["sqlite", "the same"])
def test_restoring_where_there_is_nothing(
    desk: Desk, made: Path, target: str, new_url: NewUrl, tmp_path: Path, opened: Callable[[str], Store]
):
    into = str(tmp_path / "new" / "store.db") if target == "sqlite" else new_url("none")
    assert describe(into) is None
    done = put(made, into)
    store = opened(into)
    with store.read() as db:
        assert db.one("SELECT verb, actor FROM act ORDER BY id DESC LIMIT 1") == ("restore", "oz")
    assert (done.kept, done.ok) == (None, True)
    at = desk_of(store, "ana", NOW)
    assert verify(at).problems == ()
    there, here = plain(store), plain(desk.store)
    assert there.pop("act") == here.pop("act") + 1
    assert there == here
    # Work goes on: no id is given twice, acts can be taken back, seals go on.
    assert undo(at).reverted
    (id_,) = ctas(at, 1)
    assert claim(at, [id_]).act
    assert seal(at).is_new
    assert verify(at).problems == ()


def test_restoring_over_a_store_keeps_the_old_one(
    desk: Desk, made: Path, store_url: str, tmp_path: Path, opened: Callable[[str], Store]
):
    (late,) = ctas(desk, 1)
    done = put(made, store_url)
    assert done.kept is not None
    assert "20261123T090000Z" in done.kept
    assert Path(done.kept).stat().st_mode & 0o777 == 0o600
    with opened(done.kept).read() as db:
        assert db.scalar("SELECT count(*) FROM cta WHERE id = :id", id=late) == 1
    # Whoever had it open goes on with what is there now.
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM cta WHERE id = :id", id=late) == 0
    assert claim_next(desk).items[0].owner == "ana"
    assert verify(desk).problems == ()
    with pytest.raises(Refused, match="cannot be taken back: it is a restored backup"):
        undo(builders.desk_of(desk.store, "oz", NOW), done.act)
    assert put(done.kept, store_url).kept != done.kept


@pytest.mark.sqlite_only
def test_a_damaged_store_makes_room_for_its_backup(desk: Desk, made: Path, store_url: str):
    desk.store.close()
    Path(store_url).write_bytes(b"rubbish" * 1000)
    assert "cannot be read" in (describe(store_url) or "")
    done = put(made, store_url)
    assert done.kept is not None
    assert Path(done.kept).read_bytes().startswith(b"rubbish")
    store = Store.open(store_url)
    assert verify(desk_of(store, "ana", NOW)).ok
    store.close()


def spoil(path: Path, how: str) -> None:
    """Makes a backup that must not be taken."""
    whole = path.read_bytes()
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("id,name\n1,Acme\n" * 50)
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "page":
        middle = len(whole) // 2 // 4096 * 4096
        path.write_bytes(whole[:middle] + b"\xff" * 4096 + whole[middle + 4096 :])
    elif how == "form":
        path.write_bytes(whole[:18] + b"\x07" + whole[19:])
    elif how == "text of a row":
        path.write_bytes(whole.replace(b"Mia Ortiz", b"Mia \xc9rtiz"))
    elif how == "text of the schema":
        path.write_bytes(whole.replace(b"CREATE TABLE cta (", b"CREATE TABLE c\xc9a (", 1))
    elif how == "newer":
        path.write_bytes(whole[:60] + (99).to_bytes(4, "big") + whole[64:])
    elif how == "other":
        path.write_bytes(whole[:68] + b"ABCD" + whole[72:])
    elif how == "reference":
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("DELETE FROM account WHERE id IN (SELECT account_id FROM cta)")
            raw.commit()
    elif how == "missing":
        path.unlink()


@pytest.mark.parametrize(
    ("how", "error"),
    [("empty", StoreForeign), ("text", StoreForeign), ("cut", StoreForeign), ("page", StoreForeign), ("form", StoreForeign),
     ("text of a row", StoreForeign), ("text of the schema", StoreForeign), ("newer", StoreVersion),
     ("other", StoreForeign), ("reference", StoreForeign), ("missing", StoreMissing)],
)  # fmt: skip
def test_what_is_damaged_foreign_or_newer_is_refused(
    desk: Desk, made: Path, store_url: str, how: str, error: type[StoreError]
):
    before = plain(desk.store)
    spoil(made, how)
    with pytest.raises(error, match=r"backup\.db"):
        put(made, store_url)
    assert plain(desk.store) == before
    left = {p.name for p in made.parent.iterdir() if "restore" in p.name or p.name.endswith(".part")}
    assert left == set()


@pytest.mark.parametrize(
    "how",
    ["UPDATE cta SET owner_id = NULL WHERE owner_id IS NOT NULL", "UPDATE change SET fields = '{{}}' WHERE id = 7",
     "UPDATE act SET result = NULL WHERE verb = 'seal'"],
)  # fmt: skip
def test_a_backup_whose_journal_or_owners_do_not_agree_is_refused_unless_forced(
    desk: Desk, made: Path, store_url: str, how: str
):
    before = plain(desk.store)
    store = Store.open(str(made))
    tamper(store, how)
    store.close()
    with pytest.raises(Refused, match="journal of that backup does not hold"):
        put(made, store_url)
    assert plain(desk.store) == before
    assert put(made, store_url, force=True).warnings


def test_who_may_restore(desk: Desk, made: Path, store_url: str, new_url: NewUrl):
    for into in (store_url, new_url("none")):
        with pytest.raises(Forbidden, match="may not restore"):
            put(made, into, "ana")
        with pytest.raises(Forbidden):
            put(made, into, "nobody")


@pytest.mark.postgres_only
def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    desk: Desk, made: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
):
    from db import backup_server

    before = plain(desk.store)
    real = backup_server._copy

    def fails(db: Any, name: str, *rest: Any) -> None:
        if name == "cta":
            db.run("INSERT INTO cta (id) VALUES (1)")
        real(db, name, *rest)

    monkeypatch.setattr(backup_server, "_copy", fails)
    with pytest.raises(Exception, match="violates"):
        put(made, store_url)
    assert plain(desk.store) == before


def test_a_backup_goes_from_each_store_into_the_other(
    desk: Desk, made: Path, server: Any, worker: str, tmp_path: Path, opened: Callable[[str], Store]
):
    there = str(tmp_path / "across.db") if desk.store.dialect == "postgresql" else server.database(f"cockpit_{worker}_across")
    put(made, there)
    across = opened(there)
    back = tmp_path / "back.db"
    backup(desk_of(across, "oz", NOW), str(back))
    home = opened(str(back))
    for name, rows in plain(across).items():
        assert plain(home)[name] == rows
        if name != "act":
            assert rows == plain(desk.store)[name]
    assert verify(desk_of(home, "ana", NOW)).problems == ()
    across.close()
    if desk.store.dialect == "sqlite":  # the server it went to knows already how much there is
        with desk.store.read() as db:
            assert builders.known_rows(Store(there), "cta") == db.scalar("SELECT count(*) FROM cta") > 0
        server.drop(f"cockpit_{worker}_across")


def busy(desk: Desk, at_least: int) -> int:
    """How many acts there are, when there are that many."""
    while True:
        with desk.store.read() as db:
            done: int = db.scalar("SELECT count(*) FROM act")
        if done >= at_least:
            return done
        sleep(PACE)


def test_a_backup_while_sixteen_write(desk: Desk, store_url: str, tmp_path: Path, opened: Callable[[str], Store]):
    """Whatever was told to be done before it began is in it, nothing in it is half, and all of it agrees."""
    ctas(desk, 64)
    stop = threading.Event()
    errors: list[BaseException] = []

    def write(n: int) -> None:
        store = Store.open(store_url)
        me = desk_of(store, ("ana", "ben", "chi", "dee")[n % 4], NOW)
        try:
            while not stop.wait(PACE):
                try:
                    taken = claim_next(me)
                    release(me, [taken.items[0].id], "back")
                except Refused:
                    continue
        except BaseException as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            store.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for writer in writers:
        writer.start()
    try:
        for n in range(3):
            told = busy(desk, 200 + 100 * n)
            done = backup(desk, str(tmp_path / f"{n}.db"))
            assert done.acts >= told
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert errors == []
    for n in range(3):
        into = str(tmp_path / f"restored-{n}.db")
        put(tmp_path / f"{n}.db", into)
        found = verify(desk_of(opened(into), "oz", NOW))
        assert found.problems == ()
        assert found.sealed >= 200 + 100 * n
    put(tmp_path / "2.db", store_url)
    assert verify(desk).problems == ()
