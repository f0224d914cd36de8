"""Output that cannot go where it should: a pipe nobody reads, a full disk, a stream that is closed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cockpit.__main__ import main
from cockpit.config import log_file
from db.store import Store
from tests import builders
from tests.conftest import NOW

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")


@pytest.fixture
def claimable(tmp_path: Path) -> tuple[Path, int]:
    """A store file with one CTA in it."""
    path = tmp_path / "s.db"
    builders.new_store(str(path)).close()
    builders.admit_cast(str(path), NOW)
    store = Store.open(str(path))
    desk = builders.desk_of(store, "ana", NOW)
    cta = builders.cta(desk, builders.account(desk, "Acme"))
    store.close()
    return path, cta


def ran(
    path: Path, *words: object, stdout: int, closed: tuple[int, ...] = (), env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, buffering as it does for a person."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"} | dict(env or {})
    argv = [sys.executable, "-m", "cockpit", "--db", str(path), "--as", "ana", *map(str, words)]
    shut = "; ".join(f"os.close({one})" for one in closed)
    if closed:
        argv = [sys.executable, "-c", f"import os, sys; {shut}; os.execv(sys.argv[1], sys.argv[1:])", *argv]
    return subprocess.run(argv, env=env, stdout=stdout, stderr=subprocess.PIPE, check=False)


@pytest.mark.parametrize("words", [("queue",), ("queue", "--json"), ("config", "schema"), ("calendar", "--ics", "-")])
def test_a_reader_who_has_seen_enough_is_no_trouble(claimable: tuple[Path, int], words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = ran(claimable[0], *words, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@needs_full
def test_what_cannot_be_printed_is_said_so_and_what_was_done_is_done(claimable: tuple[Path, int]) -> None:
    path, cta = claimable
    with FULL.open("wb") as full:
        done = ran(path, "claim", cta, "--json", stdout=full.fileno())
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert last == "The output cannot be written: No space left on device. Whatever the command did is done."
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"log" not in done.stderr


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_a_closed_stream_is_no_trouble(claimable: tuple[Path, int], closed: tuple[int, ...]) -> None:
    path, cta = claimable
    done = ran(path, "claim", cta, stdout=subprocess.DEVNULL, closed=closed)
    assert done.returncode == 0
    assert b"went wrong" not in done.stderr


def test_the_screens_ask_for_a_terminal_when_there_is_no_input_at_all(claimable: tuple[Path, int]) -> None:
    done = ran(claimable[0], stdout=subprocess.DEVNULL, closed=(0,))
    assert done.returncode == 2
    assert done.stderr.startswith(b"The screens need a terminal")


def test_an_output_that_has_no_sign_for_it_has_it_spelt_out(claimable: tuple[Path, int]) -> None:
    done = ran(claimable[0], "queue", stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u2013" in done.stdout


@pytest.mark.parametrize("words", [("account", "show"), ("queue", "--where"), ("claim",), ("backup",)])
def test_bytes_that_are_no_text_are_said_to_be_that(
    claimable: tuple[Path, int], capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    for flags in ([], ["--json"]):
        assert main(["--db", str(claimable[0]), "--as", "ana", *words, "\udcff", *flags]) in (2, 4)
        told = capsys.readouterr()
        assert "went wrong" not in told.err
        assert told.out.isascii()
    assert not log_file().exists()


@pytest.mark.parametrize(
    "store",
    [
        "postgresql://ana:s3cr3t@[db/x",
        "postgresql://ana:it's\"s3cr3t@[db/x",
        "postgresql://ana:s3cr3t@db:none/x",
        "host=db password=s3cr3t",
    ],
)
def test_a_wrong_address_of_a_store_is_told_without_its_password(capsys: pytest.CaptureFixture[str], store: str) -> None:
    assert main(["queue", "--db", store]) == 3
    assert main(["config", "show", "--db", store]) == 0
    told = capsys.readouterr()
    assert "went wrong" not in told.err
    assert "s3cr3t" not in told.out + told.err
    assert not log_file().exists()
