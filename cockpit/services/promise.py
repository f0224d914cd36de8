"""What was promised to customers: by whom, until when, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound, Refused
from db.reads import promise as reads

WHICH = {
    "open": "v.next_step_done_at IS NULL",
    "late": "v.next_step_done_at IS NULL AND v.next_step_due < :today",
    "kept": "v.next_step_done_at IS NOT NULL",
    "all": "TRUE",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A next step of an entry; ``id`` is the entry's. ``state``: open, late or kept."""

    id: int
    account_id: int
    account: str
    what: str
    due: date | None
    state: str
    kept_at: datetime | None
    by: str | None
    by_name: str | None
    entry: str
    """The entry it was promised in."""
    promised_on: date
    says: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise after somebody said that it was kept, or not after all."""

    id: int
    kept: bool
    act: int | None = None
    said: str = ""


def promises(
    desk: Desk, which: str = "open", by: str | None = None, account: int | str | None = None
) -> tuple[Promise, ...]:
    """Promises, the most urgent first: of one CSM, of one account, or all that are seen here.

    Raises Refused (which), NotFound, Ambiguous.
    """
    if which not in WHICH:
        raise Refused("kind", f"Promises are {say.listed(list(WHICH), 'or')}, not {which!r}.")
    where = WHICH[which]
    params: dict[str, object] = {"today": desk.today()} if which == "late" else {}
    with desk.store.read() as db:
        if by is not None:
            where, params["by"] = f"{where} AND v.author_id = :by", lookup.named(db, "csm", by)
        if account is not None:
            where, params["account"] = f"{where} AND v.account_id = :account", lookup.find_account(db, account)
        rows = reads.promises(db, where, params)
    return tuple(_promise(row, desk.today()) for row in rows)


def late(desk: Desk) -> int:
    """How many of my own promises are late."""
    return len(promises(desk, "late", desk.me.login))


@act("keep_promise")
def keep(work: Work, activity_id: int, kept: bool = True) -> Kept:
    """Says that what was promised in an entry was kept, or (``kept`` off) that it was not after all.

    Raises NotFound, Refused (nothing was promised in it).
    """
    row = work.db.one(
        "SELECT v.next_step, a.name, v.next_step_done_at FROM activity v JOIN account a ON a.id = v.account_id"
        " WHERE v.id = :id AND v.superseded IS NULL",
        id=activity_id,
    )
    if row is None:
        raise NotFound(f"There is no activity {activity_id}.")
    if not row[0]:
        raise Refused("promise", f"Nothing was promised in activity {activity_id}: edit it and say the next step.")
    if kept is (row[2] is not None):
        return Kept(activity_id, kept, said=f"“{row[0]}” was so already")
    work.update_many("activity", {activity_id: {"next_step_done_at": work.now if kept else None}}, versioned=False)
    work.say(f"{'Kept' if kept else 'Opened again'}: “{row[0]}” to {row[1]}")
    return Kept(activity_id, kept, said=work.act.what)


def _promise(row: reads.Promised, today: date) -> Promise:
    is_late = row.next_step_done_at is None and row.next_step_due is not None and row.next_step_due < today
    state = "kept" if row.next_step_done_at else "late" if is_late else "open"
    calendar = calendar_for(row.time_zone or "UTC")
    if row.next_step_done_at:
        says = f"kept {say.distance(calendar.local_date(row.next_step_done_at), today)}"
    elif row.next_step_due is None:
        says = "without a day"
    else:
        says = f"{'late, ' if is_late else ''}due {say.distance(row.next_step_due, today)}"
    return Promise(
        row.id, row.account_id, row.account, row.next_step, row.next_step_due, state, row.next_step_done_at, row.author,
        row.author_name, row.subject, calendar.local_date(row.at), says,
    )  # fmt: skip
