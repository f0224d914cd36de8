"""Pods with who is in them and how large their patch is; who works a pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class PodRow:
    """A pod. ``arr`` sums its accounts' in minor units per currency ("" when none is known)."""

    id: int
    name: str
    active: bool
    accounts: int
    open_ctas: int
    unassigned: int
    seniors: tuple[str, ...] = ()
    juniors: tuple[str, ...] = ()
    arr: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PodMemberRow:
    """Somebody in a pod."""

    id: int
    pod_id: int
    csm_id: int
    login: str
    name: str
    is_senior: bool


@dataclass(frozen=True, slots=True)
class PoolMemberRow:
    """Somebody who works a pool. ``lane`` None is every kind of work."""

    id: int
    pool_id: int
    csm_id: int
    login: str
    name: str
    role: str
    lane: str | None
    skills: str | None
    limit_percent: int
    open_ctas: int
    away: str = ""
    """``until Fri 4 Dec``, when she is away now; filled in by the use-case."""


def pods(db: Db, pod_id: int | None = None) -> list[PodRow]:
    """Every pod (or one) by name, without its members."""
    of = "c.account_id IN (SELECT a.id FROM account a WHERE a.pod_id = d.id) AND c.status = 'open'"
    return db.rows(
        PodRow,
        "SELECT d.id, d.name, d.active, (SELECT count(*) FROM account a WHERE a.pod_id = d.id) AS accounts,"
        f" (SELECT count(*) FROM cta c WHERE {of}) AS open_ctas,"
        f" (SELECT count(*) FROM cta c WHERE {of} AND c.owner_id IS NULL) AS unassigned FROM pod d"
        f" WHERE {'TRUE' if pod_id is None else 'd.id = :pod'} ORDER BY d.name",
        **({} if pod_id is None else {"pod": pod_id}),
    )


def arr(db: Db) -> list[tuple[int, str, int]]:
    """(pod, currency, ARR) of the patches."""
    rows = db.all(
        "SELECT pod_id, currency, sum(arr) FROM account WHERE pod_id IS NOT NULL AND arr IS NOT NULL AND currency IS NOT NULL"
        " GROUP BY pod_id, currency ORDER BY pod_id, currency"
    )
    return [(row[0], row[1], int(row[2])) for row in rows]


def members(db: Db, pod_id: int | None = None) -> list[PodMemberRow]:
    """Who is in the pods (or one), seniors first."""
    return db.rows(
        PodMemberRow,
        "SELECT m.id, m.pod_id, m.csm_id, o.login, o.name, m.is_senior FROM pod_member m JOIN csm o ON o.id = m.csm_id"
        f" WHERE {'TRUE' if pod_id is None else 'm.pod_id = :pod'} ORDER BY m.pod_id, m.is_senior DESC, o.login",
        **({} if pod_id is None else {"pod": pod_id}),
    )


def pool_members(db: Db, pool_id: int | None = None) -> list[PoolMemberRow]:
    """Who works a pool, or each of them, by login."""
    return db.rows(
        PoolMemberRow,
        "SELECT m.id, m.pool_id, m.csm_id, o.login, o.name, o.role, m.lane, o.skills, o.limit_percent,"
        " (SELECT count(*) FROM cta c WHERE c.owner_id = o.id AND c.status = 'open') AS open_ctas"
        " FROM pool_member m JOIN csm o ON o.id = m.csm_id"
        f" WHERE {'TRUE' if pool_id is None else 'm.pool_id = :pool'} AND o.active = TRUE ORDER BY m.pool_id, o.login",
        **({} if pool_id is None else {"pool": pool_id}),
    )


def open_of_reason(db: Db, reason_id: int, lane: str, skill: str | None) -> list[tuple[int, str | None, str | None]]:
    """(id, lane, skill) of the open CTAs of a reason that have this lane or none, or this skill."""
    params: dict[str, Any] = {"reason": reason_id, "lane": lane}
    same = "skill IS NULL"
    if skill is not None:
        same, params["skill"] = "skill = :skill", skill
    rows = db.all(
        "SELECT id, lane, skill FROM cta WHERE reason_id = :reason AND status = 'open'"
        f" AND (lane IS NULL OR lane = :lane OR {same}) ORDER BY id",
        **params,
    )
    return [(row[0], row[1], row[2]) for row in rows]
