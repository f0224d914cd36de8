"""A team's store on PostgreSQL: setting up who may see and do what, and letting people in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cockpit.services.errors import NotFound, Refused
from cockpit.services.setup import new_store, os_login
from db import postgres
from db.connection import Db
from db.errors import StoreMissing
from db.store import Store, is_server


@dataclass(frozen=True, slots=True)
class Arranged:
    """What was done to the server, a sentence each, and what is left to do."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    said: str = ""


def init_postgres(url: str, login: str | None = None, *, now: datetime | None = None) -> Arranged:
    """Makes the roles, hands them the tables and forces row-level security; makes the store when there is none.

    To be run by a superuser or by the login that made the store and may make roles. Doing it again does no harm.
    Raises Refused for a file, StoreError.
    """
    store, made = _store_for(url, login, now)
    try:
        with store.write() as db:
            done = [*made, *postgres.set_up(db)]
        with store.read() as db:
            waiting = _without_login(db)
            user = str(db.scalar("SELECT session_user"))
    finally:
        store.close()
    left = [f"cockpit db admit {name}" for name in waiting]
    if not waiting:
        left = ["cockpit csm new LOGIN --pool POOL, then cockpit db admit LOGIN, for each who works here"]
    words = [*done, f"Next, as {user}: {'; '.join(left[:5])}{' …' if len(left) > 5 else ''}."]
    return Arranged(tuple(done), tuple(left), "\n".join(words))


def admit_login(url: str, login: str, password: str | None = None) -> Arranged:
    """Gives somebody the store knows a login on the server. Raises Refused for a file, NotFound, StoreError."""
    _check_server(url)
    store = Store.open(url)
    try:
        with store.write() as db:
            if not postgres.owns(db):
                raise Refused("rights", "Only who runs the store lets people in: connect as its owner.")
            if not postgres.is_protected(db):
                raise Refused("rights", "Row-level security is not in force here yet. Run: cockpit db init-postgres.")
            if db.scalar("SELECT 1 FROM csm WHERE login = :login AND active", login=login) is None:
                raise NotFound(f"The store knows nobody called {login!r}. First: cockpit csm new {login} --pool POOL.")
            done = postgres.admit(db, login, password)
    finally:
        store.close()
    left = () if password else (f"If the server asks for passwords: \\password {login} in psql sets one.",)
    return Arranged(tuple(done), left, "\n".join((*done, *left)))


def _store_for(url: str, login: str | None, now: datetime | None) -> tuple[Store, list[str]]:
    _check_server(url)
    try:
        return Store.open(url), []
    except StoreMissing:
        who = login or os_login()
        made = new_store(url, who, now=now or datetime.now(UTC))
        return made, [f"Made the store; {who} is its first ops (--as LOGIN names another)."]


def _check_server(url: str) -> None:
    if not is_server(url):
        raise Refused("server", f"{url} is a file: whoever may write it may do everything. Roles of a server are for postgresql://…")


def _without_login(db: Db) -> list[str]:
    sql = (
        "SELECT c.login FROM csm c WHERE c.active AND NOT EXISTS"
        " (SELECT 1 FROM pg_roles r WHERE r.rolname = c.login AND pg_has_role(r.oid, 'cockpit_app', 'MEMBER')) ORDER BY 1"
    )
    return [row[0] for row in db.all(sql)]
