"""What became of accounts in the months after a day: contracts, scores and answers by their own dates, else what was known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_moment

MARKS = 500
History = dict[tuple[int, str], list[tuple[datetime, str | None]]]


def handed_over(db: Db, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(account, when it was handed over for good) in this span; the latest of each account."""
    rows = db.all(
        "SELECT g.account_id, max(t.accepted_at) FROM transition t JOIN (SELECT id AS transition_id, account_id FROM transition"
        " WHERE account_id IS NOT NULL UNION SELECT transition_id, account_id FROM transition_account) g ON g.transition_id = t.id"
        " WHERE t.kind <> 'cover' AND t.accepted_at >= :since AND t.accepted_at <= :until GROUP BY g.account_id ORDER BY 1",
        since=since, until=until,
    )  # fmt: skip
    return [(row[0], moment) for row in rows if (moment := as_moment(row[1])) is not None]


def untouched(db: Db, since: datetime, before: datetime) -> list[int]:
    """Accounts that were there before a moment, by a contract or as known, and have not changed hands since another."""
    rows = db.all(
        "SELECT a.id FROM account a WHERE a.parent_id IS NULL AND (EXISTS (SELECT 1 FROM dated d WHERE d.account_id = a.id"
        " AND d.field = 'status' AND d.since <= :before) OR EXISTS (SELECT 1 FROM subscription u WHERE u.account_id = a.id"
        " AND u.superseded IS NULL AND u.starts <= :day))"
        " AND NOT EXISTS (SELECT 1 FROM transition t WHERE t.account_id = a.id AND t.accepted_at >= :since AND t.kind <> 'cover')"
        " AND NOT EXISTS (SELECT 1 FROM transition_account m JOIN transition t ON t.id = m.transition_id WHERE m.account_id = a.id"
        " AND t.accepted_at >= :since AND t.kind <> 'cover') ORDER BY 1",
        since=since, before=before, day=before.date(),
    )  # fmt: skip
    return [row[0] for row in rows]


def history(db: Db, account_ids: Sequence[int]) -> History:
    """Status and health of accounts with when each began, the earliest first."""
    found: History = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        rows = db.all(
            f"SELECT account_id, field, value, since FROM dated WHERE field IN ('status', 'health') AND account_id IN ({marks})"
            " ORDER BY since, id",
            **params,
        )
        for account, field, value, since in rows:
            moment = as_moment(since)
            assert moment is not None
            found.setdefault((account, field), []).append((moment, value))
    return found


def terms(db: Db, account_ids: Sequence[int]) -> dict[int, list[tuple[date, date | None]]]:
    """(first day, last day) of the contracts of these accounts and their relationships; a last day of None runs on."""
    found: dict[int, list[tuple[date, date | None]]] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        rows = db.all(
            f"SELECT u.account_id, u.starts, u.ends FROM subscription u WHERE u.superseded IS NULL AND u.account_id IN ({marks})"
            " UNION ALL SELECT a.parent_id, u.starts, u.ends FROM subscription u JOIN account a ON a.id = u.account_id"
            f" WHERE u.superseded IS NULL AND a.parent_id IN ({marks})",
            **params,
        )
        for account, first, last in rows:
            day = as_date(first)
            assert day is not None
            found.setdefault(account, []).append((day, as_date(last)))
    return found


def scores(db: Db, account_ids: Sequence[int]) -> dict[int, list[tuple[date, int]]]:
    """(day, health) that a scorecard made of these accounts, the earliest first."""
    found: dict[int, list[tuple[date, int]]] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        rows = db.all(
            f"SELECT account_id, day, total FROM score WHERE total IS NOT NULL AND account_id IN ({marks}) ORDER BY day", **params
        )
        for account, on, total in rows:
            day = as_date(on)
            assert day is not None
            found.setdefault(account, []).append((day, int(total)))
    return found


def answers(db: Db, account_ids: Sequence[int]) -> dict[int, list[tuple[date, int | None, int]]]:
    """(day, person, NPS) of these accounts, the earliest first."""
    found: dict[int, list[tuple[date, int | None, int]]] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        rows = db.all(
            "SELECT account_id, answered, person_id, score FROM survey WHERE lower(kind) = 'nps' AND superseded IS NULL"
            f" AND account_id IN ({marks}) ORDER BY answered, id",
            **params,
        )
        for account, answered, person, score in rows:
            day = as_date(answered)
            assert day is not None
            found.setdefault(account, []).append((day, person, score))
    return found
