"""SIGKILL during an import: all of its rows or none, and importing again ends the same."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cockpit.services.errors import Refused
from cockpit.services.exchange.apply import import_files
from db.errors import StoreError
from db.store import Store
from proof import checker
from proof.schema import length
from proof.stores import Places, sit
from proof.table import Row
from proof.victims import Voice, slaughter

ACCOUNTS = 1_500
PARTS = 15


def imports(voice: Voice, number: int, urls: list[str], files: list[str]) -> None:
    """Imports everything, as ``cockpit import`` does: one act."""
    _import(voice, urls[number], [files])


def imports_carelessly(voice: Voice, number: int, urls: list[str], files: list[str]) -> None:
    """The control: an act per file."""
    _import(voice, urls[number], [[file] for file in files])


def _import(voice: Voice, url: str, acts: list[list[str]]) -> None:
    desk = sit(Store.open(url), 0)
    voice.begins()
    start = time.perf_counter()
    for files in acts:
        import_files(desk, [Path(file) for file in files])
    voice.acknowledges(time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Upshot:
    """In which state the stores were found, and how many could not be finished."""

    kills: int
    nothing: int
    everything: int
    between: int
    stuck: list[str]

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.between + len(self.stuck)


def killed(
    places: Places, dialect: str, kills: int, task: Callable[..., None] = imports, accounts: int = ACCOUNTS, seed: int = 6
) -> Upshot:
    """Kills that many imports of the same files into copies of one store."""
    files = _files(places.folder, accounts)
    urls = [places.copy(dialect, 10) for _ in range(kills + 1)]
    before = _count(urls[-1])
    longest = length(task, urls.pop(), files)
    victims = slaughter(task, (urls, files), kills, longest, seed, at_once=1)
    found, stuck = [], []
    for url in urls:
        places.settle(url)
        found.append(_count(url) - before)
        stuck += [why] if (why := _again(url, files, before + accounts)) else []
        places.drop(url)
    ended = sum(bool(victim.acknowledged) for victim in victims)
    some = sum(n not in (0, accounts) for n in found)
    return Upshot(kills - ended, found.count(0), found.count(accounts), some, stuck)


def _files(folder: Path, accounts: int) -> list[str]:
    made = []
    for part in range(PARTS):
        path = folder / f"accounts-{part}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["Account ID", "Account Name", "ARR", "Health"])
            rows.writerows([f"A{n}", f"Imported {n}", 1000 + n, n % 100] for n in range(part, accounts, PARTS))
        made.append(str(path))
    return made


def _count(url: str) -> int:
    """How many accounts there are; -1 when the journal does not tell the same."""
    with closing(Store.open(url)) as store, store.read() as db:
        return -1 if checker.flaws(db) else int(db.scalar("SELECT count(*) FROM account"))


def _again(url: str, files: list[str], wanted: int) -> str:
    """Why importing again does not end with every row once; nothing when it does."""
    try:
        with closing(Store.open(url)) as store:
            import_files(sit(store, 0), [Path(file) for file in files])
    except (StoreError, Refused) as error:
        return str(error)
    count = _count(url)
    return "" if count == wanted else f"{count} accounts and not {wanted}"


def rows(places: Places, kills: int) -> Iterator[Row]:
    """Imports on each store."""
    for dialect in places.dialects():
        start = time.perf_counter()
        made = killed(places, dialect, kills)
        control = killed(places, dialect, max(6, kills // 3), imports_carelessly)
        yield Row(
            "a killed import", dialect,
            f"{made.kills} SIGKILLs in {ACCOUNTS:,} rows: {made.nothing} nothing, {made.everything} everything",
            f"{made.between} between, {len(made.stuck)} that could not be finished" + "".join(f" ({w})" for w in made.stuck[:1]),
            f"an act per file: {control.between} between", made.bad == 0 and control.between > 0, time.perf_counter() - start,
        )  # fmt: skip
