"""Surveys: which is which, on what scale, and what the answers of some time come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

NPS, CSAT = "nps", "csat"
PROMOTER, PASSIVE = 9, 7
"""From this answer on somebody is one."""


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
    """What the answers to one survey come to. ``value``: NPS −100 … 100, otherwise the mean; None without answers."""

    kind: str
    n: int
    value: float | None
    latest: date | None


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
        return Tally(kind, len(scores), 100 * (promoters - detractors) / len(scores), latest)
    return Tally(kind, len(scores), sum(scores) / len(scores), latest)
