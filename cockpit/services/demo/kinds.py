"""What calls for action in the demo, after the rules that ship, and the shape of its segments."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from random import Random

from cockpit.domain.policy import SHIPPED
from db.terms import Lane, Priority


@dataclass(frozen=True, slots=True)
class Kind:
    """One cause of a CTA. Two causes of one ``group`` never meet on an account; ``due`` in business days."""

    key: str
    type: str
    reason: str
    priority: Priority
    due: int
    group: str
    good: float
    """Weight among accounts that do well, and the same among those that do not."""
    bad: float
    playbook: str | None = None
    oldest: int = 14
    """The rule made the CTA at most so many days ago."""


KINDS = {
    kind.key: kind
    for kind in (
        Kind("usage", "risk", "usage drop", Priority.MEDIUM, 3, "usage", 0, 9, "adoption recovery", 9),
        Kind("dark", "risk", "no log-in", Priority.HIGH, 2, "usage", 0, 3, "adoption recovery", 6),
        Kind("never", "risk", "never used", Priority.HIGH, 2, "usage", 0, 1.5, None, 8),
        Kind("seats", "opportunity", "seats full", Priority.MEDIUM, 5, "usage", 6, 0, None, 9),
        Kind(
            "golive",
            "lifecycle",
            "post go-live check-in",
            Priority.MEDIUM,
            5,
            "usage",
            4,
            0,
            "post go-live check-in",
            10,
        ),
        Kind("detractor", "risk", "NPS detractor", Priority.HIGH, 1, "nps", 0, 7, "NPS detractor", 7),
        Kind("promoter", "opportunity", "NPS promoter", Priority.LOW, 5, "nps", 6, 0, "NPS promoter → advocacy", 12),
        Kind("passive", "lifecycle", "NPS passive", Priority.LOW, 5, "nps", 1, 1, None, 10),
        Kind("health", "risk", "health drop", Priority.HIGH, 3, "health", 0, 4, None, 10),
        Kind("renewal", "lifecycle", "renewal", Priority.MEDIUM, 10, "renewal", 6, 4, "renewal 90 days", 18),
        Kind("undated", "lifecycle", "data gap", Priority.LOW, 10, "renewal", 1.5, 1, None, 30),
        Kind("quiet", "lifecycle", "out of contact", Priority.LOW, 10, "touch", 2, 3, None, 20),
        Kind("small", "risk", "network too small", Priority.MEDIUM, 10, "network", 1, 3, "value-network build", 20),
        Kind("coverage", "risk", "coverage low", Priority.MEDIUM, 10, "network", 1, 3, "value-network build", 20),
        Kind("left", "event", "sponsor or key user left", Priority.MEDIUM, 1, "left", 1.5, 3, "sponsor left", 8),
        Kind("bounced", "event", "contact unreachable", Priority.MEDIUM, 3, "bounced", 1, 1.5, None, 10),
        Kind("tickets", "risk", "support load", Priority.HIGH, 1, "tickets", 0, 4, None, 5),
        Kind("news", "event", "important event", Priority.MEDIUM, 2, "news", 1.5, 2, None, 9),
        Kind("payment", "risk", "payment", Priority.MEDIUM, 5, "payment", 0, 2, None, 15),
    )
}
ASKED = Kind("asked", "lifecycle", "customer request", Priority.MEDIUM, 5, "asked", 1, 1, None, 8)
"""What a customer asked for: written by hand, and so without a rule."""
STRATEGIC_REASONS = frozenset(
    {"health drop", "seats full", "network too small", "coverage low", "sponsor or key user left", "important event"}
)
"""Seniors' work; everything else is tactical."""
NEW_CUSTOMER = frozenset({"golive", "never"})
_NOT_NEW = frozenset({"renewal", "undated", "quiet", "health", "detractor", "promoter", "passive"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment and what is usual in it: ARR in whole dollars, days between touches, people in the network."""

    name: str
    arr: tuple[int, int]
    seat_price: tuple[int, int]
    """Dollars a seat and month."""
    touch_days: int
    network: int
    people: tuple[int, int]

    @property
    def window(self) -> int:
        """Days within which a member counts as met, as the policy that ships says."""
        return next(policy.network_window for policy in SHIPPED if policy.name == self.name)


STRATEGIC = Segment("strategic", (260_000, 900_000), (38, 60), 14, 6, (8, 11))
MID = Segment("mid", (50_000, 240_000), (30, 52), 28, 4, (5, 8))
SMALL = Segment("small", (10_000, 49_000), (24, 44), 91, 2, (3, 5))
TAIL = Segment("tail", (1_800, 9_800), (16, 30), 180, 1, (1, 3))
SEGMENTS = (STRATEGIC, MID, SMALL, TAIL)


def lane(reason: str) -> Lane:
    """The lane of a reason's CTAs."""
    return Lane.STRATEGIC if reason in STRATEGIC_REASONS else Lane.TACTICAL


def skill(reason: str, language: str) -> str | None:
    """What a CTA asks of who takes it."""
    return "billing" if reason == "payment" else "german" if reason == ASKED.reason and language == "de" else None


def choose(
    rng: Random, wanted: int, *, good: bool, first: Sequence[Kind] = (), without: Container[str] = frozenset()
) -> list[Kind]:
    """That many causes for one account, ``first`` among them, no two of a group; ASKED where the rules have no more to say."""
    weighted = [(kind, kind.good if good else kind.bad) for kind in KINDS.values() if kind.key not in without]
    lots = sorted(
        ((rng.random() ** (1 / weight), kind) for kind, weight in weighted if weight), key=lambda lot: -lot[0]
    )
    chosen = list(first)[:wanted]
    for _, kind in lots:
        if len(chosen) == wanted:
            break
        if _fits(kind, chosen):
            chosen.append(kind)
    return chosen + [ASKED] * (wanted - len(chosen))


def _fits(kind: Kind, chosen: Sequence[Kind]) -> bool:
    keys = {one.key for one in chosen}
    if kind.group in {one.group for one in chosen}:
        return False
    if kind.key in NEW_CUSTOMER and keys & _NOT_NEW:
        return False
    return not (kind.key in _NOT_NEW and keys & NEW_CUSTOMER)
