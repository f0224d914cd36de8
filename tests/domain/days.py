"""Days, calendars and moments that property tests draw from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cockpit.domain.calendar import SATURDAY_SUNDAY, Calendar

ZONES = (
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",  # clocks change at midnight
    "America/Nuuk",
    "Asia/Beirut",  # clocks change at midnight
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # by half an hour
    "Europe/Berlin",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
)
some_days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A zone, a weekend, and holidays thick enough to matter around any day."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    weekend = draw(st.sampled_from((SATURDAY_SUNDAY, frozenset({4, 5}), frozenset({6}), frozenset[int]())))
    every = draw(st.integers(2, 40))
    shift = draw(st.integers(0, 39))

    class Recurring:
        def __contains__(self, day: object) -> bool:
            assert isinstance(day, date)
            return (day.toordinal() + shift) % every == 0

        def __repr__(self) -> str:
            return f"every {every} days, {shift}"

    return Calendar(zone, Recurring(), weekend)
