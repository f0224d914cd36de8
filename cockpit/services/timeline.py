"""The timeline: reading it, logging what happened and who was there, changing and deleting entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing, lookup
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import Ambiguous, Forbidden, NotFound, Refused
from db.connection import Db
from db.reads import person
from db.reads import timeline as reads
from db.reads.page import Cursor, Page
from db.reads.person import Contact
from db.reads.timeline import Attended, Entry, TypeRow

EDITABLE = ("type", "subject", "body", "at", "next_step", "next_step_due", "cta", "attendees")
_Seat = dict[str, Any]
"""The columns of an attendee beside the activity's: who it is."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry that was made. ``unknown``: addresses kept as text; ``touched``: CTAs of mine whose lease it renewed;
    ``intervention``: the one it moved."""

    id: int
    unknown: tuple[str, ...] = ()
    touched: tuple[int, ...] = ()
    intervention: int | None = None
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was taken out of sight."""

    id: int
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The account an entry belongs to, with the zone its dates are in."""

    id: int
    name: str
    zone: str


def timeline_page(desk: Desk, account_id: int, after: Cursor | None = None, limit: int = 50) -> Page[Entry]:
    """A page of an account's timeline, newest first, with who was there."""
    with desk.store.read() as db:
        found = reads.page(db, account_id, after=after, limit=limit)
        return dataclasses.replace(found, rows=_attended(db, found.rows))


def activity(desk: Desk, activity_id: int) -> Entry:
    """One entry with who was there. Raises NotFound."""
    with desk.store.read() as db:
        return _attended(db, [_entry(db, activity_id)])[0]


def activity_types(desk: Desk) -> tuple[TypeRow, ...]:
    """The types one can log."""
    with desk.store.read() as db:
        return tuple(reads.types(db))


@act("log")
def log_activity(
    work: Work,
    account: int | str,
    type: str,
    subject: str,
    body: str | None = None,
    attendees: Sequence[str | int] = (),
    at: datetime | date | str | None = None,
    cta: int | None = None,
    next_step: str | None = None,
    next_step_due: date | str | None = None,
    answered: bool = False,
) -> Logged:
    """Puts an entry on an account's timeline; the CTAs I hold there count as touched, its intervention may move.

    ``attendees``: ids, e-mails or names of the account's people, logins or e-mails of ours, and addresses of people
    nobody here knows. ``at``: a moment, or a day (then noon in the pool's zone); now when left out. ``answered``: it is
    the customer's answer, a mail that came in.
    Raises NotFound, Ambiguous (account, type, attendee), Refused (no subject, date, CTA of another account).
    """
    from cockpit.services.stages import Entry, after_activity

    place = _place(work, lookup.find_account(work.db, account))
    moment, date_only = _moment(work, at, place.zone)
    kind = _type(work.db, type)
    text = editing.line(subject, "The subject", required=True)
    seats = _seats(work.db, place.id, attendees)
    made = work.insert("activity", {
        "account_id": place.id, "cta_id": _cta(work.db, cta, place), "type_id": kind.id, "author_id": work.me.id,
        "subject": text, "body": editing.lines(body), "at": moment, "date_only": date_only,
        "next_step": editing.line(next_step, "The next step"), "next_step_due": editing.day(work, next_step_due),
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, **seat} for seat in seats])
    touched = () if work.me.id is None else tuple(reads.touchable(work.db, place.id, work.me.id))
    work.update_many("cta", {id_: {"touched_at": work.now} for id_ in touched})
    unknown = tuple(seat["email"] for seat in seats if "email" in seat)
    with_whom = f" with {say.plural(len(seats), 'attendee')}" if seats else ""
    entry = Entry(place.id, kind.name, kind.is_meeting, moment, date_only, seats, cta, answered)
    moved, tail = after_activity(work, entry) or (None, "")
    work.say(f"Logged {kind.name} “{text}” on {place.name}{with_whom}{_unknown_said(unknown)}{tail}")
    return Logged(made, unknown, touched, moved, said=work.act.what)


@act("edit_activity")
def edit_activity(
    work: Work, activity_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of an entry; ``attendees`` replaces who was there. The old version is kept.

    Its author may, a manager may, anybody may for what nobody here wrote. Raises NotFound, Refused, Conflict.
    """
    entry = _entry(work.db, activity_id)
    _check_mine(work, entry, "change")
    editing.check_fields("An activity", fields, EDITABLE)
    place = _place(work, entry.account_id)
    guests = fields.get("attendees")
    seats = None if guests is None else _seats(work.db, place.id, guests)
    wanted = _columns(work, fields, place)
    seen = None if expected is None else _columns(work, expected, place)
    name = f"{entry.type} “{wanted.get('subject', entry.subject)}”"
    edited = editing.change(work, "activity", activity_id, name, wanted, seen)
    if seats is None or not _reseat(work, activity_id, seats):
        return edited
    said = f"{edited.said}, and who was there" if edited.changed else f"Changed who was at {name}"
    work.say(said)
    return Edited(activity_id, (*edited.changed, "attendees"), said=said)


@act("delete_activity")
def delete_activity(work: Work, activity_id: int) -> Deleted:
    """Takes an entry off the timeline; as of an earlier day, and in the journal, it is still there.

    Raises NotFound, Forbidden (somebody else's, for who is no manager).
    """
    entry = _entry(work.db, activity_id)
    _check_mine(work, entry, "delete")
    work.update_many("activity", {activity_id: {"superseded": work.now}}, versioned=False)
    work.say(f"Deleted {entry.type} “{entry.subject}” of {_place(work, entry.account_id).name}")
    return Deleted(activity_id, said=work.act.what)


def _attended(db: Db, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    who = reads.attendees(db, [entry.id for entry in entries]) if entries else {}
    return tuple(dataclasses.replace(entry, attendees=tuple(who.get(entry.id, ()))) for entry in entries)


def _entry(db: Db, activity_id: int) -> Entry:
    found = reads.entry(db, activity_id)
    if found is None:
        raise NotFound(f"There is no activity {activity_id}.")
    return found


def _check_mine(work: Work, entry: Entry, verb: str) -> None:
    if entry.author_id is not None and entry.author_id != work.me.id and work.me.role not in LEADERS:
        raise Forbidden(f"{entry.author_name} wrote it: they or a manager can {verb} it.")


def _place(work: Work, account_id: int) -> _Place:
    row = work.db.one(
        "SELECT a.name, p.time_zone FROM account a LEFT JOIN pool p ON p.id = a.pool_id WHERE a.id = :id", id=account_id
    )
    assert row is not None
    return _Place(account_id, row[0], row[1] or work.me.time_zone)


def _type(db: Db, name: str) -> TypeRow:
    known = reads.types(db)
    wanted = editing.line(name, "The type", required=True) or ""
    found = [one for one in known if one.name.casefold() == wanted.casefold()]
    if not found:
        names = [one.name for one in known]
        raise NotFound(f"There is no activity type {wanted!r}.{did_you_mean(wanted, names)} There are {say.listed(names)}.")
    return found[0]


def _moment(work: Work, at: datetime | date | str | None, zone: str) -> tuple[datetime, bool]:
    """(moment in UTC, whether only its day is known). What has no zone is meant in the pool's."""
    if at is None or at == "":
        return work.now, False
    if isinstance(at, str):
        try:
            moment = datetime.fromisoformat(at.strip())
        except ValueError:
            moment = None
        at = moment if moment is not None and len(at.strip()) > 10 else editing.day(work, at, backward=True)
    if isinstance(at, datetime):
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC), False
    assert at is not None
    return calendar_for(zone).noon(at), True


def _cta(db: Db, cta: int | None, place: _Place) -> int | None:
    if cta is None:
        return None
    account = db.scalar("SELECT account_id FROM cta WHERE id = :id", id=cta)
    if account is None:
        raise NotFound(f"There is no CTA {cta}.")
    if account != place.id:
        raise Refused("cta", f"CTA {cta} is not one of {place.name}.")
    return cta


def _columns(work: Work, fields: Mapping[str, Any], place: _Place) -> dict[str, Any]:
    """Fields as people name them to columns; attendees are rows of their own."""
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "type":
            columns["type_id"] = _type(work.db, value).id
        elif name == "subject":
            columns[name] = editing.line(value, "The subject", required=True)
        elif name == "body":
            columns[name] = editing.lines(value)
        elif name == "at":
            columns["at"], columns["date_only"] = _moment(work, value, place.zone)
        elif name == "next_step":
            columns[name] = editing.line(value, "The next step")
        elif name == "next_step_due":
            columns[name] = editing.day(work, value)
        elif name == "cta":
            columns["cta_id"] = _cta(work.db, value, place)
    return columns


def _seats(db: Db, account_id: int, attendees: Iterable[str | int]) -> list[_Seat]:
    """Who each attendee is, in the order given, nobody twice. An address alone is somebody nobody here knows."""
    wanted = [text for one in attendees if (text := editing.line(one, "An attendee"))]
    if not wanted:
        return []
    people = person.contacts(db, account_id)
    ours = [(row[0], row[1], row[2], row[3]) for row in db.all("SELECT id, login, name, email FROM csm WHERE active = TRUE")]
    seats: list[_Seat] = []
    for text in wanted:
        seat = _seat(db, text, people, ours)
        if seat not in seats:
            seats.append(seat)
    return seats


def _seat(db: Db, text: str, people: list[Contact], ours: list[tuple[int, str, str, str | None]]) -> _Seat:
    """Ids, logins and addresses are exact; a name may be one of the account's people's or one of ours'."""
    low = text.casefold()
    found: list[_Seat]
    if text.isdigit():
        found = [{"person_id": one.id} for one in people if one.id == int(text)]
    elif "@" in text:
        found = [{"person_id": one.id} for one in people if one.email and one.email.casefold() == low]
        found = found or [{"csm_id": id_} for id_, _, _, email in ours if email and email.casefold() == low]
        found = found or [{"person_id": one.id} for one in person.by_email(db, text)] or [{"email": low}]
    else:
        found = [{"csm_id": id_} for id_, login, _, _ in ours if login.casefold() == low]
        found = found or [{"person_id": one.id} for one in people if one.name.casefold() == low]
        found = found or [{"csm_id": id_} for id_, _, name, _ in ours if name.casefold() == low]
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{one.name} (id {one.id})" for one in people if {"person_id": one.id} in found]
        raise Ambiguous(f"Several people are called {text!r}: {', '.join(names)}. Say which by id or e-mail.", names)
    near = did_you_mean(text, [one.name for one in people] + [login for _, login, _, _ in ours])
    raise NotFound(f"Nobody of this account or of us is called {text!r}.{near} An e-mail address is kept as it is.")


def _reseat(work: Work, activity_id: int, seats: list[_Seat]) -> bool:
    """Makes these the attendees; whether that changed anything."""
    keys = ("person_id", "csm_id", "email")
    stored = work.db.all("SELECT id, person_id, csm_id, email FROM attendee WHERE activity_id = :id", id=activity_id)
    now = {row[0]: {key: value for key, value in zip(keys, row[1:], strict=True) if value is not None} for row in stored}
    # An import keeps the address beside the person it belongs to; that is still the same person.
    same = [{key: value for key, value in seat.items() if key != "email"} or seat for seat in now.values()]
    gone = [id_ for id_, seat in zip(now, same, strict=True) if seat not in seats]
    new = [seat for seat in seats if seat not in same]
    work.delete_many("attendee", gone)
    work.insert_many("attendee", [{"activity_id": activity_id, **seat} for seat in new])
    return bool(gone or new)


def _unknown_said(unknown: Sequence[str]) -> str:
    if not unknown:
        return ""
    verb = "is nobody known here: kept" if len(unknown) == 1 else "are nobody known here: kept"
    return f" · {say.listed(unknown)} {verb} as written"


__all__ = [
    "Attended", "Deleted", "EDITABLE", "Entry", "Logged", "TypeRow", "activity", "activity_types", "delete_activity",
    "edit_activity", "log_activity", "timeline_page",
]  # fmt: skip
