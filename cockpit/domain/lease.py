"""Leases: a claim returns to its pool when its owner leaves it alone for too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cockpit.domain import say
from cockpit.domain.calendar import ONE_DAY, Calendar


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the clock stands, both ends in; ``last`` None means until further notice."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Tell whether the clock stands on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Lease:
    """Where one claim's clock stands.

    ``last_day`` is the last day the owner has (None while paused until further notice), ``ends_at`` the moment
    after it, ``left`` the business days that still count, today included if it does.
    """

    last_day: date | None
    ends_at: datetime | None
    left: int | None
    is_paused: bool
    is_ending: bool
    is_expired: bool


def snooze_pause(snoozed_at: datetime, until: date | None, calendar: Calendar) -> Pause:
    """Return the days a snooze stops the clock: from the day it began to the day before it wakes."""
    return Pause(calendar.local_date(snoozed_at), until - ONE_DAY if until else None)


def resumed(
    touched_at: datetime, snoozed_at: datetime, woken: date, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime:
    """Return the moment a lease counts from once a snooze has ended on ``woken``.

    As many of its business days are used up as were before the snooze began: the clock stood meanwhile.
    """
    held = tuple(pauses)
    first, asleep = calendar.local_date(touched_at), calendar.local_date(snoozed_at)
    before = (first + ONE_DAY * n for n in range(1, max(0, (asleep - first).days)))
    used = sum(calendar.is_business_day(day) and not any(p.holds(day) for p in held) for day in before)
    return max(touched_at, calendar.noon(calendar.add_business_days(woken, -used) - ONE_DAY))


def last_day(touched_at: datetime, days: int, calendar: Calendar, pauses: Iterable[Pause] = ()) -> date | None:
    """Return the ``days``-th business day after the touch, days of a pause not counted; None when paused for good."""
    held = tuple(pauses)
    day, left = calendar.local_date(touched_at), days
    forever = min((p.first for p in held if p.last is None), default=None)
    while left:
        day += ONE_DAY
        if forever is not None and day >= forever:
            return None
        if calendar.is_business_day(day) and not any(p.holds(day) for p in held):
            left -= 1
    return day


def lease(
    touched_at: datetime, days: int, now: datetime, calendar: Calendar, pauses: Iterable[Pause] = (), warn_days: int = 1
) -> Lease | None:
    """Return where the clock of a claim stands, or None when the pool has no lease (``days`` 0).

    ``warn_days``: the lease counts as ending while at most so many business days are left.
    """
    if days <= 0:
        return None
    held = tuple(pauses)
    today = calendar.local_date(now)
    is_paused = any(p.holds(today) for p in held)
    last = last_day(touched_at, days, calendar, held)
    if last is None:
        return Lease(None, None, None, is_paused=is_paused, is_ending=False, is_expired=False)
    expired = today > last
    span = range((last - today).days + 1)
    counted = (today + ONE_DAY * k for k in span)
    left = sum(calendar.is_business_day(day) and not any(p.holds(day) for p in held) for day in counted)
    return Lease(
        last_day=last,
        ends_at=calendar.start_of_day(last + ONE_DAY),
        left=left,
        is_paused=is_paused and not expired,
        is_ending=not expired and not is_paused and left <= warn_days,
        is_expired=expired and not is_paused,
    )


def cutoff(today: date, days: int, calendar: Calendar) -> datetime:
    """Return the moment before which a never paused claim must have been touched to have expired by ``today``."""
    return calendar.start_of_day(calendar.add_business_days(today, -days))


def countdown(state: Lease, today: date) -> str:
    """Return the lease in a few words: ``returns in 3 business days``."""
    if state.last_day is None or state.is_paused:
        return "lease paused"
    if state.is_expired:
        return f"lease ended {say.day(state.last_day, today)}"
    if state.last_day == today:
        return "returns after today"
    return f"returns after {say.day(state.last_day, today)} ({say.plural(state.left or 0, 'business day')})"
