"""Goals of a success plan: made, changed, ended as reached, missed or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from cockpit.services.query import check
from db.terms import GoalStatus

EDITABLE = ("title", "measure", "criterion", "due", "owner", "note")


@dataclass(frozen=True, slots=True)
class GoalDone:
    """A goal that was made or ended, with the status it has now."""

    id: int
    account: str
    status: str
    act: int | None = None
    said: str = ""


@act("new_goal")
def new_goal(work: Work, account: str | int, title: str, /, **fields: Any) -> GoalDone:
    """Adds a goal to an account's plan; fields as in EDITABLE. Without an owner it is the account's CSM's, else mine.

    Raises NotFound, Ambiguous (account, owner), Refused (value), QueryError (criterion).
    """
    account_id = lookup.find_account(work.db, account)
    name, owner = work.db.one("SELECT name, owner_id FROM account WHERE id = :id", id=account_id) or ("", None)
    columns = _columns(work, {"title": title, **fields})
    columns.setdefault("owner_id", owner or work.me.id)
    id_ = work.insert("goal", {"account_id": account_id, **columns})
    work.say(f"Agreed with {name}: {columns['title']}")
    return GoalDone(id_, name, GoalStatus.OPEN, said=work.act.what)


@act("edit_goal")
def edit_goal(
    work: Work, goal_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of a goal. Raises NotFound, Refused, Conflict, QueryError (criterion)."""
    title = _goal(work, goal_id)[0]
    seen = None if expected is None else _columns(work, expected)
    return editing.change(work, "goal", goal_id, f"goal \u201c{title}\u201d", _columns(work, fields), seen)


@act("end_goal")
def end_goal(work: Work, goal_id: int, status: GoalStatus | str, note: str | None = None, on: Any = None) -> GoalDone:
    """Ends a goal as reached (``on`` a day, else today), missed or dropped; ``open`` takes it up again.

    Dropping one needs a note that says why. Raises NotFound, Refused.
    """
    title, account, was, had = _goal(work, goal_id)
    to, text = _status(status), editing.lines(note)
    if was == to:
        raise Refused("same", f"The goal \u201c{title}\u201d is {to.value} already.")
    if to is GoalStatus.DROPPED and not text:
        raise Refused("note", "Say why the goal is dropped.")
    day = editing.day(work, on, backward=True) or work.today
    if day > work.today:
        raise Refused("date", "A goal cannot have been reached on a day that is still to come.")
    values: dict[str, Any] = {"status": to, "reached_on": day if to is GoalStatus.REACHED else None}
    if text:
        values["note"] = "\n".join(part for part in (had, text) if part)
    work.update("goal", goal_id, values)
    verb = "Took up again" if to is GoalStatus.OPEN else to.value.capitalize()
    work.say(f"{verb}: {title} ({account})")
    return GoalDone(goal_id, account, to, said=work.act.what)


def _goal(work: Work, goal_id: int) -> tuple[str, str, str, str | None]:
    row = work.db.one(
        "SELECT g.title, a.name, g.status, g.note FROM goal g JOIN account a ON a.id = g.account_id WHERE g.id = :id", id=goal_id
    )
    if row is None:
        raise NotFound(f"There is no goal {goal_id}.")
    return row[0], row[1], row[2], row[3]


def _status(value: GoalStatus | str) -> GoalStatus:
    try:
        return GoalStatus(str(value).strip().lower())
    except ValueError:
        near = did_you_mean(str(value), list(GoalStatus))
        raise Refused("status", f"A goal is {', '.join(GoalStatus)}, not {str(value)!r}.{near}") from None


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A goal", fields, EDITABLE)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name in ("title", "measure"):
            columns[name] = editing.line(value, "A goal", required=name == "title")
        elif name == "criterion":
            columns[name] = editing.line(value, "A criterion")
            if columns[name]:
                check(work.desk, columns[name], "account")
        elif name == "due":
            columns[name] = editing.day(work, value)
        elif name == "owner":
            columns["owner_id"] = lookup.active_csm(work.db, str(value))[0] if value else None
        else:
            columns[name] = editing.lines(value)
    return columns
