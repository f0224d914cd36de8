"""Headers compared: normalised, by word, and by what stands under them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from cockpit.services.exchange.fields import Field, Sort
from cockpit.services.exchange.read import Cell

_TAIL = re.compile(r"(__pc|__c|_gc|_c|__r)$")
_UNIT = re.compile(r"\s*[\(\[].*?[\)\]]\s*$")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}[ -][A-Za-z]{3,9}[ -,]+\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
)
_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?(?:[kKmM%€£$)]|[A-Z]{3})?\)?")
_CLOSE_ENOUGH = 0.72
_CONFUSED = frozenset(
    {("contract", "contact"), ("contracts", "contact"), ("contractname", "contactname"), ("country", "count")}
)
"""Near in letters, far in meaning."""
_NOT_RECURRING = frozenset({"revenue", "annualrevenue", "turnover", "numberofemployees", "employees"})
"""What a customer earns is not what it pays us."""


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """A header without case, spaces, punctuation and the marks other systems put on it (``property_``, ``__c``)."""
    text = unicodedata.normalize("NFKD", header.strip())
    text = _TAIL.sub("", text.lower() if text.islower() or "__" in text else text)
    text = _TAIL.sub("", text.lower()).removeprefix("property_")
    return "".join(char for char in text if char.isalnum())


@lru_cache(maxsize=4096)
def keys(header: str) -> tuple[str, ...]:
    """``key`` of the header, and of the header without a unit in brackets."""
    bare = _UNIT.sub("", header)
    return (key(header),) if bare == header or not key(bare) else (key(header), key(bare))


def unit(header: str) -> str | None:
    """The currency a header names: ``ARR (EUR)``, ``Amount USD``."""
    found = re.search(r"[\(\[ ]([A-Z]{3})[\)\]]?\s*$", header)
    return found.group(1) if found and found.group(1) in _CURRENCIES else None


_CURRENCIES = frozenset({
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW", "MXN", "NOK", "NZD", "PLN",
    "RON", "SEK", "SGD", "TRY", "USD", "ZAR",
})  # fmt: skip


def is_exact(header: str, field: Field) -> bool:
    """Whether the header is the field's own or one of its known others."""
    own = key(field.header)
    return any(k == own or k in field.also for k in keys(header))


def likeness(header: str, field: Field) -> float:
    """0 to 1: how much a header looks like one of a field's names."""
    mine = keys(header)[-1]
    if mine in _NOT_RECURRING or len(mine) < 3:
        return 0.0
    words = frozenset(word.lower() for word in _WORDS.findall(header))
    best = 0.0
    for name in (key(field.header), *field.also):
        if len(name) < 3 or (mine, name) in _CONFUSED:
            continue
        score = SequenceMatcher(None, mine, name).ratio()
        if name in words or (len(name) > 4 and mine.endswith(name)):
            score = max(score, 0.75)
        best = max(best, score)
    return best


def fits(sort: Sort, cells: Sequence[Cell]) -> float:
    """0 to 1: how many of some filled cells could be of this sort; 0.5 where any text could."""
    if not cells:
        return 0.5
    texts = [cell if isinstance(cell, str) else str(cell) for cell in cells]
    pattern = {
        Sort.EMAIL: _EMAIL, Sort.EMAILS: None, Sort.DATE: _DATE, Sort.WHEN: _DATE,
        Sort.MONEY: _NUMBER, Sort.WHOLE: _NUMBER, Sort.NUMBER: _NUMBER, Sort.SCORE: re.compile(r"\d{1,2}(\.0)?"),
        Sort.FLAG: re.compile(r"(?i)true|false|yes|no|y|n|0|1|t|f|x"),
    }.get(sort)  # fmt: skip
    if sort is Sort.EMAILS:
        return sum("@" in text for text in texts) / len(texts)
    if pattern is None:
        return 0.5
    return sum(pattern.fullmatch(text.strip()) is not None for text in texts) / len(texts)


def match(header: str, field: Field, cells: Sequence[Cell]) -> float:
    """How well a column of an unknown spreadsheet serves a field; 0 when it should not be tried."""
    if is_exact(header, field):
        return 1.0
    if field.sort is Sort.KEY:
        return 0.0  # a wrong guess here would take different rows for one
    like = likeness(header, field)
    fit = fits(field.sort, cells)
    if field.sort is Sort.EMAIL and fit > 0.8:
        like = max(like, 0.8)
    if like < _CLOSE_ENOUGH or fit < 0.5:
        return 0.0
    return like * (0.5 + fit / 2)
