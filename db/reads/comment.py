"""What colleagues say to each other: comments, who is mentioned in them, who follows whose CTA, what coaches think."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment; without an author Cockpit itself said it. ``mentioned`` are logins."""

    id: int
    cta: int
    author: str | None
    author_name: str | None
    body: str
    at: datetime
    asks_opinion: bool
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MentionRow:
    """Somebody was spoken to, in which comment on which CTA."""

    id: int
    comment: int
    cta: int
    account_id: int
    account: str
    title: str
    author: str | None
    author_name: str | None
    body: str
    at: datetime
    asks_opinion: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShadowRow:
    """Somebody follows a CTA; ``status`` closed means she followed it to its end."""

    id: int
    cta: int
    account: str
    title: str
    status: str
    outcome: str | None
    owner: str | None
    owner_name: str | None
    login: str
    name: str


_MENTIONS = (
    " FROM mention n JOIN comment m ON m.id = n.comment_id JOIN cta c ON c.id = m.cta_id JOIN account a ON a.id = c.account_id"
    " LEFT JOIN csm o ON o.id = m.author_id WHERE n.csm_id = :me"
)


def comments(db: Db, cta_id: int) -> list[CommentRow]:
    """The comments on one CTA, the earliest first, without who is mentioned."""
    return db.rows(
        CommentRow,
        "SELECT m.id, m.cta_id AS cta, o.login AS author, o.name AS author_name, m.body, m.at, m.asks_opinion"
        " FROM comment m LEFT JOIN csm o ON o.id = m.author_id WHERE m.cta_id = :id ORDER BY m.at, m.id",
        id=cta_id,
    )


def counts(db: Db, account_id: int) -> dict[int, int]:
    """How many comments there are on each CTA of an account; those without are missing."""
    rows = db.all(
        "SELECT m.cta_id, count(*) FROM comment m JOIN cta c ON c.id = m.cta_id WHERE c.account_id = :id GROUP BY m.cta_id",
        id=account_id,
    )
    return {row[0]: row[1] for row in rows}


def mentioned(db: Db, cta_id: int) -> dict[int, list[str]]:
    """The logins mentioned in each comment on one CTA."""
    found: dict[int, list[str]] = {}
    for comment_id, login in db.all(
        "SELECT n.comment_id, o.login FROM mention n JOIN comment m ON m.id = n.comment_id JOIN csm o ON o.id = n.csm_id"
        " WHERE m.cta_id = :id ORDER BY n.id",
        id=cta_id,
    ):
        found.setdefault(comment_id, []).append(login)
    return found


def mentions(db: Db, csm_id: int, *, unseen: bool, most: int) -> list[MentionRow]:
    """Where somebody was mentioned, the latest first."""
    only = " AND n.seen_at IS NULL" if unseen else ""
    return db.rows(
        MentionRow,
        "SELECT n.id, m.id AS comment, c.id AS cta, a.id AS account_id, a.name AS account, c.title, o.login AS author,"
        f" o.name AS author_name, m.body, m.at, m.asks_opinion, n.seen_at{_MENTIONS}{only} ORDER BY m.at DESC, n.id DESC LIMIT :most",
        me=csm_id, most=most,
    )  # fmt: skip


def unseen(db: Db, csm_id: int) -> int:
    """How many mentions she has not seen."""
    return int(db.scalar("SELECT count(*) FROM mention WHERE csm_id = :me AND seen_at IS NULL", me=csm_id))


def unseen_ids(db: Db, csm_id: int) -> dict[int, int]:
    """Her unseen mentions: id of the mention and its CTA."""
    rows = db.all(
        "SELECT n.id, m.cta_id FROM mention n JOIN comment m ON m.id = n.comment_id"
        " WHERE n.csm_id = :me AND n.seen_at IS NULL ORDER BY n.id",
        me=csm_id,
    )
    return {row[0]: row[1] for row in rows}


def shadows(db: Db, *, csm_id: int | None = None, cta_id: int | None = None, closed: bool = False) -> list[ShadowRow]:
    """Who follows which CTA; what is closed only when asked for."""
    parts, params = ["TRUE" if closed else "c.status = 'open'"], dict[str, Any]()
    if csm_id is not None:
        parts.append("s.csm_id = :me")
        params["me"] = csm_id
    if cta_id is not None:
        parts.append("s.cta_id = :cta")
        params["cta"] = cta_id
    return db.rows(
        ShadowRow,
        "SELECT s.id, c.id AS cta, a.name AS account, c.title, c.status, c.outcome, o.login AS owner, o.name AS owner_name,"
        " j.login, j.name FROM shadow s JOIN cta c ON c.id = s.cta_id JOIN account a ON a.id = c.account_id"
        f" LEFT JOIN csm o ON o.id = c.owner_id JOIN csm j ON j.id = s.csm_id WHERE {' AND '.join(parts)} ORDER BY s.id",
        **params,
    )
