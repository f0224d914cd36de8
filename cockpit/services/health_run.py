"""Scoring everybody: account by account in batches, each its own act, written only where something changed.

The tick scores whose facts were touched since the last time, and once a day everybody. Where that is more than can be
done in passing, it waits for `cockpit tick` or `cockpit health run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.domain.scorecard import TREND_DAYS, Scored, is_news, kept
from cockpit.services import scoring
from cockpit.services.act import WORKERS, Work, act
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.lookup import find_account
from cockpit.services.query import compiled
from cockpit.services.scorecard import InForce, in_force
from cockpit.services.scored import day_of, judge
from db.connection import Db
from db.reads import health as reads
from db.reads import health_facts as facts
from db.reads.health import ScoreRow

VERB = "score"
AT_ONCE, BEHIND = 1_000, 3_000
"""How many accounts a command scores in passing, and open screens behind what is seen."""
LOOK_AGAIN = timedelta(minutes=15)
"""Acts that touch nobody's health are looked through once in so long."""
Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""


@dataclass(frozen=True, slots=True)
class HealthRun:
    """What a run did: accounts scored, whose health changed, who has no score."""

    scored: int = 0
    changed: int = 0
    unknown: int = 0
    cancelled: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did."""

    scored: int
    changed: int
    unknown: int
    act: int | None = None


def run(
    desk: Desk, where: str = "", account: str | int | None = None, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> HealthRun:  # fmt: skip
    """Scores every customer, those a query matches, or one account, now.

    It can be stopped between batches: what is done is kept, and doing it again does the rest. Raises Refused when
    scoring is off or nothing may be written, NotFound, QueryError.
    """
    _check(desk)
    with desk.store.read() as db:
        ids = _wanted(desk, db, where, account)
        if in_force(db) is None:
            raise Refused("off", "No scorecard is in force: `cockpit scorecard apply FILE` puts one there.")
        everybody = None if ids is not None else int(db.scalar(f"SELECT count(*) FROM account a WHERE {facts.SCORED}"))
    parts = _some(ids) if ids is not None else _everybody(desk)
    return _in_batches(desk, parts, len(ids) if ids is not None else everybody or 0, progress, cancelled)


def run_due(desk: Desk, most: int | None = AT_ONCE) -> HealthRun:
    """What the tick does: scores whose facts were touched, and everybody whose day has not been scored.

    Looks first and writes only when something is due. More than ``most`` are left to a tick that takes them; None: any.
    """
    with desk.store.read() as db:
        ids = _due(desk, db, most)
        if (ids is not None and not ids) or in_force(db) is None:
            return HealthRun()
    return _in_batches(desk, _everybody(desk) if ids is None else _some(ids), len(ids or ()), None, None)


def _due(desk: Desk, db: Db, most: int | None) -> list[int] | None:
    """The accounts that are to be scored now; None: all of them."""
    last = reads.last_account(db)
    if last is None:
        return []
    is_scored, newest = reads.is_kept(db, last, day_of(desk)), reads.last_kept(db)
    may_all = most is None or not reads.has_more(db, most)
    if may_all and not is_scored:
        return None
    if newest is None:
        return []
    touched = reads.touched(db, newest[1])
    if touched is None:
        return None if may_all else []
    ids: list[int] = reads.scored_of(db, sorted(touched))
    if not ids and is_scored and desk.now() - newest[1] > LOOK_AGAIN:
        return [last]
    return ids if most is None or len(ids) <= most else []


def _check(desk: Desk) -> None:
    if desk.read_only or desk.as_of is not None:
        raise Refused("read_only", "Nothing is written here: Cockpit was opened read-only.")
    if desk.me.role not in WORKERS:
        raise Forbidden(f"{desk.me.name} (read-only) may look, not have health computed.")


def _wanted(desk: Desk, db: Db, where: str, account: str | int | None) -> list[int] | None:
    if account is not None:
        return reads.scored_of(db, [find_account(db, account)])
    if not where.strip():
        return None
    sql, params = compiled(desk, db, where, "account")
    rows = db.all(
        "SELECT a.id FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE {facts.SCORED} AND {sql} ORDER BY a.id",
        **params,
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class _Part:
    """Accounts of one batch; ``marks``: today's score is kept even where it says nothing new; ``repeats``: counted before."""

    ids: Sequence[int]
    marks: bool = False
    repeats: bool = False


def _everybody(desk: Desk) -> Iterator[_Part]:
    """Batch by batch, then the last of each pool once more: they tell that the pass came to its end."""
    after = 0
    while True:
        with desk.store.read() as db:
            ids = facts.batches(db, after)
        if not ids:
            break
        yield _Part(ids)
        after = ids[-1]
    with desk.store.read() as db:
        ends = reads.ends(db)
    yield from (_Part(last, marks=True, repeats=True) for last in facts.in_turn(ends))
    with desk.store.write() as db:
        reads.sweep(db)


def _some(ids: Sequence[int]) -> Iterator[_Part]:
    return (_Part(batch, marks=True) for batch in facts.in_turn(ids))


def _in_batches(
    desk: Desk, parts: Iterator[_Part], whole: int, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> HealthRun:
    system = desk.as_system()
    scored = changed = unknown = 0
    for part in parts:
        if cancelled is not None and cancelled():
            stopped = f"{_said(scored, changed, unknown)} before it was stopped"
            return HealthRun(scored, changed, unknown, cancelled=True, said=stopped)
        done = score_batch(system, part.ids, part.marks)
        changed += done.changed
        if not part.repeats:
            scored, unknown = scored + done.scored, unknown + done.unknown
            if progress is not None:
                progress("accounts", scored, max(whole, scored))
    return HealthRun(scored, changed, unknown, said=_said(scored, changed, unknown))


@act(VERB)
def score_batch(work: Work, ids: Sequence[int], marks: bool = False) -> Batch:
    """Scores these accounts, writes health and its trend where they changed, and re-scores their CTAs."""
    using = in_force(work.db)
    if using is None:
        return Batch(0, 0, 0)
    today, now = day_of(work.desk), work.now
    found = judge(work.desk, work.db, using.card, today, now).score(ids)
    last = reads.latest(work.db, ids, today)
    changed = write_health(work, found, today, last)
    reads.keep(work.db, _rows(found, last, using, today, now, marks))
    unknown = sum(scored.total is None for scored in found.values())
    work.say(f"Scored {plural(len(found), 'account')}: the health of {changed:,} changed")
    return Batch(len(found), changed, unknown)


def write_health(
    work: Work, found: Mapping[int, Scored], today: date, last: Mapping[int, ScoreRow] | None = None
) -> int:
    """Writes the health of accounts from their scores, where it changed; how many there were.

    An account without a score keeps the health that somebody typed or imported. What a scorecard made of it before,
    and nobody changed since, becomes unknown; what a person said for a while, what it was before she said it.
    """
    ids = list(found)
    last = reads.latest(work.db, ids, today) if last is None else last
    then = today - timedelta(days=TREND_DAYS)
    earlier = reads.latest(work.db, ids, then)
    showed = reads.known_on(work.db, ids, work.now - timedelta(days=TREND_DAYS))
    unsaid = reads.unsaid(work.db, [id_ for id_, scored in found.items() if scored.total is None])
    changes: dict[int, dict[str, int | None]] = {}
    for id_, (health, before, _) in reads.stored(work.db, ids).items():
        total = found[id_].total
        if total is not None:
            new: int | None = total
        elif id_ in unsaid and unsaid[id_][0] == health:
            new = unsaid[id_][1]
        else:
            is_ours = id_ in last and last[id_].total is not None and last[id_].total == health
            new = None if is_ours else health
        past = earlier[id_].total if id_ in earlier else showed.get(id_, before)
        if (new, past) != (health, before):
            changes[id_] = {"health": new, "health_before": past}
    moved = [id_ for id_, fields in work.update_many("account", changes).items() if "health" in fields]
    scoring.rescore_accounts(work, moved)
    return len(moved)


def _rows(
    found: Mapping[int, Scored], last: Mapping[int, ScoreRow], using: InForce, today: date, now: datetime, marks: bool
) -> list[dict[str, Any]]:
    """What is to be kept: what is news, and today's where there is one already or it is asked for."""
    rows = []
    for id_, scored in found.items():
        before, measures = last.get(id_), kept(scored)
        is_today = before is not None and before.day == today
        known = None if before is None else before.measures
        now_is = (scored.total, scored.computed, using.id)
        moved = before is not None and (before.total, before.computed, before.scorecard_id) != now_is
        if marks or is_today or moved or is_news(known, measures):
            rows.append({"account_id": id_, "scorecard_id": using.id, "day": today, "at": now, "total": scored.total,
                         "computed": scored.computed, "measures": measures})  # fmt: skip
    return rows


def _said(scored: int, changed: int, unknown: int) -> str:
    none = f", {unknown:,} ha{'s' if unknown == 1 else 've'} no score" if unknown else ""
    return f"Scored {plural(scored, 'account')}: the health of {changed:,} changed{none}"
