"""What an account and its relationships pay, and what its CSM says of the renewal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.connection import Db
from db.reads.fact import FAMILY, SELF


@dataclass(frozen=True, slots=True)
class Share:
    """One account of a family: its own ARR and running MRR. ``is_child`` for a relationship."""

    id: int
    name: str
    is_child: bool
    arr: int | None
    currency: str | None
    mrr: int | None
    """Of running subscriptions in its own currency; None without any subscription."""
    health: int | None
    renewal_date: date | None
    open_ctas: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The latest word of a CSM on the renewal."""

    call: str
    day: date
    reason: str | None
    csm: str | None


def family(db: Db, account_id: int, today: date, whole_family: bool) -> list[Share]:
    """The account, then its relationships by name."""
    return db.rows(
        Share,
        "SELECT a.id, a.name, CASE WHEN a.id = :account THEN FALSE ELSE TRUE END AS is_child, a.arr, a.currency, a.health,"
        " a.renewal_date, (SELECT CAST(sum(CASE WHEN b.starts <= :today AND (b.ends IS NULL OR b.ends >= :today) THEN b.mrr ELSE 0 END)"
        " AS BIGINT) FROM subscription b WHERE b.account_id = a.id AND b.superseded IS NULL"
        " AND b.currency = coalesce(a.currency, 'USD')) AS mrr,"
        " (SELECT count(*) FROM cta c WHERE c.account_id = a.id AND c.status = 'open') AS open_ctas"
        f" FROM account a WHERE {FAMILY if whole_family else SELF} ORDER BY is_child, a.name, a.id",
        account=account_id, today=today,
    )  # fmt: skip


def forecast(db: Db, account_id: int) -> Forecast | None:
    """The latest renewal call, or None."""
    rows = db.rows(
        Forecast,
        "SELECT f.call, f.day, f.reason, o.name AS csm FROM renewal_call f LEFT JOIN csm o ON o.id = f.csm_id"
        " WHERE f.account_id = :account AND f.superseded IS NULL ORDER BY f.day DESC, f.id DESC LIMIT :one",
        account=account_id, one=1,
    )  # fmt: skip
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Running:
    """A subscription that runs."""

    product: str | None
    units: int | None
    mrr: int
    currency: str
    starts: date
    ends: date | None


def running(db: Db, account_id: int, today: date, whole_family: bool) -> list[Running]:
    """Everything that runs today."""
    return db.rows(
        Running,
        "SELECT p.name AS product, b.units, b.mrr, b.currency, b.starts, b.ends FROM account a"
        " JOIN subscription b ON b.account_id = a.id LEFT JOIN product p ON p.id = b.product_id"
        " WHERE b.superseded IS NULL AND b.starts <= :today AND (b.ends IS NULL OR b.ends >= :today)"
        f" AND {FAMILY if whole_family else SELF} ORDER BY b.id",
        account=account_id, today=today,
    )  # fmt: skip
