"""How old a feed may be before its figures are marked, and what an account's facts lack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LIMITS = {
    "usage": 8, "tickets": 8, "subscriptions": 32, "opportunities": 32, "events": 32, "surveys": 100, "trainings": 100,
    "advocacy": 190, "activities": 45, "health": 32,
}  # fmt: skip
"""Days after which what another system sends of a kind counts as old; the rhythm such systems are read in, and a day."""


class Age(StrEnum):
    """What is said of a feed's age."""

    FRESH = "fresh"
    OLD = "old"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Mark:
    """How old one kind of fact is. ``days`` since it was loaded (or, without loads, last recorded); None = never."""

    kind: str
    age: Age
    days: int | None
    at: datetime | None
    systems: tuple[str, ...] = ()
    """Where it comes from; none when it is typed here."""


def mark(kind: str, loaded: datetime | None, recorded: datetime | None, now: datetime, systems: tuple[str, ...] = ()) -> Mark:
    """Return the mark of a kind: by its last load where an import feeds it, else by what was last recorded."""
    at = max((moment for moment in (loaded, recorded) if moment is not None), default=None)
    if at is None:
        return Mark(kind, Age.NEVER, None, None, systems)
    days = max((now - at).days, 0)
    return Mark(kind, Age.OLD if days > LIMITS.get(kind, 45) else Age.FRESH, days, at, systems)
