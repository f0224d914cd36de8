"""Business days and local days: a pool's time zone with its holidays."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
SATURDAY_SUNDAY: frozenset[int] = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time zone, the days nobody works there, and the weekdays of its weekend (Monday is 0)."""

    zone: ZoneInfo
    holidays: Container[date] = frozenset()
    weekend: Container[int] = SATURDAY_SUNDAY

    def is_business_day(self, day: date) -> bool:
        """Tell whether people work on this day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """Return the day itself if people work on it, else the next one on which they do."""
        while not self.is_business_day(day):
            day += ONE_DAY
        return day

    def add_business_days(self, day: date, n: int) -> date:
        """Return the ``n``-th business day after ``day``, before it for a negative ``n``; 0 is the day itself."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            if self.is_business_day(day):
                left -= 1
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """Return how many business days ``end`` lies after ``start``, negative when before.

        Counts the business days in (start, end], or those in [end, start) as a negative number: the inverse
        of ``add_business_days`` in both directions.
        """
        if end >= start:
            return sum(self.is_business_day(start + ONE_DAY * k) for k in range(1, (end - start).days + 1))
        return -sum(self.is_business_day(end + ONE_DAY * k) for k in range((start - end).days))

    def local_date(self, moment: datetime) -> date:
        """Return the day that an aware moment falls on here."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return moment.astimezone(self.zone).date()

    def start_of_day(self, day: date) -> datetime:
        """Return the first moment of a local day, in UTC (where clocks skip midnight: the moment they skip)."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def noon(self, day: date) -> datetime:
        """Return local noon in UTC: the moment of what is known by its date only."""
        return datetime.combine(day, time(12), self.zone).astimezone(UTC)
