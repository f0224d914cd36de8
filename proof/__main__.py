"""``python -m proof``: puts every promise to the test, prints the counts, and writes them into docs/reliability.md."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from proof import server, table
from proof.stores import Places
from proof.table import Row

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 4 << 30


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    claims: int
    """Per store, where stores lie in memory (a tmpfs): there a sync costs nothing, and contention is at its worst."""
    claims_on_disk: int
    kills: int
    schema_kills: int
    import_kills: int
    cuts: int
    stops: int
    seconds: float
    """Of the closed loop of 64."""
    ctas: int
    """There for it to take."""
    shown: int
    """Of each kind of thing, with hostile text in it."""


FULL = Size(1_000_000, 16_000, 1_000, 60, 30, 4_000, 10, 20.0, 60_000, 8)
QUICK = Size(0, 1_600, 40, 8, 6, 80, 1, 3.0, 12_000, 2)
Part = Callable[[Places, Size], Iterator[Row]]


def _load(places: Places, size: Size) -> Iterator[Row]:
    from proof import load

    yield from load.rows(places, size.claims_on_disk)


def _million(places: Places, size: Size) -> Iterator[Row]:
    from proof import load

    if size.claims:
        for row in load.rows(places, size.claims):
            yield replace(row, where=f"{row.where}{', in memory' if places.folder.is_relative_to(MEMORY) else ''}")


def _fairness(places: Places, size: Size) -> Iterator[Row]:
    from proof import load

    yield from load.fairness_rows(places, size.seconds, size.ctas)


def _kills(places: Places, size: Size) -> Iterator[Row]:
    from proof import kills

    yield from kills.rows(places, size.kills)


def _schema(places: Places, size: Size) -> Iterator[Row]:
    from proof import schema

    yield from schema.rows(places, size.schema_kills)


def _imports(places: Places, size: Size) -> Iterator[Row]:
    from proof import imports

    yield from imports.rows(places, size.import_kills)


def _disk(places: Places, size: Size) -> Iterator[Row]:
    from proof import disk

    yield from disk.rows(places, size.cuts, tmpfs=True)


def _restart(places: Places, size: Size) -> Iterator[Row]:
    from proof import restart

    yield from restart.rows(places, size.stops)


def _hostile(places: Places, size: Size) -> Iterator[Row]:
    from proof import hostile

    yield from hostile.rows(places, size.shown)


PARTS: dict[str, Part] = {
    "fairness": _fairness, "load": _load, "kills": _kills, "schema": _schema, "imports": _imports, "disk": _disk,
    "restart": _restart, "hostile": _hostile, "million": _million,
}  # fmt: skip


@contextmanager
def places(folder: Path | None, with_server: bool) -> Iterator[Places]:
    """A folder of our own and, where there can be one, a server in it; both are gone afterwards."""
    own = Path(tempfile.mkdtemp(prefix="proof-", dir=folder))
    running = None
    try:
        if with_server:
            try:
                running = server.find(own)
            except server.NoServer as why:
                print(f"NO POSTGRESQL: {why}", file=sys.stderr)
        yield Places(own, running)
    finally:
        if running is not None:
            running.close()
        shutil.rmtree(own, ignore_errors=True)


def _memory(asked: Path | None) -> Path | None:
    """Where the million claims lie: in memory, if there is room."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    return MEMORY if asked is None and has_room else asked


def run(names: list[str], size: Size, folder: Path | None, with_server: bool, *, keep: bool) -> list[Row]:
    """The parts, one after the other; each row is printed when it is known, each part is kept (``keep``) when it is whole."""
    print(table.line(table.HEAD), "|" + "---|" * len(table.HEAD), sep="\n")
    everything = []
    for name in names:
        about, start, rows = table.machine(), time.monotonic(), []
        with places(_memory(folder) if name == "million" else folder, with_server) as here:
            for row in PARTS[name](here, size):
                rows.append(row)
                print(table.line(row.cells()), flush=True)
        if keep:
            table.write(name, rows, f"{about}; {(time.monotonic() - start) / 60:.1f} minutes")
        everything += rows
    return everything


def main() -> int:
    """Parses the arguments; the exit code is 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="proof", description="What the store promises, counted. Takes about an hour.")
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="a minute or two of everything but the million")
    parser.add_argument("--claims", type=int, help="per store, in place of a million")
    parser.add_argument("--kills", type=int, help="of workers, in place of a thousand")
    parser.add_argument("--folder", type=Path, help="where the stores lie; memory for the million, else the system's")
    parser.add_argument("--sqlite-only", action="store_true", help="no PostgreSQL")
    parser.add_argument("--write", action="store_true", help="write the tables of the page also after --quick or for some of the parts")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    size = QUICK if chosen.quick else FULL
    size = replace(size, claims=chosen.claims or size.claims, kills=chosen.kills or size.kills)
    about, start = table.machine(), time.monotonic()
    print(about, end="\n\n")
    keep = chosen.write or not (chosen.quick or chosen.parts)
    rows = run(chosen.parts or list(PARTS), size, chosen.folder, not chosen.sqlite_only, keep=keep)
    about += f"; {(time.monotonic() - start) / 60:.0f} minutes" + (" (--quick)" if chosen.quick else "")
    broken = [row for row in rows if row.held is False]
    missing = [row for row in rows if row.held is None]
    print(f"\n{about}: {len(rows)} rows, {len(broken)} broken, {len(missing)} not run")
    if keep:
        print(f"written into {table.PAGE.relative_to(table.ROOT)}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
