"""Every write, sync, truncation, open and removal of a claim fails once, or from then on: a plain sentence, all or nothing.

Run under the shim, by ``proof.disk``.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cockpit.services.errors import Refused
from cockpit.services.queue import claim_next
from db.errors import StoreBusy, StoreError, StoreForeign
from db.store import Store
from proof import checker
from proof.shim import Shim
from proof.stores import sit
from proof.workers import Told

MOST = 400


class Eager(Store):
    """A store that copies its log back after every act, so that this, too, is within reach of a failure."""

    def _connect_sqlite(self) -> sqlite3.Connection:
        raw = super()._connect_sqlite()
        raw.execute("PRAGMA wal_autocheckpoint = 1")
        return raw


class Careless(Store):
    """The control: no log to go back to."""

    def _connect_sqlite(self) -> sqlite3.Connection:
        raw = super()._connect_sqlite()
        raw.execute("PRAGMA journal_mode = OFF")
        raw.execute("PRAGMA cache_size = 1")
        return raw


@dataclass(slots=True)
class Findings:
    """What a sweep over all points came to."""

    points: int = 0
    """Failures that were made to happen."""
    told: int = 0
    """Of those, acts that were refused with a sentence of ours."""
    half: int = 0
    lost: int = 0
    stuck: int = 0
    """Acts afterwards, by the same process, that did not work."""
    raw: list[str] = field(default_factory=list)
    """What reached the caller and was not one of our sentences."""

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.half + self.lost + self.stuck + len(self.raw)


def sweep(shim: Shim, template: str, path: str, kind: type[Store], *, cold: bool, number: int, for_good: bool) -> Findings:
    """Fails the first call of a claim, then the second, and so on until the claim has none left."""
    found = Findings()
    for nth in range(MOST):
        fresh(template, path)
        if not _point(shim, path, kind, nth, cold, number, for_good, found):
            return found
    raise RuntimeError(f"a claim has more than {MOST} points")


def _point(
    shim: Shim, path: str, kind: type[Store], nth: int, cold: bool, number: int, for_good: bool, found: Findings
) -> bool:
    told = Told()
    store = None
    if not cold:
        store = kind.open(path)
        _claim(store, told)
    shim.arm(nth, number, for_good=for_good)
    try:
        store = store or kind.open(path)
        _claim(store, told)
        if cold:
            store.close()
    except StoreForeign as error:
        found.raw.append(f"StoreForeign: {error}")
    except StoreError:
        found.told += 1
    except Exception as error:  # noqa: BLE001 - whatever else it is, it must not reach a person
        found.raw.append(f"{type(error).__name__}: {error}")
    failed = shim.disarm()
    found.points += bool(failed)
    try:
        store = store or kind.open(path)
        _claim(store, told)
    except (StoreError, Refused, sqlite3.Error):
        found.stuck += 1
    if store is not None:
        with suppress(sqlite3.Error):
            store.close()
    _look(path, told, found)
    return bool(failed)


def _claim(store: Store, told: Told) -> None:
    desk = sit(store, 0)
    made = claim_next(desk)
    assert made.act is not None
    told.got.append((made.items[0].id, desk.me.login, made.act))


def _look(path: str, told: Told, found: Findings) -> None:
    try:
        with closing(Store.open(path)) as store:
            with store.read() as db:
                whole = db.scalar("PRAGMA integrity_check") == "ok"
            counts = checker.check(store, [told])
    except (StoreError, StoreBusy, sqlite3.Error):
        found.half += 1
        return
    found.half += counts.half + counts.double + (not whole)
    found.lost += counts.lost


def fresh(template: str, path: str) -> None:
    """Puts an untouched store there."""
    for tail in ("-wal", "-shm", "-journal", "-gate"):
        Path(path + tail).unlink(missing_ok=True)
    shutil.copy(template, path)


class WaitedFor(Eager):
    """As if others waited behind each claim, and copying the log back."""

    def _is_waited_for(self, place: int | None) -> bool:
        return True


KINDS: dict[str, tuple[type[Store], bool]] = {
    "a claim": (Store, False),
    "a claim and the copying back of the log": (Eager, False),
    "a claim that others wait behind": (WaitedFor, False),
    "opening the store, a claim, closing it": (Store, True),
    "the control": (Careless, False),
}


def sweeps(shim: Shim, template: str, path: str, what: str) -> Iterator[Findings]:
    """EIO and ENOSPC, once and for good."""
    kind, cold = KINDS[what]
    for number in (errno.EIO, errno.ENOSPC):
        for for_good in (False, True):
            yield sweep(shim, template, path, kind, cold=cold, number=number, for_good=for_good)


def main() -> None:
    """One of KINDS on a copy of a template; prints the findings as JSON."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    shim = Shim(told["path"])
    print(json.dumps([asdict(found) for found in sweeps(shim, told["template"], told["path"], told["what"])]))


if __name__ == "__main__":
    main()
