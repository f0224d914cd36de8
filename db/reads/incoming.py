"""Whose a mail is: by what it answers, by its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.connection import Db
from db.reads.person import EMAIL


@dataclass(frozen=True, slots=True)
class Match:
    """The account a mail is of, who wrote it, and the mail of ours it answers. ``also``: other accounts she belongs to."""

    account_id: int
    account: str
    person_id: int | None = None
    person: str | None = None
    activity_id: int | None = None
    cta_id: int | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail of the outbox that was answered, or came back."""

    id: int
    account_id: int
    person_id: int | None
    activity_id: int | None
    cta_id: int | None
    state: str


def known(db: Db, key: str) -> str | None:
    """The account that a mail is logged on already, or where else it is; None when it is new."""
    found: str | None = db.scalar(
        "SELECT a.name FROM activity v JOIN account a ON a.id = v.account_id WHERE v.key = :key AND v.superseded IS NULL", key=key
    )
    if found is None:
        found = db.scalar("SELECT a.name FROM outbox b JOIN account a ON a.id = b.account_id WHERE b.key = :key", key=key)
    if found is None:
        found = db.scalar("SELECT sender FROM stray WHERE key = :key", key=key)
    return found


def ours(db: Db, address: str | None) -> tuple[int | None, str] | None:
    """(id, name) of the CSM, or (None, name) of the pool, whose address this is."""
    if not address:
        return None
    row = db.one("SELECT id, name FROM csm WHERE lower(email) = :address ORDER BY active DESC, id", address=address)
    if row is None:
        row = db.one("SELECT NULL, coalesce(sender_name, name) FROM pool WHERE lower(reply_to) = :address", address=address)
    return None if row is None else (row[0], row[1])


def sent(db: Db, key: str | None) -> SentMail | None:
    """The mail of the outbox with this key."""
    rows = db.rows(
        SentMail, "SELECT b.id, b.account_id, b.person_id, b.activity_id, b.cta_id, b.state FROM outbox b WHERE b.key = :key", key=key
    )
    return rows[0] if rows else None


def by_address(db: Db, address: str | None) -> list[int]:
    """The people with this address, else those who are known to write from it too."""
    if not address:
        return []
    found = db.all("SELECT n.id FROM person n WHERE lower(n.email) = :address ORDER BY n.id", address=address)
    if not found:
        found = db.all(
            "SELECT thing_id FROM external_id WHERE system = :system AND thing = 'person' AND lower(key) = :address", system=EMAIL,
            address=address,
        )  # fmt: skip
    return [row[0] for row in found]


def match(db: Db, sender: str | None, references: Sequence[str]) -> Match | None:
    """By the mail it answers, else by who wrote it, else by the domain of her address when it is one account's alone."""
    answered = _answered(db, references)
    people = by_address(db, sender)
    if answered is not None:
        account_id, activity_id, cta_id, person_id = answered
        writer = people[0] if people else None
        if writer is None and person_id is not None and not sender:
            writer = person_id
        return _named(db, account_id, writer, activity_id, cta_id)
    if people:
        params: dict[str, Any] = {}
        marks = db.marks("i", people, params)
        rows = db.all(
            "SELECT m.account_id, a.name, m.person_id, (SELECT max(v.at) FROM activity v JOIN attendee t ON t.activity_id = v.id"
            " WHERE v.account_id = m.account_id AND t.person_id = m.person_id AND v.superseded IS NULL) AS last, m.left_on"
            f" FROM membership m JOIN account a ON a.id = m.account_id WHERE m.person_id IN ({marks}) ORDER BY m.account_id",
            **params,
        )
        if rows:
            best = max(rows, key=lambda row: (row[4] is None, str(row[3] or "")))  # where she still is, before where she was
            others = tuple(dict.fromkeys(row[1] for row in rows if row[0] != best[0]))
            found = _named(db, best[0], best[2], None, None)
            return Match(found.account_id, found.account, found.person_id, found.person, also=others)
    domain = (sender or "").rpartition("@")[2]
    if domain:
        found_ = of_domain(db, domain, 2)
        if len(found_) == 1:
            return _named(db, found_[0][0], None, None, None)
    return None


def of_domain(db: Db, domain: str, limit: int) -> list[tuple[int, str]]:
    """(id, name) of the accounts that have this domain, relationships apart."""
    sql = "SELECT a.id, a.name FROM account a WHERE lower(a.domain) = :domain AND a.parent_id IS NULL ORDER BY a.id LIMIT :limit"
    return [(row[0], row[1]) for row in db.all(sql, domain=domain.casefold(), limit=limit)]


def _answered(db: Db, references: Sequence[str]) -> tuple[int, int | None, int | None, int | None] | None:
    """(account, entry, CTA, whom it was to) of the nearest mail it answers that is known here."""
    for key in references:
        row = db.one("SELECT b.account_id, b.activity_id, b.cta_id, b.person_id FROM outbox b WHERE b.key = :key", key=key)
        if row is None:
            row = db.one(
                "SELECT v.account_id, v.id, v.cta_id, NULL FROM activity v WHERE v.key = :key AND v.superseded IS NULL", key=key
            )
        if row is not None:
            return row[0], row[1], row[2], row[3]
    return None


def _named(db: Db, account_id: int, person_id: int | None, activity_id: int | None, cta_id: int | None) -> Match:
    account = db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
    person = None if person_id is None else db.scalar("SELECT name FROM person WHERE id = :id", id=person_id)
    return Match(account_id, account, person_id, person, activity_id, cta_id)
