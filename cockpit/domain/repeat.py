"""Recurring CTAs: how far the next one lies after the last."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.domain.calendar import Calendar
from cockpit.domain.say import plural

UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_MOST = 999
_WORDS = {"daily": "1d", "weekly": "1w", "monthly": "1m", "quarterly": "3m", "yearly": "1y"}
_SHAPE = re.compile(r"([0-9]{1,3})\s*([dwmy])")


class RepeatError(ValueError):
    """An interval that cannot be read; its text is the sentence the user reads."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A distance between two dates: ``n`` days, weeks, months or years."""

    n: int
    unit: str

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"

    @property
    def words(self) -> str:
        """``every 30 days``, ``every month``."""
        return f"every {UNITS[self.unit]}" if self.n == 1 else f"every {plural(self.n, UNITS[self.unit])}"


def read_interval(text: str) -> Interval:
    """Return the interval written as ``30d``, ``2w``, ``3m``, ``1y`` or ``monthly``, or raise RepeatError."""
    plain = text.strip().casefold().removeprefix("every ").strip()
    found = _SHAPE.fullmatch(_WORDS.get(plain, plain))
    if found is None or not 1 <= int(found[1]) <= _MOST:
        raise RepeatError(f"{text.strip()!r} is no interval: 30d, 2w, 3m, 1y, or weekly, monthly, quarterly, yearly.")
    return Interval(int(found[1]), found[2])


def later(day: date, interval: Interval, times: int = 1) -> date:
    """Return the day so many intervals after ``day``; a month that is too short gives its last day."""
    n = interval.n * times
    if interval.unit in "dw":
        return day + timedelta(days=n * (7 if interval.unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + n * (12 if interval.unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_due(due: date | None, interval: Interval, today: date, calendar: Calendar) -> date:
    """Return when the next one is due: an interval after the old due date (after today without one), on a business day.

    What was closed so late that this day has passed goes on to the first one that has not, in step with the old dates.
    """
    start, times = due or today, 1
    while (day := calendar.on_or_after(later(start, interval, times))) < today:
        times += 1
    return day
