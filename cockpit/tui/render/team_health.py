"""The portfolio's health as rows of the Team screen: a stacked bar per group, then whose health fell most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cockpit.domain.money import short
from cockpit.tui.render.team import NONE, Entry, Head, Words

if TYPE_CHECKING:
    from cockpit.services.health_portfolio import FallingRow, PortfolioGroup

BAR = 24
GLYPHS = {"red": "█", "amber": "▒", "green": "░", "unknown": "·"}
HEALTH = (
    Head("", 14, grow=2, most=34), Head("accounts", 8, "right", 2), Head("red ▸ amber ▸ green", BAR, keep=0), Head("red", 4, "right"),
    Head("amber", 5, "right"), Head("green", 5, "right"), Head("n/a", 4, "right", 3), Head("▼ 4w", 5, "right", 1),
    Head("ARR", 7, "right", 4), Head("red ARR", 7, "right", 5),
)  # fmt: skip


def stacked(counts: Sequence[tuple[str, int]], cells: int = BAR) -> str:
    """Counts as one bar; who is there has at least one cell."""
    whole = sum(count for _, count in counts)
    if not whole:
        return ""
    shares = [(name, count, max(1, round(count / whole * cells)) if count else 0) for name, count in counts]
    over = sum(share for *_, share in shares) - cells
    largest = max(shares, key=lambda one: one[2])[0]
    return "".join(GLYPHS[name] * (share - (over if name == largest else 0)) for name, _, share in shares)


def health(groups: Iterable[PortfolioGroup], by: str) -> list[Entry]:
    """A group per row."""
    return [Entry(number, "health_group", one.label, _group(one), by, one) for number, one in enumerate(groups, 1)]


def _group(one: PortfolioGroup) -> tuple[Words, ...]:
    def money(value: int | None) -> Words:
        return (NONE, "dim") if value is None else (short(value, one.currency or "USD", symbol=True), "text")

    bar = stacked((("red", one.red), ("amber", one.amber), ("green", one.green), ("unknown", one.unknown)))
    return (
        (one.label, "strong"), (str(one.accounts), "text"), (bar, "accent"), (str(one.red), "bad" if one.red else "dim"),
        (str(one.amber), "warn" if one.amber else "dim"), (str(one.green), "ok" if one.green else "dim"), (str(one.unknown), "dim"),
        (str(one.falling), "text"), money(one.arr), money(one.arr_at_risk),
    )  # fmt: skip


def falling(rows: Iterable[FallingRow]) -> list[Entry]:
    """Whose health fell most, below the groups."""
    found = []
    for row in rows:
        arr: Words = (NONE, "dim") if row.arr is None else (short(row.arr, row.currency or "USD", symbol=True), "text")
        told = f"▼{row.before - row.health} from {row.before} to {row.health}"
        fell: Words = (told, "bad" if row.health < 50 else "warn")
        cells: tuple[Words, ...] = ((f"▼ {row.name}", "accent"), (row.segment or NONE, "dim"), fell, *[("", "dim")] * 5, arr)
        found.append(Entry(-row.id, "health_fell", str(row.id), cells, data=row))
    return found
