"""Business days and local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import ONE_DAY, Calendar
from tests.domain.days import calendars, some_days

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), frozenset({date(2026, 12, 25)}))


def test_weekends_and_holidays_are_no_business_days():
    assert BERLIN.is_business_day(date(2026, 12, 24))
    assert not BERLIN.is_business_day(date(2026, 12, 25))
    assert not BERLIN.is_business_day(date(2026, 12, 26))
    assert BERLIN.add_business_days(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert BERLIN.add_business_days(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert BERLIN.business_days_between(date(2026, 12, 23), date(2026, 12, 28)) == 2
    assert BERLIN.business_days_between(date(2026, 12, 28), date(2026, 12, 23)) == -2


@given(calendars(), some_days, st.integers(-40, 40))
def test_adding_and_counting_are_inverse(calendar: Calendar, day: date, n: int):
    landed = calendar.add_business_days(day, n)
    assert calendar.business_days_between(day, landed) == n
    assert n == 0 or calendar.is_business_day(landed)


@given(calendars(), some_days, st.integers(-60, 60))
def test_counting_agrees_with_looking_at_each_day(calendar: Calendar, start: date, distance: int):
    end = start + ONE_DAY * distance
    if distance >= 0:
        worked = sum(calendar.is_business_day(start + ONE_DAY * k) for k in range(1, distance + 1))
    else:
        worked = -sum(calendar.is_business_day(end + ONE_DAY * k) for k in range(-distance))
    assert calendar.business_days_between(start, end) == worked


@given(calendars(), some_days)
def test_on_or_after_is_the_first_business_day(calendar: Calendar, day: date):
    found = calendar.on_or_after(day)
    assert calendar.is_business_day(found)
    assert not any(calendar.is_business_day(day + ONE_DAY * k) for k in range((found - day).days))


@given(calendars(), some_days)
def test_a_local_day_begins_where_its_date_begins_across_clock_changes(calendar: Calendar, day: date):
    start = calendar.start_of_day(day)
    assert calendar.local_date(start) == day
    assert calendar.local_date(start - timedelta(microseconds=1)) < day
    assert calendar.local_date(calendar.noon(day)) == day
    assert start.tzinfo is UTC
    assert timedelta(hours=11) <= calendar.noon(day) - start <= timedelta(hours=13)


def test_a_skipped_midnight_starts_the_day_where_clocks_land():
    havana = Calendar(ZoneInfo("America/Havana"))
    assert havana.start_of_day(date(2026, 3, 8)) == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        BERLIN.local_date(datetime(2026, 11, 22))
