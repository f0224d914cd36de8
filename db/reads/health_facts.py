"""What scorecards measure of many accounts at once: sums and newest rows, relationships counted to their parent.

Every statement is about one batch of accounts, so a batch costs the same number of statements whatever its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from db.connection import Db, as_date, as_json, as_moment
from db.reads.account import TICKET_HIGH, TICKET_OPEN
from db.reads.contact import contacts
from db.reads.network import network_facts

BATCH = 1_000
WEEKS_4, NPS_DAYS, CSAT_DAYS, GOAL_DAYS, EVENT_DAYS = 28, 180, 90, 90, 60
ACTIVE = ("active users", "active_users")
OVERDUE = ("invoice overdue", "invoice_overdue")
LATE, PAID = ("invoice_overdue", "invoice overdue"), ("invoice_paid", "invoice paid")
SCORED = "a.status = 'customer'"
"""Whose health is computed: customers. What others have stays as it is."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all accounts are judged by: read once a run."""

    features: dict[int, tuple[str, ...]]
    """Key features by product."""
    tickets_at: datetime | None
    """When tickets last came in; None when there never were any."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One NPS answer; ``person`` None when nobody is known by it."""

    person: int | None
    drives: bool
    score: int
    day: date


@dataclass(slots=True)
class RawFacts:
    """What is known of one account and its relationships, before anybody judges it. Usage in thousandths."""

    id: int
    go_live: date | None = None
    pool_id: int | None = None
    segment: str | None = None
    seats: dict[int, dict[int | None, int]] = field(default_factory=dict)
    """Units that run today by account of the family and product."""
    active: dict[int, tuple[date, int]] = field(default_factory=dict)
    """The newest count of active users by account of the family."""
    logins: dict[int, tuple[int | None, int | None, date]] = field(default_factory=dict)
    """(last 28 days, the 28 before, newest day) by account of the family."""
    used: dict[str, tuple[int, date]] = field(default_factory=dict)
    """(sum of 28 days, newest day) by metric."""
    network: tuple[int, int | None, int] = (0, None, 0)
    """(size, minimum, met in the window)."""
    nps: list[Answered] = field(default_factory=list)
    csat: list[tuple[int, int, date]] = field(default_factory=list)
    """(score, how many, newest day)."""
    urgent: list[datetime] = field(default_factory=list)
    """When each open urgent ticket was opened."""
    contact: datetime | None = None
    touch_days: int | None = None
    feeling: tuple[date, str] | None = None
    goals: list[tuple[str, date, date | None]] = field(default_factory=list)
    """(status, due, reached)."""
    overdue: dict[int, tuple[date, int]] = field(default_factory=dict)
    late_since: date | None = None
    paid_on: date | None = None


def shared(db: Db) -> Shared:
    """What a run is judged by."""
    rows = db.all("SELECT id, key_features FROM product WHERE key_features IS NOT NULL")
    features = {id_: tuple(str(one) for one in as_json(names) or ()) for id_, names in rows}
    fed = db.scalar("SELECT max(loaded_at) FROM feed WHERE kind IN ('ticket', 'tickets')")
    if fed is None:
        fed = db.scalar("SELECT max(recorded) FROM ticket WHERE superseded IS NULL")
    return Shared({id_: names for id_, names in features.items() if names}, as_moment(fed))


def batches(db: Db, after: int = 0, size: int = BATCH) -> list[int]:
    """The next accounts whose health is computed, by id."""
    sql = f"SELECT a.id FROM account a WHERE a.id > :after AND {SCORED} ORDER BY a.id LIMIT :size"
    return [row[0] for row in db.all(sql, after=after, size=size)]


def raw_facts(db: Db, ids: Sequence[int], today: date, now: datetime) -> dict[int, RawFacts]:
    """What is known of each of these accounts on a day (at most BATCH of them)."""
    params: dict[str, Any] = {}
    marks = db.marks("i", ids, params)
    found: dict[int, RawFacts] = {}
    roots: dict[int, list[int]] = {}
    for id_, parent, go_live, pool, segment in db.all(
        "SELECT a.id, a.parent_id, a.go_live, a.pool_id, s.name FROM account a LEFT JOIN segment s ON s.id = a.segment_id"
        f" WHERE a.id IN ({marks}) OR a.parent_id IN ({marks})",
        **params,
    ):
        roots.setdefault(id_, [])
        found[id_] = RawFacts(id_, as_date(go_live), pool, segment)
        if parent is not None:
            roots[id_].append(parent)
    wanted = set(ids)
    family = {id_: [found[root] for root in (id_, *parents) if root in wanted] for id_, parents in roots.items()}
    for part in (_seats, _usage, _newest, _answers, _marks, _tickets, _feelings, _goals, _invoices):
        part(db, list(family), family, today)
    for id_, row in contacts(db, list(wanted), now).items():
        found[id_].contact, found[id_].touch_days = row.last, row.touch_days
    for id_, network in network_facts(db, list(wanted), today).items():
        found[id_].network = network
    return {id_: found[id_] for id_ in ids if id_ in found}


Family = dict[int, list[RawFacts]]
"""By account: whose facts its own are."""


def _read(db: Db, sql: str, ids: Sequence[int], **more: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement with ``{ids}``."""
    params: dict[str, Any] = {}
    marks = db.marks("f", ids, params)
    return db.all(sql.format(ids=marks), **params, **more)


def _seats(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    sql = (
        "SELECT b.account_id, b.product_id, CAST(sum(b.units) AS BIGINT) FROM subscription b WHERE b.account_id IN ({ids})"
        " AND b.superseded IS NULL AND b.starts <= :today AND (b.ends IS NULL OR b.ends >= :today)"
        " GROUP BY b.account_id, b.product_id"
    )
    for id_, product, units in _read(db, sql, ids, today=today):
        for raw in family[id_]:
            raw.seats.setdefault(id_, {})[product] = units or 0


def _usage(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """Sums of the last four weeks and, of log-ins, of the four before."""
    sql = (
        "SELECT u.account_id, u.metric, CAST(sum(CASE WHEN u.day > :half THEN u.value END) AS BIGINT),"
        " CAST(sum(CASE WHEN u.day <= :half THEN u.value END) AS BIGINT), max(u.day) FROM usage u WHERE u.account_id IN ({ids})"
        " AND u.superseded IS NULL AND u.day > :start AND u.day <= :today GROUP BY u.account_id, u.metric"
    )
    half, start = today - timedelta(days=WEEKS_4), today - timedelta(days=2 * WEEKS_4)
    for id_, metric, recent, base, newest in _read(db, sql, ids, half=half, start=start, today=today):
        day = as_date(newest) or today
        for raw in family[id_]:
            if metric == "logins":
                raw.logins[id_] = (recent, base, day)
            total, last = raw.used.get(metric, (0, day))
            raw.used[metric] = (total + (recent or 0), max(last, day))


def _newest(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """The newest value of what is a level and not a count."""
    names = ", ".join(f"'{name}'" for name in (*ACTIVE, *OVERDUE))
    sql = (
        f"SELECT u.account_id, u.metric, u.day, u.value FROM usage u WHERE u.account_id IN ({{ids}}) AND u.metric IN ({names})"
        " AND u.superseded IS NULL AND u.day = (SELECT max(x.day) FROM usage x WHERE x.account_id = u.account_id"
        " AND x.metric = u.metric AND x.superseded IS NULL AND x.day <= :today) ORDER BY u.day, u.id"
    )
    for id_, metric, newest, value in _read(db, sql, ids, today=today):
        for raw in family[id_]:
            where = raw.active if metric in ACTIVE else raw.overdue
            where[id_] = (as_date(newest) or today, value)


def _answers(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """NPS answers, the latest last; a driver is one in the account that was asked about."""
    sql = (
        "SELECT v.account_id, v.person_id, m.network_role, v.score, v.answered FROM survey v"
        " LEFT JOIN membership m ON m.person_id = v.person_id AND m.account_id = v.account_id"
        " WHERE v.account_id IN ({ids}) AND lower(v.kind) = 'nps' AND v.superseded IS NULL AND v.answered > :since"
        " AND v.answered <= :today ORDER BY v.answered, v.id"
    )
    for id_, person, role, score, answered in _read(db, sql, ids, since=today - timedelta(days=NPS_DAYS), today=today):
        for raw in family[id_]:
            raw.nps.append(Answered(person, role == "driver", score, as_date(answered) or today))


def _marks(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """CSAT answers by mark."""
    sql = (
        "SELECT v.account_id, v.score, count(*), max(v.answered) FROM survey v WHERE v.account_id IN ({ids})"
        " AND lower(v.kind) = 'csat' AND v.superseded IS NULL AND v.answered > :since AND v.answered <= :today"
        " GROUP BY v.account_id, v.score"
    )
    for id_, score, count, newest in _read(db, sql, ids, since=today - timedelta(days=CSAT_DAYS), today=today):
        for raw in family[id_]:
            raw.csat.append((score, count, as_date(newest) or today))


def _tickets(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    sql = (
        "SELECT t.account_id, t.opened FROM ticket t WHERE t.account_id IN ({ids}) AND t.superseded IS NULL"
        f" AND {TICKET_HIGH} AND t.opened < :tomorrow AND (t.closed >= :tomorrow OR ({TICKET_OPEN}))"
    )
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    for id_, opened in _read(db, sql, ids, tomorrow=tomorrow):
        for raw in family[id_]:
            raw.urgent.append(as_moment(opened) or tomorrow)


def _feelings(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """The newest word of a CSM; of the family's the latest."""
    sql = (
        "SELECT e.account_id, e.day, e.feeling FROM sentiment e WHERE e.account_id IN ({ids}) AND e.superseded IS NULL"
        " AND e.day = (SELECT max(x.day) FROM sentiment x WHERE x.account_id = e.account_id AND x.superseded IS NULL"
        " AND x.day <= :today) ORDER BY e.day, e.id"
    )
    for id_, newest, feeling in _read(db, sql, ids, today=today):
        day = as_date(newest) or today
        for raw in family[id_]:
            if raw.feeling is None or day >= raw.feeling[0]:
                raw.feeling = (day, feeling)


def _goals(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    sql = (
        "SELECT g.account_id, g.status, g.due, g.reached_on FROM goal g WHERE g.account_id IN ({ids}) AND g.due IS NOT NULL"
        " AND g.status <> 'dropped' AND (g.status = 'open' OR g.due >= :since)"
    )
    for id_, status, due, reached in _read(db, sql, ids, since=today - timedelta(days=GOAL_DAYS)):
        for raw in family[id_]:
            raw.goals.append((status, as_date(due) or today, as_date(reached)))


def _invoices(db: Db, ids: Sequence[int], family: Family, today: date) -> None:
    """Since when invoices are said to be late, and when they were said to be paid."""
    names = ", ".join(f"'{name}'" for name in (*LATE, *PAID))
    sql = (
        f"SELECT e.account_id, e.type, min(e.day), max(e.day) FROM event e WHERE e.account_id IN ({{ids}}) AND e.type IN ({names})"
        " AND e.superseded IS NULL AND e.day > :since AND e.day <= :today GROUP BY e.account_id, e.type"
    )
    for id_, type_, first, last in _read(db, sql, ids, since=today - timedelta(days=EVENT_DAYS), today=today):
        for raw in family[id_]:
            if type_ in LATE:
                raw.late_since = min(filter(None, (raw.late_since, as_date(first))))
            else:
                raw.paid_on = max(filter(None, (raw.paid_on, as_date(last))))


def chosen(db: Db, ids: Sequence[int], where: str, params: dict[str, Any]) -> set[int]:
    """Which of these accounts a condition over ``a`` (and its owner, pool and segment) picks."""
    marks = db.marks("i", ids, params)
    sql = (
        "SELECT a.id FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE a.id IN ({marks}) AND {where}"
    )
    return {row[0] for row in db.all(sql, **params)}


def in_turn(ids: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    """These accounts, batch by batch."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
