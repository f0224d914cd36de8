"""CTAs with their account, as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from db.connection import Db
from db.reads.page import Cursor, Page, Sort, fetch

UNASSIGNED = "c.owner_id IS NULL AND c.status = 'open' AND c.snoozed_at IS NULL"

MY_WORK = (
    "c.status = 'open' AND c.id IN (SELECT x.id FROM cta x WHERE x.owner_id = :mine AND x.status = 'open'"
    " UNION SELECT k.cta_id FROM task k WHERE k.cta_id IS NOT NULL AND k.owner_id = :mine AND k.status = 'open'"
    " UNION SELECT h.cta_id FROM shadow h WHERE h.csm_id = :mine"
    " UNION SELECT m.cta_id FROM mention n JOIN comment m ON m.id = n.comment_id WHERE n.csm_id = :mine AND n.seen_at IS NULL)"
)
"""What somebody holds, where a task is hers, what she follows, and where she is spoken to and has not seen it."""

SORTS = {
    "score": Sort("c.rank", "c.id"),
    "due": Sort("c.due", "c.id", nullable=True),
    "oldest": Sort("c.opened_at", "c.id"),
    "newest": Sort("c.id", "c.id", descending=True),
    "account": Sort("a.name", "c.id", within="a.id"),
    "arr": Sort("a.arr", "c.id", descending=True, nullable=True, within="a.id"),
    "renewal": Sort("a.renewal_date", "c.id", nullable=True, within="a.id"),
    "health": Sort("a.health", "c.id", nullable=True, within="a.id"),
    "id": Sort("c.id", "c.id"),
}

FROM = """
FROM cta c JOIN account a ON a.id = c.account_id
LEFT JOIN csm o ON o.id = c.owner_id LEFT JOIN pool p ON p.id = c.pool_id
JOIN cta_type t ON t.id = c.type_id JOIN reason r ON r.id = c.reason_id LEFT JOIN segment s ON s.id = a.segment_id"""

BY_ACCOUNT = FROM.replace("FROM cta c JOIN account a", "FROM account a CROSS JOIN cta c").replace(
    "ON a.id = c.account_id", ""
)
"""The same rows read account by account (SQLite keeps the order of a CROSS JOIN): an order by a column of accounts then
costs what the page costs. Needs ``c.account_id = a.id`` among the conditions.
"""

COLUMNS = """c.id, c.account_id, a.name AS account, t.name AS type, t.label, r.name AS reason, c.title, c.priority, c.status,
c.due, o.login AS owner, o.name AS owner_name, p.name AS pool, c.pool_id, a.arr, a.currency, a.health, a.health_before,
a.renewal_date, a.region, s.name AS segment, c.snoozed_at, c.snoozed_until, c.snooze_reason, c.flagged,
c.opened_at, c.claimed_at, c.touched_at, c.closed_at,
c.outcome, c.rank"""


@dataclass(frozen=True, slots=True)
class CtaRow:
    """One CTA in a list. ``arr`` is in minor units of ``currency``; ``rank`` ascending is the queue's order."""

    id: int
    account_id: int
    account: str
    type: str
    label: str
    reason: str
    title: str
    priority: str
    status: str
    due: date | None
    owner: str | None
    owner_name: str | None
    pool: str | None
    pool_id: int | None
    arr: int | None
    currency: str | None
    health: int | None
    health_before: int | None
    renewal_date: date | None
    region: str | None
    segment: str | None
    snoozed_at: datetime | None
    snoozed_until: date | None
    snooze_reason: str | None
    flagged: bool
    opened_at: datetime
    claimed_at: datetime | None
    touched_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    rank: int
    score: float | None = None
    """Filled in by the use-case, which knows the weights and the moment."""
    lease_left: int | None = None
    """Business days until it goes back, today included; with ``lease``, the same in words, filled in for "my work"."""
    lease: str = ""
    stands_for: str | None = None
    """``for Ben until Fri 4 Dec``: in the work of who covers for its owner; filled in by the use-case."""
    via: str = ""
    """Why it is in "my work" though it is not mine: ``task``, ``following``, ``mentioned``, ``for Ben until Fri 4 Dec``."""
    comments: int = 0
    """What colleagues said about it; filled in for the CTAs of one account."""


class Brief(NamedTuple):
    """Of a CTA what an act's result says."""

    id: int
    owner: str | None
    status: str
    account: str
    playbook_id: int | None


@dataclass(frozen=True, slots=True)
class CtaDetail:
    """What a CTA has beside what lists show."""

    id: int
    description: str | None
    source: str
    snooze_wake: str | None
    left_note: str | None
    close_note: str | None
    playbook: str | None
    playbook_id: int | None
    repeats: str | None
    returned: int
    lane: str | None
    skill: str | None
    opportunity_id: int | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a CTA."""

    id: int
    cta_id: int
    title: str
    position: int
    due: date | None
    required: bool
    status: str
    owner: str | None


def page(
    db: Db,
    where: str,
    params: dict[str, Any],
    sort: str,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    at_end: bool = False,
    limit: int = 128,
) -> Page[CtaRow]:
    """A page of CTAs matching a condition over ``FROM`` in one of SORTS."""
    order = SORTS[sort]
    if order.within:
        where = f"c.account_id = a.id AND {where or 'TRUE'}"
    select = f"SELECT {order.columns}, {COLUMNS} {BY_ACCOUNT if order.within else FROM}"
    return fetch(db, CtaRow, select, where, params, order, after=after, before=before, at_end=at_end, limit=limit)


def count(db: Db, where: str, params: dict[str, Any], cap: int) -> int:
    """How many match, counting no further than ``cap`` + 1."""
    return int(
        db.scalar(
            f"SELECT count(*) FROM (SELECT 1 {FROM} WHERE {where or 'TRUE'} LIMIT :cap) AS counted",
            **params,
            cap=cap + 1,
        )
    )


def ids(db: Db, where: str, params: dict[str, Any]) -> list[int]:
    """The ids of all that match."""
    return [row[0] for row in db.all(f"SELECT c.id {FROM} WHERE {where or 'TRUE'} ORDER BY c.rank, c.id", **params)]


def by_ids(db: Db, wanted: list[int]) -> dict[int, CtaRow]:
    """These CTAs, by id; those that do not exist are missing."""
    rows = db.rows_of(CtaRow, f"SELECT {COLUMNS} {FROM} WHERE c.id IN ({{ids}})", wanted)
    return {row.id: row for row in rows}


def is_any_free(db: Db, wanted: Sequence[int]) -> bool:
    """Whether one of these at least lies in a queue."""
    return bool(db.of(f"SELECT 1 FROM cta c WHERE c.id IN ({{ids}}) AND {UNASSIGNED}", wanted))


def brief(db: Db, wanted: Sequence[int]) -> dict[int, Brief]:
    """What an act's result says of these CTAs, by id; those that do not exist are missing."""
    rows = db.of(
        "SELECT c.id, o.login, c.status, a.name, c.playbook_id FROM cta c JOIN account a ON a.id = c.account_id"
        " LEFT JOIN csm o ON o.id = c.owner_id WHERE c.id IN ({ids})",
        wanted,
    )
    return {row[0]: Brief(*row) for row in rows}


def detail(db: Db, cta_id: int) -> CtaDetail | None:
    """What the list does not show of one CTA."""
    rows = db.rows(
        CtaDetail,
        "SELECT c.id, c.description, c.source, c.snooze_wake, c.left_note, c.close_note, b.name AS playbook, c.playbook_id,"
        " c.repeats, c.returned, c.lane, c.skill, c.opportunity_id"
        " FROM cta c LEFT JOIN playbook b ON b.id = c.playbook_id WHERE c.id = :id",
        id=cta_id,
    )
    return rows[0] if rows else None


def tasks(db: Db, wanted: Sequence[int]) -> dict[int, list[TaskRow]]:
    """The tasks of these CTAs in order; those without are missing."""
    found: dict[int, list[TaskRow]] = {}
    for start in range(0, len(wanted), 500):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + 500], params)
        rows = db.rows(
            TaskRow,
            "SELECT k.id, k.cta_id, k.title, k.position, k.due, k.required, k.status, o.login AS owner"
            f" FROM task k LEFT JOIN csm o ON o.id = k.owner_id WHERE k.cta_id IN ({marks}) ORDER BY k.position, k.id",
            **params,
        )
        for row in rows:
            found.setdefault(row.cta_id, []).append(row)
    return found
