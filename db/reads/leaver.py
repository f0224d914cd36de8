"""Everything a CSM holds, and what speaks for whoever could take it: a fixed number of statements, however much it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db
from db.reads.task import SOME


@dataclass(frozen=True, slots=True)
class Book:
    """An account of hers. ``runs``: a transition of it runs already."""

    id: int
    name: str
    segment: str | None
    minutes_month: int | None
    served_by: str | None
    arr: int | None
    currency: str | None
    health: int | None
    renewal_date: date | None
    language: str | None
    region: str | None
    time_zone: str | None
    pool: str | None
    pool_zone: str | None
    pool_calendar: str | None
    pod_id: int | None
    escalations: int
    ctas: int
    runs: int | None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something she holds. ``account_id`` None: it is about no account; ``own``: the account is hers, so that it goes with it."""

    kind: str
    id: int
    title: str
    account_id: int | None
    account: str | None
    day: date | None
    own: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody active who could take accounts."""

    id: int
    login: str
    name: str
    role: str
    languages: str | None
    skills: str | None
    hours_week: int | None
    limit_percent: int


def book(db: Db, csm: int) -> list[Book]:
    """Her accounts, the largest first. A relationship under an account of hers goes with it; what was handed over to her
    and is still followed up is hers to hand on."""
    return db.rows(
        Book,
        "SELECT a.id, a.name, s.name AS segment, s.minutes_month, s.served_by, a.arr, a.currency,"
        " a.health, a.renewal_date, a.language, a.region, a.time_zone, p.name AS pool, p.time_zone AS pool_zone,"
        " p.calendar AS pool_calendar, a.pod_id,"
        " (SELECT count(*) FROM escalation e WHERE e.account_id = a.id AND e.closed_at IS NULL) AS escalations,"
        " (SELECT count(*) FROM cta c WHERE c.account_id = a.id AND c.status = 'open') AS ctas,"
        " (SELECT max(x.id) FROM transition x WHERE x.account_id = a.id AND x.state = 'started'"
        " AND x.kind <> 'cover') AS runs"
        " FROM account a LEFT JOIN segment s ON s.id = a.segment_id LEFT JOIN pool p ON p.id = a.pool_id"
        " WHERE a.owner_id = :csm AND a.status <> 'churned' AND NOT EXISTS (SELECT 1 FROM account h WHERE h.id = a.parent_id"
        " AND h.owner_id = :csm AND h.status <> 'churned') ORDER BY coalesce(a.arr, 0) DESC, a.id",
        csm=csm,
    )


def people(db: Db, but: int) -> list[Person]:
    """Active CSMs but her, by login."""
    return db.rows(
        Person,
        "SELECT id, login, name, role, languages, skills, hours_week, limit_percent FROM csm"
        " WHERE active = TRUE AND role = 'csm' AND id <> :but ORDER BY login",
        but=but,
    )


def touches(db: Db, accounts: Sequence[int], since: datetime) -> dict[int, dict[int, int]]:
    """By account how often each CSM was in touch since: entries she wrote, CTAs she closed there."""
    found: dict[int, dict[int, int]] = {}
    for start in range(0, len(accounts), SOME):
        params: dict[str, Any] = {}
        marks = db.marks("i", accounts[start : start + SOME], params)
        rows = db.all(
            "SELECT account_id, csm, count(*) FROM ("
            f"SELECT v.account_id, v.author_id AS csm FROM activity v WHERE v.account_id IN ({marks}) AND v.at >= :since"
            " AND v.superseded IS NULL AND v.author_id IS NOT NULL UNION ALL"
            f" SELECT c.account_id, c.owner_id FROM cta c WHERE c.account_id IN ({marks}) AND c.closed_at >= :since"
            " AND c.owner_id IS NOT NULL"
            ") w GROUP BY account_id, csm",
            since=since, **params,
        )  # fmt: skip
        for account, csm, n in rows:
            found.setdefault(account, {})[csm] = int(n)
    return found


def segments_held(db: Db) -> dict[int, dict[str, int]]:
    """By CSM her accounts by segment."""
    found: dict[int, dict[str, int]] = {}
    for csm, segment, n in db.all(
        "SELECT a.owner_id, s.name, count(*) FROM account a JOIN segment s ON s.id = a.segment_id WHERE a.owner_id IS NOT NULL"
        " AND a.status <> 'churned' GROUP BY a.owner_id, s.name"
    ):
        found.setdefault(csm, {})[segment] = int(n)
    return found


def coming(db: Db) -> dict[int, tuple[int, int, dict[str, int]]]:
    """By CSM what comes to her in transitions that run: accounts, their minutes a month, accounts by segment."""
    found: dict[int, tuple[int, int, dict[str, int]]] = {}
    for csm, segment, n, minutes in db.all(
        "SELECT x.to_csm_id, s.name, count(*), coalesce(sum(s.minutes_month), 0) FROM transition x JOIN account a ON a.id = x.account_id"
        " LEFT JOIN segment s ON s.id = a.segment_id WHERE x.state = 'started' AND x.kind <> 'cover' AND x.to_csm_id IS NOT NULL"
        " GROUP BY x.to_csm_id, s.name"
    ):
        had = found.get(csm, (0, 0, {}))
        found[csm] = (had[0] + int(n), had[1] + int(minutes), had[2] | ({segment: int(n)} if segment else {}))
    return found


def limits(db: Db) -> dict[str, int]:
    """By segment how many of its accounts one CSM holds at most."""
    return {row[0]: int(row[1]) for row in db.all("SELECT name, max_accounts FROM segment WHERE max_accounts IS NOT NULL")}


_OF = "a.id AS account_id, a.name AS account"
_OWN = "CASE WHEN a.owner_id = :csm THEN TRUE ELSE FALSE END AS own"
_HELD = {
    "CTA": f"SELECT 'CTA' AS kind, c.id, c.title, {_OF}, c.due AS day, {_OWN} FROM cta c JOIN account a ON a.id = c.account_id"
    " WHERE c.owner_id = :csm AND c.status = 'open' ORDER BY c.due, c.id",
    "task": f"SELECT 'task' AS kind, k.id, k.title, {_OF}, k.due AS day, {_OWN} FROM task k LEFT JOIN cta c ON c.id = k.cta_id"
    " LEFT JOIN transition x ON x.id = k.transition_id LEFT JOIN account a ON a.id = coalesce(k.account_id, c.account_id, x.account_id)"
    " WHERE k.owner_id = :csm AND k.status = 'open' AND (c.id IS NULL OR c.status = 'open')"
    " AND (x.id IS NULL OR x.state IN ('started', 'accepted')) ORDER BY k.due, k.id",
    "intervention": f"SELECT 'intervention' AS kind, i.id, i.stage AS title, {_OF}, NULL AS day, {_OWN} FROM intervention i"
    " JOIN account a ON a.id = i.account_id WHERE i.csm_id = :csm AND i.ended_at IS NULL ORDER BY i.id",
    "draft": f"SELECT 'draft' AS kind, d.id, d.kind AS title, {_OF}, NULL AS day, {_OWN} FROM draft d JOIN account a ON a.id = d.account_id"
    " WHERE d.author_id = :csm ORDER BY d.id",
    "meeting": f"SELECT 'meeting' AS kind, v.id, v.subject AS title, {_OF}, NULL AS day, {_OWN} FROM activity v"
    " JOIN account a ON a.id = v.account_id WHERE v.state = 'planned' AND v.superseded IS NULL AND v.at >= :now AND (v.author_id = :csm"
    " OR EXISTS (SELECT 1 FROM attendee w WHERE w.activity_id = v.id AND w.csm_id = :csm)) ORDER BY v.at, v.id",
    "mail": f"SELECT 'mail' AS kind, m.id, m.subject AS title, {_OF}, NULL AS day, {_OWN} FROM outbox m"
    " JOIN account a ON a.id = m.account_id WHERE m.sender_id = :csm AND m.state = 'queued' ORDER BY m.id",
    "goal": f"SELECT 'goal' AS kind, g.id, g.title, {_OF}, g.due AS day, {_OWN} FROM goal g JOIN account a ON a.id = g.account_id"
    " WHERE g.owner_id = :csm AND g.status = 'open' ORDER BY g.due, g.id",
    "risk": f"SELECT 'risk' AS kind, r.id, r.title, {_OF}, r.due AS day, {_OWN} FROM risk r JOIN account a ON a.id = r.account_id"
    " WHERE r.csm_id = :csm AND r.closed_on IS NULL ORDER BY r.id",
    "escalation": f"SELECT 'escalation' AS kind, e.id, e.title, {_OF}, e.next_update AS day, {_OWN} FROM escalation e"
    " JOIN account a ON a.id = e.account_id WHERE e.csm_id = :csm AND e.closed_at IS NULL ORDER BY e.id",
    "cover": "SELECT 'cover' AS kind, w.id, n.name AS title, NULL AS account_id, NULL AS account, w.last AS day, FALSE AS own FROM away w"
    " JOIN csm n ON n.id = w.csm_id WHERE w.cover_id = :csm AND w.ended_at IS NULL AND w.last >= :today ORDER BY w.first",
    "incoming": f"SELECT 'incoming' AS kind, x.id, coalesce(a.name, x.kind) AS title, {_OF}, x.target AS day, FALSE AS own"
    " FROM transition x LEFT JOIN account a ON a.id = x.account_id WHERE x.to_csm_id = :csm AND x.state IN ('started', 'accepted')"
    " ORDER BY x.target",
    "pool": "SELECT 'pool' AS kind, p.id, p.name AS title, NULL AS account_id, NULL AS account, NULL AS day, FALSE AS own"
    " FROM pool_member m JOIN pool p ON p.id = m.pool_id WHERE m.csm_id = :csm ORDER BY p.name",
    "pod": "SELECT 'pod' AS kind, d.id, d.name AS title, NULL AS account_id, NULL AS account, NULL AS day, FALSE AS own FROM pod_member m"
    " JOIN pod d ON d.id = m.pod_id WHERE m.csm_id = :csm AND d.active = TRUE ORDER BY d.name",
}
KINDS = tuple(_HELD)


def holds(db: Db, csm: int, now: datetime, today: date) -> list[Thing]:
    """Everything but her accounts, kind by kind."""
    found: list[Thing] = []
    for sql in _HELD.values():
        params: dict[str, Any] = {"csm": csm}
        params |= {"now": now} if ":now" in sql else {}
        params |= {"today": today} if ":today" in sql else {}
        found += db.rows(Thing, sql, **params)
    return found


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave as it was started."""

    id: int
    csm_id: int
    login: str
    name: str
    last_day: date
    is_gone: bool
    note: str | None
    started_at: datetime
    ended_at: datetime | None


def leaves(db: Db, csm: int | None = None) -> list[LeaveRow]:
    """Leaves, the latest first; hers alone where she is named."""
    only = "" if csm is None else " WHERE l.csm_id = :csm"
    return db.rows(
        LeaveRow,
        "SELECT l.id, l.csm_id, o.login, o.name, l.last_day, l.is_gone, l.note, l.started_at, l.ended_at FROM leave l"
        f" JOIN csm o ON o.id = l.csm_id{only} ORDER BY l.id DESC",
        **({} if csm is None else {"csm": csm}),
    )


def steps_by_day(db: Db, leave: int) -> list[tuple[date, int, int]]:
    """(day, steps due, of these still open) of the transitions of a leave."""
    from db.connection import as_date

    rows = db.all(
        "SELECT k.due, count(*), count(CASE WHEN k.status = 'open' THEN 1 END) FROM transition x JOIN task k ON k.transition_id = x.id"
        " WHERE x.leave_id = :leave AND x.state <> 'cancelled' AND k.due IS NOT NULL GROUP BY k.due ORDER BY k.due",
        leave=leave,
    )
    return [(day, int(due), int(left)) for value, due, left in rows if (day := as_date(value)) is not None]
