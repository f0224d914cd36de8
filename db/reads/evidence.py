"""Facts that prove that a step is done, for many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from db.connection import Db
from db.reads.task import SOME

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the timeline that happened. ``account_id`` as written: perhaps a relationship's."""

    id: int
    account_id: int
    cta_id: int | None
    type: str
    is_meeting: bool
    author_id: int | None
    subject: str
    at: datetime
    recorded: datetime
    internal: bool
    inbound: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who was at (or was written to by) an entry."""

    activity_id: int
    person_id: int | None
    csm_id: int | None
    email: str | None
    attended: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an account."""

    account_id: int
    person_id: int
    name: str
    value_network: bool
    network_role: str | None
    left_on: date | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account has of itself, and what its segment expects."""

    id: int
    segment: str | None
    network_min: int | None
    network_window: int | None
    coverage_goal: int | None
    notice_date: date | None
    renewal_date: date | None
    auto_renew: bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was set or made: a sentiment, a forecast, a risk … ``word`` is what it says of itself."""

    account_id: int
    recorded: datetime | None
    word: str | None
    other: str | None
    day: date | None
    began: date | None = None


_LIVE = "f.superseded IS NULL"
FACTS = {
    "sentiment": f"SELECT f.account_id, f.recorded, f.feeling AS word, NULL AS other, f.day FROM sentiment f WHERE {_LIVE}",
    "forecast": f"SELECT f.account_id, f.recorded, f.call AS word, NULL AS other, f.day FROM renewal_call f WHERE {_LIVE}",
    "advocacy": "SELECT f.account_id, f.recorded, f.kind AS word, f.recipient AS other, f.consent_until AS day"
    f" FROM advocacy f WHERE {_LIVE} AND f.asked_on IS NOT NULL",
    "training": "SELECT f.account_id, f.recorded, f.course AS word, CASE WHEN f.required = TRUE THEN 'required' END AS other,"
    f" f.completed AS day FROM training f WHERE {_LIVE}",
    "renewal": "SELECT f.account_id, f.recorded, f.state AS word, f.stage AS other, f.due_date AS day FROM opportunity f"
    f" WHERE {_LIVE} AND f.type = 'renewal'",
    "goal": "SELECT f.account_id, NULL AS recorded, f.title AS word, f.status AS other, f.due AS day FROM goal f",
    "risk": "SELECT f.account_id, NULL AS recorded, coalesce(f.owner, o.name) AS word, f.title AS other, f.due AS day,"
    " f.opened_on AS began FROM risk f LEFT JOIN csm o ON o.id = f.csm_id WHERE f.closed_on IS NULL",
    "document": "SELECT f.account_id, f.at AS recorded, f.title AS word, f.kind AS other, NULL AS day FROM document f WHERE TRUE",
    "intervention": "SELECT f.account_id, f.ended_at AS recorded, f.stage AS word, f.end_reason AS other, NULL AS day"
    " FROM intervention f WHERE TRUE",
}
"""By kind of fact the statement that reads it, of accounts that are named after it."""


def entries(db: Db, accounts: Sequence[int], since: datetime) -> list[Entry]:
    """What was logged since, of these accounts."""
    return _of(
        db, Entry, accounts,
        "SELECT v.id, v.account_id, v.cta_id, t.name AS type, t.is_meeting, v.author_id, v.subject, v.at, v.recorded, v.internal, v.inbound"
        " FROM activity v JOIN activity_type t ON t.id = v.type_id WHERE v.account_id IN ({marks}) AND v.superseded IS NULL"
        " AND v.state = 'done' AND v.at >= :since ORDER BY v.at, v.id",
        since=since,
    )  # fmt: skip


def seats(db: Db, accounts: Sequence[int], since: datetime) -> list[Seat]:
    """Who was there, of the same entries and of what is planned."""
    return _of(
        db, Seat, accounts,
        "SELECT w.activity_id, w.person_id, w.csm_id, w.email, w.attended FROM activity v JOIN attendee w ON w.activity_id = v.id"
        " WHERE v.account_id IN ({marks}) AND v.superseded IS NULL AND v.at >= :since",
        since=since,
    )  # fmt: skip


def planned(db: Db, accounts: Sequence[int], now: datetime) -> list[Entry]:
    """Meetings to come."""
    return _of(
        db, Entry, accounts,
        "SELECT v.id, v.account_id, v.cta_id, t.name AS type, t.is_meeting, v.author_id, v.subject, v.at, v.recorded, v.internal, v.inbound"
        " FROM activity v JOIN activity_type t ON t.id = v.type_id WHERE v.account_id IN ({marks}) AND v.superseded IS NULL"
        " AND v.state = 'planned' AND v.at >= :now ORDER BY v.at, v.id",
        now=now,
    )  # fmt: skip


def members(db: Db, accounts: Sequence[int]) -> list[Member]:
    """Everybody who belongs, those who left too."""
    return _of(
        db, Member, accounts,
        "SELECT m.account_id, m.person_id, n.name, m.value_network, m.network_role, coalesce(m.left_on, n.left_on) AS left_on,"
        " m.confirmed_at FROM membership m JOIN person n ON n.id = m.person_id WHERE m.account_id IN ({marks}) ORDER BY n.name, n.id",
    )  # fmt: skip


def standing(db: Db, accounts: Sequence[int]) -> list[Standing]:
    """Dates and guidelines."""
    return _of(
        db, Standing, accounts,
        "SELECT a.id, s.name AS segment, s.network_min, s.network_window, s.coverage_goal, a.notice_date, a.renewal_date, a.auto_renew"
        " FROM account a LEFT JOIN segment s ON s.id = a.segment_id WHERE a.id IN ({marks})",
    )  # fmt: skip


def facts(db: Db, kind: str, accounts: Sequence[int]) -> list[Fact]:
    """The facts of one kind, newest last."""
    sql = FACTS[kind]
    glue = "AND" if " WHERE " in sql else "WHERE"
    return _of(db, Fact, accounts, f"{sql} {glue} f.account_id IN ({{marks}}) ORDER BY f.id")


def children(db: Db, accounts: Sequence[int]) -> dict[int, int]:
    """The relationships of these accounts: each with its account."""
    return dict(_tuples(db, accounts, "SELECT id, parent_id FROM account WHERE parent_id IN ({marks})"))


def looks(db: Db, accounts: Sequence[int], since: datetime) -> list[tuple[int, int, datetime]]:
    """(account, CSM, last look) since a moment."""
    from db.connection import as_moment

    rows = _tuples(
        db, accounts,
        "SELECT v.account_id, v.csm_id, max(v.at) FROM viewing v WHERE v.account_id IN ({marks}) AND v.at >= :since"
        " GROUP BY v.account_id, v.csm_id ORDER BY v.account_id, v.csm_id",
        since=since,
    )  # fmt: skip
    return [(account, csm, at) for account, csm, value in rows if (at := as_moment(value)) is not None]


def people_of(db: Db, ctas: Sequence[int]) -> dict[int, set[int]]:
    """Who CTAs are about."""
    found: dict[int, set[int]] = {}
    for cta, person in _tuples(db, ctas, "SELECT cta_id, person_id FROM cta_person WHERE cta_id IN ({marks})"):
        found.setdefault(cta, set()).add(person)
    return found


def _of(db: Db, cls: type[T], accounts: Sequence[int], sql: str, **params: Any) -> list[T]:
    found: list[T] = []
    for start in range(0, len(accounts), SOME):
        more: dict[str, Any] = {}
        marks = db.marks("i", accounts[start : start + SOME], more)
        found += db.rows(cls, sql.format(marks=marks), **params, **more)
    return found


def _tuples(db: Db, ids: Sequence[int], sql: str, **params: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), SOME):
        more: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + SOME], more)
        found += db.all(sql.format(marks=marks), **params, **more)
    return found
