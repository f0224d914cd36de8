"""Who was there, or is invited: names, logins and addresses as people write them, to rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cockpit.domain import say
from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing
from cockpit.services.act import Work
from cockpit.services.errors import Ambiguous, NotFound
from db.connection import Db
from db.reads import person
from db.reads.person import Contact

Seat = dict[str, Any]
"""The columns of an attendee beside the activity's: who it is."""


def seats_of(db: Db, account_id: int, attendees: Iterable[str | int]) -> list[Seat]:
    """Who each attendee is, in the order given, nobody twice. An address alone is somebody nobody here knows."""
    wanted = [text for one in attendees if (text := editing.line(one, "An attendee"))]
    if not wanted:
        return []
    people = person.contacts(db, account_id)
    ours = [(row[0], row[1], row[2], row[3]) for row in db.all("SELECT id, login, name, email FROM csm WHERE active = TRUE")]
    seats: list[Seat] = []
    for text in wanted:
        seat = _seat(db, text, people, ours)
        if seat not in seats:
            seats.append(seat)
    return seats


def _seat(db: Db, text: str, people: list[Contact], ours: list[tuple[int, str, str, str | None]]) -> Seat:
    """Ids, logins and addresses are exact; a name may be one of the account's people's or one of ours'."""
    low = text.casefold()
    found: list[Seat]
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


def reseat(work: Work, activity_id: int, seats: list[Seat] | None, *, keep: bool = False) -> list[Seat]:
    """Makes these the ones who were there; returns them, those who came of a planned meeting.

    With ``keep`` whoever was invited and did not come stays, as not having been there; None: everybody came.
    """
    stored = work.db.all(
        "SELECT id, person_id, csm_id, email, attended FROM attendee WHERE activity_id = :id ORDER BY id", id=activity_id
    )
    now = {row[0]: _seat_of(row[1:4]) for row in stored}
    came = {row[0]: bool(row[4]) for row in stored}
    if seats is None:
        seats = list(now.values())
    gone = [id_ for id_, seat in now.items() if seat not in seats]
    new = [seat for seat in seats if seat not in now.values()]
    if keep:
        work.update_many("attendee", {id_: {"attended": id_ not in gone} for id_ in now if came[id_] is (id_ in gone)})
    else:
        work.delete_many("attendee", gone)
    work.insert_many("attendee", [{"activity_id": activity_id, **seat} for seat in new])
    return seats


def replace_seats(work: Work, activity_id: int, seats: list[Seat], *, attended: bool) -> bool:
    """Makes these the attendees of an entry; whether that changed anything."""
    now = seats_now(work.db, activity_id)
    gone = [id_ for id_, seat in now.items() if seat not in seats]
    new = [seat for seat in seats if seat not in now.values()]
    work.delete_many("attendee", gone)
    work.insert_many("attendee", [{"activity_id": activity_id, "attended": attended, **seat} for seat in new])
    return bool(gone or new)


def seats_now(db: Db, activity_id: int) -> dict[int, Seat]:
    """Who is at an entry, by the row that says so."""
    rows = db.all("SELECT id, person_id, csm_id, email FROM attendee WHERE activity_id = :id ORDER BY id", id=activity_id)
    return {row[0]: _seat_of(row[1:]) for row in rows}


def _seat_of(row: Sequence[Any]) -> Seat:
    """A stored attendee as ``seats_of`` writes it: an import keeps the address beside the person it belongs to."""
    seat = {key: value for key, value in zip(("person_id", "csm_id", "email"), row, strict=True) if value is not None}
    return {key: value for key, value in seat.items() if key != "email"} or seat


def unknown_said(unknown: Sequence[str]) -> str:
    """What to add about addresses that nobody here is known by."""
    if not unknown:
        return ""
    verb = "is nobody known here: kept" if len(unknown) == 1 else "are nobody known here: kept"
    return f" · {say.listed(unknown)} {verb} as written"


