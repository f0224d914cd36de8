"""What is due of mine by day, and the same as a file that calendars read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line, clean_text
from db.connection import Db

_PRIORITY = {"high": 1, "medium": 5, "low": 9}
"""RFC 5545: 1 is the highest, 9 the lowest."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """A CTA or a task of mine with its due date; ``id`` is the CTA's or the task's, ``uid`` stays for ever.

    A task may be of an account alone (``cta`` None). In an agenda there are planned meetings (with their ``time``) and
    promises too; their ``id`` is the entry's.
    """

    kind: str
    id: int
    cta: int | None
    account_id: int
    account: str
    title: str
    due: date
    priority: str
    description: str | None
    uid: str
    rev: int
    is_overdue: bool
    time: str = ""


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day of the calendar."""

    day: date
    is_today: bool
    items: tuple[DueItem, ...]


def due_items(
    desk: Desk, first: date | None = None, last: date | None = None, cta_ids: Iterable[int] | None = None
) -> tuple[DueItem, ...]:
    """The open CTAs I hold and the open tasks that are mine, by due date; of these CTAs only, if given.

    A task is mine when it says so, or when it says nobody and its CTA is mine.
    """
    with desk.store.read() as db:
        me = desk.me.id or 0
        found = _ctas(db, me) + _tasks(db, me) + _account_tasks(db, me)
    today, only = desk.today(), None if cta_ids is None else set(cta_ids)
    items = [_item(row, today) for row in found]
    return tuple(
        item
        for item in sorted(items, key=lambda one: (one.due, one.kind, one.id))
        if (first is None or item.due >= first)
        and (last is None or item.due <= last)
        and (only is None or item.cta in only)
    )


def calendar(desk: Desk, first: date | None = None, last: date | None = None) -> tuple[DueDay, ...]:
    """The days on which something of mine is due; today is there in any case, if it lies between."""
    today = desk.today()
    days: dict[date, list[DueItem]] = {}
    if (first is None or first <= today) and (last is None or today <= last):
        days[today] = []
    for item in due_items(desk, first, last):
        days.setdefault(item.due, []).append(item)
    return tuple(DueDay(day, day == today, tuple(days[day])) for day in sorted(days))


def agenda(desk: Desk, first: date, last: date) -> tuple[DueItem, ...]:
    """What is due of mine on these days, my planned meetings and what I promised with it, by day and time."""
    from cockpit.services.planned import planned
    from cockpit.services.promise import promises

    today, zone = desk.today(), ZoneInfo(desk.me.time_zone)
    found = list(due_items(desk, first, last))
    for met in planned(desk):
        clock = met.at.astimezone(zone).strftime("%H:%M")
        found.append(DueItem(
            "meeting", met.id, None, met.account_id, met.account, met.subject, met.day, "medium", None, met.uid, met.rev, met.asks, clock,
        ))  # fmt: skip
    found += [
        DueItem("promise", one.id, None, one.account_id, one.account, one.what, one.due, "medium", None, "", 0, one.due < today)
        for one in promises(desk, "open", desk.me.login)
        if one.due is not None
    ]
    return tuple(sorted(
        (item for item in found if first <= item.due <= last), key=lambda one: (one.due, one.time or "~", one.kind, one.id)
    ))  # fmt: skip


def ics(desk: Desk, items: Sequence[DueItem], events: bool = False) -> str:
    """The items as an iCalendar file: to-dos, or whole-day events for calendars that show no to-dos.

    The same item has the same UID in every file, so that reading a later one updates and does not double.
    """
    from icalendar import Calendar, Event, Todo

    made = Calendar()
    made.add("prodid", "-//Cockpit//Cockpit//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Cockpit · {clean_line(desk.me.name)}")
    for item in items:
        part: Any = Event() if events else Todo()
        part.add("uid", f"{item.uid}@cockpit")
        part.add("dtstamp", desk.now())
        part.add("sequence", item.rev)
        part.add("summary", f"{clean_line(item.account)}: {clean_line(item.title)}")
        part.add("description", clean_text(_words(item)))
        part.add("categories", ["Cockpit", item.kind])
        part.add("priority", _PRIORITY[item.priority])
        if events:
            part.add("dtstart", item.due)
            part.add("dtend", item.due + timedelta(days=1))
            part.add("transp", "TRANSPARENT")
        else:
            part.add("due", item.due)
            part.add("status", "NEEDS-ACTION")
        made.add_component(part)
    return bytes(made.to_ical()).decode("utf-8")


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    id: int
    cta: int | None
    account_id: int
    account: str
    title: str
    due: date
    priority: str
    description: str | None
    uid: bytes
    rev: int


def _ctas(db: Db, me: int) -> list[_Found]:
    return db.rows(
        _Found,
        "SELECT 'cta' AS kind, c.id, c.id AS cta, a.id AS account_id, a.name AS account, c.title, c.due, c.priority, c.description,"
        " c.uid, c.rev FROM cta c JOIN account a ON a.id = c.account_id"
        " WHERE c.owner_id = :me AND c.status = 'open' AND c.due IS NOT NULL",
        me=me,
    )


def _tasks(db: Db, me: int) -> list[_Found]:
    return db.rows(
        _Found,
        "SELECT 'task' AS kind, k.id, c.id AS cta, a.id AS account_id, a.name AS account, k.title, k.due, c.priority,"
        " c.title AS description, k.uid, k.rev FROM cta c JOIN task k ON k.cta_id = c.id JOIN account a ON a.id = c.account_id"
        " WHERE c.status = 'open' AND k.status = 'open' AND k.due IS NOT NULL AND (k.owner_id = :me"
        " OR (k.owner_id IS NULL AND c.owner_id = :me))",
        me=me,
    )


def _account_tasks(db: Db, me: int) -> list[_Found]:
    """Tasks of mine on an account that belong to no CTA: what the pool's mails left, steps of playbooks."""
    return db.rows(
        _Found,
        "SELECT 'task' AS kind, k.id, NULL AS cta, a.id AS account_id, a.name AS account, k.title, k.due, 'medium' AS priority,"
        " k.note AS description, k.uid, k.rev FROM task k JOIN account a ON a.id = k.account_id"
        " WHERE k.owner_id = :me AND k.status = 'open' AND k.cta_id IS NULL AND k.due IS NOT NULL",
        me=me,
    )


def _item(row: _Found, today: date) -> DueItem:
    return DueItem(
        row.kind, row.id, row.cta, row.account_id, row.account, row.title, row.due, row.priority, row.description,
        row.uid.hex(), row.rev, row.due < today,
    )  # fmt: skip


def _words(item: DueItem) -> str:
    if item.cta is None:
        return f"Task of {item.account}" + (f"\n{item.description}" if item.description else "")
    if item.kind == "task":
        return f"Task of CTA {item.cta}: {item.description or ''}".rstrip(": ")
    return f"CTA {item.cta}" + (f"\n{item.description}" if item.description else "")
