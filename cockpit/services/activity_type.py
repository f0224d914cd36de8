"""The types of activity: those that ship, a team's own, and what an entry of each also says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.activity import FieldError, OwnField, fields_from, read_fields
from cockpit.services import editing
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.editing import Edited, Made
from cockpit.services.errors import Refused
from cockpit.services.lookup import named
from db.connection import Db

FIELDS = ("name", "is_meeting", "fields", "active")
NEEDED = frozenset({"email", "outreach"})
"""Types that mail is logged under: they may get fields, but stay under their names."""


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A type of activity. ``entries`` is how many there are of it."""

    id: int
    name: str
    is_meeting: bool
    fields: tuple[OwnField, ...]
    active: bool
    entries: int


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    name: str
    is_meeting: bool
    fields: list[dict[str, Any]] | None
    active: bool
    entries: int


def every_type(desk: Desk) -> tuple[ActivityType, ...]:
    """Every type, those that are off too."""
    with desk.store.read() as db:
        rows = db.rows(
            _Row,
            "SELECT y.id, y.name, y.is_meeting, y.fields, y.active,"
            " (SELECT count(*) FROM activity v WHERE v.type_id = y.id AND v.superseded IS NULL) AS entries"
            " FROM activity_type y ORDER BY y.id",
        )
    return tuple(ActivityType(r.id, r.name, r.is_meeting, fields_from(r.fields), r.active, r.entries) for r in rows)


@act("new_activity_type", by=LEADERS)
def new_type(work: Work, name: str, is_meeting: bool = False, fields: Sequence[str] = ()) -> Made:
    """Makes a type of activity; being at a meeting counts as having been met. Raises Refused (name taken, a field)."""
    columns = _columns({"name": name, "is_meeting": is_meeting, "fields": fields})
    _check_free(work.db, columns["name"])
    made = work.insert("activity_type", columns)
    work.say(f"Made activity type {columns['name']}")
    return Made(made, columns["name"], said=work.act.what)


@act("edit_activity_type", by=LEADERS)
def edit_type(work: Work, name: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes a type (FIELDS); entries keep what they said. Raises NotFound, Refused, Conflict."""
    editing.check_fields("An activity type", fields, FIELDS)
    id_ = named(work.db, "activity_type", name)
    old = work.db.scalar("SELECT name FROM activity_type WHERE id = :id", id=id_)
    columns = _columns(fields)
    if old in NEEDED and (columns.get("name", old) != old or columns.get("active") is False):
        raise Refused("needed", f"Mail is logged as {old}: the type stays, under its name.")
    if "name" in columns:
        _check_free(work.db, columns["name"], but=id_)
    if columns.get("active") is False and not work.db.scalar(
        "SELECT count(*) FROM activity_type WHERE active = TRUE AND id <> :id", id=id_
    ):
        raise Refused("last", "It is the last type that is on: entries need one.")
    seen = None if expected is None else _columns(expected)
    return editing.change(work, "activity_type", id_, f"activity type {old}", columns, seen)


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "name":
            columns[name] = editing.line(value, "The name", required=True)
        elif name == "fields":
            try:
                columns[name] = [one.stored() for one in read_fields(value)] or None
            except FieldError as error:
                raise Refused("field", str(error)) from error
        else:
            columns[name] = bool(value)
    return columns


def _check_free(db: Db, name: str, but: int | None = None) -> None:
    found = db.scalar("SELECT id FROM activity_type WHERE lower(name) = lower(:name)", name=name)
    if found is not None and found != but:
        raise Refused("exists", f"There is an activity type {name} already.")
