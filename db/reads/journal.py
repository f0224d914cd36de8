"""What the journal tells: acts, what they changed, what is undone, and the names of the things they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.columns import tables
from db.connection import Db, as_moment

MARKS = 900
"""Ids per IN list."""
LABELS = {
    "account": "name", "activity": "subject", "activity_type": "name", "attendee": "email", "csm": "login",
    "cta": "title", "cta_type": "name", "event": "type", "external_id": "key", "opportunity": "name", "person": "name",
    "playbook": "name", "pod": "name", "pool": "name", "product": "name", "reason": "name", "segment": "name", "setting": "key",
    "task": "title", "ticket": "subject", "view": "name",
}  # fmt: skip
"""The column by which people know a row. What is missing here is known by its id."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act."""

    id: int
    at: datetime
    actor: str
    actor_id: int | None
    face: str
    verb: str
    what: str
    undoes: int | None
    changes: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What one act did to one thing; ``fields`` is None when a person's data was erased, or ``archived``."""

    act_id: int
    at: datetime
    actor: str
    thing: str
    thing_id: int
    seq: int
    kind: str
    fields: dict[str, Any] | None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """``table.column`` refers to ``target.id``."""

    table: str
    column: str
    target: str


@dataclass(frozen=True, slots=True)
class Latest:
    """The last change of a thing: its place in the chain and whose it was."""

    seq: int
    head: bytes
    uid: bytes
    kind: str
    actor: str
    at: datetime | None


_ACT = "SELECT a.id, a.at, a.actor, a.actor_id, a.face, a.verb, a.what, a.undoes, {changes} AS changes FROM act a"
_COUNTED = {
    "sqlite": _ACT.format(changes="(SELECT count(*) FROM change c WHERE c.act_id = a.id)"),
    "postgresql": _ACT.format(changes="changes_made(a.id)"),
}
_CHANGE = (
    "SELECT c.act_id, a.at, a.actor, c.thing, c.thing_id, c.seq, c.kind, c.fields,"
    " c.fields IS NULL AND c.salt IS NOT NULL AS archived FROM change c JOIN act a ON a.id = c.act_id"
)


def act(db: Db, act_id: int) -> ActRow | None:
    """One act, or None."""
    found = db.rows(ActRow, f"{_COUNTED[db.dialect]} WHERE a.id = :id", id=act_id)
    return found[0] if found else None


def acts(
    db: Db, *, by: str | None = None, since: datetime | None = None, before: int | None = None, limit: int | None = 50
) -> list[ActRow]:
    """Acts, the latest first; all of them when there is no limit."""
    parts = ["TRUE"]
    params: dict[str, Any] = {}
    for condition, name, value in (("a.actor = :by", "by", by), ("a.at >= :since", "since", since), ("a.id < :before", "before", before)):
        if value is not None:
            parts.append(condition)
            params[name] = value
    if limit is not None:
        params["most"] = limit
    end = "" if limit is None else " LIMIT :most"
    return db.rows(ActRow, f"{_COUNTED[db.dialect]} WHERE {' AND '.join(parts)} ORDER BY a.id DESC{end}", **params)


def acts_named(db: Db, act_ids: Sequence[int]) -> list[ActRow]:
    """These acts, in order; their changes are not counted."""
    found: list[ActRow] = []
    for start in range(0, len(act_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", act_ids[start : start + MARKS], params)
        sql = f"SELECT id, at, actor, actor_id, face, verb, what, undoes, 0 AS changes FROM act WHERE id IN ({marks}) ORDER BY id"
        found += db.rows(ActRow, sql, **params)
    return found


def changes_of_acts(db: Db, act_ids: Sequence[int], most: int) -> list[ChangeRow]:
    """What these acts did, in order; no more than so many."""
    found: list[ChangeRow] = []
    for start in range(0, len(act_ids), MARKS):
        params: dict[str, Any] = {"most": most - len(found)}
        marks = db.marks("i", act_ids[start : start + MARKS], params)
        found += db.rows(ChangeRow, f"{_CHANGE} WHERE c.act_id IN ({marks}) ORDER BY c.id LIMIT :most", **params)
        if len(found) >= most:
            break
    return found


def csm_names(db: Db, ids: Iterable[int]) -> dict[int, str]:
    """The names of these CSMs."""
    wanted = sorted(set(ids))
    params: dict[str, Any] = {}
    return {row[0]: row[1] for row in db.all(f"SELECT id, name FROM csm WHERE id IN ({db.marks('i', wanted, params)})", **params)}


def undone_among(db: Db, act_ids: Iterable[int]) -> dict[int, int]:
    """Those of these acts that are undone, and by which act: one that undoes it and is not itself undone."""
    found: dict[int, int] = {}
    wanted = list(act_ids)
    for start in range(0, len(wanted), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + MARKS], params)
        by = db.all(f"SELECT id, undoes FROM act WHERE undoes IN ({marks}) ORDER BY id", **params)
        taken_back = undone_among(db, [row[0] for row in by]) if by else {}
        found |= {undoes: id_ for id_, undoes in by if id_ not in taken_back}
    return found


ORDINARY = "(undoes IS NULL OR verb = 'unmerge')"
"""Acts that are no undo and no redo; taking a merge apart is an undo of it and an act of its own."""


def last_to_undo(db: Db, actor_id: int | None) -> int | None:
    """The latest act of somebody (None: the system) that is neither an undo or redo nor undone."""
    return _last(db, actor_id, ORDINARY)


def last_to_redo(db: Db, actor_id: int | None) -> int | None:
    """The latest undo of somebody that is not redone and has no newer ordinary act of hers after it."""
    newest = db.scalar(
        f"SELECT id FROM act WHERE {_whose(actor_id)} AND {ORDINARY} ORDER BY id DESC LIMIT 1",
        **({} if actor_id is None else {"me": actor_id}),
    )
    return _last(db, actor_id, f"undoes IS NOT NULL AND verb = 'undo' AND id > {int(newest or 0)}")


def _last(db: Db, actor_id: int | None, condition: str) -> int | None:
    before = 1 << 62
    while True:
        rows = db.all(
            f"SELECT id FROM act WHERE {_whose(actor_id)} AND {condition} AND id < :before ORDER BY id DESC LIMIT 50",
            before=before, **({} if actor_id is None else {"me": actor_id}),
        )  # fmt: skip
        if not rows:
            return None
        undone = undone_among(db, [row[0] for row in rows])
        left = [row[0] for row in rows if row[0] not in undone]
        if left:
            return int(left[0])
        before = rows[-1][0]


def _whose(actor_id: int | None) -> str:
    return "actor_id IS NULL" if actor_id is None else "actor_id = :me"


def changes_of_thing(db: Db, thing: str, thing_id: int) -> list[ChangeRow]:
    """Everything that happened to one thing, in order."""
    return db.rows(
        ChangeRow, f"{_CHANGE} WHERE c.thing = :thing AND c.thing_id = :id ORDER BY c.seq", thing=thing, id=thing_id
    )


def changes_since(db: Db, thing: str, seq_by_id: dict[int, int]) -> dict[int, list[ChangeRow]]:
    """What happened to these things after that place in their chains, the latest first."""
    found: dict[int, list[ChangeRow]] = {}
    ids = list(seq_by_id)
    for start in range(0, len(ids), MARKS):
        params: dict[str, Any] = {"thing": thing}
        marks = db.marks("i", ids[start : start + MARKS], params)
        sql = f"{_CHANGE} WHERE c.thing = :thing AND c.thing_id IN ({marks}) ORDER BY c.thing_id, c.seq DESC"
        for row in db.rows(ChangeRow, sql, **params):
            if row.seq > seq_by_id[row.thing_id]:
                found.setdefault(row.thing_id, []).append(row)
    return found


def changed_by(db: Db, thing: str, seq_by_id: dict[int, int]) -> dict[int, set[str]]:
    """The verbs of the acts that changed each of these things after the change of that number; of those taken back, none."""
    params: dict[str, Any] = {"thing": thing}
    marks = db.marks("i", list(seq_by_id), params)
    rows = db.all(
        "SELECT c.thing_id, c.seq, a.verb FROM change c JOIN act a ON a.id = c.act_id WHERE c.thing = :thing"
        f" AND c.thing_id IN ({marks}) AND a.verb <> 'undo' AND NOT EXISTS (SELECT 1 FROM act u WHERE u.undoes = a.id)",
        **params,
    )
    found: dict[int, set[str]] = {}
    for id_, seq, verb in rows:
        if seq > seq_by_id[id_]:
            found.setdefault(id_, set()).add(verb)
    return found


def latest(db: Db, thing: str, ids: Sequence[int]) -> dict[int, Latest]:
    """The last change of each of these things, existing or not."""
    found: dict[int, Latest] = {}
    for start in range(0, len(ids), MARKS):
        params: dict[str, Any] = {"thing": thing}
        marks = db.marks("i", ids[start : start + MARKS], params)
        rows = db.all(
            "SELECT c.thing_id, c.seq, c.head, c.thing_uid, c.kind, a.actor, a.at FROM change c JOIN act a ON a.id = c.act_id"
            f" WHERE c.thing = :thing AND c.thing_id IN ({marks}) AND c.seq = (SELECT max(m.seq) FROM change m"
            " WHERE m.thing = c.thing AND m.thing_id = c.thing_id)",
            **params,
        )
        found |= {row[0]: Latest(row[1], bytes(row[2]), bytes(row[3]), row[4], row[5], as_moment(row[6])) for row in rows}
    return found


PASSING = frozenset({"presence"})
"""Tables whose rows come and go by themselves."""


def references(db: Db) -> tuple[Reference, ...]:
    """Every foreign key between things; a table without an id (who is present) refers to nothing that stays."""
    if db.dialect == "sqlite":
        sql = (
            "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f"
            " WHERE m.type = 'table' ORDER BY 1, 2"
        )
    else:
        sql = (
            "SELECT t.relname, a.attname, r.relname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid"
            " JOIN pg_class r ON r.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
            " WHERE k.contype = 'f' AND t.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2"
        )
    return tuple(Reference(*row) for row in db.all(sql) if row[0] not in PASSING)


def referring(db: Db, reference: Reference, ids: Sequence[int]) -> list[tuple[int, int]]:
    """(referring row's id, id referred to) for these ids; a row without an id of its own goes by whom it refers to."""
    params: dict[str, Any] = {}
    marks = db.marks("i", ids, params)
    kind = ""
    if reference.table == "external_id":
        kind = " AND thing = :target"
        params["target"] = reference.target
    key = "id" if reference.table in tables() or reference.table == "act" else reference.column
    found = db.all(
        f"SELECT {key}, {reference.column} FROM {reference.table} WHERE {reference.column} IN ({marks}){kind}", **params
    )
    return [(row[0], row[1]) for row in found]


def labels(db: Db, table: str, ids: Iterable[int]) -> dict[int, str]:
    """What people call these rows; those that are gone, or have no name, are left out."""
    wanted = sorted(set(ids))
    column = "what" if table == "act" else LABELS.get(table)
    found: dict[int, str] = {}
    for start in range(0, len(wanted) if column else 0, MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + MARKS], params)
        sql = f"SELECT id, {column} FROM {table} WHERE id IN ({marks})"
        if table == "cta":
            sql = f"SELECT c.id, a.name FROM cta c JOIN account a ON a.id = c.account_id WHERE c.id IN ({marks})"
        found |= {row[0]: row[1] for row in db.all(sql, **params) if row[1]}
    return found


def currencies(db: Db, table: str, ids: Iterable[int]) -> dict[int, str]:
    """The currency of each of these rows that has one."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + MARKS], params)
        rows = db.all(f"SELECT id, currency FROM {table} WHERE currency IS NOT NULL AND id IN ({marks})", **params)
        found |= dict(rows)
    return found


def ids_called(db: Db, table: str, name: str, most: int = 6) -> list[int]:
    """The ids of the rows that people call this, exactly or by the id another system has for them."""
    column = LABELS.get(table)
    found = []
    if column is not None and table != "external_id":
        found = db.all(f"SELECT id FROM {table} WHERE {column} = :name ORDER BY id LIMIT :most", name=name, most=most)
    return [row[0] for row in found] or [
        row[0]
        for row in db.all(
            "SELECT DISTINCT thing_id FROM external_id WHERE thing = :thing AND key = :key ORDER BY 1 LIMIT :most",
            thing=table, key=name, most=most,
        )
    ]  # fmt: skip


def is_known(db: Db, thing: str, thing_id: int) -> bool:
    """Whether the journal has ever heard of this thing."""
    found = db.scalar("SELECT 1 FROM change WHERE thing = :thing AND thing_id = :id LIMIT 1", thing=thing, id=thing_id)
    return found is not None


def kinds() -> tuple[str, ...]:
    """The kinds of things that have a history."""
    return tables()
