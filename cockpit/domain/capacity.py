"""What work weighs, in minutes, and how much of it fits: limits, hours, who has least."""

from __future__ import annotations

from dataclasses import dataclass

CTA_MINUTES = 30
"""Of a CTA whose type says nothing else (ours: no public source)."""
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Load:
    """Somebody's week in minutes: her accounts, her open CTAs, and what she works (None = nobody said)."""

    accounts: int
    ctas: int
    week: int | None = None

    @property
    def total(self) -> int:
        """What she has to do."""
        return self.accounts + self.ctas

    @property
    def free(self) -> int | None:
        """What is left of her week, below 0 when it is overfull; None when her hours are unknown."""
        return None if self.week is None else self.week - self.total


def minutes_a_week(minutes_a_month: int) -> int:
    """Return the share of a month's minutes that falls on one of its weeks (12 months, 52 weeks), rounded half up."""
    return (minutes_a_month * 12 * 2 + WEEKS_A_YEAR) // (2 * WEEKS_A_YEAR)


def share(minutes: int, among: int) -> int:
    """Return what each of several has of work they own together, rounded up."""
    return -(-minutes // among) if among else 0


def scaled(limit: int | None, percent: int) -> int | None:
    """Return somebody's own limit: that percent of the pool's, rounded up, so that a part of one is one."""
    return None if limit is None else -(-limit * percent // 100)


def hours(minutes: int) -> float:
    """Return minutes as hours to one decimal."""
    return round(minutes / 60, 1)


def spent(minutes: int) -> str:
    """Return ``45 min`` or ``3 h 20 min``."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest} min"
    return f"{whole:,} h" + (f" {rest} min" if rest else "")
