"""Who can be written to, how often that was done of late, and where it is to be quiet: for many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db

HOST = (
    "FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
    " LEFT JOIN segment s ON s.id = a.segment_id"
)
TO = {
    "drivers": "m.network_role = 'driver'",
    "generators": "m.network_role = 'generator'",
    "network": "m.value_network = TRUE",
    "all": "TRUE",
}
"""Whom of an account a mail is for."""
_BATCH = 900


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of an account that a mail is meant for, with what the rules ask about both."""

    account_id: int
    account: str
    served_by: str
    owner_id: int | None
    owner_email: str | None
    owner_name: str | None
    pool_sender: str | None
    pool_reply: str | None
    time_zone: str | None
    calendar: str | None
    account_language: str | None
    person_id: int
    person: str
    email: str | None
    title: str | None
    language: str | None
    opted_out: bool
    bounced: bool
    left_on: date | None
    left_here_on: date | None


_COLUMNS = (
    "a.id AS account_id, a.name AS account, a.served_by, a.owner_id, o.email AS owner_email, o.name AS owner_name,"
    " p.sender_name AS pool_sender, p.reply_to AS pool_reply, p.time_zone, p.calendar, a.language AS account_language,"
    " n.id AS person_id, n.name AS person, n.email, m.title, n.language, n.opted_out, n.bounced, n.left_on,"
    " m.left_on AS left_here_on"
)


def candidates(db: Db, where: str, params: dict[str, Any], to: str) -> list[Candidate]:
    """The people of the accounts a condition picks that ``to`` means, by account."""
    return db.rows(
        Candidate,
        f"SELECT {_COLUMNS} {HOST} JOIN membership m ON m.account_id = a.id JOIN person n ON n.id = m.person_id"
        f" WHERE {where} AND {TO[to]} ORDER BY a.id, n.id",
        **params,
    )


def people(db: Db, account_id: int, person_ids: Sequence[int]) -> list[Candidate]:
    """These people of one account, or of a relationship under it, in this order."""
    params: dict[str, Any] = {"account": account_id}
    marks = db.marks("i", list(person_ids), params)
    rows = db.rows(
        Candidate,
        f"SELECT {_COLUMNS} {HOST} JOIN person n ON n.id IN ({marks}) LEFT JOIN membership m ON m.person_id = n.id"
        " AND m.account_id = a.id WHERE a.id = :account",
        **params,
    )
    by_id = {row.person_id: row for row in rows}
    return [by_id[id_] for id_ in dict.fromkeys(person_ids) if id_ in by_id]


def accounts(db: Db, where: str, params: dict[str, Any]) -> list[tuple[int, str]]:
    """(id, name) of the accounts a condition picks."""
    return [(row[0], row[1]) for row in db.all(f"SELECT a.id, a.name {HOST} WHERE {where} ORDER BY a.id", **params)]


def lately(db: Db, person_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """How many outreaches each of these people had since, those that wait to be sent included."""
    found: dict[int, int] = {}
    for start in range(0, len(person_ids), _BATCH):
        params: dict[str, Any] = {"since": since}
        marks = db.marks("i", list(person_ids[start : start + _BATCH]), params)
        found |= {
            row[0]: int(row[1])
            for row in db.all(
                "SELECT t.person_id, count(*) FROM attendee t JOIN activity v ON v.id = t.activity_id"
                " JOIN activity_type y ON y.id = v.type_id WHERE lower(y.name) = 'outreach' AND v.superseded IS NULL"
                f" AND v.inbound = FALSE AND v.state <> 'cancelled' AND v.at >= :since AND t.person_id IN ({marks})"
                " GROUP BY t.person_id",
                **params,
            )
        }
    return found


def escalated(db: Db) -> frozenset[int]:
    """Accounts with an open escalation."""
    return frozenset(row[0] for row in db.all("SELECT DISTINCT account_id FROM escalation WHERE closed_at IS NULL"))


def changing_hands(db: Db) -> frozenset[int]:
    """Accounts whose transition runs; while somebody is only covered for, nothing changes for the customer."""
    return frozenset(
        row[0]
        for row in db.all(
            "SELECT x.account_id FROM transition x WHERE x.state = 'started' AND x.kind <> 'cover' AND x.account_id IS NOT NULL"
            " UNION SELECT y.account_id FROM transition_account y JOIN transition x ON x.id = y.transition_id"
            " WHERE x.state = 'started' AND x.kind <> 'cover'"
        )
    )
