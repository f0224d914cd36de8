"""Dates typed by people."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.clean import is_clean
from cockpit.domain.when import FORMS, MONTHS, WEEKDAYS, WhenError, parse_when
from tests.domain.days import calendars, some_days

PLAIN = Calendar(ZoneInfo("UTC"), frozenset({date(2026, 11, 26)}))
TODAY = date(2026, 11, 25)  # a Wednesday


def when(text: str, today: date = TODAY, *, backward: bool = False) -> str:
    return parse_when(text, today, PLAIN, backward=backward).isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-25"),
        ("  ToMorrow ", "2026-11-26"),
        ("yesterday", "2026-11-24"),
        ("2d", "2026-11-27"),
        ("in 3 weeks", "2026-12-16"),
        ("3w", "2026-12-16"),
        ("1m", "2026-12-25"),
        ("1q", "2027-02-25"),
        ("1y", "2027-11-25"),
        ("1bd", "2026-11-27"),
        ("+5bd", "2026-12-03"),
        ("5 business days", "2026-12-03"),
        ("-3d", "2026-11-22"),
        ("3 days ago", "2026-11-22"),
        ("fri", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("wed", "2026-12-02"),
        ("this wed", "2026-11-25"),
        ("next friday", "2026-12-04"),
        ("next tue", "2026-12-01"),
        ("last fri", "2026-11-20"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-01"),
        ("next quarter", "2027-01-01"),
        ("next year", "2027-01-01"),
        ("end of week", "2026-11-27"),
        ("eow", "2026-11-27"),
        ("end of month", "2026-11-30"),
        ("month end", "2026-11-30"),
        ("eom", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of the quarter", "2026-12-31"),
        ("end of next quarter", "2027-03-31"),
        ("end of year", "2026-12-31"),
        ("4 dec", "2026-12-04"),
        ("dec 4", "2026-12-04"),
        ("4th of December 2027", "2027-12-04"),
        ("Dec 4, 2026", "2026-12-04"),
        ("4.12.", "2026-12-04"),
        ("4.12.27", "2027-12-04"),
        ("04.12.2026", "2026-12-04"),
        ("2026-12-04", "2026-12-04"),
        ("2026/12/04", "2026-12-04"),
        ("12/25/2026", "2026-12-25"),
        ("25/12", "2026-12-25"),
        ("5/5", "2027-05-05"),
        ("24 nov", "2027-11-24"),
        ("25 nov", "2026-11-25"),
        ("29 feb", "2028-02-29"),
        ("4 dec 2019", "2019-12-04"),
    ],
)
def test_what_people_type(text: str, day: str):
    assert when(text) == day


def test_a_month_on_from_its_last_day_stays_in_the_month():
    assert when("1m", date(2027, 1, 31)) == "2027-02-28"


def test_looking_back_takes_the_latest_one():
    assert when("4 dec", backward=True) == "2025-12-04"
    assert when("mon", backward=True) == "2026-11-23"
    assert when("29 feb", backward=True) == "2024-02-29"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12/04/2026", '"12/04/2026" can be 12 April 2026 or 4 December 2026: write 2026-04-12 or 2026-12-04.'),
        ("30 feb", "February has no day 30: it has 29."),
        ("29 feb 2027", "February 2027 has no day 29: it has 28."),
        ("2026-13-01", "There is no month 13: months go from 1 to 12."),
        ("4 dec 20260", '"4 dec 20260" is not a date I know.'),
        ("1 jan 1066", "The year 1066 is not from 1900 to 2999."),
        ("999999d", '"999999d" is too far away.'),
        ("tommorow", "Did you mean tomorrow?"),
        ("soonish", f'"soonish" is not a date I know. Try {FORMS}.'),
        ("\x1b[31mred", '"red" is not a date I know.'),
        ("", '"" is not a date I know.'),
    ],
)
def test_what_cannot_be_read_says_why(text: str, sentence: str):
    with pytest.raises(WhenError) as error:
        when(text)
    assert sentence in str(error.value)


def test_every_form_the_error_names_is_understood():
    for form in FORMS.split(", "):
        assert when(form) > TODAY.isoformat()


@given(calendars(), some_days, some_days)
def test_iso_means_itself(calendar: Calendar, day: date, today: date):
    assert parse_when(day.isoformat(), today, calendar) == day


@given(calendars(), some_days, some_days)
def test_a_day_and_month_is_the_first_such_day_from_today(calendar: Calendar, day: date, today: date):
    for text in (f"{day.day} {MONTHS[day.month - 1][:3]}", f"{day.day}.{day.month}."):
        found = parse_when(text, today, calendar)
        assert found >= today
        assert (found.day, found.month) == (day.day, day.month)
        assert found.year <= today.year + 8
        assert parse_when(text, today, calendar, backward=True) <= today


@given(calendars(), some_days, st.integers(0, 6))
def test_a_weekday_is_within_the_week_to_come(calendar: Calendar, today: date, wanted: int):
    found = parse_when(WEEKDAYS[wanted][:3], today, calendar)
    assert found.weekday() == wanted
    assert 1 <= (found - today).days <= 7
    following = parse_when(f"next {WEEKDAYS[wanted]}", today, calendar)
    assert following.isocalendar().week == parse_when("next week", today, calendar).isocalendar().week


@given(calendars(), some_days, st.integers(-300, 300))
def test_business_days_follow_the_calendar(calendar: Calendar, today: date, n: int):
    assert parse_when(f"{n}bd", today, calendar) == calendar.add_business_days(today, n)


@given(some_days, st.sampled_from(("month", "quarter", "year")))
def test_the_end_of_a_period_is_the_day_before_the_next_one(today: date, period: str):
    end = parse_when(f"end of {period}", today, PLAIN)
    assert end >= today
    assert parse_when("tomorrow", end, PLAIN) == parse_when(f"next {period}", today, PLAIN)


@given(st.text(max_size=40), some_days)
def test_any_text_is_a_date_or_one_sentence(text: str, today: date):
    sentence = ""
    try:
        parse_when(text, today, PLAIN)
    except WhenError as error:
        sentence = str(error)
    assert is_clean(sentence)
    assert sentence == "" or sentence.endswith(".")


@given(
    st.from_regex(r"[+-]?[0-9]{1,9} ?(d|w|m|q|y|bd)|[0-9]{1,4}[-./][0-9]{1,4}([-./][0-9]{1,4})?", fullmatch=True),
    some_days,
)
def test_any_figures_are_a_date_or_one_sentence(text: str, today: date):
    sentence = ""
    try:
        parse_when(text, today, PLAIN)
    except WhenError as error:
        sentence = str(error)
    assert is_clean(sentence)
    assert sentence == "" or sentence.endswith(".")
