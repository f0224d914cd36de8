"""Meetings from a calendar file: matched to accounts by who is invited, made once however often the file comes in.

The UID (with the day of one of a series) is the entry's key. A series is followed for a while around today, not for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.domain.contact import address_of
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.attendance import Seat, replace_seats, seats_now
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from cockpit.services.set_here import set_here
from cockpit.services.timeline import after_entry, entry_of, place_of
from db.columns import table
from db.reads import incoming as reads
from db.terms import EntryState

MOST_BYTES = 5_000_000
MOST_EVENTS = 2_000
BEHIND, AHEAD = timedelta(days=92), timedelta(days=183)
"""How far around now a series is followed."""
MOST_OF_SERIES = 60
MOST_STEPS = 25_000
MOST_INVITED = 200
MOST_YEARS = 60
"""A series that began before is not followed."""
_SLOW = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
VERB = "import_meetings"


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting of the file; ``invited``: (address, whether she accepted) of each."""

    key: str
    subject: str
    body: str
    at: datetime
    ends_at: datetime | None
    date_only: bool
    invited: tuple[tuple[str, bool], ...]
    is_off: bool
    is_left_out: bool = False
    """One of a series that the calendar leaves out: nothing, unless it came in before."""


@dataclass(frozen=True, slots=True)
class MeetingsRead:
    """What a calendar file brought. ``strangers``: meetings with nobody of a customer, by subject."""

    file: str
    read: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    off: int = 0
    skipped: int = 0
    kept: int = 0
    """Meetings of which somebody here changed what the file has otherwise: that stays."""
    strangers: tuple[str, ...] = ()
    act: int | None = None
    said: str = ""


def import_meetings(desk: Desk, path: Path, account: int | str | None = None, held: bool = False) -> MeetingsRead:
    """Brings in the meetings of an .ics file, those with nobody of a customer only when ``account`` says whose they are.

    Meetings that are past ask whether they happened; with ``held`` those count as held with whoever accepted.
    Raises Refused (no such file, no calendar, too much of it), NotFound, Ambiguous.
    """
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused("file", f"{path} cannot be read: {error.strerror}.") from error
    events = read_events(data, desk.now(), desk.me.time_zone)
    return bring_meetings(desk, path.name, events, account, held)


def read_events(data: bytes, now: datetime, zone: str) -> tuple[Event, ...]:
    """The meetings of a calendar file around now. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("file", f"The calendar is larger than {MOST_BYTES // 1_000_000} MB.")
    from icalendar import Calendar

    try:
        calendars: list[Any] = list(Calendar.from_ical(data, multiple=True))
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("file", "It is no calendar that can be read (.ics).") from error
    found: dict[str, Event] = {}
    count = 0
    for calendar in calendars:
        cancels = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        parts = list(calendar.walk("VEVENT"))
        count += len(parts)
        if count > MOST_EVENTS:
            raise Refused("file", f"A calendar file holds at most {MOST_EVENTS:,} meetings.")
        parts.sort(key=lambda part: part.get("RECURRENCE-ID") is not None)
        for part in parts:
            try:
                for event in _events(part, cancels, now, ZoneInfo(zone)):
                    found[event.key] = event
            except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
                continue
    if not calendars or not count:
        raise Refused("file", "There is no meeting in that file.")
    return tuple(found.values())


def _events(part: Any, cancels: bool, now: datetime, zone: ZoneInfo) -> Iterator[Event]:
    uid = clip(clean_line(str(part.get("UID", ""))), 200)
    if not uid:
        return
    starts = part.decoded("DTSTART")
    at, date_only = _moment(starts, zone)
    ends = part.decoded("DTEND") if part.get("DTEND") is not None else None
    length = _moment(ends, zone)[0] - at if ends is not None and not date_only else None
    if length is not None and not timedelta(0) < length <= timedelta(days=7):
        length = None
    subject = clip(clean_line(str(part.get("SUMMARY", ""))), 250) or "(no subject)"
    body = clip(clean_text(str(part.get("DESCRIPTION", ""))), 5_000)
    is_off = cancels or str(part.get("STATUS", "")).upper() == "CANCELLED"
    invited = tuple(_invited(part))
    one = part.get("RECURRENCE-ID")
    if one is not None:
        key = f"{uid}/{_moment(part.decoded('RECURRENCE-ID'), zone)[0]:%Y%m%dT%H%M}"
        yield Event(key, subject, body, at, None if length is None else at + length, date_only, invited, is_off)
        return
    rule = part.get("RRULE")
    if rule is None:
        yield Event(uid, subject, body, at, None if length is None else at + length, date_only, invited, is_off)
        return
    found, left_out = _series(part, rule, starts, now, zone)
    for moment in (*found, *left_out):
        key, ends = f"{uid}/{moment:%Y%m%dT%H%M}", None if length is None else moment + length
        gone = moment in left_out
        yield Event(key, subject, body, moment, ends, date_only, invited, is_off or gone, gone)


def _series(part: Any, rule: Any, starts: Any, now: datetime, zone: ZoneInfo) -> tuple[list[datetime], list[datetime]]:
    """The moments of a series around now, at most MOST_OF_SERIES, and those that it leaves out."""
    from dateutil.rrule import rrulestr

    if str((rule.get("FREQ") or [""])[0]).upper() in _SLOW or starts.year < now.year - MOST_YEARS:
        return [], []
    local = starts if isinstance(starts, datetime) else datetime.combine(starts, time(12))
    until = next(iter(rule.get("UNTIL") or []), None)
    last = min([now + AHEAD, *([_moment(until, zone)[0] + timedelta(hours=12)] if until is not None else [])])
    left_out = {_moment(one.dt, zone)[0] for listed in _listed(part.get("EXDATE")) for one in listed.dts}
    # Counted here and ended a day after the last, so that a rule no day meets is not searched to the end of time.
    words = [piece for piece in rule.to_ical().decode().split(";") if not piece.upper().startswith(("UNTIL=", "COUNT="))]
    moments = rrulestr(f"{';'.join(words)};UNTIL={last + timedelta(days=1):%Y%m%dT%H%M%S}", dtstart=local.replace(tzinfo=None))
    count = next(iter(rule.get("COUNT") or []), MOST_STEPS)
    found: list[datetime] = []
    for moment in islice(moments, min(int(count), MOST_STEPS)):
        at = _moment(moment.replace(tzinfo=local.tzinfo) if isinstance(starts, datetime) else moment.date(), zone)[0]
        if at > last or len(found) >= MOST_OF_SERIES:
            break
        if at >= now - BEHIND and at not in left_out:
            found.append(at)
    return found, sorted(at for at in left_out if now - BEHIND <= at <= now + AHEAD)[:MOST_OF_SERIES]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _moment(value: Any, zone: ZoneInfo) -> tuple[datetime, bool]:
    """(moment in UTC, whether only its day is known)."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC), False
    if isinstance(value, date):
        return calendar_for(str(zone)).noon(value), True
    raise ValueError("no moment")


def _invited(part: Any) -> Iterator[tuple[str, bool]]:
    seen: set[str] = set()
    people = [*_listed(part.get("ORGANIZER")), *_listed(part.get("ATTENDEE"))]
    for n, one in enumerate(people[:MOST_INVITED]):
        params = getattr(one, "params", {})
        written = str(one).strip().casefold().removeprefix("mailto:")
        address = address_of(written) or address_of(str(params.get("EMAIL", "")).strip().casefold())
        if address is None or address in seen:
            continue
        if str(params.get("CUTYPE", "")).upper() in ("RESOURCE", "ROOM"):
            continue
        seen.add(address)
        is_organizer = n == 0 and part.get("ORGANIZER") is not None
        yield address, is_organizer or str(params.get("PARTSTAT", "")).upper() in ("ACCEPTED", "TENTATIVE")


@act(VERB)
def bring_meetings(
    work: Work, file: str, events: Sequence[Event], account: int | str | None = None, held: bool = False
) -> MeetingsRead:
    """Makes, changes and calls off entries as the meetings of a file say. Raises NotFound, Ambiguous."""
    given = None if account is None else lookup.find_account(work.db, account)
    tally = dict.fromkeys(("created", "updated", "unchanged", "off", "skipped", "kept"), 0)
    strangers: list[str] = []
    people = _People(work)
    type_id = work.db.scalar(
        "SELECT id FROM activity_type WHERE is_meeting = TRUE AND active = TRUE"
        " ORDER BY CASE WHEN lower(name) = 'meeting' THEN 0 ELSE 1 END, id"
    )
    if type_id is None:
        raise Refused("type", "There is no type of activity that is a meeting: `cockpit activity-type new meeting --meeting` makes it.")
    for event in events:
        stored = work.db.scalar("SELECT id FROM activity WHERE key = :key AND superseded IS NULL", key=event.key)
        if stored is not None:
            tally[_again(work, event, stored, people, held)] += 1
            continue
        if event.is_left_out:
            continue
        place = given or people.account(event)
        if event.is_off or place is None:
            tally["skipped"] += 1
            strangers += [] if event.is_off else [event.subject]
            continue
        _make(work, event, place, type_id, people, held)
        tally["created"] += 1
    told = (("created", "new"), ("updated", "changed"), ("off", "called off"), ("kept", "left as they were changed here"))
    words = [f"{tally[key]} {word}" for key, word in told if tally[key]]
    left = f"; {say.plural(len(strangers), 'meeting')} with nobody of a customer left out" if strangers else ""
    work.say(f"Meetings from {file}: {say.listed(words) or 'nothing new'}{left}")
    return MeetingsRead(file, len(events), **tally, strangers=tuple(dict.fromkeys(strangers))[:50], said=work.act.what)


class _People:
    """Who is invited, by address; each asked once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._seats: dict[str, Seat] = {}
        self._places: dict[str, int | None] = {}

    def seat(self, address: str) -> Seat:
        """The attendee an address stands for."""
        if address not in self._seats:
            ours = reads.ours(self._work.db, address)
            people = [] if ours else reads.by_address(self._work.db, address)
            seat: Seat = {"csm_id": ours[0]} if ours and ours[0] else {"person_id": people[0]} if people else {"email": address}
            self._seats[address] = seat
        return self._seats[address]

    def seats(self, event: Event) -> list[Seat]:
        """Everybody invited, once."""
        found: list[Seat] = []
        for address, _ in event.invited:
            seat = self.seat(address)
            if seat not in found:
                found.append(seat)
        return found

    def account(self, event: Event) -> int | None:
        """The account most of those invited belong to; the first of several with as many."""
        count: dict[int, int] = {}
        for address, _ in event.invited:
            if "csm_id" in self.seat(address):
                continue
            if address not in self._places:
                match = reads.match(self._work.db, address, ())
                self._places[address] = None if match is None else match.account_id
            place = self._places[address]
            if place is not None:
                count[place] = count.get(place, 0) + 1
        return max(count, key=lambda one: count[one]) if count else None


def _make(work: Work, event: Event, place_id: int, type_id: int, people: _People, held: bool) -> None:
    seats = people.seats(event)
    made = work.insert("activity", {
        "account_id": place_id, "type_id": type_id, "author_id": work.me.id, "subject": event.subject, "body": event.body or None,
        "at": event.at, "ends_at": event.ends_at, "date_only": event.date_only, "key": event.key,
        "internal": bool(seats) and all("csm_id" in seat for seat in seats), "state": EntryState.PLANNED,
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, "attended": False, **seat} for seat in seats])
    if held and _is_past(event, work.now):
        _hold(work, made, event, people)


def _is_past(event: Event, now: datetime) -> bool:
    return (event.ends_at or event.at) <= now


def _hold(work: Work, id_: int, event: Event, people: _People) -> None:
    """A planned meeting that is past counts as held, with whoever accepted."""
    there = [people.seat(address) for address, accepted in event.invited if accepted]
    work.update_many("activity", {id_: {"state": EntryState.DONE}}, versioned=False)
    came = [row for row, seat in seats_now(work.db, id_).items() if seat in there]
    work.update_many("attendee", {row: {"attended": True} for row in came})
    entry = entry_of(work.db, id_)
    after_entry(work, entry, place_of(work, entry.account_id), there)


def _again(work: Work, event: Event, id_: int, people: _People, held: bool) -> str:
    """A meeting that is there already, as the file has it now; what was held, or changed here, stays as it was."""
    of = table("activity")
    row = work.current(of, [id_])[id_][3]
    if event.is_off:
        if row["state"] != EntryState.PLANNED:
            return "unchanged"
        work.update_many("activity", {id_: {"state": EntryState.CANCELLED}}, versioned=False)
        return "off"
    if row["state"] == EntryState.DONE:
        return "unchanged"
    values: dict[str, Any] = {"subject": event.subject, "body": event.body or None, "at": event.at, "ends_at": event.ends_at,
                              "date_only": event.date_only, "state": EntryState.PLANNED}  # fmt: skip
    differ = [name for name, value in values.items() if row[name] != of.plain(name, value)]
    ours = {name for _, name in set_here(work, "activity", {id_: differ}, but=VERB)}
    if "at" in ours:
        ours |= {"ends_at", "date_only"}
    elif "at" in differ:
        ours -= {"state"}  # another day makes another meeting of one that was called off here
    changed = bool(work.update_many("activity", {id_: {n: v for n, v in values.items() if n not in ours}}, versioned=False))
    moved = replace_seats(work, id_, _with_ours(work, id_, people.seats(event)), attended=False)
    if held and "state" not in ours and _is_past(event, work.now):
        _hold(work, id_, event, people)
        changed = True
    return "updated" if changed or moved else "kept" if ours else "unchanged"


def _with_ours(work: Work, id_: int, invited: list[Seat]) -> list[Seat]:
    """Whoever the file invites, and whoever somebody here added."""
    now = seats_now(work.db, id_)
    beside = {row: ["activity_id"] for row, seat in now.items() if seat not in invited}
    return invited + [now[row] for row, _ in set_here(work, "attendee", beside, but=VERB)]
