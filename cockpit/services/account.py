"""Accounts: the list, one account's header and Summary pane, making and changing them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import money
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.scorecard import TREND_DAYS, health_trend
from cockpit.domain.usage import Trend, trend
from cockpit.services import editing, lookup, scoring
from cockpit.services.act import Work, act
from cockpit.services.calendars import UnknownCalendar, calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from cockpit.services.network import Network, network
from cockpit.services.scored import is_computed
from db.connection import Db
from db.query.account_fields import AMBER, GREEN
from db.reads import account as reads
from db.reads import timeline
from db.reads.account import AccountDetail, AccountRow, Answer, Freshness, Renewal
from db.reads.page import Cursor, Page
from db.reads.timeline import Brief
from db.terms import AccountStatus, ServedBy

USAGE_WEEKS = 12
SURVEY_DAYS = 90
SCORED = frozenset({"arr", "health", "renewal_date"})
"""A change of these changes the order of the queue."""
_LINES = ("name", "currency", "region", "industry", "domain", "language", "stage", "time_zone")
_LOOKUPS = {"segment": "segment", "owner": "csm", "pool": "pool", "pod": "pod"}
_DATES = ("renewal_date", "notice_date", "go_live")
EDITABLE = (*_LINES, *_LOOKUPS, "parent", *_DATES, "auto_renew", "arr", "health", "status", "served_by")


@dataclass(frozen=True, slots=True)
class Count:
    """How many; ``capped`` when there are more than were counted."""

    n: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """Another account of the family."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Header:
    """What is always above an account's panes. ``change`` is health now minus health four weeks ago, ``trend`` what it comes to."""

    id: int
    name: str
    health: int | None
    band: str | None
    change: int | None
    trend: str | None
    arr: int | None
    currency: str | None
    renewal_date: date | None
    renews_in: int | None
    segment: str | None
    region: str | None
    owner: str | None
    owner_name: str | None
    pool: str | None
    stage: str | None
    status: str
    served_by: str
    parent: Relation | None
    children: tuple[Relation, ...]
    pod: str | None = None
    notice_date: date | None = None
    auto_renew: bool | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The Summary pane. MRR (by currency), renewal and network include the account's relationships."""

    account: AccountDetail
    band: str | None
    mrr: tuple[tuple[str, int], ...]
    next_renewal: Renewal | None
    open_ctas: int
    unassigned_ctas: int
    tickets_open: int
    tickets_high: int
    nps: Answer | None
    csat: Answer | None
    last_touch: Brief | None
    usage: Trend | None
    network: Network
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that was made."""

    id: int
    act: int | None = None
    said: str = ""


def accounts_by_id(desk: Desk, ids: Sequence[int]) -> dict[int, AccountRow]:
    """These accounts as lists show them."""
    with desk.store.read() as db:
        return reads.by_ids(db, list(ids))


def accounts_page(
    desk: Desk,
    where: str = "",
    sort: str = "name",
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    at_end: bool = False,
    limit: int = 128,
) -> Page[AccountRow]:
    """A page of the accounts that a query matches. Raises QueryError, Refused (sort)."""
    if sort not in reads.SORTS:
        known = ", ".join(reads.SORTS)
        raise Refused("sort", f"Accounts cannot be sorted by {sort!r}.{did_you_mean(sort, reads.SORTS)} Sort by {known}.")
    with desk.store.read() as db:
        sql, params = _condition(desk, db, where, order=reads.SORTS[sort].key)
        found = reads.page(db, sql, params, sort, after=after, before=before, at_end=at_end, limit=limit)
    rows = tuple(dataclasses.replace(row, band=band(row.health)) for row in found.rows)
    return dataclasses.replace(found, rows=rows)


def count_accounts(desk: Desk, where: str = "", cap: int = 10_000) -> Count:
    """How many accounts a query matches, counted no further than ``cap``. Raises QueryError."""
    with desk.store.read() as db:
        sql, params = _condition(desk, db, where)
        n = reads.count(db, sql, params, cap)
    return Count(min(n, cap), n > cap)


def band(health: int | None) -> str | None:
    """``red``, ``amber`` or ``green``; None when health is unknown."""
    if health is None:
        return None
    return "red" if health < AMBER else "amber" if health < GREEN else "green"


def find_account(desk: Desk, ref: str | int) -> int:
    """The id of the account with this id, external id or exact name. Raises NotFound (near names), Ambiguous."""
    with desk.store.read() as db:
        return lookup.find_account(db, ref)


def account_header(desk: Desk, account_id: int) -> Header:
    """What stays above the panes of one account. Raises NotFound."""
    with desk.store.read() as db:
        one = detail(db, account_id)
        below = reads.children(db, account_id)
    parent = Relation(one.parent_id, one.parent) if one.parent_id is not None and one.parent is not None else None
    return Header(
        id=one.id, name=one.name, health=one.health, band=band(one.health), change=change_of(one),
        trend=health_trend(one.health, one.health_before), arr=one.arr, currency=one.currency,
        renewal_date=one.renewal_date, renews_in=days_to(one.renewal_date, desk.today()),
        segment=one.segment, region=one.region, owner=one.owner, owner_name=one.owner_name, pool=one.pool,
        stage=one.stage, status=one.status, served_by=one.served_by, parent=parent,
        children=tuple(Relation(id_, name) for id_, name in below), pod=one.pod,
        notice_date=one.notice_date, auto_renew=one.auto_renew,
    )  # fmt: skip


def account_summary(desk: Desk, account_id: int) -> Summary:
    """The Summary pane of one account, in a number of statements that does not depend on it. Raises NotFound."""
    today = desk.today()
    with desk.store.read() as db:
        one = detail(db, account_id)
        answers = reads.answers(db, account_id, today, today - timedelta(days=SURVEY_DAYS), 1)
        ctas, unassigned = reads.open_ctas(db, account_id)
        tickets, high = reads.tickets(db, account_id)
        touched = timeline.recent(db, account_id, desk.now(), tomorrow(desk), 1)
        points = reads.usage(db, account_id, today - timedelta(weeks=USAGE_WEEKS), today)
        return Summary(
            account=one, band=band(one.health), mrr=tuple(reads.mrr(db, account_id, today)),
            next_renewal=reads.next_renewal(db, account_id), open_ctas=ctas, unassigned_ctas=unassigned,
            tickets_open=tickets, tickets_high=high, nps=latest(answers, "nps"), csat=latest(answers, "csat"),
            last_touch=touched[0] if touched else None, usage=trend(points, today, USAGE_WEEKS),
            network=network(desk, db, account_id), freshness=reads.freshness(db, account_id),
        )  # fmt: skip


def detail(db: Db, account_id: int) -> AccountDetail:
    """One account. Raises NotFound."""
    found = reads.detail(db, account_id)
    if found is None:
        raise NotFound(f"There is no account {account_id}.")
    return found


def tomorrow(desk: Desk) -> datetime:
    """The moment at which today ends in my pool's zone."""
    return calendar_for(desk.me.time_zone).start_of_day(desk.today() + timedelta(days=1))


def change_of(one: AccountDetail) -> int | None:
    """Health now minus health four weeks ago; None when either is unknown."""
    return None if one.health is None or one.health_before is None else one.health - one.health_before


def days_to(day: date | None, today: date) -> int | None:
    """Days from today to a day, negative when it is past."""
    return None if day is None else (day - today).days


def latest(answers: list[Answer], kind: str) -> Answer | None:
    """The latest answer of a kind."""
    return next((answer for answer in answers if answer.kind == kind), None)


@act("new_account")
def new_account(work: Work, /, name: str, **fields: Any) -> NewAccount:
    """Makes an account; fields as in EDITABLE. Raises Refused (value, name taken), NotFound, Ambiguous (look-ups)."""
    columns = _columns(work, {"name": name, **fields}, "USD")
    _check_links(work, 0, fields, columns)
    sibling = "parent_id = :parent" if columns.get("parent_id") else "parent_id IS NULL"
    twin = {"name": columns["name"]} | ({"parent": columns["parent_id"]} if columns.get("parent_id") else {})
    taken = work.db.scalar(f"SELECT id FROM account WHERE name = :name AND {sibling}", **twin)
    if taken is not None:
        raise Refused("exists", f"There is an account {columns['name']} already (id {taken}).")
    if not columns.get("pool_id") and work.me.pools and "pool" not in fields:
        columns["pool_id"] = work.me.pools[0]
    id_ = work.insert("account", columns)
    work.say(f"Made account {columns['name']}")
    return NewAccount(id_, said=work.act.what)


@act("edit_account")
def edit_account(
    work: Work, account_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (EDITABLE) of an account; its open CTAs are scored anew when that matters.

    ``expected`` holds what the editor saw, spelled as in ``fields``. Raises NotFound, Refused, Conflict.
    """
    one = detail(work.db, account_id)
    currency = one.currency or "USD"
    wanted = _columns(work, fields, currency)
    _check_links(work, account_id, fields, wanted)
    if "health" in wanted:
        before = reads.health_on(work.db, account_id, work.now - timedelta(days=TREND_DAYS))
        wanted |= {} if before is None else {"health_before": before}
    seen = None if expected is None else _columns(work, expected, currency)
    edited = editing.change(work, "account", account_id, one.name, wanted, seen)
    if SCORED & {name.replace(" ", "_") for name in edited.changed}:
        scoring.rescore_accounts(work, [account_id])
    if "health" in edited.changed and is_computed(work.db, account_id):
        told = f"{edited.said} · it is computed here, and will be again: an override (Scorecard, or `health set`) lasts"
        return dataclasses.replace(edited, said=told)
    return edited


def _condition(desk: Desk, db: Db, where: str, order: str = "") -> tuple[str, dict[str, Any]]:
    if not where.strip():
        return "", {}
    from db.query import compile_query

    compiled = compile_query(
        where, "account", today=desk.today(), now=desk.now(), me_id=desk.me.id, dialect=db.dialect,
        zone=ZoneInfo(desk.me.time_zone), walk=bool(order), order=order,
    )  # fmt: skip
    return f"({compiled.sql})", compiled.params


def _columns(work: Work, fields: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Fields as people name them to columns: texts cleaned, names looked up, amounts and dates read."""
    editing.check_fields("An account", fields, EDITABLE)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _LINES:
            columns[name] = editing.line(value, f"An account's {name}", required=name == "name")
        elif name in _LOOKUPS:
            columns[f"{name}_id"] = lookup.named(work.db, _LOOKUPS[name], str(value)) if value else None
        elif name == "parent":
            columns["parent_id"] = lookup.find_account(work.db, value) if value else None
        elif name in _DATES:
            columns[name] = editing.day(work, value)
        elif name == "health":
            columns[name] = _health(value)
        elif name == "auto_renew":
            columns[name] = _yes_no(value)
        elif name in ("status", "served_by"):
            columns[name] = _choice(name, value, AccountStatus if name == "status" else ServedBy)
    if columns.get("currency"):
        columns["currency"] = currency = _currency(columns["currency"])
    if columns.get("time_zone"):
        _check_zone(columns["time_zone"])
    if "arr" in fields:
        columns |= _arr(fields["arr"], currency, spoken="currency" not in fields)
    return columns


def _arr(value: Any, currency: str, spoken: bool) -> dict[str, Any]:
    """An amount in minor units as given, or read from what people type (which may name its currency)."""
    if value is None or value == "":
        return {"arr": None}
    if isinstance(value, int):
        amount = money.Money(value, currency)
    else:
        try:
            amount = money.parse(str(value), currency)
        except money.MoneyError as error:
            raise Refused("amount", str(error)) from error
    if amount.minor < 0:
        raise Refused("amount", "ARR is not below 0.")
    return {"arr": amount.minor} | ({"currency": amount.currency} if spoken else {})


def _health(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        score = int(value)
    except ValueError:
        score = -1
    if not 0 <= score <= 100:
        raise Refused("health", f"Health is a whole number from 0 to 100, not {str(value)!r}.")
    return score


def _yes_no(value: Any) -> bool | None:
    """Yes, no, or not known."""
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("", "unknown", "none"):
        return None
    if word in ("yes", "true", "1", "no", "false", "0"):
        return word in ("yes", "true", "1")
    raise Refused("auto_renew", f"A contract renews by itself or not: yes, no or empty, not {str(value)!r}.")


def _choice(name: str, value: Any, kind: type[AccountStatus] | type[ServedBy]) -> str:
    try:
        return kind(str(value).lower()).value
    except ValueError:
        near = did_you_mean(str(value), list(kind))
        raise Refused(name, f"{name.replace('_', ' ')} is one of {', '.join(kind)}, not {str(value)!r}.{near}") from None


def _currency(code: str) -> str:
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise Refused("currency", f"A currency is a code of three letters such as USD, not {code!r}.")
    return code.upper()


def _check_zone(name: str) -> None:
    try:
        calendar_for(name)
    except UnknownCalendar as error:
        raise Refused("time_zone", str(error)) from error


def _check_links(work: Work, account_id: int, fields: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
    """Its owner is active; it is not above itself, and relationships are one level deep."""
    if fields.get("owner"):
        lookup.active_csm(work.db, str(fields["owner"]))
    parent_id = columns.get("parent_id")
    if parent_id is None:
        return
    if parent_id == account_id:
        raise Refused("parent", "An account cannot be a relationship of itself.")
    above = work.db.scalar(
        "SELECT u.name FROM account a JOIN account u ON u.id = a.parent_id WHERE a.id = :id", id=parent_id
    )
    if above is not None:
        raise Refused("parent", f"That account is itself a relationship of {above}: relationships are one level deep.")
    if work.db.scalar("SELECT 1 FROM account WHERE parent_id = :id LIMIT 1", id=account_id):
        raise Refused("parent", "It has relationships of its own: relationships are one level deep.")


__all__ = [
    "AccountDetail", "AccountRow", "Answer", "Brief", "Count", "EDITABLE", "Freshness", "Header", "NewAccount",
    "Relation", "Renewal", "Summary", "account_header", "account_summary", "accounts_page", "band", "count_accounts",
    "edit_account", "find_account", "new_account",
]  # fmt: skip
