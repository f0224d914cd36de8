"""The risk register: what may go wrong on an account, whose it is to mend, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from db.terms import Severity

EDITABLE = ("title", "kind", "severity", "department", "owner", "csm", "due", "note", "cta")
_KIND_LENGTH = 40


@dataclass(frozen=True, slots=True)
class RiskDone:
    """A risk that was noted, closed or reopened."""

    id: int
    account: str
    is_open: bool
    act: int | None = None
    said: str = ""


@act("new_risk")
def new_risk(work: Work, account: str | int, title: str, kind: str, /, **fields: Any) -> RiskDone:
    """Notes a risk; fields as in EDITABLE. ``owner`` is who mends it, ``csm`` who follows it here (else: me).

    Raises NotFound, Ambiguous (account, csm), Refused (value).
    """
    account_id = lookup.find_account(work.db, account)
    name = str(work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id))
    columns = _columns(work, {"title": title, "kind": kind, **fields})
    columns.setdefault("csm_id", work.me.id)
    _check_cta(work, columns.get("cta_id"), account_id, name)
    id_ = work.insert("risk", {"account_id": account_id, "opened_on": work.today, **columns})
    where = f", {columns['department']}" if columns.get("department") else ""
    work.say(f"Noted a risk of {name} ({columns['kind']}{where}): {columns['title']}")
    return RiskDone(id_, name, True, said=work.act.what)


@act("edit_risk")
def edit_risk(
    work: Work, risk_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of a risk. Raises NotFound, Refused, Conflict."""
    title, account, _, account_id = _risk(work, risk_id)
    wanted = _columns(work, fields)
    _check_cta(work, wanted.get("cta_id"), account_id, account)
    seen = None if expected is None else _columns(work, expected)
    return editing.change(work, "risk", risk_id, f"risk \u201c{title}\u201d", wanted, seen)


@act("close_risk")
def close_risk(work: Work, risk_id: int, resolution: str) -> RiskDone:
    """Closes a risk with what became of it: mended, gone, or come true. Raises NotFound, Refused."""
    title, account, closed, _ = _risk(work, risk_id)
    text = editing.lines(resolution)
    if closed is not None:
        raise Refused("closed", f"The risk \u201c{title}\u201d is closed already.")
    if text is None:
        raise Refused("empty", "Say what became of the risk.")
    work.update("risk", risk_id, {"closed_on": work.today, "resolution": text})
    work.say(f"Closed the risk \u201c{title}\u201d of {account}: {text.splitlines()[0]}")
    return RiskDone(risk_id, account, False, said=work.act.what)


@act("reopen_risk")
def reopen_risk(work: Work, risk_id: int) -> RiskDone:
    """Opens a closed risk again. Raises NotFound, Refused."""
    title, account, closed, _ = _risk(work, risk_id)
    if closed is None:
        raise Refused("open", f"The risk \u201c{title}\u201d is open.")
    work.update("risk", risk_id, {"closed_on": None, "resolution": None})
    work.say(f"Opened the risk \u201c{title}\u201d of {account} again")
    return RiskDone(risk_id, account, True, said=work.act.what)


def severity(value: Any) -> str:
    """A severity as it is stored. Raises Refused with the nearest."""
    try:
        return Severity(str(value).strip().lower()).value
    except ValueError:
        near = did_you_mean(str(value), list(Severity))
        raise Refused("severity", f"A severity is {', '.join(Severity)}, not {str(value)!r}.{near}") from None


def _risk(work: Work, risk_id: int) -> tuple[str, str, Any, int]:
    row = work.db.one(
        "SELECT r.title, a.name, r.closed_on, r.account_id FROM risk r JOIN account a ON a.id = r.account_id WHERE r.id = :id",
        id=risk_id,
    )
    if row is None:
        raise NotFound(f"There is no risk {risk_id}.")
    return row[0], row[1], row[2], row[3]


def _check_cta(work: Work, cta: int | None, account_id: int, account: str) -> None:
    if cta is not None and work.db.scalar("SELECT account_id FROM cta WHERE id = :id", id=cta) != account_id:
        raise Refused("cta", f"CTA {cta} is not one of {account}.")


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A risk", fields, EDITABLE)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "kind":
            columns[name] = (editing.line(value, "A risk's kind", required=True) or "").lower()[:_KIND_LENGTH]
        elif name == "severity":
            columns[name] = severity(value)
        elif name == "csm":
            columns["csm_id"] = lookup.active_csm(work.db, str(value))[0] if value else None
        elif name == "cta":
            columns["cta_id"] = lookup.cta_ids(work.db, [str(value)])[0] if value else None
        elif name == "due":
            columns[name] = editing.day(work, value)
        elif name == "note":
            columns[name] = editing.lines(value)
        else:
            columns[name] = editing.line(value, f"A risk's {name}", required=name == "title")
    return columns
