"""Usage by week: which metric speaks for an account, its series, and how far it fell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LOGINS = "logins"
"""The metric usage is judged by where there is one; the query language judges by it too."""
MILLI = 1000


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric by weeks that end today, the oldest first; None is a week without a value.

    ``change`` = last 28 days / the 28 before − 1; None when either has no value, or the former is 0.
    """

    metric: str
    weeks: tuple[float | None, ...]
    change: float | None


def trend(points: Iterable[tuple[str, date, int]], today: date, weeks: int) -> Trend | None:
    """Return the weekly series of the metric that speaks for an account, or None without any value.

    ``points`` are (metric, day, thousandths of the unit). Logins are counted, so a week is their sum; other metrics
    are levels, so a week is their mean. Without logins the metric with the most values speaks.
    """
    by_metric: dict[str, list[tuple[date, int]]] = {}
    for metric, day, value in points:
        by_metric.setdefault(metric, []).append((day, value))
    if not by_metric:
        return None
    chosen = LOGINS if LOGINS in by_metric else min(by_metric, key=lambda name: (-len(by_metric[name]), name))
    buckets: list[list[int]] = [[] for _ in range(weeks)]
    for day, value in by_metric[chosen]:
        back = (today - day).days // 7
        if 0 <= back < weeks:
            buckets[weeks - 1 - back].append(value)
    counted = chosen == LOGINS
    series = tuple(_level(bucket, counted) for bucket in buckets)
    return Trend(chosen, series, _change(buckets, counted))


def _level(values: list[int], counted: bool) -> float | None:
    if not values:
        return None
    return (sum(values) if counted else sum(values) / len(values)) / MILLI


def _change(buckets: list[list[int]], counted: bool) -> float | None:
    recent, before = (_level([v for bucket in part for v in bucket], counted) for part in (buckets[-4:], buckets[-8:-4]))
    return None if recent is None or not before else recent / before - 1


@dataclass(frozen=True, slots=True)
class MetricTrend:
    """One metric by weeks that end today, the oldest first; None is a week of which nothing is known.

    ``change`` as of ``Trend``. ``latest`` is the day of the last value.
    """

    name: str
    weeks: tuple[float | None, ...]
    change: float | None
    latest: date

    @property
    def last(self) -> float | None:
        """The value of the last week of which something is known."""
        return next((value for value in reversed(self.weeks) if value is not None), None)


def trends(points: Iterable[tuple[int, str, date, int]], today: date, weeks: int) -> tuple[MetricTrend, ...]:
    """Return the weekly series of every metric, logins first, from (account, metric, day, thousandths).

    Within an account logins are summed and other metrics averaged over a week; accounts are added up.
    """
    buckets: dict[str, dict[int, list[list[int]]]] = {}
    latest: dict[str, date] = {}
    for account, metric, day, value in points:
        back = (today - day).days // 7
        if 0 <= back < weeks:
            series = buckets.setdefault(metric, {}).setdefault(account, [[] for _ in range(weeks)])
            series[weeks - 1 - back].append(value)
            latest[metric] = max(day, latest.get(metric, day))
    made = []
    for metric, accounts in buckets.items():
        counted = metric == LOGINS
        levels = [[_level(bucket, counted) for bucket in series] for series in accounts.values()]
        weekly = tuple(_sum(values) for values in zip(*levels, strict=True))
        changed = [[_level([v for b in series[start:stop] for v in b], counted) for series in accounts.values()]
                   for start, stop in ((-4, None), (-8, -4))]  # fmt: skip
        recent, before = map(_sum, changed)
        change = None if recent is None or not before else recent / before - 1
        made.append(MetricTrend(metric, weekly, change, latest[metric]))
    return tuple(sorted(made, key=lambda one: (one.name != LOGINS, one.name)))


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
