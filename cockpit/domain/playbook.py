"""Playbooks: their steps, the days on which these are due, and what a moved due date moves with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cockpit.domain.calendar import Calendar
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.playbook_words import CHECKS, CONDITIONS, NEEDS, OPENS, ROLES, Need
from db.terms import Side, TaskStatus

MAX_DUE_IN = 1000
STEP_KEYS = ("key", "title", "due", "required", "role", "side", "needs", "when", "opens", "done", "by_hand", "choices")
_OLD = "due_in"
"""What ``due`` was called before there were days other than the start."""
_DUE = re.compile(r"(?:(s|t|r|renewal)?\s*([+-])\s*([0-9]{1,4})|(s|t|r|renewal))", re.IGNORECASE)
_KEY = re.compile(r"[a-z0-9][a-z0-9 _-]{0,39}")


class PlaybookError(ValueError):
    """A step that cannot be read; its text is the sentence the user reads."""


class Anchor(StrEnum):
    """The day a due date is counted from."""

    START = "S"
    TARGET = "T"
    RETURN = "R"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Due:
    """So many business days after (or before) a day of its own: ``S+2``, ``T-4``, ``R``, ``renewal``."""

    anchor: Anchor
    days: int = 0

    def __str__(self) -> str:
        return f"{self.anchor}{f'{self.days:+}' if self.days else ''}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a playbook."""

    title: str
    due: Due | None = None
    required: Need = Need.NO
    key: str = ""
    role: str = "owner"
    side: Side | None = None
    needs: tuple[str, ...] = ()
    """Keys of the steps that come before it."""
    when: str | None = None
    opens: str | None = None
    done: str | None = None
    """The check that closes it; none = ticked by hand."""
    by_hand: bool = False
    """It may be ticked by hand too, with a note."""
    choices: tuple[str, ...] = ()
    """What its note may be, where the answer is one of a list."""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as a playbook starts it."""

    title: str
    position: int
    due: date | None
    required: bool
    step: Step


@dataclass(frozen=True, slots=True)
class DatedTask:
    """What the cascade needs to know of a task."""

    id: int
    due: date | None
    status: TaskStatus = TaskStatus.OPEN


@dataclass(frozen=True, slots=True)
class Days:
    """The days a plan hangs on. ``usual``: business days from start to target that the playbook was written for."""

    start: date
    target: date | None = None
    returns: date | None = None
    renewal: date | None = None
    usual: int | None = None


def read_due(value: object) -> Due | None:
    """Return a due date as people write it (``+2``, ``S+2``, ``T-4``, ``T``, ``R+1``, ``renewal``, or a number of days).

    None where it is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip().replace("−", "-")
    text = f"+{text}" if text.isdigit() else text
    found = _DUE.fullmatch(text)
    if found is None:
        return None
    word = (found[1] or found[4] or "S").casefold()
    anchor = Anchor.RENEWAL if word == "renewal" else Anchor(word.upper())
    days = int(f"{found[2]}{found[3]}") if found[3] else 0
    if abs(days) > MAX_DUE_IN or (anchor is Anchor.START and days < 0):
        return None
    return Due(anchor, days)


def read_steps(raw: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """Return the steps of a stored or typed playbook, or raise with the number of the step that is wrong."""
    steps: list[Step] = []
    for number, item in enumerate(raw, 1):
        wrong = step_problems(item)
        if wrong:
            raise PlaybookError(f"Step {number}{wrong[0][1]}")
        steps.append(read_step(item, number))
    return tuple(steps)


def step_problems(item: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what is wrong with a step, as (the key it is about, the end of a sentence that begins with the step)."""
    known = (*STEP_KEYS, _OLD)
    wrong = [(str(k), f" has an unknown key {k!r}.{did_you_mean(str(k), known)}") for k in item if k not in known]
    title = item.get("title")
    if not isinstance(title, str) or not title.strip():
        wrong.append(("title", " needs a title."))
    name = "due" if "due" in item else _OLD
    if item.get(name) is not None and read_due(item[name]) is None:
        wrong.append((name, f": {name} is +n or S+n, T-n, T+n, R+n (business days, 0 to {MAX_DUE_IN}) or renewal, not {item[name]!r}."))
    required = item.get("required", False)
    if not isinstance(required, bool) and required not in NEEDS:
        wrong.append(("required", f": required is {_or(NEEDS)}, true or false, not {required!r}.{_near(required, NEEDS)}"))
    for key, words in (("role", ROLES), ("when", CONDITIONS), ("opens", OPENS), ("done", CHECKS)):
        value = item.get(key)
        if value is not None and value not in words:
            wrong.append((key, f": {key} does not know {value!r}.{_near(value, words)}"))
    if item.get("side") not in (None, *Side):
        wrong.append(("side", f": side is {_or(list(Side))}, not {item['side']!r}."))
    if not isinstance(item.get("by_hand", False), bool):
        wrong.append(("by_hand", f": by_hand is true or false, not {item['by_hand']!r}."))
    wrong += [(key, f": {key} is a list of texts.") for key in ("needs", "choices") if not _are_texts(item.get(key, []))]
    step_key = item.get("key")
    if step_key is not None and (not isinstance(step_key, str) or not _KEY.fullmatch(step_key)):
        wrong.append(("key", f": key is a short name in small letters, not {step_key!r}."))
    return wrong


def read_step(item: Mapping[str, object], number: int) -> Step:
    """Return a step that has no problems; without a key it is known by its number."""
    required = item.get("required", False)
    need = Need(str(required)) if not isinstance(required, bool) else Need.YES if required else Need.NO
    role = str(item.get("role") or "owner")
    return Step(
        title=str(item["title"]).strip(),
        due=read_due(item.get("due", item.get(_OLD))),
        required=need,
        key=str(item.get("key") or number),
        role=role,
        side=_side(role, item.get("side")),
        needs=tuple(item.get("needs") or ()),  # type: ignore[arg-type]
        when=_text(item.get("when")),
        opens=_text(item.get("opens")),
        done=_text(item.get("done")),
        by_hand=bool(item.get("by_hand", False)),
        choices=tuple(item.get("choices") or ()),  # type: ignore[arg-type]
    )


def stored(step: Step) -> dict[str, object]:
    """Return a step as the store keeps it: what ``read_step`` reads back."""
    raw: dict[str, object] = {
        "key": step.key, "title": step.title, "due": str(step.due) if step.due else None, "required": step.required.value,
        "role": step.role, "side": step.side and step.side.value, "needs": list(step.needs), "when": step.when,
        "opens": step.opens, "done": step.done, "by_hand": step.by_hand, "choices": list(step.choices),
    }  # fmt: skip
    return {key: value for key, value in raw.items() if value not in (None, [], False)}


def plan(
    steps: Iterable[Step], start: date | Days, calendar: Calendar, *, leave_out: Collection[str] = ()
) -> tuple[PlannedTask, ...]:
    """Return the tasks of a playbook that starts; ``S+0`` is its first day, or the next business day.

    A target nearer than usual shrinks what counts from the start in proportion, order kept (rounded down). What counts
    from the target stays where it is, no earlier than the start. Nothing is due before a step it needs. Without a
    target, a return or a renewal what hangs on them is undated. Steps whose condition is in ``leave_out`` are not made.
    """
    days = start if isinstance(start, Days) else Days(start)
    wanted = [step for step in steps if step.when is None or step.when not in leave_out]
    at: dict[int, date | None] = {}
    by_key: dict[str, date | None] = {}
    for n in in_order(wanted):
        step = wanted[n]
        own = _day(step.due, days, calendar)
        before = [day for need in step.needs if (day := by_key.get(need)) is not None]
        at[n] = by_key[step.key] = max([own, *before]) if own else None
    return tuple(PlannedTask(step.title, n, at[n], step.required is not Need.NO, step) for n, step in enumerate(wanted))


def in_order(steps: Sequence[Step]) -> list[int]:
    """Return the places of the steps so that each comes after those it needs; what needs each other stays at the end."""
    left, placed, found = list(range(len(steps))), set[str](), list[int]()
    known = {step.key for step in steps}
    while left:
        ready = [n for n in left if all(need in placed or need not in known for need in steps[n].needs)]
        found += ready or left
        placed |= {steps[n].key for n in ready}
        left = [n for n in left if n not in ready] if ready else []
    return found


def _day(due: Due | None, days: Days, calendar: Calendar) -> date | None:
    if due is None:
        return None
    first = calendar.on_or_after(days.start)
    anchor = {Anchor.TARGET: days.target, Anchor.RETURN: days.returns, Anchor.RENEWAL: days.renewal}.get(due.anchor, days.start)
    if anchor is None:
        return None
    if due.anchor is not Anchor.START:
        return max(first, calendar.add_business_days(anchor, due.days))
    after = _shrunk(due.days, days, calendar)
    return calendar.add_business_days(days.start, after) if after else first


def _shrunk(after: int, days: Days, calendar: Calendar) -> int:
    if days.target is None or not days.usual:
        return after
    span = max(0, calendar.business_days_between(days.start, days.target))
    return after * span // days.usual if span < days.usual and after <= days.usual else after


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


def _side(role: str, side: object) -> Side | None:
    if side is not None:
        return Side(str(side))
    return Side(role) if role in tuple(Side) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _near(value: object, words: Iterable[str]) -> str:
    return did_you_mean(str(value), words)


def _or(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"
