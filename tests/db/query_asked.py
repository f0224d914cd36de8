"""Queries, and what each asks of a CTA and its account, in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.domain import money
from cockpit.domain.scorecard import health_trend
from tests.db.query_world import NOW, TODAY, World, day

Row = dict[str, Any]
Ask = Callable[[World, Row, Row], bool]


def age(moment: datetime | date | None) -> int | None:
    """Days between a day and today; the zone of these tests is UTC."""
    if moment is None:
        return None
    return (TODAY - (moment.date() if isinstance(moment, datetime) else moment)).days


def less(value: Any, limit: Any) -> bool:
    return value is not None and value < limit


def more(value: Any, limit: Any) -> bool:
    return value is not None and value > limit


def arr(a: Row) -> float | None:
    return None if a["arr"] is None else a["arr"] / 10 ** money.exponent(a["currency"] or "USD")


def nps(w: World, a: Row) -> Row | None:
    found = [s for s in w.of("survey", account_id=a["id"]) if s["kind"].lower() == "nps"]
    return max(found, key=lambda s: (s["answered"], s["id"]), default=None)


def learned_age(fact: Row | None, key: str) -> int | None:
    if fact is None:
        return None
    own = age(fact[key])
    return own if own is not None and own > 30 else age(fact["recorded"])


def csat(w: World, a: Row) -> float | None:
    found = [s["score"] for s in w.of("survey", account_id=a["id"], kind="csat") if 0 <= (age(s["answered"]) or 0) < 90]
    return sum(found) / len(found) if found else None


def open_tickets(w: World, a: Row, p1: bool = False) -> int:
    return sum(
        t["closed"] is None and (t["status"] or "").lower() not in ("closed", "solved", "resolved", "done")
        and (not p1 or (t["priority"] or "").lower() in ("p1", "urgent"))
        for t in w.of("ticket", account_id=a["id"])
    )  # fmt: skip


def logins(w: World, a: Row, first: int, last: int = 0) -> int | None:
    found = w.of("usage", account_id=a["id"], metric="logins")
    inside = [u["value"] for u in found if last <= (age(u["day"]) or 0) <= first]
    return sum(inside) // 1000 if inside else None


def ever(w: World, a: Row, days: int) -> int | None:
    return (logins(w, a, days - 1) or 0) if w.of("usage", account_id=a["id"], metric="logins") else None


def drop(w: World, a: Row) -> float | None:
    recent, base = logins(w, a, 27), logins(w, a, 55, 28)
    return (base - recent) / base if base and recent is not None else None


def touch(w: World, a: Row) -> datetime | None:
    return max((v["at"] for v in w.of("activity", account_id=a["id"]) if v["at"] <= NOW), default=None)


def network(w: World, a: Row) -> tuple[int, int]:
    family = {k["id"] for k in w.of("account") if a["id"] in (k["id"], k["parent_id"])}
    members = {
        m["person_id"] for m in w.of("membership", value_network=True)
        if m["account_id"] in family and not less(w.tables["person"][m["person_id"] - 1]["left_on"], day(1))
    }  # fmt: skip
    window = 60 if a["go_live"] and a["go_live"] > day(-90) else 90
    met = {
        t["person_id"] for t in w.of("attendee", attended=True) for v in w.of("activity", id=t["activity_id"])
        if v["account_id"] in family and w.name("activity_type", v["type_id"]) != "email" and 0 <= (age(v["at"]) or 0) <= window
    }  # fmt: skip
    return len(members), len(members & met)


def mrr(w: World, a: Row) -> float | None:
    found = w.of("subscription", account_id=a["id"])
    if not found:
        return None
    running = (s["mrr"] for s in found if s["starts"] <= TODAY and (s["ends"] is None or s["ends"] >= TODAY))
    return sum(running) / 10 ** money.exponent(a["currency"] or "USD")


def happened(w: World, a: Row, type_: str, limit: int | None = None) -> bool:
    return any(
        e["type"].lower().replace(" ", "_") == type_ and (limit is None or (learned_age(e, "day") or 0) <= limit)
        for e in w.of("event", account_id=a["id"])
    )


def met(w: World, a: Row, type_: str, limit: int) -> bool:
    return any(
        w.name("activity_type", v["type_id"]) == type_ and v["at"] <= NOW and (age(v["at"]) or 0) <= limit
        for v in w.of("activity", account_id=a["id"])
    )


def found_in(text: str, *columns: str | None) -> bool:
    return any(text.casefold() in (column or "").casefold() for column in columns)


ASKED: dict[str, Ask] = {
    "": lambda w, c, a: True,
    "type:risk": lambda w, c, a: c["type_id"] == 1,
    "type:RISK,event": lambda w, c, a: c["type_id"] in (1, 4),
    "type:!=risk,event": lambda w, c, a: c["type_id"] in (2, 3),
    "type:(risk OR event)": lambda w, c, a: c["type_id"] in (1, 4),
    "type:*k*": lambda w, c, a: c["type_id"] == 1,
    "reason:nps": lambda w, c, a: c["reason_id"] == 2,
    "reason:GRÖSSE": lambda w, c, a: False,
    "reason:GRÖ": lambda w, c, a: c["reason_id"] == 4,
    'reason:="nps detractor"': lambda w, c, a: c["reason_id"] == 2,
    "reason:=nps": lambda w, c, a: False,
    "reason:nps*": lambda w, c, a: c["reason_id"] == 2,
    "priority:>=medium": lambda w, c, a: c["priority"] != "low",
    "priority:low..medium": lambda w, c, a: c["priority"] != "high",
    "priority:<low": lambda w, c, a: False,
    "-status:open": lambda w, c, a: c["status"] == "closed",
    "outcome:no_action": lambda w, c, a: c["outcome"] == "no_action",
    "outcome:No-Action,success": lambda w, c, a: c["outcome"] is not None,
    "-outcome:success": lambda w, c, a: c["outcome"] != "success",
    "owner:me": lambda w, c, a: c["owner_id"] == 1,
    "-owner:me": lambda w, c, a: c["owner_id"] != 1,
    "owner:none": lambda w, c, a: c["owner_id"] is None,
    "owner:any": lambda w, c, a: c["owner_id"] is not None,
    "owner:BEN_O,none": lambda w, c, a: c["owner_id"] in (2, None),
    'owner:"Ben Okafor"': lambda w, c, a: c["owner_id"] == 2,
    "owner:b*": lambda w, c, a: c["owner_id"] == 2,
    "account_owner:ana": lambda w, c, a: a["owner_id"] == 1,
    "pool:west": lambda w, c, a: c["pool_id"] == 1,
    "pool:east_coast": lambda w, c, a: c["pool_id"] == 2,
    "pool:east-coast": lambda w, c, a: False,
    "-pool:west": lambda w, c, a: c["pool_id"] != 1,
    "due:<7d": lambda w, c, a: less(c["due"], day(7)),
    "due:<=1w": lambda w, c, a: less(c["due"], day(8)),
    "due:overdue": lambda w, c, a: less(c["due"], TODAY),
    "due:today,tomorrow": lambda w, c, a: c["due"] in (TODAY, day(1)),
    "due:none": lambda w, c, a: c["due"] is None,
    "-due:none": lambda w, c, a: c["due"] is not None,
    "due:0d..6d": lambda w, c, a: c["due"] is not None and TODAY <= c["due"] <= day(6),
    "due:<-1d": lambda w, c, a: less(c["due"], day(-1)),
    "due:<5bd": lambda w, c, a: less(c["due"], day(7)),
    f"due:{day(-3)}..{day(0)}": lambda w, c, a: c["due"] is not None and day(-3) <= c["due"] <= TODAY,
    f"due>={day(7)}": lambda w, c, a: more(c["due"], day(6)),
    "due:this_week": lambda w, c, a: c["due"] is not None and TODAY <= c["due"] <= day(6),
    "due:2026-11": lambda w, c, a: c["due"] is not None and c["due"].month == 11,
    "due:>2026-11": lambda w, c, a: more(c["due"], date(2026, 11, 30)),
    "snoozed:<=1w": lambda w, c, a: c["snoozed_until"] == day(2),
    "opened:>14d": lambda w, c, a: more(age(c["opened_at"]), 14),
    "opened:>=2w": lambda w, c, a: more(age(c["opened_at"]), 13),
    "opened:<14d": lambda w, c, a: less(age(c["opened_at"]), 14),
    "opened:14d": lambda w, c, a: age(c["opened_at"]) == 14,
    "opened:7d..14d": lambda w, c, a: 7 <= (age(c["opened_at"]) or 0) <= 14,
    "opened:14d..7d": lambda w, c, a: 7 <= (age(c["opened_at"]) or 0) <= 14,
    "opened:7d..": lambda w, c, a: (age(c["opened_at"]) or 0) >= 7,
    "opened:today": lambda w, c, a: age(c["opened_at"]) == 0,
    "opened:<4h": lambda w, c, a: NOW - c["opened_at"] < timedelta(hours=4),
    "opened:>4h": lambda w, c, a: NOW - c["opened_at"] > timedelta(hours=4),
    "opened:2h..4h": lambda w, c, a: timedelta(hours=2) <= NOW - c["opened_at"] <= timedelta(hours=4),
    f"opened:<{day(-7)}": lambda w, c, a: c["opened_at"].date() < day(-7),
    "waiting:>=1w": lambda w, c, a: c["owner_id"] is None and c["status"] == "open" and (age(c["opened_at"]) or 0) >= 7,
    "claimed:>10d": lambda w, c, a: more(age(c["claimed_at"]), 10),
    "claimed:none": lambda w, c, a: c["claimed_at"] is None,
    "touched:<10d": lambda w, c, a: less(age(c["touched_at"]), 10),
    "closed:<1m": lambda w, c, a: less(age(c["closed_at"]), 31),
    'source:"by hand"': lambda w, c, a: c["source"] == "by hand",
    "source:rule*": lambda w, c, a: c["source"] != "by hand",
    "playbook:none": lambda w, c, a: True,
    "description:CHURN": lambda w, c, a: c["description"] is not None,
    "is:open": lambda w, c, a: c["status"] == "open",
    "is:unassigned": lambda w, c, a: c["status"] == "open" and c["owner_id"] is None,
    "is:claimed": lambda w, c, a: c["status"] == "open" and c["owner_id"] is not None,
    "is:snoozed,flagged": lambda w, c, a: c["snoozed_at"] is not None or c["flagged"],
    "is:overdue": lambda w, c, a: c["status"] == "open" and less(c["due"], TODAY),
    "is:mine": lambda w, c, a: c["owner_id"] == 1,
    "-is:churned": lambda w, c, a: a["status"] != "churned",
    "is:test": lambda w, c, a: a["is_test"],
    "is:relationship": lambda w, c, a: a["parent_id"] is not None,
    "account:acme": lambda w, c, a: a["name"].startswith("Acme"),
    'account:="acme 2"': lambda w, c, a: a["name"] == "Acme 2",
    "account:école": lambda w, c, a: a["name"].startswith("ÉCOLE"),
    "account:*öko*": lambda w, c, a: "Öko" in a["name"],
    "title:%": lambda w, c, a: "%" in c["title"],
    'title:"usage_"': lambda w, c, a: c["title"] == "Usage_dropped",
    "title:usage_dropped": lambda w, c, a: c["title"].startswith("Usage"),
    "grösse": lambda w, c, a: c["title"] == "GRÖSSE",
    "größe": lambda w, c, a: c["title"] == "größe" or c["reason_id"] == 4,
    '"usage dropped"': lambda w, c, a: found_in("usage dropped", c["title"], w.name("reason", c["reason_id"])),
    "100%": lambda w, c, a: found_in("100%", a["name"]),
    "_": lambda w, c, a: found_in("_", a["name"], c["title"]),
    "CTA-6": lambda w, c, a: c["id"] == 7,
    "7": lambda w, c, a: c["id"] == 7 or "7" in a["name"],
    "id:7,9..11": lambda w, c, a: c["id"] in (7, 9, 10, 11),
    "id:<5": lambda w, c, a: c["id"] < 5,
    "account_id:3": lambda w, c, a: a["id"] == 3,
    "external:cta-*": lambda w, c, a: w.of("external_id", thing_id=c["id"]) != [],
    "arr:>=20k": lambda w, c, a: (arr(a) or 0) >= 20_000,
    "arr:<20k": lambda w, c, a: less(arr(a), 20_000),
    "arr:20000": lambda w, c, a: arr(a) == 20_000,
    "arr:20000.005": lambda w, c, a: False,
    "arr:<=20000.005": lambda w, c, a: less(arr(a), 20_000.006),
    "arr:>0 arr:<0.1m": lambda w, c, a: 0 < (arr(a) or 0) < 100_000,
    "arr:75k..10k": lambda w, c, a: arr(a) is not None and 10_000 <= (arr(a) or 0) <= 75_000,
    "arr:none": lambda w, c, a: a["arr"] is None,
    "currency:usd": lambda w, c, a: a["currency"] == "USD",
    "health:<60": lambda w, c, a: less(a["health"], 60),
    "-health:<60": lambda w, c, a: not less(a["health"], 60),
    "health:!=60": lambda w, c, a: a["health"] != 60,
    "health:>59.5": lambda w, c, a: more(a["health"], 59),
    "health_change_30d:<=-15": lambda w, c, a: (
        None not in (a["health"], a["health_before"]) and a["health"] - a["health_before"] <= -15
    ),
    "health_trend:down": lambda w, c, a: health_trend(a["health"], a["health_before"]) == "down",
    "health_trend:up,steady": lambda w, c, a: health_trend(a["health"], a["health_before"]) in ("up", "steady"),
    "health_trend:none": lambda w, c, a: health_trend(a["health"], a["health_before"]) is None,
    "band:red": lambda w, c, a: less(a["health"], 50),
    "band:amber,green": lambda w, c, a: more(a["health"], 49),
    "band:none": lambda w, c, a: a["health"] is None,
    "-segment:enterprise": lambda w, c, a: a["segment_id"] != 1,
    "segment:mid_market": lambda w, c, a: a["segment_id"] == 3,
    "region:north_america,emea": lambda w, c, a: a["region"] in ("North America", "EMEA"),
    "region:south_asia": lambda w, c, a: a["region"] == "south_asia",
    "industry:food": lambda w, c, a: a["industry"] == "Food & Drink",
    "stage:any": lambda w, c, a: a["stage"] is not None,
    "account_status:customer": lambda w, c, a: a["status"] == "customer",
    "served_by:(pool OR hybrid)": lambda w, c, a: a["served_by"] != "dedicated",
    "parent:acme": lambda w, c, a: (w.name("account", a["parent_id"]) or "").startswith("Acme"),
    "domain:acme1": lambda w, c, a: found_in("acme1", a["domain"]),
    "language:EN": lambda w, c, a: a["language"] == "EN",
    "renewal:<90d": lambda w, c, a: a["renewal_date"] is not None and TODAY <= a["renewal_date"] < day(90),
    "renewal:..90d": lambda w, c, a: a["renewal_date"] is not None and TODAY <= a["renewal_date"] <= day(90),
    "renewal:75d..90d": lambda w, c, a: a["renewal_date"] is not None and day(75) <= a["renewal_date"] <= day(90),
    "renewal:>90d": lambda w, c, a: more(a["renewal_date"], day(90)),
    "renewal:overdue": lambda w, c, a: less(a["renewal_date"], TODAY),
    "renewal:<0d": lambda w, c, a: less(a["renewal_date"], TODAY),
    "renewal:-1d..1d": lambda w, c, a: a["renewal_date"] is not None and day(-1) <= a["renewal_date"] <= day(1),
    "renewal:<90d,none": lambda w, c, a: a["renewal_date"] is None or TODAY <= a["renewal_date"] < day(90),
    "live:<30d": lambda w, c, a: a["go_live"] is not None and 0 <= (age(a["go_live"]) or 0) < 30,
    "live:30d..60d": lambda w, c, a: a["go_live"] is not None and 30 <= (age(a["go_live"]) or 0) <= 60,
    "live:>60d": lambda w, c, a: more(age(a["go_live"]), 60),
    "mrr:>=2k": lambda w, c, a: (mrr(w, a) or 0) >= 2000,
    "mrr:0": lambda w, c, a: mrr(w, a) == 0,
    "nps:<=6": lambda w, c, a: less((nps(w, a) or {}).get("score"), 7),
    "nps:none": lambda w, c, a: nps(w, a) is None,
    "nps:7..8": lambda w, c, a: (nps(w, a) or {}).get("score") in (7, 8),
    "nps_age:<=4d": lambda w, c, a: less(learned_age(nps(w, a), "answered"), 5),
    "nps_age:>30d": lambda w, c, a: more(learned_age(nps(w, a), "answered"), 30),
    "nps:>=5 nps_age:<=4d": lambda w, c, a: (
        (nps(w, a) or {"score": 0})["score"] >= 5 and less(learned_age(nps(w, a), "answered"), 5)
    ),
    "csat:<5.5": lambda w, c, a: less(csat(w, a), 5.5),
    "csat:any": lambda w, c, a: csat(w, a) is not None,
    "tickets_open:>=1": lambda w, c, a: open_tickets(w, a) >= 1,
    "tickets_open:0": lambda w, c, a: open_tickets(w, a) == 0,
    "tickets_14d:>=2": lambda w, c, a: sum(less(age(t["opened"]), 14) for t in w.of("ticket", account_id=a["id"])) >= 2,
    "tickets_p1_open:>=1": lambda w, c, a: open_tickets(w, a, p1=True) >= 1,
    "last_touch:<14d": lambda w, c, a: less(age(touch(w, a)), 14),
    "last_touch:none": lambda w, c, a: touch(w, a) is None,
    "last_touch:>60d": lambda w, c, a: more(age(touch(w, a)), 60),
    "no-touch:60d": lambda w, c, a: touch(w, a) is None or (age(touch(w, a)) or 0) >= 60,
    "-activity:meeting<=30d": lambda w, c, a: not met(w, a, "meeting", 30),
    "activity:meeting activity_age:<=60d": lambda w, c, a: met(w, a, "meeting", 60),
    "usage_drop:>30%": lambda w, c, a: more(drop(w, a), 0.3),
    "usage_drop:<=0": lambda w, c, a: less(drop(w, a), 1e-9),
    "usage_drop:any": lambda w, c, a: drop(w, a) is not None,
    "usage_drop:none": lambda w, c, a: drop(w, a) is None,
    "usage_base:>=20": lambda w, c, a: (logins(w, a, 55, 28) or 0) >= 20,
    "logins_14d:0": lambda w, c, a: ever(w, a, 14) == 0,
    "logins_90d:>0": lambda w, c, a: more(ever(w, a, 90), 0),
    "logins_ever:0": lambda w, c, a: not logins(w, a, 9999),
    "network_size:<2": lambda w, c, a: network(w, a)[0] < 2,
    "network_coverage:<50%": lambda w, c, a: network(w, a)[0] > 0 and network(w, a)[1] / network(w, a)[0] < 0.5,
    "network_coverage:none": lambda w, c, a: network(w, a)[0] == 0,
    "event:contact_left": lambda w, c, a: happened(w, a, "contact_left"),
    "event:contact_left event_age:<=5d": lambda w, c, a: happened(w, a, "contact_left", 5),
    "event:contact_left,outage<=5d": lambda w, c, a: happened(w, a, "contact_left") or happened(w, a, "outage", 5),
    "event:none": lambda w, c, a: not w.of("event", account_id=a["id"]),
}
