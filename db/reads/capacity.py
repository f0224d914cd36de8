"""What everybody has to do: accounts with their weight, open CTAs with theirs; and who may be handed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db, as_json

_WEIGHED = "a.status = 'customer' AND a.is_test = FALSE"


@dataclass(frozen=True, slots=True)
class Worker:
    """An active CSM with her hours, if they are known."""

    id: int
    login: str
    name: str
    role: str
    hours_week: int | None
    limit_percent: int
    skills: str | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody who works a pool and may be handed work there."""

    csm_id: int
    member_id: int
    login: str
    name: str
    role: str
    lane: str | None
    skills: str | None
    limit_percent: int
    hours_week: int | None
    pushed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unassigned CTA as handing out sees it. ``engaged`` is the CSM of its account's running intervention."""

    id: int
    account: str
    lane: str | None
    skill: str | None
    pod_id: int | None
    segment_id: int | None
    minutes: int | None
    engaged: int | None
    reason: str
    was_held: bool


def workers(db: Db) -> list[Worker]:
    """Everybody active who takes work, by login."""
    return db.rows(
        Worker,
        "SELECT id, login, name, role, hours_week, limit_percent, skills FROM csm"
        " WHERE active = TRUE AND role <> 'read_only' ORDER BY login",
    )


def accounts_owned(db: Db, csm_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """By CSM: how many accounts are hers, their minutes a month, and of how many the weight is unknown."""
    params: dict[str, Any] = {}
    rows = db.all(
        "SELECT a.owner_id, count(*), coalesce(sum(s.minutes_month), 0), count(*) FILTER (WHERE s.minutes_month IS NULL)"
        f" FROM account a LEFT JOIN segment s ON s.id = a.segment_id WHERE a.owner_id IN ({db.marks('i', csm_ids, params)})"
        f" AND {_WEIGHED} GROUP BY a.owner_id",
        **params,
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}


def accounts_of_pods(db: Db) -> list[tuple[int, int, int, int, int]]:
    """(CSM, members of her pod, its accounts without an owner, their minutes a month, unknown weights)."""
    rows = db.all(
        "WITH patch AS (SELECT a.pod_id, count(*) AS n, coalesce(sum(s.minutes_month), 0) AS minutes,"
        " count(*) FILTER (WHERE s.minutes_month IS NULL) AS unknown FROM account a"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE a.pod_id IS NOT NULL AND a.owner_id IS NULL AND {_WEIGHED}"
        " GROUP BY a.pod_id), here AS (SELECT m.pod_id, m.csm_id FROM pod_member m JOIN csm o ON o.id = m.csm_id"
        " JOIN pod d ON d.id = m.pod_id WHERE o.active = TRUE AND d.active = TRUE),"
        " size AS (SELECT pod_id, count(*) AS members FROM here GROUP BY pod_id)"
        " SELECT h.csm_id, z.members, p.n, p.minutes, p.unknown FROM here h JOIN size z ON z.pod_id = h.pod_id"
        " JOIN patch p ON p.pod_id = h.pod_id ORDER BY h.csm_id, h.pod_id"
    )
    return [(row[0], int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in rows]


def open_work(db: Db, csm_ids: Sequence[int], fallback: int) -> dict[int, tuple[int, int]]:
    """By CSM: open CTAs and their minutes; ``fallback`` for types that say nothing."""
    params: dict[str, Any] = {"fallback": fallback}
    rows = db.all(
        "SELECT c.owner_id, count(*), sum(coalesce(t.minutes, :fallback)) FROM cta c JOIN cta_type t ON t.id = c.type_id"
        f" WHERE c.owner_id IN ({db.marks('i', csm_ids, params)}) AND c.status = 'open' GROUP BY c.owner_id",
        **params,
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def seats(db: Db, pool_id: int) -> list[SeatRow]:
    """Who works a pool and may be handed work, the longest without first."""
    return db.rows(
        SeatRow,
        "SELECT o.id AS csm_id, m.id AS member_id, o.login, o.name, o.role, m.lane, o.skills, o.limit_percent, o.hours_week,"
        " m.pushed_at FROM pool_member m JOIN csm o ON o.id = m.csm_id"
        " WHERE m.pool_id = :pool AND o.active = TRUE AND o.role IN ('csm', 'junior') ORDER BY o.id",
        pool=pool_id,
    )


def pods_of(db: Db, csm_ids: Sequence[int]) -> dict[int, set[int]]:
    """The active pods of each of these."""
    params: dict[str, Any] = {}
    rows = db.all(
        "SELECT m.csm_id, m.pod_id FROM pod_member m JOIN pod d ON d.id = m.pod_id"
        f" WHERE d.active = TRUE AND m.csm_id IN ({db.marks('i', csm_ids, params)})",
        **params,
    )
    found: dict[int, set[int]] = {}
    for csm, pod in rows:
        found.setdefault(csm, set()).add(pod)
    return found


def held(db: Db, csm_ids: Sequence[int], since: datetime) -> dict[int, tuple[int, int]]:
    """By CSM: open CTAs, and those taken since."""
    params: dict[str, Any] = {"since": since}
    marks = db.marks("i", csm_ids, params)
    opened = dict(db.all(
        f"SELECT owner_id, count(*) FROM cta WHERE owner_id IN ({marks}) AND status = 'open' GROUP BY owner_id",
        **{name: value for name, value in params.items() if name != "since"},
    ))  # fmt: skip
    taken = dict(
        db.all(
            f"SELECT owner_id, count(*) FROM cta WHERE owner_id IN ({marks}) AND claimed_at >= :since GROUP BY owner_id", **params
        )
    )
    return {csm: (int(opened.get(csm, 0)), int(taken.get(csm, 0))) for csm in csm_ids}


def segment_limits(db: Db) -> dict[int, tuple[int | None, int | None]]:
    """Segments with limits of their own: open claims, claims a day."""
    rows = db.all(
        "SELECT id, max_open, max_per_day FROM segment WHERE active = TRUE AND (max_open IS NOT NULL OR max_per_day IS NOT NULL)"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def held_by_segment(db: Db, csm_ids: Sequence[int], since: datetime) -> dict[tuple[int, int], tuple[int, int]]:
    """By CSM and segment: open CTAs, and those taken since."""
    params: dict[str, Any] = {"since": since}
    marks = db.marks("i", csm_ids, params)
    rows = db.all(
        "SELECT c.owner_id, a.segment_id, count(*) FILTER (WHERE c.status = 'open'), count(*) FILTER (WHERE c.claimed_at >= :since)"
        f" FROM cta c JOIN account a ON a.id = c.account_id WHERE c.owner_id IN ({marks}) AND a.segment_id IS NOT NULL"
        " AND (c.status = 'open' OR c.claimed_at >= :since) GROUP BY c.owner_id, a.segment_id",
        **params,
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


def waiting(db: Db, pool_id: int, most: int) -> list[Waiting]:
    """The first of a pool's queue, best first."""
    return db.rows(
        Waiting,
        "SELECT c.id, a.name AS account, c.lane, c.skill, d.id AS pod_id, a.segment_id, t.minutes, i.csm_id AS engaged,"
        " r.name AS reason, c.first_claimed_at IS NOT NULL AS was_held"
        " FROM cta c JOIN account a ON a.id = c.account_id JOIN cta_type t ON t.id = c.type_id"
        " JOIN reason r ON r.id = c.reason_id LEFT JOIN pod d ON d.id = a.pod_id AND d.active = TRUE"
        " LEFT JOIN intervention i ON i.account_id = c.account_id AND i.ended_at IS NULL"
        " WHERE c.pool_id = :pool AND c.owner_id IS NULL AND c.status = 'open' AND c.snoozed_at IS NULL"
        " ORDER BY c.rank, c.id LIMIT :most",
        pool=pool_id,
        most=most,
    )


def had_last(db: Db, cta_ids: Sequence[int]) -> dict[int, int]:
    """Who held these unassigned CTAs last, by the journal; what has been archived tells nobody."""
    rows = db.of(
        "SELECT c.thing_id, c.fields FROM change c WHERE c.thing = 'cta' AND c.kind = 'update' AND c.thing_id IN ({ids})"
        """ AND CAST(c.fields AS text) LIKE '%"owner_id"%' ORDER BY c.thing_id, c.seq""",
        cta_ids,
    )
    found: dict[int, int] = {}
    for cta, fields in rows:
        before, after = as_json(fields)["owner_id"]
        if after is None and before is not None:
            found[cta] = int(before)
    return found
