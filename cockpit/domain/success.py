"""What is agreed, feared and felt about an account: goals, risks, escalations, and a CSM's word on the renewal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cockpit.domain.say import distance, plural
from db.terms import Feeling, GoalStatus, RenewalForecast, Severity

RISK_KINDS = (
    "readiness", "implementation", "sentiment", "adoption", "product", "support", "sponsor", "commercial", "competition",
)  # fmt: skip
"""What patterns are found by. More can be used: a kind is a word."""
UPDATE_DAYS = {Severity.LOW: 5, Severity.MEDIUM: 3, Severity.HIGH: 1}
"""Business days until the customer hears again of an escalation, unless a day is named (ours: no public source)."""
SENTIMENT_DAYS = 90
"""A feeling noted longer ago than this is old: said, not used."""
SIGNS = {Feeling.GOOD: "▲", Feeling.UNSURE: "●", Feeling.BAD: "▼"}
_STEPS = (RenewalForecast.WONT, RenewalForecast.MAY, RenewalForecast.WILL)
CALLS = {RenewalForecast.WILL: "will renew", RenewalForecast.MAY: "may renew", RenewalForecast.WONT: "won't renew"}


def is_late(status: GoalStatus, due: date | None, today: date) -> bool:
    """Tell whether a goal is open past its day."""
    return status is GoalStatus.OPEN and due is not None and due < today


def goal_words(status: GoalStatus, due: date | None, today: date, holds: bool | None) -> str:
    """Return where a goal is: ``due in 12 days``, ``5 days late``, ``reached``; and whether its criterion holds."""
    if status is not GoalStatus.OPEN:
        return status.value
    if holds:
        return "holds now: end it as reached"
    if due is None:
        return "no date"
    return f"{plural((today - due).days, 'day')} late" if due < today else f"due {distance(due, today)}"


def is_overdue(next_update: date | None, today: date) -> bool:
    """Tell whether the customer should have heard of an escalation by now."""
    return next_update is not None and next_update < today


def clock(opened: date, closed: date | None, today: date) -> str:
    """Return how long an escalation runs or ran: ``day 3``, ``took 12 days``."""
    if closed is not None:
        return f"took {plural((closed - opened).days, 'day')}"
    return f"day {(today - opened).days + 1}"


@dataclass(frozen=True, slots=True)
class Signs:
    """What the facts say of a renewal; the CSM's own opinions are not among them."""

    band: str | None = None
    """Of health: red, amber, green; None when unknown."""
    escalations: int = 0
    high_risks: int = 0
    is_noticed: bool = False
    """An open renewal's stage, or the account's status, says that the customer leaves."""


def signal(signs: Signs) -> tuple[RenewalForecast | None, str]:
    """Return what the facts say of a renewal, and why; None when they say nothing.

    Green will, amber may, red won't; an open escalation or an open high risk takes a step down; given notice is won't.
    Without a health score an escalation or a high risk says may, and nothing else says anything.
    """
    if signs.is_noticed:
        return RenewalForecast.WONT, "notice was given"
    reasons = []
    if signs.escalations:
        reasons.append(plural(signs.escalations, "open escalation"))
    if signs.high_risks:
        reasons.append(plural(signs.high_risks, "high risk"))
    if signs.band is None:
        return (RenewalForecast.MAY, ", ".join(reasons)) if reasons else (None, "no health score")
    step = {"red": 0, "amber": 1, "green": 2}[signs.band]
    reasons.insert(0, f"health is {signs.band}")
    return _STEPS[max(step - bool(reasons[1:]), 0)], ", ".join(reasons)


def apart(call: RenewalForecast | None, told: RenewalForecast | None) -> int:
    """Return how many steps a CSM's call and the signal are apart: 0 agrees (or one is missing), 2 contradicts.

    Positive when she is the more hopeful.
    """
    if call is None or told is None:
        return 0
    return _STEPS.index(call) - _STEPS.index(told)


def apart_words(steps: int) -> str:
    """Return how call and signal compare, for people."""
    if not steps:
        return "agrees"
    return f"{'more hopeful' if steps > 0 else 'less hopeful'} than the signal{' by far' if abs(steps) > 1 else ''}"


def feeling_words(feeling: Feeling, on: date, today: date) -> str:
    """Return ``▼ bad, 12 days ago``; an old one says so."""
    old = ": old" if (today - on).days > SENTIMENT_DAYS else ""
    return f"{SIGNS[feeling]} {feeling.value}, {distance(on, today)}{old}"


@dataclass(frozen=True, slots=True)
class Feared:
    """An open risk as patterns need it."""

    account: int
    kind: str
    department: str | None
    severity: Severity
    is_late: bool
    arr: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of risk by department: how many, on how many accounts, what ARR they touch (each account once).

    ``arr`` is by currency; ``without_arr`` counts accounts whose ARR nobody knows.
    """

    kind: str
    department: str | None
    risks: int
    high: int
    late: int
    accounts: int
    arr: tuple[tuple[str, int], ...]
    without_arr: int


def patterns(risks: Iterable[Feared]) -> list[Pattern]:
    """Return the open risks by kind and department, those on most accounts first."""
    groups: dict[tuple[str, str | None], list[Feared]] = {}
    for risk in risks:
        groups.setdefault((risk.kind, risk.department), []).append(risk)
    found = []
    for (kind, department), those in groups.items():
        once = {risk.account: risk for risk in those}
        sums: dict[str, int] = {}
        for risk in once.values():
            if risk.arr is not None and risk.currency is not None:
                sums[risk.currency] = sums.get(risk.currency, 0) + risk.arr
        unknown = sum(risk.arr is None or risk.currency is None for risk in once.values())
        high = sum(risk.severity is Severity.HIGH for risk in those)
        found.append(Pattern(
            kind, department, len(those), high, sum(risk.is_late for risk in those), len(once), tuple(sorted(sums.items())), unknown,
        ))  # fmt: skip
    return sorted(found, key=lambda one: (-one.accounts, -one.high, one.kind, one.department or "~"))
