"""Interventions as the board shows them, and the facts their stages and outcomes are read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_moment

TRIES = "('outreach', 'email', 'call')"
"""Types of activity by which one reaches out; what else is a meeting."""
TO_CUSTOMER = (
    "(NOT EXISTS (SELECT 1 FROM attendee w WHERE w.activity_id = v.id) OR EXISTS (SELECT 1 FROM attendee w"
    " WHERE w.activity_id = v.id AND (w.person_id IS NOT NULL OR w.email IS NOT NULL)))"
)
"""Nobody named, or somebody who is not one of us: a call among colleagues reaches no customer."""
_MARKS = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """One intervention with the names of what it points at and its account's calendar."""

    id: int
    account_id: int
    account: str
    cta: int | None
    cta_title: str | None
    csm_id: int | None
    owner: str | None
    owner_name: str | None
    stage: str
    claimed_at: datetime
    reached_at: datetime | None
    engaged_at: datetime | None
    on_plan_at: datetime | None
    on_track_at: datetime | None
    ended_at: datetime | None
    proposed_at: datetime | None
    criterion: str | None
    plan: str | None
    handoff_note: str | None
    articles: list[str] | None
    end_reason: str | None
    health: int | None
    renewal_date: date | None
    arr: int | None
    currency: str | None
    time_zone: str | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Touch:
    """An entry of the timeline that may move a stage. ``met``: somebody of the customer was there."""

    account_id: int
    at: datetime
    is_try: bool
    is_meeting: bool
    met: bool


@dataclass(frozen=True, slots=True)
class Won:
    """A sale that was won after the customer answered. ``amount`` is in minor units of ``currency``."""

    id: int
    name: str | None
    type: str
    amount: int | None
    currency: str
    close_date: date


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to an NPS survey; without a person the account's."""

    person_id: int | None
    score: int
    answered: date


_SELECT = (
    "SELECT i.id, i.account_id, a.name AS account, i.cta_id AS cta, c.title AS cta_title, i.csm_id, o.login AS owner,"
    " o.name AS owner_name, i.stage, i.claimed_at, i.reached_at, i.engaged_at, i.on_plan_at, i.on_track_at, i.ended_at,"
    " i.proposed_at, i.criterion, i.plan, i.handoff_note, i.articles, i.end_reason, a.health, a.renewal_date, a.arr, a.currency,"
    " p.time_zone, p.calendar FROM intervention i JOIN account a ON a.id = i.account_id LEFT JOIN csm o ON o.id = i.csm_id"
    " LEFT JOIN cta c ON c.id = i.cta_id LEFT JOIN pool p ON p.id = a.pool_id"
)


def some(db: Db, where: str, **params: Any) -> list[Stored]:
    """The interventions (``i``) that meet a condition, the oldest first."""
    return db.rows(Stored, f"{_SELECT} WHERE {where} ORDER BY i.claimed_at, i.id", **params)


def one(db: Db, intervention_id: int) -> Stored | None:
    """One intervention, or None."""
    rows = some(db, "i.id = :id", id=intervention_id)
    return rows[0] if rows else None


def running(db: Db, account_id: int) -> Stored | None:
    """The one that runs on an account, or None."""
    rows = some(db, "i.account_id = :account AND i.ended_at IS NULL", account=account_id)
    return rows[0] if rows else None


def running_of(db: Db, ids: Sequence[int]) -> list[Stored]:
    """Those of these that run, by batches the oldest first."""
    found: list[Stored] = []
    for start in range(0, len(ids), _MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + _MARKS], params)
        found += some(db, f"i.ended_at IS NULL AND i.id IN ({marks})", **params)
    return found


def touches(db: Db, spans: Iterable[tuple[int, datetime, datetime]], now: datetime, cutoff: datetime) -> list[Touch]:
    """What was done with customers in (account, since, until), to now (of a day only known by its date: to ``cutoff``)."""
    wanted = sorted(set(spans))
    found: list[Touch] = []
    for start in range(0, len(wanted), _MARKS):
        params: dict[str, Any] = {"now": now, "cutoff": cutoff}
        batch = wanted[start : start + _MARKS]
        for n, (account, since, until) in enumerate(batch):
            params |= {f"a{n}": account, f"s{n}": since, f"u{n}": until}
        values = ", ".join(f"(:a{n}, :s{n}, :u{n})" for n in range(len(batch)))
        found += db.rows(
            Touch,
            f"WITH span(account_id, since, until) AS (VALUES {values})"
            f" SELECT DISTINCT v.id, v.account_id, v.at, (lower(y.name) IN {TRIES}) AS is_try, y.is_meeting,"
            " EXISTS (SELECT 1 FROM attendee t WHERE t.activity_id = v.id AND t.attended = TRUE"
            " AND (t.person_id IS NOT NULL OR t.email IS NOT NULL)) AS met"
            " FROM span s JOIN activity v ON v.account_id = s.account_id AND v.at >= s.since AND v.at <= s.until"
            " JOIN activity_type y ON y.id = v.type_id"
            " WHERE v.superseded IS NULL AND v.state = 'done' AND v.inbound = FALSE"
            " AND (v.at <= :now OR (v.date_only = TRUE AND v.at <= :cutoff))"
            f" AND (y.is_meeting = TRUE OR lower(y.name) IN {TRIES}) AND {TO_CUSTOMER} ORDER BY v.at, v.id",
            **params,
        )
    return found


def won(db: Db, account_id: int, first: date, last: date, as_of: datetime) -> list[Won]:
    """Renewals, upsells and expansions of an account and its relationships won in these days, as known then."""
    rows = db.all(
        "SELECT coalesce(s.version_of, s.id), s.name, s.type, coalesce(s.final_amount, s.amount), s.currency, s.close_date"
        " FROM opportunity s WHERE s.account_id IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account)"
        " AND s.state = 'won' AND s.type IN ('renewal', 'upsell', 'expansion') AND s.close_date >= :first AND s.close_date <= :last"
        " AND s.recorded <= :as_of AND (s.superseded IS NULL OR s.superseded > :as_of) ORDER BY s.close_date, s.id",
        account=account_id, first=first, last=last, as_of=as_of,
    )  # fmt: skip
    return [Won(row[0], row[1], row[2], row[3], row[4], _day(row[5])) for row in rows]


def nps(db: Db, account_id: int, last: date, as_of: datetime) -> list[Answer]:
    """The NPS answers of an account and its relationships until a day, the earliest first, as known then."""
    rows = db.all(
        "SELECT s.person_id, s.score, s.answered FROM survey s"
        " WHERE s.account_id IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account)"
        " AND lower(s.kind) = 'nps' AND s.answered <= :last AND s.recorded <= :as_of"
        " AND (s.superseded IS NULL OR s.superseded > :as_of) ORDER BY s.answered, s.id",
        account=account_id, last=last, as_of=as_of,
    )  # fmt: skip
    return [Answer(row[0], row[1], _day(row[2])) for row in rows]


def claims(db: Db, account_id: int, csm_id: int, but: Sequence[int] = ()) -> list[tuple[int, datetime]]:
    """(id, when claimed) of the open CTAs of an account that a CSM holds, the first claimed first."""
    rows = db.all(
        "SELECT c.id, coalesce(c.claimed_at, c.opened_at) FROM cta c WHERE c.account_id = :account AND c.status = 'open'"
        " AND c.owner_id = :csm ORDER BY 2, 1",
        account=account_id, csm=csm_id,
    )  # fmt: skip
    return [(row[0], _moment(row[1])) for row in rows if row[0] not in but]


def _day(value: Any) -> date:
    found = as_date(value)
    assert found is not None
    return found


def _moment(value: Any) -> datetime:
    found = as_moment(value)
    assert found is not None
    return found
