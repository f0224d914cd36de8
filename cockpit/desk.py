"""The desk: a store, who sits at it, and the clock. Built once, handed to every use-case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.store import Store
from db.terms import Face, Role

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Me:
    """Who acts. The system has no id."""

    id: int | None
    login: str
    name: str
    role: Role
    time_zone: str = "UTC"
    """Of the first pool she works, so that "today" is that pool's day."""
    pools: tuple[int, ...] = ()


SYSTEM = Me(None, "system", "Cockpit", Role.OPS)


@dataclass(slots=True)
class Desk:
    """Everything a use-case needs that is not an argument."""

    store: Store
    me: Me
    clock: Clock = field(default=lambda: datetime.now(UTC))
    face: Face = Face.CLI
    once: str | None = None
    """A caller's key: the same key again returns the first result."""
    read_only: bool = False
    as_of: date | None = None
    clock_is_set: bool = False

    def now(self) -> datetime:
        """The moment, in UTC; the end of the day asked about when reading as of a day."""
        if self.as_of is not None:
            midnight = datetime.combine(self.as_of + timedelta(days=1), time(), ZoneInfo(self.me.time_zone))
            return midnight.astimezone(UTC) - timedelta(microseconds=1)
        return self.clock().astimezone(UTC)

    def today(self) -> date:
        """The day in the zone of the pool one works in."""
        return self.as_of or self.now().astimezone(ZoneInfo(self.me.time_zone)).date()

    def as_system(self) -> Desk:
        """The same desk, for what the program does by itself."""
        return Desk(
            self.store, SYSTEM, self.clock, Face.SYSTEM, read_only=self.read_only, clock_is_set=self.clock_is_set
        )
