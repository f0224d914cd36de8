"""Who was met when, by whom, for which account: an index of attendance. It follows from rows, so it is not journaled.

Triggers keep it in step on both stores, whoever writes: acts, undo, imports, merges, copies, an earlier day. Per person,
account and one of us the last meeting is then one step down an index, however long the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from db.connection import Db, Dialect
from db.query.network_sql import ANYBODY, took_place

COLUMNS = "person_id, csm_id, account_id, at, activity_id"
_FROM = "FROM attendee t JOIN activity v ON v.id = t.activity_id JOIN activity_type y ON y.id = v.type_id"
_WHO = (
    f"{ANYBODY} AS csm_id, v.account_id, v.at, v.id AS activity_id {_FROM}",
    f"v.author_id, v.account_id, v.at, v.id {_FROM} AND v.author_id IS NOT NULL",
    f"u.csm_id, v.account_id, v.at, v.id {_FROM}"
    " JOIN attendee u ON u.activity_id = v.id AND u.attended = TRUE AND u.csm_id IS NOT NULL",
)
"""By anybody, by who logged it, by each of us who was there."""
_HERS = "t.activity_id = {0}.activity_id AND ({0}.csm_id IS NOT NULL OR t.person_id = {0}.person_id)"
_LEFT = "DELETE FROM met WHERE activity_id = OLD.activity_id AND (person_id = OLD.person_id OR csm_id = OLD.csm_id)"
_CAME = "attended, activity_id, person_id, csm_id"
_TOLD = "account_id, type_id, author_id, at, state, internal, superseded"


def told(which: str = "TRUE") -> str:
    """The rows that attendance makes, for attendees ``t`` of activities ``v`` that a condition picks."""
    where = f"WHERE t.person_id IS NOT NULL AND {took_place('v', 'y', 't')} AND {which}"
    return " UNION ".join(f"SELECT t.person_id, {who} {where}" for who in _WHO)


def _put(which: str) -> str:
    return f"INSERT INTO met ({COLUMNS}) {told(which)} ON CONFLICT DO NOTHING"


_EVENTS = {
    ("attendee", "INSERT"): (_put(_HERS.format("NEW")),),
    ("attendee", "DELETE"): (_LEFT, _put(_HERS.format("OLD"))),
    ("attendee", f"UPDATE OF {_CAME}"): (_LEFT, _put(_HERS.format("OLD")), _put(_HERS.format("NEW"))),
    ("activity", f"UPDATE OF {_TOLD}"): ("DELETE FROM met WHERE activity_id = NEW.id", _put("t.activity_id = NEW.id")),
    ("activity_type", "UPDATE OF is_meeting"): (
        "DELETE FROM met WHERE activity_id IN (SELECT v.id FROM activity v WHERE v.type_id = NEW.id)", _put("v.type_id = NEW.id"),
    ),
}  # fmt: skip
"""What is done after what happened to a row."""
_IN_TURN = (
    "PERFORM 1 FROM activity v JOIN activity_type y ON y.id = v.type_id WHERE v.id = {}.activity_id"
    " FOR NO KEY UPDATE OF v FOR SHARE OF y; "
)
"""Two who add to one meeting at the same time would not see each other's rows; who calls a type no meeting, neither."""


def make(run: Callable[[str], Any], dialect: Dialect) -> None:
    """Fills the table from what is there and has it kept from now on, in the caller's transaction."""
    run(f"INSERT INTO met ({COLUMNS}) {told()}")
    for statement in _triggers(dialect):
        run(statement)


def refill(db: Db) -> None:
    """Fills it anew, after rows came in an order in which they did not refer to each other."""
    db.run("DELETE FROM met")
    db.run(f"INSERT INTO met ({COLUMNS}) {told()}")


def _triggers(dialect: Dialect) -> Iterator[str]:
    for (table, event), statements in _EVENTS.items():
        word = event.split()[0].lower()
        body = "; ".join(statements)
        if dialect == "sqlite":
            yield f"CREATE TRIGGER met_{table}_{word} AFTER {event} ON {table} BEGIN {body}; END"
            continue
        first = _IN_TURN.format("OLD" if word == "delete" else "NEW") if table == "attendee" else ""
        yield (
            f"CREATE FUNCTION note_met_{table}_{word}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $$ BEGIN {first}{body}; RETURN NULL; END $$"
        )
        yield f"CREATE TRIGGER met_{word} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION note_met_{table}_{word}()"
