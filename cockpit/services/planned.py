"""Meetings that are planned: which are to come, which should have been by now, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.attendance import reseat, seats_of
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from cockpit.services.timeline import after_entry, entry_of, place_of
from db.reads import promise as reads
from db.terms import EntryState


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned meeting; ``asks``: its time has passed, did it happen?"""

    id: int
    account_id: int
    account: str
    type: str
    subject: str
    at: datetime
    day: date
    asks: bool
    internal: bool
    by: str | None
    by_name: str | None
    says: str
    uid: str
    rev: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A planned meeting that was held or called off. ``touched``: CTAs of mine whose lease it renewed."""

    id: int
    state: str
    touched: tuple[int, ...] = ()
    intervention: int | None = None
    act: int | None = None
    said: str = ""


def planned(desk: Desk, mine: bool = True, account: int | str | None = None) -> tuple[Planned, ...]:
    """Planned meetings, the earliest first: mine, or everybody's. Raises NotFound, Ambiguous."""
    where: list[str] = []
    params: dict[str, object] = {}
    with desk.store.read() as db:
        if mine:
            where.append(reads.MINE)
            params["me"] = desk.me.id or 0
        if account is not None:
            where.append("v.account_id = :account")
            params["account"] = lookup.find_account(db, account)
        rows = reads.meetings(db, " AND ".join(where) or "TRUE", params)
    return tuple(_planned(desk, row) for row in rows)


@act("settle")
def settle(
    work: Work, activity_id: int, happened: bool = True, attended: Sequence[str | int] | None = None, body: str | None = None
) -> Settled:
    """Says what became of a planned meeting: held with these (all who were invited, unless said), or called off.

    Held, it counts as any other entry: leases, interventions, last met. Raises NotFound, Ambiguous, Refused.
    """
    entry = entry_of(work.db, activity_id)
    if entry.state != EntryState.PLANNED:
        raise Refused("state", f"“{entry.subject}” is not planned: it is {entry.state}.")
    place = place_of(work, entry.account_id)
    calendar = calendar_for(place.zone)
    if happened and (calendar.local_date(entry.at) > calendar.local_date(work.now)):
        raise Refused("early", f"“{entry.subject}” is {say.distance(calendar.local_date(entry.at), work.today)}: it cannot have happened.")
    values: dict[str, object] = {"state": EntryState.DONE if happened else EntryState.CANCELLED}
    note = editing.lines(body)
    if note:
        values["body"] = "\n".join(part for part in (entry.body, note) if part)
    work.update_many("activity", {activity_id: values}, versioned=False)
    if not happened:
        work.say(f"Called off: {entry.type} “{entry.subject}” with {place.name}")
        return Settled(activity_id, EntryState.CANCELLED, said=work.act.what)
    came = None if attended is None else seats_of(work.db, place.id, attended)
    there = reseat(work, activity_id, came, keep=True)
    touched, moved, tail = after_entry(work, entry, place, there)
    with_whom = f" with {say.plural(len(there), 'attendee')}" if there else ""
    work.say(f"Held {entry.type} “{entry.subject}” at {place.name}{with_whom}{tail}")
    return Settled(activity_id, EntryState.DONE, touched, moved, said=work.act.what)


def _planned(desk: Desk, row: reads.Meeting) -> Planned:
    calendar, now = calendar_for(row.time_zone or desk.me.time_zone), desk.now()
    day = calendar.local_date(row.at)
    asks = day < calendar.local_date(now) if row.date_only else (row.ends_at or row.at) <= now
    when = say.distance(day, calendar.local_date(now))
    clock = "" if row.date_only else f" {row.at.astimezone(calendar.zone):%H:%M}"
    return Planned(
        row.id, row.account_id, row.account, row.type, row.subject, row.at, day, asks, row.internal, row.author,
        row.author_name, f"{when}{clock}: did it happen?" if asks else f"{when}{clock}", row.uid.hex(), row.rev,
    )  # fmt: skip
