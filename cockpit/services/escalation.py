"""Escalations: a customer's matter that is owned elsewhere, with its clock and the next update that is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cockpit.domain.say import day as said_day
from cockpit.domain.success import UPDATE_DAYS
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from cockpit.services.risk import severity
from cockpit.services.stages import entry
from db.connection import as_date
from db.terms import Severity

EDITABLE = ("title", "severity", "department", "owner", "csm", "next_update", "note")


@dataclass(frozen=True, slots=True)
class EscalationDone:
    """An escalation that was opened, told of or closed; ``next_update`` is when the customer hears again."""

    id: int
    account: str
    next_update: date | None
    act: int | None = None
    said: str = ""


@act("escalate")
def escalate(work: Work, account: str | int, title: str, /, **fields: Any) -> EscalationDone:
    """Opens an escalation, which is an entry of the timeline too; fields as in EDITABLE.

    Without a day the next update is due by its severity (UPDATE_DAYS business days). Raises NotFound, Refused.
    """
    account_id = lookup.find_account(work.db, account)
    name = str(work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id))
    columns = _columns(work, {"title": title, **fields})
    columns.setdefault("severity", Severity.HIGH.value)
    columns.setdefault("csm_id", work.me.id)
    if columns.get("next_update") is None:
        columns["next_update"] = _next(work, columns["severity"])
    id_ = work.insert("escalation", {"account_id": account_id, "opened_at": work.now, **columns})
    where = " · ".join(str(columns[key]) for key in ("department", "owner") if columns.get(key))
    entry(work, account_id, None, "milestone", f"Escalated: {columns['title']}", where or None)
    work.say(f"Escalated for {name}: {columns['title']}; next update {said_day(columns['next_update'], work.today)}")
    return EscalationDone(id_, name, columns["next_update"], said=work.act.what)


@act("edit_escalation")
def edit_escalation(
    work: Work, escalation_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of an escalation. Raises NotFound, Refused, Conflict."""
    title = _open(work, escalation_id, may_be_closed=True)[0]
    seen = None if expected is None else _columns(work, expected)
    return editing.change(work, "escalation", escalation_id, f"escalation \u201c{title}\u201d", _columns(work, fields), seen)


@act("update_escalation")
def update_escalation(work: Work, escalation_id: int, news: str, next_update: Any = None) -> EscalationDone:
    """Says what is new, on the timeline too, and when the customer hears again. Raises NotFound, Refused."""
    title, account, account_id, how = _open(work, escalation_id)
    text = editing.lines(news)
    if text is None:
        raise Refused("empty", "Say what is new.")
    on = editing.day(work, next_update) or _next(work, how)
    if on < work.today:
        raise Refused("date", "The next update is due on a day that is past.")
    work.update("escalation", escalation_id, {"next_update": on, "note": text})
    entry(work, account_id, None, "update", f"Escalation: {title}", text)
    work.say(f"{account} hears of \u201c{title}\u201d again by {said_day(on, work.today)}")
    return EscalationDone(escalation_id, account, on, said=work.act.what)


@act("close_escalation")
def close_escalation(work: Work, escalation_id: int, note: str) -> EscalationDone:
    """Ends an escalation with how it was settled, on the timeline too. Raises NotFound, Refused."""
    title, account, account_id, _ = _open(work, escalation_id)
    text = editing.lines(note)
    if text is None:
        raise Refused("empty", "Say how it was settled.")
    work.update("escalation", escalation_id, {"closed_at": work.now, "next_update": None, "note": text})
    entry(work, account_id, None, "milestone", f"Escalation settled: {title}", text)
    work.say(f"Settled \u201c{title}\u201d of {account}")
    return EscalationDone(escalation_id, account, None, said=work.act.what)


@act("reopen_escalation")
def reopen_escalation(work: Work, escalation_id: int) -> EscalationDone:
    """Opens a settled escalation again; its clock goes on from its first day. Raises NotFound, Refused."""
    row = work.db.one("SELECT closed_at FROM escalation WHERE id = :id", id=escalation_id)
    title, account, account_id, how = _open(work, escalation_id, may_be_closed=True)
    if row is None or row[0] is None:
        raise Refused("open", f"The escalation \u201c{title}\u201d is open.")
    on = _next(work, how)
    work.update("escalation", escalation_id, {"closed_at": None, "next_update": on})
    entry(work, account_id, None, "milestone", f"Escalated again: {title}", None)
    work.say(f"Opened \u201c{title}\u201d of {account} again; next update {said_day(on, work.today)}")
    return EscalationDone(escalation_id, account, on, said=work.act.what)


def _next(work: Work, how: str) -> date:
    return calendar_for(work.me.time_zone).add_business_days(work.today, UPDATE_DAYS[Severity(how)])


def _open(work: Work, escalation_id: int, *, may_be_closed: bool = False) -> tuple[str, str, int, str]:
    row = work.db.one(
        "SELECT e.title, a.name, e.account_id, e.severity, e.closed_at FROM escalation e JOIN account a ON a.id = e.account_id"
        " WHERE e.id = :id",
        id=escalation_id,
    )
    if row is None:
        raise NotFound(f"There is no escalation {escalation_id}.")
    if row[4] is not None and not may_be_closed:
        raise Refused("closed", f"The escalation \u201c{row[0]}\u201d is settled: open it again first.")
    return row[0], row[1], row[2], row[3]


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("An escalation", fields, EDITABLE)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "severity":
            columns[name] = severity(value)
        elif name == "csm":
            columns["csm_id"] = lookup.active_csm(work.db, str(value))[0] if value else None
        elif name == "next_update":
            columns[name] = as_date(value) if isinstance(value, date) else editing.day(work, value)
        elif name == "note":
            columns[name] = editing.lines(value)
        else:
            columns[name] = editing.line(value, f"An escalation's {name}", required=name == "title")
    return columns
