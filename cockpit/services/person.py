"""A person whole: the accounts she belongs to, what happened with her, when she was last met and by whom of us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound
from cockpit.services.people import LastMet
from db.reads import person as people
from db.reads import person_whole as reads
from db.reads.person_whole import Belonging, Hers

NO_USAGE = "usage is recorded by account, not by person"


@dataclass(frozen=True, slots=True)
class PersonThing:
    """One line of what happened with her. ``ref`` is the id of the thing of that ``kind``; ``id`` counts lines."""

    id: int
    kind: str
    ref: int
    account_id: int | None
    account: str | None
    day: date | None
    what: str
    note: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person whole. ``usage`` says why there is none of her own."""

    person: Hers
    accounts: tuple[Belonging, ...]
    last_met: LastMet | None
    last_met_account: str | None
    things: tuple[PersonThing, ...]
    also_known_as: tuple[str, ...]
    usage: str = NO_USAGE


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person among all there are: one account she belongs to, her network's first, and how many there are."""

    id: int
    name: str
    email: str | None
    account: str | None
    accounts: int
    value_network: bool
    network_role: str | None
    left_on: date | None
    last_met: date | None


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """The first of them, and how many match."""

    rows: tuple[PersonFound, ...]
    total: int


def show_person(desk: Desk, person_id: int) -> PersonShown:
    """Everything that is known of a person, in a number of statements that does not depend on it. Raises NotFound."""
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        person = reads.hers(db, person_id)
        if person is None:
            raise NotFound(f"There is no person {person_id}.")
        accounts = reads.belongings(db, person_id)
        found = reads.things(db, person_id)
        met = reads.met(db, person_id, calendar.start_of_day(today + timedelta(days=1)))
        of_us = people.of_us(db, [met[0]] if met else [])
        merged = db.all("SELECT gone_name FROM merge WHERE thing = 'person' AND kept_id = :id ORDER BY id", id=person_id)
    last = None
    if met is not None:
        day = calendar.local_date(met[1])
        last = LastMet(met[0], met[1], day, (today - day).days, met[2], met[3], of_us.get(met[0]) or _of(met[3]))
    dated = [(one.on if one.at is None else calendar.local_date(one.at), one) for one in found]
    dated.sort(key=lambda pair: (pair[0] is None, -(pair[0] or date.min).toordinal(), pair[1].kind, -pair[1].id))
    things = tuple(
        PersonThing(n, one.kind, one.id, one.account_id, one.account, day, one.what, one.note, one.state)
        for n, (day, one) in enumerate(dated, start=1)
    )
    return PersonShown(
        person, tuple(accounts), last, met[4] if met else None, things, tuple(row[0] for row in merged)
    )


def people_where(desk: Desk, where: str, limit: int | None = None) -> PeopleFound:
    """Everybody a query matches, whatever account they belong to, by name. Raises QueryError."""
    from cockpit.services.query import compiled

    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        sql, params = compiled(desk, db, where, "person")
        rows = people.anybody(db, sql, params, calendar.start_of_day(desk.today() + timedelta(days=1)), limit)
        total = len(rows) if limit is None or len(rows) < limit else people.count_anybody(db, sql, params)
    return PeopleFound(
        tuple(
            PersonFound(
                one.id, one.name, one.email, one.account, one.accounts, one.value_network, one.network_role, one.left_on,
                None if one.last_met_at is None else calendar.local_date(one.last_met_at),
            )
            for one in rows
        ),
        total,
    )  # fmt: skip


def _of(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()


__all__ = ["Belonging", "Hers", "PeopleFound", "PersonFound", "PersonShown", "PersonThing", "people_where", "show_person"]
