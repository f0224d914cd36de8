"""The value network of an account: how large against what its segment asks, how well met, on whom it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain import meetings
from cockpit.domain import network as rules
from cockpit.domain.calendar import Calendar
from cockpit.services.calendars import calendar_for
from cockpit.services.lookup import account_name
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
    """The single-thread index of the window: the share of the meetings at which one person was alone for the customer.

    ``share`` is None when there were too few meetings to say. ``usage`` says why it is about meetings alone.
    """

    n: int
    held: int
    alone: int
    person_id: int | None
    person: str | None
    share: float | None
    is_single: bool
    says: str
    usage: str = "unknown: usage is recorded by account, not by person"


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting of the window and who of the customer was there."""

    activity_id: int
    day: date
    people: tuple[str, ...]


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
    meetings: tuple[Held, ...] = ()
    """What the single-thread index counts, the latest first."""
    since: date | None = None
    """First day of the window."""

    @property
    def people(self) -> tuple[PersonRow, ...]:
        """Everybody of the account, in the order of ``people_of``."""
        there = tuple(one for one in self.others if not one.has_left)
        return (*self.members, *there, *self.left, *(one for one in self.others if one.has_left))


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
        name = account_name(db, account_id)
        found = network(desk, db, account_id)
        since = calendar.start_of_day(today - timedelta(days=found.window_days))
        seats = reads.seats(db, account_id, since, calendar.start_of_day(today + timedelta(days=1)))
    people = people_of(desk, account_id)
    belong = [one for one in people if one.value_network]
    return NetworkShown(
        account_id=account_id, account=name, network=found, members=tuple(one for one in belong if not one.has_left),
        left=tuple(one for one in belong if one.has_left),
        others=tuple(one for one in people if not one.value_network), thread=threading(seats, found.window_days),
        meetings=_held(seats, calendar), since=today - timedelta(days=found.window_days),
    )  # fmt: skip


def _held(seats: list[reads.Seat], calendar: Calendar) -> tuple[Held, ...]:
    there: dict[int, list[reads.Seat]] = {}
    for seat in seats:
        there.setdefault(seat.activity_id, []).append(seat)
    return tuple(Held(id_, calendar.local_date(of[0].at), tuple(one.name for one in of)) for id_, of in there.items())


def threading(seats: list[reads.Seat], window_days: int) -> Threading:
    """The single-thread index of these seats, in figures and in words."""
    one = rules.thread((seat.activity_id, seat.person_id) for seat in seats)
    name = next((seat.name for seat in seats if seat.person_id == one.person_id), None)
    if one.share is None:
        least = f"fewer than {rules.THREAD_MIN}"
        says = f"unknown: {one.n or 'no'} meeting{'' if one.n == 1 else 's'} in {window_days} days, {least}"
    else:
        says = f"{name} alone at {one.alone} of {one.n} meetings in {window_days} days ({one.share:.0%}), there at {one.held}"
        if not one.alone:
            says = f"nobody: at each of {one.n} meetings in {window_days} days were several"
    return Threading(one.n, one.held, one.alone, one.person_id, name, one.share, one.is_single, says)


TOGETHER_DAYS = 365
"""People who were in one meeting within so many days can be in one again."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to be met."""

    id: int
    name: str
    role: str | None
    language: str | None
    account: str
    last_met_days: int | None


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """One meeting to hold, and why these people."""

    people: tuple[Invited, ...]
    together: bool
    why: str


@dataclass(frozen=True, slots=True)
class NextMeetings:
    """The fewest meetings that bring coverage to the goal, and how sure that is."""

    account_id: int
    account: str
    network: Network
    needed: int
    meetings: tuple[NextMeeting, ...]
    fewest: int
    is_exact: bool
    bound: float
    says: str
    assumes: str
    missing: int
    """How many members the minimum asks for beside those there are."""


ASSUMES = (
    f"Who was in one meeting in the last {TOGETHER_DAYS} days can be in one again; else one meeting holds up to {meetings.MOST}"
    " people of one relationship who speak one language."
)


def next_meetings(desk: Desk, account_id: int) -> NextMeetings:
    """Whom to meet next: the fewest meetings that reach the segment's coverage goal. Raises NotFound."""
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        name = account_name(db, account_id)
        now = network(desk, db, account_id)
        first = today - timedelta(days=now.window_days)
        lasts = {one.person_id: one.last for one in reads.members(db, [account_id], today, calendar.zone)}
        days = {id_: None if last is None else calendar.local_date(last) for id_, last in lasts.items()}
        waiting = reads.unmet(db, account_id, [id_ for id_, day in days.items() if day is None or day < first])
        since = calendar.start_of_day(today - timedelta(days=TOGETHER_DAYS))
        seats = reads.seats(db, account_id, since, calendar.start_of_day(today + timedelta(days=1)))
    together: dict[int, set[int]] = {}
    for seat in seats:
        together.setdefault(seat.activity_id, set()).add(seat.person_id)
    known = {one.person_id: one for one in waiting}
    need = meetings.needed(now.size, now.met, now.goal)
    members = [meetings.Member(id_, (one.account_id, one.language or ""), _first(one, days[id_])) for id_, one in known.items()]
    found = meetings.plan(members, together.values(), need)

    def invited(id_: int) -> Invited:
        one, day = known[id_], days[id_]
        ago = None if day is None else (today - day).days
        return Invited(id_, one.name, one.network_role, one.language, one.account, ago)

    return NextMeetings(
        account_id=account_id, account=name, network=now, needed=found.needed,
        meetings=tuple(_meeting([invited(id_) for id_ in one.people], one.together) for one in found.meetings),
        fewest=found.fewest, is_exact=found.is_exact, bound=found.bound,
        says=found.says if now.size else "Nobody is in the value network: say first who belongs to it.",
        assumes=ASSUMES, missing=max(0, (now.minimum or 0) - now.size),
    )  # fmt: skip


def _first(one: reads.Unmet, last: date | None) -> int:
    """Whom to see first when a plan leaves the choice: drivers, generators, whoever was never met."""
    return {"driver": 4, "generator": 2}.get(one.network_role or "", 0) + (last is None)


def _meeting(people: list[Invited], together: bool) -> NextMeeting:
    if len(people) == 1:
        return NextMeeting(tuple(people), together, "on her own")
    if together:
        return NextMeeting(tuple(people), together, "were in one meeting before")
    spoken = f", {people[0].language}" if people[0].language else ""
    return NextMeeting(tuple(people), together, f"all of {people[0].account}{spoken}")


__all__ = [
    "Held", "Invited", "Network", "NetworkShown", "NextMeeting", "NextMeetings", "Threading", "network", "next_meetings",
    "show_network", "threading",
]  # fmt: skip
