"""Scores as they are kept: the latest of accounts, their history, people's words against them, what was touched since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_json, as_moment
from db.reads.health_facts import SCORED
from db.terms import ChangeKind

WITH_ACCOUNT = ("usage", "survey", "ticket", "activity", "membership", "subscription", "event", "goal", "sentiment", "override")
"""Tables whose rows are facts of the account they name."""
OF_ALL = ("segment", "product", "scorecard")
"""What all accounts are judged by."""
_THINGS = ", ".join(f"'{name}'" for name in (*WITH_ACCOUNT, *OF_ALL, "account", "attendee", "person"))
MOST_TOUCHED = 20_000
"""Changes that are looked at one by one; after more, everything is scored anew."""
_IN = 5_000


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What was kept of an account on a day."""

    account_id: int
    scorecard_id: int
    day: date
    total: int | None
    computed: int | None
    measures: dict[str, list[float | None]]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A person's word that holds."""

    id: int
    account_id: int
    measure: str | None
    value: int
    reason: str
    until: date
    login: str | None
    name: str | None
    set_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardRow:
    """One version of a scorecard."""

    id: int
    name: str
    version: int
    source: str
    active: bool


_SCORE = "s.account_id, s.scorecard_id, s.day, s.total, s.computed, s.measures"
_OVERRIDE = "r.id, r.account_id, r.measure, r.value, r.reason, r.until, o.login, o.name, r.set_at, r.ended_at"


def cards(db: Db) -> list[CardRow]:
    """Every version of every scorecard, the newest first."""
    return db.rows(CardRow, "SELECT id, name, version, source, active FROM scorecard ORDER BY id DESC")


def stored(db: Db, ids: Sequence[int]) -> dict[int, tuple[int | None, int | None, str]]:
    """(health, health before, status) of these accounts."""
    params: dict[str, Any] = {}
    marks = db.marks("i", ids, params)
    rows = db.all(f"SELECT id, health, health_before, status FROM account WHERE id IN ({marks})", **params)
    return {id_: (now, before, status) for id_, now, before, status in rows}


def latest(db: Db, ids: Sequence[int], on: date) -> dict[int, ScoreRow]:
    """The last score that was kept of each of these accounts on a day or before it."""
    params: dict[str, Any] = {"on": on}
    marks = db.marks("i", ids, params)
    rows = db.rows(
        ScoreRow,
        f"SELECT {_SCORE} FROM score s WHERE s.account_id IN ({marks}) AND s.day ="
        " (SELECT max(x.day) FROM score x WHERE x.account_id = s.account_id AND x.day <= :on)",
        **params,
    )
    return {row.account_id: row for row in rows}


def known_on(db: Db, ids: Sequence[int], at: datetime) -> dict[int, int]:
    """The health the store showed of these accounts at a moment, where it showed any."""
    params: dict[str, Any] = {"at": at}
    marks = db.marks("i", ids, params)
    rows = db.all(
        f"SELECT d.account_id, d.value FROM dated d WHERE d.account_id IN ({marks}) AND d.field = 'health' AND d.since <= :at"
        " AND (d.until IS NULL OR d.until > :at) AND d.value IS NOT NULL ORDER BY d.since, d.id",
        **params,
    )
    return {id_: int(value) for id_, value in rows}


def history(db: Db, account_id: int, since: date, until: date) -> list[ScoreRow]:
    """What was kept of an account from one day to another, the oldest first."""
    return db.rows(
        ScoreRow,
        f"SELECT {_SCORE} FROM score s WHERE s.account_id = :account AND s.day >= :since AND s.day <= :until ORDER BY s.day",
        account=account_id, since=since, until=until,
    )  # fmt: skip


def shown(db: Db, account_id: int, since: datetime) -> list[tuple[datetime, int | None]]:
    """What the store showed as health from a moment on: (since when, value), the oldest first."""
    rows = db.all(
        "SELECT d.since, d.value FROM dated d WHERE d.account_id = :account AND d.field = 'health'"
        " AND (d.until IS NULL OR d.until > :since) ORDER BY d.since, d.id",
        account=account_id, since=since,
    )  # fmt: skip
    return [(at, None if value is None else int(value)) for text, value in rows if (at := as_moment(text)) is not None]


def overrides(db: Db, ids: Sequence[int], on: date) -> dict[int, list[OverrideRow]]:
    """People's words that hold on a day, by account."""
    params: dict[str, Any] = {"on": on}
    marks = db.marks("i", ids, params)
    rows = db.rows(
        OverrideRow,
        f"SELECT {_OVERRIDE} FROM override r LEFT JOIN csm o ON o.id = r.csm_id WHERE r.account_id IN ({marks})"
        " AND r.ended_at IS NULL AND r.until >= :on ORDER BY r.id",
        **params,
    )
    found: dict[int, list[OverrideRow]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def unsaid(db: Db, ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """Of each of these accounts whose whole score somebody once said: (what she said last, the health before that)."""
    params: dict[str, Any] = {}
    marks = db.marks("i", ids, params)
    rows = db.all(
        "SELECT r.account_id, r.value, (SELECT d.value FROM dated d WHERE d.account_id = r.account_id AND d.field = 'health'"
        " AND d.until <= r.set_at ORDER BY d.id DESC LIMIT 1) FROM override r"
        f" WHERE r.account_id IN ({marks}) AND r.measure IS NULL ORDER BY r.id",
        **params,
    )
    return {id_: (value, None if then is None else int(then)) for id_, value, then in rows}


def all_overrides(db: Db, account_id: int) -> list[OverrideRow]:
    """Every word there was about an account, the newest first."""
    sql = f"SELECT {_OVERRIDE} FROM override r LEFT JOIN csm o ON o.id = r.csm_id WHERE r.account_id = :account ORDER BY r.id DESC"
    return db.rows(OverrideRow, sql, account=account_id)


def over(db: Db, today: date) -> list[int]:
    """Overrides whose last day has passed and that nobody ended yet."""
    return [row[0] for row in db.all("SELECT id FROM override WHERE ended_at IS NULL AND until < :today ORDER BY id", today=today)]


def keep(db: Db, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps scores of a day; the later of a day replaces the earlier."""
    if rows:
        db.many(
            "INSERT INTO score (account_id, scorecard_id, day, at, total, computed, measures)"
            " VALUES (:account_id, :scorecard_id, :day, :at, :total, :computed, :measures)"
            " ON CONFLICT (account_id, day) DO UPDATE SET scorecard_id = excluded.scorecard_id, at = excluded.at,"
            " total = excluded.total, computed = excluded.computed, measures = excluded.measures",
            rows,
        )


def sweep(db: Db) -> None:
    """Scores of accounts that are no more go too."""
    db.run("DELETE FROM score WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = score.account_id)")


def last_kept(db: Db) -> tuple[date, datetime] | None:
    """The day and moment of the newest score."""
    row = db.one("SELECT day, at FROM score ORDER BY day DESC, at DESC LIMIT :one", one=1)
    day, at = (as_date(row[0]), as_moment(row[1])) if row else (None, None)
    return (day, at) if day is not None and at is not None else None


def ends(db: Db) -> list[int]:
    """The last account of each pool whose health is computed: scored at the end of a pass over everything."""
    rows = db.all(f"SELECT max(a.id) FROM account a WHERE {SCORED} GROUP BY a.pool_id")
    return sorted(row[0] for row in rows)


def last_account(db: Db) -> int | None:
    """The last account one sees whose health is computed."""
    found = db.scalar(f"SELECT a.id FROM account a WHERE {SCORED} ORDER BY a.id DESC LIMIT :one", one=1)
    return None if found is None else int(found)


def is_kept(db: Db, account_id: int, day: date) -> bool:
    """Whether a score of that day is kept."""
    return db.scalar("SELECT 1 FROM score WHERE account_id = :id AND day = :day", id=account_id, day=day) is not None


def has_more(db: Db, most: int) -> bool:
    """Whether there are more accounts to score than ``most``."""
    sql = f"SELECT 1 FROM account a WHERE {SCORED} LIMIT :one OFFSET :most"
    return db.scalar(sql, one=1, most=most) is not None


def touched(db: Db, since: datetime) -> set[int] | None:
    """The accounts whose facts were changed at a moment or later, their parents too; None: everything.

    Acts that scored what they wrote do not count: scoring itself, and the making of a demo.
    """
    rows = db.all(
        "SELECT c.thing, c.thing_id, c.kind, CASE WHEN c.kind = 'delete' THEN c.fields END FROM act b JOIN change c ON c.act_id = b.id"
        f" WHERE b.at >= :since AND b.verb NOT IN ('score', 'demo') AND c.thing IN ({_THINGS}) LIMIT :most",
        since=since, most=MOST_TOUCHED + 1,
    )  # fmt: skip
    things: dict[str, set[int]] = {}
    accounts: set[int] = set()
    for thing, id_, kind, fields in rows:
        if kind == ChangeKind.DELETE and (gone := (as_json(fields) or {}).get("account_id")) is not None:
            accounts.add(gone)
        things.setdefault(thing, set()).add(id_)
    if len(rows) > MOST_TOUCHED or things.keys() & set(OF_ALL):
        return None
    accounts |= things.get("account", set())
    for name in WITH_ACCOUNT:
        accounts |= _accounts(db, f"SELECT DISTINCT account_id FROM {name} WHERE id IN", things.get(name, set()))
    met = "SELECT DISTINCT v.account_id FROM attendee t JOIN activity v ON v.id = t.activity_id WHERE t.id IN"
    accounts |= _accounts(db, met, things.get("attendee", set()))
    accounts |= _accounts(db, "SELECT DISTINCT account_id FROM membership WHERE person_id IN", things.get("person", set()))
    return accounts | _accounts(db, "SELECT DISTINCT parent_id FROM account WHERE parent_id IS NOT NULL AND id IN", accounts)


def scored_of(db: Db, ids: Sequence[int]) -> list[int]:
    """Of these accounts, those whose health is computed."""
    found: list[int] = []
    for start in range(0, len(ids), _IN):
        params: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + _IN], params)
        found += [row[0] for row in db.all(f"SELECT a.id FROM account a WHERE {SCORED} AND a.id IN ({marks}) ORDER BY a.id", **params)]
    return found


def _accounts(db: Db, sql: str, ids: set[int]) -> set[int]:
    found: set[int] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), _IN):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + _IN], params)
        found |= {row[0] for row in db.all(f"{sql} ({marks})", **params) if row[0] is not None}
    return found
