"""Value networks of many accounts at once: what is expected, who belongs, when each member was last met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from db.connection import Db, as_moment
from db.query.network_sql import ANYBODY, GOAL, MINIMUM, ONBOARDING_DAYS, WINDOW, belongs, took_place
from db.reads.account import FAMILY

BATCH = 500
"""Accounts per statement: SQLite looks names of parameters up one by one, more of them cost more than statements."""
_ONBOARDING_SLOT = f"{{day:-{ONBOARDING_DAYS}}}"
_TERMS = ", ".join(expr.replace(_ONBOARDING_SLOT, ":onboarding") for expr in (MINIMUM, WINDOW, GOAL))
_LAST_MET = (
    "(SELECT max(k.at) FROM (SELECT (SELECT max(x.at) FROM met x WHERE x.person_id = b.person_id"
    f" AND x.csm_id = {ANYBODY} AND x.account_id = f.id AND x.at < :before) AS at"
    " FROM account f WHERE f.id = b.root OR f.parent_id = b.root) k)"
)
_BELONG = (
    f"JOIN person n ON n.id = m.person_id WHERE {belongs('m', 'n', ':today')}"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account's segment asks of its network: ``minimum`` None = nothing agreed, ``goal`` in percent."""

    minimum: int | None
    window: int
    goal: int


@dataclass(frozen=True, slots=True)
class Belongs:
    """A member who is still there, and the last meeting of the account (or a relationship of it) she was at."""

    account_id: int
    person_id: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody of the customer at a meeting of the account's family."""

    activity_id: int
    person_id: int
    name: str
    at: datetime


def starts_of(day: date, zone: tzinfo = UTC) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def terms(db: Db, account_ids: Sequence[int], today: date) -> dict[int, Terms]:
    """What is asked of each of these accounts (at most a few thousand)."""
    params: dict[str, Any] = {"onboarding": today - timedelta(days=ONBOARDING_DAYS)}
    marks = db.marks("i", account_ids, params)
    rows = db.all(f"SELECT a.id, {_TERMS} FROM account a WHERE a.id IN ({marks})", **params)
    return {id_: Terms(minimum, window, goal) for id_, minimum, window, goal in rows}


def members(db: Db, account_ids: Sequence[int], today: date, zone: tzinfo = UTC) -> list[Belongs]:
    """Every member of these accounts' networks, those of relationships included."""
    params: dict[str, Any] = {"today": today, "before": starts_of(today + timedelta(days=1), zone)}
    marks = db.marks("i", account_ids, params)
    rows = db.all(
        f"SELECT b.root, b.person_id, {_LAST_MET} FROM ("
        f"SELECT m.account_id AS root, m.person_id FROM membership m {_BELONG} AND m.account_id IN ({marks})"
        " UNION SELECT k.parent_id, m.person_id FROM account k JOIN membership m ON m.account_id = k.id"
        f" {_BELONG} AND k.parent_id IN ({marks})) b",
        **params,
    )
    return [Belongs(root, person, as_moment(last)) for root, person, last in rows]


def network_facts(
    db: Db, account_ids: Sequence[int], today: date, windows: Mapping[int, int] | None = None, zone: tzinfo = UTC
) -> dict[int, tuple[int, int | None, int]]:
    """``{account: (size, minimum, met)}``, two statements per BATCH of accounts.

    ``windows`` are days by account, where not the segment's; ``zone`` is where days begin. Size 0 is "not configured".
    """
    found: dict[int, tuple[int, int | None, int]] = {}
    for start in range(0, len(account_ids), BATCH):
        batch = account_ids[start : start + BATCH]
        asked = terms(db, batch, today)
        lasts: dict[int, list[datetime | None]] = {}
        for one in members(db, batch, today, zone):
            lasts.setdefault(one.account_id, []).append(one.last)
        begins: dict[int, datetime] = {}
        for id_, of in asked.items():
            days = (windows or {}).get(id_, of.window)
            since = begins.setdefault(days, starts_of(today - timedelta(days=days), zone))
            here = lasts.get(id_, [])
            found[id_] = (len(here), of.minimum, sum(last is not None and last >= since for last in here))
    return found


def seats(db: Db, account_id: int, since: datetime, before: datetime) -> list[Seat]:
    """Who was at which meeting of an account and its relationships, the latest meeting first."""
    return db.rows(
        Seat,
        "SELECT DISTINCT v.id AS activity_id, t.person_id, n.name, v.at FROM activity v JOIN activity_type y ON y.id = v.type_id"
        " JOIN attendee t ON t.activity_id = v.id JOIN person n ON n.id = t.person_id"
        f" WHERE v.account_id {FAMILY} AND {took_place('v', 'y', 't')} AND v.at >= :since AND v.at < :before"
        " ORDER BY v.at DESC, v.id DESC, t.person_id",
        account=account_id, since=since, before=before,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unmet:
    """A member who may have to be met: where she belongs, what is spoken there."""

    person_id: int
    name: str
    account_id: int
    account: str
    language: str | None
    network_role: str | None
    opted_out: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """An account of a portfolio, by what it is grouped."""

    id: int
    name: str
    owner: str | None
    owner_name: str | None
    segment: str | None
    pool: str | None
    arr: int | None
    currency: str | None
    renewal_date: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody of the customer at a meeting, for many accounts at once."""

    account_id: int
    activity_id: int
    person_id: int
    at: datetime


def unmet(db: Db, account_id: int, people: Sequence[int]) -> list[Unmet]:
    """These members of an account's network; the account's own membership before a relationship's."""
    params: dict[str, Any] = {"account": account_id}
    marks = db.marks("p", people, params)
    rows = db.rows(
        Unmet,
        "SELECT n.id AS person_id, n.name, m.account_id, a.name AS account, coalesce(n.language, a.language) AS language,"
        " m.network_role, n.opted_out FROM membership m JOIN person n ON n.id = m.person_id JOIN account a ON a.id = m.account_id"
        f" WHERE m.value_network = TRUE AND m.account_id {FAMILY} AND n.id IN ({marks})"
        " ORDER BY CASE WHEN m.account_id = :account THEN 0 ELSE 1 END, m.account_id, n.id",
        **params,
    )
    first: dict[int, Unmet] = {}
    for row in rows:
        first.setdefault(row.person_id, row)
    return list(first.values())


def customers(db: Db, condition: str, params: Mapping[str, Any]) -> list[Customer]:
    """The customers a query matches; relationships and test accounts are part of others, or of nothing."""
    return db.rows(
        Customer,
        "SELECT a.id, a.name, o.login AS owner, o.name AS owner_name, s.name AS segment, p.name AS pool, a.arr, a.currency,"
        " a.renewal_date FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        " LEFT JOIN segment s ON s.id = a.segment_id"
        f" WHERE a.status = 'customer' AND a.is_test = FALSE AND a.parent_id IS NULL AND ({condition}) ORDER BY a.id",
        **params,
    )


def held(db: Db, account_ids: Sequence[int], since: datetime, before: datetime) -> list[Held]:
    """Who of these accounts (at most BATCH) and their relationships was at which meeting."""
    params: dict[str, Any] = {"since": since, "before": before}
    marks = db.marks("i", account_ids, params)
    rows = db.all(
        "SELECT DISTINCT CASE WHEN f.parent_id IS NULL THEN f.id ELSE f.parent_id END, v.id, t.person_id, v.at FROM account f"
        " JOIN activity v ON v.account_id = f.id JOIN activity_type y ON y.id = v.type_id JOIN attendee t ON t.activity_id = v.id"
        f" WHERE (f.id IN ({marks}) OR f.parent_id IN ({marks})) AND t.person_id IS NOT NULL AND {took_place('v', 'y', 't')}"
        " AND v.at >= :since AND v.at < :before",
        **params,
    )
    return [Held(root, activity, person, as_moment(at) or since) for root, activity, person, at in rows]


def names(db: Db, people: Sequence[int]) -> dict[int, str]:
    """What these people (at most a few thousand) are called."""
    params: dict[str, Any] = {}
    marks = db.marks("i", people, params)
    return dict(db.all(f"SELECT id, name FROM person WHERE id IN ({marks})", **params))
