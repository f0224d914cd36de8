"""Playbooks as they are stored, what runs of them, and how their steps went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db
from db.reads.task import OWNER

COLUMNS = "b.id, b.name, b.version, b.about, b.source, b.steps, b.active"
_NEWEST = "b.version = (SELECT max(n.version) FROM playbook n WHERE n.name = b.name)"


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a playbook."""

    id: int
    name: str
    version: int
    about: str
    source: str | None
    steps: list[dict[str, Any]]
    active: bool


@dataclass(frozen=True, slots=True)
class Counted(Stored):
    """The newest version of a playbook, and how often it runs and ran (any version)."""

    running: int
    runs: int


@dataclass(frozen=True, slots=True)
class Run:
    """A playbook that was applied."""

    id: int
    playbook: str
    version: int
    cta_id: int | None
    account_id: int | None
    csm_id: int | None
    transition_id: int | None
    account: str | None
    csm: str | None
    started_on: date
    ended_at: datetime | None
    tasks: int
    open: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dated step of a run, for adherence. ``is_over``: what it was for is closed."""

    playbook: str
    csm: str | None
    csm_name: str | None
    required: bool
    status: str
    due: date | None
    done_at: datetime | None
    waived: bool
    is_over: bool
    note: str | None
    time_zone: str | None


def newest(db: Db, name: str) -> Stored | None:
    """The newest version of this name."""
    rows = db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.name = :name ORDER BY b.version DESC LIMIT 1", name=name)
    return rows[0] if rows else None


def version(db: Db, name: str, number: int) -> Stored | None:
    """One version of a name."""
    rows = db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.name = :name AND b.version = :number", name=name, number=number)
    return rows[0] if rows else None


def by_id(db: Db, id_: int) -> Stored | None:
    """A version by its number in the store."""
    rows = db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.id = :id", id=id_)
    return rows[0] if rows else None


def current(db: Db, ids: list[int]) -> dict[int, Stored]:
    """For each of these versions the newest of its name that is in use; the version itself where none is."""
    params: dict[str, Any] = {}
    marks = db.marks("i", ids, params)
    found = db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.name IN (SELECT g.name FROM playbook g WHERE g.id IN ({marks}))"
                    " ORDER BY b.version", **params)  # fmt: skip
    by_name = {one.name: one for one in found if one.active}
    return {one.id: by_name.get(one.name, one) for one in found if one.id in ids}


def about(db: Db, what: str) -> list[Stored]:
    """The playbooks in use for this, the last written first."""
    return db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.about = :what AND b.active = TRUE ORDER BY b.id DESC", what=what)


def counted(db: Db) -> list[Counted]:
    """Every playbook by name, with its runs."""
    return db.rows(
        Counted,
        f"SELECT {COLUMNS}, coalesce(w.running, 0) AS running, coalesce(w.runs, 0) AS runs FROM playbook b LEFT JOIN"
        " (SELECT v.name, count(*) AS runs, count(CASE WHEN u.ended_at IS NULL AND EXISTS (SELECT 1 FROM task k WHERE k.run_id = u.id"
        " AND k.status = 'open') THEN 1 END) AS running FROM run u JOIN playbook v ON v.id = u.playbook_id GROUP BY v.name) w"
        f" ON w.name = b.name WHERE {_NEWEST} ORDER BY b.name",
    )


def versions(db: Db, name: str) -> list[Stored]:
    """Every version, the newest first."""
    return db.rows(Stored, f"SELECT {COLUMNS} FROM playbook b WHERE b.name = :name ORDER BY b.version DESC", name=name)


def runs(db: Db, where: str, limit: int = 200, **params: Any) -> list[Run]:
    """Runs that match a condition over ``u`` (run), the newest first."""
    return db.rows(
        Run,
        "SELECT u.id, b.name AS playbook, b.version, u.cta_id, coalesce(u.account_id, c.account_id, x.account_id) AS account_id, u.csm_id,"
        " u.transition_id, a.name AS account, n.login AS csm, u.started_on, u.ended_at,"
        " (SELECT count(*) FROM task k WHERE k.run_id = u.id) AS tasks,"
        " (SELECT count(*) FROM task k WHERE k.run_id = u.id AND k.status = 'open') AS open"
        " FROM run u JOIN playbook b ON b.id = u.playbook_id LEFT JOIN cta c ON c.id = u.cta_id"
        " LEFT JOIN transition x ON x.id = u.transition_id"
        " LEFT JOIN account a ON a.id = coalesce(u.account_id, c.account_id, x.account_id) LEFT JOIN csm n ON n.id = u.csm_id"
        f" WHERE {where} ORDER BY u.id DESC LIMIT :most",
        most=limit, **params,
    )  # fmt: skip


def outcomes(db: Db, first: date, last: date) -> list[Outcome]:
    """Every step due in a period, of any run."""
    return db.rows(
        Outcome,
        "SELECT b.name AS playbook, o.login AS csm, o.name AS csm_name, k.required, k.status, k.due, k.done_at,"
        " CASE WHEN k.waived_by_id IS NULL THEN FALSE ELSE TRUE END AS waived,"
        " CASE WHEN c.status = 'closed' OR u.ended_at IS NOT NULL OR x.state IN ('done', 'cancelled') THEN TRUE ELSE FALSE END AS is_over,"
        " k.note, p.time_zone"
        " FROM task k JOIN run u ON u.id = k.run_id JOIN playbook b ON b.id = u.playbook_id LEFT JOIN cta c ON c.id = k.cta_id"
        " LEFT JOIN transition x ON x.id = k.transition_id LEFT JOIN account a"
        " ON a.id = coalesce(k.account_id, c.account_id, x.account_id)"
        " LEFT JOIN pool p ON p.id = coalesce(c.pool_id, a.pool_id)"
        f" LEFT JOIN csm o ON o.id = {OWNER} WHERE k.due >= :first AND k.due <= :last",
        first=first, last=last,
    )  # fmt: skip
