"""The Support & surveys pane: tickets, answers, trainings, advocacy and events of an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain.surveys import CSAT, NPS, Tally, tally
from cockpit.services.account import detail
from cockpit.services.commercial import MOST
from cockpit.services.fact import FactRow, row_of
from cockpit.services.fact_kinds import ADVOCACIES, EVENT, SURVEY, TICKET, TRAINING
from cockpit.services.freshness import Mark, marks
from db.reads import fact
from db.reads import support as reads
from db.reads.support import Trained

NPS_DAYS, CSAT_DAYS = 365, 90
"""Answers of so many days count."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Support:
    """What support, surveys, training and marketing know of an account."""

    account_id: int
    name: str
    today: date
    open_tickets: int
    open_high: int
    oldest_open: date | None
    by_month: tuple[int, ...]
    """Tickets opened in each of the last twelve months, the oldest first; a month is 30 days."""
    nps: Tally
    csat: Tally
    trained: Trained
    consent: int
    """Advocacy that was given and whose consent in writing holds."""
    rows: tuple[FactRow, ...]
    """Open tickets and trainings first, then everything by day, the latest first."""
    missing: tuple[str, ...]
    is_cut: bool
    """There are more rows than are shown: ``cockpit ticket list`` and the like have all."""
    freshness: tuple[Mark, ...]


def support(desk: Desk, account_id: int, whole_family: bool = True) -> Support:
    """All of it, in a number of statements that does not depend on the account. Raises NotFound."""
    today = desk.today()
    with desk.store.read() as db:
        one = detail(db, account_id)
        counts = reads.open_tickets(db, account_id, whole_family)
        opened = reads.opened_since(db, account_id, whole_family, desk.now() - timedelta(days=30 * MONTHS))
        answers = reads.answers(db, account_id, whole_family, today - timedelta(days=NPS_DAYS), today)
        trained = reads.trained(db, account_id, whole_family, today)
        consent = reads.consents(db, account_id, whole_family, today)
        still = fact.latest(db, "ticket", account_id, whole_family, "opened", MOST, where=" AND x.closed IS NULL")
        due = fact.latest(db, "training", account_id, whole_family, "completed", MOST, where=" AND x.completed IS NULL")
        found = {kind.name: fact.latest(db, kind.name, account_id, whole_family, kind.along, MOST) for kind in _SHOWN}
        fresh = marks(desk, db, account_id, ("tickets", "surveys", "trainings", "advocacy", "events"))
    rows = [row_of(TICKET, row) for row in still] + [row_of(TRAINING, row) for row in due]
    rows += [row_of(kind, row) for kind in _SHOWN for row in found[kind.name]]
    recent, zone = today - timedelta(days=CSAT_DAYS), ZoneInfo(desk.me.time_zone)
    return Support(
        account_id=account_id, name=one.name, today=today, open_tickets=counts.open, open_high=counts.high,
        oldest_open=None if counts.oldest is None else counts.oldest.astimezone(zone).date(), by_month=_months(opened, desk),
        nps=tally(NPS, ((who, day, score) for kind, who, day, score in answers if kind == NPS)),
        csat=tally(CSAT, ((None, day, score) for kind, _, day, score in answers if kind == CSAT and day > recent)),
        trained=trained, consent=consent, rows=tuple(sorted({row.id: row for row in rows}.values(), key=_order)),
        is_cut=any(len(rows) >= MOST for rows in (still, due, *found.values())),
        missing=_missing(found, answers), freshness=fresh,
    )  # fmt: skip


_SHOWN = (TICKET, SURVEY, TRAINING, ADVOCACIES, EVENT)


def day_of(row: FactRow) -> date | None:
    """The day by which a fact stands in a list."""
    names = {"ticket": "opened", "survey": "answered", "training": "completed", "advocacy": "asked_on", "event": "day",
             "subscription": "starts", "opportunity": "due_date"}  # fmt: skip
    value: date | None = row.values.get(names[row.kind])
    return value.date() if isinstance(value, datetime) else value


def is_open(row: FactRow) -> bool:
    """Whether somebody still has to do something about it."""
    if row.kind == "ticket":
        return row.values["closed"] is None and (row.values["status"] or "").lower() not in ("closed", "solved", "resolved", "done")
    if row.kind == "training":
        return row.values["completed"] is None and bool(row.values["required"])
    return row.kind == "advocacy" and row.values["given_on"] is None


def _order(row: FactRow) -> tuple[bool, int, int]:
    day = day_of(row)
    return not is_open(row), -(day.toordinal() if day else 0), row.id


def _months(opened: Sequence[date], desk: Desk) -> tuple[int, ...]:
    counts = [0] * MONTHS
    for day in opened:
        back = (desk.today() - day).days // 30
        if 0 <= back < MONTHS:
            counts[MONTHS - 1 - back] += 1
    return tuple(counts)


def _missing(found: dict[str, list[fact.Stored]], answers: Sequence[tuple[str, int | None, date, int]]) -> tuple[str, ...]:
    kinds = {kind for kind, _, _, _ in answers}
    lacks = {
        "tickets": not found["ticket"], "an NPS answer of this year": NPS not in kinds, "CSAT": CSAT not in kinds,
        "trainings": not found["training"], "advocacy": not found["advocacy"],
    }  # fmt: skip
    return tuple(name for name, is_missing in lacks.items() if is_missing)
