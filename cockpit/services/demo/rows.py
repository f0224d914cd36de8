"""Rows of the demo's CTAs, their tasks and the visits beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from cockpit.domain.playbook import Days, plan
from cockpit.domain.queue import Inputs, rank, rescore_on
from cockpit.services.calendars import calendar_for
from cockpit.services.demo import words
from cockpit.services.demo.cast import POOLS
from cockpit.services.demo.company import Company, Row, Signal
from cockpit.services.demo.kinds import ASKED, Kind, lane, skill
from cockpit.services.start import Start, task_row
from db.terms import CtaStatus, Outcome, Priority, TaskStatus

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

Times = tuple[datetime, datetime, datetime]


@dataclass(slots=True)
class Visit:
    """An activity to be: ``people`` by their place in the company, ``csm`` who wrote it and was there."""

    type: str
    subject: str
    body: str
    at: datetime
    csm: int
    people: list[int]
    next_step: str | None = None
    next_due: date | None = None


@dataclass(slots=True)
class CtaPlan:
    """A CTA to be, with its tasks and what was done on it."""

    row: Row
    opened_at: datetime
    tasks: list[Row] = field(default_factory=list)
    run: Row | None = None
    """The playbook that left them."""
    visits: list[Visit] = field(default_factory=list)
    intervention: Row | None = None
    part: str | None = None
    person: int | None = None
    """Place of who it is about."""
    is_renewal: bool = False
    """It is about the open renewal of its company."""


def open_cta(world: World, company: Company, signal: Signal) -> CtaPlan:
    """The open CTA of a signal."""
    rng, kind = world.rng, signal.kind
    row = _row(world, company, kind, signal.title, signal.opened_at, high=signal.high, due=signal.due)
    if signal.note:
        row["description"] = signal.note
    if signal.snoozed_at is not None:
        row |= {
            "snoozed_at": signal.snoozed_at,
            "snoozed_until": world.days[company.pool].due(world.today + timedelta(days=1), rng.randint(1, 9)),
            "snooze_reason": rng.choice(words.SNOOZES),
        }
    elif signal.owner is None and rng.random() < 0.04:
        row["left_note"] = rng.choice(words.LEFT_NOTES)
        if company.is_detailed:
            row["first_claimed_at"] = _once(world, company, signal)
    made = CtaPlan(row, signal.opened_at)
    if company.is_detailed:
        made.person, made.is_renewal = signal.person, kind.key == "renewal"
    if signal.owner is not None and signal.claimed_at is not None and signal.touched_at is not None:
        row |= {"owner_id": signal.owner, "claimed_at": signal.claimed_at, "touched_at": signal.touched_at}
        row["first_claimed_at"] = signal.claimed_at
        made.tasks = _tasks(world, company, kind, signal.claimed_at, signal.touched_at)
        made.run = _run(world, company, kind, signal.claimed_at)
        if company.is_detailed and not company.has("quiet"):
            # a note among ourselves: a mail to the customer would have begun an intervention
            subject, body = rng.choice(words.WORK_NOTES)
            made.visits.append(Visit("update", subject, body, signal.touched_at, signal.owner, []))
    return made


def _once(world: World, company: Company, signal: Signal) -> datetime | None:
    """When somebody took it who gave it back since; None when it is too young for that."""
    days = world.days[company.pool]
    place = world.rng.randint(1, 3)
    taken = days.ago(world.rng, place)
    return taken if taken > signal.opened_at else None


def closed_cta(
    world: World, company: Company, kind: Kind, title: str, owner: int, times: Times, outcome: Outcome
) -> CtaPlan:
    """A CTA of the past: (opened, claimed, closed)."""
    opened, claimed, closed = times
    row = _row(world, company, kind, title, opened) | {
        "status": CtaStatus.CLOSED,
        "owner_id": owner,
        "claimed_at": claimed,
        "first_claimed_at": claimed,
        "touched_at": closed,
        "closed_at": closed,
        "outcome": outcome,
        "close_note": world.rng.choice(words.CLOSE_NOTES[outcome]),
        "rescore_at": None,
    }
    tasks = _tasks(world, company, kind, claimed, closed, outcome)
    return CtaPlan(row, opened, tasks, _run(world, company, kind, claimed))


def _row(
    world: World,
    company: Company,
    kind: Kind,
    title: str,
    opened_at: datetime,
    *,
    high: bool = False,
    due: date | None = None,
) -> Row:
    priority = Priority.HIGH if high else kind.priority
    flagged = world.rng.random() < 0.03
    due = due or world.days[company.pool].due(opened_at.date(), kind.due)
    inputs = Inputs(priority, due, company.health, company.arr or None, company.renewal, flagged, opened_at)
    return {
        "pool_id": world.pools[company.pool],
        "type_id": world.types[kind.type],
        "reason_id": world.reasons[kind.reason],
        "lane": lane(kind.reason).value,
        "skill": skill(kind.reason, company.place.language),
        "title": title,
        "priority": priority.value,
        "flagged": flagged,
        "due": due,
        "opened_at": opened_at,
        "playbook_id": world.playbooks[kind.playbook] if kind.playbook else None,
        "source": "by hand" if kind is ASKED else f"rule: {kind.reason}",
        "rank": rank(inputs, world.today, world.weights),
        "rescore_at": _crossing(world, due, company.renewal),
    }


def _crossing(world: World, due: date, renewal: date | None) -> date | None:
    """``rescore_on``: it depends on the two dates alone, and many CTAs share them."""
    key = due, renewal
    if key not in world.crossings:
        inputs = Inputs(Priority.LOW, due, None, None, renewal, False, world.now)
        world.crossings[key] = rescore_on(inputs, world.today, world.weights)
    return world.crossings[key]


def _run(world: World, company: Company, kind: Kind, claimed: datetime) -> Row | None:
    """The run of a CTA's playbook."""
    if kind.playbook is None:
        return None
    return {"playbook_id": world.playbooks[kind.playbook], "started_on": world.days[company.pool].local(claimed)}


def _tasks(
    world: World, company: Company, kind: Kind, claimed: datetime, until: datetime, outcome: Outcome | None = None
) -> list[Row]:
    """The playbook's tasks as its CSM left them: those due by ``until`` done, or left out after a close."""
    if kind.playbook is None:
        return []
    rng, days = world.rng, world.days[company.pool]
    zone, region = POOLS[company.pool]
    rows: list[Row] = []
    start = Start(Days(days.local(claimed), renewal=company.renewal), calendar_for(zone, region))
    for task in plan(world.steps[kind.playbook], start.days, start.calendar):
        row: Row = task_row(task, start)
        is_reached = task.due is not None and task.due <= days.local(until)
        if is_reached or outcome == Outcome.SUCCESS:
            at = days.on(rng, min(task.due or days.local(until), days.local(until)))
            late = Random(f"playbooks {claimed.isoformat()} {task.position}")
            at += timedelta(days=late.randint(1, 5)) if late.random() < 0.15 else timedelta()
            row |= {"status": TaskStatus.DONE, "done_at": min(max(at, claimed), until)}
        elif outcome is not None:
            row["status"] = TaskStatus.SKIPPED
        rows.append(row)
    return rows
