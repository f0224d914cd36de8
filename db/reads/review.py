"""Closes as a coach reads them: how each ended, and what shows that something was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class Close:
    """One closed CTA. ``activities`` are entries on it of what took place since the claim, ``tasks_done`` its finished tasks."""

    id: int
    account_id: int
    account: str
    type: str
    reason: str
    title: str
    owner_id: int
    owner: str
    owner_name: str
    outcome: str
    close_note: str | None
    claimed_at: datetime | None
    closed_at: datetime
    activities: int
    tasks_done: int
    tasks: int
    reviews: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What a coach thought of a close."""

    id: int
    cta: int
    account: str
    title: str
    outcome: str | None
    owner: str | None
    owner_name: str | None
    reviewer: str | None
    reviewer_name: str | None
    verdict: str
    note: str | None
    at: datetime


_CLOSE = (
    "SELECT c.id, c.account_id, a.name AS account, t.name AS type, r.name AS reason, c.title, c.owner_id, o.login AS owner,"
    " o.name AS owner_name, c.outcome, c.close_note, c.claimed_at, c.closed_at,"
    " (SELECT count(*) FROM activity v WHERE v.cta_id = c.id AND v.superseded IS NULL AND v.state = 'done'"
    " AND (c.claimed_at IS NULL OR v.at >= c.claimed_at OR (v.date_only = TRUE AND v.recorded >= c.claimed_at))) AS activities,"
    " (SELECT count(*) FROM task k WHERE k.cta_id = c.id AND k.status = 'done') AS tasks_done,"
    " (SELECT count(*) FROM task k WHERE k.cta_id = c.id) AS tasks,"
    " (SELECT count(*) FROM review w WHERE w.cta_id = c.id) AS reviews"
    " FROM cta c JOIN account a ON a.id = c.account_id JOIN cta_type t ON t.id = c.type_id JOIN reason r ON r.id = c.reason_id"
    " JOIN csm o ON o.id = c.owner_id"
)


def closed_ids(db: Db, since: datetime, until: datetime, csm_id: int | None) -> dict[int, list[int]]:
    """The ids of the CTAs closed in [since, until), by whose they were; of one CSM, if given."""
    sql = (
        "SELECT c.owner_id, c.id FROM cta c WHERE c.status = 'closed' AND c.closed_at >= :since AND c.closed_at < :until"
        " AND c.owner_id IS NOT NULL"
    )
    params: dict[str, Any] = {"since": since, "until": until}
    if csm_id is not None:
        sql, params = f"{sql} AND c.owner_id = :csm", params | {"csm": csm_id}
    found: dict[int, list[int]] = {}
    for owner, cta in db.all(f"{sql} ORDER BY c.id", **params):
        found.setdefault(owner, []).append(cta)
    return found


def closes(db: Db, ids: list[int]) -> list[Close]:
    """These closes, the latest first."""
    found: list[Close] = []
    for start in range(0, len(ids), 500):
        params: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + 500], params)
        found += db.rows(Close, f"{_CLOSE} WHERE c.id IN ({marks})", **params)
    return sorted(found, key=lambda row: (row.closed_at, row.id), reverse=True)


def reviews(db: Db, about: int | None, by: int | None, both: int | None) -> list[ReviewRow]:
    """Reviews, the latest first: about a CSM, by one, or by or about one (``both``)."""
    parts, params = ["TRUE"], dict[str, Any]()
    if about is not None:
        parts.append("c.owner_id = :about")
        params["about"] = about
    if by is not None:
        parts.append("w.reviewer_id = :by")
        params["by"] = by
    if both is not None:
        parts.append("(c.owner_id = :both OR w.reviewer_id = :both)")
        params["both"] = both
    return db.rows(
        ReviewRow,
        "SELECT w.id, c.id AS cta, a.name AS account, c.title, c.outcome, o.login AS owner, o.name AS owner_name,"
        " s.login AS reviewer, s.name AS reviewer_name, w.verdict, w.note, w.at FROM review w JOIN cta c ON c.id = w.cta_id"
        " JOIN account a ON a.id = c.account_id LEFT JOIN csm o ON o.id = c.owner_id LEFT JOIN csm s ON s.id = w.reviewer_id"
        f" WHERE {' AND '.join(parts)} ORDER BY w.at DESC, w.id DESC",
        **params,
    )
