"""What moves an intervention by itself: entries on the timeline, the close of its CTA, its criterion, the silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from cockpit.desk import Desk
from cockpit.domain.calendar import Calendar
from cockpit.domain.intervention import (
    ENDS,
    REACHED,
    TRIES_OVER,
    Fact,
    Window,
    at_close,
    moved_by,
    proposes_no_response,
    stage_text,
    window,
)
from cockpit.domain.say import plural
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.comment import tell
from db.connection import Db
from db.reads import intervention as reads
from db.reads.intervention import Stored
from db.terms import Outcome, Stage

TRY_TYPES = frozenset({"outreach", "email", "call"})
HOST = (
    "FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
    " LEFT JOIN segment s ON s.id = a.segment_id"
)
"""What a query about accounts speaks of."""


class Entry(NamedTuple):
    """Of an entry of the timeline what may move a stage; ``seats`` as they are stored."""

    account_id: int
    type: str
    is_meeting: bool
    at: datetime
    date_only: bool
    seats: Sequence[Mapping[str, Any]]
    cta: int | None = None
    answered: bool = False


def after_activity(work: Work, entry: Entry, by: int | None = None) -> tuple[int, str] | None:
    """Moves (or begins) the intervention of an account as an entry is logged: (its id, what to add to what is said).

    Its CSM's outreach, mail or call reaches out; a meeting or call with somebody of the customer, or an entry that is
    an answer, engages. The first of them by who holds a CTA of the account begins one. ``by``: whose it is, when the
    program logs it for somebody.
    """
    by = work.me.id if by is None else by
    fact = _fact(entry)
    if fact is None:
        return None
    row = reads.running(work.db, entry.account_id)
    if row is not None and work.hold("intervention", [row.id]):  # a colleague's entry may have moved it, or its end come
        row = reads.running(work.db, entry.account_id)
    begun = row is None
    if row is None and (row := _begin(work, entry, by)) is None:
        return None
    calendar = calendar_of(row)
    if fact is Fact.OUTREACH and row.csm_id not in (None, by):
        return None
    day, today = calendar.local_date(entry.at), calendar.local_date(work.now)
    if day < calendar.local_date(row.claimed_at) or day > today or (entry.at > work.now and not entry.date_only):
        return None
    was = Stage(row.stage)
    to = moved_by(was, fact)
    if to is was:
        return None
    at = min(max(entry.at, row.claimed_at), work.now)
    moments = {REACHED[to]: at} | ({} if row.reached_at else {"reached_at": at})
    work.update("intervention", row.id, {"stage": to} | moments)
    verb = "began, " if begun else ""
    return row.id, f" · intervention {row.id} {verb}{stage_text(to)}"


def after_close(work: Work, cta_ids: Sequence[int], outcome: Outcome, note: str) -> str:
    """Ends or keeps the interventions of CTAs that were closed; returns what to add to what is said."""
    ids = [row[0] for row in work.db.of("SELECT id FROM intervention WHERE ended_at IS NULL AND cta_id IN ({ids})", cta_ids)]
    work.hold("intervention", ids)
    rows = reads.running_of(work.db, ids)
    said: list[str] = []
    for row in rows:
        others = [] if row.csm_id is None else [id_ for id_, _ in reads.claims(work.db, row.account_id, row.csm_id)]
        end = at_close(Stage(row.stage), outcome, note, others)
        if end is not None:
            finish(work, row, end, note=note, reason=f"CTA {row.cta} closed as {outcome.value.replace('_', ' ')}")
            said.append(f"; intervention {row.id} ended, {stage_text(end)}")
            continue
        if others:
            work.update("intervention", row.id, {"cta_id": others[0]})
        state = window_of(row, work.now)
        where = f"{stage_text(Stage(row.stage))}{f', {state.says}' if state else ''}"
        said.append(f"; its intervention {row.id} goes on ({where})")
    return said[0] if len(said) == 1 else f"; {plural(len(said), 'intervention')} touched" if said else ""


def finish(
    work: Work, row: Stored, end: Stage, *, note: str = "", reason: str = "", articles: Sequence[str] = ()
) -> None:
    """Ends an intervention; the hand-over to self-service is an entry of the timeline too."""
    values: dict[str, Any] = {"stage": end, "ended_at": work.now, "end_reason": reason or None}
    if end is Stage.SELF_SERVICE:
        values |= {"handoff_note": note, "articles": list(articles) or None}
        body = "\n".join([f"For Support: {note}", *(f"Article: {url}" for url in articles)])
        log(work, row, "milestone", "Handed to self-service", body)
    work.update("intervention", row.id, values)


def met(desk: Desk, db: Db, rows: Sequence[Stored]) -> dict[int, bool]:
    """Whether the criterion of each holds now; those without one, or with one nobody understands any more, are missing."""
    return holding(desk, db, [(row.id, row.account_id, row.criterion) for row in rows if row.criterion])


def holding(desk: Desk, db: Db, asked: Sequence[tuple[int, int, str]]) -> dict[int, bool]:
    """Whether criteria hold now, of (id, account, criterion): a statement for each criterion there is."""
    from cockpit.services.query import QueryError, compiled

    by_criterion: dict[str, list[tuple[int, int]]] = {}
    for id_, account, criterion in asked:
        by_criterion.setdefault(criterion, []).append((id_, account))
    found: dict[int, bool] = {}
    for criterion, those in by_criterion.items():
        try:
            sql, params = compiled(desk, db, criterion, "account")
        except QueryError:
            continue
        marks = db.marks("i", sorted({account for _, account in those}), params)
        holds = {one[0] for one in db.all(f"SELECT a.id {HOST} WHERE a.id IN ({marks}) AND {sql}", **params)}
        found |= {id_: account in holds for id_, account in those}
    return found


def tries(db: Db, rows: Sequence[Stored], now: datetime) -> dict[int, list[date]]:
    """The days on which the customer was tried since the claim, before any answer, by intervention."""
    if not rows:
        return {}
    day, cutoff = timedelta(days=1), now + timedelta(hours=14)
    spans = [(row.account_id, row.claimed_at - day, row.engaged_at or row.ended_at or cutoff) for row in rows]
    by_account: dict[int, list[reads.Touch]] = {}
    for touch in reads.touches(db, spans, now, cutoff):
        by_account.setdefault(touch.account_id, []).append(touch)
    found: dict[int, list[date]] = {}
    for row in rows:
        calendar = calendar_of(row)
        first, until = calendar.local_date(row.claimed_at), row.engaged_at or row.ended_at
        found[row.id] = [
            calendar.local_date(touch.at)
            for touch in by_account.get(row.account_id, ())
            if touch.is_try and calendar.local_date(touch.at) >= first and (until is None or touch.at < until)
        ]
    return found


def silent(db: Db, rows: Sequence[Stored], now: datetime) -> dict[int, list[date]]:
    """Those of these whose customers were tried often and long enough without an answer, with the days of the tries."""
    waiting = [row for row in rows if row.stage == Stage.REACHED_OUT and row.ended_at is None]
    tried = tries(db, waiting, now)
    found = {}
    for row in waiting:
        days, calendar = tried[row.id], calendar_of(row)
        if proposes_no_response(Stage(row.stage), days, calendar.local_date(now), calendar):
            found[row.id] = days
    return found


def is_any_due(desk: Desk, db: Db) -> bool:
    """Whether ``run_due`` would do something."""
    now_on_track, proposed = _due(desk, db)
    return bool(now_on_track or proposed)


def run_due(work: Work) -> tuple[int, int]:
    """Moves what is on track now, and asks about what nobody answers, once; returns how many of each."""
    now_on_track, proposed = _due(work.desk, work.db)
    if work.hold("intervention", [row.id for row in now_on_track] + [row.id for row, _ in proposed]):
        now_on_track, proposed = _due(work.desk, work.db)
    work.update_many(
        "intervention", {row.id: {"stage": Stage.ON_TRACK, "on_track_at": work.now} for row in now_on_track}
    )
    for row in now_on_track:
        _tell(work, row, f"On track: {row.criterion} holds. Hand it to self-service when Support knows what to know.")
    work.update_many("intervention", {row.id: {"proposed_at": work.now} for row, _ in proposed})
    for row, days in proposed:
        calendar = calendar_of(row)
        over = calendar.business_days_between(min(days), calendar.local_date(work.now))
        words = f"No answer after {plural(len(days), 'try', 'tries')} in {plural(over, 'business day')}"
        _tell(work, row, f"{words}: end intervention {row.id} as no response, or try once more?")
    return len(now_on_track), len(proposed)


def _due(desk: Desk, db: Db) -> tuple[list[Stored], list[tuple[Stored, list[date]]]]:
    rows = reads.some(
        db,
        "i.ended_at IS NULL AND ((i.stage = :planned AND i.criterion IS NOT NULL)"
        " OR (i.stage = :reached AND i.proposed_at IS NULL AND i.reached_at <= :before))",
        planned=Stage.ON_PLAN,
        reached=Stage.REACHED_OUT,
        before=desk.now() - timedelta(days=TRIES_OVER - 1),
    )
    if not rows:
        return [], []
    holds = met(desk, db, [row for row in rows if row.stage == Stage.ON_PLAN])
    asked = silent(db, rows, desk.now())
    return [row for row in rows if holds.get(row.id)], [(row, asked[row.id]) for row in rows if row.id in asked]


def calendar_of(row: Stored) -> Calendar:
    """The calendar of the account's pool."""
    return calendar_for(row.time_zone or "UTC", row.calendar)


def window_of(row: Stored, now: datetime) -> Window | None:
    """How far the window of an intervention has run: until its end, or now."""
    if row.engaged_at is None:
        return None
    calendar = calendar_for(row.time_zone or "UTC")
    return window(calendar.local_date(row.engaged_at), calendar.local_date(row.ended_at or now))


def begin(work: Work, account_id: int, cta_id: int, csm_id: int, claimed_at: datetime) -> int | None:
    """Begins an intervention; None when one runs on the account already (somebody was quicker)."""
    attempt = work.attempt()
    with attempt:
        made = work.insert("intervention", {
            "account_id": account_id, "cta_id": cta_id, "csm_id": csm_id, "stage": Stage.CLAIMED, "claimed_at": claimed_at,
        })  # fmt: skip
    return made if attempt.worked else None


def _begin(work: Work, entry: Entry, by: int | None) -> Stored | None:
    """One on a CTA that who logs holds there: the CTA of the entry, else the first she claimed."""
    if by is None:
        return None
    held = reads.claims(work.db, entry.account_id, by)
    zone = work.db.scalar(
        "SELECT p.time_zone FROM account a JOIN pool p ON p.id = a.pool_id WHERE a.id = :id", id=entry.account_id
    )
    calendar = calendar_for(zone or "UTC")
    day, today = calendar.local_date(entry.at), calendar.local_date(work.now)
    if day > today or (entry.at > work.now and not entry.date_only):
        return None
    fitting = [one for one in held if calendar.local_date(one[1]) <= day]
    chosen = next((one for one in fitting if one[0] == entry.cta), fitting[0] if fitting else None)
    if chosen is None:
        return None
    made = begin(work, entry.account_id, chosen[0], by, chosen[1])
    return None if made is None else reads.one(work.db, made)


def _fact(entry: Entry) -> Fact | None:
    customers = [seat for seat in entry.seats if seat.get("person_id") is not None or seat.get("email")]
    if entry.answered or (entry.is_meeting and customers):
        return Fact.ANSWER
    is_outward = bool(customers) or not entry.seats
    return Fact.OUTREACH if is_outward and entry.type.casefold() in TRY_TYPES else None


def _tell(work: Work, row: Stored, words: str) -> None:
    if row.cta is not None and row.csm_id is not None:
        tell(work, row.cta, [row.csm_id], words)


def log(work: Work, row: Stored, type_name: str, subject: str, body: str) -> None:
    """Puts an entry on the timeline of an intervention's account; see ``entry``."""
    entry(work, row.account_id, row.cta, type_name, subject, body)


def entry(work: Work, account_id: int, cta_id: int | None, type_name: str, subject: str, body: str | None) -> None:
    """Puts an entry on an account's timeline, of this type or, where that is off, of the first there is."""
    type_id = work.db.scalar(
        "SELECT id FROM activity_type WHERE active = TRUE ORDER BY CASE WHEN lower(name) = :name THEN 0 ELSE 1 END, id LIMIT :one",
        name=type_name,
        one=1,
    )
    if type_id is not None:
        work.insert("activity", {
            "account_id": account_id, "cta_id": cta_id, "type_id": type_id, "author_id": work.me.id,
            "subject": subject, "body": body, "at": work.now,
        })  # fmt: skip


__all__ = [
    "ENDS", "Entry", "after_activity", "after_close", "begin", "calendar_of", "entry", "finish", "holding", "is_any_due", "log", "met",
    "run_due", "silent", "tries", "window_of",
]  # fmt: skip
