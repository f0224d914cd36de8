"""The parameters of one condition, and the templates they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from db.query.network_sql import WINDOW
from db.query.operand import Clock
from db.query.spec import ACCOUNT_KEY, Entity

_SLOT = re.compile(r"\{(account|me|now|since|\+|day:-?\d+|at:-?\d+)\}")
_BACK = re.compile(r"\{weekdays_back:([^{}]+)\}")
MAX_WINDOW = 1_000
"""The widest window a policy may have, in days."""
_COLUMN = re.compile(r"[a-z]\.\w+")
_OWN_INDEX = {
    Entity.CTA: ("c.owner_id", "c.status"),
    Entity.ACCOUNT: ("a.owner_id", "a.parent_id"),
    Entity.PERSON: ("n.name", "n.email"),
    Entity.ACTIVITY: ("v.cta_id", "v.author_id"),
}
"""Columns whose index may still be chosen while walking in order: they find few rows."""


Rare = Callable[[str], tuple[Sequence[int], Sequence[int]] | None]
"""The CTAs with a text in their title and the accounts with it in their name, where an index says they are few."""


class Binder:
    """Fills the templates of fields for one statement and collects its parameters."""

    def __init__(
        self, entity: Entity, clock: Clock, me_id: int | None, dialect: str, walk: bool, order: str, rare: Rare | None = None,
        account: int | None = None,
    ) -> None:  # fmt: skip
        self.rare = rare or (lambda text: None)
        self.account = account
        self.entity = entity
        self.clock = clock
        self.me_id = me_id
        self.dialect = dialect
        self.walk = walk
        self.free = (order, *_OWN_INDEX[entity]) if walk and dialect == "sqlite" else None
        self.params: dict[str, Any] = {}
        self._bound: dict[tuple[type, Any], str] = {}

    def bind(self, value: Any) -> str:
        """The parameter that holds ``value``."""
        key = (type(value), value)
        if key not in self._bound:
            name = f"q{len(self.params)}"
            self.params[name] = value
            self._bound[key] = f":{name}"
        return self._bound[key]

    def fill(self, template: str) -> str:
        """A template with its slots filled; ``{test}`` and ``{value}`` stay."""
        filled = _SLOT.sub(self._slot, template) if "{" in template else template
        return _BACK.sub(self._back, filled) if "{weekdays_back" in filled else filled

    def _back(self, found: re.Match[str]) -> str:
        """The moment at which the earliest day begins from which not more than so many weekdays have passed."""
        today = self.clock.today
        at, n = today.weekday(), found[1]
        on = min(at, 4)
        # n weekdays, the weekends of whole weeks, the one in between, today's own (subtracted: PostgreSQL gets no plus)
        days = f"({n} - (0 - 2) * ({n} / 5) - CASE WHEN {n} % 5 > {on} THEN -2 ELSE 0 END - ({on - at}))"
        begin = self.bind(self.clock.begins(today))
        if self.dialect == "sqlite":
            return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', {begin}, '-' || {days} || ' days')"
        return f"(CAST({begin} AS timestamptz) - {days} * INTERVAL '1 day')"

    def _slot(self, found: re.Match[str]) -> str:
        name, _, offset = found[1].partition(":")
        match name:
            case "account":
                return ACCOUNT_KEY[self.entity]
            case "me":
                return self.bind(self.me_id)
            case "since":
                return self._since(self.fill(WINDOW))
            case "now":
                return self.bind(self.clock.now)
            case "+":
                return "" if self.free is None else "+"
            case "day":
                return self.bind(self.clock.day(int(offset)))
        return self.bind(self.clock.begins(self.clock.day(int(offset))))

    def _since(self, days: str) -> str:
        """The moment at which the day begins that lies so many days (an SQL expression) before today."""
        clock = self.clock
        steps = _clock_changes(clock.zone, clock.today)
        shift = "".join(f" WHEN ({days}) >= {least} THEN {seconds}" for least, seconds in reversed(steps))
        back = f"86400 * ({days})" + (f" - CASE{shift} ELSE 0 END" if steps else "")
        start = self.bind(clock.begins(clock.today))
        if self.dialect == "sqlite":
            return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', {start}, (0 - ({back})) || ' seconds')"
        return f"({start} - make_interval(secs => {back}))"

    def column(self, expr: str) -> str:
        """An expression of the host's row; a plain column gets a ``+`` so that SQLite leaves its index alone."""
        filled = self.fill(expr)
        if self.free is None or filled in self.free or not _COLUMN.fullmatch(filled):
            return filled
        return "+" + filled


@lru_cache(maxsize=64)
def _clock_changes(zone: tzinfo, today: date) -> tuple[tuple[int, int], ...]:
    """(days back, seconds): how far a day's beginning is from whole days before today's, where clocks were changed."""
    clock = Clock(today, datetime.combine(today, time.min, UTC), zone)
    start, found = clock.begins(today), [(0, 0)]
    for back in range(1, 1 + MAX_WINDOW):
        off = round((clock.begins(today - timedelta(days=back)) - start).total_seconds()) + 86_400 * back
        if off != found[-1][1]:
            found.append((back, off))
    return tuple(found[1:])
