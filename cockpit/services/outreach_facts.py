"""What a template may say of an account, its people and who writes: read for many accounts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from cockpit.domain.money import full
from cockpit.domain.say import day
from db.connection import Db, as_date

_BATCH = 500
SAMPLE: Mapping[str, Mapping[str, Any]] = {
    "account": {
        "name": "Acme", "segment": "small", "stage": "adoption", "region": "EMEA", "arr": "$12,000", "health": 70,
        "renewal_date": "Fri 4 Dec 2026", "renews_in_days": 41, "go_live": "Mon 1 Jun 2026", "live_days": 180,
    },
    "person": {"name": "Kim Park", "first_name": "Kim", "title": "Head of Operations", "email": "kim@acme.example"},
    "csm": {"name": "Ana Ruiz", "first_name": "Ana", "email": "ana@us.example"},
    "pool": {"name": "West", "sender": "The West team", "reply_to": "west@us.example"},
    "report": {
        "from": "Tue 27 Oct 2026", "to": "Mon 23 Nov 2026", "logins": 412, "logins_before": 380, "change_percent": 8, "active_users": 31,
        "tickets_opened": 3, "tickets_closed": 4, "tickets_open": 1,
    },
    "today": {"day": "Mon 23 Nov 2026", "month": "November", "year": 2026},
}  # fmt: skip
"""Everything there is to say, with values as they look; what is not known of an account is None."""
WINDOW = 28


_FAMILY = (
    "(SELECT r.id AS root, r.id FROM account r WHERE r.id IN ({ids}) UNION ALL"
    " SELECT k.parent_id, k.id FROM account k WHERE k.parent_id IN ({ids})) f"
)
"""Each account with its relationships: what they use and ask counts to it, as in its panes."""


def of_accounts(db: Db, ids: Sequence[int], today: date, zone: tzinfo = UTC) -> dict[int, dict[str, dict[str, Any]]]:
    """``account``, ``pool`` and ``report`` of each: three statements for any number up to a batch; days are the reader's."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for start in range(0, len(ids), _BATCH):
        params: dict[str, Any] = {}
        marks = db.marks("i", ids[start : start + _BATCH], params)
        usage, tickets = _usage(db, marks, params, today), _tickets(db, marks, params, today, zone)
        for row in db.all(
            "SELECT a.id, a.name, s.name, a.stage, a.region, a.arr, a.currency, a.health, a.renewal_date, a.go_live, p.name,"
            " p.sender_name, p.reply_to FROM account a LEFT JOIN segment s ON s.id = a.segment_id"
            f" LEFT JOIN pool p ON p.id = a.pool_id WHERE a.id IN ({marks})",
            **params,
        ):
            found[row[0]] = {
                "account": _account(row, today),
                "pool": {"name": row[10], "sender": row[11], "reply_to": row[12]},
                "report": _report(usage.get(row[0], {}), tickets.get(row[0]), today),
            }
    return found


def of_person(name: str, title: str | None, email: str | None) -> dict[str, Any]:
    """``person``."""
    return {"name": name, "first_name": _first(name), "title": title, "email": email}


def of_csm(name: str, email: str | None) -> dict[str, Any]:
    """``csm``: who writes."""
    return {"name": name, "first_name": _first(name), "email": email}


def of_day(today: date) -> dict[str, Any]:
    """``today``."""
    return {"day": day(today), "month": f"{today:%B}", "year": today.year}


def _first(name: str) -> str:
    return name.partition(" ")[0] if "," not in name else name.partition(",")[2].strip().partition(" ")[0] or name


def _account(row: tuple[Any, ...], today: date) -> dict[str, Any]:
    renewal, live = as_date(row[8]), as_date(row[9])
    return {
        "name": row[1], "segment": row[2], "stage": row[3], "region": row[4],
        "arr": None if row[5] is None else full(int(row[5]), row[6] or "USD"), "health": row[7],
        "renewal_date": None if renewal is None else day(renewal),
        "renews_in_days": None if renewal is None else (renewal - today).days,
        "go_live": None if live is None else day(live), "live_days": None if live is None else (today - live).days,
    }  # fmt: skip


def _usage(db: Db, marks: str, params: Mapping[str, Any], today: date) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for account, metric, late, early, most in db.all(
        "SELECT f.root, u.metric, SUM(CASE WHEN u.day > :middle THEN u.value END),"
        " SUM(CASE WHEN u.day <= :middle THEN u.value END), MAX(CASE WHEN u.day > :middle THEN u.value END)"
        f" FROM {_FAMILY.format(ids=marks)} JOIN usage u ON u.account_id = f.id"
        " WHERE u.metric IN ('logins', 'active users') AND u.superseded IS NULL"
        " AND u.day > :first AND u.day <= :last GROUP BY f.root, f.id, u.metric",
        middle=today - timedelta(days=WINDOW), first=today - timedelta(days=2 * WINDOW), last=today, **params,
    ):  # fmt: skip
        named = (("logins", late), ("logins_before", early)) if metric == "logins" else (("active_users", most),)
        of = found.setdefault(account, {})
        for key, value in named:
            if value is not None:
                of[key] = of.get(key, 0) + int(value)
    return {account: {key: value // 1000 for key, value in of.items()} for account, of in found.items()}


def _tickets(
    db: Db, marks: str, params: Mapping[str, Any], today: date, zone: tzinfo
) -> dict[int, tuple[int, int, int]]:
    return {
        row[0]: (int(row[1] or 0), int(row[2] or 0), int(row[3] or 0))
        for row in db.all(
            "SELECT f.root, SUM(CASE WHEN k.opened >= :first THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN k.closed >= :first THEN 1 ELSE 0 END), SUM(CASE WHEN k.closed IS NULL THEN 1 ELSE 0 END)"
            f" FROM {_FAMILY.format(ids=marks)} JOIN ticket k ON k.account_id = f.id WHERE k.superseded IS NULL GROUP BY f.root",
            first=datetime.combine(today - timedelta(days=WINDOW - 1), time(), zone).astimezone(UTC), **params,
        )
    }  # fmt: skip


def _report(usage: Mapping[str, int], tickets: tuple[int, int, int] | None, today: date) -> dict[str, Any]:
    logins, before = usage.get("logins"), usage.get("logins_before")
    change = round(100 * (logins - before) / before) if logins is not None and before else None
    opened, closed, still = tickets or (None, None, None)
    return {
        "from": day(today - timedelta(days=WINDOW - 1)), "to": day(today), "logins": logins, "logins_before": before,
        "change_percent": change, "active_users": usage.get("active_users"), "tickets_opened": opened, "tickets_closed": closed,
        "tickets_open": still,
    }  # fmt: skip
