"""Flow: what came, what went, how old what is open is, and how long people waited for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PERCENTILES = (50, 95)


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """Return the percentile of values by nearest rank: the smallest that at least so many percent do not exceed.

    Exact (always one of the values), no interpolation: the ⌈percent · n / 100⌉-th of the sorted ones; None of none.
    """
    if not values:
        return None
    return sorted(values)[rank_of(len(values), percent) - 1]


def rank_of(n: int, percent: int) -> int:
    """Return the place (from 1) of a percentile among ``n`` sorted values."""
    return max(1, -(-n * percent // 100))


def span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments from which and before which a period of days lies in a zone, both days included."""
    start = datetime.combine(first, time(), zone)
    return start, datetime.combine(last + timedelta(days=1), time(), zone)


def days(seconds: int | None) -> float | None:
    """Return seconds as days to one decimal."""
    return None if seconds is None else round(seconds / 86_400, 1)


def hours(seconds: int | None) -> float | None:
    """Return seconds as hours to one decimal."""
    return None if seconds is None else round(seconds / 3_600, 1)
