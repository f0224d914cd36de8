"""Playbooks: the tasks that steps leave on a CTA, and what a moved due date moves with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cockpit.domain.calendar import Calendar
from cockpit.domain.nearest import did_you_mean
from db.terms import TaskStatus

MAX_DUE_IN = 1000
STEP_KEYS = ("title", "due_in", "required")
_OFFSET = re.compile(r"(?:s?\+)?([0-9]{1,4})", re.IGNORECASE)


class PlaybookError(ValueError):
    """A step that cannot be read; its text is the sentence the user reads."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a playbook: due ``due_in`` business days after the start, or undated."""

    title: str
    due_in: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as a playbook starts it."""

    title: str
    position: int
    due: date | None
    required: bool


@dataclass(frozen=True, slots=True)
class DatedTask:
    """What the cascade needs to know of a task."""

    id: int
    due: date | None
    status: TaskStatus = TaskStatus.OPEN


def read_steps(raw: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """Return the steps of a stored or typed playbook, or raise with the number of the step that is wrong."""
    return tuple(_read_step(number, item) for number, item in enumerate(raw, 1))


def _read_step(number: int, item: Mapping[str, object]) -> Step:
    for key in item:
        if key not in STEP_KEYS:
            raise PlaybookError(f"Step {number} has an unknown key {key!r}.{did_you_mean(str(key), STEP_KEYS)}")
    title, required = item.get("title"), item.get("required", False)
    if not isinstance(title, str) or not title.strip():
        raise PlaybookError(f"Step {number} needs a title.")
    if not isinstance(required, bool):
        raise PlaybookError(f"Step {number}: required is true or false, not {required!r}.")
    return Step(title.strip(), _read_offset(number, item.get("due_in")), required)


def _read_offset(number: int, value: object) -> int | None:
    if value is None:
        return None
    found = _OFFSET.fullmatch(str(value).strip()) if isinstance(value, (int, str)) else None
    if isinstance(value, bool) or found is None or int(found[1]) > MAX_DUE_IN:
        raise PlaybookError(f"Step {number}: due_in is S+n, n business days after the start (0 to {MAX_DUE_IN}).")
    return int(found[1])


def plan(steps: Iterable[Step], start: date, calendar: Calendar) -> tuple[PlannedTask, ...]:
    """Return the tasks of a playbook started on ``start``; ``S+0`` is that day, or the next business day."""
    first = calendar.on_or_after(start)

    def due(step: Step) -> date | None:
        if step.due_in is None:
            return None
        return calendar.add_business_days(start, step.due_in) if step.due_in else first

    return tuple(PlannedTask(step.title, n, due(step), step.required) for n, step in enumerate(steps))


def shift_tasks(
    old_due: date | None, new_due: date | None, tasks: Iterable[DatedTask], calendar: Calendar
) -> dict[int, date]:
    """Return the new due dates of the open tasks that move when their CTA's due date moves.

    Each keeps its distance to the CTA's due date in business days; undated and finished tasks stay, and
    without both an old and a new date nothing moves.
    """
    if old_due is None or new_due is None or old_due == new_due:
        return {}
    moved: dict[int, date] = {}
    for task in tasks:
        if task.status != TaskStatus.OPEN or task.due is None:
            continue
        distance = calendar.business_days_between(old_due, task.due)
        due = calendar.add_business_days(new_due, distance)
        if due != task.due:
            moved[task.id] = due
    return moved
