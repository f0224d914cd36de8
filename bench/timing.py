"""Two things timed in turns (A B A B), so that the machine's moods fall on both alike."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. Times are milliseconds; ``ratio`` is ours to theirs unless ``unit`` says otherwise."""

    what: str
    ours: float | None
    against: str = ""
    theirs: float | None = None
    ratio: float | None = None
    goal: str = ""
    unit: str = "ms"


def ms(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def in_turns(times: int, *works: Callable[[], object], warm: int = 1) -> list[list[float]]:
    """The milliseconds of each call of each work, called in turns after ``warm`` uncounted rounds."""
    for _ in range(warm):
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, kept in zip(works, taken, strict=True):
            kept.append(ms(work))
    return taken


def median(values: Sequence[float]) -> float | None:
    """The middle value; None of nothing."""
    return statistics.median(values) if values else None


def p95(values: Sequence[float]) -> float | None:
    """The value that 95 of 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))] if ordered else None


def ratio(ours: float | None, theirs: float | None) -> float | None:
    """Ours to theirs, when both are known."""
    return ours / theirs if ours is not None and theirs else None


def run(argv: Sequence[str], env: dict[str, str]) -> None:
    """One program from start to end, its output thrown away; raises when it fails."""
    subprocess.run(argv, env=env, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
