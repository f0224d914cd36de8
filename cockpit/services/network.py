"""The value network of an account: how large against what its segment asks, how well met, on whom it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain import network as rules
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound
from cockpit.services.people import PersonRow, people_of
from db.connection import Db
from db.reads import network as reads


@dataclass(frozen=True, slots=True)
class Network:
    """The value network: ``coverage`` = met / size, None when nobody is in it; relationships roll up.

    ``minimum``, ``goal`` (percent) and ``window_days`` are the segment's; half the minimum while onboarding.
    """

    size: int
    minimum: int | None
    met: int
    coverage: float | None
    last_met: date | None
    last_met_days: int | None
    window_days: int
    goal: int
    state: str
    says: str
    """The state in words: ``not configured``, ``too small: 1 of 3``, ``2 of 4 met``."""


@dataclass(frozen=True, slots=True)
class Threading:
    """The single-thread index of the window; ``share`` None when there were too few meetings to say."""

    n: int
    held: int
    alone: int
    person_id: int | None
    person: str | None
    share: float | None
    is_single: bool
    says: str


@dataclass(frozen=True, slots=True)
class NetworkShown:
    """All of an account's value network. ``left`` are members who are gone: listed, not counted."""

    account_id: int
    account: str
    network: Network
    members: tuple[PersonRow, ...]
    left: tuple[PersonRow, ...]
    others: tuple[PersonRow, ...]
    thread: Threading


def network(desk: Desk, db: Db, account_id: int) -> Network:
    """The value network of an account today, from the meetings its members attended with it."""
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    asked = reads.terms(db, [account_id], today)[account_id]
    found = reads.members(db, [account_id], today, calendar.zone)
    days = [calendar.local_date(one.last) for one in found if one.last is not None]
    met = sum(day >= today - timedelta(days=asked.window) for day in days)
    last = max(days, default=None)
    state = rules.state(len(found), asked.minimum, met, asked.goal)
    return Network(
        size=len(found), minimum=asked.minimum, met=met, coverage=rules.coverage(met, len(found)), last_met=last,
        last_met_days=None if last is None else (today - last).days, window_days=asked.window, goal=asked.goal,
        state=state.value, says=rules.state_text(state, len(found), asked.minimum, met),
    )  # fmt: skip


def show_network(desk: Desk, account_id: int) -> NetworkShown:
    """The value network of one account with everybody in it and the single-thread index. Raises NotFound."""
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        name = db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
        if name is None:
            raise NotFound(f"There is no account {account_id}.")
        found = network(desk, db, account_id)
        since = calendar.start_of_day(today - timedelta(days=found.window_days))
        seats = reads.seats(db, account_id, since, calendar.start_of_day(today + timedelta(days=1)))
    people = people_of(desk, account_id)
    belong = [one for one in people if one.value_network]
    return NetworkShown(
        account_id=account_id, account=name, network=found, members=tuple(one for one in belong if not one.has_left),
        left=tuple(one for one in belong if one.has_left),
        others=tuple(one for one in people if not one.value_network), thread=threading(seats, found.window_days),
    )  # fmt: skip


def threading(seats: list[reads.Seat], window_days: int) -> Threading:
    """The single-thread index of these seats, in figures and in words."""
    one = rules.thread((seat.activity_id, seat.person_id) for seat in seats)
    name = next((seat.name for seat in seats if seat.person_id == one.person_id), None)
    if one.share is None:
        least = f"fewer than {rules.THREAD_MIN}"
        says = f"unknown: {one.n or 'no'} meeting{'' if one.n == 1 else 's'} in {window_days} days, {least}"
    else:
        says = f"{name} was at {one.held} of {one.n} meetings in {window_days} days ({one.share:.0%}), at {one.alone} alone"
    return Threading(one.n, one.held, one.alone, one.person_id, name, one.share, one.is_single, says)


__all__ = ["Network", "NetworkShown", "Threading", "network", "show_network", "threading"]
