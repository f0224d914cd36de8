"""Flow figures: what came and went, how old the open is, how long it waited, what is about to return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain.flow import days, hours, span
from cockpit.domain.nearest import did_you_mean
from cockpit.services import lookup
from cockpit.services.errors import Refused
from cockpit.services.lease import LeaseRow, leases
from db.reads import flow as reads
from db.reads.flow import By

BY = ("pool", "lane", "csm", "all")
PERIOD = 28
"""Days, today included, when nobody says which."""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One pool, lane or CSM. Percentiles by nearest rank: always a value that occurs, no interpolation.

    ``inflow``: CTAs that came (or came back by a reopen) in the period; by CSM those she took. ``outflow``: closed in
    it. ``open``, ``unassigned`` and ``snoozed`` are of now, and so is ``age``: now less when it came, of all open ones,
    in days. ``wait``: from coming to the first claim, of those first claimed in the period, in hours; ``waited`` counts
    them. None: there is nothing to take it of.
    """

    group: str | None
    inflow: int
    outflow: int
    open: int
    unassigned: int
    snoozed: int
    age_p50: float | None
    age_p95: float | None
    wait_p50: float | None
    wait_p95: float | None
    waited: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The figures of a period, both days included, and the claims whose lease ends next."""

    first: date
    last: date
    by: str
    rows: tuple[FlowRow, ...]
    total: FlowRow
    returning: tuple[LeaseRow, ...]


def flow(
    desk: Desk, by: str = "pool", first: date | None = None, last: date | None = None, pool: str | None = None, within: int = 1
) -> Flow:
    """The flow of a period (the last PERIOD days), by BY, of one pool or all. ``within``: business days to a return.

    Raises Refused (by, days), NotFound (pool).
    """
    if by not in BY:
        raise Refused("by", f"Flow is by {', '.join(BY)}, not {by!r}.{did_you_mean(by, BY)}")
    to = last or desk.today()
    since = first or to - timedelta(days=PERIOD - 1)
    if to < since:
        raise Refused("days", f"{to} is before {since}.")
    rows = _rows(desk, cast("By", by), since, to, pool)
    total = rows[0] if by == "all" and rows else next(iter(_rows(desk, "all", since, to, pool)), _EMPTY)
    return Flow(since, to, by, tuple(rows), total, leases(desk, within, pool=pool))


_EMPTY = FlowRow("all", 0, 0, 0, 0, 0, None, None, None, None, 0)


def _rows(desk: Desk, by: By, first: date, last: date, pool: str | None) -> list[FlowRow]:
    start, end = span(first, last, ZoneInfo(desk.me.time_zone))
    with desk.store.read() as db:
        pool_id = lookup.named(db, "pool", pool) if pool else None
        came, went = reads.opened(db, by, start, end, pool_id), reads.closed(db, by, start, end, pool_id)
        held = reads.counts(db, by, "c.status = 'open'", pool_id)
        free = reads.counts(db, by, "c.status = 'open' AND c.owner_id IS NULL AND c.snoozed_at IS NULL", pool_id)
        asleep = reads.counts(db, by, "c.status = 'open' AND c.snoozed_at IS NOT NULL", pool_id)
        ages, waits = reads.ages(db, by, desk.now(), pool_id), reads.waits(db, by, start, end, pool_id)
    rows = []
    for group in sorted({*came, *went, *held, *waits}, key=lambda name: (name is None, name or "")):
        if by == "csm" and group is None:
            continue
        age = ages.get(group, (None, None))
        wait, waited = waits.get(group, ((None, None), 0))
        rows.append(FlowRow(
            group, came.get(group, 0), went.get(group, 0), held.get(group, 0), free.get(group, 0), asleep.get(group, 0),
            days(age[0]), days(age[1]), hours(wait[0]), hours(wait[1]), waited,
        ))  # fmt: skip
    return rows
