"""The outbox: what waits to be sent, what is in hand, what became of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail of the outbox with whom it is to, and in whose name."""

    id: int
    key: str
    account_id: int
    account: str
    person_id: int | None
    person: str | None
    cta_id: int | None
    activity_id: int | None
    template: str | None
    sender_id: int | None
    sender: str | None
    sender_name: str | None
    sender_email: str | None
    served_by: str
    pool_sender: str | None
    pool_reply: str | None
    batch: str | None
    channel: str
    recipient: str
    cc: str | None
    subject: str
    body: str
    state: str
    due_at: datetime | None
    stops_on_reply: bool
    attempts: int
    taken_at: datetime | None
    sent_at: datetime | None
    trouble: str | None
    opted_out: bool | None
    bounced: bool | None
    has_left: bool | None
    by_hand: bool


_SQL = (
    "SELECT b.id, b.key, b.account_id, a.name AS account, b.person_id, n.name AS person, b.cta_id, b.activity_id,"
    " t.name AS template, b.sender_id, o.login AS sender, o.name AS sender_name, o.email AS sender_email, a.served_by,"
    " p.sender_name AS pool_sender, p.reply_to AS pool_reply, b.batch, b.channel, b.recipient, b.cc, b.subject, b.body, b.state,"
    " b.due_at, b.stops_on_reply, b.attempts, b.taken_at, b.sent_at, b.trouble, n.opted_out, n.bounced,"
    " CASE WHEN n.left_on IS NULL THEN FALSE ELSE TRUE END AS has_left,"
    " CASE WHEN b.batch LIKE 'letter %' THEN TRUE ELSE FALSE END AS by_hand"
    " FROM outbox b JOIN account a ON a.id = b.account_id LEFT JOIN pool p ON p.id = a.pool_id"
    " LEFT JOIN person n ON n.id = b.person_id LEFT JOIN template t ON t.id = b.template_id LEFT JOIN csm o ON o.id = b.sender_id"
)
LIVE = "CASE b.state WHEN 'unsure' THEN 0 WHEN 'failed' THEN 1 WHEN 'sending' THEN 2 WHEN 'queued' THEN 3 WHEN 'sent' THEN 4 ELSE 5 END"
"""What a person has to decide on comes first."""
WAITING = "b.state = 'queued' AND (b.due_at IS NULL OR b.due_at <= :now)"


def some(db: Db, where: str, params: dict[str, Any], limit: int | None = None) -> list[Stored]:
    """The mails a condition over ``b`` picks, those to decide on first, then the latest."""
    most = "" if limit is None else " LIMIT :most"
    bound = params if limit is None else {**params, "most": limit}
    return db.rows(Stored, f"{_SQL} WHERE {where} ORDER BY {LIVE}, b.id DESC{most}", **bound)


def these(db: Db, ids: Sequence[int]) -> list[Stored]:
    """Mails by id."""
    params: dict[str, Any] = {}
    marks = db.marks("i", list(ids), params)
    return db.rows(Stored, f"{_SQL} WHERE b.id IN ({marks}) ORDER BY b.id", **params)


def waiting(db: Db, now: datetime, channel: str, limit: int, batch: str | None = None, by: int | None = None) -> list[int]:
    """The mails of a channel that may go now, the oldest first; files are written where their sender sits (``by``)."""
    params: dict[str, Any] = {} if batch is None else {"batch": batch}
    only = "" if batch is None else " AND b.batch = :batch"
    if channel != "smtp" and batch is None:
        only, params = " AND b.sender_id = :by", {"by": by or 0}
    sql = f"SELECT b.id FROM outbox b WHERE {WAITING} AND b.channel = :channel{only} ORDER BY b.id LIMIT :most"
    return [row[0] for row in db.all(sql, now=now, channel=channel, most=limit, **params)]


def in_hand_since(db: Db, before: datetime) -> list[tuple[int, str]]:
    """(id, channel) of the mails that somebody took before this moment and said no more about."""
    sql = "SELECT b.id, b.channel FROM outbox b WHERE b.state = 'sending' AND b.taken_at < :before ORDER BY b.id"
    return [(row[0], row[1]) for row in db.all(sql, before=before)]


def counts(db: Db) -> dict[str, int]:
    """How many mails there are in each state."""
    return {row[0]: int(row[1]) for row in db.all("SELECT b.state, count(*) FROM outbox b GROUP BY b.state")}
