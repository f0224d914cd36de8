"""Dates as people type them: ``fri``, ``5bd``, ``end of month``, ``4 dec``.

Forms without a year mean the next such day (with ``backward`` the latest one), so none lands in a wrong year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.clean import clean_line, clip
from cockpit.domain.nearest import did_you_mean

FORMS = "tomorrow, fri, next week, 2d, 3w, 1m, 5bd, end of month, 4 dec, 4.12., 2026-12-04"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PERIODS = ("week", "month", "quarter", "year")
_NAMED = {"today": 0, "tod": 0, "now": 0, "eod": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "yesterday": -1}
_SHORT_ENDS = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
_WORDS = (*_NAMED, *_SHORT_ENDS, *WEEKDAYS, *MONTHS, *PERIODS, "next", "last", "end")
_UNITS = {
    "d": "d", "day": "d", "days": "d", "w": "w", "wk": "w", "week": "w", "weeks": "w",
    "m": "m", "mo": "m", "month": "m", "months": "m", "q": "q", "quarter": "q", "quarters": "q",
    "y": "y", "yr": "y", "year": "y", "years": "y", "bd": "bd", "business day": "bd", "business days": "bd",
}  # fmt: skip
_MONTHS_IN = {"m": 1, "q": 3, "y": 12}
LONGEST_DAYS = 36525
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999


class WhenError(ValueError):
    """A date that cannot be read; its text is the sentence the user reads."""


def parse_when(text: str, today: date, calendar: Calendar, *, backward: bool = False) -> date:
    """Return the day that ``text`` means, or raise ``WhenError``.

    ``fri`` is the next Friday after today; ``next fri`` the one of next week; ``end of week`` the last day before
    the weekend; ``next week`` its Monday and ``next month`` its first day; ``5bd`` follows the calendar.
    With ``backward`` a weekday or a date without a year is the latest one up to today.
    """
    typed = re.sub(r"[\s,]+", " ", clean_line(text)).strip().casefold()
    try:
        for form in _FORMS:
            found = form(typed, today, calendar, backward)
            if found is not None:
                return found
    except OverflowError:
        raise WhenError(f"{_shown(text)} is too far away.") from None
    near = did_you_mean(typed.split(" ")[0], _WORDS) if typed else ""
    raise WhenError(f"{_shown(text)} is not a date I know.{near} Try {FORMS}.")


def _shown(text: str) -> str:
    return f'"{clip(clean_line(text), 40)}"'


def _named(typed: str, today: date, _calendar: Calendar, _backward: bool) -> date | None:
    return today + ONE_DAY * _NAMED[typed] if typed in _NAMED else None


_SPAN = re.compile(r"(in |[+-])? ?([0-9]{1,6}) ?([a-z]+(?: [a-z]+)??)( ago)?")


def _span(typed: str, today: date, calendar: Calendar, _backward: bool) -> date | None:
    found = _SPAN.fullmatch(typed)
    if found is None or found[3] not in _UNITS:
        return None
    sign = -1 if found[1] == "-" or found[4] else 1
    n, unit = int(found[2]), _UNITS[found[3]]
    days_each = {"d": 1, "bd": 1, "w": 7}.get(unit) or 28 * _MONTHS_IN[unit]
    if n * days_each > LONGEST_DAYS:
        raise OverflowError
    if unit == "bd":
        return calendar.add_business_days(today, sign * n)
    if unit in _MONTHS_IN:
        return _months_on(today, sign * n * _MONTHS_IN[unit])
    return today + ONE_DAY * sign * n * days_each


def _months_on(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _index(word: str, names: tuple[str, ...]) -> int | None:
    """Return which name a word means: at least three letters of it (``tues``, ``sept``)."""
    return next((n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


def _weekday(typed: str, today: date, _calendar: Calendar, backward: bool) -> date | None:
    which, _, word = typed.rpartition(" ")
    wanted = _index(word.removesuffix("."), WEEKDAYS)
    if wanted is None or which not in ("", "on", "this", "next", "last"):
        return None
    monday = today - ONE_DAY * today.weekday()
    if which == "next":
        return monday + ONE_DAY * (7 + wanted)
    if which == "this":
        return today + ONE_DAY * ((wanted - today.weekday()) % 7)
    if which == "last" or backward:
        return today - ONE_DAY * ((today.weekday() - wanted - 1) % 7 + 1)
    return today + ONE_DAY * ((wanted - today.weekday() - 1) % 7 + 1)


_PERIOD = re.compile(r"(?:(end|start|beginning) of (?:the )?)?(?:(this|next) )?(week|month|quarter|year)( end)?")


def _period(typed: str, today: date, calendar: Calendar, _backward: bool) -> date | None:
    found = _PERIOD.fullmatch(f"end of {_SHORT_ENDS[typed]}" if typed in _SHORT_ENDS else typed)
    if found is None or (found[1] and found[4]) or not (found[1] or found[4] or found[2] == "next"):
        return None
    edge, which, period = found[1], found[2], found[3]
    if edge == "end" or found[4]:
        return _end_of(period, which == "next", today, calendar)
    if which != "next":
        return None  # the start of the running period is past
    return _starts(period, today)


def _starts(period: str, today: date) -> date:
    """Return the first day of the next period."""
    if period == "week":
        return today + ONE_DAY * (7 - today.weekday())
    first = today.replace(day=1)
    if period == "month":
        return _months_on(first, 1)
    into = (today.month - 1) % 3 if period == "quarter" else today.month - 1
    return _months_on(first, (3 if period == "quarter" else 12) - into)


def _end_of(period: str, following: bool, today: date, calendar: Calendar) -> date:
    if period == "week":
        day = today
        while day.weekday() in calendar.weekend or (day + ONE_DAY).weekday() not in calendar.weekend:
            day += ONE_DAY
        return day + timedelta(weeks=1) if following else day
    start = _starts(period, today)
    return (_starts(period, start) if following else start) - ONE_DAY


_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.? (?:of )?([a-z]{3,9})\.?(?: ([0-9]{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?: ([0-9]{4}))?")


def _month_by_name(typed: str, today: date, _calendar: Calendar, backward: bool) -> date | None:
    if found := _DAY_MONTH.fullmatch(typed):
        day, word, year = found[1], found[2], found[3]
    elif found := _MONTH_DAY.fullmatch(typed):
        word, day, year = found[1], found[2], found[3]
    else:
        return None
    month = _index(word, MONTHS)
    return None if month is None else _dated(int(day), month + 1, year, today, backward)


_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\.? ?| ?\. ?([0-9]{4}|[0-9]{2}))")
_SLASHED = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?")


def _figures(typed: str, today: date, _calendar: Calendar, backward: bool) -> date | None:
    if found := _ISO.fullmatch(typed):
        year, month, day = (found[n] or found[n + 3] for n in (1, 2, 3))
        return _dated(int(day), int(month), year, today, backward)
    if found := _DOTTED.fullmatch(typed):
        return _dated(int(found[1]), int(found[2]), found[3], today, backward)
    found = _SLASHED.fullmatch(typed)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), found[4]
    if first != second and 1 <= first <= 12 and 1 <= second <= 12:
        one = _dated(first, second, year, today, backward)
        two = _dated(second, first, year, today, backward)
        raise WhenError(f'"{typed}" can be {_long(one)} or {_long(two)}: write {one.isoformat()} or {two.isoformat()}.')
    return _dated(second, first, year, today, backward) if second > 12 else _dated(first, second, year, today, backward)


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def _dated(day: int, month: int, year: str | None, today: date, backward: bool) -> date:
    if not 1 <= month <= 12:
        raise WhenError(f"There is no month {month}: months go from 1 to 12.")
    if year is not None:
        full = int(year) + (2000 if len(year) == 2 else 0)
        if not EARLIEST_YEAR <= full <= LATEST_YEAR:
            raise WhenError(f"The year {full} is not from {EARLIEST_YEAR} to {LATEST_YEAR}.")
        _check_day(day, month, full)
        return date(full, month, day)
    _check_day(day, month, 2000)
    step = -1 if backward else 1
    for candidate in range(today.year, today.year + 9 * step, step):
        if day <= monthrange(candidate, month)[1]:
            found = date(candidate, month, day)
            if found == today or (found < today) == backward:
                return found
    raise OverflowError


def _check_day(day: int, month: int, year: int) -> None:
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        which = f"{MONTHS[month - 1].capitalize()}{f' {year}' if month == 2 and day == 29 else ''}"
        raise WhenError(f"{which} has no day {day}: it has {days}.")


_FORMS: tuple[Callable[[str, date, Calendar, bool], date | None], ...] = (
    _named, _weekday, _period, _span, _month_by_name, _figures
)  # fmt: skip
