"""How well playbooks are kept: steps done on time, late, left out, waived; no rate from a handful."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ENOUGH = 10
"""Under so many steps no rate is told: it would say more of chance than of anybody."""


class Kept(StrEnum):
    """What became of a dated step."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    """It is open, and its day is over."""
    SKIPPED = "skipped"
    """Left out, or open when what it was for was closed."""
    WAIVED = "waived"
    MOOT = "moot"
    """Nobody needed it: it counts for nobody."""
    AHEAD = "ahead"
    """Open, its day still to come."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Steps counted; ``n`` are those that say something: done, late, overdue or left out. ``rate`` is done on time of n."""

    on_time: int = 0
    late: int = 0
    overdue: int = 0
    skipped: int = 0
    waived: int = 0

    @property
    def n(self) -> int:
        """What counts; what a manager waived does not."""
        return self.on_time + self.late + self.overdue + self.skipped

    @property
    def rate(self) -> float | None:
        """Of those that count the share done on time; None where they are too few."""
        return self.on_time / self.n if self.n >= ENOUGH else None

    @property
    def says(self) -> str:
        """``82 % of 40``, or that there are too few."""
        if self.n == 0:
            return "nothing was due"
        if self.n < ENOUGH:
            return f"{self.on_time} of {self.n}: too few for a rate"
        return f"{round(100 * self.on_time / self.n)} % of {self.n}"


def kept(status: str, due: date, done_on: date | None, today: date, *, is_over: bool, is_waived: bool, is_moot: bool) -> Kept:
    """Return what became of a step that is due on a day. ``is_over``: what it was for is closed."""
    if status == "done":
        return Kept.ON_TIME if done_on is None or done_on <= due else Kept.LATE
    if status == "skipped":
        return Kept.WAIVED if is_waived else Kept.MOOT if is_moot else Kept.SKIPPED
    if is_over:
        return Kept.SKIPPED
    return Kept.OVERDUE if due < today else Kept.AHEAD


def tally(steps: Iterable[Kept]) -> Tally:
    """Return the counts of some steps."""
    counts = dict.fromkeys(("on_time", "late", "overdue", "skipped", "waived"), 0)
    for one in steps:
        if one.value in counts:
            counts[one.value] += 1
    return Tally(**counts)
