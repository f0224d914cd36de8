"""How far the next one of a recurring CTA lies."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.repeat import UNITS, Interval, RepeatError, later, next_due, read_interval
from tests.domain.days import calendars, some_days

WEEKDAYS = Calendar(ZoneInfo("UTC"))
intervals = st.builds(Interval, st.integers(1, 24), st.sampled_from(sorted(UNITS)))


@given(intervals)
def test_what_is_stored_is_read_again(interval: Interval):
    assert read_interval(str(interval)) == interval


@pytest.mark.parametrize(("text", "stored"), [(" 30D ", "30d"), ("2 w", "2w"), ("every 3m", "3m"), ("quarterly", "3m"), ("Yearly", "1y")])
def test_it_is_read_as_people_type_it(text: str, stored: str):
    assert str(read_interval(text)) == stored


@pytest.mark.parametrize("text", ["", "0d", "d", "-1w", "1.5m", "soon", "2h", "9999d", "²d"])
def test_what_is_no_interval_says_what_is_one(text: str):
    with pytest.raises(RepeatError, match="30d, 2w, 3m, 1y"):
        read_interval(text)


def test_a_month_that_is_too_short_gives_its_last_day():
    assert later(date(2026, 1, 31), Interval(1, "m")) == date(2026, 2, 28)
    assert later(date(2028, 2, 29), Interval(1, "y")) == date(2029, 2, 28)
    assert later(date(2026, 11, 30), Interval(3, "m")) == date(2027, 2, 28)


def test_the_next_lies_on_a_business_day_and_not_in_the_past():
    friday = date(2026, 11, 27)
    assert next_due(friday, Interval(1, "d"), friday, WEEKDAYS) == date(2026, 11, 30)
    assert next_due(friday, Interval(2, "w"), date(2027, 1, 1), WEEKDAYS) == date(2027, 1, 8)
    assert next_due(None, Interval(1, "w"), friday, WEEKDAYS) == date(2026, 12, 4)


@given(some_days, intervals, some_days, calendars())
def test_it_is_ahead_on_a_business_day_and_in_step(due: date, interval: Interval, today: date, calendar: Calendar):
    found = next_due(due, interval, today, calendar)
    assert found >= today
    assert found > due
    assert calendar.is_business_day(found)
    assert interval.words.startswith("every ")
