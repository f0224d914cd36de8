"""A fair turn at writing an SQLite store: whoever came first writes first.

SQLite lets waiting writers poll with growing pauses, so that of 64 some never get a turn. Here each takes the
next number from a file beside the store, locks the byte of that number and waits for the byte before it, which
the kernel frees when its owner is done or dead. Nothing rests on it but fairness: where there are no such locks
(Windows, some network filesystems, a folder one may not write to) writers go on without, and SQLite's own lock
keeps them apart as ever.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from weakref import WeakValueDictionary

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from db.errors import StoreBusy

WAIT_S = 10.0
DOOR = 1 << 62
"""The byte that is locked while a number is taken."""
_GATES: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_REGISTER = threading.Lock()
_BUSY = "The store is busy: others are writing. Try again in a moment."


class Gate:
    """The queue of writers of one store; one per process and path, since such locks belong to processes.

    ``works`` turns false where there are no locks, and may be turned off to compare.
    """

    def __init__(self, store_path: str) -> None:
        self._store = store_path
        self._file: int | None = None
        self.works: bool = fcntl is not None
        self._mine = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[int | None]:
        """Waits for one's turn and keeps it for the block; gives one's number. Raises StoreBusy after WAIT_S."""
        if not self.works:
            yield None
            return
        deadline = time.monotonic() + WAIT_S
        if not self._mine.acquire(timeout=WAIT_S):
            raise StoreBusy(_BUSY)
        try:
            place = self._queue(deadline)
            try:
                yield place
            finally:
                if place is not None:
                    self._free(place - 1, 2)
        finally:
            self._mine.release()

    def is_waited_for(self, place: int | None) -> bool:
        """Whether somebody has taken a number after this one."""
        return place is not None and self._file is not None and int.from_bytes(os.pread(self._file, 8, 0), "little") > place

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)

    def _queue(self, deadline: float) -> int | None:
        """Our number, once it is its turn; None where locks do not work after all."""
        try:
            if self._file is None:
                self._file = self._open()
            place = self._number(self._file)
            if place is None:
                return None
            if _lock(self._file, place - 1):
                return place
        except OSError:
            self.works = False
            return None
        before = _Predecessor(self, self._file, place)
        if before.gone.wait(max(0.0, deadline - time.monotonic())) or not before.give_up():
            return place
        raise StoreBusy(_BUSY)

    def _open(self) -> int:
        mode = os.stat(self._store).st_mode & 0o777
        return os.open(f"{self._store}-gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)

    def _number(self, file: int) -> int | None:
        """The next number, its byte locked. None when somebody stands in the door."""
        for _ in range(500):
            if _lock(file, DOOR):
                break
            time.sleep(0.0002)
        else:
            return None
        try:
            number = int.from_bytes(os.pread(file, 8, 0), "little") + 1
            os.pwrite(file, number.to_bytes(8, "little"), 0)
            return number if _lock(file, number) else None
        finally:
            self._free(DOOR, 1)

    def _free(self, start: int, length: int) -> None:
        assert self._file is not None
        try:
            fcntl.lockf(self._file, fcntl.LOCK_UN, length, start)
        except OSError:
            self.works = False


class _Predecessor:
    """A thread that waits until whoever is before us is done: such a wait knows no time-out of its own."""

    def __init__(self, owner: Gate, file: int, place: int) -> None:
        self.gone = threading.Event()
        self._owner = owner  # keeps the file open
        self._file, self._place = file, place
        self._mutex = threading.Lock()
        self._gave_up = False
        threading.Thread(target=self._wait, name="gate", daemon=True).start()

    def give_up(self) -> bool:
        """Stops waiting, but keeps the place for those behind; False when the turn has come after all."""
        with self._mutex:
            self._gave_up = not self.gone.is_set()
            return self._gave_up

    def _wait(self) -> None:
        with suppress(OSError):
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, self._place - 1)
        with self._mutex:
            self.gone.set()
            if self._gave_up:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 2, self._place - 1)


def _lock(file: int, byte: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
    except (BlockingIOError, PermissionError):  # which of the two is the system's choice
        return False
    return True


def gate(store_path: str) -> Gate:
    """The gate of that store in this process; the file is closed when no Store needs it any more."""
    path = os.path.realpath(store_path)
    with _REGISTER:
        found = _GATES.get(path)
        if found is None:
            found = _GATES[path] = Gate(path)
        return found
