"""The people of an account and its value network: who they are, when they were last met, adding and changing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import Ambiguous, NotFound, Refused
from db.connection import Db
from db.reads import person as reads
from db.reads.merge import kept_for
from db.reads.person import Contact, Member, Met
from db.terms import NetworkRole

_LINES = ("name", "phone", "language", "channel")
_FLAGS = ("opted_out", "bounced")
_THERE = ("title", "value_network", "network_role", "value_obtained", "bottleneck")
EDITABLE = (*_LINES, "email", "left_on", *_FLAGS, *_THERE)
"""Fields of a person; the last five are what she is at one account."""
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


@dataclass(frozen=True, slots=True)
class LastMet:
    """The last meeting or call a person was at."""

    activity_id: int
    at: datetime
    day: date
    days_ago: int
    subject: str
    author: str | None
    by: tuple[str, ...]
    """Who of us was there; who logged it, where nobody is named."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of an account. ``account_id`` is hers: the account itself, or a relationship of it."""

    id: int
    account_id: int
    account: str
    name: str
    email: str | None
    phone: str | None
    language: str | None
    title: str | None
    value_network: bool
    network_role: str | None
    left_on: date | None
    has_left: bool
    opted_out: bool
    bounced: bool
    last_met: LastMet | None
    last_met_by_me: LastMet | None
    channel: str | None = None
    value_obtained: str | None = None
    bottleneck: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A person who now belongs to an account; ``is_new`` is False when she was known from another."""

    id: int
    is_new: bool
    act: int | None = None
    said: str = ""


def people_of(desk: Desk, account_id: int) -> tuple[PersonRow, ...]:
    """Everybody of an account and its relationships: drivers and generators first, who has left last.

    When each was last met is by this account or a relationship of it, as the value network counts.
    """
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        members = reads.members(db, account_id)
        meetings = reads.last_met(db, account_id, desk.me.id, calendar.start_of_day(today + timedelta(days=1)))
        latest: dict[tuple[int, bool], Met] = {}
        for one in sorted(meetings, key=lambda one: (one.at, one.activity_id)):
            latest[one.person_id, one.mine] = one
        of_us = reads.of_us(db, sorted({one.activity_id for one in latest.values()}))
    rows: dict[int, PersonRow] = {}

    def last(one: Met | None) -> LastMet | None:
        if one is None:
            return None
        day = calendar.local_date(one.at)
        by = of_us.get(one.activity_id) or ((one.author,) if one.author else ())
        return LastMet(one.activity_id, one.at, day, (today - day).days, one.subject, one.author, by)

    for member in members:
        if member.id not in rows:
            rows[member.id] = _row(member, today, last(latest.get((member.id, False))), last(latest.get((member.id, True))))
    return tuple(sorted(rows.values(), key=_order))


def find_person(desk: Desk, ref: str | int, account_id: int | None = None) -> int:
    """The id of the person with this id, e-mail, external id or exact name; of an account's people if one is given.

    Raises NotFound (near names of the account), Ambiguous.
    """
    with desk.store.read() as db:
        return person_id(db, ref, account_id)


def person_id(db: Db, ref: str | int, account_id: int | None = None) -> int:
    """``find_person`` inside a transaction."""
    text = editing.line(ref, "A person", required=True) or ""
    known = None if account_id is None else reads.contacts(db, account_id)
    found = _matching(known, text) if known is not None else _anywhere(db, text)
    if len(found) == 1:
        return found[0].id
    if found:
        names = [f"{one.name} {f'<{one.email}> ' if one.email else ''}(id {one.id})" for one in found]
        raise Ambiguous(f"Several people are called {text!r}: {', '.join(names)}. Say which by id or e-mail.", names)
    near = did_you_mean(text, [one.name for one in known or ()])
    where = "" if account_id is None else " of this account"
    raise NotFound(f"There is no person {text!r}{where}.{near}")


def writes_from(work: Work, person_id: int, address: str) -> bool:
    """Keeps an address somebody has beside her own, so that mail from it is hers; whether that was new."""
    known = work.db.scalar("SELECT 1 FROM person WHERE id = :id AND lower(email) = :address", id=person_id, address=address.lower())
    key = {"system": reads.EMAIL, "thing": "person", "key": address}
    taken = "SELECT 1 FROM external_id WHERE system = :system AND thing = :thing AND key = :key"
    if known or work.db.scalar(taken, **key):
        return False
    work.insert("external_id", {**key, "thing_id": person_id})
    return True


@act("add_person")
def add_person(
    work: Work,
    account: int | str,
    name: str,
    email: str | None = None,
    *,
    title: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    value_network: bool = False,
    network_role: NetworkRole | str | None = None,
) -> Added:
    """Adds a person to an account; who is known by her e-mail is not made a second time.

    Raises NotFound, Ambiguous (account), Refused (she belongs to it already, value).
    """
    account_id = lookup.find_account(work.db, account)
    account_name = work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
    called = editing.line(name, "A person's name", required=True)
    address = _email(email)
    known = reads.by_email(work.db, address) if address else []
    if known and work.db.scalar(
        "SELECT 1 FROM membership WHERE person_id = :id AND account_id = :account", id=known[0].id, account=account_id
    ):
        raise Refused("exists", f"{known[0].name} ({address}) belongs to {account_name} already.")
    person = known[0].id if known else work.insert(
        "person",
        {"name": called, "email": address, "phone": editing.line(phone, "Phone"), "language": editing.line(language, "Language")},
    )  # fmt: skip
    role = read_role(network_role)
    work.insert("membership", {
        "person_id": person, "account_id": account_id, "title": editing.line(title, "Title"),
        "value_network": value_network or role is not None, "network_role": role,
    })  # fmt: skip
    work.say(f"Added {known[0].name if known else called} to {account_name}")
    return Added(person, not known, said=work.act.what)


@act("edit_person")
def edit_person(
    work: Work,
    person: int,
    fields: Mapping[str, Any],
    expected: Mapping[str, Any] | None = None,
    account_id: int | None = None,
) -> Edited:
    """Changes fields (EDITABLE) of a person; title and place in the network are what she is at ``account_id``.

    With a role she is in the network, and out of it she has none.
    Raises NotFound, Refused, Conflict (a field holds neither what the editor saw nor what she wants).
    """
    name = work.db.scalar("SELECT name FROM person WHERE id = :id", id=person)
    if name is None:
        raise NotFound(f"There is no person {person}.")
    wanted, seen = _columns(work, fields), None if expected is None else _columns(work, expected)
    twins = [one for one in reads.by_email(work.db, wanted["email"]) if one.id != person] if wanted.get("email") else []
    if twins:
        raise Refused("exists", f"{wanted['email']} is {twins[0].name}'s (id {twins[0].id}).")
    there = _there({name: wanted.pop(name) for name in _THERE if name in wanted})
    edited = _leave(work, person, name, wanted, editing.change(work, "person", person, name, wanted, seen))
    if not there:
        return edited
    if account_id is None:
        raise Refused("account", "Title and network are held at an account: say at which.")
    at_account = editing.change(work, "membership", _membership(work, person, account_id, name), name, there, seen)
    both = [one.said for one in (edited, at_account) if one.changed]
    work.say("; ".join(both))
    return Edited(person, edited.changed + at_account.changed, said=work.act.what or edited.said)


def _leave(work: Work, person: int, name: str, wanted: Mapping[str, Any], edited: Edited) -> Edited:
    """Who is marked as gone by an edit leaves the same event and CTA as one who is said to have left."""
    day = wanted.get("left_on")
    if day is None or day > work.today or "left on" not in edited.changed:
        return edited
    from cockpit.services.departure import gone

    made = gone(work, person, name, day)
    if made:
        work.say(f"{edited.said} · CTA {', '.join(map(str, made))}")
    return Edited(edited.id, edited.changed, said=work.act.what)


def _there(wanted: dict[str, Any]) -> dict[str, Any]:
    """What she is at the account: a role puts her in the network, leaving it takes her role."""
    if wanted.get("network_role"):
        return wanted | {"value_network": True}
    if wanted.get("value_network") is False:
        return wanted | {"network_role": None}
    return wanted


@act("set_network")
def set_network(
    work: Work, person: int, account_id: int, on: bool, role: NetworkRole | str | None = None
) -> Edited:
    """Puts a person in the value network of an account, or takes her out. Without a role she keeps hers."""
    name = work.db.scalar("SELECT name FROM person WHERE id = :id", id=person)
    account = work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
    if name is None or account is None:
        raise NotFound(f"There is no {'person' if name is None else 'account'} {person if name is None else account_id}.")
    values: dict[str, Any] = {"value_network": on}
    if role is not None or not on:
        values["network_role"] = read_role(role) if on else None
    changed = work.update("membership", _membership(work, person, account_id, name), values)
    as_role = f" as {values['network_role']}" if values.get("network_role") else ""
    where = f"in the value network of {account}{as_role}" if on else f"out of the value network of {account}"
    work.say(f"{name} is {where}")
    return Edited(person, tuple(sorted(changed)), said=f"{name} is {where}")


def _row(member: Member, today: date, last: LastMet | None, by_me: LastMet | None) -> PersonRow:
    gone = [day for day in (member.left_on, member.left_here_on) if day is not None]
    return PersonRow(
        id=member.id, account_id=member.account_id, account=member.account, name=member.name, email=member.email,
        phone=member.phone, language=member.language, title=member.title, value_network=member.value_network,
        network_role=member.network_role, left_on=min(gone, default=None),
        has_left=any(day <= today for day in gone), opted_out=member.opted_out,
        bounced=member.bounced, last_met=last, last_met_by_me=by_me, channel=member.channel,
        value_obtained=member.value_obtained, bottleneck=member.bottleneck,
    )  # fmt: skip


def _order(row: PersonRow) -> tuple[bool, bool, int, str, int]:
    roles = {NetworkRole.DRIVER.value: 0, NetworkRole.GENERATOR.value: 1}
    return row.has_left, not row.value_network, roles.get(row.network_role or "", 2), row.name.casefold(), row.id


def _matching(known: list[Contact], text: str) -> list[Contact]:
    """By id, else by e-mail, else by name."""
    low = text.casefold()
    by_id = [one for one in known if text.isdigit() and one.id == int(text)]
    by_email = [one for one in known if one.email and one.email.casefold() == low]
    return by_id or by_email or [one for one in known if one.name.casefold() == low]


def _anywhere(db: Db, text: str) -> list[Contact]:
    if text.isdigit() and len(text) < 19 and (name := db.scalar("SELECT name FROM person WHERE id = :id", id=int(text))):
        return [Contact(int(text), name, None)]
    found = (reads.by_email(db, text) if "@" in text else []) or reads.by_key(db, text) or reads.by_name(db, text, 6)
    return found or [one for id_ in sorted(kept_for(db, "person", text)) for one in reads.by_id(db, id_)]


def _membership(work: Work, person: int, account_id: int, name: str) -> int:
    found = work.db.scalar(
        "SELECT id FROM membership WHERE person_id = :person AND account_id = :account", person=person, account=account_id
    )
    if found is None:
        raise NotFound(f"{name} does not belong to account {account_id}.")
    return int(found)


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A person", fields, EDITABLE)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _LINES or name == "title":
            columns[name] = editing.line(value, f"A person's {name}", required=name == "name")
        elif name in ("value_obtained", "bottleneck"):
            columns[name] = editing.lines(value)
        elif name == "email":
            columns[name] = _email(value)
        elif name == "left_on":
            columns[name] = editing.day(work, value, backward=True)
        elif name == "network_role":
            columns[name] = read_role(value)
        else:
            columns[name] = bool(value)
    return columns


def _email(value: Any) -> str | None:
    """An address in lower case, so that the same one is found again."""
    text = editing.line(value, "E-mail")
    if text is not None and not _EMAIL.fullmatch(text):
        raise Refused("email", f"{text!r} is not an e-mail address.")
    return text.lower() if text else None


def read_role(value: NetworkRole | str | None) -> str | None:
    """A role as it is stored; nothing is none. Raises Refused."""
    if value is None or value == "":
        return None
    try:
        return NetworkRole(str(value).lower()).value
    except ValueError:
        near = did_you_mean(str(value), list(NetworkRole))
        raise Refused("role", f"A role in the network is {' or '.join(NetworkRole)}, not {str(value)!r}.{near}") from None


__all__ = [
    "Added", "EDITABLE", "LastMet", "PersonRow", "add_person", "edit_person", "find_person", "people_of", "read_role",
    "set_network",
]  # fmt: skip
