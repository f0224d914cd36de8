"""Weekdays between days, and how contact stands against a policy."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.pulse import Pulse, pulse, weekdays_back, weekdays_between

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_weekdays_are_counted_one_by_one(start: date, n: int):
    end = start + timedelta(days=n)
    assert weekdays_between(start, end) == sum((start + timedelta(days=k)).weekday() < 5 for k in range(1, n + 1))
    assert weekdays_between(end, start) == 0


@given(DAYS, st.integers(0, 400))
def test_the_way_back_is_the_way_there(today: date, n: int):
    first = weekdays_back(today, n)
    assert weekdays_between(first, today) <= n < weekdays_between(first - timedelta(days=1), today)


def test_each_state_and_its_words():
    monday = date(2026, 11, 23)
    told = {
        days: pulse(None if days is None else monday - timedelta(days=days), monday, 10) for days in (0, 11, 12, 14, 15, 17, None)
    }
    assert {days: beat.pulse for days, beat in told.items()} == {
        0: Pulse.FINE, 11: Pulse.FINE, 12: Pulse.FINE, 14: Pulse.SOON, 15: Pulse.LATE, 17: Pulse.LATE, None: Pulse.NEVER,
    }  # fmt: skip
    assert told[17].says == "1 weekday late: last contact 11 ago, due every 10"
    assert (told[17].ratio, told[None].ratio) == (1.1, None)
    assert pulse(monday, monday, None).pulse is Pulse.OPEN
