"""Goals, risks, escalations, feelings and renewal calls as lists and the Plan pane show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db
from db.reads.account import FAMILY

NOTICE = "('notice_given', 'cancellation', 'cancellation_notice', 'churn_notice')"
"""Types of event that say that the customer leaves."""
NOTICE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Goal:
    """A line of a success plan; ``owner`` is a login."""

    id: int
    account_id: int
    account: str
    title: str
    measure: str | None
    criterion: str | None
    due: date | None
    owner: str | None
    owner_name: str | None
    status: str
    reached_on: date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Risk:
    """A line of the risk register; ``owner`` is a name elsewhere, ``csm`` the login of who follows it here."""

    id: int
    account_id: int
    account: str
    title: str
    kind: str
    severity: str
    department: str | None
    owner: str | None
    csm: str | None
    csm_name: str | None
    opened_on: date
    due: date | None
    closed_on: date | None
    resolution: str | None
    note: str | None
    cta: int | None
    arr: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Escalation:
    """A matter that is owned elsewhere."""

    id: int
    account_id: int
    account: str
    title: str
    severity: str
    department: str | None
    owner: str | None
    csm: str | None
    csm_name: str | None
    opened_at: datetime
    next_update: date | None
    closed_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Felt:
    """What a CSM thought the customer felt, on a day."""

    id: int
    feeling: str
    day: date
    note: str | None
    csm: str | None
    csm_name: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A CSM's word on a renewal, with what the facts say beside it (``db`` counts, the domain judges)."""

    id: int
    account_id: int
    account: str
    call: str
    day: date
    reason: str | None
    csm: str | None
    csm_name: str | None
    health: int | None
    renewal_date: date | None
    arr: int | None
    currency: str | None
    escalations: int
    high_risks: int
    notices: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a signal is made of, and the commercial dates."""

    id: int
    name: str
    health: int | None
    renewal_date: date | None
    notice_date: date | None
    auto_renew: bool | None
    stage: str | None
    escalations: int
    high_risks: int
    notices: int


_SIGNS = f"""(SELECT count(*) FROM escalation e WHERE e.account_id = a.id AND e.closed_at IS NULL) AS escalations,
(SELECT count(*) FROM risk r WHERE r.account_id = a.id AND r.closed_on IS NULL AND r.severity = 'high') AS high_risks,
(SELECT count(*) FROM event v WHERE v.account_id = a.id AND v.superseded IS NULL AND v.day > :noticed
 AND v.type IN {NOTICE}) AS notices"""

HOST = """JOIN account a ON a.id = x.account_id LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id
LEFT JOIN segment s ON s.id = a.segment_id"""
"""The account of a row under the names that a query about accounts uses."""


def goals(db: Db, where: str, **params: Any) -> list[Goal]:
    """Goals that meet a condition over ``x``, open ones by date first."""
    return db.rows(
        Goal,
        "SELECT x.id, x.account_id, a.name AS account, x.title, x.measure, x.criterion, x.due, w.login AS owner,"
        f" w.name AS owner_name, x.status, x.reached_on, x.note FROM goal x {HOST} LEFT JOIN csm w ON w.id = x.owner_id"
        f" WHERE {where} ORDER BY CASE WHEN x.status = 'open' THEN 0 ELSE 1 END,"
        " CASE WHEN x.due IS NULL THEN 1 ELSE 0 END, x.due, x.id",
        **params,
    )


def risks(db: Db, where: str, **params: Any) -> list[Risk]:
    """Risks that meet a condition over ``x``: open ones, the most severe first."""
    return db.rows(
        Risk,
        "SELECT x.id, x.account_id, a.name AS account, x.title, x.kind, x.severity, x.department, x.owner, w.login AS csm,"
        " w.name AS csm_name, x.opened_on, x.due, x.closed_on, x.resolution, x.note, x.cta_id AS cta, a.arr, a.currency"
        f" FROM risk x {HOST} LEFT JOIN csm w ON w.id = x.csm_id WHERE {where}"
        " ORDER BY CASE WHEN x.closed_on IS NULL THEN 0 ELSE 1 END,"
        " CASE x.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, x.opened_on, x.id",
        **params,
    )


def escalations(db: Db, where: str, **params: Any) -> list[Escalation]:
    """Escalations that meet a condition over ``x``: open ones by the next update first."""
    return db.rows(
        Escalation,
        "SELECT x.id, x.account_id, a.name AS account, x.title, x.severity, x.department, x.owner, w.login AS csm,"
        f" w.name AS csm_name, x.opened_at, x.next_update, x.closed_at, x.note FROM escalation x {HOST}"
        f" LEFT JOIN csm w ON w.id = x.csm_id WHERE {where}"
        " ORDER BY CASE WHEN x.closed_at IS NULL THEN 0 ELSE 1 END,"
        " CASE WHEN x.next_update IS NULL THEN 1 ELSE 0 END, x.next_update, x.opened_at, x.id",
        **params,
    )


def feelings(db: Db, account_id: int, today: date, most: int) -> list[Felt]:
    """The latest feelings noted about an account itself, the newest first."""
    return db.rows(
        Felt,
        "SELECT x.id, x.feeling, x.day, x.note, w.login AS csm, w.name AS csm_name FROM sentiment x"
        " LEFT JOIN csm w ON w.id = x.csm_id WHERE x.account_id = :account AND x.superseded IS NULL AND x.day <= :today"
        " ORDER BY x.day DESC, x.id DESC LIMIT :most",
        account=account_id, today=today, most=most,
    )  # fmt: skip


def calls(db: Db, where: str, today: date, noticed: date, **params: Any) -> list[Call]:
    """The latest renewal call of each account that meets a condition over ``x``, the next renewal first."""
    return db.rows(
        Call,
        "SELECT x.id, x.account_id, a.name AS account, x.call, x.day, x.reason, w.login AS csm, w.name AS csm_name, a.health,"
        f" a.renewal_date, a.arr, a.currency, {_SIGNS} FROM renewal_call x {HOST} LEFT JOIN csm w ON w.id = x.csm_id"
        f" WHERE x.superseded IS NULL AND x.day <= :today AND {where} AND NOT EXISTS (SELECT 1 FROM renewal_call y"
        " WHERE y.account_id = x.account_id AND y.superseded IS NULL AND y.day <= :today"
        " AND (y.day > x.day OR (y.day = x.day AND y.id > x.id)))"
        " ORDER BY CASE WHEN a.renewal_date IS NULL THEN 1 ELSE 0 END, a.renewal_date, x.id",
        today=today, noticed=noticed, **params,
    )  # fmt: skip


def facts(db: Db, account_id: int, noticed: date) -> Facts | None:
    """What the signal of an account is made of, and its commercial dates."""
    found = db.rows(
        Facts,
        f"SELECT a.id, a.name, a.health, a.renewal_date, a.notice_date, a.auto_renew, a.stage, {_SIGNS}"
        " FROM account a WHERE a.id = :account",
        account=account_id, noticed=noticed,
    )  # fmt: skip
    return found[0] if found else None


def open_escalation(db: Db, account_id: int) -> str | None:
    """The department that has the latest open escalation of an account; empty when none is named, None without one."""
    row = db.one(
        "SELECT department FROM escalation WHERE account_id = :account AND closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT :one",
        account=account_id, one=1,
    )  # fmt: skip
    return None if row is None else row[0] or ""


def stages(db: Db, account_id: int) -> list[tuple[str | None, datetime, datetime | None]]:
    """(stage, since, until) of an account's dated history, the latest first."""
    from db.connection import as_moment

    rows = db.all(
        "SELECT value, since, until FROM dated WHERE account_id = :account AND field = 'stage' ORDER BY since DESC, id DESC",
        account=account_id,
    )
    return [(row[0], since, as_moment(row[2])) for row in rows if (since := as_moment(row[1])) is not None]


OF_FAMILY = f"x.account_id {FAMILY}"
"""A condition for rows of an account (``:account``) and its relationships."""
