"""Goals of success plans, and risk registers that were kept in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, same_facts, upsert
from db.terms import GoalStatus, Severity

_STATUS = {
    GoalStatus.REACHED: ("reach", "achiev", "done", "complete", "met", "success", "closed"),
    GoalStatus.MISSED: ("miss", "fail", "not met", "unmet"),
    GoalStatus.DROPPED: ("drop", "cancel", "abandon", "obsolete"),
    GoalStatus.OPEN: ("open", "progress", "active", "track", "start", "new", "plan", "risk"),
}
_SEVERITY = {
    Severity.HIGH: ("high", "critical", "severe", "red", "1"),
    Severity.MEDIUM: ("medium", "moderate", "amber", "yellow", "2"),
    Severity.LOW: ("low", "minor", "green", "3"),
}
_CLOSED = ("clos", "done", "mitigated", "resolved", "mended", "gone")


def load_goals(loading: Loading, rows: Sequence[Row]) -> None:
    """Goals by id, else by account and what they want to reach."""
    accounts = Accounts(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {"account_id": accounts.needed(row), "title": values["title"]}
        columns |= {name: values[name] for name in ("measure", "due", "note") if values.get(name) is not None}
        if values.get("owner"):
            columns["owner_id"] = loading.refs.owner(values["owner"], loading.system)
        if values.get("status"):
            columns["status"] = status = _goal_status(values["status"])
            reached = values.get("reached_on") or values.get("due") or _today(loading)
            columns["reached_on"] = reached if status is GoalStatus.REACHED else None
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    loading.done(upsert(loading, "goal", items, lambda bare: same_facts(loading, "goal", ("title",), bare)))


def load_risks(loading: Loading, rows: Sequence[Row]) -> None:
    """Risks by id, else by account, kind and what may go wrong; closed when their file says so."""
    accounts = Accounts(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {"account_id": accounts.needed(row), "title": values["title"], "kind": values["kind"].lower()}
        names = ("department", "owner", "due", "note", "resolution", "opened_on")
        columns |= {name: values[name] for name in names if values.get(name) is not None}
        if values.get("severity"):
            columns["severity"] = _severity(values["severity"])
        if values.get("csm"):
            columns["csm_id"] = loading.refs.owner(values["csm"], loading.system)
        words = (values.get("status") or "").lower()
        if values.get("closed_on") or any(tell in words for tell in _CLOSED):
            columns["closed_on"] = values.get("closed_on") or values.get("opened_on") or values.get("due") or _today(loading)
        elif words:
            columns["closed_on"] = None
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)

    def complete(new: Item) -> None:
        new.columns.setdefault("opened_on", _today(loading))

    done = upsert(loading, "risk", items, lambda bare: same_facts(loading, "risk", ("kind", "title"), bare), complete=complete)
    loading.done(done)


def _today(loading: Loading) -> date:
    return loading.work.today


def _goal_status(text: str) -> GoalStatus:
    words = text.lower()
    for status in (GoalStatus.MISSED, GoalStatus.DROPPED, GoalStatus.REACHED, GoalStatus.OPEN):
        if any(tell in words for tell in _STATUS[status]):
            return status
    raise BadField("status", f'"{text}" is no status of a goal: {", ".join(GoalStatus)}.')


def _severity(text: str) -> Severity:
    words = text.lower().strip()
    for severity, tells in _SEVERITY.items():
        if any(tell in words if len(tell) > 1 else tell == words for tell in tells):
            return severity
    raise BadField("severity", f'"{text}" is no severity: {", ".join(Severity)}.')

