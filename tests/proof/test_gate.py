"""The gate of an SQLite store: whoever came first writes first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from db import gate as gates
from db.errors import StoreBusy
from db.gate import Gate, gate
from db.store import Store
from proof.workers import context
from tests.proof.waiting import take_a_turn

pytestmark = pytest.mark.skipif(gates.fcntl is None, reason="no such locks here")


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Something to have a gate."""
    path = tmp_path / "s.db"
    path.touch(mode=0o600)
    return str(path)


@pytest.fixture
def waiter(place: str) -> Iterator[Callable[[], tuple[Any, Connection]]]:
    """Starts a process that has taken its number when this returns."""
    started = []

    def start() -> tuple[Any, Connection]:
        ours, theirs = context().Pipe()
        process = context().Process(target=take_a_turn, args=(place, theirs))
        process.start()
        started.append(process)
        assert heard(ours) == "waits"
        return process, ours

    yield start
    for process in started:
        process.kill()
        process.join()


def heard(pipe: Connection) -> str:
    """The next word; fails when none comes."""
    assert pipe.poll(30), "nobody spoke"
    return str(pipe.recv())


def test_first_come_first_served(place: str, waiter: Callable[[], tuple[Any, Connection]]):
    with gate(place).turn():
        waiting = [waiter()[1] for _ in range(4)]
        assert not any(pipe.poll() for pipe in waiting)
    for n, pipe in enumerate(waiting):
        assert heard(pipe) == "in"
        assert not any(later.poll() for later in waiting[n + 1 :])
        pipe.send("leave")


def test_who_dies_inside_or_in_the_queue_blocks_nobody(place: str, waiter: Callable[[], tuple[Any, Connection]]):
    inside, pipe = waiter()
    assert heard(pipe) == "in"
    queueing, _ = waiter()
    _, last = waiter()
    queueing.kill()
    queueing.join()
    inside.kill()
    assert heard(last) == "in"


def test_waiting_has_an_end(place: str, waiter: Callable[[], tuple[Any, Connection]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gates, "WAIT_S", 0.05)
    _, pipe = waiter()
    assert heard(pipe) == "in"
    with pytest.raises(StoreBusy, match="others are writing"), gate(place).turn():
        pytest.fail("two had a turn")
    monkeypatch.setattr(gates, "WAIT_S", 30)
    pipe.send("leave")
    with gate(place).turn():
        pass


def test_it_knows_whether_somebody_waits(place: str, waiter: Callable[[], tuple[Any, Connection]]):
    ours = gate(place)
    with ours.turn() as number:
        assert not ours.is_waited_for(number)
        _, pipe = waiter()
        assert ours.is_waited_for(number)
    assert heard(pipe) == "in"


def test_its_file_is_as_private_as_the_store(place: str):
    with gate(place).turn():
        assert os.stat(f"{place}-gate").st_mode & 0o777 == 0o600


def test_one_gate_per_store_and_process(place: str, tmp_path: Path):
    link = tmp_path / "link.db"
    link.symlink_to(place)
    first = gate(place)
    assert gate(str(link)) is first


def test_where_there_are_no_locks_writers_go_on(place: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OSError("no locks on this filesystem")

    monkeypatch.setattr(gates.fcntl, "lockf", refuse)
    without = Gate(place)
    with without.turn():
        pass
    assert not without.works
    with without.turn():
        pass


def test_a_store_writes_where_the_gate_cannot_be(tmp_path: Path):
    path = str(tmp_path / "s.db")
    Path(f"{path}-gate").mkdir()
    store = Store.create(path, kind="test")
    with store.write() as db:
        db.run("INSERT INTO info (key, value) VALUES ('a', 'b')")
    store.close()
