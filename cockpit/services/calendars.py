"""Calendars by name: a time zone and a region whose holidays the ``holidays`` package knows.

The package is imported when the first business day is asked for, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cockpit.domain.calendar import SATURDAY_SUNDAY, Calendar
from cockpit.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from holidays import HolidayBase


class UnknownCalendar(ValueError):
    """A time zone or region nobody knows; its text is the sentence the user reads."""


@dataclass(frozen=True, slots=True)
class _Holidays:
    """The holidays of a region, by year."""

    region: str

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _holidays_of(self.region, day.year)


@dataclass(frozen=True, slots=True)
class _Weekend:
    """The weekend of a region."""

    region: str

    def __contains__(self, weekday: object) -> bool:
        return weekday in _weekend_of(self.region)


def calendar_for(zone: str = "UTC", region: str | None = None) -> Calendar:
    """Return the calendar of a pool: an IANA time zone and ``US``, ``DE-BY``, …, or None for weekends only.

    An unknown zone raises at once, an unknown region at the first business day asked for: check what people
    type with ``check_region``.
    """
    return _calendar(zone, region.strip() if region and region.strip() else None)


@lru_cache(maxsize=256)
def _calendar(zone: str, region: str | None) -> Calendar:
    known = _zone(zone)
    return Calendar(known, _Holidays(region), _Weekend(region)) if region else Calendar(known)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; malformed; a folder of zones
        from zoneinfo import available_timezones

        raise UnknownCalendar(f"No time zone is called {name!r}.{did_you_mean(name, available_timezones())}") from None


def check_region(region: str | None) -> None:
    """Raise ``UnknownCalendar`` unless the region has holidays known here."""
    if region is not None:
        _weekend_of(region.strip())


@lru_cache(maxsize=64)
def _load(region: str, year: int) -> HolidayBase:
    import holidays

    country, _, part = region.partition("-")
    country = country.upper()
    known = holidays.list_supported_countries()
    parts = known.get(country, ())
    subdivision = next((name for name in parts if name.casefold() == part.casefold()), part) or None
    try:
        return holidays.country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError:
        names = [f"{country}-{name}" for name in parts] if country in known else list(known)
        raise UnknownCalendar(
            f"No holiday calendar is called {region!r}.{did_you_mean(region, names)} Names look like US or DE-BY."
        ) from None


@lru_cache(maxsize=1024)
def _holidays_of(region: str, year: int) -> frozenset[date]:
    return frozenset(_load(region, year))


@lru_cache(maxsize=64)
def _weekend_of(region: str) -> frozenset[int]:
    return frozenset(_load(region, 2026).weekend) or SATURDAY_SUNDAY
