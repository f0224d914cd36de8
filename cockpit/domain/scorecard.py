"""Scorecards: from figures to points, from points to a score, and what moved it. Unknown is left out, never zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

AMBER, GREEN = 50, 75
"""Red below the first, green from the second on: as lists, queries and colours have them (tested)."""
TREND_POINTS, TREND_DAYS = 5, 28
"""Health that is so many points apart from what it was so many days ago goes up or down; everything else is steady."""
MOST_MISSING = 0.5
"""Of the weight: a score that rests on less than the rest is none."""
MOST_DAYS = 60
"""An override holds at most so long."""
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a group: ``fact`` is what is computed, or ``when`` a query that scores 100 where it holds.

    ``points`` are the figures that score 0, 50 and 100, straight lines between; ``weight`` is within the group.
    """

    name: str
    label: str
    weight: float
    fact: str = ""
    points: tuple[float, float, float] = (0.0, 50.0, 100.0)
    when: str = ""
    known: str = ""
    """For a query: another one that says where the answer is known; elsewhere the measure is missing."""
    stale_after: int | None = None
    """Days after which a figure no longer counts."""
    least: int | None = None
    """How many answers there must be."""


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that are weighed together; ``weight`` is within the card."""

    name: str
    weight: float
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: red below ``amber``, green from ``green`` on."""

    name: str
    groups: tuple[Group, ...]
    amber: int = AMBER
    green: int = GREEN

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the order of the card."""
        return tuple(measure for group in self.groups for measure in group.measures)

    def band(self, total: int | None) -> str | None:
        """``red``, ``amber`` or ``green``; None when the score is unknown."""
        if total is None:
            return None
        return "red" if total < self.amber else "amber" if total < self.green else "green"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a fact is for one account: its value, the newest day behind it, and how it came about or why there is none."""

    value: float | None
    on: date | None = None
    says: str = ""
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word against a measure, or (``measure`` None) against the whole score, until a day."""

    measure: str | None
    value: int
    reason: str
    until: date
    by: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of a scored account.

    ``points`` count (a word's, if there is one), ``computed`` are those of the figure; ``share`` is the part of the
    whole score that the measure has once missing ones are left out, ``adds`` the points it brings to it.
    """

    measure: Measure
    group: str
    figure: Figure
    points: float | None
    computed: float | None
    missing: str
    share: float
    adds: float
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored account: ``total`` with people's words, ``computed`` without; ``missing`` is the share of the weight."""

    total: int | None
    computed: int | None
    missing: float
    lines: tuple[Line, ...]
    word: Word | None = None
    why: str = ""
    """Why there is no score."""


def health_trend(now: int | None, before: int | None) -> str | None:
    """Return ``up``, ``down`` or ``steady`` for health now and TREND_DAYS ago; None when either is unknown."""
    if now is None or before is None:
        return None
    change = now - before
    return "steady" if abs(change) < TREND_POINTS else "up" if change > 0 else "down"


def curve(value: float, points: tuple[float, float, float]) -> float:
    """Return the points from 0 to 100 of a figure, on the straight lines through those that score 0, 50 and 100.

    The three may rise or fall; beyond the ends it stays 0 or 100.
    """
    low, middle, high = points
    if low > high:
        value, low, middle, high = -value, -low, -middle, -high
    if value >= high:
        return 100.0
    if value >= middle:
        return 50.0 + (50.0 * (value - middle) / (high - middle) if high > middle else 50.0)
    if value <= low:
        return 0.0
    return 50.0 * (value - low) / (middle - low)


def rounded(points: float) -> int:
    """Return whole points, halves up."""
    return int(points + 0.5 + _EPSILON)


def judged(measure: Measure, figure: Figure | None, today: date) -> tuple[float | None, str]:
    """Return the points of a figure, and why there are none: unknown, stale, or too few answers."""
    if figure is None or figure.value is None:
        return None, (figure.says if figure is not None else "") or "not known"
    if measure.stale_after is not None and figure.on is not None:
        age = (today - figure.on).days
        if age > measure.stale_after:
            return None, f"stale: {age} days old, {measure.stale_after} at most"
    if measure.least is not None and figure.n is not None and figure.n < measure.least:
        return None, f"too few: {figure.n} of {measure.least} answers"
    if measure.when:
        return (100.0 if figure.value else 0.0), ""
    return curve(figure.value, measure.points), ""


def score(card: Card, figures: Mapping[str, Figure], today: date, words: Sequence[Word] = ()) -> Scored:
    """Return what a card makes of an account's figures (by measure) and of people's words that hold today.

    A missing measure leaves its weight to the others of its group, a group without any to the other groups; there
    is no score when more than half of the weight is missing.
    """
    said = {word.measure: word for word in words if word.until >= today}
    found = {one.name: judged(one, figures.get(one.name), today) for group in card.groups for one in group.measures}
    plain = {name: points for name, (points, _) in found.items()}
    spoken: dict[str, float | None] = plain | {name: float(said[name].value) for name in plain if name in said}
    shares, missing = _shares(card, spoken)
    computed_shares, computed_missing = _shares(card, plain) if said else (shares, missing)
    lines = tuple(
        Line(
            measure, group.name, figures.get(measure.name) or Figure(None), spoken[measure.name], plain[measure.name],
            found[measure.name][1], shares[measure.name], shares[measure.name] * (spoken[measure.name] or 0.0), said.get(measure.name),
        )
        for group in card.groups for measure in group.measures
    )  # fmt: skip
    total, computed = _total(spoken, shares, missing), _total(plain, computed_shares, computed_missing)
    whole = said.get(None)
    why = "" if total is not None else f"{round(100 * missing)} % of the weight is missing, {round(100 * MOST_MISSING)} % at most"
    return Scored(whole.value if whole is not None else total, computed, missing, lines, whole, why)


def _total(points: Mapping[str, float | None], shares: Mapping[str, float], missing: float) -> int | None:
    if missing > MOST_MISSING + _EPSILON or missing >= 1:
        return None
    return rounded(sum(share * (points[name] or 0.0) for name, share in shares.items()))


def _shares(card: Card, points: Mapping[str, float | None]) -> tuple[dict[str, float], float]:
    """The part of the score that each measure has, and how much of the weight is missing."""
    whole = sum(group.weight for group in card.groups) or 1.0
    there: list[tuple[Group, float]] = []
    missing = 0.0
    for group in card.groups:
        full = sum(measure.weight for measure in group.measures) or 1.0
        present = sum(measure.weight for measure in group.measures if points[measure.name] is not None)
        missing += group.weight / whole * (full - present) / full
        there.append((group, present))
    alive = sum(group.weight for group, present in there if present) or 1.0
    shares: dict[str, float] = {}
    for group, present in there:
        for measure in group.measures:
            is_there = points[measure.name] is not None and present > 0
            shares[measure.name] = group.weight / alive * measure.weight / present if is_there else 0.0
    return shares, missing


@dataclass(frozen=True, slots=True)
class Moved:
    """What one measure did to the score between two days: ``by`` points (of the part it has of it), and its figures."""

    measure: str
    label: str
    by: float
    before: float | None
    after: float | None
    figure_before: float | None
    figure_after: float | None


Kept = Mapping[str, Sequence[float | None]]
"""Of a day that is kept: ``{measure: (points, figure)}``."""


def moved(card: Card, before: Kept, after: Kept) -> tuple[Moved, ...]:
    """Return which measures moved the score between two kept days, the strongest first; their sum is the whole change.

    A measure that came or went moves it too, by what it brings now or brought then: the weights of the others shift.
    """

    def parts(kept: Kept) -> tuple[dict[str, float | None], dict[str, float]]:
        points = {measure.name: (kept.get(measure.name) or (None, None))[0] for measure in card.measures}
        return points, _shares(card, points)[0]

    (was, old), (now, new) = parts(before), parts(after)
    found = []
    for measure in card.measures:
        name = measure.name
        by = new[name] * (now[name] or 0.0) - old[name] * (was[name] or 0.0)
        if abs(by) > 0.05 or was[name] != now[name]:
            then, here = before.get(name) or (None, None), after.get(name) or (None, None)
            found.append(Moved(name, measure.label, by, was[name], now[name], then[1], here[1]))
    return tuple(sorted(found, key=lambda one: (-abs(one.by), one.measure)))


def kept(scored: Scored) -> dict[str, list[float | None]]:
    """Return the measures of a score as they are kept: points to a tenth, figures to a hundredth."""
    return {
        line.measure.name: [
            None if line.points is None else round(line.points, 1),
            None if line.figure.value is None else round(line.figure.value, 2),
        ]
        for line in scored.lines
    }


def is_news(before: Kept | None, after: Kept) -> bool:
    """Tell whether a day is worth keeping: a measure came, went, or moved by a point or more since the last kept one."""
    if before is None:
        return any(pair[0] is not None for pair in after.values())
    names = before.keys() | after.keys()
    for name in names:
        was, now = (before.get(name) or (None,))[0], (after.get(name) or (None,))[0]
        if (was is None) != (now is None) or (was is not None and now is not None and abs(was - now) >= 1):
            return True
    return False


def latest_end(today: date) -> date:
    """Return the last day an override said today may hold."""
    return today + timedelta(days=MOST_DAYS)
