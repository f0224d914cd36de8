"""Surveys: which is which, on what scale, and what the answers of some time come to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cockpit.domain.say import plural

NPS, CSAT = "nps", "csat"
PROMOTER, PASSIVE = 9, 7
"""From this answer on somebody is one."""
Z = 1.959964
"""Of the normal distribution, for 95 %."""


def survey_kind(text: str) -> str:
    """``nps`` and ``csat`` however they are written; other surveys keep their name."""
    words = text.lower().replace(" ", "").replace("_", "").replace("-", "")
    if words.startswith(("nps", "netpromoter", "relationshipnps")) or words == "enps":
        return NPS
    return CSAT if words.startswith((CSAT, "customersatisfaction")) else text


def bounds(kind: str) -> tuple[int, int]:
    """The lowest and the highest answer of a survey."""
    return (0, 10) if survey_kind(kind) == NPS else (0, 100)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the answers to one survey come to. ``value``: NPS −100 … 100, otherwise the mean; None without answers.

    ``low`` and ``high`` are the 95 % interval of an NPS; of a mean they are not known.
    """

    kind: str
    n: int
    value: float | None
    latest: date | None
    low: float | None = None
    high: float | None = None

    @property
    def sign(self) -> int:
        """−1 when an NPS is surely below 0, 1 when surely above, 0 when its answers are too few to say."""
        return -1 if self.high is not None and self.high < 0 else int(self.low is not None and self.low > 0)

    @property
    def says(self) -> str:
        """An NPS with its interval and how many answered."""
        if self.value is None or self.low is None or self.high is None:
            return "not known"
        return f"{_signed(self.value)} (95%: {_signed(self.low)} to {_signed(self.high)}) of {plural(self.n, 'answer')}"


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")


def nps_interval(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """Return the 95 % interval of an NPS: ¾ promoter, 1½ passives, ¾ detractor added, then normal, clipped to ±100.

    The plain normal interval has no width when all agree (product.md's formula; worked.md W3).
    """
    n = promoters + passives + detractors + 3.0
    good, bad = (promoters + 0.75) / n, (detractors + 0.75) / n
    half = Z * math.sqrt((good + bad - (good - bad) ** 2) / n)
    return max(100 * (good - bad - half), -100.0), min(100 * (good - bad + half), 100.0)


def tally(kind: str, answers: Iterable[tuple[int | None, date, int]]) -> Tally:
    """Return the tally of (person, day, score) answers: of one person's the latest counts; nobody's count each."""
    by_person: dict[object, tuple[date, int]] = {}
    for number, (person, day, score) in enumerate(answers):
        key: object = ("nobody", number) if person is None else person
        if key not in by_person or by_person[key][0] <= day:
            by_person[key] = (day, score)
    scores = [score for _, score in by_person.values()]
    latest = max((day for day, _ in by_person.values()), default=None)
    if not scores:
        return Tally(kind, 0, None, None)
    if kind == NPS:
        promoters = sum(score >= PROMOTER for score in scores)
        detractors = sum(score < PASSIVE for score in scores)
        low, high = nps_interval(promoters, len(scores) - promoters - detractors, detractors)
        value = 100 * (promoters - detractors) / len(scores)
        return Tally(kind, len(scores), value, latest, min(low, value), max(high, value))
    return Tally(kind, len(scores), sum(scores) / len(scores), latest)
