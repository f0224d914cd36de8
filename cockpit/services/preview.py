"""What stands beside the highlighted CTA: its account at a glance, in a small fixed number of indexed statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.domain.calendar import Calendar
from cockpit.domain.say import plural
from cockpit.domain.scorecard import health_trend
from cockpit.domain.usage import Trend, trend
from cockpit.services.account import SURVEY_DAYS, band, change_of, days_to, detail, latest, tomorrow
from cockpit.services.calendars import calendar_for
from cockpit.services.network import Network, network
from db.connection import Db, as_date, as_json
from db.reads import account as reads
from db.reads import timeline
from db.reads.account import AccountDetail, Answer, Happened
from db.reads.success import open_escalation
from db.reads.timeline import Brief

USAGE_WEEKS = 10
ENTRIES = 5
# What is worth saying under "why now".
USAGE_FELL = 0.10
HEALTH_FELL = 10
DETRACTOR = 6
RENEWAL_WITHIN = 90
RENEWAL_PAST = 30
SILENT_DAYS = 60
EVENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the account's recent past: an activity, a survey answer or an event. ``who`` did or said it."""

    day: date
    days_ago: int
    type: str
    text: str
    who: str | None
    attendees: int
    activity_id: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """An account beside the list. ``usage`` and ``why`` are ready to show; the rest is figures."""

    account_id: int
    name: str
    status: str
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
    stage: str | None
    owner: str | None
    owner_name: str | None
    pool: str | None
    why: tuple[str, ...]
    network: Network
    usage: Trend | None
    tickets_open: int
    tickets_high: int
    csat: Answer | None
    nps: Answer | None
    timeline: tuple[Moment, ...]
    playbook: str | None
    playbook_tasks: int
    left_note: str | None


@dataclass(frozen=True, slots=True)
class _OfCta:
    """What the preview takes from the CTA."""

    due: date | None = None
    left_note: str | None = None
    playbook: str | None = None
    tasks: int = 0


def preview(desk: Desk, account_id: int, cta_id: int | None = None) -> Preview:
    """An account as it is shown beside the list, with what belongs to one of its CTAs. Raises NotFound."""
    today = desk.today()
    calendar = calendar_for(desk.me.time_zone)
    with desk.store.read() as db:
        one = detail(db, account_id)
        cta = _OfCta() if cta_id is None else _cta(db, cta_id)
        answers = reads.answers(db, account_id, today, today - timedelta(days=SURVEY_DAYS), ENTRIES)
        entries = timeline.recent(db, account_id, desk.now(), tomorrow(desk), ENTRIES)
        events = reads.events(db, account_id, today, ENTRIES)
        tickets, high = reads.tickets(db, account_id)
        points = reads.usage(db, account_id, today - timedelta(weeks=USAGE_WEEKS), today)
        people = network(desk, db, account_id)
        escalated = open_escalation(db, account_id)
    used = trend(points, today, USAGE_WEEKS)
    past = _past(entries, answers, events, today, calendar)
    return Preview(
        account_id=one.id, name=one.name, status=one.status, health=one.health, band=band(one.health),
        change=change_of(one), trend=health_trend(one.health, one.health_before), arr=one.arr, currency=one.currency,
        renewal_date=one.renewal_date, renews_in=days_to(one.renewal_date, today), segment=one.segment, region=one.region, stage=one.stage,
        owner=one.owner, owner_name=one.owner_name, pool=one.pool,
        why=tuple(_why(one, cta, used, answers, events, high, entries, today, calendar, escalated)), network=people, usage=used,
        tickets_open=tickets, tickets_high=high, csat=latest(answers, "csat"), nps=latest(answers, "nps"),
        timeline=past, playbook=cta.playbook, playbook_tasks=cta.tasks, left_note=cta.left_note,
    )  # fmt: skip


def _cta(db: Db, cta_id: int) -> _OfCta:
    row = db.one(
        "SELECT c.due, c.left_note, b.name, b.steps FROM cta c LEFT JOIN playbook b ON b.id = c.playbook_id WHERE c.id = :id",
        id=cta_id,
    )
    return _OfCta() if row is None else _OfCta(as_date(row[0]), row[1], row[2], len(as_json(row[3]) or ()))


def _past(
    entries: Sequence[Brief], answers: Sequence[Answer], events: Sequence[Happened], today: date, calendar: Calendar
) -> tuple[Moment, ...]:
    """The latest of activities, answers and events together, newest first."""
    dated: list[tuple[datetime, Moment]] = []
    for entry in entries:
        line = _dated(calendar.local_date(entry.at), today, entry.type, entry.subject, entry.author_name)
        dated.append((entry.at, replace(line, attendees=entry.attendees, activity_id=entry.id)))
    for answer in answers:
        words = f"{answer.score} “{answer.comment}”" if answer.comment else str(answer.score)
        kind = f"{answer.kind.upper() if len(answer.kind) <= 4 else answer.kind} response"
        dated.append((calendar.noon(answer.answered), _dated(answer.answered, today, kind, words, answer.person)))
    for event in events:
        kind = event.type.replace("_", " ")
        dated.append((calendar.noon(event.day), _dated(event.day, today, kind, event.body or "", event.person)))
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(moment for _, moment in dated[:ENTRIES])


def _dated(day: date, today: date, type_: str, text: str, who: str | None) -> Moment:
    return Moment(day, (today - day).days, type_, text, who, 0, None)


def _why(
    one: AccountDetail, cta: _OfCta, used: Trend | None, answers: list[Answer], events: list[Happened],
    high: int, entries: list[Brief], today: date, calendar: Calendar, escalated: str | None,
) -> list[str]:  # fmt: skip
    """What is out of the ordinary, in few words each, the most pressing first."""
    found: list[str] = []
    if escalated is not None:
        found.append(f"escalated to {escalated}" if escalated else "escalated")
    if cta.due is not None and cta.due < today:
        found.append(f"overdue {(today - cta.due).days}d")
    if used is not None and used.change is not None and used.change <= -USAGE_FELL:
        found.append(f"{used.metric if used.metric != 'logins' else 'usage'} −{-used.change:.0%} in 4w")
    nps = latest(answers, "nps")
    if nps is not None and nps.score <= DETRACTOR and (today - nps.answered).days <= SURVEY_DAYS:
        found.append(f"NPS {nps.score}")
    fell = -(change_of(one) or 0)
    if fell >= HEALTH_FELL:
        found.append(f"health −{fell} in 4w")
    if high:
        found.append(plural(high, "high ticket"))
    if events and (ago := (today - events[0].day).days) <= EVENT_DAYS:
        found.append(f"{events[0].type.replace('_', ' ')} {ago}d ago")
    days = days_to(one.renewal_date, today)
    if days is not None and -RENEWAL_PAST <= days <= RENEWAL_WITHIN:
        found.append(f"renewal {days}d" if days >= 0 else f"renewal {-days}d ago")
    if entries and (silent := (today - calendar.local_date(entries[0].at)).days) >= SILENT_DAYS:
        found.append(f"no touch for {silent}d")
    return found


__all__ = [
    "Answer", "Moment", "Network", "Preview", "Trend", "preview",
]  # fmt: skip
