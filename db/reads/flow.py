"""Counts and percentiles of CTAs by pool, lane or CSM, in a number of statements that does not depend on rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from db.connection import Db, as_moment

By = Literal["all", "pool", "lane", "csm"]
_GROUP: dict[By, str] = {"all": "'all'", "pool": "p.name", "lane": "coalesce(c.lane, 'tactical')", "csm": "o.login"}
_FROM = "FROM cta c LEFT JOIN pool p ON p.id = c.pool_id LEFT JOIN csm o ON o.id = c.owner_id"
Counts = dict[str | None, int]
Pair = tuple[int | None, int | None]


def _where(condition: str, pool_id: int | None, params: dict[str, Any]) -> str:
    if pool_id is None:
        return condition
    params["pool"] = pool_id
    return f"{condition} AND c.pool_id = :pool"


def counts(db: Db, by: By, condition: str, pool_id: int | None, **params: Any) -> Counts:
    """How many CTAs match, by group; CTAs of no pool (or nobody's) are under None."""
    where = _where(condition, pool_id, params)
    rows = db.all(f"SELECT {_GROUP[by]} AS g, count(*) {_FROM} WHERE {where} GROUP BY 1", **params)
    return {row[0]: int(row[1]) for row in rows}


def opened(db: Db, by: By, start: datetime, end: datetime, pool_id: int | None) -> Counts:
    """What came to the queue in the period; by CSM, what she took in it."""
    column = "c.claimed_at" if by == "csm" else "c.opened_at"
    return counts(db, by, f"{column} >= :start AND {column} < :end", pool_id, start=start, end=end)


def closed(db: Db, by: By, start: datetime, end: datetime, pool_id: int | None) -> Counts:
    """What was closed in the period."""
    condition = "c.status = 'closed' AND c.closed_at >= :start AND c.closed_at < :end"
    return counts(db, by, condition, pool_id, start=start, end=end)


def ages(db: Db, by: By, now: datetime, pool_id: int | None) -> dict[str | None, Pair]:
    """Median and 95th percentile of the age of what is open, in seconds, by nearest rank."""
    params: dict[str, Any] = {}
    where = _where("c.status = 'open'", pool_id, params)
    # the youngest first: the oldest of the first half is the one whose age half do not exceed
    found = _at_ranks(db, by, "c.opened_at", "DESC", where, params)
    return {group: (_age(low, now), _age(high, now)) for group, (low, high) in found.items()}


def waits(db: Db, by: By, start: datetime, end: datetime, pool_id: int | None) -> dict[str | None, tuple[Pair, int]]:
    """The same of the wait for a first claim, of what was first claimed in the period; and of how many.

    What was reopened since (it came again after its first claim) has no wait and is left out.
    """
    seconds = (
        "CAST(ROUND((julianday(c.first_claimed_at) - julianday(c.opened_at)) * 86400) AS INTEGER)"
        if db.dialect == "sqlite"
        else "CAST(ROUND(EXTRACT(EPOCH FROM (c.first_claimed_at - c.opened_at))) AS BIGINT)"
    )
    params: dict[str, Any] = {"start": start, "end": end}
    condition = "c.first_claimed_at >= :start AND c.first_claimed_at < :end AND c.first_claimed_at >= c.opened_at"
    where = _where(condition, pool_id, params)
    found = _at_ranks(db, by, seconds, "ASC", where, params)
    sizes = counts(db, by, condition, pool_id, start=start, end=end)
    return {group: (pair, sizes.get(group, 0)) for group, pair in found.items()}


def _at_ranks(
    db: Db, by: By, value: str, direction: str, where: str, params: dict[str, Any]
) -> dict[str | None, tuple[Any, Any]]:
    """The values at ⌈50 n / 100⌉ and ⌈95 n / 100⌉ of each group's sorted ones."""
    rows = db.all(
        f"WITH ranked AS (SELECT {_GROUP[by]} AS g, {value} AS v,"
        f" row_number() OVER (PARTITION BY {_GROUP[by]} ORDER BY {value} {direction}, c.id) AS n,"
        f" count(*) OVER (PARTITION BY {_GROUP[by]}) AS total {_FROM} WHERE {where})"
        " SELECT g, v, n, (total * 50 + 99) / 100, (total * 95 + 99) / 100 FROM ranked"
        " WHERE n = (total * 50 + 99) / 100 OR n = (total * 95 + 99) / 100",
        **params,
    )
    found: dict[str | None, tuple[Any, Any]] = {}
    for group, found_value, n, half, most in rows:
        low, high = found.get(group, (None, None))
        found[group] = (found_value if n == half else low, found_value if n == most else high)
    return found


def _age(value: Any, now: datetime) -> int | None:
    moment = as_moment(value)
    return None if moment is None else max(0, int((now - moment).total_seconds()))
