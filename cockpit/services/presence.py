"""Who has the screens open now. Not journaled: a row lives as long as its heart beats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cockpit.desk import Desk
from db.connection import Db
from db.errors import StoreBusy
from db.terms import Role

LIVES = timedelta(minutes=2)
"""So long after a heartbeat somebody counts as present; the screens send one each minute."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the screens open, and which."""

    login: str
    name: str
    screen: str
    seen_at: datetime
    is_me: bool


def heartbeat(desk: Desk, screen: str = "") -> bool:
    """Says that I am here, on this screen; whether it could be said.

    Off when read-only. While others hold the store one beat is left out.
    """
    if not leaves_traces(desk):
        return False
    try:
        with desk.store.write() as db:
            db.run("DELETE FROM presence WHERE seen_at < :old", old=desk.now() - LIVES)
            db.run(
                "INSERT INTO presence (csm_id, seen_at, screen) VALUES (:me, :now, :screen)"
                " ON CONFLICT (csm_id) DO UPDATE SET seen_at = excluded.seen_at, screen = excluded.screen",
                me=desk.me.id, now=desk.now(), screen=screen[:40],
            )  # fmt: skip
    except StoreBusy:
        return False
    return True


def leave(desk: Desk) -> None:
    """Says that I am gone: the screens are closed."""
    if not leaves_traces(desk):
        return
    try:
        with desk.store.write() as db:
            db.run("DELETE FROM presence WHERE csm_id = :me", me=desk.me.id)
    except StoreBusy:
        return


def present(desk: Desk) -> tuple[Present, ...]:
    """Who is here now, by name."""
    with desk.store.read() as db:
        rows = db.rows(
            _Seen,
            "SELECT o.login, o.name, n.screen, n.seen_at FROM presence n JOIN csm o ON o.id = n.csm_id"
            " WHERE n.seen_at >= :old ORDER BY o.name, o.id",
            old=desk.now() - LIVES,
        )
    return tuple(Present(row.login, row.name, row.screen, row.seen_at, row.login == desk.me.login) for row in rows)


def present_ids(db: Db, now: datetime) -> frozenset[int]:
    """The ids of the CSMs who are here: whom work is pushed to."""
    return frozenset(row[0] for row in db.all("SELECT csm_id FROM presence WHERE seen_at >= :old", old=now - LIVES))


@dataclass(frozen=True, slots=True)
class _Seen:
    login: str
    name: str
    screen: str
    seen_at: datetime


def leaves_traces(desk: Desk) -> bool:
    """Whether what I look at is noted: not when read-only, nor at a set clock in a team's store."""
    is_reader = desk.read_only or desk.as_of is not None or desk.me.id is None or desk.me.role is Role.READ_ONLY
    return not (is_reader or (desk.clock_is_set and desk.store.dialect == "postgresql" and desk.store.kind == "team"))
