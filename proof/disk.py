"""The disk: full, failing, and without power."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cockpit.services.queue import claim_next
from db.errors import StoreError, StoreUnreachable
from db.store import Store
from proof import checker, io_errors, powerloss, shim
from proof.stores import Places, journaled, sit
from proof.table import Row
from proof.workers import Told

MANY = 2_000


class Bounded(Store):
    """A store whose disk has room for so many pages."""

    pages = 0

    def _connect_sqlite(self) -> sqlite3.Connection:
        raw = super()._connect_sqlite()
        raw.execute(f"PRAGMA max_page_count = {self.pages or 1 << 30}")
        return raw

    def make_room(self) -> None:
        """Somebody has freed some space; nobody has restarted anything."""
        self.pages = 0
        for raw in self._idle:
            raw.execute("PRAGMA max_page_count = 1073741823")


@dataclass(slots=True)
class Full:
    """What running out of room came to."""

    refused: int = 0
    """Acts refused with "The disk is full"."""
    half: int = 0
    lost: int = 0
    stuck: int = 0
    """Acts that did not work once there was room again."""
    other: str = ""
    """What was said instead of the sentence."""

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.half + self.lost + self.stuck + bool(self.other)

    def __str__(self) -> str:
        words = f"{self.half} half, {self.lost} lost, {self.stuck} that did not work once there was room again"
        return words + (f", said: {self.other}" if self.other else "")


def few_pages(places: Places, spare: int) -> Full:
    """Claims until the store may not grow by another page, then a large act, then room again."""
    url = places.copy("sqlite", 200)
    with closing(sqlite3.connect(url)) as raw:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
    Bounded.pages = pages + spare
    full, told = Full(), Told()
    with closing(Bounded.open(url)) as store:
        assert isinstance(store, Bounded)
        _claims(store, told, full)
        _large_act(store, full)
        store.make_room()
        Bounded.pages = 0
        _after(store, told, full)
    places.drop(url)
    return full


def _claims(store: Store, told: Told, full: Full) -> None:
    """Claims until one is refused."""
    desk = sit(store, 0)
    while True:
        try:
            made = claim_next(desk)
        except StoreUnreachable as error:
            full.refused += 1
            if "disk is full" not in str(error):
                full.other = str(error)
            return
        assert made.act is not None
        told.got.append((made.items[0].id, desk.me.login, made.act))


def _large_act(store: Store, full: Full) -> None:
    with store.read() as db:
        before = db.scalar("SELECT count(*) FROM account")
    try:
        journaled(store, "large", lambda work: work.insert_many("account", [{"name": f"New {n}"} for n in range(MANY)]))
    except StoreUnreachable:
        full.refused += 1
    with store.read() as db:
        full.half += db.scalar("SELECT count(*) FROM account") != before


def _after(store: Store, told: Told, full: Full) -> None:
    desk = sit(store, 1)
    try:
        made = claim_next(desk)
        assert made.act is not None
        told.got.append((made.items[0].id, desk.me.login, made.act))
    except StoreError:
        full.stuck += 1
    counts = checker.check(store, [told])
    full.half += counts.half + counts.double
    full.lost += counts.lost


class NoMount(Exception):
    """A small disk cannot be made here; the words say why."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A tmpfs of that size. Raises NoMount."""
    place = folder / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(place)]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NoMount(f"mount: {error}") from error
    if made.returncode:
        raise NoMount(made.stderr.strip() or "mount is not permitted")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=False)
        place.rmdir()


def really_full(places: Places, rounds: int) -> Full:
    """The same on a disk that is really full, filled to a different byte each round."""
    full = Full()
    template = Path(places.copy("sqlite", 200))
    with small_disk(places.folder, 8) as place:
        for n in range(rounds):
            url = str(place / f"s{n}.db")
            Path(url).write_bytes(template.read_bytes())
            filler = place / "filler"
            with closing(Store.open(url)) as store:
                told = Told()
                _one(store, told)
                _fill(filler, spare=n * 1_500)
                _claims(store, told, full)
                filler.unlink()
                _after(store, told, full)
            places.drop(url)
    places.drop(str(template))
    return full


def _one(store: Store, told: Told) -> None:
    desk = sit(store, 2)
    made = claim_next(desk)
    assert made.act is not None
    told.got.append((made.items[0].id, desk.me.login, made.act))


def _fill(filler: Path, spare: int) -> None:
    """Takes all the room there is but so many bytes."""
    size = 0
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                size += file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, size - spare))


def rows(places: Places, cuts: int, tmpfs: bool) -> Iterator[Row]:
    """Full, failing, and without power."""
    start = time.perf_counter()
    limits = [few_pages(places, spare) for spare in range(12)]
    total = Full(*(sum(getattr(one, name) for one in limits) for name in ("refused", "half", "lost", "stuck")))
    total.other = next((one.other for one in limits if one.other), "")
    yield Row(
        "disk full (max_page_count)", "sqlite", f"{len(limits)} limits, {total.refused} acts refused", str(total),
        "see the failing calls", total.bad == 0, time.perf_counter() - start,
    )  # fmt: skip
    start = time.perf_counter()
    if tmpfs:
        try:
            full = really_full(places, 20)
            yield Row(
                "disk full (a small tmpfs)", "sqlite", f"20 rounds, {full.refused} acts refused", str(full), "as above",
                full.bad == 0, time.perf_counter() - start,
            )  # fmt: skip
        except NoMount as why:
            yield Row("disk full (a small tmpfs)", "sqlite", f"NOT RUN: {why}", "", held=None)
    try:
        library = shim.build(places.folder)
    except shim.NoShim as why:
        yield Row("failing calls; power loss", "sqlite", f"NOT RUN: {why}", "", held=None)
        return
    yield from _failing(places, library)
    for level in ("FULL", "WAITED FOR"):
        yield _power(places, library, cuts, level)


def failing(places: Places, library: Path, what: str) -> list[io_errors.Findings]:
    """A sweep of one of ``io_errors.KINDS``: EIO once, EIO for good, ENOSPC once, ENOSPC for good."""
    template = places.copy("sqlite", 40)
    path = str(places.folder / "failing.db")
    found = shim.run(library, "proof.io_errors", template=template, path=path, what=what)
    places.drop(template)
    places.drop(path)
    return [io_errors.Findings(**one) for one in found]


def _failing(places: Places, library: Path) -> Iterator[Row]:
    control = sum(one.half + one.lost for one in failing(places, library, "the control"))
    for what in io_errors.KINDS:
        if what == "the control":
            continue
        start = time.perf_counter()
        found = failing(places, library, what)
        words = "{} half, {} lost, {} that did not work afterwards, {} raw errors".format(
            *(sum(getattr(one, name) for one in found) for name in ("half", "lost", "stuck")),
            sum(len(one.raw) for one in found),
        )
        first = next((one.raw[0] for one in found if one.raw), "")
        yield Row(
            f"failing calls: {what}", "sqlite",
            f"{sum(one.points for one in found)} failures, EIO and ENOSPC, once and for good",
            words + (f" ({first})" if first else ""), f"no log (journal_mode=OFF): {control} half or lost",
            not any(one.bad for one in found) and control > 0, time.perf_counter() - start,
        )  # fmt: skip


def cuts_of(places: Places, library: Path, level: str, claims: int, most: int) -> powerloss.Cuts:
    """Records so many claims with this ``synchronous`` and cuts the power at up to ``most`` places."""
    template = places.copy("sqlite", 200)
    path, tape = str(places.folder / "power.db"), places.folder / "tape"
    io_errors.fresh(template, path)
    told = shim.run(library, "proof.powerloss", path=path, tape=str(tape), claims=claims, level=level)
    made = powerloss.replay(Path(template), tape, [tuple(one) for one in told], places.folder, most)
    for gone in (template, path, str(places.folder / "after.db")):
        places.drop(gone)
    tape.unlink()
    return made


def _power(places: Places, library: Path, most: int, level: str) -> Row:
    start = time.perf_counter()
    made = cuts_of(places, library, level, 60, most)
    control = cuts_of(places, library, "OFF", 60, max(100, most // 10))
    return Row(
        f"power loss (simulated){', others waiting behind' if level != 'FULL' else ''}", "sqlite", f"{made.cuts:,} cuts during 60 claims",
        f"{made.lost} lost, {made.half} half, {made.unreadable} unreadable",
        f"synchronous=OFF, {control.cuts} cuts: {control.lost} lost, {control.half} half, {control.unreadable} unreadable",
        made.bad == 0 and control.bad > 0, time.perf_counter() - start,
    )  # fmt: skip
