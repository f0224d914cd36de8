"""Capacity in hours: what everybody has to do in a week, from her accounts' weights and her open CTAs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cockpit.desk import Desk
from cockpit.domain.capacity import CTA_MINUTES, Load, hours, minutes_a_week, share
from cockpit.services import lookup
from cockpit.services.away import away_now
from db.connection import Db
from db.reads import capacity as reads
from db.reads import team


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """Somebody's week in hours. ``booked``: her accounts (and her share of her pods'); ``open``: her open CTAs.

    ``free`` = hours a week − booked − open; None when nobody said how many hours she works. ``unweighed`` counts
    accounts whose segment has no weight: they are in ``accounts``, not in ``booked``.
    """

    id: int
    login: str
    name: str
    role: str
    pools: tuple[str, ...]
    accounts: int
    unweighed: int
    booked: float
    open_ctas: int
    open: float
    hours_week: int | None
    free: float | None
    away_until: date | None


def capacity(desk: Desk, pool: str | None = None) -> tuple[CapacityRow, ...]:
    """A row per active CSM (of one pool), the freest first, those of unknown hours last. Raises NotFound (pool)."""
    with desk.store.read() as db:
        people = reads.workers(db)
        works: dict[int, list[str]] = {}
        for csm, name in team.memberships(db):
            works.setdefault(csm, []).append(name)
        if pool is not None:
            called = str(db.scalar("SELECT name FROM pool WHERE id = :id", id=lookup.named(db, "pool", pool)))
            people = [one for one in people if called in works.get(one.id, ())]
        ids = [one.id for one in people]
        books, open_work = _books(db, ids), reads.open_work(db, ids, CTA_MINUTES)
        gone = away_now(db, desk.now())
    rows = []
    for one in people:
        count, minutes, unknown = books.get(one.id, (0, 0, 0))
        ctas, spent = open_work.get(one.id, (0, 0))
        load = Load(minutes, spent, _week(one.hours_week))
        rows.append(CapacityRow(
            id=one.id, login=one.login, name=one.name, role=one.role, pools=tuple(works.get(one.id, ())), accounts=count,
            unweighed=unknown, booked=hours(load.accounts), open_ctas=ctas, open=hours(load.ctas), hours_week=one.hours_week,
            free=None if load.free is None else hours(load.free), away_until=gone[one.id].last if one.id in gone else None,
        ))  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.free is None, -(row.free or 0), row.login)))


def loads(db: Db, hours_of: Mapping[int, int | None]) -> dict[int, Load]:
    """The week in minutes of these CSMs, of whom the hours are given."""
    ids = list(hours_of)
    books, open_work = _books(db, ids), reads.open_work(db, ids, CTA_MINUTES)
    return {
        one: Load(books.get(one, (0, 0, 0))[1], open_work.get(one, (0, 0))[1], _week(week))
        for one, week in hours_of.items()
    }


def _books(db: Db, ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """By CSM: accounts, minutes a week, accounts of unknown weight; a pod's accounts without an owner are shared."""
    owned = reads.accounts_owned(db, ids)
    found = {csm: (n, minutes_a_week(month), unknown) for csm, (n, month, unknown) in owned.items()}
    for csm, members, n, month, unknown in reads.accounts_of_pods(db):
        had = found.get(csm, (0, 0, 0))
        found[csm] = (
            had[0] + share(n, members),
            had[1] + share(minutes_a_week(month), members),
            had[2] + share(unknown, members),
        )
    return found


def _week(hours_week: int | None) -> int | None:
    return None if hours_week is None else hours_week * 60
