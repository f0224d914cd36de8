"""Time passing: what falls due, done by the program in its own name, once, whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cockpit.desk import Desk
from cockpit.domain.say import listed, plural
from cockpit.services import (
    away,
    evidence,
    health_run,
    lease,
    leave_end,
    override,
    push,
    scoring,
    stages,
    stuck,
    transition_follow,
)
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.seal import seal_day
from cockpit.services.viewing import forget_old
from db.connection import Db, as_date
from db.terms import Role

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one run did, in counts."""

    returned: int = 0
    woken: int = 0
    ended: int = 0
    rescored: int = 0
    made: int = 0
    moved: int = 0
    """Interventions that are on track now."""
    proposed: int = 0
    """Interventions that nobody answers: their CSMs were asked whether to end them."""
    pushed: int = 0
    """CTAs that pools handed out by themselves."""
    scored: int = 0
    """Accounts whose health was computed anew, because of what happened there or because a day has passed."""
    settled: int = 0
    """Steps of playbooks that were done by looking at what they ask to look at."""
    act: int | None = None
    said: str = ""


def tick(desk: Desk, most: int | None = health_run.AT_ONCE) -> Ticked:
    """Ends overrides of health; scores the accounts that were touched and once a day all of them (``most`` at a time,
    None: any number); wakes snoozes whose day or condition has come, ends absences, gives back claims whose lease has
    ended, moves what is on track, re-scores what crossed a step, hands out the queues of pools that push, seals the
    journal once a day, forgets old looks.

    Idempotent for a clock and its facts; looks first and writes only when something is due; read-only never ticks.
    """
    if desk.read_only or desk.as_of is not None or desk.me.role is Role.READ_ONLY:
        return Ticked()
    ended, health = override.end_due(desk), health_run.run_due(desk, most)
    with desk.store.read() as db:
        left = leave_end.due(db, desk.me)
        is_due = bool(left) or _due(desk, db)
        pushing = push.due(desk, db)
    done = _tick(desk.as_system(), left) if is_due else Ticked()
    for pool in pushing:
        done = _with(done, push.hand_out(desk.as_system(), pool))
    seal_day(desk)
    forget_old(desk)
    return _with_health(done, ended, health)


def _due(desk: Desk, db: Db) -> bool:
    today = scoring.scoring_day(desk.now())
    if db.scalar("SELECT 1 FROM cta WHERE rescore_at <= :today AND status = 'open' LIMIT 1", today=today):
        return True
    if bool(wakeable(desk, db)) or bool(away.over(db, desk.now())) or lease.is_any_lapsed(db, desk.now()):
        return True
    if transition_follow.is_any_due(db, desk.today()):
        return True
    return stages.is_any_due(desk, db) or stuck.is_any_stuck(db, desk.now()) or bool(evidence.sweep_due(desk, db))


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
def _tick(work: Work, left: Sequence[int] = ()) -> Ticked:
    _one_at_a_time(work)
    ended = away.end_over(work)
    woken = wakeable(work.desk, work.db)
    if work.hold("cta", woken):  # one may have been snoozed anew meanwhile
        woken = wakeable(work.desk, work.db)
    work.update_many("cta", lease.awake(work, woken))
    returned = lease.return_lapsed(work)
    moved, proposed = stages.run_due(work)
    gone = leave_end.settle(work, left) if left else []
    lost = stuck.free_stuck(work)
    made = transition_follow.run_due(work)
    settled = len(evidence.settle(work, runs=evidence.sweep_due(work.desk, work.db)))
    crossed = [
        row[0]
        for row in work.db.all(
            "SELECT id FROM cta WHERE rescore_at <= :today AND status = 'open' ORDER BY id",
            today=scoring.scoring_day(work.now),
        )
    ]
    for start in range(0, len(crossed), _BATCH):
        scoring.rescore(work, crossed[start : start + _BATCH])
    parts = list(ended)
    parts += [f"woke {plural(len(woken), 'CTA')}"] if woken else []
    parts += [f"returned {plural(returned, 'CTA')} that nobody had touched"] if returned else []
    parts += [f"moved {plural(moved, 'intervention')} on track"] if moved else []
    parts += [f"asked about {plural(proposed, 'intervention')} that nobody answers"] if proposed else []
    parts += [f"found {plural(lost, 'mail')} that a sender left in hand"] if lost else []
    parts += [f"told the lead of {plural(made, 'cover')} nobody came back from"] if made else []
    parts += [f"ended the leave of {listed(gone)}"] if gone else []
    parts += [f"closed {plural(settled, 'step')} that were done"] if settled else []
    parts += [f"re-scored {plural(len(crossed), 'CTA')}"] if crossed else []
    work.say(f"Time passed: {listed(parts)}" if parts else "Time passed")
    said = work.act.what if parts else ""
    return Ticked(
        returned, len(woken), len(ended), rescored=len(crossed), made=made, moved=moved, proposed=proposed, settled=settled,
        said=said,
    )


def _one_at_a_time(work: Work) -> None:
    """On a server every open screen lets time pass: who comes second waits, and finds nothing left to do.

    A row is locked that every writer may change and hardly anybody does; what refers to it is not kept waiting.
    """
    if work.db.dialect == "postgresql":
        work.db.all("SELECT id FROM cta_type ORDER BY id LIMIT 1 FOR NO KEY UPDATE")


def _with(done: Ticked, round_: push.HandedOut) -> Ticked:
    """One more pool that handed out."""
    said = " · ".join(part for part in (done.said, round_.said if round_.given else "") if part)
    return replace(done, pushed=done.pushed + len(round_.given), said=said)


def _with_health(done: Ticked, ended: int, health: health_run.HealthRun) -> Ticked:
    """What was scored; it is said when anybody's health changed."""
    parts = [f"ended {plural(ended, 'override')} of health"] if ended else []
    parts += [f"the health of {plural(health.changed, 'account')} changed"] if health.changed else []
    said = " · ".join(part for part in (done.said, listed(parts)) if part)
    return replace(done, ended=done.ended + ended, scored=health.scored, said=said)


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
