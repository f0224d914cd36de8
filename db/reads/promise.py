"""What was promised to customers, and which meetings are to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db

_COLUMNS = (
    "v.id, v.account_id, a.name AS account, y.name AS type, v.subject, v.at, v.date_only, o.login AS author,"
    " o.name AS author_name, p.time_zone"
)
_FROM = (
    " FROM activity v JOIN account a ON a.id = v.account_id JOIN activity_type y ON y.id = v.type_id"
    " LEFT JOIN csm o ON o.id = v.author_id LEFT JOIN pool p ON p.id = a.pool_id"
)
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Promised:
    """A next step: what was promised, by when, and when it was kept."""

    id: int
    account_id: int
    account: str
    type: str
    subject: str
    at: datetime
    date_only: bool
    author: str | None
    author_name: str | None
    time_zone: str | None
    next_step: str
    next_step_due: date | None
    next_step_done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting or call that is planned, or was to have been by now."""

    id: int
    account_id: int
    account: str
    type: str
    subject: str
    at: datetime
    ends_at: datetime | None
    date_only: bool
    internal: bool
    author: str | None
    author_name: str | None
    time_zone: str | None
    uid: bytes
    rev: int


def promises(db: Db, where: str, params: dict[str, Any]) -> list[Promised]:
    """The live next steps a condition picks, the most urgent first; those without a day last."""
    return db.rows(
        Promised,
        f"SELECT {_COLUMNS}, v.next_step, v.next_step_due, v.next_step_done_at{_FROM}"
        f" WHERE v.superseded IS NULL AND v.next_step IS NOT NULL AND v.state <> 'cancelled' AND {where}"
        " ORDER BY CASE WHEN v.next_step_due IS NULL THEN 1 ELSE 0 END, v.next_step_due, v.id LIMIT :most",
        most=MOST, **params,
    )  # fmt: skip


def meetings(db: Db, where: str, params: dict[str, Any]) -> list[Meeting]:
    """The planned meetings a condition picks, the next first."""
    return db.rows(
        Meeting,
        f"SELECT {_COLUMNS}, v.ends_at, v.internal, v.uid, v.rev{_FROM}"
        f" WHERE v.superseded IS NULL AND v.state = 'planned' AND y.is_meeting = TRUE AND {where} ORDER BY v.at, v.id LIMIT :most",
        most=MOST, **params,
    )  # fmt: skip


MINE = (
    "(v.author_id = :me OR EXISTS (SELECT 1 FROM attendee t WHERE t.activity_id = v.id AND t.csm_id = :me))"
)
"""A meeting is mine when I planned it or am invited."""
