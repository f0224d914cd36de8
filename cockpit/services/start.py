"""Starting playbooks: a run, and the tasks its steps leave on a CTA, an account, somebody new or a transition."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.calendar import Calendar
from cockpit.domain.playbook import Days, PlannedTask, Step, plan, read_steps
from cockpit.domain.playbook_words import Need
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from db.connection import as_date
from db.reads import playbook as reads
from db.reads.playbook import Stored


@dataclass(frozen=True, slots=True)
class Start:
    """What a playbook is applied to, when, and who is who in it.

    One of ``cta_id``, ``account_id``, ``csm_id``, ``transition_id``. ``people`` names a CSM for a role (``out``, ``in``,
    ``mgr``, ``gate``, ``lead``, ``buddy`` …); a role without one keeps its name on the task. On a CTA and for somebody new
    the ``owner`` is not named: the task is whoever's the CTA is. ``leave_out``: conditions
    (``moves pod``) that do not hold, so that their steps are not made.
    """

    days: Days
    calendar: Calendar
    cta_id: int | None = None
    account_id: int | None = None
    csm_id: int | None = None
    transition_id: int | None = None
    people: Mapping[str, int | None] = field(default_factory=dict)
    leave_out: Collection[str] = ()


def begin_runs(work: Work, starts: Sequence[tuple[Stored, Start]]) -> list[int]:
    """Starts playbooks, all in a few statements; returns the runs, in the same order."""
    runs = work.insert_many("run", [
        {"playbook_id": book.id, "cta_id": start.cta_id, "account_id": start.account_id, "csm_id": start.csm_id,
         "transition_id": start.transition_id, "started_on": start.days.start}
        for book, start in starts
    ])  # fmt: skip
    read: dict[int, tuple[Step, ...]] = {}
    tasks: list[dict[str, Any]] = []
    for run, (book, start) in zip(runs, starts, strict=True):
        if book.id not in read:
            read[book.id] = read_steps(book.steps)
        made = plan(read[book.id], start.days, start.calendar, leave_out=start.leave_out)
        tasks += [task_row(task, start, book.source is not None) | {"run_id": run} for task in made]
    work.insert_many("task", tasks)
    return runs


def redate(work: Work, run_id: int, days: Days, calendar: Calendar) -> int:
    """Moves the open tasks of a run to where they would be due had it started with these days; returns how many."""
    found = work.db.one("SELECT playbook_id FROM run WHERE id = :id", id=run_id)
    book = reads.by_id(work.db, found[0]) if found else None
    if book is None:
        return 0
    due = {task.step.key: task.due for task in plan(read_steps(book.steps), days, calendar)}
    rows = work.db.all("SELECT id, key, due FROM task WHERE run_id = :run AND status = 'open'", run=run_id)
    moved = {id_: {"due": due[key]} for id_, key, old in rows if key in due and as_date(old) != due[key]}
    work.update_many("task", moved)
    return len(moved)


def start_playbooks(work: Work, cta_ids: Sequence[int]) -> int:
    """Starts the playbooks of CTAs that have one and no tasks yet, each in its newest version; returns how many tasks."""
    if not cta_ids:
        return 0
    rows = work.db.of(
        "SELECT c.id, c.playbook_id, p.time_zone, p.calendar, p.gatekeeper_id, o.manager_id, coalesce(a.renewal_date, c.due)"
        " FROM cta c JOIN account a ON a.id = c.account_id LEFT JOIN pool p ON p.id = c.pool_id LEFT JOIN csm o ON o.id = c.owner_id"
        " WHERE c.id IN ({ids}) AND c.playbook_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM task k WHERE k.cta_id = c.id)"
        " ORDER BY c.id",
        cta_ids,
    )
    if not rows:
        return 0
    books = reads.current(work.db, sorted({row[1] for row in rows}))
    starts: list[tuple[Stored, Start]] = []
    for cta_id, playbook_id, zone, region, gatekeeper, manager, renewal in rows:
        calendar = calendar_for(zone or "UTC", region)
        days = Days(calendar.local_date(work.now), renewal=as_date(renewal))
        people = {"gate": gatekeeper, "mgr": manager}
        starts.append((books[playbook_id], Start(days, calendar, cta_id=cta_id, people=people)))
    begin_runs(work, starts)
    return sum(len(book.steps) for book, _ in starts)


def task_row(task: PlannedTask, start: Start, is_text: bool = True) -> dict[str, Any]:
    """A planned task as its table holds it, but for its run.

    Steps of before there were texts (``is_text`` False), or of an import, are ticked by hand as they always were.
    """
    step = task.step
    common: dict[str, Any] = {
        "cta_id": start.cta_id, "account_id": start.account_id, "transition_id": start.transition_id,
        "title": task.title, "position": task.position, "due": task.due, "required": task.required,
    }  # fmt: skip
    if not is_text:
        return common
    role = None if step.role == "owner" else step.role
    owner = start.people.get(step.role)
    if owner is None and role == "both":
        owner = start.people.get("out")
    spec = {
        "due": str(step.due) if step.due else None, "needs": list(step.needs), "when": step.when, "opens": step.opens, "done": step.done,
        "by_hand": step.by_hand, "choices": list(step.choices),
    }  # fmt: skip
    return common | {
        "owner_id": owner, "key": step.key, "side": step.side, "role": role, "gates": step.required is Need.GATE,
        "spec": {name: value for name, value in spec.items() if value}, "done_when": step.done,
    }  # fmt: skip
