"""Changing fields of a thing that somebody else may be changing too, and saying what was changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.domain import say
from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.money import full
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.when import WhenError, parse_when
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Conflict, NotFound, Refused
from db.columns import table
from db.connection import as_json, as_moment

NAMES = {
    "segment_id": ("segment", "name"), "owner_id": ("csm", "login"), "pool_id": ("pool", "name"),
    "pod_id": ("pod", "name"), "person_id": ("person", "name"), "product_id": ("product", "name"),
    "parent_id": ("account", "name"), "type_id": ("activity_type", "name"),
}  # fmt: skip
"""Which row a column points at, and what people call it."""
MONEY = frozenset({"arr", "mrr", "amount", "due_amount", "final_amount", "list_price"})
"""Columns in minor units of the row's currency."""
QUIET = frozenset({"health_before", "recorded", "date_only"})
"""Columns that follow from what was changed and are not said."""


@dataclass(frozen=True, slots=True)
class Made:
    """A thing of the team that was made, or joined or left, by its name."""

    id: int
    name: str
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A thing after an edit; ``changed`` names the fields that really changed."""

    id: int
    changed: tuple[str, ...]
    act: int | None = None
    said: str = ""


def check_fields(what: str, fields: Iterable[str], known: Collection[str]) -> None:
    """Raises Refused naming the first field that is not among those known, and the nearest."""
    for name in fields:
        if name not in known:
            near = did_you_mean(name, known)
            raise Refused("field", f"{what} has no field {name!r} to change.{near} There are {', '.join(known)}.")


def line(value: Any, what: str, *, required: bool = False) -> str | None:
    """A text of one line, cleaned; Refused when it is empty and must not be."""
    text = clean_line("" if value is None else str(value))
    if required and not text:
        raise Refused("empty", f"{what} must not be empty.")
    return text or None


def lines(value: Any) -> str | None:
    """A text of several lines, cleaned; None when empty."""
    return clean_text("" if value is None else str(value)) or None


def day(work: Work, value: Any, *, backward: bool = False) -> date | None:
    """A date, given as one or as people type it. Raises Refused."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(work.me.time_zone)).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    try:
        return parse_when(str(value), work.today, calendar_for(work.me.time_zone), backward=backward)
    except WhenError as error:
        raise Refused("date", str(error)) from error


def check_newest(of: str, newest: int, seen: int | None) -> None:
    """Raises Conflict unless a text's newest version is the one its editor began from (None: nobody says).

    0 is none: a text that was given a name of its own takes nothing from anybody.
    """
    if seen is not None and newest not in (0, seen):
        raise Conflict(f"There is version {newest} of {of} by now; you changed version {seen}.")


def change(
    work: Work, thing: str, id_: int, of: str, wanted: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Writes columns of one thing and says so; ``of`` is what people call it.

    Raises NotFound, and Conflict when a column holds neither what the editor saw (``expected``) nor what she wants.
    """
    kind = table(thing)
    found = work.current(kind, [id_]).get(id_)
    if found is None:
        raise NotFound(f"{of} is gone: somebody deleted it meanwhile.")
    row = found[3]
    clashes = []
    for column, value in wanted.items():
        if expected is not None and column in expected and row[column] not in (
            kind.plain(column, expected[column]), kind.plain(column, value),
        ):  # fmt: skip
            clashes.append(_clash(work, thing, id_, column, row, expected[column], value))
    if clashes:
        raise Conflict(f"{of}: {' '.join(clashes)} Nothing was saved.")
    changed = work.update(thing, id_, wanted)
    told = {column: pair for column, pair in changed.items() if column not in QUIET}
    said = f"Changed {_changes(work, told, row)} of {of}" if told else f"{of} was so already"
    if told:
        work.say(said)
    return Edited(id_, tuple(sorted(_plain_name(column) for column in told)), said=said)


def _changes(work: Work, changed: Mapping[str, list[Any]], row: Mapping[str, Any]) -> str:
    names = sorted(changed, key=_plain_name)
    if len(names) > 2:
        return say.listed([_plain_name(name) for name in names])
    parts = []
    for name in names:
        old, new = (shown(work, name, value, row) for value in changed[name])
        short = "\n" not in old + new and len(old + new) <= 60
        parts.append(f"{_plain_name(name)} {old} → {new}" if short else _plain_name(name))
    return say.listed(parts)


def _clash(work: Work, thing: str, id_: int, column: str, row: Mapping[str, Any], saw: Any, wants: Any) -> str:
    now, seen, wished = (shown(work, column, value, row) for value in (row[column], saw, wants))
    who = _who_changed(work, thing, id_, column)
    return f"{_plain_name(column)} is {now} by now{who}; you saw {seen} and want {wished}."


def _who_changed(work: Work, thing: str, id_: int, column: str) -> str:
    rows = work.db.all(
        "SELECT coalesce(o.name, t.actor), t.at, x.fields FROM change x JOIN act t ON t.id = x.act_id"
        " LEFT JOIN csm o ON o.id = t.actor_id WHERE x.thing = :thing AND x.thing_id = :id ORDER BY x.seq DESC LIMIT :most",
        thing=thing, id=id_, most=50,
    )  # fmt: skip
    for name, moment, fields in rows:
        when = as_moment(moment)
        if when is not None and column in (as_json(fields) or {}):
            return f" ({name}, {say.at(when, work.now, ZoneInfo(work.me.time_zone))})"
    return ""


def shown(work: Work, column: str, value: Any, row: Mapping[str, Any]) -> str:
    """A column's value in a sentence."""
    if value is None or value == "":
        return "nothing"
    if column in NAMES:
        name_of, by = NAMES[column]
        return str(work.db.scalar(f"SELECT {by} FROM {name_of} WHERE id = :id", id=value) or value)
    if column == "arr_from":
        from cockpit.services.scoring import weights

        return full(int(value), weights(work.db).currency)
    if column in MONEY:
        return full(int(value), row.get("currency") or "USD")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == "at" or column.endswith("_at"):
        value = as_moment(value)
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(work.me.time_zone)).strftime("%Y-%m-%d %H:%M")
    return str(value)


def _plain_name(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")
