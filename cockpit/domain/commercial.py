"""What is bought: contract value, whitespace, and which spans a renewal timeline draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Holding:
    """A subscription: units of a product for so much a month from ``starts`` to ``ends`` (inclusive; none: it runs on)."""

    product: str | None
    units: int | None
    mrr: int
    currency: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Whitespace:
    """A product that is sold and not held. ``mrr`` = list price × assumed units; None when either is not known."""

    product: str
    units: int | None
    mrr: int | None
    currency: str | None


def months(starts: date, ends: date) -> float:
    """Months from one day to another, both in: a year that ends the day before its anniversary is 12."""
    after = ends + timedelta(days=1)
    whole = (after.year - starts.year) * 12 + after.month - starts.month
    return whole + (after.day - starts.day) / 30


def contract_value(running: Iterable[Holding]) -> tuple[tuple[tuple[str, int], ...], int]:
    """Return what running subscriptions are worth over their terms by currency, and how many have no end."""
    sums: dict[str, int] = {}
    open_ended = 0
    for one in running:
        if one.ends is None:
            open_ended += 1
        else:
            sums[one.currency] = sums.get(one.currency, 0) + round(one.mrr * months(one.starts, one.ends))
    return tuple(sorted(sums.items())), open_ended


def whitespace(on_sale: Sequence[tuple[str, int | None, str | None]], running: Sequence[Holding]) -> tuple[Whitespace, ...]:
    """Return the products (name, list price, currency) not held by a customer with a running subscription.

    Assumed units: the most of any product the customer holds; without any, the amount is not known.
    """
    if not running:
        return ()
    held = {one.product for one in running}
    units = max((one.units for one in running if one.units), default=None)
    return tuple(
        Whitespace(name, units, None if price is None or units is None else price * units, currency)
        for name, price, currency in on_sale
        if name not in held
    )
