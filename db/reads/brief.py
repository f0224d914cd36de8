"""What a brief is filled with, and what has changed on an account since a moment, from the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_json, as_moment
from db.reads.account import TICKET_OPEN
from db.reads.transition_facts import colleagues

_MOST = 6


@dataclass(slots=True)
class About:
    """An account's facts in words and dates, section by section."""

    name: str
    industry: str | None = None
    region: str | None = None
    language: str | None = None
    segment: str | None = None
    go_live: date | None = None
    renewal: date | None = None
    notice: date | None = None
    health: int | None = None
    money: str | None = None
    call: str | None = None
    goals: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    usage: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)
    opportunities: list[str] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)
    latest: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Since:
    """One change."""

    at: datetime
    actor: str
    thing: str
    says: str


def about(db: Db, account_id: int, today: date) -> About:
    """The facts of one account, in as many statements whatever it has."""
    row = db.one(
        "SELECT a.name, a.industry, a.region, a.language, s.name, a.go_live, a.renewal_date, a.notice_date, a.health, a.arr, a.currency"
        " FROM account a LEFT JOIN segment s ON s.id = a.segment_id WHERE a.id = :id",
        id=account_id,
    )
    assert row is not None
    made = About(row[0], row[1], row[2], row[3], row[4], as_date(row[5]), as_date(row[6]), as_date(row[7]), row[8])
    if row[9] is not None:
        made.money = f"{row[10] or 'USD'} {row[9] // 100:,}"
    made.goals = [f"Goal: {title}" + (f", by {due}" if due else "") for title, due in _rows(
        db, "SELECT title, due FROM goal WHERE account_id = :id AND status = 'open' ORDER BY due, id", account_id)]  # fmt: skip
    made.products = [f"{name or 'A product'}: {units or '?'} units since {starts}" for name, units, starts in _rows(
        db, "SELECT p.name, u.units, u.starts FROM subscription u LEFT JOIN product p ON p.id = u.product_id WHERE u.account_id = :id"
        " AND u.superseded IS NULL AND (u.ends IS NULL OR u.ends >= :today) ORDER BY u.mrr DESC, u.id", account_id, today)]  # fmt: skip
    made.risks = [f"Risk: {title} ({kind}, {severity})" + (f", {owner} mends it" if owner else ", nobody owns it")
                  for title, kind, severity, owner in _rows(
        db, "SELECT title, kind, severity, coalesce(owner, department) FROM risk WHERE account_id = :id AND closed_on IS NULL"
        " ORDER BY opened_on DESC, id", account_id)]  # fmt: skip
    made.risks += [f"Escalation: {title}" + (f", next update {due}" if due else "") for title, due in _rows(
        db, "SELECT title, next_update FROM escalation WHERE account_id = :id AND closed_at IS NULL ORDER BY id", account_id)]  # fmt: skip
    made.risks += [f"Ticket: {subject} ({priority or 'no priority'})" for subject, priority in _rows(
        db, f"SELECT t.subject, t.priority FROM ticket t WHERE t.account_id = :id AND t.superseded IS NULL AND {TICKET_OPEN}"
        " ORDER BY t.opened DESC, t.id", account_id)]  # fmt: skip
    made.opportunities = [f"{kind.replace('_', ' ')} {name or ''}{f' due {due}' if due else ''}".strip() for kind, name, due in _rows(
        db, "SELECT type, name, due_date FROM opportunity WHERE account_id = :id AND superseded IS NULL AND state = 'open'"
        " ORDER BY due_date, id", account_id)]  # fmt: skip
    made.promises = [f"Promised: {step}, by {due}" for step, due in _rows(
        db, "SELECT coalesce(next_step, subject), next_step_due FROM activity WHERE account_id = :id AND superseded IS NULL"
        " AND next_step_due IS NOT NULL AND next_step_done_at IS NULL ORDER BY next_step_due DESC, id", account_id)]  # fmt: skip
    made.latest = [f"{str(at)[:10]} {kind}: {subject}" for at, kind, subject in _rows(
        db, "SELECT v.at, y.name, v.subject FROM activity v JOIN activity_type y ON y.id = v.type_id WHERE v.account_id = :id"
        " AND v.superseded IS NULL AND v.state = 'done' ORDER BY v.at DESC, v.id DESC", account_id)]  # fmt: skip
    calls = _rows(db, "SELECT call, reason FROM renewal_call WHERE account_id = :id AND superseded IS NULL ORDER BY day DESC", account_id)
    if calls:
        made.call = calls[0][0] + (f" ({calls[0][1]})" if calls[0][1] else "")
    return made


def _rows(db: Db, sql: str, account_id: int, today: date | None = None) -> list[tuple[Any, ...]]:
    params: dict[str, Any] = {"id": account_id, "most": _MOST} | ({} if today is None else {"today": today})
    return db.all(f"{sql} LIMIT :most", **params)


_WORDS = {"cta": "CTA", "activity": "Timeline", "account": "Account", "membership": "People", "risk": "Risk", "goal": "Goal",
          "escalation": "Escalation", "sentiment": "Sentiment", "brief": "Brief"}  # fmt: skip
_OF = {
    "cta": "SELECT id, title FROM cta WHERE account_id = :account",
    "activity": "SELECT id, subject FROM activity WHERE account_id = :account AND superseded IS NULL",
    "account": "SELECT id, name FROM account WHERE id = :account",
    "membership": "SELECT m.id, n.name FROM membership m JOIN person n ON n.id = m.person_id WHERE m.account_id = :account",
    "risk": "SELECT id, title FROM risk WHERE account_id = :account",
    "goal": "SELECT id, title FROM goal WHERE account_id = :account",
    "escalation": "SELECT id, title FROM escalation WHERE account_id = :account",
    "sentiment": "SELECT id, feeling FROM sentiment WHERE account_id = :account AND superseded IS NULL",
}
_QUIET = frozenset({"rank", "rescore_at", "recorded", "touched_at", "health_before"})


def since(db: Db, account_id: int, at: datetime, most: int = 40) -> list[Since]:
    """What changed on an account and what belongs to it after a moment, the latest first."""
    parts = " UNION ALL ".join(f"SELECT '{thing}' AS thing, f.* FROM ({sql}) f(id, label)" for thing, sql in _OF.items())
    if db.dialect == "sqlite":
        parts = " UNION ALL ".join(f"SELECT '{thing}' AS thing, * FROM ({sql})" for thing, sql in _OF.items())
        parts = f"SELECT thing, id, title AS label FROM ({parts})"
    rows = db.all(
        f"SELECT x.at, x.actor, c.thing, q.label, c.kind, c.fields FROM change c JOIN act x ON x.id = c.act_id JOIN ({parts}) q"
        " ON q.thing = c.thing AND q.id = c.thing_id WHERE x.at > :at ORDER BY c.id DESC LIMIT :most",
        account=account_id, at=at, most=most,
    )  # fmt: skip
    made = []
    for moment, actor, thing, label, kind, fields in rows:
        names = [name.removesuffix("_id").replace("_", " ") for name in (as_json(fields) or {}) if name not in _QUIET]
        if kind == "update" and not names:
            continue
        what = "new" if kind == "create" else "removed" if kind == "delete" else ", ".join(names[:4])
        when = as_moment(moment)
        assert when is not None
        made.append(Since(when, actor, thing, f"{_WORDS[thing]} {label}: {what}"))
    return made


__all__ = ["About", "Since", "about", "colleagues", "since"]
