"""Scoring everybody: accounts a second through the use-case, statements a batch, memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

from bench.timing import Figure
from cockpit.desk import SYSTEM, Desk
from db.store import Store
from db.terms import Face
from tests.services.health_book import NOW, Book

BOOK = 2_000
"""Accounts of the book that is written again and again under other ids."""


def figures(folder: Path, sizes: list[int]) -> Iterator[Figure]:
    """A first pass over a book of generated facts, and a second that finds nothing new."""
    from cockpit.services.health_run import run

    for accounts in sorted({max(BOOK, size // BOOK * BOOK) for size in sizes}):
        path = folder / f"health-{accounts}.db"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
        store = Store.create(str(path), kind="test")
        Book(BOOK).store(store, accounts // BOOK)
        desk = Desk(store, SYSTEM, lambda: NOW, Face.SYSTEM, clock_is_set=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rates = []
        for _ in range(2):
            start = time.perf_counter()
            run(desk)
            rates.append(accounts / (time.perf_counter() - start))
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        yield Figure(f"health: a first pass over {accounts:,} accounts", rates[0], unit="accounts/s")
        yield Figure(f"health: a second, nothing new, {accounts:,} accounts", rates[1], unit="accounts/s")
        yield Figure(f"health: memory that both took, {accounts:,} accounts", more, goal="does not grow", unit="MB")
        store.close()
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
