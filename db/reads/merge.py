"""What belongs to an account or a person that goes into another, and what was merged before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.columns import tables
from db.connection import Db
from db.reads.journal import references

KEYS: dict[tuple[str, str], str] = {
    ("membership", "account_id"): "person_id",
    ("membership", "person_id"): "account_id",
    ("attendee", "person_id"): "activity_id",
    ("cta_person", "person_id"): "cta_id",
    ("transition_account", "account_id"): "transition_id",
}
"""Tables in which both may stand beside the same thing: two rows would say one thing twice. By what they stand beside."""
NUMBERED: dict[tuple[str, str], str] = {("brief", "account_id"): "transition_id"}
"""Tables whose versions are counted: those of the one follow those of the other."""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One merge."""

    id: int
    thing: str
    kept_id: int
    gone_id: int
    gone_name: str
    at: datetime
    by: str | None
    kept_name: str | None


def columns_to(db: Db, thing: str) -> list[tuple[str, str]]:
    """(table, column) of everything that refers to accounts, or to people."""
    return [(one.table, one.column) for one in references(db) if one.target == thing and one.table in tables()]


def held_by(db: Db, table: str, column: str, id_: int) -> list[int]:
    """The rows of a table that refer to it."""
    return [row[0] for row in db.all(f"SELECT id FROM {table} WHERE {column} = :id ORDER BY id", id=id_)]


def doubled(db: Db, table: str, column: str, beside: str, kept: int, gone: int) -> list[tuple[int, int]]:
    """(row of the kept one, row of the gone one) that stand beside the same thing."""
    rows = db.all(
        f"SELECT k.id, g.id FROM {table} g JOIN {table} k ON k.{beside} = g.{beside} AND k.{column} = :kept"
        f" WHERE g.{column} = :gone ORDER BY g.id, k.id",
        kept=kept, gone=gone,
    )  # fmt: skip
    once: dict[int, int] = {}
    for mine, theirs in rows:
        once.setdefault(theirs, mine)
    return [(mine, theirs) for theirs, mine in once.items()]


def next_versions(db: Db, table: str, column: str, within: str, kept: int, gone: int) -> dict[int, int]:
    """For the gone one's rows the versions that follow those of the kept one."""
    last = dict(db.all(f"SELECT {within}, max(version) FROM {table} WHERE {column} = :id GROUP BY {within}", id=kept))
    rows = db.all(f"SELECT id, {within}, version FROM {table} WHERE {column} = :id", id=gone)
    return {id_: version + last[of] for id_, of, version in rows if of in last}


def keys_of(db: Db, thing: str, id_: int) -> list[int]:
    """The rows that hold its ids in other systems."""
    return [row[0] for row in db.all("SELECT id FROM external_id WHERE thing = :thing AND thing_id = :id", thing=thing, id=id_)]


def merges(db: Db, thing: str, kept_id: int | None = None) -> list[MergeRow]:
    """What was merged, the latest first; into one of them if it is named."""
    params: dict[str, Any] = {"thing": thing} | ({} if kept_id is None else {"kept": kept_id})
    return db.rows(
        MergeRow,
        "SELECT m.id, m.thing, m.kept_id, m.gone_id, m.gone_name, m.at, o.login AS by, n.name AS kept_name FROM merge m"
        f" LEFT JOIN csm o ON o.id = m.by_id LEFT JOIN {'account' if thing == 'account' else 'person'} n ON n.id = m.kept_id"
        f" WHERE m.thing = :thing{'' if kept_id is None else ' AND m.kept_id = :kept'} ORDER BY m.id DESC",
        **params,
    )


def made_by(db: Db, merge_id: int) -> int | None:
    """The act that merged."""
    found = db.scalar(
        "SELECT act_id FROM change WHERE thing = 'merge' AND thing_id = :id AND kind = 'create' ORDER BY id DESC LIMIT 1",
        id=merge_id,
    )
    return None if found is None else int(found)


def gone_into(db: Db, thing: str, id_: int) -> dict[int, str]:
    """Everything that was merged into it, however often over: id → name."""
    rows = db.all("SELECT kept_id, gone_id, gone_name FROM merge WHERE thing = :thing", thing=thing)
    below: dict[int, list[tuple[int, str]]] = {}
    for kept, gone, name in rows:
        below.setdefault(kept, []).append((gone, name))
    found: dict[int, str] = {}
    todo = [id_]
    while todo:
        for gone, name in below.get(todo.pop(), ()):
            if gone not in found and gone != id_:
                found[gone] = name
                todo.append(gone)
    return found


def kept_for(db: Db, thing: str, text: str) -> set[int]:
    """What goes on for things that were called so, or had this number, before they were merged."""
    number = int(text) if text.isdigit() and len(text) < 19 else 0
    rows = db.all(
        "SELECT kept_id FROM merge WHERE thing = :thing AND (gone_id = :id OR lower(gone_name) = lower(:name))",
        thing=thing, id=number, name=text,
    )  # fmt: skip
    found: set[int] = set()
    for (kept,) in rows:
        while (up := db.scalar("SELECT kept_id FROM merge WHERE thing = :thing AND gone_id = :id", thing=thing, id=kept)) is not None:
            kept = up
        found.add(int(kept))
    return found


def accounts_known(db: Db) -> Iterable[tuple[int, str, str | None, int | None]]:
    """(id, name, domain, parent) of every account."""
    return db.all("SELECT id, name, domain, parent_id FROM account ORDER BY id")


def people_known(db: Db) -> Iterable[tuple[int, str, str | None, int]]:
    """(id, name, e-mail, top account) of everybody who belongs somewhere."""
    return db.all(
        "SELECT n.id, n.name, n.email, coalesce(a.parent_id, a.id) FROM person n JOIN membership m ON m.person_id = n.id"
        " JOIN account a ON a.id = m.account_id ORDER BY n.id"
    )
