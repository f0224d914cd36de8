"""Counts of what support, surveys and training know of an account, each over an index of the account's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db.connection import Db, as_date, as_moment
from db.reads.account import TICKET_HIGH, TICKET_OPEN
from db.reads.fact import FAMILY, SELF


@dataclass(frozen=True, slots=True)
class OpenTickets:
    """Open tickets, how many are high, and since when the oldest is."""

    open: int
    high: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Trained:
    """Required trainings done of all required, and when the last one was completed."""

    required: int
    done: int
    latest: date | None


def _whose(whole_family: bool) -> str:
    return FAMILY if whole_family else SELF


def open_tickets(db: Db, account_id: int, whole_family: bool) -> OpenTickets:
    """What is open now."""
    return db.rows(
        OpenTickets,
        f"SELECT count(*) AS open, count(CASE WHEN {TICKET_HIGH} THEN 1 END) AS high, min(t.opened) AS oldest"
        f" FROM account a JOIN ticket t ON t.account_id = a.id WHERE t.superseded IS NULL AND {TICKET_OPEN} AND {_whose(whole_family)}",
        account=account_id,
    )[0]


def opened_since(db: Db, account_id: int, whole_family: bool, since: datetime) -> list[date]:
    """The days on which tickets were opened since a moment."""
    rows = db.all(
        "SELECT t.opened FROM account a JOIN ticket t ON t.account_id = a.id AND t.opened >= :since"
        f" WHERE t.superseded IS NULL AND {_whose(whole_family)}",
        account=account_id, since=since,
    )  # fmt: skip
    return [at.date() for row in rows if (at := as_moment(row[0])) is not None]


def answers(db: Db, account_id: int, whole_family: bool, since: date, today: date) -> list[tuple[str, int | None, date, int]]:
    """(survey, person, day, score) of every answer of ``since`` < day <= today, the latest last."""
    rows = db.all(
        "SELECT lower(v.kind), v.person_id, v.answered, v.score FROM account a JOIN survey v ON v.account_id = a.id"
        " AND v.answered > :since AND v.answered <= :today"
        f" WHERE v.superseded IS NULL AND {_whose(whole_family)} ORDER BY v.answered, v.id",
        account=account_id, since=since, today=today,
    )  # fmt: skip
    return [(kind, person, day, score) for kind, person, text, score in rows if (day := as_date(text)) is not None]


def trained(db: Db, account_id: int, whole_family: bool, today: date) -> Trained:
    """How much of the required training is done."""
    return db.rows(
        Trained,
        "SELECT count(*) AS required, count(CASE WHEN t.completed <= :today THEN 1 END) AS done, max(t.completed) AS latest"
        " FROM account a JOIN training t ON t.account_id = a.id"
        f" WHERE t.superseded IS NULL AND t.required = TRUE AND {_whose(whole_family)}",
        account=account_id, today=today,
    )[0]  # fmt: skip


def consents(db: Db, account_id: int, whole_family: bool, today: date) -> int:
    """Advocacy that was given and may still be used."""
    count = db.scalar(
        "SELECT count(*) FROM account a JOIN advocacy v ON v.account_id = a.id WHERE v.superseded IS NULL"
        f" AND v.given_on IS NOT NULL AND v.consent_until >= :today AND {_whose(whole_family)}",
        account=account_id, today=today,
    )  # fmt: skip
    return int(count or 0)
