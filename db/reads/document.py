"""Documents that were made, and the accounts whose business review is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it; ``body`` is empty there."""

    id: int
    account_id: int
    account: str
    kind: str
    title: str
    at: datetime
    author: str | None
    author_name: str | None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be due a business review. ``last``: the last one held; ``growth``: an open sale."""

    id: int
    name: str
    per_year: int
    health: int | None
    last: datetime | None
    growth: str | None
    segment: str | None


_COLUMNS = "d.id, d.account_id, a.name AS account, d.kind, d.title, d.at, o.login AS author, o.name AS author_name"
_FROM = "FROM document d JOIN account a ON a.id = d.account_id LEFT JOIN csm o ON o.id = d.author_id"
REVIEW = (
    "(lower(y.name) IN ('ebr', 'qbr') OR lower(v.subject) LIKE '%ebr%' OR lower(v.subject) LIKE '%qbr%'"
    " OR lower(v.subject) LIKE '%business review%' OR lower(v.subject) LIKE '%quarterly review%')"
)
"""What an entry of a held or planned business review is called."""


def documents(db: Db, account_id: int, most: int) -> list[DocumentRow]:
    """The documents of an account, the latest first."""
    return db.rows(
        DocumentRow,
        f"SELECT {_COLUMNS} {_FROM} WHERE d.account_id = :account ORDER BY d.id DESC LIMIT :most",
        account=account_id, most=most,
    )  # fmt: skip


def document(db: Db, id_: int) -> DocumentRow | None:
    """One document, whole."""
    rows = db.rows(DocumentRow, f"SELECT {_COLUMNS}, d.body {_FROM} WHERE d.id = :id", id=id_)
    return rows[0] if rows else None


def candidates(db: Db, where: str, params: dict[str, Any], reason_ids: Sequence[int]) -> list[Candidate]:
    """Customers without a parent that a condition over ``a`` matches, whose segment has reviews and nobody is asked yet."""
    named = dict(params)
    marks = db.marks("r", reason_ids, named)
    return db.rows(
        Candidate,
        "SELECT a.id, a.name, s.ebr_per_year AS per_year, a.health, s.name AS segment, (SELECT max(v.at) FROM activity v"
        " JOIN activity_type y ON y.id = v.type_id WHERE v.account_id = a.id AND v.superseded IS NULL AND v.state <> 'cancelled'"
        f" AND {REVIEW}) AS last,"
        " (SELECT min(o.type) FROM opportunity o WHERE o.account_id = a.id AND o.superseded IS NULL AND o.state = 'open'"
        " AND o.type IN ('expansion', 'upsell')) AS growth"
        " FROM account a JOIN segment s ON s.id = a.segment_id LEFT JOIN csm own ON own.id = a.owner_id"
        " LEFT JOIN pool p ON p.id = a.pool_id WHERE a.status = 'customer' AND a.parent_id IS NULL AND a.is_test = FALSE"
        f" AND s.ebr_per_year > 0 AND ({where}) AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id"
        f" AND c.status = 'open' AND c.reason_id IN ({marks})) ORDER BY a.id",
        **named,
    )


def ids_of(db: Db, where: str, params: dict[str, Any]) -> list[tuple[int, str]]:
    """(id, name) of the accounts a condition over ``a`` matches."""
    sql = (
        "SELECT a.id, a.name FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE {where} ORDER BY a.id"
    )
    return [(row[0], row[1]) for row in db.all(sql, **params)]


