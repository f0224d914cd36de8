"""Somebody of a customer left, or does something else now: she is marked, an event says so, a CTA asks what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cockpit.domain.say import day as said_day
from cockpit.services import editing
from cockpit.services.act import Work, act
from cockpit.services.cta import CtaDraft, make_ctas, pool_calendar
from cockpit.services.errors import NotFound, Refused
from db.connection import Db
from db.terms import Lane, NetworkRole, Priority

LEFT, CHANGED = "contact_left", "role_changed"
REASON = "sponsor or key user left"
PLAYBOOK = "sponsor left"


@dataclass(frozen=True, slots=True)
class Departed:
    """A person who left: where it was noted, and the CTAs it made (none where she was in no network)."""

    id: int
    person: str
    on: date
    events: tuple[int, ...]
    ctas: tuple[int, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """One account she belongs to."""

    id: int
    account_id: int
    account: str
    pool_id: int | None
    value_network: bool
    network_role: str | None


@act("person_left")
def left(
    work: Work, person: int, on: date | str | None = None, account_id: int | None = None, note: str | None = None
) -> Departed:
    """Says that a person left the customer on a day (today), or, with an account, only what she was there.

    An event is noted on each account it is about and, where she was in the value network, the CTA made: once.
    Raises NotFound, Refused (marked already, a day ahead).
    """
    done = leave(work, person, on, account_id, note)
    work.say(done.said)
    return done


def leave(
    work: Work, person: int, on: date | str | None = None, account_id: int | None = None, note: str | None = None
) -> Departed:
    """The same inside an act of another use-case, which says what was done."""
    row = work.db.one("SELECT name, left_on FROM person WHERE id = :id", id=person)
    if row is None:
        raise NotFound(f"There is no person {person}.")
    day = editing.day(work, on, backward=True) or work.today
    if day > work.today:
        raise Refused("ahead", f"{said_day(day, work.today)} is ahead: say it when she has left.")
    places = _places(work.db, person, account_id)
    if account_id is not None and not places:
        raise NotFound(f"{row[0]} does not belong to account {account_id}, or no longer.")
    if account_id is None:
        if row[1] is not None:
            raise Refused("left", f"{row[0]} is marked already: she left on {row[1]}.")
        work.update("person", person, {"left_on": day})
    else:
        work.update("membership", places[0].id, {"left_on": day})
    events, ctas = record(work, person, row[0], day, places, CHANGED if account_id else LEFT, note)
    what = f"{row[0]} left {places[0].account if account_id else 'the customer'} on {day}"
    made = f" · CTA {', '.join(map(str, ctas))}" if ctas else ""
    return Departed(person, row[0], day, tuple(events), tuple(ctas), said=what + made)


def gone(work: Work, person: int, name: str, day: date) -> list[int]:
    """Inside an act that marks her as gone: events and CTAs on all her accounts; returns the CTAs."""
    return record(work, person, name, day, _places(work.db, person, None), LEFT, None)[1]


def record(
    work: Work, person: int, name: str, day: date, places: list[_Place], kind: str, note: str | None
) -> tuple[list[int], list[int]]:
    """The event on each of these accounts, and the CTA where she was in the network; what is there is not made again."""
    told = {row[0] for row in work.db.all(
        "SELECT account_id FROM event WHERE person_id = :person AND type = :kind AND day = :day AND superseded IS NULL",
        person=person, kind=kind, day=day,
    )}  # fmt: skip
    body = editing.lines(note) or (f"{name} left the company" if kind == LEFT else f"{name} does something else now")
    events = work.insert_many("event", [
        {"account_id": one.account_id, "person_id": person, "type": kind, "day": day, "body": body}
        for one in places if one.account_id not in told
    ])  # fmt: skip
    open_ = {row[0] for row in work.db.all(
        "SELECT c.account_id FROM cta c JOIN cta_person l ON l.cta_id = c.id JOIN reason r ON r.id = c.reason_id"
        " WHERE l.person_id = :person AND c.status = 'open' AND lower(r.name) = :reason",
        person=person, reason=REASON,
    )}  # fmt: skip
    made = [_ask(work, person, name, one) for one in places if one.value_network and one.account_id not in open_]
    return events, made


def _ask(work: Work, person: int, name: str, place: _Place) -> int:
    """The CTA: who follows her?"""
    is_driver = place.network_role == NetworkRole.DRIVER
    who = "Sponsor" if is_driver else "Key user" if place.network_role == NetworkRole.GENERATOR else "Network member"
    draft = CtaDraft(
        "event", REASON, f"{who} left: {name}", priority=Priority.HIGH if is_driver else Priority.MEDIUM,
        due=pool_calendar(work, place.pool_id).add_business_days(work.today, 1), lane=Lane.STRATEGIC,
        playbook=PLAYBOOK if _has_playbook(work.db) else None,
    )  # fmt: skip
    cta = make_ctas(work, [place.account_id], draft)[0]
    work.insert("cta_person", {"cta_id": cta, "person_id": person})
    return cta


def _has_playbook(db: Db) -> bool:
    return bool(db.scalar("SELECT 1 FROM playbook WHERE lower(name) = :name AND active = TRUE LIMIT 1", name=PLAYBOOK))


def _places(db: Db, person: int, account_id: int | None) -> list[_Place]:
    """The accounts she belongs to and has not left, or the one."""
    params: dict[str, Any] = {"person": person} | ({} if account_id is None else {"account": account_id})
    return db.rows(
        _Place,
        "SELECT m.id, m.account_id, a.name AS account, a.pool_id, m.value_network, m.network_role FROM membership m"
        f" JOIN account a ON a.id = m.account_id WHERE m.person_id = :person AND m.left_on IS NULL"
        f"{'' if account_id is None else ' AND m.account_id = :account'} ORDER BY m.account_id",
        **params,
    )
