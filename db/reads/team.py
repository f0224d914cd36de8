"""CSMs, pools and segments as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.connection import Db


@dataclass(frozen=True, slots=True)
class CsmRow:
    """A CSM with what she holds."""

    id: int
    login: str
    name: str
    email: str | None
    role: str
    active: bool
    open_ctas: int
    accounts: int
    skills: str | None = None
    languages: str | None = None
    """Codes, a comma between."""
    hours_week: int | None = None
    limit_percent: int = 100
    """Of the limits of her pools."""
    pools: tuple[str, ...] = ()
    away_until: date | None = None
    """The last day of an absence that holds now, and who covers; filled in by the use-case."""
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool with its policy and how many active CSMs work it."""

    id: int
    name: str
    time_zone: str
    calendar: str | None
    currency: str
    lease_days: int
    max_open: int | None
    max_per_day: int | None
    active: bool
    members: int
    push: str | None = None
    """How it hands out work by itself; None when people claim."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment with how many accounts are in it."""

    id: int
    name: str
    active: bool
    accounts: int


def csms(db: Db) -> list[CsmRow]:
    """Everybody, by login, without their pools."""
    return db.rows(
        CsmRow,
        "SELECT o.id, o.login, o.name, o.email, o.role, o.active, o.skills, o.languages, o.hours_week, o.limit_percent,"
        " (SELECT count(*) FROM cta c WHERE c.owner_id = o.id AND c.status = 'open') AS open_ctas,"
        " (SELECT count(*) FROM account a WHERE a.owner_id = o.id) AS accounts FROM csm o ORDER BY o.login",
    )


def memberships(db: Db) -> list[tuple[int, str]]:
    """(CSM, name of a pool she works), by the pool's name."""
    rows = db.all("SELECT m.csm_id, p.name FROM pool_member m JOIN pool p ON p.id = m.pool_id ORDER BY p.name, m.id")
    return [(row[0], row[1]) for row in rows]


def pools(db: Db) -> list[PoolRow]:
    """Every pool, by name."""
    return db.rows(
        PoolRow,
        "SELECT p.id, p.name, p.time_zone, p.calendar, p.currency, p.lease_days, p.max_open, p.max_per_day, p.push, p.active,"
        " (SELECT count(*) FROM pool_member m JOIN csm o ON o.id = m.csm_id WHERE m.pool_id = p.id AND o.active = TRUE)"
        " AS members FROM pool p ORDER BY p.name",
    )


def segments(db: Db) -> list[SegmentRow]:
    """Every segment, by name."""
    return db.rows(
        SegmentRow,
        "SELECT s.id, s.name, s.active, (SELECT count(*) FROM account a WHERE a.segment_id = s.id) AS accounts"
        " FROM segment s ORDER BY s.name",
    )
