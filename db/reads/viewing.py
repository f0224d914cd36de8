"""Looks at accounts: written in batches past the journal, read by whom they are about, counted for managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.connection import Db


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a pane of an account."""

    at: datetime
    account_id: int
    account: str | None
    pane: str


@dataclass(frozen=True, slots=True)
class Looked:
    """How much one CSM looked: panes, accounts, and the days on which she did."""

    login: str
    name: str
    looks: int
    accounts: int
    days: int
    last: datetime


def add(db: Db, rows: Sequence[tuple[int, int, datetime, str]]) -> None:
    """Keeps (csm, account, at, pane) looks."""
    db.many(
        "INSERT INTO viewing (csm_id, account_id, at, pane) VALUES (:csm, :account, :at, :pane)",
        [{"csm": csm, "account": account, "at": at, "pane": pane} for csm, account, at, pane in rows],
    )


def of(db: Db, csm_id: int, since: datetime, most: int) -> list[Look]:
    """One CSM's looks, the latest first."""
    return db.rows(
        Look,
        "SELECT w.at, w.account_id, a.name AS account, w.pane FROM viewing w LEFT JOIN account a ON a.id = w.account_id"
        " WHERE w.csm_id = :csm AND w.at >= :since ORDER BY w.at DESC, w.id DESC LIMIT :most",
        csm=csm_id, since=since, most=most,
    )  # fmt: skip


def counts(db: Db, since: datetime, csm_id: int | None = None) -> list[Looked]:
    """By CSM, whoever looked most first; a day is one of UTC."""
    one = " AND w.csm_id = :csm" if csm_id is not None else ""
    day = "substr(w.at, 1, 10)" if db.dialect == "sqlite" else "CAST(w.at AT TIME ZONE 'UTC' AS date)"
    return db.rows(
        Looked,
        f"SELECT o.login, o.name, count(*) AS looks, count(DISTINCT w.account_id) AS accounts, count(DISTINCT {day}) AS days,"
        f" max(w.at) AS last FROM viewing w JOIN csm o ON o.id = w.csm_id WHERE w.at >= :since{one}"
        " GROUP BY o.id, o.login, o.name ORDER BY count(*) DESC, o.login",
        since=since, **({"csm": csm_id} if csm_id is not None else {}),
    )  # fmt: skip


def oldest(db: Db) -> datetime | None:
    """When the first look still kept was; its number says, for they were written in their order."""
    from db.connection import as_moment

    return as_moment(db.scalar("SELECT at FROM viewing ORDER BY id LIMIT :one", one=1))


def forget(db: Db, before: datetime) -> int:
    """Removes what is older; only that is read."""
    first = db.scalar("SELECT id FROM viewing WHERE at >= :before ORDER BY id LIMIT :one", before=before, one=1)
    if first is None:
        return db.run("DELETE FROM viewing")
    return db.run("DELETE FROM viewing WHERE id < :first", first=first)
