"""Absences with who covers, and the zone in which each of them has her days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db

_POOL = (
    "(SELECT p.{column} FROM pool_member m JOIN pool p ON p.id = m.pool_id"
    " WHERE m.csm_id = w.csm_id AND p.active = TRUE ORDER BY p.id LIMIT 1) AS {name}"
)
_SELECT = (
    "SELECT w.id, w.csm_id, o.login, o.name, w.first, w.last, w.cover_id, v.login AS cover, v.name AS cover_name, w.note,"
    f" w.ended_at, {_POOL.format(column='time_zone', name='zone')}, {_POOL.format(column='calendar', name='region')}"
    " FROM away w JOIN csm o ON o.id = w.csm_id LEFT JOIN csm v ON v.id = w.cover_id"
)


@dataclass(frozen=True, slots=True)
class AwayRow:
    """One absence. ``zone`` and ``region`` are of the first pool she works; ``ended_at`` is set when it is over."""

    id: int
    csm_id: int
    login: str
    name: str
    first: date
    last: date
    cover_id: int | None
    cover: str | None
    cover_name: str | None
    note: str | None
    ended_at: datetime | None
    zone: str | None
    region: str | None
    state: str = ""
    """``away`` now, ``coming`` or ``past``; filled in by the use-case."""
    back: date | None = None
    """Her first day at work again; filled in by the use-case."""


def absences(db: Db, where: str = "", **params: Any) -> list[AwayRow]:
    """Absences that match a condition over ``w``, by their first day."""
    return db.rows(AwayRow, f"{_SELECT} WHERE {where or 'TRUE'} ORDER BY w.first, w.id", **params)


def running(db: Db, earliest: date, latest: date) -> list[AwayRow]:
    """Absences not over that may hold on a day between these: today somewhere on earth."""
    return absences(
        db,
        "w.ended_at IS NULL AND w.last >= :earliest AND w.first <= :latest",
        earliest=earliest,
        latest=latest,
    )


def unended(db: Db, latest: date) -> list[AwayRow]:
    """Absences not marked as over whose last day lies before this one."""
    return absences(db, "w.ended_at IS NULL AND w.last < :latest", latest=latest)
