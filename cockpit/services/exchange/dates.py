"""Dates as other systems write them. Which of two numbers is the month is read from the whole column, never guessed by row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from cockpit.services.exchange.read import Cell


class Order(StrEnum):
    """Whether 02/03 is the second of March or the third of February."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    BOTH = "both"
    """The column uses both: only rows that allow one reading are taken."""


class BadCell(ValueError):
    """A cell that cannot be read as its field; the text is the reason its owner gets."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a column's dates say about their order."""

    month_first: int = 0
    day_first: int = 0
    open: int = 0
    dotted: int = 0
    am_pm: int = 0

    @property
    def order(self) -> Order | None:
        """The order the column proves, or None when every row allows both (or none is in question)."""
        if self.month_first and self.day_first:
            return Order.BOTH
        if self.month_first or self.day_first:
            return Order.MONTH_FIRST if self.month_first else Order.DAY_FIRST
        return None

    @property
    def likely(self) -> Order:
        """What to assume without proof: dots are day first, AM/PM and slashes month first."""
        return Order.DAY_FIRST if self.dotted and not self.am_pm else Order.MONTH_FIRST


_YEAR_FIRST = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})"
    r"(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
)
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?)[\s,-]+(\d{4}|\d{2})"
    r"(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST, _LATEST = 1900, 2200


def evidence(cells: Iterable[Cell]) -> Evidence:
    """What the dates of a column say about their order."""
    month = day = both = dotted = am_pm = 0
    for cell in cells:
        found = _YEAR_LAST.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        month += second > 12 >= first
        day += first > 12 >= second
        both += first <= 12 and second <= 12 and first != second
        dotted += found[2] == "."
        am_pm += found[9] is not None
    return Evidence(month, day, both, dotted, am_pm)


def read_when(cell: Cell, order: Order) -> date | datetime:
    """A date, or a moment in UTC when the cell says a time too (in UTC unless it names an offset).

    Raises BadCell with the reason.
    """
    if isinstance(cell, datetime):
        return _typed(cell)
    if isinstance(cell, date):
        return _plausible(cell, cell)
    text = str(cell).strip()
    if isinstance(cell, str) and len(text) == 10 and text[4] == "-" == text[7]:
        try:
            return _plausible(date.fromisoformat(text), text)
        except ValueError as error:
            raise _not_a_date(text) from error
    return _from_text(text, order)


def read_date(cell: Cell, order: Order) -> date:
    """A date; the time of day, if the cell has one, is left out."""
    value = read_when(cell, order)
    return value.date() if isinstance(value, datetime) else value


def _typed(value: datetime) -> date | datetime:
    aware = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if (aware.hour, aware.minute, aware.second, aware.microsecond) == (0, 0, 0, 0):
        return _plausible(aware.date(), value)
    return _plausible(aware, value)


def _from_text(text: str, order: Order) -> date | datetime:
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            day = date(int(found[1]), int(found[3]), int(found[4]))
            return _plausible(_at(day, found[5], found[6], found[7], found[8], None, found[9]), text)
        if found := _YEAR_LAST.fullmatch(text):
            day = _ordered(int(found[1]), int(found[3]), _year(found[4]), order, text)
            return _plausible(_at(day, found[5], found[6], found[7], found[8], found[9], found[10]), text)
        if found := _NAMED.fullmatch(text):
            name = (found[2] or found[3])[:3].lower()
            if name in _MONTHS:
                day = date(_year(found[5]), _MONTHS.index(name) + 1, int(found[1] or found[4]))
                return _plausible(_at(day, found[6], found[7], found[8], None, found[9], found[10]), text)
        if found := _COMPACT.fullmatch(text):
            return _plausible(date(int(found[1]), int(found[2]), int(found[3])), text)
        if _EPOCH.fullmatch(text):
            seconds = int(text) / (1000 if len(text) == 13 else 1)
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        raise _not_a_date(text) from error
    raise _not_a_date(text)


def _ordered(first: int, second: int, year: int, order: Order, text: str) -> date:
    if first == second or second > 12:
        return date(year, first, second)
    if first > 12:
        return date(year, second, first)
    if order is Order.BOTH:
        raise BadCell(
            f'"{text}" can be two days: this column writes the month first in some rows and the day in others.'
        )
    return date(year, first, second) if order is Order.MONTH_FIRST else date(year, second, first)


def _at(
    day: date,
    hour: str | None,
    minute: str,
    second: str | None,
    fraction: str | None,
    half: str | None,
    zone: str | None,
) -> date | datetime:
    if hour is None:
        return day
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hour)
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(day.year, day.month, day.day, hours, int(minute), int(second or 0), micro, tzinfo=UTC)
    if zone and zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        moment -= offset if zone[0] == "+" else -offset
    return moment


def _year(text: str) -> int:
    """Two figures mean 1969 to 2068, as POSIX has it."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def _plausible(value: date | datetime, cell: object) -> date | datetime:
    if not _EARLIEST <= value.year <= _LATEST:
        raise BadCell(f'"{cell}" is not between {_EARLIEST} and {_LATEST}.')
    return value


def _not_a_date(text: str) -> BadCell:
    shown = text if len(text) <= 40 else text[:39] + "…"
    hint = " Format the column as a date before exporting." if re.fullmatch(r"[1-9]\d{4}(\.\d+)?", text) else ""
    return BadCell(f'"{shown}" is not a date.{hint}')
