"""Keyset pages: the next rows after a key, at a cost that does not grow with what lies before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from db.connection import Db, record

T = TypeVar("T")
Cursor = tuple[Any, ...]
"""The sort key of a row: what to come after (or before). ``(None, id)`` lies among the rows without a key."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: one key column, then the id; rows without a key come last, whatever the direction.

    ``within`` stands between the two where rows are reached through another table's row (a CTA through its
    account): the order that table's index and then its rows have by themselves.
    """

    key: str
    id: str
    descending: bool = False
    nullable: bool = False
    within: str | None = None

    @property
    def columns(self) -> str:
        """What a page selects first: the cursor."""
        return ", ".join(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns of the cursor, the most significant first."""
        return tuple(part for part in (self.key, self.within, self.id) if part is not None)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows with the cursors of the first and the last of them."""

    rows: tuple[T, ...]
    first: Cursor | None
    last: Cursor | None
    more: bool
    """Whether there are rows beyond, in the direction asked for."""


def fetch(
    db: Db,
    cls: type[T],
    select: str,
    where: str,
    params: dict[str, Any],
    sort: Sort,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    at_end: bool = False,
    limit: int = 128,
) -> Page[T]:
    """One page of ``select`` (ending in FROM …) in this order: from the start, after or before a key, or the end."""
    backwards = before is not None or at_end
    cursor = before if before is not None else after
    width = len(sort.parts)
    rows: list[tuple[Any, ...]] = []
    build: Callable[[tuple[Any, ...]], T] | None = None
    for phase in _phases(sort, cursor, backwards):
        want = limit + 1 - len(rows)
        if want <= 0:
            break
        sql, more = _statement(sort, where, phase, cursor, backwards)
        columns, found = db.table(f"{select} WHERE {sql}", **params, **more, page_limit=want)
        build = build or record(cls, columns[width:])
        rows += found
    beyond = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    made = tuple(build(row[width:]) for row in rows) if build else ()
    return Page(made, tuple(rows[0][:width]) if rows else None, tuple(rows[-1][:width]) if rows else None, beyond)


def _phases(sort: Sort, cursor: Cursor | None, backwards: bool) -> list[str]:
    """Keyed rows and rows without a key are walked one after the other, so that each walk is one index range."""
    if not sort.nullable:
        return ["keyed"]
    both = ["none", "keyed"] if backwards else ["keyed", "none"]
    if cursor is None:
        return both
    return both[both.index("none" if cursor[0] is None else "keyed") :]


def _statement(
    sort: Sort, where: str, phase: str, cursor: Cursor | None, backwards: bool
) -> tuple[str, dict[str, Any]]:
    compare, direction = ("<", "DESC") if sort.descending != backwards else (">", "ASC")
    conditions = [where or "TRUE"]
    names, values = sort.parts, cursor or ()
    continues = cursor is not None and (cursor[0] is None) == (phase == "none")
    if phase == "none":
        conditions.append(f"{sort.key} IS NULL")
        names, values = names[1:], values[1:]
    elif sort.nullable:
        conditions.append(f"{sort.key} IS NOT NULL")
    params: dict[str, Any] = {}
    if continues:
        params = {f"page_{n}": value for n, value in enumerate(values)}
        marks = ", ".join(f":{name}" for name in params)
        conditions.append(f"({', '.join(names)}) {compare} ({marks})")
    order = ", ".join(f"{name} {direction}" for name in names)
    return f"{' AND '.join(conditions)} ORDER BY {order} LIMIT :page_limit", params
