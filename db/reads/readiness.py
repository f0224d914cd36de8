"""What the readiness of many accounts depends on, in one statement whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_moment
from db.reads.account import TICKET_OPEN

MARKS = 500
_OPEN_TICKET = f"k.superseded IS NULL AND {TICKET_OPEN.replace('t.', 'k.')}"
_URGENT = "lower(coalesce(k.priority, '')) IN ('p1', '1', 'urgent', 'critical', 'highest', 'blocker')"
_SELECT = (
    "SELECT a.id, a.name, o.login, s.name, a.renewal_date,"
    " CASE WHEN a.arr IS NOT NULL OR EXISTS (SELECT 1 FROM subscription u WHERE u.account_id = a.id AND u.superseded IS NULL"
    " AND (u.ends IS NULL OR u.ends >= {today})) THEN 1 ELSE 0 END,"
    " (SELECT count(*) FROM cta c WHERE c.account_id = a.id AND c.status = 'open' AND c.snoozed_at IS NULL AND (c.due < {today}"
    "  OR (c.due IS NULL AND NOT EXISTS (SELECT 1 FROM task k WHERE k.cta_id = c.id AND k.status = 'open')))),"
    " (SELECT max(v.at) FROM activity v WHERE v.account_id = a.id AND v.superseded IS NULL AND v.state = 'done' AND v.at < {before}"
    "  AND v.internal = FALSE),"
    " s.touch_days, s.network_min,"
    " (SELECT count(*) FROM membership m JOIN person n ON n.id = m.person_id WHERE m.account_id = a.id AND m.value_network = TRUE"
    "  AND m.left_on IS NULL AND n.left_on IS NULL),"
    " (SELECT count(*) FROM membership m JOIN person n ON n.id = m.person_id WHERE m.account_id = a.id AND m.value_network = TRUE"
    "  AND m.network_role = 'driver' AND m.left_on IS NULL AND n.left_on IS NULL),"
    " (SELECT count(*) FROM risk r WHERE r.account_id = a.id AND r.closed_on IS NULL AND r.owner IS NULL AND r.csm_id IS NULL),"
    " (SELECT count(*) FROM escalation e WHERE e.account_id = a.id AND e.closed_at IS NULL"
    "  AND (e.next_update IS NULL OR e.next_update < {today}))"
    f" + (SELECT count(*) FROM ticket k WHERE k.account_id = a.id AND {_OPEN_TICKET} AND {_URGENT}"
    "  AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id AND c.status = 'open')"
    "  AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.account_id = a.id AND e.closed_at IS NULL)),"
    " (SELECT max(f.day) FROM sentiment f WHERE f.account_id = a.id AND f.superseded IS NULL),"
    " (SELECT count(*) FROM goal g WHERE g.account_id = a.id AND g.status = 'open'),"
    " (SELECT count(*) FROM draft d WHERE d.account_id = a.id),"
    " (SELECT count(*) FROM activity v WHERE v.account_id = a.id AND v.superseded IS NULL AND v.inbound = TRUE AND v.at >= :lately"
    "  AND NOT EXISTS (SELECT 1 FROM activity w WHERE w.account_id = a.id AND w.superseded IS NULL AND w.inbound = FALSE"
    "  AND w.internal = FALSE AND w.at > v.at)), a.arr, a.go_live,"
    " (SELECT count(*) FROM escalation e WHERE e.account_id = a.id AND e.closed_at IS NULL), coalesce(p.time_zone, 'UTC')"
    " FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN segment s ON s.id = a.segment_id"
    " LEFT JOIN pool p ON p.id = a.pool_id"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one account."""

    account_id: int
    account: str
    owner: str | None
    segment: str | None
    renewal: date | None
    has_money: bool
    ctas_adrift: int
    last_activity: datetime | None
    touch_days: int | None
    network_min: int | None
    members: int
    drivers: int
    risks_adrift: int
    matters_adrift: int
    sentiment_on: date | None
    goals: int
    drafts: int
    unanswered: int
    arr: int | None
    go_live: date | None
    escalations: int
    time_zone: str
    """Of its pool; UTC without one."""


Days = Mapping[str, tuple[date, datetime]]
"""Today and its end in each time zone of a pool, and in UTC."""


def facts(db: Db, where: str, days: Days, lately: datetime, **params: Any) -> list[Facts]:
    """Of the accounts (``a``) that meet a condition, by name. ``lately``: mails younger than that."""
    for n, (zone, (today, before)) in enumerate(days.items()):
        params |= {f"zone{n}": zone, f"today{n}": today, f"before{n}": before}
    sql = _SELECT.format(today=_there("today", len(days)), before=_there("before", len(days)))
    rows = db.all(f"{sql} WHERE {where} ORDER BY a.name, a.id", lately=lately, **params)
    return [Facts(*(_READ.get(n, _same)(value) for n, value in enumerate(row))) for row in rows]


def _there(name: str, zones: int) -> str:
    """What it is where the account is."""
    return f"CASE coalesce(p.time_zone, 'UTC') {' '.join(f'WHEN :zone{n} THEN :{name}{n}' for n in range(zones))} END"


def _same(value: Any) -> Any:
    return value


_READ: dict[int, Callable[[Any], Any]] = {4: as_date, 5: bool, 7: as_moment, 14: as_date, 19: as_date}
"""What the driver's values of some columns are read as."""


def facts_of(db: Db, account_ids: Sequence[int], days: Days, lately: datetime) -> dict[int, Facts]:
    """The same of these accounts."""
    found: dict[int, Facts] = {}
    wanted = list(dict.fromkeys(account_ids))
    for start in range(0, len(wanted), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + MARKS], params)
        found |= {one.account_id: one for one in facts(db, f"a.id IN ({marks})", days, lately, **params)}
    return found
