"""The timeline of a customer that is told in full: who was met, when, and what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.services.demo import words
from cockpit.services.demo.company import Company
from cockpit.services.demo.facts import WINDOW, may_be_met, met_members
from cockpit.services.demo.rows import Visit

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

_TEXTS = {
    "meeting": words.MEETINGS, "call": words.CALLS, "email": words.EMAILS, "update": words.UPDATES, "outreach": words.OUTREACH,
}  # fmt: skip
_MEET = ("meeting", "call", "call")
_WRITE = ("email", "email", "update", "outreach")
_MOST, _FARTHEST = 10, 330
_BLUR = 11
"""Days around the edge of the window in which nobody is met, so that no count hangs on a weekend."""


def visits(world: World, company: Company) -> list[Visit]:
    """Everything the pool did with a customer in the year that no CTA asked for."""
    met = company.members[: met_members(company)]
    shown = 0
    made: list[Visit] = []
    for age in _ages(world, company):
        is_first = not shown and bool(met)
        type_ = _type(world, company, age, bool(met), is_first)
        people: list[int] = []
        if type_ in _MEET and age <= WINDOW:
            people = met if is_first else world.rng.sample(met, world.rng.randint(1, len(met)))
            shown = 1
        elif type_ in _MEET:
            people = world.rng.sample(range(len(company.people)), world.rng.randint(1, min(3, len(company.people))))
            people = may_be_met(company, age, people)
        elif type_ == "email":
            people = [world.rng.randrange(len(company.people))]
        made.append(_visit(world, company, age, type_, people))
    return made


def _ages(world: World, company: Company) -> list[int]:
    """Days ago of each touch, the latest first, at the pace of the segment."""
    rng = world.rng
    pace = min(70, company.segment.touch_days)
    farthest = min(_FARTHEST, (world.today - company.began).days - 3)
    ages: list[int] = []
    age = company.last_touch
    while age < farthest and len(ages) < _MOST:
        ages.append(age)
        age += max(3, round(pace * rng.uniform(0.4, 1.0)))
    if company.has("golive"):
        ages.append((world.today - company.go_live).days + 4)
    return ages


def _type(world: World, company: Company, age: int, has_met: bool, is_first: bool) -> str:
    rng = world.rng
    if company.has("golive") and age < 34:
        return rng.choice(_WRITE[:3])
    if age <= WINDOW:
        if not has_met:
            return rng.choice(_WRITE)
        return rng.choice(_MEET) if is_first or rng.random() < 0.5 else rng.choice(_WRITE)
    if age < WINDOW + _BLUR:
        return rng.choice(_WRITE)
    return rng.choice((*_MEET, *_WRITE))


def _visit(world: World, company: Company, age: int, type_: str, people: list[int]) -> Visit:
    rng, days = world.rng, world.days[company.pool]
    subject, body = rng.choice(_TEXTS[type_])
    at = days.on(rng, world.today - timedelta(days=age))
    known = company.people[people[0] if people else 0]
    author = (
        company.owner
        if company.owner is not None and rng.random() < 0.7 and world.is_here(company.owner, at.date())
        else world.worker(company.pool, at.date())
    )
    visit = Visit(type_, subject, body.format(person=known.name), at, author, people)
    if type_ in _MEET and age < 40 and rng.random() < 0.4:
        visit.next_step = rng.choice(words.STEPS)
        visit.next_due = days.due(world.today, rng.randint(-2, 8))
    return visit
