"""Service models: who serves an account, whom the pool's mails copy, and what a mail leaves to do.

Dedicated: its CSM alone. Pool: whoever claims. Pod: a small group together. Hybrid: a CSM of its own with the pool
beside her, who must know what the pool writes: she gets a copy of each of its mails and a task to follow it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.domain.calendar import Calendar
from db.terms import ServedBy

FOLLOW_UP = "mail_follow_up"
"""The ``key`` of the tasks that mails leave."""
FOLLOW_UP_DAYS = 3
"""Business days until the dedicated CSM should have looked at what came of a mail (ours: no public source)."""
_TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Served:
    """How an account is served, and the CSM it has (its owner), if any."""

    account: int
    model: ServedBy
    owner: int | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task for the dedicated CSM of an account: what, and by when."""

    account: int
    owner: int
    title: str
    due: date


def copied(served: Served, sender: int | None) -> int | None:
    """Return the CSM who gets a copy of a mail to this account, or None.

    Of a hybrid account that is its CSM, unless she writes herself; with ``sender`` None the pool writes as such.
    """
    if served.model is not ServedBy.HYBRID or served.owner is None or served.owner == sender:
        return None
    return served.owner


def follow_up(served: Served, sender: int | None, subject: str, sent: date, calendar: Calendar) -> FollowUp | None:
    """Return the task that a mail leaves for the one it is copied to, FOLLOW_UP_DAYS business days later; or None."""
    owner = copied(served, sender)
    if owner is None:
        return None
    title = f"See what came of the pool's mail: {subject}"
    short = title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"
    return FollowUp(served.account, owner, short, calendar.add_business_days(sent, FOLLOW_UP_DAYS))

