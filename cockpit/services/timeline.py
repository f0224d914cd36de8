"""The timeline: reading it, logging what happened and who was there, changing and deleting entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.activity import FieldError, check_answers, fields_from
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.pulse import NOT_CONTACT
from cockpit.services import editing, lookup
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.attendance import Seat, replace_seats, seats_now, seats_of, unknown_said
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import Conflict, Forbidden, NotFound, Refused
from db.connection import Db
from db.reads import timeline as reads
from db.reads.page import Cursor, Page
from db.reads.timeline import Attended, Entry, TypeRow
from db.terms import EntryState

EDITABLE = ("type", "subject", "body", "at", "next_step", "next_step_due", "cta", "attendees", "internal", "fields")


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry that was made. ``unknown``: addresses kept as text; ``touched``: CTAs of mine whose lease it renewed;
    ``intervention``: the one it moved; ``state``: planned, for a meeting that is still to come."""

    id: int
    unknown: tuple[str, ...] = ()
    touched: tuple[int, ...] = ()
    intervention: int | None = None
    act: int | None = None
    said: str = ""
    state: str = EntryState.DONE


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was taken out of sight."""

    id: int
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The account an entry belongs to, with the zone its dates are in."""

    id: int
    name: str
    zone: str


def timeline_page(desk: Desk, account_id: int, after: Cursor | None = None, limit: int = 50, find: str = "") -> Page[Entry]:
    """A page of an account's timeline, newest first, with who was there; of what ``find`` matches.

    ``find`` is words (their beginnings, by the index), what is asked of entries (``type:call``), or both. Raises QueryError.
    """
    from cockpit.services.query import compiled

    with desk.store.read() as db:
        where, params = compiled(desk, db, find, "activity", account=account_id) if find else ("TRUE", {})
        found = reads.page(db, account_id, after=after, limit=limit, where=where, params=params)
        return dataclasses.replace(found, rows=_attended(db, found.rows))


def activity(desk: Desk, activity_id: int) -> Entry:
    """One entry with who was there. Raises NotFound."""
    with desk.store.read() as db:
        return _attended(db, [entry_of(db, activity_id)])[0]


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
    fields: Mapping[str, str | None] | None = None,
    internal: bool = False,
    draft: int | None = None,
) -> Logged:
    """Puts an entry on an account's timeline; the CTAs I hold there count as touched, its intervention may move.

    ``attendees``: ids, e-mails or names of the account's people, logins or e-mails of ours, and addresses of people
    nobody here knows. ``at``: a moment, or a day (then noon in the pool's zone); now when left out. A meeting or call
    that is still to come is planned. ``answered``: it is the customer's answer, a mail that came in. ``fields``: the
    answers to the type's own fields. ``draft``: the one it was begun as, which goes.
    Raises NotFound, Ambiguous (account, type, attendee), Refused (no subject, date, CTA of another account, fields).
    """
    place = place_of(work, lookup.find_account(work.db, account))
    moment, date_only = _moment(work, at, place.zone)
    kind = _type(work.db, type)
    text = editing.line(subject, "The subject", required=True)
    seats = seats_of(work.db, place.id, attendees)
    planned = kind.is_meeting and _is_ahead(work, moment, date_only, place.zone)
    _check_happened(work, kind, moment, place.zone)
    made = work.insert("activity", {
        "account_id": place.id, "cta_id": _cta(work.db, cta, place), "type_id": kind.id, "author_id": work.me.id,
        "subject": text, "body": editing.lines(body), "at": moment, "date_only": date_only,
        "next_step": editing.line(next_step, "The next step"), "next_step_due": editing.day(work, next_step_due),
        "details": _answers(kind, fields or {}, whole=not planned), "internal": internal, "inbound": answered,
        "state": EntryState.PLANNED if planned else EntryState.DONE,
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, "attended": not planned, **seat} for seat in seats])
    _drop_draft(work, draft)
    unknown = tuple(seat["email"] for seat in seats if "email" in seat)
    with_whom = f" with {say.plural(len(seats), 'attendee')}" if seats else ""
    if planned:
        when = say.distance(calendar_for(place.zone).local_date(moment), work.today)
        work.say(f"Planned {kind.name} “{text}” at {place.name}, {when}{with_whom}{unknown_said(unknown)}")
        return Logged(made, unknown, said=work.act.what, state=EntryState.PLANNED)
    touched, moved, tail = after_entry(work, entry_of(work.db, made), place, seats)
    tail += _stop_waiting(work, place, seats) if answered else ""
    work.say(f"Logged {kind.name} “{text}” on {place.name}{with_whom}{unknown_said(unknown)}{tail}")
    return Logged(made, unknown, touched, moved, said=work.act.what)


def after_entry(
    work: Work, entry: Entry, place: Place, seats: Sequence[Seat], by: int | None = None
) -> tuple[tuple[int, ...], int | None, str]:
    """What follows from an entry that happened: (CTAs of mine it touched, the intervention it moved, words on that).

    ``by``: whose it is, when the program does it for somebody.
    """
    from cockpit.services import stages

    by = work.me.id if by is None else by
    touched = () if by is None else tuple(reads.touchable(work.db, place.id, by))
    work.update_many("cta", {id_: {"touched_at": work.now} for id_ in touched})
    if entry.internal:
        return touched, None, ""
    fact = stages.Entry(
        place.id, entry.type, entry.is_meeting, entry.at, entry.date_only, seats, entry.cta_id, entry.inbound
    )
    moved, tail = stages.after_activity(work, fact, by) or (None, "")
    return touched, moved, tail


@act("edit_activity")
def edit_activity(
    work: Work, activity_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of an entry; ``attendees`` replaces who was there. The old version is kept.

    A meeting that gets a day ahead is planned again: nobody was there yet. Its author may, a manager may, anybody may
    for what nobody here wrote. Raises NotFound, Refused, Conflict.
    """
    entry = entry_of(work.db, activity_id)
    _check_mine(work, entry, "change")
    editing.check_fields("An activity", fields, EDITABLE)
    place = place_of(work, entry.account_id)
    guests = fields.get("attendees")
    seats = None if guests is None else seats_of(work.db, place.id, guests)
    wanted = _columns(work, fields, place, entry)
    seen = None if expected is None else _columns(work, expected, place, entry)
    if seen is not None and seen.get("at") == entry.at.replace(second=0, microsecond=0):
        seen["at"] = entry.at  # forms show minutes
    again = "at" in wanted and _is_planned_again(work, entry, wanted, place.zone)
    wanted |= {"state": EntryState.PLANNED} if again else {}
    if seats is not None and expected is not None and "attendees" in expected:
        _check_seats(work, entry, seats, seats_of(work.db, place.id, expected["attendees"]))
    name = f"{entry.type} “{wanted.get('subject', entry.subject)}”"
    edited = editing.change(work, "activity", activity_id, name, wanted, seen)
    if again:
        work.update_many("attendee", {row: {"attended": False} for row in seats_now(work.db, activity_id)})
    there = entry.state == EntryState.DONE and not again
    if seats is None or not replace_seats(work, activity_id, seats, attended=there):
        return edited
    said = f"{edited.said}, and who was there" if edited.changed else f"Changed who was at {name}"
    work.say(said)
    return Edited(activity_id, (*edited.changed, "attendees"), said=said)


@act("delete_activity")
def delete_activity(work: Work, activity_id: int) -> Deleted:
    """Takes an entry off the timeline; as of an earlier day, and in the journal, it is still there.

    Raises NotFound, Forbidden (somebody else's, for who is no manager).
    """
    entry = entry_of(work.db, activity_id)
    _check_mine(work, entry, "delete")
    work.update_many("activity", {activity_id: {"superseded": work.now}}, versioned=False)
    work.say(f"Deleted {entry.type} “{entry.subject}” of {place_of(work, entry.account_id).name}")
    return Deleted(activity_id, said=work.act.what)


def _attended(db: Db, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    who = reads.attendees(db, [entry.id for entry in entries]) if entries else {}
    return tuple(dataclasses.replace(entry, attendees=tuple(who.get(entry.id, ()))) for entry in entries)


def entry_of(db: Db, activity_id: int) -> Entry:
    """One live entry, without who was there. Raises NotFound."""
    found = reads.entry(db, activity_id)
    if found is None:
        raise NotFound(f"There is no activity {activity_id}.")
    return found


def _check_mine(work: Work, entry: Entry, verb: str) -> None:
    if entry.author_id is not None and entry.author_id != work.me.id and work.me.role not in LEADERS:
        raise Forbidden(f"{entry.author_name} wrote it: they or a manager can {verb} it.")


def place_of(work: Work, account_id: int) -> Place:
    """The account an entry is about, with its name and the zone of its pool."""
    row = work.db.one(
        "SELECT a.name, p.time_zone FROM account a LEFT JOIN pool p ON p.id = a.pool_id WHERE a.id = :id", id=account_id
    )
    assert row is not None
    return Place(account_id, row[0], row[1] or work.me.time_zone)


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


def _cta(db: Db, cta: int | None, place: Place) -> int | None:
    if cta is None:
        return None
    account = db.scalar("SELECT account_id FROM cta WHERE id = :id", id=cta)
    if account is None:
        raise NotFound(f"There is no CTA {cta}.")
    if account != place.id:
        raise Refused("cta", f"CTA {cta} is not one of {place.name}.")
    return cta


def _columns(work: Work, fields: Mapping[str, Any], place: Place, entry: Entry) -> dict[str, Any]:
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
        elif name == "internal":
            columns[name] = bool(value)
        elif name == "fields":
            kind = _type(work.db, fields.get("type", entry.type))
            columns["details"] = _answers(kind, {**(entry.details or {}), **(value or {})}, whole=False)
    return columns


def _is_ahead(work: Work, moment: datetime, date_only: bool, zone: str) -> bool:
    """Whether a moment (or, of what only a day is known of, that day) is still to come."""
    calendar = calendar_for(zone)
    return calendar.local_date(moment) > calendar.local_date(work.now) if date_only else moment > work.now


def _is_planned_again(work: Work, entry: Entry, wanted: Mapping[str, Any], zone: str) -> bool:
    """Whether a meeting that was held or called off gets a day ahead. Raises Refused for what cannot be planned."""
    if not entry.is_meeting:
        _check_happened(work, _type(work.db, entry.type), wanted["at"], zone)
        return False
    return entry.state != EntryState.PLANNED and _is_ahead(work, wanted["at"], wanted["date_only"], zone)


def _check_happened(work: Work, kind: TypeRow, moment: datetime, zone: str) -> None:
    """Raises Refused for a contact, other than a meeting, of a day that is still to come: it would count when that day is past."""
    if not kind.is_meeting and kind.name.casefold() not in NOT_CONTACT and _is_ahead(work, moment, True, zone):
        when = say.distance(calendar_for(zone).local_date(moment), work.today)
        raise Refused("at", f"That is {when}: log the {kind.name} when it has happened; what is to come is a next step or a meeting.")


def _check_seats(work: Work, entry: Entry, wants: list[Seat], saw: list[Seat]) -> None:
    """Raises Conflict when who was there is neither what the editor saw nor what she wants."""
    now = list(seats_now(work.db, entry.id).values())
    if not any(len(now) == len(known) and all(seat in known for seat in now) for known in (saw, wants)):
        names = say.listed([one.name for one in reads.attendees(work.db, [entry.id]).get(entry.id, ())]) or "nobody"
        be = "is" if len(now) < 2 else "are"
        raise Conflict(f"“{entry.subject}”: {names} {be} there by now, which you did not see. Nothing was saved.")


def _answers(kind: TypeRow, given: Mapping[str, str | None], *, whole: bool) -> dict[str, str] | None:
    try:
        return check_answers(kind.name, fields_from(kind.fields), given, whole=whole) or None
    except FieldError as error:
        raise Refused("fields", str(error)) from error


def _stop_waiting(work: Work, place: Place, seats: Sequence[Seat]) -> str:
    """Who answered gets nothing that was still to be sent on a day; words on that."""
    from cockpit.services.answering import stop_waiting

    stopped = sum(stop_waiting(work, place.id, seat.get("person_id"), "answered") for seat in seats)
    return f" · stopped {say.plural(stopped, 'mail')}" if stopped else ""


def _drop_draft(work: Work, draft: int | None) -> None:
    if draft is not None and work.db.scalar("SELECT author_id FROM draft WHERE id = :id", id=draft) == work.me.id:
        work.delete("draft", draft)


__all__ = [
    "Attended", "Deleted", "EDITABLE", "Entry", "Logged", "TypeRow", "activity", "activity_types", "delete_activity",
    "edit_activity", "log_activity", "timeline_page",
]  # fmt: skip
