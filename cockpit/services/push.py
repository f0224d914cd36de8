"""Push: a pool hands out its queue, in turn or to whoever has the least, to those who are here and have room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.capacity import CTA_MINUTES, scaled
from cockpit.domain.queue import room
from cockpit.domain.routing import Given, Item, Kept, Seat, deal, held_words, lane_of, skills_of
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.away import away_now, words
from cockpit.services.calendars import calendar_for
from cockpit.services.capacity import loads
from cockpit.services.errors import Refused
from cockpit.services.start import start_playbooks
from db import hot
from db.connection import Db
from db.reads import capacity as reads
from db.reads.capacity import SeatRow, Waiting
from db.store import TAKING
from db.terms import Lane, Push, Role

MOST = 500
"""CTAs handed out in one act."""
_LOOKED_AT = 2_000
"""Of a queue, when some of its first are nobody's to take."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Who got one CTA and why she."""

    id: int
    account: str
    owner: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A CTA that stays in the queue and why."""

    id: int
    account: str
    why: str


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What one round handed out and what not. ``absent``: a sentence for each who got nothing because she is away."""

    pool: str
    given: tuple[Handed, ...] = ()
    held: tuple[HeldBack, ...] = ()
    absent: tuple[str, ...] = ()
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Pool:
    id: int
    name: str
    time_zone: str
    calendar: str | None
    max_open: int | None
    max_per_day: int | None
    push: str | None


@dataclass(frozen=True, slots=True)
class _Plan:
    pool: _Pool
    seats: dict[int, SeatRow]
    waiting: dict[int, Waiting]
    given: list[Given]
    kept: list[Kept]
    absent: tuple[str, ...]


def hand_out(desk: Desk, pool: str, n: int | None = None, *, dry_run: bool = False) -> HandedOut:
    """Hands out a pool's queue (``n`` CTAs of it), best first, in one act; with ``dry_run`` says what it would do.

    As the pool's ``push`` says, in turn when it says nothing. Raises NotFound (pool), Forbidden.
    """
    if not dry_run:
        return _hand_out(desk, pool, n)
    with desk.store.read() as db:
        plan = _plan(db, _pool(db, lookup.named(db, "pool", pool)), desk.now(), n)
    return _told(plan, plan.given, "Would hand out")


def due(desk: Desk, db: Db) -> list[str]:
    """The pools that push, have something to hand out and somebody to take it, on a business day of theirs."""
    rows = db.all("SELECT id FROM pool WHERE push IS NOT NULL AND active = TRUE ORDER BY id")
    found = []
    for pool in (_pool(db, row[0]) for row in rows):
        calendar = calendar_for(pool.time_zone, pool.calendar)
        if calendar.is_business_day(calendar.local_date(desk.now())) and _plan(db, pool, desk.now(), None).given:
            found.append(pool.name)
    return found


@act("push")
def _hand_out(work: Work, pool: str, n: int | None = None) -> HandedOut:
    if n is not None and n < 1:
        raise Refused("n", "Hand out one CTA or more.")
    id_ = lookup.named(work.db, "pool", pool)
    if work.db.dialect == "postgresql":  # what is being taken is kept first and counts; a second runner finds the queue as we left it
        members = "SELECT CAST(csm_id AS integer) AS csm FROM pool_member WHERE pool_id = :id ORDER BY csm_id"
        work.db.all(f"SELECT pg_advisory_xact_lock(:lock, csm) FROM ({members}) AS of", id=id_, lock=TAKING)
    plan = _plan(work.db, _pool(work.db, id_), work.now, n)
    got = [one for one in plan.given if hot.take(work, one.item, one.seat)]
    _remember_turns(work, plan, got)
    start_playbooks(work, [one.item for one in got])
    done = _told(plan, got, "Handed out")
    if got:
        work.say(done.said)
    return done


def _pool(db: Db, id_: int) -> _Pool:
    return db.rows(_Pool, "SELECT id, name, time_zone, calendar, max_open, max_per_day, push FROM pool WHERE id = :id", id=id_)[0]


def _plan(db: Db, pool: _Pool, now: datetime, n: int | None) -> _Plan:
    rows = {row.csm_id: row for row in reads.seats(db, pool.id)}
    gone = away_now(db, now)
    absent = tuple(words(gone[id_], now) for id_ in rows if id_ in gone)
    here = {id_: row for id_, row in rows.items() if id_ not in gone}
    seats = _seats(db, pool, here, now)
    most = min(n or MOST, MOST)
    rooms = [seat.room for seat in seats]
    if seats and None not in rooms and not any(rooms):
        queue = reads.waiting(db, pool.id, 1)
    else:
        queue = reads.waiting(db, pool.id, max(_LOOKED_AT, most))
    had = reads.had_last(db, [one.id for one in queue if one.was_held])
    items = [_item(one, had.get(one.id)) for one in queue]
    given, kept = deal(items, seats, Push(pool.push or Push.ROUND_ROBIN), most)
    return _Plan(pool, here, {one.id: one for one in queue}, given, kept, absent)


def _seats(db: Db, pool: _Pool, rows: dict[int, SeatRow], now: datetime) -> list[Seat]:
    """Those who are here, by whose turn it is: who never was handed anything comes first."""
    ids = list(rows)
    if not ids:
        return []
    today = now.astimezone(ZoneInfo(pool.time_zone)).date()
    midnight = datetime.combine(today, datetime.min.time(), ZoneInfo(pool.time_zone))
    held, pods = reads.held(db, ids, midnight), reads.pods_of(db, ids)
    is_weighed = pool.push == Push.LEAST_LOADED or any(row.hours_week is not None for row in rows.values())
    work = loads(db, {id_: row.hours_week for id_, row in rows.items()}) if is_weighed else {}
    limits = reads.segment_limits(db)
    of_segment = reads.held_by_segment(db, ids, midnight) if limits else {}
    turns = sorted(rows.values(), key=lambda row: (row.pushed_at is not None, row.pushed_at or now, row.csm_id))
    seats = []
    for turn, row in enumerate(turns):
        percent, load = row.limit_percent, work.get(row.csm_id)
        opened, taken = held[row.csm_id]
        segment_room = {
            id_: left for id_, (most, daily) in limits.items()
            if (left := _room(of_segment.get((row.csm_id, id_), (0, 0)), most, daily, percent)) is not None
        }  # fmt: skip
        seats.append(Seat(
            row.csm_id, row.name, turn, _room((opened, taken), pool.max_open, pool.max_per_day, percent), segment_room,
            Lane(row.lane) if row.lane else None, row.role == Role.JUNIOR, skills_of(row.skills),
            frozenset(pods.get(row.csm_id, ())), load.total if load else 0, load.free if load else None,
        ))  # fmt: skip
    return seats


def _room(held: tuple[int, int], most: int | None, daily: int | None, percent: int) -> int | None:
    return room(held[0], scaled(most, percent), held[1], scaled(daily, percent))


def _item(one: Waiting, had: int | None) -> Item:
    minutes = CTA_MINUTES if one.minutes is None else one.minutes
    lane = lane_of(one.lane, None, one.reason)
    return Item(one.id, lane, one.skill, one.pod_id, one.segment_id, minutes, one.engaged, had)


def _remember_turns(work: Work, plan: _Plan, got: list[Given]) -> None:
    """The moment each was last handed something, a microsecond apart in the order of the round."""
    known = [row.pushed_at for row in plan.seats.values() if row.pushed_at is not None]
    at = max([work.now, *(moment + timedelta(microseconds=1) for moment in known)])
    last = {one.seat: at + timedelta(microseconds=n) for n, one in enumerate(got)}
    work.update_many("pool_member", {plan.seats[csm].member_id: {"pushed_at": moment} for csm, moment in last.items()})


def _told(plan: _Plan, got: list[Given], what: str) -> HandedOut:
    given = tuple(
        Handed(one.item, plan.waiting[one.item].account, plan.seats[one.seat].login, plan.seats[one.seat].name, one.why)
        for one in got
    )
    held = tuple(HeldBack(one.item, plan.waiting[one.item].account, one.why) for one in plan.kept)
    parts = [f"{what} {say.plural(len(given), 'CTA')} in pool {plan.pool.name}"] if given else []
    counts: dict[str, int] = {}
    for one in given:
        counts[one.name] = counts.get(one.name, 0) + 1
    if counts:
        parts[0] += ": " + ", ".join(f"{name} {count}" for name, count in counts.items())
    if not given:
        parts.append(f"Nothing to hand out in pool {plan.pool.name}")
    parts += [f"held back {words_}" for words_ in held_words(plan.kept)]
    return HandedOut(plan.pool.name, given, held, plan.absent, said=" · ".join(parts))
