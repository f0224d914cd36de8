"""Tasks with what they are about: a CTA, an account, a side of a transition, somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db

SOME = 400
"""Ids in one statement; more are asked for in turn."""
RUNNING = (
    "(k.cta_id IS NULL OR c.status = 'open') AND (k.transition_id IS NULL OR x.state IN ('started', 'accepted'))"
    " AND u.ended_at IS NULL"
)
"""What a task is about still goes on."""
OWNER = "coalesce(k.owner_id, CASE WHEN k.role IS NULL THEN coalesce(c.owner_id, u.csm_id) END)"
"""Whose a task is: who is named, else who holds the CTA, or is new herself; a role that nobody has is nobody's."""
FROM = (
    "FROM task k LEFT JOIN cta c ON c.id = k.cta_id LEFT JOIN transition x ON x.id = k.transition_id"
    " LEFT JOIN run u ON u.id = k.run_id LEFT JOIN playbook b ON b.id = u.playbook_id"
    " LEFT JOIN account a ON a.id = coalesce(k.account_id, c.account_id, x.account_id)"
    " LEFT JOIN pool p ON p.id = coalesce(c.pool_id, a.pool_id)"
    f" LEFT JOIN csm o ON o.id = {OWNER}"
)
COLUMNS = (
    "k.id, k.key, k.title, k.position, k.status, k.due, k.required, k.gates, k.side, k.role, k.done_when, k.spec, k.note, k.done_at,"
    " k.run_id, k.cta_id, k.transition_id, a.id AS account_id, a.name AS account, u.csm_id, o.id AS owner_id, o.login AS owner,"
    " o.name AS owner_name, u.started_on, b.name AS playbook, b.version, c.title AS cta_title, c.due AS cta_due, k.waived_by_id,"
    " p.time_zone, p.calendar, c.owner_id AS cta_owner_id"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One task. ``account_id`` is the account it is about, ``csm_id`` who is new, ``owner_id`` whose it is to do."""

    id: int
    key: str | None
    title: str
    position: int
    status: str
    due: date | None
    required: bool
    gates: bool
    side: str | None
    role: str | None
    done_when: str | None
    spec: dict[str, Any] | None
    note: str | None
    done_at: datetime | None
    run_id: int | None
    cta_id: int | None
    transition_id: int | None
    account_id: int | None
    account: str | None
    csm_id: int | None
    owner_id: int | None
    owner: str | None
    owner_name: str | None
    started_on: date | None
    playbook: str | None
    version: int | None
    cta_title: str | None
    cta_due: date | None
    waived_by_id: int | None
    time_zone: str | None
    calendar: str | None
    cta_owner_id: int | None


def some(db: Db, where: str, order: str = "k.run_id, k.position, k.id", limit: int | None = None, **params: Any) -> list[Stored]:
    """The tasks that a condition over FROM matches."""
    cut = "" if limit is None else " LIMIT :most"
    more = {} if limit is None else {"most": limit}
    return db.rows(Stored, f"SELECT {COLUMNS} {FROM} WHERE {where} ORDER BY {order}{cut}", **params, **more)


def by_ids(db: Db, column: str, ids: Sequence[int]) -> list[Stored]:
    """The tasks whose ``id``, ``run_id``, ``cta_id`` … is one of these."""
    found: list[Stored] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), SOME):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + SOME], params)
        found += some(db, f"k.{column} IN ({marks})", **params)
    return found


def provable_runs(db: Db, accounts: Sequence[int] = (), csms: Sequence[int] = (), transitions: Sequence[int] = ()) -> list[int]:
    """The runs about these that have an open task which closes by itself (or is moot by itself)."""
    found: set[int] = set()
    for prefix, those, sql in (("a", accounts, _OF_ACCOUNTS), ("c", csms, _OF_CSMS), ("t", transitions, _OF_TRANSITIONS)):
        ids = sorted(set(those))
        for start in range(0, len(ids), SOME):
            params: dict[str, Any] = {}
            marks = db.marks(prefix, ids[start : start + SOME], params)
            found.update(row[0] for row in db.all(sql.format(marks=marks), **params))
    return sorted(found)


def every_provable_run(db: Db) -> list[int]:
    """Every run with an open task that closes by itself."""
    return [row[0] for row in db.all(f"SELECT DISTINCT k.run_id FROM task k WHERE {_PROVABLE} AND k.run_id IS NOT NULL ORDER BY k.run_id")]


def seen_runs(db: Db, since: datetime) -> list[int]:
    """The runs with an open step that asks to look at an account which somebody did look at since."""
    return [row[0] for row in db.all(
        "SELECT DISTINCT k.run_id FROM task k LEFT JOIN cta c ON c.id = k.cta_id LEFT JOIN transition x ON x.id = k.transition_id"
        " WHERE k.status = 'open' AND k.done_when IN ('account opened', 'account read', 'read') AND k.run_id IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM viewing v WHERE v.account_id = coalesce(k.account_id, c.account_id, x.account_id) AND v.at >= :since)",
        since=since,
    )]  # fmt: skip


_PROVABLE = "k.status = 'open' AND k.done_when IS NOT NULL"
_OF_ACCOUNTS = (
    f"SELECT k.run_id FROM cta c JOIN task k ON k.cta_id = c.id WHERE c.account_id IN ({{marks}}) AND c.status = 'open' AND {_PROVABLE}"
    " AND k.run_id IS NOT NULL"
    f" UNION SELECT k.run_id FROM task k WHERE k.account_id IN ({{marks}}) AND {_PROVABLE} AND k.run_id IS NOT NULL"
    f" UNION SELECT k.run_id FROM transition x JOIN task k ON k.transition_id = x.id WHERE x.account_id IN ({{marks}})"
    f" AND x.state IN ('started', 'accepted') AND {_PROVABLE} AND k.run_id IS NOT NULL"
    " UNION SELECT k.run_id FROM transition_account y JOIN transition x ON x.id = y.transition_id JOIN task k ON k.transition_id = x.id"
    f" WHERE y.account_id IN ({{marks}}) AND x.state IN ('started', 'accepted') AND {_PROVABLE} AND k.run_id IS NOT NULL"
)
_OF_CSMS = (
    f"SELECT k.run_id FROM run u JOIN task k ON k.run_id = u.id WHERE u.csm_id IN ({{marks}}) AND u.ended_at IS NULL AND {_PROVABLE}"
)
_OF_TRANSITIONS = f"SELECT k.run_id FROM task k WHERE k.transition_id IN ({{marks}}) AND {_PROVABLE} AND k.run_id IS NOT NULL"
