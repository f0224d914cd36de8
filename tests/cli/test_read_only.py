"""`--read-only` opens what may not be written: every command that only reads works, none that writes does."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests import builders

ROOT = Path(__file__).parents[2]
PLAIN = """
import ctypes, os, sys
if os.geteuid() == 0:  # root without the rights of root is whoever the modes of a file say
    ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
from cockpit.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
READS = (
    "queue", "work", "cta list", "cta show 1", "account list", "account show 1", "timeline 1", "person list 1", "view list",
    "acts", "history 1", "verify", "csm list", "csm show ana", "pool list", "segment list", "query", "query cta", "config path", "spec",
    "doctor",
)  # fmt: skip
WRITES = ("claim 1", "next", "undo", "tick", "csm new zed", "log 1 call Hello", "seal", "db upgrade")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A store with one account and one CTA."""
    builders.cta(desk, builders.account(desk, "Boreal"))
    return desk


@pytest.mark.parametrize("words", READS)
def test_a_command_that_reads_works(run: Callable[..., object], filled: Desk, words: str):
    plain, looking = run(*words.split(), "--json"), run(*words.split(), "--json", "--read-only")
    assert (looking.code, looking.err) == (plain.code, plain.err)  # type: ignore[attr-defined]
    assert looking.code in (0, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", WRITES)
def test_a_command_that_writes_is_refused(run: Callable[..., object], filled: Desk, words: str):
    before = builders.snapshot(filled.store, but=())
    run(*words.split(), "--read-only")
    assert builders.snapshot(filled.store, but=()) == before


@pytest.mark.parametrize("words", ["db new", "db upgrade", "import accounts.csv", "db init-postgres"])
def test_nothing_is_made_where_nothing_may_be_written(
    run: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "accounts.csv").write_text("Account ID,Account Name\n1,Boreal\n")
    for flag in (["--read-only"], ["--as-of", "2026-11-20"]):
        done = run(*words.split(), *flag, db=str(tmp_path / "none.db"))
        assert done.code in (3, 4)  # type: ignore[attr-defined]
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith("none")] == []


def test_no_store_is_made_where_there_is_one(run: Callable[..., object], filled: Desk, store_url: str):
    before = builders.snapshot(filled.store, but=())
    refused = run("db", "new")
    assert (refused.code, len(refused.err.strip().splitlines())) == (3, 1)  # type: ignore[attr-defined]
    assert "already" in refused.err  # type: ignore[attr-defined]
    assert builders.snapshot(filled.store, but=()) == before


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """A folder that will not be written."""
    if os.name != "posix" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("modes of files bind nobody here")
    folder = tmp_path / "shelf"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


def look(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command by somebody whom the modes of files bind."""
    return subprocess.run(
        [sys.executable, "-c", PLAIN, *words, "--db", str(path), "--as", "ana"], cwd=ROOT, capture_output=True, text=True, check=False
    )


def shelve(desk: Desk, shelf: Path) -> Path:
    path = shelf / "team.db"
    with sqlite3.connect(desk.store.url) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(desk.store.url, path)
    path.chmod(0o444)
    shelf.chmod(0o555)
    return path


@pytest.mark.sqlite_only
def test_a_file_that_may_not_be_written_in_a_folder_that_may_not_either(filled: Desk, shelf: Path):
    path = shelve(filled, shelf)
    seen = look(path, "queue", "--json", "--read-only")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert "Boreal" in seen.stdout
    assert sorted(p.name for p in shelf.iterdir()) == ["team.db"]
    refused = look(path, "claim", "1", "--read-only")
    assert refused.returncode == 4
    assert "read-only" in refused.stderr


@pytest.mark.sqlite_only
def test_changes_left_in_a_log_nobody_may_open_are_not_passed_over(filled: Desk, shelf: Path):
    path = shelve(filled, shelf)
    shelf.chmod(0o755)
    Path(f"{path}-wal").write_bytes(b"x" * 64)
    Path(f"{path}-wal").chmod(0o000)
    shelf.chmod(0o555)
    seen = look(path, "queue", "--read-only")
    assert seen.returncode == 3
    assert len(seen.stderr.strip().splitlines()) == 1
    assert "Traceback" not in seen.stderr


@pytest.mark.sqlite_only
def test_two_versions_on_one_file_do_not_guess(filled: Desk, run: Callable[..., object]):
    from cockpit.services.queue import claim
    from db.errors import StoreVersion
    from db.store import SCHEMA

    with sqlite3.connect(filled.store.url) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with pytest.raises(StoreVersion, match="newer Cockpit"):
        claim(filled, [1])
