"""The working days of a pool up to the clock: every call, claim and close of the demo falls into one."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from cockpit.domain.calendar import ONE_DAY, Calendar

OPENING, HOURS = time(9), 8
LEASE_DAYS = 5
BACK = 800
"""How many calendar days a demo knows of."""


class Days:
    """Business days of one pool, the latest last; nothing it names lies after the clock."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self._calendar = calendar
        self.today = calendar.local_date(now)
        self.days: list[date] = []
        self._starts: list[tuple[datetime, int]] = []
        self._due: dict[tuple[date, int], date] = {}
        for back in range(BACK, -1, -1):
            day = self.today - ONE_DAY * back
            start = datetime.combine(day, OPENING, calendar.zone).astimezone(UTC)
            minutes = min(HOURS * 60, (now - start) // timedelta(minutes=1))
            if calendar.is_business_day(day) and minutes > 15:
                self.days.append(day)
                self._starts.append((start, minutes))

    def ago(self, rng: Random, n: int) -> datetime:
        """A working hour of the ``n``-th last business day that has begun (0 is the last)."""
        return self._at(rng, len(self.days) - 1 - n)

    def on(self, rng: Random, day: date) -> datetime:
        """A working hour of that day, or of the business day before it."""
        return self._at(rng, bisect_right(self.days, day) - 1)

    def business_day(self, day: date) -> date:
        """That day, or the business day before it."""
        return self.days[max(0, bisect_right(self.days, day) - 1)]

    def noon(self, day: date) -> datetime:
        """Noon of a day: the moment of what is known by its date only."""
        return self._calendar.noon(day)

    def after(self, rng: Random, moment: datetime, n: int) -> datetime:
        """A working hour ``n`` business days after a moment's day (at least the next), never after the clock."""
        place = bisect_right(self.days, self._calendar.local_date(moment)) - 1 + max(1, n)
        return self._at(rng, min(place, len(self.days) - 1))

    def due(self, day: date, n: int) -> date:
        """The ``n``-th business day after a day."""
        key = day, n
        if key not in self._due:
            self._due[key] = self._calendar.on_or_after(self._calendar.add_business_days(day, n))
        return self._due[key]

    def lease_from(self, rng: Random, left: int, days: int = LEASE_DAYS) -> datetime:
        """A working hour of the day from which a lease of ``days`` has so many business days left, today included."""
        last = self._calendar.add_business_days(self._calendar.on_or_after(self.today), left - 1)
        return self.on(rng, self._calendar.add_business_days(last, -days))

    def local(self, moment: datetime) -> date:
        """The pool's day of a moment."""
        return self._calendar.local_date(moment)

    def _at(self, rng: Random, place: int) -> datetime:
        start, minutes = self._starts[max(0, place)]
        return start + timedelta(minutes=int(rng.random() * minutes))


def dawn(day: date, number: int) -> datetime:
    """When the rules made a CTA that day: half past five UTC and some seconds."""
    return datetime(day.year, day.month, day.day, 5, 30, tzinfo=UTC) + timedelta(seconds=number % 1200)


def years_later(day: date, years: int) -> date:
    """The same day of another year; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
