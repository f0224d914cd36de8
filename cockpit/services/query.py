"""The query language as use-cases and faces use it: compiled for the reader's day, explained, completed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from db.connection import Db
from db.query import Completion as Completion  # the faces know these from here
from db.query import QueryError as QueryError
from db.query import compile_query, complete, field_help, value_sql
from db.query.binder import Rare as Rare
from db.query.compile import texts as texts

ENTITIES = ("cta", "account", "person", "activity")


def compiled(
    desk: Desk, db: Db, text: str, entity: str, *, order: str = "", rare: Rare | None = None, account: int | None = None
) -> tuple[str, dict[str, Any]]:
    """(SQL condition, parameters) of a query over ``entity``'s host SELECT; ("TRUE", {}) when it is empty.

    ``order`` is the column a page is walked along, so that the plan keeps its index; with ``account``
    the rows are its entries. Raises QueryError.
    """
    if not text.strip():
        return "TRUE", {}
    region = db.scalar("SELECT calendar FROM pool WHERE id = :id", id=desk.me.pools[0]) if desk.me.pools else None
    calendar = calendar_for(desk.me.time_zone, region)
    where = compile_query(
        text, entity, today=desk.today(), now=desk.now(), me_id=desk.me.id, dialect=db.dialect,
        zone=ZoneInfo(desk.me.time_zone), business_day=calendar.add_business_days, walk=bool(order), order=order, rare=rare,
        account=account,
    )  # fmt: skip
    return f"({where.sql})", dict(where.params)


def check(desk: Desk, text: str, entity: str) -> None:
    """Raises QueryError unless the query can be understood."""
    with desk.store.read() as db:
        compiled(desk, db, text, entity)


def completions(desk: Desk, text: str, cursor: int, entity: str) -> list[Completion]:
    """What could stand at the cursor: fields, or values the store knows."""

    def values(source: str) -> list[str]:
        with desk.store.read() as db:
            return [str(row[0]) for row in db.all(value_sql(source), limit=200)]

    return complete(text, cursor, entity, values)


def query_fields(entity: str) -> list[dict[str, Any]]:
    """Every field one can ask about, with what it means and examples. Raises Refused for an unknown entity."""
    if entity not in ENTITIES:
        raise Refused("entity", f"One asks about {', '.join(ENTITIES)}, not {entity!r}.")
    return [
        {"name": one.name, "type": one.kind, "meaning": one.meaning, "example": " · ".join(one.examples),
         "values": [value for value, _ in one.values], "aliases": list(one.aliases)}
        for one in field_help(entity)
    ]  # fmt: skip
