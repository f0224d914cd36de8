"""What must be true of one undo, whatever happened since: each field reverts or is listed, and nothing else moves."""

from __future__ import annotations

from typing import Any

from cockpit.desk import Desk
from cockpit.services.history import undo
from db.connection import Db, as_json
from db.reverse import OWNED, QUIET
from db.store import Store

GONE = object()
FIELDS_WITHOUT_OWNER = {"claimed_at", "touched_at"}
Thing = tuple[str, int]


def check_taken_back(store: Store, by: Desk, act: int) -> None:
    """Undoes an act that was not undone yet and looks at what became of all it had changed."""
    with store.read() as db:
        if db.scalar("SELECT 1 FROM act WHERE undoes = :act AND id NOT IN (SELECT undoes FROM act WHERE undoes IS NOT NULL)", act=act):
            return
        changed = _changes(db, act)
        now = {thing: _as_told(db, thing) for thing in changed}
    result = undo(by, act)
    listed = {(one.thing, one.id) for one in result.conflicts}
    fields = {(one.thing, one.id, one.field) for one in result.conflicts}
    with store.read() as db:
        moved = _changes(db, result.act) if result.act is not None else {}
        after = {thing: _as_told(db, thing) for thing in changed}
    for thing, (old, new) in changed.items():
        if old is GONE or new is GONE:
            is_back = (after[thing] is GONE) == (old is GONE)
            why = (act, thing, "was made or removed, and is neither back nor listed")
            assert is_back or thing in listed or _stays_with(thing, new, listed), why
            continue
        if now[thing] is GONE:
            assert thing in listed, (act, thing, "is gone")
            continue
        for name in new:
            _check_field(act, thing, name, old[name], new[name], now[thing][name], after[thing][name], fields, after[thing])
    for thing, (_, values) in moved.items():
        assert thing in changed or OWNED.get(thing[0]), (act, thing, "was not of this act")
        if thing in changed and isinstance(values, dict) and isinstance(changed[thing][1], dict) and changed[thing][0] is not GONE:
            assert values.keys() <= changed[thing][1].keys() | FIELDS_WITHOUT_OWNER, (act, thing, values)


def _check_field(
    act: int, thing: Thing, name: str, old: Any, new: Any, now: Any, after: Any,
    listed: set[tuple[str, int, str | None]], row: dict[str, Any]
) -> None:
    is_listed = (*thing, name) in listed or (*thing, name.removesuffix("_id")) in listed or (*thing, None) in listed
    if name in FIELDS_WITHOUT_OWNER and row.get("owner_id") is None:
        assert after is None
    elif now == new:
        assert after == old or is_listed, (act, thing, name, "did not revert")
    else:
        assert after == now, (act, thing, name, "somebody else's value moved")
        assert now == old or is_listed or (thing[0], name) in QUIET, (act, thing, name, "stays, and nobody is told")


def _stays_with(thing: Thing, values: Any, listed: set[Thing]) -> bool:
    """A part stays with what it belongs to."""
    parent = OWNED.get(thing[0])
    return parent is not None and isinstance(values, dict) and (parent[0], values.get(parent[1])) in listed


def _changes(db: Db, act: int) -> dict[Thing, tuple[Any, Any]]:
    """By thing: its fields before the act and after it, GONE where it was not there."""
    found: dict[Thing, tuple[Any, Any]] = {}
    for thing, id_, kind, text in db.all("SELECT thing, thing_id, kind, fields FROM change WHERE act_id = :act ORDER BY id", act=act):
        fields = as_json(text)
        old, new = found.get((thing, id_), ({}, {}))
        if kind == "update":
            before = {name: pair[0] for name, pair in fields.items()}
            after = {name: pair[1] for name, pair in fields.items()}
            found[thing, id_] = (GONE if old is GONE else before | old, {**new, **after})
        elif kind == "create":
            found[thing, id_] = (GONE if (thing, id_) not in found else old, fields)
        else:
            found[thing, id_] = (GONE if old is GONE else fields | old, GONE)
    return found


def _as_told(db: Db, thing: Thing) -> Any:
    """A thing as its journal tells it now, which ``verify`` compares with its row."""
    row: Any = GONE
    sql = "SELECT kind, fields FROM change WHERE thing = :thing AND thing_id = :id ORDER BY seq"
    for kind, text in db.all(sql, thing=thing[0], id=thing[1]):
        fields = as_json(text)
        if kind == "create":
            row = dict(fields)
        elif kind == "delete":
            row = GONE
        else:
            row |= {name: pair[1] for name, pair in fields.items()}
    return row
