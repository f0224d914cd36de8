"""The success plan as it is read: goals, the risk register, escalations, feelings, calls beside the signal, stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import success
from cockpit.domain.success import Feared, Pattern, Signs, signal
from cockpit.services.account import band
from cockpit.services.errors import NotFound
from cockpit.services.frozen import grown
from cockpit.services.lookup import find_account, named
from db.connection import Db
from db.reads import success as reads
from db.reads.success import Felt
from db.terms import Feeling, GoalStatus, RenewalForecast, Severity

FEELINGS = 5
"""As many as the Plan pane shows."""


@dataclass(frozen=True, slots=True)
class GoalRow(reads.Goal):
    """A goal. ``holds``: whether its criterion is true of the account now (None without one, or an unreadable one)."""

    holds: bool | None
    is_late: bool
    says: str


@dataclass(frozen=True, slots=True)
class RiskRow(reads.Risk):
    """A risk, and whether it should have been mended by now."""

    is_late: bool


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """An escalation; ``clock`` says how long it runs, ``is_overdue`` that the customer should have heard by now."""

    id: int
    account_id: int
    account: str
    title: str
    severity: str
    department: str | None
    owner: str | None
    csm: str | None
    csm_name: str | None
    opened_on: date
    next_update: date | None
    closed_on: date | None
    note: str | None
    clock: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class FeltRow(reads.Felt):
    """A feeling noted on a day; ``says`` with its age."""

    says: str


@dataclass(frozen=True, slots=True)
class CallRow:
    """A CSM's word on a renewal beside the signal. ``apart``: steps between them, positive when she is more hopeful."""

    id: int
    account_id: int
    account: str
    call: str
    day: date
    reason: str | None
    csm: str | None
    csm_name: str | None
    signal: str | None
    signal_why: str
    apart: int
    says: str
    renewal_date: date | None
    arr: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage of the lifecycle and how long the account was in it; ``until`` None is now."""

    stage: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The Plan pane: what is agreed, feared and felt about an account, its relationships' included.

    ``signal`` and ``call`` are of the account itself; open lines come first in each list.
    """

    account_id: int
    account: str
    goals: tuple[GoalRow, ...]
    risks: tuple[RiskRow, ...]
    escalations: tuple[EscalationRow, ...]
    feelings: tuple[FeltRow, ...]
    call: CallRow | None
    signal: str | None
    signal_why: str
    renewal_date: date | None
    notice_date: date | None
    auto_renew: bool | None
    stages: tuple[StageSpan, ...]


def plan(desk: Desk, account_id: int) -> Plan:
    """The success plan of an account, in a number of statements that grows only with its distinct criteria.

    Raises NotFound.
    """
    today = desk.today()
    with desk.store.read() as db:
        facts = reads.facts(db, account_id, _noticed(today))
        if facts is None:
            raise NotFound(f"There is no account {account_id}.")
        told, why = signal(Signs(band(facts.health), facts.escalations, facts.high_risks, facts.notices > 0))
        called = reads.calls(db, "x.account_id = :account", today, _noticed(today), account=account_id)
        return Plan(
            account_id, facts.name,
            goals=_goals(desk, db, reads.goals(db, reads.OF_FAMILY, account=account_id)),
            risks=_risks(desk, reads.risks(db, reads.OF_FAMILY, account=account_id)),
            escalations=_escalations(desk, reads.escalations(db, reads.OF_FAMILY, account=account_id)),
            feelings=tuple(_felt(one, today) for one in reads.feelings(db, account_id, today, FEELINGS)),
            call=_call(called[0]) if called else None, signal=told, signal_why=why, renewal_date=facts.renewal_date,
            notice_date=facts.notice_date, auto_renew=facts.auto_renew,
            stages=tuple(StageSpan(*one) for one in reads.stages(db, account_id)),
        )  # fmt: skip


def goals(
    desk: Desk, account: str | int | None = None, owner: str | None = None, where: str = "", *, ended: bool = False,
    late: bool = False,
) -> tuple[GoalRow, ...]:  # fmt: skip
    """The open goals (``ended``: the others too), of accounts that a query matches. Raises NotFound, QueryError."""
    with desk.store.read() as db:
        sql, params = _condition(desk, db, account, where)
        if not ended:
            sql += " AND x.status = 'open'"
        if late:
            sql += " AND x.due < :today"
            params["today"] = desk.today()
        if owner is not None:
            sql += " AND x.owner_id = :owner"
            params["owner"] = named(db, "csm", owner)
        return _goals(desk, db, reads.goals(db, sql, **params))


def risks(
    desk: Desk, account: str | int | None = None, kind: str | None = None, department: str | None = None, where: str = "", *,
    closed: bool = False,
) -> tuple[RiskRow, ...]:  # fmt: skip
    """The open risks (``closed``: the others too). Raises NotFound, QueryError."""
    with desk.store.read() as db:
        sql, params = _condition(desk, db, account, where)
        if not closed:
            sql += " AND x.closed_on IS NULL"
        if kind is not None:
            sql += " AND x.kind = :kind"
            params["kind"] = kind.strip().lower()
        if department is not None:
            sql += " AND lower(x.department) = :department"
            params["department"] = department.strip().lower()
        return _risks(desk, reads.risks(db, sql, **params))


def escalations(
    desk: Desk, account: str | int | None = None, where: str = "", *, closed: bool = False, overdue: bool = False
) -> tuple[EscalationRow, ...]:
    """The open escalations (``closed``: the others too). Raises NotFound, QueryError."""
    with desk.store.read() as db:
        sql, params = _condition(desk, db, account, where)
        if not closed:
            sql += " AND x.closed_at IS NULL"
        if overdue:
            sql += " AND x.next_update < :today"
            params["today"] = desk.today()
        return _escalations(desk, reads.escalations(db, sql, **params))


def patterns(desk: Desk, where: str = "") -> tuple[Pattern, ...]:
    """The open risks of all accounts (that a query matches) by kind and department. Raises QueryError."""
    today = desk.today()
    with desk.store.read() as db:
        sql, params = _condition(desk, db, None, where)
        rows = reads.risks(db, f"{sql} AND x.closed_on IS NULL", **params)
    return tuple(success.patterns(
        Feared(row.account_id, row.kind, row.department, Severity(row.severity), row.due is not None and row.due < today,
               row.arr, row.currency)
        for row in rows
    ))  # fmt: skip


def feelings(desk: Desk, account: str | int, limit: int = 50) -> tuple[FeltRow, ...]:
    """What was noted of how an account feels, the latest first. Raises NotFound."""
    with desk.store.read() as db:
        found = reads.feelings(db, find_account(db, account), desk.today(), limit)
    return tuple(_felt(one, desk.today()) for one in found)


def renewal_calls(desk: Desk, where: str = "", *, apart_only: bool = False) -> tuple[CallRow, ...]:
    """The latest call of each account beside the signal; ``apart_only``: those that disagree. Raises QueryError."""
    with desk.store.read() as db:
        sql, params = _condition(desk, db, None, where)
        rows = reads.calls(db, sql, desk.today(), _noticed(desk.today()), **params)
    made = tuple(_call(row) for row in rows)
    return tuple(row for row in made if row.apart) if apart_only else made


def stages(desk: Desk, account: str | int) -> tuple[StageSpan, ...]:
    """The stages of an account's lifecycle with their days, the latest first. Raises NotFound."""
    with desk.store.read() as db:
        return tuple(StageSpan(*one) for one in reads.stages(db, find_account(db, account)))


def _condition(desk: Desk, db: Db, account: str | int | None, where: str) -> tuple[str, dict[str, Any]]:
    from cockpit.services.query import compiled

    sql, params = compiled(desk, db, where, "account")
    if account is not None:
        params["account"] = find_account(db, account)
        sql += f" AND {reads.OF_FAMILY}"
    return sql, params


def _goals(desk: Desk, db: Db, rows: Sequence[reads.Goal]) -> tuple[GoalRow, ...]:
    from cockpit.services.stages import holding

    today = desk.today()
    asked = [(row.id, row.account_id, row.criterion) for row in rows if row.criterion and row.status == GoalStatus.OPEN]
    holds = holding(desk, db, asked)
    return tuple(
        grown(
            GoalRow, row, holds=holds.get(row.id), is_late=success.is_late(GoalStatus(row.status), row.due, today),
            says=success.goal_words(GoalStatus(row.status), row.due, today, holds.get(row.id)),
        )
        for row in rows
    )  # fmt: skip


def _risks(desk: Desk, rows: Sequence[reads.Risk]) -> tuple[RiskRow, ...]:
    today = desk.today()
    return tuple(
        grown(RiskRow, row, is_late=row.closed_on is None and row.due is not None and row.due < today) for row in rows
    )


def _escalations(desk: Desk, rows: Sequence[reads.Escalation]) -> tuple[EscalationRow, ...]:
    today, zone = desk.today(), ZoneInfo(desk.me.time_zone)
    made = []
    for row in rows:
        opened = row.opened_at.astimezone(zone).date()
        closed = None if row.closed_at is None else row.closed_at.astimezone(zone).date()
        made.append(EscalationRow(
            row.id, row.account_id, row.account, row.title, row.severity, row.department, row.owner, row.csm, row.csm_name,
            opened, row.next_update, closed, row.note, success.clock(opened, closed, today),
            closed is None and success.is_overdue(row.next_update, today),
        ))  # fmt: skip
    return tuple(made)


def _felt(row: Felt, today: date) -> FeltRow:
    return grown(FeltRow, row, says=success.feeling_words(Feeling(row.feeling), row.day, today))


def _call(row: reads.Call) -> CallRow:
    told, why = signal(Signs(band(row.health), row.escalations, row.high_risks, row.notices > 0))
    steps = success.apart(RenewalForecast(row.call), told)
    return CallRow(
        row.id, row.account_id, row.account, row.call, row.day, row.reason, row.csm, row.csm_name, told, why, steps,
        success.apart_words(steps) if told else "no signal", row.renewal_date, row.arr, row.currency,
    )  # fmt: skip


def _noticed(today: date) -> date:
    return today - timedelta(days=reads.NOTICE_DAYS)


