"""One customer of the demo: who they are, what they pay, who works there, what calls for action."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cockpit.services.demo.kinds import Kind, Segment
from cockpit.services.demo.names import Place
from cockpit.services.demo.parts import Part, Past

Row = dict[str, Any]


@dataclass(slots=True)
class Signal:
    """A cause for a CTA and the CTA it led to; ``has_cta`` off = a fact that a rule has yet to find."""

    kind: Kind
    made: date
    """The day the rule ran: the facts behind it lie before."""
    opened_at: datetime
    has_cta: bool = True
    title: str = ""
    note: str | None = None
    high: bool = False
    owner: int | None = None
    """Id of the CSM who claimed it."""
    claimed_at: datetime | None = None
    touched_at: datetime | None = None
    snoozed_at: datetime | None = None
    due: date | None = None
    part: Part | None = None
    moments: tuple[datetime, ...] = ()
    """When the steps of the part were taken."""
    person: int | None = None
    """Place of who it is about."""


@dataclass(slots=True)
class Contact:
    """Somebody at the customer; ``role`` None = not in the value network."""

    name: str
    email: str
    title: str
    role: str | None = None
    left_on: date | None = None
    bounced: bool = False


@dataclass(slots=True)
class Company:
    """A customer while its story is told; ``facts`` by table, people in them by their place in ``people``."""

    name: str
    industry: str
    domain: str
    place: Place
    pool: str
    segment: Segment
    served_by: str
    owner: int | None
    is_detailed: bool
    is_good: bool
    is_churned: bool
    stage: str = "adoption"
    go_live: date = date.min
    began: date = date.min
    """First day of the first contract."""
    renewal: date | None = None
    ended: date | None = None
    """Last day of the last contract of a customer that is gone."""
    seats: int = 0
    mrr: int = 0
    """Cents a month, all products."""
    active_share: float = 0.6
    trend: float = 0.0
    """Change of log-ins, last four weeks against the four before."""
    nps: int | None = None
    nps_before: int | None = None
    csat: float | None = None
    urgent: int = 0
    """Open P1 and P2 tickets."""
    met_share: float = 0.6
    last_touch: int = 20
    """Days."""
    health: int = 70
    health_before: int = 70
    people: list[Contact] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    facts: dict[str, list[Row]] = field(default_factory=dict)
    part: Part | None = None
    past: Past | None = None
    upsold: date | None = None
    """When it bought Connect, after an intervention."""

    @property
    def arr(self) -> int:
        """Cents a year of what runs now."""
        return 0 if self.is_churned else 12 * self.mrr

    def signal(self, *keys: str) -> Signal | None:
        """The signal of one of these kinds, if there is one."""
        return next((signal for signal in self.signals if signal.kind.key in keys), None)

    def has(self, *keys: str) -> bool:
        """Whether one of these kinds calls."""
        return any(signal.kind.key in keys for signal in self.signals)

    def fact(self, table: str, **row: Any) -> None:
        """Notes one fact."""
        self.facts.setdefault(table, []).append(row)

    @property
    def members(self) -> list[int]:
        """Places of those in the value network who are still there."""
        return [n for n, person in enumerate(self.people) if person.role and person.left_on is None]
