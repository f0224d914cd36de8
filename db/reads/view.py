"""Saved views."""

from __future__ import annotations

from dataclasses import dataclass

from db.connection import Db


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved query with its sort and columns. A shared one without an owner ships with the store."""

    id: int
    name: str
    screen: str
    query: str
    sort: str | None
    columns: list[str] | None
    shared: bool
    owner_id: int | None
    owner: str | None
    is_mine: bool = False


_SELECT = (
    "SELECT w.id, w.name, w.screen, w.query, w.sort, w.columns, w.shared, w.owner_id, o.login AS owner"
    " FROM view w LEFT JOIN csm o ON o.id = w.owner_id"
)


def views(db: Db, screen: str, me: int | None) -> list[ViewRow]:
    """The views of a screen that somebody sees: her own and the shared ones, by name."""
    return db.rows(
        ViewRow,
        f"{_SELECT} WHERE w.screen = :screen AND (w.owner_id = :me OR w.shared = TRUE) ORDER BY lower(w.name), w.id",
        screen=screen, me=me,
    )  # fmt: skip


def view(db: Db, view_id: int) -> ViewRow | None:
    """One view, or None."""
    rows = db.rows(ViewRow, f"{_SELECT} WHERE w.id = :id", id=view_id)
    return rows[0] if rows else None
