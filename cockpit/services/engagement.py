"""Who was in touch, and with whom: how many entries, and whether there was any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from cockpit.services.query import compiled
from db.reads import engagement as reads

PERIOD = 28
BY = ("csm", "account")


@dataclass(frozen=True, slots=True)
class Engagement:
    """One CSM or account in the period: ``had_activity`` says yes or no where the count says how often.

    ``key`` is a CSM's login, or an account's id; ``others`` is how many accounts a CSM was in touch with, or how many
    of us with an account.
    """

    name: str
    had_activity: bool
    entries: int
    meetings: int
    others: int
    last: datetime | None
    id: int = 0
    key: str = ""


def engagement(
    desk: Desk, by: str = "csm", first: date | None = None, last: date | None = None, where: str = "", limit: int | None = None
) -> tuple[Engagement, ...]:
    """Timeline entries of a period (both days in; the last PERIOD days), by CSM or by the accounts a query matches.

    Raises Refused (by, days), QueryError.
    """
    if by not in BY:
        raise Refused("by", f"Engagement is by {' or '.join(BY)}, not {by!r}.")
    to = last or desk.today()
    since = first or to - timedelta(days=PERIOD - 1)
    if to < since:
        raise Refused("days", f"{to} is before {since}.")
    calendar = calendar_for(str(ZoneInfo(desk.me.time_zone)))
    start, end = calendar.start_of_day(since), calendar.start_of_day(to + timedelta(days=1))
    with desk.store.read() as db:
        if by == "csm":
            rows = reads.by_csm(db, start, end)[:limit]
        else:
            condition, params = compiled(desk, db, where, "account")
            rows = reads.by_account(db, start, end, condition, params, limit)
    return tuple(
        Engagement(row.name, row.entries > 0, row.entries, row.meetings, row.others, row.last, row.id, row.key) for row in rows
    )
