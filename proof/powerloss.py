"""Claims with every write and sync on a tape, run under the shim by ``proof.disk``; and the replay of the tape.

The power is cut after each call in turn. What a sync had confirmed by then is on the disk; of what was written
since, some 512-byte sectors are there and some are not, in any combination.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.services.queue import claim_next
from db.errors import StoreError
from db.store import Store
from proof import checker
from proof.shim import Shim
from proof.stores import sit
from proof.workers import Told

SECTOR = 512
TAILS = {1: "", 2: "-wal", 4: "-journal"}


def recorded(shim: Shim, path: str, tape: str, claims: int, level: str) -> list[tuple[int, str, int]]:
    """Does so many claims, a mark on the tape after each that was acknowledged."""

    class Recorded(Store):
        def _connect_sqlite(self) -> sqlite3.Connection:
            raw = super()._connect_sqlite()
            raw.execute(f"PRAGMA synchronous = {level}")
            raw.execute("PRAGMA wal_autocheckpoint = 60")
            return raw

    shim.tape(os.open(tape, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    store = {"FULL": Eager60, "WAITED FOR": WaitedFor60}.get(level, Recorded)(path)
    acknowledged = []
    for n in range(claims):
        desk = sit(store, n % 8)
        made = claim_next(desk)
        assert made.act is not None
        acknowledged.append((made.items[0].id, desk.me.login, made.act))
        shim.mark(n + 1)
    return acknowledged


class Eager60(Store):
    """The store as it is, copying its log back a few times during the run."""

    def _connect_sqlite(self) -> sqlite3.Connection:
        raw = super()._connect_sqlite()
        raw.execute("PRAGMA wal_autocheckpoint = 60")
        return raw


class WaitedFor60(Eager60):
    """Each claim as if others waited behind it: the turn is given on, then the log is synced."""

    def _is_waited_for(self, place: int | None) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the tape: O(pen, made), W(rite), S(ync), T(runcate), U(nlink), M(ark)."""

    what: str
    file: int
    offset: int
    data: bytes


def calls(tape: Path) -> list[Call]:
    """Everything on the tape."""
    raw = tape.read_bytes()
    found, at = [], 0
    while at < len(raw):
        what, file = chr(raw[at]), raw[at + 1]
        offset, length = int.from_bytes(raw[at + 2 : at + 10], "little"), int.from_bytes(raw[at + 10 : at + 14], "little")
        at += 14
        found.append(Call(what, file, offset, raw[at : at + length]))
        at += length
    return found


@dataclass(slots=True)
class _Disk:
    """What is safe, and what was asked for since: per file."""

    safe: dict[int, bytearray]
    pending: dict[int, list[Call]] = field(default_factory=dict)
    marks: int = 0

    def take(self, call: Call) -> None:
        """One more call of the tape."""
        if call.what == "M":
            self.marks = call.offset
        elif call.what == "S":
            self.safe[call.file] = _applied(self.safe.get(call.file), self.pending.pop(call.file, []))
        else:
            self.pending.setdefault(call.file, []).append(call)

    def after_the_cut(self, dice: random.Random) -> dict[int, bytearray]:
        """One of the states the files can be in when the power comes back."""
        how = dice.choice(("nothing", "some", "some", "all"))
        found = {file: bytearray(data) for file, data in self.safe.items()}
        for file, asked in self.pending.items():
            some = [part for call in asked for part in _torn(call, dice)]
            kept = {"nothing": [], "some": some, "all": asked}[how]
            if kept or file in found:
                found[file] = _applied(found.get(file), kept)
        return found


def _torn(call: Call, dice: random.Random) -> Iterator[Call]:
    """The sectors of a call that reached the disk."""
    if call.what != "W":
        if dice.random() < 0.5:
            yield call
        return
    end = call.offset + len(call.data)
    at = call.offset
    while at < end:
        stop = min(end, (at // SECTOR + 1) * SECTOR)
        if dice.random() < 0.5:
            yield Call("W", call.file, at, call.data[at - call.offset : stop - call.offset])
        at = stop


def _applied(data: bytearray | None, asked: Sequence[Call]) -> bytearray:
    made = bytearray(data or b"")
    for call in asked:
        if call.what == "W":
            made.extend(bytes(max(0, call.offset - len(made))))
            made[call.offset : call.offset + len(call.data)] = call.data
        elif call.what == "T":
            made[call.offset :] = bytes(max(0, call.offset - len(made)))
        elif call.what == "U":
            made.clear()
    return made


@dataclass(slots=True)
class Cuts:
    """What all cuts came to."""

    cuts: int = 0
    half: int = 0
    lost: int = 0
    unreadable: int = 0

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.half + self.lost + self.unreadable


def replay(
    template: Path, tape: Path, acknowledged: list[tuple[int, str, int]], folder: Path, most: int, seed: int = 5
) -> Cuts:
    """Cuts the power after up to ``most`` of the calls, spread over the tape, and looks at what is left."""
    dice = random.Random(seed)
    everything = calls(tape)
    chosen = set(range(len(everything))) if len(everything) <= most else set(dice.sample(range(len(everything)), most))
    disk, cuts = _Disk({1: bytearray(template.read_bytes())}), Cuts()
    for place, call in enumerate(everything):
        disk.take(call)
        if place in chosen:
            cuts.cuts += 1
            _look(disk.after_the_cut(dice), folder, acknowledged[: disk.marks], cuts)
    return cuts


def _look(files: dict[int, bytearray], folder: Path, promised: list[tuple[int, str, int]], cuts: Cuts) -> None:
    path = folder / "after.db"
    for tail in ("", "-wal", "-shm", "-journal", "-gate"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    for file, data in files.items():
        Path(f"{path}{TAILS[file]}").write_bytes(data)
    try:
        with closing(Store.open(str(path))) as store:
            with store.read() as db:
                whole = db.scalar("PRAGMA integrity_check") == "ok"
            counts = checker.check(store, [Told(got=promised)])
    except (StoreError, sqlite3.Error, ValueError):  # the last: what stands there is no JSON any more
        cuts.unreadable += 1
        return
    cuts.half += counts.half + counts.double > 0 or not whole
    cuts.lost += counts.lost


def main() -> None:
    """Records; prints what was acknowledged as JSON and dies without closing anything."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    made = recorded(Shim(told["path"]), told["path"], told["tape"], told["claims"], told["level"])
    print(json.dumps(made), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
