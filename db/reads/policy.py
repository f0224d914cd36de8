"""Engagement policies with what they are about, and the accounts that lie outside their segment's lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """The policy of a segment; None is not agreed. ``arr_from`` in minor units of the reporting currency."""

    id: int
    name: str
    active: bool
    accounts: int
    arr_from: int | None
    served_by: str | None
    touch_days: int | None
    digital_days: int | None
    network_min: int | None
    network_window: int | None
    coverage_goal: int | None
    ebr_per_year: int | None
    nps_per_year: int | None
    max_open: int | None
    max_per_day: int | None
    minutes_month: int | None
    expected_grr: int | None
    expected_nrr: int | None


@dataclass(frozen=True, slots=True)
class Outside:
    """An account whose ARR its segment does not hold."""

    id: int
    name: str
    arr: int
    currency: str
    segment_id: int | None
    segment: str | None
    served_by: str
    owner: str | None


_COMPARED = "a.status = 'customer' AND a.parent_id IS NULL AND a.is_test = FALSE"


def policies(db: Db) -> list[PolicyRow]:
    """Every segment with its policy: by its line, the highest first, those without one last."""
    return db.rows(
        PolicyRow,
        "SELECT s.id, s.name, s.active, coalesce(n.accounts, 0) AS accounts, s.arr_from, s.served_by, s.touch_days,"
        " s.digital_days, s.network_min, s.network_window, s.coverage_goal, s.ebr_per_year, s.nps_per_year, s.max_open,"
        " s.max_per_day, s.minutes_month, s.expected_grr, s.expected_nrr FROM segment s LEFT JOIN"
        " (SELECT segment_id, count(*) AS accounts FROM account GROUP BY segment_id) n ON n.segment_id = s.id"
        " ORDER BY coalesce(s.arr_from, -1) DESC, s.name",
    )


def outside(
    db: Db, spans: Mapping[int, tuple[int, int | None]], currency: str, limit: int | None = None
) -> list[Outside]:
    """Customers in this currency that have no segment, or whose ARR lies outside [low, high) of theirs."""
    params: dict[str, Any] = {"currency": currency}
    parts = ["a.segment_id IS NULL"]
    for n, (segment, (low, high)) in enumerate(spans.items()):
        params |= {f"s{n}": segment, f"low{n}": low}
        above = ""
        if high is not None:
            params[f"high{n}"] = high
            above = f" OR a.arr >= :high{n}"
        parts.append(f"a.segment_id = :s{n} AND (a.arr < :low{n}{above})")
    most = "" if limit is None else " LIMIT :most"
    return db.rows(
        Outside,
        "SELECT a.id, a.name, a.arr, a.currency, a.segment_id, s.name AS segment, a.served_by, o.login AS owner FROM account a"
        " LEFT JOIN segment s ON s.id = a.segment_id LEFT JOIN csm o ON o.id = a.owner_id"
        f" WHERE {_COMPARED} AND a.arr IS NOT NULL AND a.currency = :currency AND ({' OR '.join(f'({p})' for p in parts)})"
        f" ORDER BY a.arr DESC, a.id{most}",
        **params,
        **({} if limit is None else {"most": limit}),
    )


def incomparable(db: Db, currency: str) -> int:
    """How many customers have no ARR, or one in another currency."""
    sql = f"SELECT count(*) FROM account a WHERE {_COMPARED} AND (a.arr IS NULL OR a.currency IS NULL OR a.currency <> :currency)"
    return int(db.scalar(sql, currency=currency))
