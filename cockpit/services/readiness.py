"""Readiness: the score of an account (or of a whole book) before it changes hands, with each gap and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.domain import readiness as rules
from cockpit.domain.calendar import ONE_DAY
from cockpit.domain.readiness import Gap as Gap  # the faces know it from here
from cockpit.domain.readiness import Known
from cockpit.services.calendars import calendar_for
from cockpit.services.lookup import find_account, named
from db.connection import Db
from db.reads import readiness as reads
from db.reads.readiness import Facts

ANSWER_DAYS = 30
"""Mails older than this are no longer waited for."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an account is: 100 minus the weights of its gaps. ``ready`` when no required one is open."""

    account_id: int
    account: str
    owner: str | None
    score: int
    ready: bool
    gaps: tuple[Gap, ...]


def readiness(desk: Desk, account: str | int) -> Readiness:
    """The readiness of one account. Raises NotFound, Ambiguous."""
    with desk.store.read() as db:
        account_id = find_account(db, account)
        return rated(desk, db, [account_id])[account_id]


def book(desk: Desk, owner: str | None = None, where: str = "") -> tuple[Readiness, ...]:
    """The readiness of everything a CSM owns (mine without one), or of what a query matches, the least ready first.

    Raises NotFound, QueryError.
    """
    with desk.store.read() as db:
        if where:
            from cockpit.services.query import compiled
            from cockpit.services.stages import HOST

            sql, params = compiled(desk, db, where, "account")
            ids = [row[0] for row in db.all(f"SELECT a.id {HOST} WHERE {sql}", **params)]
            found = list(rated(desk, db, ids).values())
        else:
            csm = named(db, "csm", owner) if owner else desk.me.id
            rows = reads.facts(db, "a.owner_id = :csm AND a.status = 'customer'", _days(desk, db), _lately(desk), csm=csm)
            found = [rate(desk, row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.score, one.account)))


def rated(desk: Desk, db: Db, account_ids: Sequence[int]) -> dict[int, Readiness]:
    """The readiness of these accounts, in a fixed number of statements."""
    return {id_: rate(desk, row) for id_, row in known_of(desk, db, account_ids).items()}


def known_of(desk: Desk, db: Db, account_ids: Sequence[int]) -> dict[int, Facts]:
    """What readiness is read from."""
    return reads.facts_of(db, account_ids, _days(desk, db), _lately(desk))


def rate(desk: Desk, row: Facts) -> Readiness:
    """The readiness of an account whose facts are at hand, by the day where its pool is."""
    there = calendar_for(row.time_zone)
    known = Known(
        renewal=row.renewal, has_money=row.has_money, ctas_adrift=row.ctas_adrift,
        last_activity=None if row.last_activity is None else there.local_date(row.last_activity),
        touch_days=row.touch_days, members=row.members, drivers=row.drivers,
        network_min=3 if row.network_min is None else row.network_min, risks_adrift=row.risks_adrift,
        matters_adrift=row.matters_adrift, sentiment_on=row.sentiment_on, goals=row.goals, drafts=row.drafts,
        unanswered=row.unanswered,
    )  # fmt: skip
    found = rules.gaps(known, there.local_date(desk.now()))
    return Readiness(row.account_id, row.account, row.owner, rules.score(found), not rules.required(found), found)


def _days(desk: Desk, db: Db) -> dict[str, tuple[date, datetime]]:
    found: dict[str, tuple[date, datetime]] = {}
    for zone in ("UTC", *(row[0] for row in db.all("SELECT DISTINCT time_zone FROM pool ORDER BY time_zone"))):
        there = calendar_for(zone)
        today = there.local_date(desk.now())
        found[zone] = (today, there.start_of_day(today + ONE_DAY))
    return found


def _lately(desk: Desk) -> datetime:
    return desk.now() - timedelta(days=ANSWER_DAYS)


__all__ = ["Gap", "Readiness", "book", "known_of", "rate", "rated", "readiness"]
