"""Pulse: whether somebody of us was in touch with an account as often as its segment's policy says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cockpit.domain.say import plural

SOON = 0.8
"""Of the window: from there on it is time to get in touch."""
NOT_CONTACT = ("update", "milestone", "transition note")
"""Types of entries that are written about a customer, not with one."""


class Pulse(StrEnum):
    """How contact stands against the policy; ``never``: nothing on the timeline; ``open``: nothing is asked for."""

    FINE = "fine"
    SOON = "soon"
    LATE = "late"
    NEVER = "never"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Beat:
    """The pulse of one account: ``weekdays`` since the last contact, of ``window`` allowed."""

    pulse: Pulse
    last: date | None
    weekdays: int | None
    window: int | None

    @property
    def ratio(self) -> float | None:
        """Weekdays since the last contact by those allowed; None when either is not known."""
        return None if self.weekdays is None or not self.window else self.weekdays / self.window

    @property
    def says(self) -> str:
        """The pulse in words, for one line."""
        if self.window is None:
            return "the segment's policy asks for no regular contact"
        if self.weekdays is None:
            return f"no contact on the timeline; due every {plural(self.window, 'weekday')}"
        over = self.weekdays - self.window
        if over > 0:
            return f"{plural(over, 'weekday')} late: last contact {self.weekdays} ago, due every {self.window}"
        word = "due soon" if self.pulse is Pulse.SOON else "in time"
        return f"{word}: last contact {plural(self.weekdays, 'weekday')} ago, due every {self.window}"


def pulse(last: date | None, today: date, window: int | None) -> Beat:
    """Return the pulse of an account whose last contact was on a day, under a policy of ``window`` weekdays."""
    gone = None if last is None else weekdays_between(last, today)
    if window is None:
        return Beat(Pulse.OPEN, last, gone, None)
    if gone is None:
        return Beat(Pulse.NEVER, None, None, window)
    state = Pulse.LATE if gone > window else Pulse.SOON if gone > SOON * window else Pulse.FINE
    return Beat(state, last, gone, window)


def weekdays_between(start: date, end: date) -> int:
    """Return how many Mondays to Fridays lie in (start, end]; 0 when end is not after start.

    Holidays are not taken off: a policy is a promise to customers, whose holidays are others.
    """
    return max(0, _weekdays_until(end) - _weekdays_until(start))


def weekdays_back(today: date, n: int) -> date:
    """Return the earliest day from which not more than ``n`` weekdays have passed."""
    from datetime import timedelta

    at = today.weekday()
    on, rest = min(at, 4), n % 5
    return today - timedelta(days=at - on + 7 * (n // 5) + rest + (2 if rest > on else 0))


def _weekdays_until(day: date) -> int:
    weeks, rest = divmod(day.toordinal() - 1, 7)  # the first day of the calendar was a Monday
    return 5 * weeks + min(rest + 1, 5)
