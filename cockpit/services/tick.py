"""Time passing: what falls due, done by the program in its own name, once, whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cockpit.desk import Desk
from cockpit.domain.say import listed, plural
from cockpit.services import scoring
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.cta import AWAKE
from cockpit.services.seal import seal_day
from db.connection import Db, as_date

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one run did, in counts."""

    returned: int = 0
    woken: int = 0
    ended: int = 0
    rescored: int = 0
    made: int = 0
    act: int | None = None
    said: str = ""


def tick(desk: Desk) -> Ticked:
    """Wakes snoozes whose day or condition has come, re-scores what crossed a step, seals the journal once a day.

    Idempotent for a clock and its facts; looks first and writes only when something is due; read-only never ticks.
    """
    if desk.read_only or desk.as_of is not None:
        return Ticked()
    with desk.store.read() as db:
        is_due = _due(desk, db)
    done = _tick(desk.as_system()) if is_due else Ticked()
    seal_day(desk)
    return done


def _due(desk: Desk, db: Db) -> bool:
    today = scoring.scoring_day(desk.now())
    if db.scalar("SELECT 1 FROM cta WHERE rescore_at <= :today AND status = 'open' LIMIT 1", today=today):
        return True
    return bool(wakeable(desk, db))


def wakeable(desk: Desk, db: Db) -> list[int]:
    """Snoozed CTAs whose day has come in their pool's zone, or whose account now matches what they wait for."""
    rows = db.all(
        "SELECT c.id, c.snoozed_until, c.snooze_wake, p.time_zone FROM cta c LEFT JOIN pool p ON p.id = c.pool_id"
        " WHERE c.snoozed_at IS NOT NULL AND c.status = 'open' AND (c.snoozed_until <= :latest OR c.snooze_wake IS NOT NULL)",
        latest=_tomorrow(desk),
    )
    came = [
        id_
        for id_, until, _, zone in rows
        if _has_come(as_date(until), calendar_for(zone or "UTC").local_date(desk.now()))
    ]
    waiting: dict[str, list[int]] = {}
    for id_, _, query, _ in rows:
        if query and id_ not in came:
            waiting.setdefault(query, []).append(id_)
    return came + [id_ for query, ids in waiting.items() for id_ in _matching(desk, db, query, ids)]


@act("tick")
def _tick(work: Work) -> Ticked:
    woken = wakeable(work.desk, work.db)
    work.update_many("cta", dict.fromkeys(woken, AWAKE))
    crossed = [
        row[0]
        for row in work.db.all(
            "SELECT id FROM cta WHERE rescore_at <= :today AND status = 'open' ORDER BY id",
            today=scoring.scoring_day(work.now),
        )
    ]
    for start in range(0, len(crossed), _BATCH):
        scoring.rescore(work, crossed[start : start + _BATCH])
    parts = [f"woke {plural(len(woken), 'CTA')}"] if woken else []
    parts += [f"re-scored {plural(len(crossed), 'CTA')}"] if crossed else []
    work.say(f"Time passed: {listed(parts)}" if parts else "Time passed")
    return Ticked(woken=len(woken), rescored=len(crossed), said=work.act.what if parts else "")


def _matching(desk: Desk, db: Db, query: str, ids: Sequence[int]) -> list[int]:
    from cockpit.services.query import QueryError, compiled
    from db.reads import cta as reads

    try:
        sql, params = compiled(desk, db, query, "cta")
    except QueryError:  # a field that went away since: it stays asleep until its day, or until somebody wakes it
        return []
    marks = db.marks("i", list(ids), params)
    return reads.ids(db, f"c.id IN ({marks}) AND {sql}", params)


def _has_come(until: date | None, today: date) -> bool:
    return until is not None and until <= today


def _tomorrow(desk: Desk) -> date:
    from datetime import timedelta

    return desk.now().date() + timedelta(days=1)
