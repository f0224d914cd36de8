"""Absence: who is away, who covers, and the end of it. "Today" is the day in the zone of the pool she works."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.absence import Absence, away_words, back_on, cover_of, covered_by, meets, stands_for
from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.clean import clean_line
from cockpit.domain.lease import Pause
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Forbidden, NotFound, Refused
from db.connection import Db, as_date
from db.reads import away as reads
from db.reads.away import AwayRow

LONGEST = 730
"""Days; somebody who is away longer than two years is better made inactive."""


@dataclass(frozen=True, slots=True)
class AwaySet:
    """An absence that was made, changed or ended; ``warning`` when its cover is away too."""

    id: int
    login: str
    first: date
    last: date
    cover: str | None = None
    warning: str = ""
    act: int | None = None
    said: str = ""


def absences(desk: Desk, *, past: bool = False) -> tuple[AwayRow, ...]:
    """Absences now and coming, by first day; with ``past`` those that are over too."""
    now = desk.now()
    with desk.store.read() as db:
        rows = reads.absences(db) if past else reads.absences(db, "w.ended_at IS NULL")
    found = (dataclasses.replace(row, state=_state(row, now), back=back_on(row.last, _calendar(row))) for row in rows)
    return tuple(row for row in found if past or row.state != "past")


def away_now(db: Db, now: datetime) -> dict[int, AwayRow]:
    """Who is away at this moment, by CSM: each by the day in her own pool's zone."""
    day = now.date()
    rows = reads.running(db, day - timedelta(days=1), day + timedelta(days=1))
    return {row.csm_id: row for row in rows if row.first <= _today(row, now) <= row.last}


def covered(db: Db, now: datetime, csm_id: int | None) -> dict[int, AwayRow]:
    """Those away now for whom this CSM answers: named as their cover, or in place of a cover who is away too."""
    here = away_now(db, now)
    if csm_id is None or not here:
        return {}
    return {one: here[one] for one in covered_by(csm_id, _absences(here))}


def answering(db: Db, now: datetime) -> Callable[[int], int | None]:
    """Who answers for somebody now: herself when she is here, her cover when she is away, None when nobody does.

    Who is away is read once, when it is first asked.
    """
    here: list[dict[int, Absence]] = []

    def answers(csm_id: int) -> int | None:
        if not here:
            here.append(_absences(away_now(db, now)))
        return cover_of(csm_id, here[0])

    return answers


def covering(db: Db, now: datetime, csm_id: int | None) -> tuple[str, dict[str, Any]]:
    """A SELECT of the ids of the open CTAs that somebody sees because she covers: what falls due while its owner is away.

    ("", {}) when she covers for nobody now.
    """
    params: dict[str, Any] = {}
    parts: list[str] = []
    for n, (one, row) in enumerate(covered(db, now, csm_id).items()):
        params |= {f"away{n}": one, f"last{n}": row.last}
        due = f"SELECT k.cta_id FROM task k WHERE k.cta_id IS NOT NULL AND k.status = 'open' AND k.due <= :last{n}"
        hers = f"SELECT x.id FROM cta x WHERE x.owner_id = :away{n} AND x.status = 'open'"
        parts += [f"{hers} AND x.due <= :last{n}", f"{hers} AND x.id IN ({due})", f"{due} AND k.owner_id = :away{n}"]
    return " UNION ".join(parts), params


def marks(db: Db, now: datetime, csm_id: int | None) -> dict[str, str]:
    """What is said beside the CTAs of those she covers for, by login: ``for Ben until Fri 4 Dec``."""
    return {row.login: mark(row, now) for row in covered(db, now, csm_id).values()}


def mark(row: AwayRow, now: datetime) -> str:
    """``for Ben until Fri 4 Dec``: how a cover's list marks what is another's."""
    return stands_for(row.name, row.last, _today(row, now))


def warnings(db: Db, now: datetime, csm_ids: Iterable[int]) -> list[str]:
    """A sentence for each of these who is away now: ``Ben Okafor is away until Fri 4 Dec; Ana Ruiz covers.``"""
    here = away_now(db, now)
    return [words(here[one], now) for one in csm_ids if one in here]


def words(row: AwayRow, now: datetime) -> str:
    """Who is away until when, and who covers."""
    return away_words(row.name, row.last, _today(row, now), row.cover_name)


def pauses(db: Db, csm_ids: Iterable[int]) -> dict[int, list[Pause]]:
    """The days on which the clock of each one's leases stands, past absences included; those without are missing."""
    found: dict[int, list[Pause]] = {}
    wanted = sorted(set(csm_ids))
    for start in range(0, len(wanted), 500):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + 500], params)
        for csm, first, last in db.all(f"SELECT csm_id, first, last FROM away WHERE csm_id IN ({marks})", **params):
            found.setdefault(csm, []).append(Pause(as_date(first) or date.min, as_date(last)))
    return found


@act("set_away")
def set_away(work: Work, login: str, first: date, last: date, cover: str | None = None, note: str = "") -> AwaySet:
    """Says that somebody is away from ``first`` to ``last``, both included, and who covers.

    One says it of oneself, managers and ops of everybody. Raises NotFound, Forbidden, Refused (the days, the cover,
    another absence on the same days).
    """
    from cockpit.services.lookup import active_csm, worker

    csm_id, name = active_csm(work.db, login)
    _check_may(work, csm_id, name)
    _check_days(work, csm_id, name, first, last)
    cover_id, cover_name = worker(work.db, cover) if cover else (None, None)
    if cover_id == csm_id:
        raise Refused("cover", f"{name} cannot cover for herself.")
    values = {"csm_id": csm_id, "first": first, "last": last, "cover_id": cover_id, "note": clean_line(note) or None}
    id_ = work.insert("away", values)
    span = f"on {say.day(first, work.today)}" if first == last else f"{say.day(first, work.today)} to {say.day(last, work.today)}"
    who = f"{cover_name} covers" if cover_name else "nobody covers"
    work.say(f"{name} is away {span}; {who}")
    warning = _cover_is_away(work, cover_id, cover_name, first, last)
    return AwaySet(id_, login, first, last, cover, warning, said=f"{work.act.what}. {warning}".removesuffix(". "))


@act("end_away")
def end_away(work: Work, login: str) -> AwaySet:
    """Ends somebody's absence today (she is back), or calls off the next one that has not begun. Raises NotFound."""
    from cockpit.services.lookup import named

    csm_id = named(work.db, "csm", login)
    rows = reads.absences(work.db, "w.csm_id = :csm AND w.ended_at IS NULL", csm=csm_id)
    name = str(work.db.scalar("SELECT name FROM csm WHERE id = :id", id=csm_id))
    _check_may(work, csm_id, name)
    rows = [row for row in rows if _state(row, work.now) != "past"]
    if not rows:
        raise NotFound(f"{name} is not away, and no absence of hers is to come.")
    row = rows[0]
    today = _today(row, work.now)
    if row.first >= today:
        work.delete("away", row.id)
        what = f"{name} is not away from {say.day(row.first, today)} after all"
        last = row.last
    else:
        last = today - ONE_DAY
        work.update("away", row.id, {"last": last, "ended_at": work.now})
        what = f"{name} is back"
    work.say(what)
    return AwaySet(row.id, login, row.first, last, row.cover, said=what)


def over(db: Db, now: datetime) -> list[AwayRow]:
    """Absences whose last day has passed in their zone and that nobody has ended yet."""
    rows = reads.unended(db, now.date() + timedelta(days=1))
    return [row for row in rows if row.last < _today(row, now)]


def end_over(work: Work) -> list[str]:
    """Ends what is over; returns a sentence for each: ``Ben Okafor is back: Ana Ruiz no longer covers``."""
    rows = over(work.db, work.now)
    if work.hold("away", [row.id for row in rows]):  # she may have said meanwhile that she stays away
        rows = over(work.db, work.now)
    work.update_many("away", {row.id: {"ended_at": work.now} for row in rows})
    return [f"{row.name} is back" + (f": {row.cover_name} no longer covers" if row.cover_name else "") for row in rows]


def _check_may(work: Work, csm_id: int, name: str) -> None:
    if csm_id != work.me.id and work.me.role not in LEADERS:
        raise Forbidden(f"Only {name}, managers and ops say when {name} is away.")


def _check_days(work: Work, csm_id: int, name: str, first: date, last: date) -> None:
    if last < first:
        raise Refused("days", f"{say.day(last, work.today)} is before {say.day(first, work.today)}.")
    if (last - first).days > LONGEST:
        raise Refused("days", "An absence of more than two years is none: `csm off` says that somebody left.")
    rows = reads.absences(work.db, "w.csm_id = :csm AND w.ended_at IS NULL", csm=csm_id)
    other = meets(first, last, [_absence(row) for row in rows])
    if other is not None:
        span = f"{say.day(other.first, work.today)} to {say.day(other.last, work.today)}"
        raise Refused("overlap", f"{name} is away from {span} already: `away end` that first.")


def _cover_is_away(work: Work, cover_id: int | None, name: str | None, first: date, last: date) -> str:
    if cover_id is None:
        return ""
    rows = reads.absences(work.db, "w.csm_id = :csm AND w.ended_at IS NULL", csm=cover_id)
    other = meets(first, last, [_absence(row) for row in rows])
    if other is None:
        return ""
    return f"{name} is away too, from {say.day(other.first, work.today)} to {say.day(other.last, work.today)}."


def _absences(rows: dict[int, AwayRow]) -> dict[int, Absence]:
    return {csm: _absence(row) for csm, row in rows.items()}


def _absence(row: AwayRow) -> Absence:
    return Absence(row.csm_id, row.first, row.last, row.cover_id)


def _calendar(row: AwayRow) -> Calendar:
    return calendar_for(row.zone or "UTC", row.region)


def _today(row: AwayRow, now: datetime) -> date:
    return _calendar(row).local_date(now)


def _state(row: AwayRow, now: datetime) -> str:
    today = _today(row, now)
    if row.ended_at is not None or row.last < today:
        return "past"
    return "away" if row.first <= today else "coming"


__all__ = [
    "AwayRow", "AwaySet", "absences", "answering", "away_now", "covered", "end_away", "end_over", "mark", "over", "pauses",
    "set_away", "warnings", "words",
]  # fmt: skip
