"""Stored values and things in the words of people: names for ids, amounts for minor units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.domain.money import decimal_text
from db.connection import Db
from db.reads import journal as reads

WORDS = {"cta": "CTA", "cta_type": "CTA type", "csm": "CSM", "external_id": "external id"}
MONEY = {
    "account": frozenset({"arr"}),
    "opportunity": frozenset({"amount", "due_amount", "final_amount"}),
    "subscription": frozenset({"mrr"}),
}
"""Columns in minor units of their row's currency."""
Value = tuple[str, int, str | None, Any]
"""(thing, its id, column, value)."""


def called(thing: str, id_: int, name: str = "") -> str:
    """``CTA 17 Acme Robotics``."""
    return f"{WORDS.get(thing, thing.replace('_', ' '))} {id_} {name}".rstrip()


class Readable:
    """Says many stored values, with one look-up per kind of thing they speak of."""

    def __init__(self, db: Db, values: Sequence[Value]) -> None:
        things = {value[0] for value in values}
        refs = reads.references(db) if things else ()
        self._targets = {(r.table, r.column): r.target for r in refs if r.table in things}
        wanted: dict[str, set[int]] = {}
        priced: dict[str, set[int]] = {}
        for thing, id_, column, value in values:
            target = self._targets.get((thing, column or ""))
            if target is not None and isinstance(value, int):
                wanted.setdefault(target, set()).add(value)
            if column in MONEY.get(thing, ()):
                priced.setdefault(thing, set()).add(id_)
        self._names = {target: reads.labels(db, target, ids) for target, ids in wanted.items()}
        self._currencies = {thing: reads.currencies(db, thing, ids) for thing, ids in priced.items()}

    def field(self, thing: str, column: str | None) -> str | None:
        """``owner`` for ``owner_id``."""
        return column.removesuffix("_id") if column and (thing, column) in self._targets else column

    def value(self, thing: str, id_: int, column: str | None, value: Any) -> str | None:
        """The value in words; None stays None."""
        if value is None:
            return None
        target = self._targets.get((thing, column or ""))
        if target is not None:
            return self._names.get(target, {}).get(value, called(target, value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if column in MONEY.get(thing, ()):
            currency = self._currencies.get(thing, {}).get(id_, "")
            return f"{decimal_text(value, currency or 'USD')} {currency}".rstrip()
        if isinstance(value, dict):
            return ", ".join(f"{key}: {item}" for key, item in value.items())
        return str(value)
