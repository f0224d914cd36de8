"""Who is away on a day, who answers for her, and when she is back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cockpit.domain import say
from cockpit.domain.calendar import ONE_DAY, Calendar


@dataclass(frozen=True, slots=True)
class Absence:
    """``csm`` is not here from ``first`` to ``last``, both included; ``cover`` answers for her, if anybody does."""

    csm: int
    first: date
    last: date
    cover: int | None = None

    def holds(self, day: date) -> bool:
        """Tell whether she is away on this day."""
        return self.first <= day <= self.last


def back_on(last: date, calendar: Calendar) -> date:
    """Return the first day on which she is at work again: the first business day after the last of her absence."""
    return calendar.on_or_after(last + ONE_DAY)


def meets(first: date, last: date, others: Iterable[Absence]) -> Absence | None:
    """Return the first of these absences that shares a day with the span, or None."""
    return next((one for one in others if one.first <= last and first <= one.last), None)


def cover_of(csm: int, away: Mapping[int, Absence]) -> int | None:
    """Return who answers for somebody who is away now: her cover, or that one's cover when she is away herself.

    None when nobody does: no cover was named, or the covers are away in a circle. ``away`` holds those away now.
    """
    seen: set[int] = set()
    at: int | None = csm
    while at is not None and at in away:
        if at in seen:
            return None
        seen.add(at)
        at = away[at].cover
    return at


def covered_by(csm: int, away: Mapping[int, Absence]) -> list[int]:
    """Return those away now for whom somebody answers, herself or through others who are away too."""
    return [one for one in sorted(away) if one != csm and cover_of(one, away) == csm]


def stands_for(name: str, last: date, today: date) -> str:
    """Return the mark in the list of a cover: ``for Ben until Fri 4 Dec``."""
    return f"for {name.split()[0] if name.split() else name} until {say.day(last, today)}"


def away_words(name: str, last: date, today: date, cover: str | None) -> str:
    """Return ``Ben Okafor is away until Fri 4 Dec; Ana Ruiz covers.``"""
    who = f"{cover} covers" if cover else "nobody covers"
    return f"{name} is away until {say.day(last, today)}; {who}."


def days_here(first: date, last: date, absences: Sequence[Absence], calendar: Calendar) -> int:
    """Return the business days of a span, both ends in, on which she was not away."""
    span = (first + ONE_DAY * n for n in range((last - first).days + 1))
    return sum(calendar.is_business_day(day) and not any(one.holds(day) for one in absences) for day in span)
