"""Everything a document may say of an account, as words: what is not known says so, and data can open nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.freshness import Age
from cockpit.domain.money import full
from cockpit.domain.paper import escape
from cockpit.services.account import Summary, account_header, account_summary
from cockpit.services.commercial import Commercial, commercial
from cockpit.services.document_words import UNKNOWN
from cockpit.services.network import NetworkShown, show_network
from cockpit.services.promise import promises
from cockpit.services.success import Plan, plan
from cockpit.services.support import Support, support
from cockpit.services.usage import UsageShown, usage

ENTRIES, ANSWERS, OPEN_CTAS = 15, 5, 20
SHARED = ("call", "meeting", "email", "milestone", "ebr", "qbr", "workshop")
"""Types of entries that a customer was there for: what a pack for her may show."""
Facts = dict[str, Any]


def facts_of(desk: Desk, account_id: int, first: date, last: date) -> Facts:
    """What is known of an account; the timeline is that of ``first`` … ``last``. Raises NotFound."""
    header, summary = account_header(desk, account_id), account_summary(desk, account_id)
    money, used = commercial(desk, account_id), usage(desk, account_id)
    voice, agreed, net = support(desk, account_id), plan(desk, account_id), show_network(desk, account_id)
    marks = (*money.freshness, *used.freshness, *voice.freshness)
    missing = [*money.missing, *used.missing, *voice.missing]
    return {
        "account": _account(header, summary, money),
        "network": _network(net),
        "money": _money(money, desk.today()),
        "usage": _usage(used),
        "support": _support(voice),
        "plan": _plan(agreed),
        "work": _work(desk, account_id),
        "timeline": _timeline(desk, account_id, first, last),
        "shared": _timeline(desk, account_id, first, last, only=SHARED),
        "doc": {
            "day": day(desk.today()), "author": escape(desk.me.name), "first": day(first), "last": day(last),
            "illustrative": desk.store.kind == "demo", "missing": [escape(one) for one in missing],
            "feeds": [f"{mark.kind}: {'never came' if mark.age is Age.NEVER else f'{mark.days} days old'}" for mark in marks],
        },
    }  # fmt: skip


def day(value: date | datetime | None) -> str:
    """``3 Nov 2026``."""
    return UNKNOWN if value is None else f"{value.day} {value:%b %Y}"


def _text(value: Any) -> str:
    return UNKNOWN if value is None or value == "" else escape(str(value))


def _sums(amounts: tuple[tuple[str, int], ...]) -> str:
    return " + ".join(full(minor, code) for code, minor in amounts) or UNKNOWN


def _account(header: Any, summary: Summary, money: Commercial) -> Facts:
    one = summary.account
    change = "" if header.change is None else f", {header.change:+d} in four weeks"
    renews = UNKNOWN if one.renewal_date is None else f"{day(one.renewal_date)} (in {header.renews_in} days)"
    auto = UNKNOWN if one.auto_renew is None else "yes" if one.auto_renew else "no"
    return {
        "name": escape(one.name), "health": UNKNOWN if one.health is None else f"{one.health} of 100{change}",
        "arr": UNKNOWN if one.arr is None else full(one.arr, one.currency or "USD"), "renewal": renews,
        "notice": day(one.notice_date), "auto_renew": auto, "segment": _text(one.segment), "region": _text(one.region),
        "industry": _text(one.industry), "stage": _text(one.stage), "go_live": day(one.go_live),
        "owner": _text(one.owner_name), "pool": _text(one.pool),
        "served_by": escape(one.owner_name or f"{one.pool or 'no'} pool") + f" ({escape(one.served_by)})",
        "relationships": [escape(share.name) for share in money.family if share.is_child],
    }  # fmt: skip


def _network(shown: NetworkShown) -> Facts:
    net = shown.network
    people = [
        {"name": escape(one.name), "title": _text(one.title), "role": escape(one.network_role or ""),
         "last_met": "never" if one.last_met is None else f"{one.last_met.days_ago} days ago"}
        for one in shown.members
    ]  # fmt: skip
    return {
        "says": escape(net.says), "coverage": UNKNOWN if net.coverage is None else f"{net.coverage:.0%}", "size": net.size,
        "last_met": "never" if net.last_met_days is None else f"{net.last_met_days} days ago", "people": people,
        "thread": escape(shown.thread.says),
    }  # fmt: skip


def _money(of: Commercial, today: date) -> Facts:
    running = []
    for row in of.rows:
        v = row.values
        if row.kind == "subscription" and (v["ends"] is None or v["ends"] >= today):
            running.append({
                "product": _text(v["product"]), "units": UNKNOWN if v["units"] is None else f"{v['units']:,}",
                "mrr": full(v["mrr"], row.currency or "USD"), "starts": day(v["starts"]),
                "ends": "it runs on" if v["ends"] is None else day(v["ends"]),
            })  # fmt: skip
    return {
        "mrr": _sums(of.mrr), "contract": _sums(of.contract), "open": _sums(of.open_amount) if of.open_amount else "none",
        "subscriptions": running, "not_held": [escape(one.product) for one in of.whitespace],
    }  # fmt: skip


def _usage(of: UsageShown) -> Facts:
    metrics = [
        {"name": escape(one.name), "last": UNKNOWN if one.last is None else f"{one.last:g}",
         "change": "change not known" if one.change is None else f"{one.change:+.0%} in four weeks"}
        for one in of.metrics
    ]  # fmt: skip
    return {"metrics": metrics, "unused": [escape(one) for one in of.unused], "weeks": of.weeks}


def _support(of: Support) -> Facts:
    answers = [row for row in of.rows if row.kind == "survey"][:ANSWERS]
    trained = of.trained
    return {
        "open": of.open_tickets, "high": of.open_high, "opened": sum(of.by_month),
        "nps": of.nps.says,
        "csat": UNKNOWN if of.csat.value is None else f"{of.csat.value:.1f} of {of.csat.n} answers",
        "training": "none" if not trained.required else f"{trained.done} of {trained.required} done",
        "answers": [
            {"day": day(row.values["answered"]), "kind": escape(row.values["kind"].upper()), "score": row.values["score"],
             "person": escape(row.values["person"] or ""), "comment": escape(row.values["comment"] or "")}
            for row in answers
        ],
    }  # fmt: skip


def _plan(of: Plan) -> Facts:
    return {
        "goals": [{"title": escape(one.title), "measure": escape(one.measure or ""), "says": escape(one.says)} for one in of.goals],
        "risks": [
            {"title": escape(one.title), "severity": escape(one.severity), "due": day(one.due) if one.due else "",
             "owner": escape(one.owner or one.csm_name or "nobody yet")}
            for one in of.risks if one.closed_on is None
        ],
        "escalations": [{"title": escape(one.title), "clock": escape(one.clock)} for one in of.escalations if one.closed_on is None],
    }  # fmt: skip


def _work(desk: Desk, account_id: int) -> Facts:
    from cockpit.services.queue import QueueQuery, queue_page

    query = QueueQuery(scope="all", where=f"account_id:{account_id} status:open")
    ctas = [
        {"title": escape(row.title), "owner": escape(row.owner_name or "not claimed"), "due": day(row.due) if row.due else "no date"}
        for row in queue_page(desk, query, limit=OPEN_CTAS).rows
    ]
    made = [{"what": escape(one.what), "due": day(one.due) if one.due else ""} for one in promises(desk, "open", account=account_id)]
    return {"ctas": ctas, "promises": made}


def _timeline(desk: Desk, account_id: int, first: date, last: date, only: tuple[str, ...] = ()) -> list[Facts]:
    """Entries of a time, the latest first; with ``only``, those of types that customers saw, internal ones left out."""
    from cockpit.services.timeline import timeline_page

    start, stop = datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC)
    found: list[Facts] = []
    for row in timeline_page(desk, account_id, None, 200).rows:
        is_for_us = bool(only) and (row.type not in only or row.internal)
        if start <= row.at < stop and not is_for_us and len(found) < ENTRIES:
            who = ", ".join(escape(one.name) for one in row.attendees[:4])
            found.append({"day": day(row.at), "type": escape(row.type), "subject": escape(row.subject), "who": who})
    return found
