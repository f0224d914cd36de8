"""Everything that is known of one person, whichever account it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_moment

MOST = 50


@dataclass(frozen=True, slots=True)
class Hers:
    """Who she is."""

    id: int
    name: str
    email: str | None
    phone: str | None
    language: str | None
    channel: str | None
    left_on: date | None
    opted_out: bool
    bounced: bool


@dataclass(frozen=True, slots=True)
class Belonging:
    """One account she belongs to, and what she is there."""

    account_id: int
    account: str
    parent: str | None
    title: str | None
    value_network: bool
    network_role: str | None
    left_on: date | None
    value_obtained: str | None
    bottleneck: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One thing about her: an entry, a ticket, a survey, a training, a reference, a mail, an event."""

    kind: str
    id: int
    account_id: int | None
    account: str | None
    on: date | None
    at: datetime | None
    what: str
    note: str | None
    state: str | None


_PARTS = {
    "activity": (
        "SELECT v.id, v.account_id, NULL AS day, v.at, v.subject, y.name, CASE WHEN v.state <> 'done' THEN v.state"
        " WHEN t.attended = FALSE THEN 'not there' WHEN v.internal = TRUE THEN 'internal' WHEN y.is_meeting = TRUE THEN 'met'"
        " ELSE NULL END FROM attendee t JOIN activity v ON v.id = t.activity_id JOIN activity_type y ON y.id = v.type_id"
        " WHERE t.person_id = :id AND v.superseded IS NULL ORDER BY v.at DESC, v.id DESC LIMIT :most"
    ),
    "ticket": (
        "SELECT id, account_id, NULL, opened, subject, priority, coalesce(status, CASE WHEN closed IS NULL THEN 'open' ELSE 'closed' END)"
        " FROM ticket WHERE person_id = :id AND superseded IS NULL ORDER BY opened DESC, id DESC LIMIT :most"
    ),
    "survey": (
        "SELECT id, account_id, answered, NULL, kind, comment, CAST(score AS TEXT) FROM survey"
        " WHERE person_id = :id AND superseded IS NULL ORDER BY answered DESC, id DESC LIMIT :most"
    ),
    "training": (
        "SELECT id, account_id, completed, NULL, course, CASE WHEN required = TRUE THEN 'required' ELSE NULL END,"
        " CASE WHEN completed IS NULL THEN 'not done' ELSE 'done' END FROM training"
        " WHERE person_id = :id AND superseded IS NULL ORDER BY completed DESC, id DESC LIMIT :most"
    ),
    "advocacy": (
        "SELECT id, account_id, coalesce(given_on, asked_on), NULL, kind, note,"
        " CASE WHEN given_on IS NULL THEN 'asked' ELSE 'given' END FROM advocacy"
        " WHERE person_id = :id AND superseded IS NULL ORDER BY asked_on DESC, id DESC LIMIT :most"
    ),
    "mail": (
        "SELECT id, account_id, NULL, coalesce(sent_at, due_at), subject, recipient, state FROM outbox"
        " WHERE person_id = :id AND NOT EXISTS (SELECT 1 FROM attendee t JOIN activity v ON v.id = t.activity_id"
        " WHERE t.activity_id = outbox.activity_id AND t.person_id = :id AND v.superseded IS NULL) ORDER BY id DESC LIMIT :most"
    ),
    "event": (
        "SELECT id, account_id, day, NULL, type, body, NULL FROM event"
        " WHERE person_id = :id AND superseded IS NULL ORDER BY day DESC, id DESC LIMIT :most"
    ),
}
"""Of each kind: id, account, day, moment, what, note, state; the latest MOST. A mail with an entry of hers is that entry."""


def hers(db: Db, person_id: int) -> Hers | None:
    """Who she is."""
    found = db.rows(
        Hers,
        "SELECT id, name, email, phone, language, channel, left_on, opted_out, bounced FROM person WHERE id = :id",
        id=person_id,
    )
    return found[0] if found else None


def belongings(db: Db, person_id: int) -> list[Belonging]:
    """Every account she belongs to, those whose network she is in first."""
    return db.rows(
        Belonging,
        "SELECT m.account_id, a.name AS account, u.name AS parent, m.title, m.value_network, m.network_role, m.left_on,"
        " m.value_obtained, m.bottleneck, m.confirmed_at, o.name AS confirmed_by FROM membership m"
        " JOIN account a ON a.id = m.account_id LEFT JOIN account u ON u.id = a.parent_id LEFT JOIN csm o ON o.id = m.confirmed_by_id"
        " WHERE m.person_id = :id ORDER BY m.value_network DESC, a.name, a.id",
        id=person_id,
    )


def things(db: Db, person_id: int) -> list[Found]:
    """What happened with her, a statement per kind; ``on`` is known for all that has a day."""
    found: list[Found] = []
    mailed = dict(db.all("SELECT activity_id, state FROM outbox WHERE person_id = :id AND activity_id IS NOT NULL", id=person_id))
    for kind, sql in _PARTS.items():
        for id_, account, day, at, what, note, state in db.all(sql, id=person_id, most=MOST):
            became = mailed.get(id_, state) if kind == "activity" else state
            found.append(Found(kind, id_, account, None, as_date(day), as_moment(at), what, note, became))
    names: dict[str, Any] = {}
    marks = db.marks("i", sorted({one.account_id for one in found if one.account_id}), names)
    called = dict(db.all(f"SELECT id, name FROM account WHERE id IN ({marks})", **names))
    return [
        Found(one.kind, one.id, one.account_id, called.get(one.account_id), one.on, one.at, one.what, one.note, one.state)
        for one in found
    ]


def met(db: Db, person_id: int, before: datetime) -> tuple[int, datetime, str, str | None, str] | None:
    """(entry, moment, subject, who logged it, account) of the last meeting or call she was at."""
    from db.query.network_sql import ANYBODY

    row = db.one(
        "SELECT v.id, v.at, v.subject, o.name, a.name FROM met x JOIN activity v ON v.id = x.activity_id"
        " JOIN account a ON a.id = v.account_id LEFT JOIN csm o ON o.id = v.author_id"
        " WHERE x.person_id = :id AND x.csm_id = :anybody AND x.at < :before ORDER BY x.at DESC, x.activity_id DESC LIMIT 1",
        id=person_id, anybody=ANYBODY, before=before,
    )  # fmt: skip
    at = None if row is None else as_moment(row[1])
    return None if row is None or at is None else (row[0], at, row[2], row[3], row[4])
