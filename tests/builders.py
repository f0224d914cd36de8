"""The cast and the things of the tests, each made with one call and journaled like any other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from cockpit.desk import SYSTEM, Desk
from cockpit.services import scoring
from cockpit.services.act import Work, act
from cockpit.services.session import who_is
from cockpit.services.setup import furnish
from db.store import Store, is_server
from db.terms import Face, Role
from tests import postgres

CAST = {
    "ana": ("Ana Ruiz", Role.CSM, "West"),
    "ben": ("Ben Okafor", Role.CSM, "West"),
    "chi": ("Chi Tanaka", Role.CSM, "West"),
    "dee": ("Dee Lind", Role.JUNIOR, "West"),
    "eve": ("Eve Moreau", Role.CSM, "East"),
    "mo": ("Mo Haddad", Role.MANAGER, "West"),
    "oz": ("Oz Kaya", Role.OPS, "West"),
    "ria": ("Ria Novak", Role.READ_ONLY, "West"),
}
"""Login: name, role, pool. Both pools keep UTC and know no holidays; nobody works the third, `default`."""
_number = count(1)
_OWNERS: dict[str, Store] = {}
"""By the URL of a login's store: the same as its owner has it, who builds what tests need."""


def new_store(url: str) -> Store:
    """A migrated store marked as a test's, which may be written at a set clock."""
    return Store.create(url, kind="test")


def admit_cast(url: str, at: datetime) -> None:
    """What every store ships with, pools West and East, and everybody in CAST."""
    store = Store.open(url)
    desk = Desk(store, SYSTEM, lambda: at, Face.SYSTEM, clock_is_set=True)
    furnish(desk, None)
    _admit(desk)
    store.close()


@act("test_cast")
def _admit(w: Work) -> None:
    pools = {name: w.insert("pool", {"name": name}) for name in ("West", "East")}
    people = w.insert_many("csm", [{"login": at, "name": name, "role": role} for at, (name, role, _) in CAST.items()])
    w.insert_many(
        "pool_member",
        [{"pool_id": pools[pool], "csm_id": id_} for id_, (_, _, pool) in zip(people, CAST.values(), strict=True)],
    )
    w.say("Admitted the cast")


def desk_of(store: Store, login: str, at: datetime | Callable[[], datetime], face: Face = Face.CLI) -> Desk:
    """The desk of somebody of the cast (or anybody admitted) with a clock that stands, or one of yours."""
    if postgres.AS_APP and is_server(store.url) and login in CAST:
        owners, store = store, Store.open(postgres.as_login(store.url, login))
        _OWNERS[store.url] = owners
    with store.read() as db:
        me = who_is(db, store, login)
    return Desk(store, me, at if callable(at) else lambda: at, face, clock_is_set=True)


def row(store: Store, table: str, id_: int) -> dict[str, Any]:
    """The stored row, column by column, as the driver gives it."""
    with store.read() as db:
        cursor = db.raw.execute(f"SELECT * FROM {table} WHERE id = {int(id_)}")
        found = cursor.fetchone()
        assert found is not None, f"there is no {table} {id_}"
        return dict(zip((column[0] for column in cursor.description), found, strict=True))


def snapshot(store: Store, but: tuple[str, ...] = ("act", "change")) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the journal: what an undo has to bring back. Chain columns are left out."""
    from db.models import metadata

    found: dict[str, list[tuple[Any, ...]]] = {}
    with store.read() as db:
        for table in metadata.sorted_tables:
            if table.name not in but:
                columns = ", ".join(c.name for c in table.columns if c.name not in ("rev", "head"))
                found[table.name] = sorted(db.all(f"SELECT {columns} FROM {table.name}"), key=repr)
    return found


def make(desk: Desk, table: str, values: Mapping[str, Any]) -> int:
    """Inserts one journaled row; returns its id. A CTA gets its place in the queue unless it has a ``rank``."""
    return _make(dataclasses.replace(desk, store=_OWNERS.get(desk.store.url, desk.store)), table, values)


@act("test_build")
def _make(w: Work, table: str, values: Mapping[str, Any]) -> int:
    w.say(f"Built a {table}")
    id_ = w.insert(table, values)
    if table == "cta" and "rank" not in values:
        scoring.rescore(w, [id_])
    return id_


def change(desk: Desk, table: str, id_: int, values: Mapping[str, Any]) -> None:
    """Changes one row, journaled."""
    _change(dataclasses.replace(desk, store=_OWNERS.get(desk.store.url, desk.store)), table, id_, values)


@act("test_change")
def _change(w: Work, table: str, id_: int, values: Mapping[str, Any]) -> None:
    w.say(f"Changed a {table}")
    w.update(table, id_, values)


def the(desk: Desk, table: str, name: str, column: str = "name") -> int:
    """The id of the row of that name; raises when there is none."""
    with desk.store.read() as db:
        found = db.scalar(f"SELECT id FROM {table} WHERE {column} = :name", name=name)
    assert found is not None, f"there is no {table} {name!r}"
    return int(found)


def csm(desk: Desk, login: str, *, name: str | None = None, role: Role = Role.CSM, pool: str | None = "West") -> int:
    """A CSM, in a pool."""
    id_ = make(desk, "csm", {"login": login, "name": name or login.capitalize(), "role": role})
    if pool:
        make(desk, "pool_member", {"pool_id": the(desk, "pool", pool), "csm_id": id_})
    return id_


def pool(desk: Desk, name: str, **fields: Any) -> int:
    """A pool."""
    return make(desk, "pool", {"name": name, **fields})


def segment(desk: Desk, name: str) -> int:
    """A segment."""
    return make(desk, "segment", {"name": name})


def account(
    desk: Desk, name: str | None = None, *, pool: str | None = "West", owner: str | None = None, **fields: Any
) -> int:
    """A customer of $12,000 a year with health 70, unless said otherwise."""
    return make(
        desk,
        "account",
        {
            "name": name or f"Account {next(_number)}",
            "pool_id": the(desk, "pool", pool) if pool else None,
            "owner_id": the(desk, "csm", owner, "login") if owner else None,
            "arr": 1_200_000,
            "currency": "USD",
            "health": 70,
            **fields,
        },
    )


def person(desk: Desk, account_id: int, name: str | None = None, *, email: str | None = None, **membership: Any) -> int:
    """A contact who belongs to the account."""
    name = name or f"Person {next(_number)}"
    id_ = make(desk, "person", {"name": name, "email": email or f"{name.lower().replace(' ', '.')}@example.com"})
    make(desk, "membership", {"person_id": id_, "account_id": account_id, **membership})
    return id_


def cta_type(desk: Desk, name: str = "risk") -> int:
    """The CTA type of that name, made when there is none."""
    return _find_or_make(desk, "cta_type", {"name": name, "label": name[:4].upper()})


def reason(desk: Desk, name: str = "Usage drop") -> int:
    """The reason of that name, made when there is none."""
    return _find_or_make(desk, "reason", {"name": name})


def cta(
    desk: Desk,
    account_id: int,
    *,
    type: str = "risk",
    because: str = "Usage drop",
    owner: str | None = None,
    pool: str | None = "West",
    **fields: Any,
) -> int:
    """An open CTA of the pool, unassigned unless it has an owner."""
    held = (
        {"owner_id": the(desk, "csm", owner, "login"), "claimed_at": desk.now(), "touched_at": desk.now()}
        if owner
        else {}
    )
    return make(
        desk,
        "cta",
        {
            "account_id": account_id,
            "pool_id": the(desk, "pool", pool) if pool else None,
            "type_id": cta_type(desk, type),
            "reason_id": reason(desk, because),
            "title": because,
            "opened_at": desk.now(),
            **held,
            **fields,
        },
    )


def ctas(desk: Desk, n: int, **fields: Any) -> list[int]:
    """That many CTAs, each of an account of its own."""
    return [cta(desk, account(desk), **fields) for _ in range(n)]


def utc(text: str) -> datetime:
    """``2026-11-23T09:00`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _find_or_make(desk: Desk, table: str, values: Mapping[str, Any]) -> int:
    with desk.store.read() as db:
        found = db.scalar(f"SELECT id FROM {table} WHERE name = :name", name=values["name"])
    return int(found) if found is not None else make(desk, table, values)


def known_rows(store: Store, name: str) -> int:
    """How many rows a server's planner thinks a table has; -1 when it has never looked."""
    with store.read() as db:
        return int(db.scalar("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)", name=name))
