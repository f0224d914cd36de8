"""What was done: acts, the history of each thing, and one thing as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.nearest import did_you_mean
from cockpit.services.errors import Ambiguous, NotFound
from cockpit.services.readable import Readable, called
from cockpit.services.undo import Conflict, Undone, redo, undo
from db.columns import table
from db.connection import Db
from db.reads import journal as reads
from db.reads.journal import ChangeRow
from db.reads.merge import gone_into
from db.terms import ChangeKind


@dataclass(frozen=True, slots=True)
class ActDone:
    """One act as lists show it."""

    act: int
    by: str
    at: datetime
    what: str
    undone: bool
    undoes: int | None
    verb: str
    face: str
    changes: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one thing, from what to what; ``field`` is None where the whole thing was made or removed.

    ``kind`` is create, update, delete, or erased or archived when the values are not known here any more.
    """

    at: datetime
    by: str
    act: int
    kind: str
    field: str | None
    old: str | None
    new: str | None
    of: str | None = None
    """The name it had then, when it happened to one that was merged into this."""


def acts(
    desk: Desk, by: str | None = None, since: datetime | None = None, limit: int | None = 50, before: int | None = None
) -> tuple[ActDone, ...]:
    """Acts, the latest first, of everybody or of one login; ``before`` is the id of the last act seen."""
    with desk.store.read() as db:
        rows = reads.acts(db, by=by, since=since, before=before, limit=limit)
        undone = reads.undone_among(db, [row.id for row in rows])
    return tuple(
        ActDone(
            row.id, row.actor, row.at, row.what or row.verb, row.id in undone, row.undoes, row.verb, row.face, row.changes
        )
        for row in rows
    )


def words_of(desk: Desk, act_ids: Iterable[int]) -> dict[int, tuple[str, bool]]:
    """What was said of each of these acts, and whether it is undone."""
    ids = sorted(set(act_ids))
    with desk.store.read() as db:
        undone = reads.undone_among(db, ids)
        found = {id_: reads.act(db, id_) for id_ in ids}
    return {id_: (row.what or row.verb, id_ in undone) for id_, row in found.items() if row is not None}


def history(desk: Desk, thing: str, thing_id: int) -> tuple[FieldChange, ...]:
    """What happened to one thing, field by field, the earliest first, and to what was merged into it. Raises NotFound."""
    with desk.store.read() as db:
        rows = reads.changes_of_thing(db, thing, thing_id)
        merged = gone_into(db, thing, thing_id) if thing in ("account", "person") else {}
        for gone in merged:
            rows += reads.changes_of_thing(db, thing, gone)
        rows.sort(key=lambda row: (row.act_id, row.thing_id != thing_id, row.thing_id, row.seq))
        if not rows:
            raise NotFound(f"There is no {called(thing, thing_id)}.")
        told = [(row, column, old, new) for row in rows for column, old, new in _told(row)]
        readable = Readable(
            db, [(thing, row.thing_id, column, value) for row, column, *both in told for value in both if column]
        )
    return tuple(
        FieldChange(
            row.at, row.actor, row.act_id, _kind(row),
            readable.field(thing, column), readable.value(thing, row.thing_id, column, old),
            readable.value(thing, row.thing_id, column, new),
            merged.get(row.thing_id),
        )
        for row, column, old, new in told
    )  # fmt: skip


def _kind(row: ChangeRow) -> str:
    return row.kind if row.fields is not None else "archived" if row.archived else "erased"


def _told(row: ChangeRow) -> list[tuple[str | None, Any, Any]]:
    """(column, old, new) of each change; one row for the making or the removal of the whole."""
    if row.fields is None or row.kind != ChangeKind.UPDATE:
        return [(None, None, None)]
    return [(column, old, new) for column, (old, new) in row.fields.items()]


def as_it_was(desk: Desk, thing: str, thing_id: int, at: datetime) -> dict[str, Any] | None:
    """The fields of one thing as they were at a moment (columns, values as the journal spells them).

    None when it did not exist then. Raises NotFound when it never did. What an erasure blanked is left out.
    """
    with desk.store.read() as db:
        rows = reads.changes_of_thing(db, thing, thing_id)
    if not rows:
        raise NotFound(f"There is no {called(thing, thing_id)}.")
    return replayed([row for row in rows if row.at <= at], thing)


def replayed(rows: list[ChangeRow], thing: str) -> dict[str, Any] | None:
    """The fields of a thing after these changes of it, in order; None when it does not exist after them."""
    state: dict[str, Any] | None = None
    derived = table(thing).derived
    for row in rows:
        if row.kind == ChangeKind.DELETE:
            state = None
        elif row.kind == ChangeKind.CREATE:
            state = {column: value for column, value in (row.fields or {}).items() if column not in derived}
        elif state is not None:
            state |= {column: new for column, (_, new) in (row.fields or {}).items()}
    return state


def find_thing(desk: Desk, text: str) -> tuple[str, int]:
    """``cta:17``, ``account:Acme Robotics``, ``csm:ana`` or ``17`` (a CTA) as (thing, id). Raises NotFound, Ambiguous."""
    kind, colon, name = text.strip().partition(":")
    thing, name = (kind.strip().casefold().replace(" ", "_"), name.strip()) if colon else ("cta", kind)
    if thing not in reads.kinds():
        raise NotFound(f"There is no kind of thing called {thing!r}.{did_you_mean(thing, reads.kinds())}")
    with desk.store.read() as db:
        return thing, _id_of(db, thing, name)


def _id_of(db: Db, thing: str, name: str) -> int:
    if name.isdecimal() and len(name) < 19 and reads.is_known(db, thing, int(name)):
        return int(name)
    ids = reads.ids_called(db, thing, name)
    if not ids:
        raise NotFound(f"There is no {thing.replace('_', ' ')} {name!r}: name it as {thing}:ID or {thing}:NAME.")
    if len(ids) > 1:
        candidates = [f"{thing}:{id_}" for id_ in ids]
        raise Ambiguous(f"Several things are called {name!r}: {', '.join(candidates)}. Say which.", candidates)
    return ids[0]


__all__ = [
    "ActDone", "Conflict", "FieldChange", "Undone", "acts", "as_it_was", "find_thing", "history", "redo", "replayed", "undo",
]  # fmt: skip
