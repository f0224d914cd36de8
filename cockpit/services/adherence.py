"""How well playbooks are kept, by playbook and by CSM, over the steps that were due in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain.adherence import Kept, Tally, kept, tally
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from db.reads import playbook as reads
from db.reads.playbook import Outcome

DAYS = 90
MOOT = ("not needed", "called off", "handed over again")
"""How the note of a step begins that nobody had to do in the end."""


@dataclass(frozen=True, slots=True)
class Adherence:
    """One playbook, or one CSM in it. ``rate`` is None where ``n`` is too small to tell anything; ``says`` says so."""

    playbook: str
    csm: str | None
    csm_name: str | None
    n: int
    on_time: int
    late: int
    overdue: int
    skipped: int
    waived: int
    rate: float | None
    says: str


def adherence(desk: Desk, first: date | None = None, last: date | None = None, by_csm: bool = True) -> tuple[Adherence, ...]:
    """What was due from ``first`` to ``last`` (the last 90 days), each playbook whole and then its CSMs.

    Steps that nobody needed count for nobody. Raises Refused for a period that ends before it begins.
    """
    last = last or desk.today()
    first = first or last - timedelta(days=DAYS)
    if first > last:
        raise Refused("period", "The period ends before it begins.")
    with desk.store.read() as db:
        rows = reads.outcomes(db, first, last)
    by_playbook: dict[str, dict[tuple[str | None, str | None], list[Kept]]] = {}
    for row in rows:
        by_playbook.setdefault(row.playbook, {}).setdefault((row.csm, row.csm_name), []).append(_kept(row, desk.today()))
    found: list[Adherence] = []
    for playbook in sorted(by_playbook):
        people = by_playbook[playbook]
        found.append(_row(playbook, None, None, [one for some in people.values() for one in some]))
        if by_csm:
            found += [_row(playbook, *who, people[who]) for who in sorted(people, key=str)]
    return tuple(one for one in found if one.n or one.waived)


def _kept(row: Outcome, today: date) -> Kept:
    done_on = calendar_for(row.time_zone or "UTC").local_date(row.done_at) if row.done_at else None
    is_moot = row.status == "skipped" and (row.note or "").startswith(MOOT)
    assert row.due is not None
    return kept(row.status, row.due, done_on, today, is_over=row.is_over, is_waived=row.waived, is_moot=is_moot)


def _row(playbook: str, csm: str | None, name: str | None, steps: Sequence[Kept]) -> Adherence:
    counts: Tally = tally(steps)
    return Adherence(
        playbook, csm, name, counts.n, counts.on_time, counts.late, counts.overdue, counts.skipped, counts.waived, counts.rate, counts.says
    )
