"""Health of many accounts at a glance: how many of each band, by segment, owner or pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.connection import Db
from db.query.account_fields import AMBER, GREEN, TREND_POINTS

BY = {"segment": "s.name", "owner": "o.login", "pool": "p.name"}


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One group. ``arr`` (and what of it is red) in minor units of ``currency``, None when there are several."""

    group: str | None
    label: str | None
    accounts: int
    red: int
    amber: int
    green: int
    unknown: int
    falling: int
    currencies: int
    currency: str | None
    arr: int | None
    arr_at_risk: int | None


def portfolio(db: Db, by: str, where: str, params: dict[str, Any]) -> list[PortfolioRow]:
    """Customers that stand for themselves (no relationships), grouped; those whose trend is down are falling."""
    group = BY[by]
    label = "o.name" if by == "owner" else group
    red, whole, has_arr = f"a.health < {AMBER}", "CAST(sum({}) AS BIGINT)", "CASE WHEN a.arr <> 0 THEN a.currency END"
    return db.rows(
        PortfolioRow,
        f"SELECT {group} AS \"group\", {label} AS label, count(*) AS accounts, count(CASE WHEN {red} THEN 1 END) AS red,"
        f" count(CASE WHEN a.health >= {AMBER} AND a.health < {GREEN} THEN 1 END) AS amber,"
        f" count(CASE WHEN a.health >= {GREEN} THEN 1 END) AS green, count(CASE WHEN a.health IS NULL THEN 1 END) AS unknown,"
        f" count(CASE WHEN a.health - a.health_before <= {-TREND_POINTS} THEN 1 END) AS falling,"
        f" count(DISTINCT {has_arr}) AS currencies, max({has_arr}) AS currency,"
        f" {whole.format('a.arr')} AS arr, {whole.format(f'CASE WHEN {red} THEN a.arr ELSE 0 END')} AS arr_at_risk"
        " FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE a.status = 'customer' AND a.parent_id IS NULL AND {where}"
        f" GROUP BY {group}, {label} ORDER BY accounts DESC, {group}",
        **params,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FallingRow:
    """A customer whose health fell."""

    id: int
    name: str
    segment: str | None
    owner: str | None
    health: int
    before: int
    arr: int | None
    currency: str | None


def falling(db: Db, where: str, params: dict[str, Any], limit: int) -> list[FallingRow]:
    """Whose health fell most in four weeks."""
    return db.rows(
        FallingRow,
        "SELECT a.id, a.name, s.name AS segment, o.login AS owner, a.health, a.health_before AS before, a.arr, a.currency FROM account a"
        " LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id LEFT JOIN segment s ON s.id = a.segment_id"
        f" WHERE a.status = 'customer' AND a.health - a.health_before <= {-TREND_POINTS} AND {where}"
        " ORDER BY a.health - a.health_before, a.arr DESC, a.id LIMIT :limit",
        limit=limit, **params,
    )  # fmt: skip
