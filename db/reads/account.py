"""Accounts as lists, headers and the Summary pane show them, with what the facts of one account amount to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date
from db.reads.page import Cursor, Page, Sort, fetch

SORTS = {
    "name": Sort("a.name", "a.id"),
    "arr": Sort("a.arr", "a.id", descending=True, nullable=True),
    "renewal": Sort("a.renewal_date", "a.id", nullable=True),
    "health": Sort("a.health", "a.id", nullable=True),
}

FROM = """
FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id
LEFT JOIN segment s ON s.id = a.segment_id"""

COLUMNS = """a.id, a.name, s.name AS segment, a.arr, a.currency, a.health, a.health_before, o.login AS owner,
o.name AS owner_name, p.name AS pool, a.renewal_date, a.status, a.stage, a.region, a.served_by, a.parent_id,
(SELECT count(*) FROM cta c WHERE c.account_id = a.id AND c.status = 'open') AS open_ctas"""

FAMILY = "IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account)"
"""An account with its relationships: what is counted for it includes what is theirs."""

# The same tests as the query fields tickets_open, csat and usage_drop (a test compares).
TICKET_OPEN = "t.closed IS NULL AND (t.status IS NULL OR lower(t.status) NOT IN ('closed', 'solved', 'resolved', 'done'))"
TICKET_HIGH = (
    "lower(t.priority) IN ('high', 'p1', 'p2', '1', '2', 'urgent', 'critical', 'highest', 'blocker', 'major')"
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account in a list. ``arr`` is in minor units of ``currency``."""

    id: int
    name: str
    segment: str | None
    arr: int | None
    currency: str | None
    health: int | None
    health_before: int | None
    owner: str | None
    owner_name: str | None
    pool: str | None
    renewal_date: date | None
    status: str
    stage: str | None
    region: str | None
    served_by: str
    parent_id: int | None
    open_ctas: int
    band: str | None = None
    """Filled in by the use-case, which knows the bands."""


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """One account with the names of what it points at."""

    id: int
    name: str
    status: str
    health: int | None
    health_before: int | None
    arr: int | None
    currency: str | None
    renewal_date: date | None
    go_live: date | None
    segment: str | None
    region: str | None
    industry: str | None
    domain: str | None
    language: str | None
    time_zone: str | None
    stage: str | None
    served_by: str
    owner: str | None
    owner_name: str | None
    pool: str | None
    pool_zone: str | None
    parent_id: int | None
    parent: str | None
    pod: str | None = None
    notice_date: date | None = None
    auto_renew: bool | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """An open renewal opportunity."""

    id: int
    due_date: date | None
    due_amount: int | None
    currency: str
    stage: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A survey answer; ``mean`` and ``n`` are of its kind's answers of the last 90 days."""

    kind: str
    score: int
    answered: date
    comment: str | None
    person: str | None
    mean: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Happened:
    """An event at the customer."""

    type: str
    day: date
    body: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """When each kind of fact about an account was last recorded; None = never."""

    health: datetime | None
    activities: datetime | None
    subscriptions: datetime | None
    opportunities: datetime | None
    usage: datetime | None
    surveys: datetime | None
    tickets: datetime | None
    events: datetime | None


def by_ids(db: Db, wanted: list[int]) -> dict[int, AccountRow]:
    """These accounts, by id; those that do not exist are missing."""
    rows = db.rows_of(AccountRow, f"SELECT {COLUMNS} {FROM} WHERE a.id IN ({{ids}})", wanted)
    return {row.id: row for row in rows}


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
) -> Page[AccountRow]:
    """A page of accounts matching a condition over ``FROM`` in one of SORTS."""
    order = SORTS[sort]
    select = f"SELECT {order.columns}, {COLUMNS} {FROM}"
    return fetch(
        db, AccountRow, select, where, params, order, after=after, before=before, at_end=at_end, limit=limit
    )


def count(db: Db, where: str, params: dict[str, Any], cap: int) -> int:
    """How many match, counting no further than ``cap`` + 1."""
    sql = f"SELECT count(*) FROM (SELECT 1 {FROM} WHERE {where or 'TRUE'} LIMIT :cap) AS counted"
    return int(db.scalar(sql, **params, cap=cap + 1))


def detail(db: Db, account_id: int) -> AccountDetail | None:
    """One account, or None."""
    rows = db.rows(
        AccountDetail,
        "SELECT a.id, a.name, a.status, a.health, a.health_before, a.arr, a.currency, a.renewal_date, a.go_live,"
        " s.name AS segment, a.region, a.industry, a.domain, a.language, a.time_zone, a.stage, a.served_by,"
        " o.login AS owner, o.name AS owner_name, p.name AS pool, p.time_zone AS pool_zone, a.parent_id, u.name AS parent, d.name AS pod,"
        " a.notice_date, a.auto_renew "
        f"{FROM} LEFT JOIN account u ON u.id = a.parent_id LEFT JOIN pod d ON d.id = a.pod_id WHERE a.id = :account",
        account=account_id,
    )
    return rows[0] if rows else None


def children(db: Db, account_id: int) -> list[tuple[int, str]]:
    """(id, name) of the relationships under an account."""
    return [
        (row[0], row[1])
        for row in db.all("SELECT id, name FROM account WHERE parent_id = :account ORDER BY name, id", account=account_id)
    ]


def mrr(db: Db, account_id: int, today: date) -> list[tuple[str, int]]:
    """(currency, monthly recurring revenue in minor units) of the subscriptions that run today, relationships' too."""
    return [
        (row[0], row[1])
        for row in db.all(
            "SELECT b.currency, CAST(sum(b.mrr) AS BIGINT) FROM subscription b WHERE b.superseded IS NULL"
            f" AND b.starts <= :today AND (b.ends IS NULL OR b.ends >= :today) AND b.account_id {FAMILY}"
            " GROUP BY b.currency ORDER BY b.currency",
            account=account_id, today=today,
        )
    ]  # fmt: skip


def next_renewal(db: Db, account_id: int) -> Renewal | None:
    """The open renewal opportunity that is due first, relationships' too."""
    rows = db.rows(
        Renewal,
        "SELECT r.id, r.due_date, r.due_amount, r.currency, r.stage FROM opportunity r WHERE r.superseded IS NULL"
        f" AND r.type = 'renewal' AND r.state = 'open' AND r.due_date IS NOT NULL AND r.account_id {FAMILY}"
        " ORDER BY r.due_date, r.id LIMIT :one",
        account=account_id, one=1,
    )  # fmt: skip
    return rows[0] if rows else None


def tickets(db: Db, account_id: int) -> tuple[int, int]:
    """(open, of these high) support tickets."""
    row = db.one(
        f"SELECT count(*), count(CASE WHEN {TICKET_HIGH} THEN 1 END) FROM ticket t"
        f" WHERE t.account_id = :account AND t.superseded IS NULL AND {TICKET_OPEN}",
        account=account_id,
    )
    return (row[0], row[1]) if row else (0, 0)


def answers(db: Db, account_id: int, today: date, since: date, each: int) -> list[Answer]:
    """The latest ``each`` survey answers of each kind, newest first; means over ``since`` < day <= today."""
    return db.rows(
        Answer,
        "SELECT q.kind, q.score, q.answered, q.comment, q.person, q.mean, q.n FROM ("
        "SELECT lower(v.kind) AS kind, v.score, v.answered, v.comment, n.name AS person, v.id,"
        " CAST(avg(CASE WHEN v.answered > :since THEN v.score END) OVER kinds AS DOUBLE PRECISION) AS mean,"
        " count(CASE WHEN v.answered > :since THEN 1 END) OVER kinds AS n,"
        " row_number() OVER (PARTITION BY lower(v.kind) ORDER BY v.answered DESC, v.id DESC) AS nth"
        " FROM survey v LEFT JOIN person n ON n.id = v.person_id"
        " WHERE v.account_id = :account AND v.superseded IS NULL AND v.answered <= :today"
        " WINDOW kinds AS (PARTITION BY lower(v.kind))) q WHERE q.nth <= :each ORDER BY q.answered DESC, q.id DESC",
        account=account_id, today=today, since=since, each=each,
    )  # fmt: skip


def events(db: Db, account_id: int, today: date, most: int) -> list[Happened]:
    """The latest events at the customer, newest first."""
    return db.rows(
        Happened,
        "SELECT e.type, e.day, e.body, n.name AS person FROM event e LEFT JOIN person n ON n.id = e.person_id"
        " WHERE e.account_id = :account AND e.superseded IS NULL AND e.day <= :today"
        " ORDER BY e.day DESC, e.id DESC LIMIT :most",
        account=account_id, today=today, most=most,
    )  # fmt: skip


def usage(db: Db, account_id: int, since: date, today: date) -> list[tuple[str, date, int]]:
    """(metric, day, value in thousandths of its unit) of every usage value of ``since`` < day <= today."""
    rows = db.all(
        "SELECT g.metric, g.day, g.value FROM usage g WHERE g.account_id = :account AND g.superseded IS NULL"
        " AND g.day > :since AND g.day <= :today ORDER BY g.metric, g.day",
        account=account_id, since=since, today=today,
    )  # fmt: skip
    return [(metric, day, value) for metric, text, value in rows if (day := as_date(text)) is not None]


def open_ctas(db: Db, account_id: int) -> tuple[int, int]:
    """(open, of these unassigned and awake) CTAs of the account itself."""
    row = db.one(
        "SELECT count(*), count(CASE WHEN c.owner_id IS NULL AND c.snoozed_at IS NULL THEN 1 END) FROM cta c"
        " WHERE c.account_id = :account AND c.status = 'open'",
        account=account_id,
    )
    return (row[0], row[1]) if row else (0, 0)


def freshness(db: Db, account_id: int) -> Freshness:
    """When each kind of fact about the account itself was last recorded."""
    names = {"activities": "activity", "subscriptions": "subscription", "opportunities": "opportunity", "usage": "usage",
             "surveys": "survey", "tickets": "ticket", "events": "event"}  # fmt: skip
    latest = ", ".join(
        f"(SELECT max(x.recorded) FROM {table} x WHERE x.account_id = :account AND x.superseded IS NULL) AS {name}"
        for name, table in names.items()
    )
    health = "(SELECT max(d.since) FROM dated d WHERE d.account_id = :account AND d.field = 'health') AS health"
    return db.rows(Freshness, f"SELECT {health}, {latest}", account=account_id)[0]


def health_on(db: Db, account_id: int, moment: datetime) -> int | None:
    """The health score the store knew at a moment, or None."""
    value = db.scalar(
        "SELECT d.value FROM dated d WHERE d.account_id = :account AND d.field = 'health' AND d.since <= :at"
        " AND (d.until IS NULL OR d.until > :at) ORDER BY d.since DESC, d.id DESC LIMIT :one",
        account=account_id, at=moment, one=1,
    )  # fmt: skip
    return None if value is None else int(value)
