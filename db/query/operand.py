"""What people write after a field, as figures and days. No SQL here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from db.query.spec import Field, Kind

MAX_NUMBER = 10**15
MAX_BUSINESS_DAYS = 5_000

_NUMBER = re.compile(r"([+-]?)\s*[$€£¥]?([0-9]{1,24}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})(%|[A-Za-z]*)")
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_SPAN = re.compile(r"([+-]?)([0-9]{1,6})(h|d|w|m|mo|y|bd)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
_PERIOD = re.compile(r"(this|last|next)[_-](week|month|quarter|year)")

SPANS = "a date (2026-01-31, 2026-01, today, this_month) or a span (7d, 2w, 3m, 5bd)"

BusinessDay = Callable[[date, int], date]
"""The day ``n`` business days after (before, when negative) a day."""


class Unreadable(ValueError):
    """A value that is none of its field's kind; says what would be, and perhaps which was meant."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Clock:
    """The day and the moment that a query is asked at, and the zone in which days begin."""

    today: date
    now: datetime
    zone: tzinfo = UTC
    business_day: BusinessDay | None = None

    def day(self, offset: int) -> date:
        """The day so many days from today."""
        return self.today + timedelta(days=offset)

    def begins(self, day: date) -> datetime:
        """The moment at which a day begins."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` (none = ever) to ``last``; ``span`` when written as an age or an offset."""

    first: date | None
    last: date
    span: bool = False
    near: bool = False
    """A span of more than zero days, on the field's own side of today."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A number of hours ago (or ahead)."""

    moment: datetime


def number(text: str, field: Field) -> Decimal:
    """A number, a sum of money (k, m, b) or a percentage, times the field's scale."""
    found = _NUMBER.fullmatch(text)
    suffix = found[3].lower() if found else ""
    if found is None or (suffix not in _FACTORS and suffix != "%"):
        raise Unreadable(f"“{text}” is no {_WORDS[field.kind]}.")
    if suffix == "%" and field.kind is not Kind.PERCENT:
        raise Unreadable(f"{field.name} is no percentage.", found[1] + found[2])
    if suffix not in ("", "%") and field.kind is Kind.PERCENT:
        raise Unreadable(f"“{text}” is no percentage.", f"{found[1]}{found[2]}%")
    value = Decimal(found[2]) * _FACTORS.get(suffix, 1)
    if value > MAX_NUMBER // max(1, field.scale):
        raise Unreadable(f"“{text}” is too large.")
    return (-value if found[1] == "-" else value) * field.scale


_WORDS = {
    Kind.MONEY: "sum of money, as in 20k or 1.5m",
    Kind.PERCENT: "percentage, as in 30%",
    Kind.NUMBER: "number",
    Kind.ID: "number",
}


def whole(op: str, value: Decimal) -> int | None:
    """The whole number that compares alike with whole numbers; none when none can be equal."""
    if op == "=" and value != value.to_integral_value():
        return None
    return int(value.to_integral_value(ROUND_CEILING if op in ("<", ">=") else ROUND_FLOOR))


def days(text: str, field: Field, clock: Clock) -> Days | Hours:
    """A day, a period, an age or an offset, between the years 1000 and 9000."""
    low = text.lower()
    try:
        if span := _SPAN.fullmatch(low):
            return _span(span[1] == "-", int(span[2]), span[3], field, clock)
        if found := _DAY.fullmatch(low):
            year, month = int(found[1]), int(found[2])
            if not 1000 <= year <= 9000:
                raise OverflowError(year)
            if found[3]:
                return Days(day := date(year, month, int(found[3])), day)
            return Days(date(year, month, 1), _months(date(year, month, 1), 1) - timedelta(days=1))
        if found := _PERIOD.fullmatch(low):
            return _period({"last": -1, "this": 0, "next": 1}[found[1]], found[2], clock.today)
    except (ValueError, OverflowError):
        raise Unreadable(f"“{text}” is no day of the calendar.") from None
    if low in ("today", "tomorrow", "yesterday"):
        return Days(day := clock.day({"today": 0, "tomorrow": 1, "yesterday": -1}[low]), day)
    if low in ("overdue", "past"):
        return Days(None, clock.day(-1))
    if re.fullmatch(r"[+-]?[0-9]+", low):
        raise Unreadable(f"{text} of what? {field.name} takes {SPANS}.", f"{text}d")
    raise Unreadable(f"“{text}” is no day and no time span. {field.name} takes {SPANS}.", _close(low))


KEYWORDS: tuple[str, ...] = (
    "today",
    "tomorrow",
    "yesterday",
    "overdue",
    *(f"{which}_{what}" for which in ("this", "last", "next") for what in ("week", "month", "quarter", "year")),
)


def _close(word: str) -> str | None:
    from db.query.error import nearest

    return nearest(word, KEYWORDS)


def _span(negative: bool, n: int, unit: str, field: Field, clock: Clock) -> Days | Hours:
    """Ahead of today for fields that look forward, back from today for ages."""
    back = (field.kind is Kind.AGE) != negative
    step = -n if back else n
    near = n > 0 and not negative
    if unit == "h":
        return Hours(clock.now + timedelta(hours=step))
    if unit == "bd":
        if n > MAX_BUSINESS_DAYS:
            raise OverflowError(n)
        day = (clock.business_day or _weekdays)(clock.today, step)
    elif unit in ("m", "mo", "y"):
        day = _months(clock.today, step * (12 if unit == "y" else 1))
    else:
        day = clock.today + timedelta(days=step * (7 if unit == "w" else 1))
    if not 1000 <= day.year <= 9000:
        raise OverflowError(day.year)
    return Days(day, day, True, near)


def _months(day: date, n: int) -> date:
    """The same day ``n`` months on, or the last one of a shorter month."""
    months = day.year * 12 + day.month - 1 + n
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def _weekdays(day: date, n: int) -> date:
    """Monday to Friday, where nobody said which calendar."""
    step = timedelta(days=1 if n > 0 else -1)
    while n and day.weekday() > 4:
        day -= step
    weeks, left = divmod(abs(n), 5)
    day += weeks * 7 * step
    while left:
        day += step
        left -= day.weekday() < 5
    return day


def _period(which: int, what: str, today: date) -> Days:
    """The week (from Monday), month, quarter or year before, around or after today."""
    if what == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=which)
        return Days(first, first + timedelta(days=6))
    size = {"month": 1, "quarter": 3, "year": 12}[what]
    first = date(today.year, (today.month - 1) // size * size + 1, 1)
    first = _months(first, which * size)
    return Days(first, _months(first, size) - timedelta(days=1))
