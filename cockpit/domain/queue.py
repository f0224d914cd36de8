"""The order of the queue: a score that can be explained, and the one stored key that sorts by it.

    rank  = opened_seconds · slope − points · 86,400            (milli-points × seconds; ascending = best first)
    score = (now_seconds · slope − rank) / 86,400 / 1,000       (points + slope per waiting day)

The slope is common to all rows, so the order does not move by itself: only a step that a date crosses
(``rescore_on``) or a changed input changes a rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cockpit.domain import say
from cockpit.domain.capacity import scaled
from cockpit.domain.money import short
from cockpit.domain.refusal import Refusal
from cockpit.domain.weights import MILLI, Steps, Weights
from db.terms import Priority

DAY_SECONDS = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the score of one CTA is made of; None is unknown. ``arr`` in minor units of the reporting currency."""

    priority: Priority
    due: date | None
    health: int | None
    arr: int | None
    renewal: date | None
    flagged: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One term of a score: what it is, its value in words, its milli-points."""

    label: str
    value: str
    points: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A score with all its terms; ``score`` is their sum in points."""

    lines: tuple[Line, ...]
    score: float


def _due(inputs: Inputs, today: date, weights: Weights) -> int:
    if inputs.due is None:
        return weights.due_none
    days = (inputs.due - today).days
    return weights.due_overdue if days < 0 else _within(days, weights.due_within, weights.due_later)


def _health(inputs: Inputs, weights: Weights) -> tuple[str, int]:
    if inputs.health is None:
        return "unknown", weights.health_unknown
    if inputs.health < weights.health_red_below:
        return "red", weights.health_red
    if inputs.health < weights.health_amber_below:
        return "amber", weights.health_amber
    return "green", weights.health_green


def _arr(inputs: Inputs, weights: Weights) -> int:
    if inputs.arr is None:
        return 0
    unit = weights.arr_unit
    return next((milli for limit, milli in weights.arr_from if inputs.arr >= limit * unit), 0)


def _renewal(inputs: Inputs, today: date, weights: Weights) -> int:
    if inputs.renewal is None:
        return 0
    days = (inputs.renewal - today).days
    return 0 if days < -weights.renewal_past_days else _within(days, weights.renewal_within, 0)


def _within(days: int, steps: Steps, later: int) -> int:
    return next((milli for limit, milli in steps if days <= limit), later)


def total(inputs: Inputs, today: date, weights: Weights) -> int:
    """Return the milli-points of a CTA without its waiting: the sum of ``points``, quicker."""
    return (
        weights.priority[inputs.priority]
        + _due(inputs, today, weights)
        + _health(inputs, weights)[1]
        + _arr(inputs, weights)
        + _renewal(inputs, today, weights)
        + (weights.flagged if inputs.flagged else 0)
    )


def points(inputs: Inputs, today: date, weights: Weights) -> list[Line]:
    """Return the terms of a score except waiting, each with its value in words."""
    band, health = _health(inputs, weights)
    due = "none" if inputs.due is None else say.distance(inputs.due, today)
    arr = "unknown" if inputs.arr is None else short(inputs.arr, weights.currency)
    renewal = "unknown" if inputs.renewal is None else say.distance(inputs.renewal, today)
    return [
        Line("priority", inputs.priority.value, weights.priority[inputs.priority]),
        Line("due", due, _due(inputs, today, weights)),
        Line("health", band if inputs.health is None else f"{inputs.health} ({band})", health),
        Line("ARR", arr, _arr(inputs, weights)),
        Line("renewal", renewal, _renewal(inputs, today, weights)),
        Line("flagged", "yes" if inputs.flagged else "no", weights.flagged if inputs.flagged else 0),
    ]


def rank(inputs: Inputs, today: date, weights: Weights) -> int:
    """Return the stored key: whole, ascending is best first, valid until ``rescore_on``."""
    return _seconds(inputs.opened_at) * weights.slope - total(inputs, today, weights) * DAY_SECONDS


def score_milli(rank: int, now: datetime, weights: Weights) -> int:
    """Return the score that a stored key means at a moment, in milli-points rounded half up."""
    return _per_day(_seconds(now) * weights.slope - rank)


def score_at(rank: int, now: datetime, weights: Weights) -> float:
    """Return the score that a stored key means at a moment, in points to one decimal."""
    return round(score_milli(rank, now, weights) / MILLI, 1)


def explain(inputs: Inputs, today: date, now: datetime, weights: Weights) -> Explained:
    """Return every term of the score at a moment; their sum agrees with ``score_milli`` of the key."""
    waited = (_seconds(now) - _seconds(inputs.opened_at)) * weights.slope
    days = max(0, (now - inputs.opened_at).days)
    lines = (*points(inputs, today, weights), Line("waiting", say.plural(days, "day"), _per_day(waited)))
    return Explained(lines, round(sum(line.points for line in lines) / MILLI, 1))


def _per_day(milli_seconds: int) -> int:
    return (milli_seconds + DAY_SECONDS // 2) // DAY_SECONDS


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND


def rescore_on(inputs: Inputs, today: date, weights: Weights) -> date | None:
    """Return the first day after today on which the points differ from today's, or None if they stay."""
    crossings: set[int] = set()  # ordinals, for a date such as 9999-12-31 has no day after it
    if inputs.due is not None:
        due = inputs.due.toordinal()
        crossings.update(due - limit for limit, _ in weights.due_within)
        crossings.add(due + 1)
    if inputs.renewal is not None:
        renewal = inputs.renewal.toordinal()
        crossings.update(renewal - limit for limit, _ in weights.renewal_within)
        crossings.add(renewal + weights.renewal_past_days + 1)
    first, last = today.toordinal(), date.max.toordinal()
    days = (date.fromordinal(n) for n in sorted(crossings) if first < n <= last)
    now = total(inputs, today, weights)
    return next((day for day in days if total(inputs, day, weights) != now), None)


# --- limits ----------------------------------------------------------------------------------------


def room(open_claims: int, max_open: int | None, claims_today: int, max_per_day: int | None) -> int | None:
    """Return how many more CTAs somebody may claim now; None is any number."""
    limits = ((max_open, open_claims), (max_per_day, claims_today))
    left = [limit - count for limit, count in limits if limit is not None]
    return max(0, min(left)) if left else None


def may_claim(
    open_claims: int, max_open: int | None, claims_today: int, max_per_day: int | None, percent: int = 100, segment: str = ""
) -> Refusal | None:
    """Return None if one more claim is within the limits, else which limit is reached and what helps.

    The limits are the pool's, or with ``segment`` those of its accounts; ``percent`` of them are hers, rounded up.
    """
    of = f" of segment {segment}" if segment else ""
    most, daily = scaled(max_open, percent), scaled(max_per_day, percent)
    if most is not None and open_claims >= most:
        held = f"You hold {open_claims} of {most} open CTAs{of}{_part(percent, max_open)}"
        return Refusal("limit", f"{held}: close or release one first.")
    if daily is not None and claims_today >= daily:
        taken = f"You have claimed {claims_today} of {daily} today{of}{_part(percent, max_per_day)}"
        return Refusal("limit", f"{taken}: go on tomorrow.")
    return None


def _part(percent: int, whole: int | None) -> str:
    return "" if percent == 100 else f" ({percent} % of {whole})"
