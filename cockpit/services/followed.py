"""What followed an intervention: sales won and the change of NPS, read from the facts as they were known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.services.stages import calendar_of
from db.connection import Db
from db.reads import intervention as reads
from db.reads.intervention import Stored
from db.reads.intervention import Won as Won  # the faces know it from here

FOLLOWED_DAYS = 90
"""So long after its end what the account buys still counts as having followed."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed an intervention, from the answer until 90 days after its end; not what it caused.

    NPS before and after are of the same ``nps_people``, those who answered both times.
    """

    first: date | None
    last: date | None
    won: tuple[Won, ...] = ()
    nps_before: float | None = None
    nps_after: float | None = None
    nps_change: float | None = None
    nps_people: int = 0


def read_followed(desk: Desk, db: Db, row: Stored) -> Followed:
    """What followed one intervention, from facts as they are known at the desk's moment."""
    if row.engaged_at is None:
        return Followed(None, None)
    calendar = calendar_of(row)
    first, today = calendar.local_date(row.engaged_at), calendar.local_date(desk.now())
    end = today if row.ended_at is None else calendar.local_date(row.ended_at) + timedelta(days=FOLLOWED_DAYS)
    last = min(today, end)
    sales = reads.won(db, row.account_id, first, last, desk.now())
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for answer in reads.nps(db, row.account_id, last, desk.now()):
        if answer.person_id is not None:
            (before if answer.answered <= first else after)[answer.person_id] = answer.score
    both = sorted(before.keys() & after.keys())
    old, new = _nps([before[one] for one in both]), _nps([after[one] for one in both])
    change = None if old is None or new is None else new - old
    return Followed(first, last, tuple(sales), old, new, change, len(both))


def _nps(scores: Sequence[int]) -> float | None:
    """Percent of 9 and 10 minus percent of 0 to 6; None of nobody."""
    if not scores:
        return None
    return 100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)
