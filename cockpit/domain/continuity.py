"""Continuity: what became of accounts after they changed hands, against those that did not. An association, no cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 10
"""Accounts (answers) a side below which nothing is claimed."""
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure with and without a hand-over; values None where nothing is known, the interval None under FEWEST a side."""

    measure: str
    value: float | None
    n: int
    other: float | None
    other_n: int
    difference: float | None
    low: float | None
    high: float | None
    says: str


def rates(measure: str, k: int, n: int, other_k: int, other_n: int) -> Compared:
    """Compare two shares, with Newcombe's interval of the difference."""
    value, other = (k / n if n else None), (other_k / other_n if other_n else None)
    if value is None or other is None or min(n, other_n) < FEWEST:
        return _unknown(measure, value, n, other, other_n)
    (low, high), (other_low, other_high) = _wilson(k, n), _wilson(other_k, other_n)
    difference = value - other
    below = difference - sqrt((value - low) ** 2 + (other_high - other) ** 2)
    above = difference + sqrt((high - value) ** 2 + (other - other_low) ** 2)
    return _known(measure, value, n, other, other_n, difference, below, above)


def means(measure: str, values: Sequence[float], others: Sequence[float]) -> Compared:
    """Compare two means; the interval of the difference is normal, from the spread on both sides."""
    n, other_n = len(values), len(others)
    value, other = (sum(values) / n if n else None), (sum(others) / other_n if other_n else None)
    if value is None or other is None or min(n, other_n) < FEWEST:
        return _unknown(measure, value, n, other, other_n)
    spread = sqrt(_variance(values, value) / n + _variance(others, other) / other_n)
    difference = value - other
    return _known(measure, value, n, other, other_n, difference, difference - Z * spread, difference + Z * spread)


def nps(measure: str, scores: Sequence[int], others: Sequence[int]) -> Compared:
    """Compare two NPS: each is 100 times the mean of +1 for 9–10, −1 for 0–6; three answers are added for the interval."""
    marks, other_marks = [_mark(score) for score in scores], [_mark(score) for score in others]
    n, other_n = len(marks), len(other_marks)
    value, other = (100 * sum(marks) / n if n else None), (100 * sum(other_marks) / other_n if other_n else None)
    if value is None or other is None or min(n, other_n) < FEWEST:
        return _unknown(measure, value, n, other, other_n)
    spread = 100 * sqrt(_adjusted(marks) + _adjusted(other_marks))
    difference = value - other
    return _known(measure, value, n, other, other_n, difference, max(-200.0, difference - Z * spread), min(200.0, difference + Z * spread))


def _adjusted(marks: Sequence[int]) -> float:
    """The variance of the mean after adding ¾ promoter, 1½ passive, ¾ detractor."""
    n = len(marks) + 3
    up, down = marks.count(1) + 0.75, marks.count(-1) + 0.75
    mean = (up - down) / n
    return ((up + down) / n - mean**2) / n


def _mark(score: int) -> int:
    return 1 if score >= 9 else -1 if score <= 6 else 0


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _wilson(k: int, n: int) -> tuple[float, float]:
    share = k / n
    middle = share + Z * Z / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def _unknown(measure: str, value: float | None, n: int, other: float | None, other_n: int) -> Compared:
    few = f"{n} with" if n < FEWEST else f"{other_n} without"
    says = f"not enough data: {few} a hand-over, {FEWEST} are needed on each side"
    return Compared(measure, value, n, other, other_n, None, None, None, says)


def _known(
    measure: str, value: float, n: int, other: float, other_n: int, difference: float, low: float, high: float
) -> Compared:
    says = "not distinguishable from 0" if low <= 0 <= high else "higher after a hand-over" if difference > 0 else "lower after a hand-over"
    return Compared(measure, value, n, other, other_n, difference, low, high, says)
