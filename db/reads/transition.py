"""Transitions with the names of both sides, and what their steps, decisions and briefs are read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_json

MARKS = 500
RUNS = "t.ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Stored:
    """One transition with the names of what it points at, and the calendar its dates are counted by."""

    id: int
    kind: str
    state: str
    account_id: int | None
    account: str | None
    reason: str | None
    started_on: date
    target: date
    returns_on: date | None
    from_csm_id: int | None
    from_csm: str | None
    from_csm_name: str | None
    from_pool_id: int | None
    from_pool: str | None
    from_pod_id: int | None
    from_pod: str | None
    to_csm_id: int | None
    to_csm: str | None
    to_csm_name: str | None
    to_csm_active: bool | None
    to_pool_id: int | None
    to_pool: str | None
    to_pod_id: int | None
    to_pod: str | None
    manager_id: int | None
    manager: str | None
    gatekeeper_id: int | None
    gatekeeper: str | None
    stand_in: bool
    agreed_at: datetime | None
    sent_back: int
    sent_back_why: str | None
    sent_back_at: datetime | None
    accepted_at: datetime | None
    accepted_by_id: int | None
    ended_at: datetime | None
    end_reason: str | None
    leave_id: int | None
    wave: int | None
    tier: str | None
    proposal: str | None
    away_id: int | None
    extra: dict[str, Any] | None
    arr: int | None
    currency: str | None
    segment: str | None
    renewal_date: date | None
    time_zone: str | None
    calendar: str | None
    rev: int


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a transition: its own for most kinds, several for covers and pods."""

    transition_id: int
    account_id: int
    account: str
    level: str | None
    csm_id: int | None
    csm: str | None
    second_id: int | None
    second: str | None
    note: str | None
    owner_id: int | None
    arr: int | None
    currency: str | None
    renewal_date: date | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One guided step as it is stored."""

    id: int
    transition_id: int
    key: str
    title: str
    side: str
    role: str | None
    owner_id: int | None
    owner: str | None
    due: date | None
    required: bool
    gates: bool
    status: str
    done_at: datetime | None
    note: str | None
    waived_by: str | None
    spec: dict[str, Any] | None
    position: int


@dataclass(frozen=True, slots=True)
class OpenThing:
    """Something open that has to be decided: a CTA, a task, an intervention, a draft, a planned meeting."""

    transition_id: int
    member_id: int
    """The account of the transition that it belongs to: its own, or the one its relationship is under."""
    account_id: int
    account: str
    thing: str
    thing_id: int
    title: str
    due: date | None
    owner_id: int | None
    owner: str | None
    choice: str | None
    to_csm_id: int | None
    to_csm: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class BriefRow:
    """One version of a brief."""

    id: int
    transition_id: int
    account_id: int
    account: str
    version: int
    form: str
    sections: dict[str, str]
    written_by_id: int | None
    written_by: str | None
    written_at: datetime
    signed_by_id: int | None
    signed_by: str | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What one side asked the other."""

    id: int
    transition_id: int
    asked_by_id: int | None
    asked_by: str | None
    body: str
    asked_at: datetime
    answered_by: str | None
    answer: str | None
    answered_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Neither answered nor withdrawn."""
        return self.answered_at is None and self.withdrawn_at is None


_SELECT = (
    "SELECT t.id, t.kind, t.state, t.account_id, a.name AS account, t.reason, t.started_on, t.target, t.returns_on,"
    " t.from_csm_id, fc.login AS from_csm, fc.name AS from_csm_name, t.from_pool_id, fp.name AS from_pool, t.from_pod_id,"
    " fd.name AS from_pod, t.to_csm_id, tc.login AS to_csm, tc.name AS to_csm_name, tc.active AS to_csm_active,"
    " t.to_pool_id, tp.name AS to_pool,"
    " t.to_pod_id, td.name AS to_pod, t.manager_id, mg.login AS manager, t.gatekeeper_id, gk.login AS gatekeeper, t.stand_in,"
    " t.agreed_at, t.sent_back, t.sent_back_why, t.sent_back_at, t.accepted_at, t.accepted_by_id, t.ended_at, t.end_reason,"
    " t.leave_id, t.wave, t.tier, t.proposal, t.away_id, t.extra, a.arr, a.currency, s.name AS segment, a.renewal_date,"
    " coalesce(pa.time_zone, fp.time_zone, tp.time_zone) AS time_zone, coalesce(pa.calendar, fp.calendar, tp.calendar) AS calendar,"
    " t.rev FROM transition t LEFT JOIN account a ON a.id = t.account_id LEFT JOIN segment s ON s.id = a.segment_id"
    " LEFT JOIN pool pa ON pa.id = a.pool_id LEFT JOIN csm fc ON fc.id = t.from_csm_id LEFT JOIN csm tc ON tc.id = t.to_csm_id"
    " LEFT JOIN pool fp ON fp.id = t.from_pool_id LEFT JOIN pool tp ON tp.id = t.to_pool_id"
    " LEFT JOIN pod fd ON fd.id = t.from_pod_id LEFT JOIN pod td ON td.id = t.to_pod_id"
    " LEFT JOIN csm mg ON mg.id = t.manager_id LEFT JOIN csm gk ON gk.id = t.gatekeeper_id"
)


def some(db: Db, where: str, **params: Any) -> list[Stored]:
    """The transitions (``t``) that meet a condition, the next hand-over first."""
    return db.rows(Stored, f"{_SELECT} WHERE {where} ORDER BY t.target, t.id", **params)


def one(db: Db, transition_id: int) -> Stored | None:
    """One transition, or None."""
    found = some(db, "t.id = :id", id=transition_id)
    return found[0] if found else None


def hers(prefix: str = "") -> str:
    """A condition: it is the business of CSM ``:me`` (on either side, as manager, gatekeeper, coverer or pod member)."""
    return (
        "(:me IN (t.from_csm_id, t.to_csm_id, t.manager_id, t.gatekeeper_id) OR EXISTS (SELECT 1 FROM transition_account ta"
        " WHERE ta.transition_id = t.id AND :me IN (ta.csm_id, ta.second_id)) OR EXISTS (SELECT 1 FROM pod_member pm"
        " WHERE pm.csm_id = :me AND pm.pod_id IN (t.from_pod_id, t.to_pod_id)))"
    )


def members(db: Db, transition_ids: Sequence[int]) -> dict[int, list[Member]]:
    """The accounts of each, its own first."""
    found: dict[int, list[Member]] = {}
    columns = (
        " {account} AS account_id, a.name AS account, {level} AS level, {csm} AS csm_id, o.login AS csm, {second} AS second_id,"
        " w.login AS second, {note} AS note, a.owner_id, a.arr, a.currency, a.renewal_date"
    )
    own = columns.format(account="t.account_id", level="NULL", csm="t.to_csm_id", second="NULL", note="NULL")
    more = columns.format(account="m.account_id", level="m.level", csm="m.csm_id", second="m.second_id", note="m.note")
    for ids, params, marks in _chunks(db, transition_ids):
        rows = db.rows(
            Member,
            f"SELECT t.id AS transition_id,{own} FROM transition t JOIN account a ON a.id = t.account_id LEFT JOIN csm o"
            f" ON o.id = t.to_csm_id LEFT JOIN csm w ON 1 = 0 WHERE t.id IN ({marks}) AND NOT EXISTS (SELECT 1 FROM"
            " transition_account x WHERE x.transition_id = t.id AND x.account_id = t.account_id)"
            f" UNION ALL SELECT m.transition_id,{more} FROM transition_account m JOIN account a ON a.id = m.account_id"
            " LEFT JOIN csm o ON o.id = m.csm_id LEFT JOIN csm w ON w.id = m.second_id"
            f" WHERE m.transition_id IN ({marks}) ORDER BY 1, 3, 2",
            **params,
        )
        for row in rows:
            found.setdefault(row.transition_id, []).append(row)
        for id_ in ids:
            found.setdefault(id_, [])
    return found


def steps(db: Db, transition_ids: Sequence[int]) -> dict[int, list[StepRow]]:
    """The guided steps of each, in order."""
    found: dict[int, list[StepRow]] = {id_: [] for id_ in transition_ids}
    for _, params, marks in _chunks(db, transition_ids):
        rows = db.rows(
            StepRow,
            "SELECT k.id, k.transition_id, coalesce(k.key, '') AS key, k.title, coalesce(k.side, 'out') AS side, k.role,"
            " k.owner_id, o.login AS owner, k.due, k.required, k.gates, k.status, k.done_at, k.note, w.login AS waived_by, k.spec,"
            " k.position FROM task k LEFT JOIN csm o ON o.id = k.owner_id LEFT JOIN csm w ON w.id = k.waived_by_id"
            f" WHERE k.transition_id IN ({marks}) ORDER BY k.transition_id, k.position, k.id",
            **params,
        )
        for row in rows:
            found[row.transition_id].append(row)
    return found


def briefs(db: Db, transition_ids: Sequence[int]) -> dict[int, list[BriefRow]]:
    """Every version of the briefs of each, the latest last."""
    found: dict[int, list[BriefRow]] = {id_: [] for id_ in transition_ids}
    for _, params, marks in _chunks(db, transition_ids):
        rows = db.rows(
            BriefRow,
            "SELECT b.id, b.transition_id, b.account_id, a.name AS account, b.version, b.form, b.sections, b.written_by_id,"
            " w.login AS written_by, b.written_at, b.signed_by_id, s.login AS signed_by, b.signed_at FROM brief b"
            " JOIN account a ON a.id = b.account_id LEFT JOIN csm w ON w.id = b.written_by_id LEFT JOIN csm s ON s.id = b.signed_by_id"
            f" WHERE b.transition_id IN ({marks}) ORDER BY b.transition_id, b.account_id, b.version",
            **params,
        )
        for row in rows:
            found[row.transition_id].append(row)
    return found


def questions(db: Db, transition_ids: Sequence[int]) -> dict[int, list[QuestionRow]]:
    """The questions of each, the first asked first."""
    found: dict[int, list[QuestionRow]] = {id_: [] for id_ in transition_ids}
    for _, params, marks in _chunks(db, transition_ids):
        rows = db.rows(
            QuestionRow,
            "SELECT q.id, q.transition_id, q.asked_by_id, o.login AS asked_by, q.body, q.asked_at, w.login AS answered_by, q.answer,"
            " q.answered_at, q.withdrawn_at FROM question q LEFT JOIN csm o ON o.id = q.asked_by_id LEFT JOIN csm w"
            f" ON w.id = q.answered_by_id WHERE q.transition_id IN ({marks}) ORDER BY q.asked_at, q.id",
            **params,
        )
        for row in rows:
            found[row.transition_id].append(row)
    return found


_THINGS = {
    "cta": ("cta x", "x.title", "CAST(x.due AS text)", "x.owner_id",
            "x.account_id = g.account_id AND x.status = 'open' AND (t.from_csm_id IS NULL OR x.owner_id = t.from_csm_id)"),
    "task": ("task x", "x.title", "CAST(x.due AS text)", "x.owner_id",
             "x.owner_id = t.from_csm_id AND x.status = 'open' AND x.transition_id IS NULL AND (x.account_id = g.account_id OR EXISTS"
             " (SELECT 1 FROM cta c WHERE c.id = x.cta_id AND c.account_id = g.account_id AND c.status = 'open'"
             " AND (c.owner_id IS NULL OR c.owner_id <> t.from_csm_id)))"),
    "intervention": ("intervention x", "coalesce(x.plan, 'Intervention')", "NULL", "x.csm_id",
                     "x.account_id = g.account_id AND x.ended_at IS NULL AND (t.from_csm_id IS NULL OR x.csm_id = t.from_csm_id)"
                     " AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.id = x.cta_id AND c.status = 'open'"
                     " AND (t.from_csm_id IS NULL OR c.owner_id = t.from_csm_id))"),
    "draft": ("draft x", "x.kind", "NULL", "x.author_id",
              "x.account_id = g.account_id AND x.author_id = t.from_csm_id"),
    "activity": ("activity x", "x.subject", "substr(CAST(x.at AS text), 1, 10)", "x.author_id",
                 "x.account_id = g.account_id AND x.state = 'planned' AND x.superseded IS NULL AND x.author_id = t.from_csm_id"
                 " AND x.internal = FALSE AND x.at >= :now"),
}  # fmt: skip
"""What may be open on an account ``g`` of a transition ``t``: of the outgoing CSM, or of a pool whatever the account has."""


def open_things(db: Db, transition_ids: Sequence[int], now: datetime) -> dict[int, list[OpenThing]]:
    """What each has to decide, with what was decided. Tasks and the intervention of a CTA of that side go with it; what
    is open on a relationship that the outgoing CSM has under one of the accounts goes along."""
    found: dict[int, list[OpenThing]] = {id_: [] for id_ in transition_ids}
    for _, params, marks in _chunks(db, transition_ids):
        own = (
            f"SELECT id AS transition_id, account_id, account_id AS member_id FROM transition WHERE id IN ({marks})"
            " AND account_id IS NOT NULL UNION SELECT transition_id, account_id, account_id FROM transition_account"
            f" WHERE transition_id IN ({marks})"
        )
        accounts = (
            f"({own} UNION SELECT y.id, r.id, r.parent_id FROM ({own}) z JOIN transition y ON y.id = z.transition_id"
            " JOIN account r ON r.parent_id = z.account_id AND r.owner_id = y.from_csm_id WHERE NOT EXISTS"
            " (SELECT 1 FROM transition_account v WHERE v.transition_id = y.id AND v.account_id = r.id))"
        )
        parts = [
            f"SELECT t.id AS transition_id, g.member_id, a.id AS account_id, a.name AS account, '{thing}' AS thing, x.id AS thing_id,"
            f" {title} AS title, {due} AS due, {owner} AS owner_id, o.login AS owner, d.choice, d.to_csm_id, w.login AS to_csm, d.note"
            f" FROM {accounts} g JOIN transition t ON t.id = g.transition_id JOIN account a ON a.id = g.account_id JOIN {table}"
            f" ON {condition} LEFT JOIN csm o ON o.id = {owner} LEFT JOIN decision d ON d.transition_id = t.id"
            f" AND d.thing = '{thing}' AND d.thing_id = x.id LEFT JOIN csm w ON w.id = d.to_csm_id"
            for thing, (table, title, due, owner, condition) in _THINGS.items()
        ]
        for row in db.rows(OpenThing, f"{' UNION ALL '.join(parts)} ORDER BY 1, 4, 5, 8, 6", now=now, **params):
            found[row.transition_id].append(row)
    return found


def pool_members(db: Db, pool_id: int | None) -> list[int]:
    """Who works a pool."""
    rows = [] if pool_id is None else db.all(
        "SELECT m.csm_id FROM pool_member m JOIN csm o ON o.id = m.csm_id WHERE m.pool_id = :pool AND o.active = TRUE ORDER BY 1",
        pool=pool_id,
    )  # fmt: skip
    return [row[0] for row in rows]


def pod_members(db: Db, pod_id: int | None, seniors: bool = False) -> list[int]:
    """Who is in a pod."""
    only = " AND m.is_senior = TRUE" if seniors else ""
    rows = [] if pod_id is None else db.all(
        f"SELECT m.csm_id FROM pod_member m JOIN csm o ON o.id = m.csm_id WHERE m.pod_id = :pod AND o.active = TRUE{only} ORDER BY 1",
        pod=pod_id,
    )  # fmt: skip
    return [row[0] for row in rows]


def running_of(db: Db, account_ids: Sequence[int]) -> dict[int, int]:
    """The transition that has one of these accounts and is not handed over yet; covers aside."""
    found: dict[int, int] = {}
    for _, params, marks in _chunks(db, account_ids):
        rows = db.all(
            f"SELECT t.account_id, t.id FROM transition t WHERE t.account_id IN ({marks}) AND t.state = 'started'"
            " AND t.kind <> 'cover' UNION SELECT m.account_id, t.id FROM transition_account m JOIN transition t ON t.id = m.transition_id"
            f" WHERE m.account_id IN ({marks}) AND t.state = 'started' AND t.kind <> 'cover'",
            **params,
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def keys_of(db: Db, account_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What other systems call these accounts, by (account, system)."""
    found: dict[tuple[int, str], str] = {}
    for _, params, marks in _chunks(db, account_ids):
        rows = db.all(
            f"SELECT thing_id, system, key FROM external_id WHERE thing = 'account' AND thing_id IN ({marks}) ORDER BY id", **params
        )
        found |= {(row[0], row[1]): row[2] for row in rows}
    return found


def _chunks(db: Db, ids: Iterable[int]) -> Iterable[tuple[list[int], dict[str, Any], str]]:
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), MARKS):
        params: dict[str, Any] = {}
        part = wanted[start : start + MARKS]
        yield part, params, db.marks("i", part, params)


__all__ = [
    "BriefRow", "Member", "OpenThing", "QuestionRow", "StepRow", "Stored", "as_json", "briefs", "hers", "members", "one",
    "open_things", "pod_members", "pool_members", "questions", "running_of", "some", "steps",
]  # fmt: skip
