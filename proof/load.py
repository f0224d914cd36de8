"""Many claim at once: nothing twice, nothing lost, nothing half, nobody told "locked"; and nobody starves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from db.store import Store
from proof import checker, workers
from proof.stores import Places, free
from proof.table import Row
from proof.workers import Mode, Order, Told

WORKERS = (1, 4, 16, 64)
MODES: dict[Mode, str] = {"list": "claim by id from one stale list", "next": "claim the next best"}
CONTENDERS = 2
"""How many workers try each CTA of the list; of 8 workers and fewer, all do."""
RATIO, WORST_MS = 3.0, {"sqlite": 500.0, "postgresql": 250.0}


@dataclass(frozen=True, slots=True)
class Trial:
    """One run: its counts, what the workers were told, and how long it took."""

    counts: checker.Counts
    told: list[Told]
    seconds: float


def trial(places: Places, dialect: str, mode: Mode, count: int, ctas: int, contenders: int | None = None) -> Trial:
    """So many workers on a fresh store with so many CTAs, looked at afterwards."""
    url = places.copy(dialect, ctas)
    start = time.perf_counter()
    with closing(Store.open(url)) as store:
        ids = free(store) if mode != "next" else []
    tries = min(count, contenders or count)
    orders = [
        Order(url, mode, n, count, tuple(cta for place, cta in enumerate(ids) if (n - place) % count < tries))
        for n in range(count)
    ]
    told = workers.run(orders, places.folder)
    with closing(Store.open(url)) as store:
        counts = checker.check(store, told)
        left = len(free(store))
    if left:
        counts.errors.append(f"{left} CTAs were left")
    places.drop(url)
    return Trial(counts, told, time.perf_counter() - start)


def rows(places: Places, claims: int) -> Iterator[Row]:
    """That many claims per store, shared by every number of workers and both ways of claiming."""
    share = max(1, claims // (len(WORKERS) * len(MODES)))
    for dialect in places.dialects():
        wrong = trial(places, dialect, "wrong", 8, 400).counts
        control = f"look, then write, 8 × 400: {wrong.double} double, {wrong.lost} lost"
        for mode, words in MODES.items():
            for count in WORKERS:
                made = trial(places, dialect, mode, count, share, CONTENDERS)
                yield Row(
                    words,
                    f"{dialect}, {count} process{'es' if count > 1 else ''}",
                    f"{made.counts.acknowledged:,} claims, {made.counts.refused:,} refused",
                    said(made.counts),
                    control,
                    made.counts.bad == 0 and made.counts.acknowledged == share and wrong.double > 0,
                    made.seconds,
                )


def said(counts: checker.Counts) -> str:
    """The counts of broken promises in words."""
    words = (
        f"{counts.double} double, {counts.lost} lost, {counts.half} half, {counts.untold} not told who won,"
        f' {counts.busy} "busy"'
    )
    return words + (f", {len(counts.errors)} errors: {counts.errors[0]}" if counts.errors else "")


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a closed loop of claims was shared."""

    least: int
    most: int
    worst_ms: float
    first_ms: float
    """The longest call before the count, when 64 fresh processes learn their way at once: not a wait in a queue."""
    per_second: float

    @property
    def ratio(self) -> float:
        """Most claims of a worker to the least."""
        return self.most / max(1, self.least)

    def is_fair(self, dialect: str) -> bool:
        """Within the bounds of the table."""
        return self.ratio <= RATIO and self.worst_ms <= WORST_MS[dialect]

    def __str__(self) -> str:
        return (
            f"{self.least}–{self.most} claims a worker (× {self.ratio:.1f}), worst wait {self.worst_ms:,.0f} ms"
            f" (while learning {self.first_ms:,.0f}), {self.per_second:,.0f}/s"
        )


def fairness(places: Places, dialect: str, count: int, seconds: float, ctas: int, *, gated: bool = True) -> Fairness:
    """So many workers claim the next best in a closed loop for so long."""
    url = places.copy(dialect, ctas)
    orders = [Order(url, "next", n, count, seconds=seconds, gated=gated) for n in range(count)]
    told = workers.run(orders, places.folder)
    places.drop(url)
    got = [len(one.got) for one in told]
    longest = max(one.seconds for one in told)
    worst, first = max(wait for one in told for wait in one.waits), max(one.first for one in told)
    return Fairness(min(got), max(got), 1000 * worst, 1000 * first, sum(got) / longest)


def fairness_rows(places: Places, seconds: float, ctas: int) -> Iterator[Row]:
    """64 workers in a closed loop; on SQLite beside its own lock without the gate."""
    for dialect in places.dialects():
        start = time.perf_counter()
        fair = fairness(places, dialect, 64, seconds, ctas)
        control = fairness(places, dialect, 64, seconds, ctas, gated=False) if dialect == "sqlite" else None
        bounds = f"bounds: × {RATIO:.0f}, {WORST_MS[dialect]:.0f} ms"
        yield Row(
            "nobody starves", f"{dialect}, 64 processes", f"{seconds:.0f} s, {fair.per_second * seconds:,.0f} claims",
            f"{fair}; {bounds}", f"without the gate: {control}" if control else "none: the server queues by itself",
            fair.is_fair(dialect) and (control is None or not control.is_fair(dialect)), time.perf_counter() - start,
        )  # fmt: skip
