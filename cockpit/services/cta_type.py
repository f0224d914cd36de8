"""The types and reasons CTAs have: those that ship, and a team's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.cta import read_required
from cockpit.domain.say import plural
from cockpit.services import editing
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.editing import Edited, Made
from cockpit.services.errors import Refused
from cockpit.services.lane import follow, of_reason
from cockpit.services.lookup import named
from db.connection import Db
from db.terms import Lane

TYPE_FIELDS = ("name", "label", "required_at_close", "minutes", "active")
REASON_FIELDS = ("name", "lane", "skill", "active")
_MOST_MINUTES = 10_000


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of CTA. ``required`` are the fields a close needs, ``minutes`` what one takes (None = not said)."""

    id: int
    name: str
    label: str
    required_at_close: str | None
    minutes: int | None
    active: bool
    open_ctas: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason of CTAs: the lane they go to and the skill they need unless they say so themselves."""

    id: int
    name: str
    lane: str | None
    skill: str | None
    active: bool
    open_ctas: int


def cta_types(desk: Desk) -> tuple[TypeRow, ...]:
    """Every type, those that are off too."""
    with desk.store.read() as db:
        return tuple(db.rows(
            TypeRow,
            "SELECT t.id, t.name, t.label, t.required_at_close, t.minutes, t.active,"
            " (SELECT count(*) FROM cta c WHERE c.type_id = t.id AND c.status = 'open') AS open_ctas FROM cta_type t ORDER BY t.id",
        ))  # fmt: skip


def reasons(desk: Desk) -> tuple[ReasonRow, ...]:
    """Every reason, by name."""
    with desk.store.read() as db:
        return tuple(db.rows(
            ReasonRow,
            "SELECT r.id, r.name, r.lane, r.skill, r.active,"
            " (SELECT count(*) FROM cta c WHERE c.reason_id = r.id AND c.status = 'open') AS open_ctas FROM reason r ORDER BY r.name",
        ))  # fmt: skip


@act("new_cta_type", by=LEADERS)
def new_type(
    work: Work, name: str, label: str = "", required: str | None = None, minutes: int | str | None = None
) -> Made:
    """Makes a type of CTA. Raises Refused (name taken, a field nobody knows)."""
    columns = _type_columns({"name": name, "label": label or name, "required_at_close": required, "minutes": minutes})
    _check_free(work, "cta_type", columns["name"])
    made = work.insert("cta_type", columns)
    work.say(f"Made CTA type {columns['name']}")
    return Made(made, columns["name"], said=work.act.what)


@act("edit_cta_type", by=LEADERS)
def edit_type(work: Work, name: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes fields (TYPE_FIELDS) of a type; ``active`` off takes it out of the lists. Raises NotFound, Refused, Conflict."""
    editing.check_fields("A CTA type", fields, TYPE_FIELDS)
    id_ = named(work.db, "cta_type", name)
    columns = _type_columns(fields)
    if "name" in columns:
        _check_free(work, "cta_type", columns["name"], but=id_)
    if columns.get("active") is False:
        _check_another_stays(work, id_)
    seen = None if expected is None else _type_columns(expected)
    return editing.change(work, "cta_type", id_, f"CTA type {name}", columns, seen)


@act("edit_reason", by=LEADERS)
def edit_reason(work: Work, name: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes fields (REASON_FIELDS) of a reason; open CTAs that have its lane and skill follow.

    Raises NotFound, Refused, Conflict.
    """
    editing.check_fields("A reason", fields, REASON_FIELDS)
    id_ = named(work.db, "reason", name)
    columns = _reason_columns(fields)
    if "name" in columns:
        _check_free(work, "reason", columns["name"], but=id_)
    seen = None if expected is None else _reason_columns(expected)
    before = of_reason(work, id_)
    edited = editing.change(work, "reason", id_, f"reason {name}", columns, seen)
    moved = follow(work, id_, *before)
    if not moved:
        return edited
    work.say(f"{edited.said}, {plural(moved, 'open CTA')} too")
    return replace(edited, said=work.act.what)


def active_type(db: Db, name: str) -> int:
    """The id of a type that is on. Raises NotFound, Refused."""
    id_ = named(db, "cta_type", name)
    if not db.scalar("SELECT active FROM cta_type WHERE id = :id", id=id_):
        raise Refused("off", f"CTA type {name} is off: `cta type edit {name} --on` brings it back.")
    return id_


def _type_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "name":
            columns[name] = editing.line(value, "The name", required=True)
        elif name == "label":
            columns[name] = (editing.line(value, "The label", required=True) or "").upper()[:4]
        elif name == "required_at_close":
            columns[name] = _required(value)
        elif name == "minutes":
            columns[name] = _minutes(value)
        else:
            columns[name] = bool(value)
    return columns


def _reason_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "name":
            columns[name] = editing.line(value, "The name", required=True)
        elif name == "lane":
            columns[name] = _lane(value)
        elif name == "skill":
            columns[name] = editing.line(value, "The skill")
        else:
            columns[name] = bool(value)
    return columns


def _required(value: Any) -> str | None:
    text = clean_line("" if value is None else str(value))
    try:
        return ", ".join(read_required(None if text.casefold() == "none" else text)) or None
    except ValueError as error:
        raise Refused("field", str(error)) from error


def _minutes(value: Any) -> int | None:
    if value is None or str(value).strip().casefold() in ("", "none"):
        return None
    text = str(value).strip()
    if not text.isdigit() or not 1 <= int(text) <= _MOST_MINUTES:
        raise Refused("minutes", f"Minutes are a whole number from 1 to {_MOST_MINUTES:,}, or none; not {text!r}.")
    return int(text)


def _lane(value: Any) -> Lane | None:
    if value is None or str(value).strip().casefold() in ("", "none"):
        return None
    try:
        return Lane(str(value).strip().casefold())
    except ValueError as error:
        raise Refused("lane", f"There is no lane {value!r}: tactical, strategic or none.") from error


def _check_free(work: Work, table: str, name: str, but: int | None = None) -> None:
    found = work.db.scalar(f"SELECT id FROM {table} WHERE lower(name) = lower(:name)", name=name)
    if found is not None and found != but:
        raise Refused("exists", f"There is a {'CTA type' if table == 'cta_type' else table} {name} already.")


def _check_another_stays(work: Work, id_: int) -> None:
    if not work.db.scalar("SELECT count(*) FROM cta_type WHERE active = TRUE AND id <> :id", id=id_):
        raise Refused("last", "It is the last type that is on: CTAs need one.")
