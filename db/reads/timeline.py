"""The timeline of an account: what happened, and who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db
from db.reads.page import Cursor, Page, Sort, fetch

NEWEST = Sort("v.at", "v.id", descending=True)
LIVE = "v.account_id = :account AND v.superseded IS NULL"

_FROM = " FROM activity v JOIN activity_type y ON y.id = v.type_id LEFT JOIN csm o ON o.id = v.author_id"
_COLUMNS = (
    "v.id, v.account_id, v.cta_id, y.name AS type, y.is_meeting, v.subject, v.body, v.at, v.date_only, v.next_step,"
    " v.next_step_due, v.author_id, o.login AS author, o.name AS author_name, v.next_step_done_at, v.details, v.state,"
    " v.ends_at, v.internal, v.inbound, v.answers_id"
)


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody invited: a person of the customer, one of us, or an address nobody here is known by."""

    name: str
    person_id: int | None
    csm: str | None
    email: str | None
    attended: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline. With ``date_only`` just the day of ``at`` is known."""

    id: int
    account_id: int
    cta_id: int | None
    type: str
    is_meeting: bool
    subject: str
    body: str | None
    at: datetime
    date_only: bool
    next_step: str | None
    next_step_due: date | None
    author_id: int | None
    author: str | None
    author_name: str | None
    attendees: tuple[Attended, ...] = ()
    next_step_done_at: datetime | None = None
    """When what was promised was kept."""
    details: dict[str, str] | None = None
    """The answers to its type's own fields."""
    state: str = "done"
    ends_at: datetime | None = None
    internal: bool = False
    inbound: bool = False
    answers_id: int | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """An entry in one line, with how many were there."""

    id: int
    type: str
    subject: str
    at: datetime
    author_name: str | None
    attendees: int


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of activity; being at a meeting counts as having been met."""

    id: int
    name: str
    is_meeting: bool
    fields: list[dict[str, Any]] | None = None
    """What an entry of it also says; see ``cockpit.domain.activity``."""


def page(
    db: Db, account_id: int, *, after: Cursor | None = None, limit: int = 50, where: str = "TRUE",
    params: Mapping[str, Any] | None = None,
) -> Page[Entry]:
    """A page of an account's entries, newest first, without their attendees; those a condition over ``v`` and ``a`` picks."""
    is_asked = where != "TRUE"
    select = f"SELECT v.at, v.id, {_COLUMNS}{_FROM}{' JOIN account a ON a.id = v.account_id' if is_asked else ''}"
    only = f"{LIVE} AND {where}" if is_asked else LIVE
    return fetch(db, Entry, select, only, {"account": account_id, **(params or {})}, NEWEST, after=after, limit=limit)


def entry(db: Db, activity_id: int) -> Entry | None:
    """One live entry without its attendees, or None."""
    rows = db.rows(Entry, f"SELECT {_COLUMNS}{_FROM} WHERE v.id = :id AND v.superseded IS NULL", id=activity_id)
    return rows[0] if rows else None


def attendees(db: Db, activity_ids: Sequence[int]) -> dict[int, list[Attended]]:
    """Who was invited to each of these, in the order they were named."""
    found: dict[int, list[Attended]] = {}
    params: dict[str, Any] = {}
    marks = db.marks("i", activity_ids, params)
    rows = db.all(
        "SELECT t.activity_id, coalesce(n.name, o.name, t.email, ''), t.person_id, o.login, coalesce(t.email, n.email),"
        " t.attended FROM attendee t LEFT JOIN person n ON n.id = t.person_id LEFT JOIN csm o ON o.id = t.csm_id"
        f" WHERE t.activity_id IN ({marks}) ORDER BY t.id",
        **params,
    )
    for activity_id, name, person_id, login, email, attended in rows:
        found.setdefault(activity_id, []).append(Attended(name, person_id, login, email, bool(attended)))
    return found


def recent(db: Db, account_id: int, now: datetime, tomorrow: datetime, most: int) -> list[Brief]:
    """The latest entries up to now, newest first; those of which only the day is known, up to today."""
    return db.rows(
        Brief,
        "SELECT v.id, y.name AS type, v.subject, v.at, o.name AS author_name,"
        " (SELECT count(*) FROM attendee t WHERE t.activity_id = v.id AND t.attended = TRUE) AS attendees"
        f"{_FROM} WHERE {LIVE} AND v.state = 'done' AND v.at < :tomorrow"
        " AND (v.at <= :now OR v.date_only = TRUE) ORDER BY v.at DESC, v.id DESC LIMIT :most",
        account=account_id, now=now, tomorrow=tomorrow, most=most,
    )  # fmt: skip


def types(db: Db) -> list[TypeRow]:
    """The active types of activity."""
    return db.rows(TypeRow, "SELECT y.id, y.name, y.is_meeting, y.fields FROM activity_type y WHERE y.active = TRUE ORDER BY y.id")


def touchable(db: Db, account_id: int, csm_id: int) -> list[int]:
    """The open CTAs of an account that this CSM holds."""
    return [
        row[0]
        for row in db.all(
            "SELECT c.id FROM cta c WHERE c.account_id = :account AND c.status = 'open' AND c.owner_id = :me ORDER BY c.id",
            account=account_id, me=csm_id,
        )
    ]  # fmt: skip
