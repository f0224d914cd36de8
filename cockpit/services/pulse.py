"""Pulse: whether contact with accounts keeps to their segment's policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.desk import Desk
from cockpit.domain.pulse import pulse
from cockpit.services.calendars import calendar_for
from db.connection import Db
from db.reads import contact as reads


@dataclass(frozen=True, slots=True)
class PulseShown:
    """How contact with an account stands: ``state`` is fine, soon, late, never or open, ``says`` the words.

    ``weekdays`` since ``last``, ``window`` what the policy of ``segment`` allows; None = not known, not asked for.
    """

    account_id: int
    state: str
    last: datetime | None
    weekdays: int | None
    window: int | None
    segment: str | None
    says: str


def pulses(desk: Desk, db: Db, account_ids: Sequence[int]) -> dict[int, PulseShown]:
    """The pulse of each of these accounts, relationships included; one statement."""
    calendar, today = calendar_for(desk.me.time_zone), desk.today()
    found: dict[int, PulseShown] = {}
    for row in reads.contacts(db, account_ids, desk.now()).values():
        beat = pulse(None if row.last is None else calendar.local_date(row.last), today, row.touch_days)
        found[row.id] = PulseShown(
            row.id, beat.pulse.value, row.last, beat.weekdays, beat.window, row.segment, beat.says
        )
    return found


def pulse_of(desk: Desk, account_id: int) -> PulseShown | None:
    """The pulse of one account; None when it is not there."""
    with desk.store.read() as db:
        return pulses(desk, db, [account_id]).get(account_id)
