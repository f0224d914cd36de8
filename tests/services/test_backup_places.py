"""Where a backup goes to and comes from: what must not be written over is not, and the sentence names the place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.archive import archive
from cockpit.services.backup import Restored, backup, describe, restore
from cockpit.services.cta import close
from cockpit.services.errors import Refused
from cockpit.services.setup import upgrade_store
from db import backup as files
from db.errors import StoreForeign, StoreUnreachable
from db.store import Store
from db.terms import Outcome
from tests.builders import account, cta, ctas, snapshot
from tests.builders import desk_of as sit
from tests.conftest import NOW

pytestmark = pytest.mark.sqlite_only


def put(file: Path | str, into: str, **how: Any) -> Restored:
    return restore(str(file), into, "oz", lambda: NOW, **how)


@pytest.fixture
def made(desk: Desk, tmp_path: Path) -> Path:
    """A backup of a store with a CTA in it."""
    cta(desk, account(desk, "Acme"))
    backup(desk, str(tmp_path / "made.db"))
    return tmp_path / "made.db"


@pytest.mark.parametrize("side", ["-wal", "-shm", "-gate", "-journal"])
def test_what_lies_beside_the_store_is_no_place_for_its_backup(desk: Desk, store_url: str, side: str):
    account(desk)
    place = Path(f"{store_url}{side}")
    before = place.stat().st_ino if place.exists() else None
    with pytest.raises(Refused, match="belongs to the store itself"):
        backup(desk, str(place), force=True)
    assert (place.stat().st_ino if place.exists() else None) == before


def test_what_is_no_file_is_never_written_over(desk: Desk, tmp_path: Path):
    account(desk)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="is no file"):
        backup(desk, str(pipe), force=True)
    assert pipe.is_fifo()


def test_a_backup_of_an_earlier_day_is_refused(desk: Desk, tmp_path: Path):
    account(desk)
    desk.as_of = NOW.date()
    with pytest.raises(Refused, match="leave --as-of out"):
        backup(desk, str(tmp_path / "b.db"))


def test_a_folder_is_not_moved_aside_for_a_store(made: Path, tmp_path: Path):
    folder = tmp_path / "letters"
    folder.mkdir()
    for call in (lambda: describe(str(folder)), lambda: put(made, str(folder))):
        with pytest.raises(Refused, match="is a folder: name a file"):
            call()
    assert folder.is_dir()


def test_the_store_under_another_name_is_still_the_store(desk: Desk, store_url: str, tmp_path: Path):
    account(desk)
    os.symlink(store_url, tmp_path / "link.db")
    with pytest.raises(Refused, match="is the store itself"):
        put(tmp_path / "link.db", store_url)


def test_what_is_refused_is_named(desk: Desk, made: Path, store_url: str, tmp_path: Path):
    whole = made.read_bytes()
    cut = tmp_path / "cut.db"
    cut.write_bytes(whole[: len(whole) // 8 * 5])
    with pytest.raises(StoreForeign, match=r"cut\.db is damaged"):
        put(cut, store_url)
    with pytest.raises(StoreForeign, match="is a folder, not a backup"):
        put(tmp_path, store_url)
    done = cta(desk, account(desk, "Boreal"), owner="ana")
    close(desk, [done], Outcome.SUCCESS)
    archive(sit(desk.store, "mo", NOW + timedelta(days=9)), NOW.date() + timedelta(days=8), str(tmp_path / "old.db"))
    with pytest.raises(StoreForeign, match="holds archived entries, not a store"):
        put(tmp_path / "old.db", store_url)


def test_a_backup_that_may_not_be_read(made: Path, store_url: str, monkeypatch: pytest.MonkeyPatch):
    real = Path.open

    def locked(self: Path, *how: Any, **rest: Any) -> Any:
        if self == made:
            raise PermissionError(13, "Permission denied")
        return real(self, *how, **rest)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(StoreUnreachable, match=r"made\.db cannot be read: Permission denied"):
        put(made, store_url)


def test_a_restore_that_fails_leaves_no_copy_behind(
    desk: Desk, made: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
):
    ctas(desk, 1)
    before = snapshot(desk.store)
    real = files.copy_pages

    def full(source: Path, new: sqlite3.Connection) -> None:
        if not new.execute("PRAGMA database_list").fetchone()[2].endswith(".part"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        real(source, new)

    monkeypatch.setattr(files, "copy_pages", full)
    with pytest.raises(StoreUnreachable, match=f"disk of {Path(store_url).parent} is full"):
        put(made, store_url)
    assert snapshot(desk.store) == before
    assert [p.name for p in Path(store_url).parent.iterdir() if "restore" in p.name or ".part" in p.name] == []


def test_the_copy_before_an_upgrade_has_its_name_only_when_it_is_whole(
    desk: Desk, store_url: str, monkeypatch: pytest.MonkeyPatch
):
    desk.store.close()
    with closing(sqlite3.connect(store_url)) as raw:
        raw.execute("PRAGMA user_version = 5")
    kept = Path(f"{store_url}.before-upgrade")
    kept.write_bytes(b"that of the last time")

    def full(source: Path, new: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(files, "copy_pages", full)
    with pytest.raises(StoreUnreachable, match="is full"):
        upgrade_store(store_url)
    assert kept.read_bytes() == b"that of the last time"
    with closing(sqlite3.connect(store_url)) as raw:
        raw.execute("PRAGMA user_version = 6")
    Store.open(store_url).close()
