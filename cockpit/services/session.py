"""Sitting down: from settings, environment and flags to a desk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime

from cockpit import config
from cockpit.desk import Clock, Desk, Me
from cockpit.services.errors import Forbidden
from cockpit.services.setup import fitted_out, new_store, os_login
from db.connection import Db
from db.errors import StoreMissing
from db.postgres import owns
from db.store import Store, is_server
from db.terms import Face, Role


class ClockError(ValueError):
    """COCKPIT_NOW is no moment."""


def open_desk(
    url: str | None = None,
    login: str | None = None,
    *,
    face: Face = Face.CLI,
    read_only: bool = False,
    as_of: date | None = None,
    once: str | None = None,
    create: bool = False,
    env: Mapping[str, str] = os.environ,
) -> Desk:
    """The desk for these flags, over the environment, over the config file.

    ``create`` makes a missing store (import and demo do). Raises StoreError, Forbidden for a login that the
    store does not know, ConfigError, ClockError.
    """
    settings = config.load(env=env, flags={"db": url, "login": login})
    where = settings.db or str(config.default_store())
    clock, is_set = read_clock(env)
    store = _open(where, settings.login or None, read_only, create and not read_only and as_of is None, clock)
    with store.read() as db:
        me = who_is(db, store, settings.login or None)
    desk = Desk(store, me, clock, face, once=once, read_only=read_only, as_of=as_of, clock_is_set=is_set)
    if as_of is not None:
        from cockpit.services.as_of import as_known

        desk.store = as_known(store, desk.now())
    return desk


def _open(where: str, login: str | None, read_only: bool, create: bool, clock: Clock) -> Store:
    try:
        store = Store.open(where, read_only=read_only)
    except StoreMissing:
        if not create:
            raise
        return new_store(where, login, now=clock())
    return fitted_out(store, login, now=clock()) if create else store


def read_clock(env: Mapping[str, str]) -> tuple[Clock, bool]:
    """The clock, and whether COCKPIT_NOW set it; a moment without a zone is UTC."""
    text = env.get("COCKPIT_NOW")
    if not text:
        return lambda: datetime.now(UTC), False
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ClockError(f"COCKPIT_NOW is {text!r}: not an ISO moment such as 2026-11-23T09:00:00Z.") from error
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda: fixed, True


def _named_by_server(db: Db, login: str | None) -> str:
    """The login that connected; another only for who may act as the owner of the tables."""
    user = str(db.scalar("SELECT session_user"))
    if owns(db):
        known = login is None and db.scalar("SELECT 1 FROM csm WHERE login = :login", login=user)
        return user if known else login or os_login()
    if login not in (None, user):
        raise Forbidden(f"The server knows you as {user}: --as {login} is not for you. Connect as {login}, or leave it out.")
    return user


def who_is(db: Db, store: Store, login: str | None) -> Me:
    """Who acts: on SQLite whom the flag or the system names, on PostgreSQL whom the database says.

    Raises Forbidden for somebody the store does not know or who is off.
    """
    name = _named_by_server(db, login) if is_server(store.url) else login or os_login()
    row = db.one("SELECT id, login, name, role, active FROM csm WHERE login = :login", login=name)
    if row is None:
        known = ", ".join(r[0] for r in db.all("SELECT login FROM csm WHERE active ORDER BY login LIMIT 6"))
        raise Forbidden(
            f"This store knows nobody called {name!r}. Say who you are with --as LOGIN; it knows: {known or 'nobody yet'}."
        )
    if not row[4]:
        raise Forbidden(f"{row[2]} ({row[1]}) is no longer active here.")
    pools = db.all(
        "SELECT p.id, p.time_zone FROM pool_member m JOIN pool p ON p.id = m.pool_id WHERE m.csm_id = :id AND p.active ORDER BY p.id",
        id=row[0],
    )
    zone = pools[0][1] if pools else db.scalar("SELECT time_zone FROM pool ORDER BY id LIMIT 1") or "UTC"
    return Me(row[0], row[1], row[2], Role(row[3]), zone, tuple(p[0] for p in pools))
