"""Claims and what their leases depend on: the pools' policies, and when their owners are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db

RUNNING = "c.owner_id IS NOT NULL AND c.status = 'open' AND c.snoozed_at IS NULL"
"""Claims whose clock runs: the predicate of the index ``ix_cta_leased``."""
_MARKS = 500


@dataclass(frozen=True, slots=True)
class Policy:
    """A pool's lease and its calendar."""

    id: int
    name: str
    time_zone: str
    calendar: str | None
    lease_days: int


@dataclass(frozen=True, slots=True)
class Held:
    """One claim with what its clock needs."""

    id: int
    account: str
    title: str
    owner_id: int
    owner: str
    owner_name: str
    pool_id: int
    pool: str
    touched_at: datetime
    snoozed_at: datetime | None
    snoozed_until: date | None
    due: date | None


_HELD = (
    "SELECT c.id, a.name AS account, c.title, c.owner_id, o.login AS owner, o.name AS owner_name, c.pool_id, p.name AS pool,"
    " c.touched_at, c.snoozed_at, c.snoozed_until, c.due FROM cta c JOIN account a ON a.id = c.account_id"
    " JOIN csm o ON o.id = c.owner_id JOIN pool p ON p.id = c.pool_id"
)


def policies(db: Db) -> list[Policy]:
    """Every pool that has a lease."""
    return db.rows(
        Policy, "SELECT id, name, time_zone, calendar, lease_days FROM pool WHERE lease_days > 0 ORDER BY id"
    )


def untouched(db: Db, pool_id: int, before: datetime) -> list[Held]:
    """The pool's claims whose clock runs and that nobody has touched since."""
    return db.rows(
        Held,
        f"{_HELD} WHERE {RUNNING} AND c.pool_id = :pool AND c.touched_at < :before ORDER BY c.id",
        pool=pool_id,
        before=before,
    )


def is_untouched(db: Db, pool_id: int, before: datetime) -> bool:
    """Whether there is one."""
    sql = f"SELECT 1 FROM cta c WHERE {RUNNING} AND c.pool_id = :pool AND c.touched_at < :before LIMIT :one"
    return db.scalar(sql, pool=pool_id, before=before, one=1) is not None


def held(db: Db, ids: Iterable[int]) -> list[Held]:
    """Those of these CTAs that are open claims of a pool, asleep or not."""
    return _some(db, ids, "c.owner_id IS NOT NULL AND c.status = 'open' AND c.touched_at IS NOT NULL")


def every(db: Db, owner_id: int | None, pool_id: int | None) -> list[Held]:
    """Every open claim of pools with a lease; of one owner or pool, if given."""
    where, params = "c.owner_id IS NOT NULL AND c.status = 'open' AND c.touched_at IS NOT NULL AND p.lease_days > 0", {}
    if owner_id is not None:
        where, params = f"{where} AND c.owner_id = :owner", {"owner": owner_id}
    if pool_id is not None:
        where, params = f"{where} AND c.pool_id = :pool", params | {"pool": pool_id}
    return db.rows(Held, f"{_HELD} WHERE {where} ORDER BY c.touched_at, c.id", **params)


def relations(db: Db, csm_id: int, ids: Iterable[int]) -> dict[str, set[int]]:
    """Why these CTAs are somebody's business though another holds them: by ``task``, ``following``, ``mentioned``."""
    wanted = sorted(set(ids))
    found: dict[str, set[int]] = {"task": set(), "following": set(), "mentioned": set()}
    statements = {
        "task": "SELECT cta_id FROM task WHERE owner_id = :me AND status = 'open' AND cta_id IN",
        "following": "SELECT cta_id FROM shadow WHERE csm_id = :me AND cta_id IN",
        "mentioned": "SELECT m.cta_id FROM mention n JOIN comment m ON m.id = n.comment_id"
        " WHERE n.csm_id = :me AND n.seen_at IS NULL AND m.cta_id IN",
    }
    for start in range(0, len(wanted), _MARKS):
        params: dict[str, Any] = {"me": csm_id}
        marks = db.marks("i", wanted[start : start + _MARKS], params)
        for name, sql in statements.items():
            found[name] |= {row[0] for row in db.all(f"{sql} ({marks})", **params)}
    return found


def _some(db: Db, ids: Iterable[int], where: str) -> list[Held]:
    found: list[Held] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + _MARKS], params)
        found += db.rows(Held, f"{_HELD} WHERE {where} AND c.id IN ({marks}) ORDER BY c.id", **params)
    return found
