"""A cell → the value of its field, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.domain.export_cell import unsafe_cell
from cockpit.domain.money import MoneyError, exponent, parse
from cockpit.services.exchange.dates import BadCell, Order, read_date, read_when
from cockpit.services.exchange.fields import Sort
from cockpit.services.exchange.read import Cell

TRUE = frozenset({"true", "yes", "y", "1", "t", "x", "on", "ja", "oui", "si", "sí"})
FALSE = frozenset({"false", "no", "n", "0", "f", "off", "nein", "non", ""})
_EMPTY = frozenset({"", "null", "none", "nan", "nil", "n/a", "na", "#n/a", "-", "--", "\\n", "undefined"})
_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"})
_DIGITS = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_ISO_CURRENCY = re.compile(r"[A-Za-z]{3}")
_LONGEST_LINE = 2_000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Setting:
    """What a column's cells need beside themselves to be read."""

    order: Order = Order.MONTH_FIRST
    decimal: str | None = None
    currency: str = "USD"


def text_of(cell: Cell) -> str:
    """A cell as one clean line; the apostrophe that an export put before a formula is taken off."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = clean_line(unsafe_cell(cell))
        return "" if text.lower() in _ERRORS else clip(text, _LONGEST_LINE)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat()
            if (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            else cell.isoformat(" ", "seconds")
        )
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def body_of(cell: Cell) -> str:
    """A cell as clean text of several lines."""
    return clean_text(unsafe_cell(cell)) if isinstance(cell, str) else text_of(cell)


def is_empty(text: str) -> bool:
    """Whether a cell of a typed field says that there is nothing."""
    return text.lower() in _EMPTY


def flag(text: str) -> bool:
    """Yes or no as people and systems write it."""
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadCell(f'"{clip(text, 40)}" is neither yes nor no.')


def whole(text: str) -> int:
    """A whole number, with thousands signs or an idle ``.0``."""
    bare = re.sub(r"(?<=\d)[, '\u2019](?=\d{3}(?!\d))", "", text)
    bare = re.sub(r"\.0+$", "", bare)
    if not _DIGITS.fullmatch(bare) or abs(int(bare[:25])) > _LARGEST:
        raise BadCell(f'"{clip(text, 40)}" is not a whole number.')
    return int(bare)


def number(text: str, decimal: str | None = None) -> Decimal:
    """A number; a comma is read as the decimal sign where the column says so."""
    bare = text.rstrip("%").strip()
    if decimal == ",":
        bare = bare.replace(".", "").replace(",", ".")
    else:
        bare = re.sub(r"(?<=\d)[, '\u2019](?=\d{3}(?!\d))", "", bare)
        if "." not in bare and re.fullmatch(r"-?\d+,\d+", bare):
            bare = bare.replace(",", ".")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise BadCell(f'"{clip(text, 40)}" is not a number.') from error
    if not value.is_finite() or abs(value) > Decimal(10) ** 15:
        raise BadCell(f'"{clip(text, 40)}" is not a number that can be kept.')
    return value


def score(text: str) -> int:
    """A survey's answer: a whole number; blank and fractions are no answers."""
    if is_empty(text):
        raise BadCell("There is no score.")
    bare = re.sub(r"\.0+$", "", text)
    if not re.fullmatch(r"-?\d{1,9}", bare):
        raise BadCell(f'"{clip(text, 40)}" is not a whole number.')
    return int(bare)


def money(text: str, setting: Setting) -> tuple[int, str]:
    """An amount in minor units, and its currency."""
    if _DIGITS.fullmatch(text) and len(text) < 16:
        return int(text) * 10 ** exponent(setting.currency), setting.currency
    decimal = setting.decimal
    if decimal is None and _DECIMAL.fullmatch(text) and len(text.rpartition(".")[2]) != 3:
        decimal = "."
    try:
        amount = parse(text, setting.currency, decimal=decimal)
    except MoneyError as error:
        raise BadCell(str(error)) from error
    return amount.minor, amount.currency


def currency(text: str) -> str:
    """A currency's three letters."""
    if not _ISO_CURRENCY.fullmatch(text):
        raise BadCell(f'"{clip(text, 20)}" is not a currency: three letters such as USD.')
    return text.upper()


def email(text: str) -> str:
    """An e-mail address in small letters; what is none (some exports hash them) stays as it is written."""
    found = re.search(r"<([^<>\s]+@[^<>\s]+)>", text)
    bare = (found[1] if found else text).removeprefix("mailto:")
    return bare.lower() if "@" in bare else bare


def emails(text: str) -> tuple[str, ...]:
    """E-mail addresses (or names) with ``;`` or ``,`` between, each once, in order."""
    parts = re.split(r"[;\n|]+" if ";" in text else r"[;,\n|]+", text)
    return tuple(dict.fromkeys(email(part.strip(" []\"'")) for part in parts if part.strip(" []\"'")))


def key(cell: Cell) -> str:
    """An id as text; Salesforce's 15-letter ids get the three that make them safe where case is lost."""
    text = text_of(cell)
    if len(text) == 15 and is_salesforce_id(text):
        return text + _salesforce_tail(text)
    return "" if is_empty(text) else text


def is_salesforce_id(text: str) -> bool:
    """Whether this is shaped like an id of Salesforce: 15 letters and figures, or 18 whose last three agree."""
    if not re.fullmatch(r"[a-zA-Z0-9]{15}(?:[A-Z0-5]{3})?", text) or not re.match(r"[0-9a][0-9a-zA-Z]{2}", text):
        return False
    return any(c.isdigit() for c in text[3:]) and (len(text) == 15 or _salesforce_tail(text[:15]) == text[15:])


def _salesforce_tail(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    return "".join(
        alphabet[sum(1 << n for n, char in enumerate(text[start : start + 5]) if char.isupper())]
        for start in (0, 5, 10)
    )


def reader(sort: Sort, setting: Setting) -> Callable[[Cell], Any]:
    """The function that reads a column's cells: None for an empty one, BadCell with the reason for a bad one."""
    if sort in (Sort.DATE, Sort.WHEN):
        read = read_date if sort is Sort.DATE else read_when
        return lambda cell: (
            None if cell is None or (isinstance(cell, str) and is_empty(cell.strip())) else read(cell, setting.order)
        )
    if sort is Sort.KEY:
        return lambda cell: key(cell) or None
    if sort is Sort.LINE:
        return lambda cell: text_of(cell) or None
    if sort is Sort.TEXT:
        return lambda cell: body_of(cell) or None
    if sort is Sort.SCORE:
        return lambda cell: score(text_of(cell))
    by_text: dict[Sort, Callable[[str], Any]] = {
        Sort.MONEY: lambda text: money(text, setting),
        Sort.WHOLE: whole,
        Sort.NUMBER: lambda text: number(text, setting.decimal),
        Sort.FLAG: flag,
        Sort.EMAIL: email,
        Sort.EMAILS: emails,
    }
    convert = by_text[sort]

    def read_text(cell: Cell) -> Any:
        text = text_of(cell)
        return None if is_empty(text) else convert(text)

    return read_text


def decimal_mark(texts: list[str]) -> str | None:
    """The decimal sign that a column of figures proves, or None."""
    for text in texts:
        figure = re.sub(r"[^0-9.,]", "", text)
        if (found := re.search(r"[.,](?=\d*$)", figure)) and len(figure) - found.end() != 3:
            return found[0]
        if "," in figure and "." in figure:
            return max(",.", key=figure.rindex)
    return None
