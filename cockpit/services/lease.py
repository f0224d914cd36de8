"""Leases: what is about to go back to its pool, and what goes back because its owner left it alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.lease import Lease, Pause, countdown, cutoff, lease, resumed, snooze_pause
from cockpit.domain.say import plural
from cockpit.services.act import Work
from cockpit.services.away import pauses
from cockpit.services.calendars import calendar_for
from cockpit.services.lookup import named
from db.connection import Db
from db.reads import lease as reads
from db.reads.cta import CtaRow
from db.reads.lease import Held, Policy

AWAKE: dict[str, Any] = {"snoozed_at": None, "snoozed_until": None, "snooze_reason": None, "snooze_wake": None}
RETURNED: dict[str, Any] = {"owner_id": None, "claimed_at": None, "touched_at": None} | AWAKE


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """One claim with its countdown. ``left`` counts business days, today included; ``last_day`` is the owner's last."""

    id: int
    account: str
    title: str
    owner: str
    owner_name: str
    pool: str
    left: int | None
    last_day: date | None
    is_paused: bool
    is_ending: bool
    says: str


def leases(
    desk: Desk, within: int | None = 1, owner: str | None = None, pool: str | None = None
) -> tuple[LeaseRow, ...]:
    """The claims that go back within so many business days (all with None), the next to go first.

    Raises NotFound (owner, pool).
    """
    with desk.store.read() as db:
        owner_id = named(db, "csm", owner) if owner else None
        pool_id = named(db, "pool", pool) if pool else None
        clocks = _clocks(db, reads.every(db, owner_id, pool_id), desk.now())
    rows = [_row(held, state, today) for held, state, today in clocks]
    rows = [
        row for row in rows if within is None or (not row.is_paused and row.left is not None and row.left <= within)
    ]
    return tuple(sorted(rows, key=lambda row: (row.last_day or date.max, row.id)))


def marked(desk: Desk, db: Db, rows: Sequence[CtaRow]) -> tuple[CtaRow, ...]:
    """Rows of "my work" with their countdown, and why they are there when somebody else holds them."""
    states = {held.id: (state, today) for held, state, today in _clocks(db, reads.held(db, _held(rows)), desk.now())}
    others = [row.id for row in rows if row.owner != desk.me.login]
    why = reads.relations(db, desk.me.id or 0, others) if others else {}
    made = []
    for row in rows:
        via = next((name for name, ids in why.items() if row.id in ids), "")
        left, says = None, ""
        if row.id in states:
            state, today = states[row.id]
            left, says = state.left, _says(state, today)
        made.append(dataclasses.replace(row, lease_left=left, lease=says, via=via))
    return tuple(made)


def is_any_lapsed(db: Db, now: datetime) -> bool:
    """Whether a lease has ended. Looks at the rows only when one may have: most times that costs one look-up a pool."""
    return bool(lapsed(db, now))


def lapsed(db: Db, now: datetime) -> list[tuple[Held, int]]:
    """The claims whose lease has ended, each with the days it was."""
    found: list[tuple[Held, int]] = []
    for policy in reads.policies(db):
        before = _not_after(policy, now)
        if not reads.is_untouched(db, policy.id, before):
            continue
        clocks = _clocks(db, reads.untouched(db, policy.id, before), now)
        found += [(held, policy.lease_days) for held, state, _ in clocks if state.is_expired]
    return found


def return_lapsed(work: Work) -> int:
    """Gives claims whose lease has ended back to the queue, with a note, and tells their owners; returns how many."""
    found = lapsed(work.db, work.now)
    if work.hold("cta", [held.id for held, _ in found]):  # somebody may have touched one of them meanwhile
        still = {held.id for held, _ in lapsed(work.db, work.now)}
        found = [(held, days) for held, days in found if held.id in still]
    if not found:
        return 0
    from cockpit.services.comment import tell

    times = _times_returned(work.db, [held.id for held, _ in found])
    changes = {}
    for held, days in found:
        note = f"Returned: {held.owner_name} did not touch it for {plural(days, 'business day')}"
        changes[held.id] = RETURNED | {"left_note": note, "returned": times[held.id] + 1}
    work.update_many("cta", changes)
    for held, days in found:
        tell(
            work,
            held.id,
            [held.owner_id],
            f"Went back to the queue: you did not touch it for {plural(days, 'business day')}.",
        )
    return len(found)


def awake(work: Work, cta_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What ends a snooze: the lease goes on where it stood when the snooze began."""
    policies = {policy.id: policy for policy in reads.policies(work.db)}
    held = [one for one in reads.held(work.db, cta_ids) if one.snoozed_at is not None and one.pool_id in policies]
    away = pauses(work.db, [one.owner_id for one in held]) if held else {}
    changes: dict[int, dict[str, Any]] = {id_: dict(AWAKE) for id_ in cta_ids}
    for one in held:
        assert one.snoozed_at is not None
        calendar = _calendar(policies[one.pool_id])
        touched = resumed(
            one.touched_at, one.snoozed_at, calendar.local_date(work.now), calendar, away.get(one.owner_id, ())
        )
        changes[one.id]["touched_at"] = touched
    return changes


def _clocks(db: Db, held: Sequence[Held], now: datetime) -> list[tuple[Held, Lease, date]]:
    """Where the clock of each claim of a pool with a lease stands, and what day it is there."""
    policies = {policy.id: policy for policy in reads.policies(db)} if held else {}
    leased = [one for one in held if one.pool_id in policies]
    away = pauses(db, [one.owner_id for one in leased]) if leased else {}
    found = []
    for one in leased:
        policy = policies[one.pool_id]
        calendar = _calendar(policy)
        stands = list(away.get(one.owner_id, ()))
        if one.snoozed_at is not None:
            stands.append(_asleep(one.snoozed_at, one.snoozed_until, now, calendar))
        state = lease(one.touched_at, policy.lease_days, now, calendar, stands)
        if state is not None:
            found.append((one, state, calendar.local_date(now)))
    return found


def _asleep(since: datetime, until: date | None, now: datetime, calendar: Calendar) -> Pause:
    """A snooze whose day has come but which nobody has ended yet holds today too."""
    today = calendar.local_date(now)
    return snooze_pause(since, until if until is None or until > today else today + ONE_DAY, calendar)


def _not_after(policy: Policy, now: datetime) -> datetime:
    """A moment after which nothing of this pool can have ended; with holidays a later one, so as not to load them."""
    if policy.calendar is None:
        calendar = _calendar(policy)
        return cutoff(calendar.local_date(now), policy.lease_days, calendar)
    zone = _zone(policy)
    return zone.start_of_day(zone.local_date(now) - ONE_DAY * policy.lease_days)


def _times_returned(db: Db, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(ids), 500):
        params: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + 500], params)
        found |= {row[0]: row[1] for row in db.all(f"SELECT id, returned FROM cta WHERE id IN ({marks})", **params)}
    return found


def _row(held: Held, state: Lease, today: date) -> LeaseRow:
    return LeaseRow(
        held.id, held.account, held.title, held.owner, held.owner_name, held.pool, state.left, state.last_day,
        state.is_paused, state.is_ending, _says(state, today),
    )  # fmt: skip


def _says(state: Lease, today: date) -> str:
    return "returns tomorrow" if state.last_day == today and not state.is_paused else countdown(state, today)


def _held(rows: Iterable[CtaRow]) -> list[int]:
    return [row.id for row in rows if row.owner is not None and row.touched_at is not None]


def _calendar(policy: Policy) -> Calendar:
    return calendar_for(policy.time_zone, policy.calendar)


def _zone(policy: Policy) -> Calendar:
    return calendar_for(policy.time_zone)
