"""What was done in the year before: CTAs that were claimed, worked and closed, with the facts they came from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.services.demo import words
from cockpit.services.demo.company import Company
from cockpit.services.demo.days import dawn
from cockpit.services.demo.facts import answer, may_be_met, ticket
from cockpit.services.demo.interventions import remembered
from cockpit.services.demo.kinds import ASKED, KINDS, Kind
from cockpit.services.demo.rows import CtaPlan, Visit, closed_cta
from db.terms import Outcome

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

_YEAR = 360
_RECENT = 20
_LATELY = 0.4
"""Share of the customers for whom something was closed in the last four weeks."""
_WEIGHTS = {Outcome.SUCCESS: 11, Outcome.UNSUCCESSFUL: 3, Outcome.NO_ACTION: 4, Outcome.INVALID: 2}
_CHOICES = ("detractor", "promoter", "passive", "usage", "quiet", "tickets", "asked", "asked")
_SERIES_DAYS = 190
"""Usage is kept for 26 weeks; a drop in that time would have to be seen in it."""


def remember(world: World, company: Company) -> list[CtaPlan]:
    """The closed CTAs of a customer that is told in full, the oldest first."""
    rng = world.rng
    plans: list[CtaPlan] = []
    for day, key in sorted((*_milestones(world, company), *_ordinary(world, company))):
        kind = ASKED if key == "asked" else KINDS[key]
        title = _title(world, company, key, day)
        if title is None:
            continue
        days = world.days[company.pool]
        opened = days.on(rng, day) if kind is ASKED else dawn(day, rng.randrange(1200))
        claimed = days.after(rng, opened, rng.choice((1, 1, 2, 3)))
        closed = days.after(rng, claimed, rng.randint(1, 9))
        owner = world.worker(company.pool, day, closed.date())
        outcome = _outcome(world, kind)
        plan = closed_cta(world, company, kind, title, owner, (opened, claimed, closed), outcome)
        plan.visits.append(_visit(world, company, owner, closed, outcome))
        plans.append(plan)
    if (past := remembered(world, company)) is not None:
        plans.append(past)
    elif company.part is None and rng.random() < _LATELY and _is_calm(world, company):
        plans.append(_lately(world, company))
    return plans


def _is_calm(world: World, company: Company) -> bool:
    """Whether nothing about the customer would contradict some work in the last weeks."""
    return not company.is_churned and not company.has("quiet", "golive") and (world.today - company.go_live).days > 60


def _lately(world: World, company: Company) -> CtaPlan:
    """A CTA that came and went within the last four weeks."""
    rng, days = world.rng, world.days[company.pool]
    wait, took = rng.choice((1, 1, 1, 2, 3)), rng.randint(1, 5)
    day = days.days[-1 - rng.randint(wait + took + 1, 18)]
    key = rng.choice(("asked", "asked", "promoter" if company.is_good else "detractor"))
    if key != "asked" and company.has("detractor", "passive", "promoter"):
        key = "asked"
    kind = ASKED if key == "asked" else KINDS[key]
    title = _title(world, company, key, day) or kind.reason
    opened = days.on(rng, day) if kind is ASKED else dawn(day, rng.randrange(1200))
    claimed = days.after(rng, opened, wait)
    closed = days.after(rng, claimed, took)
    owner = world.worker(company.pool, opened.date(), closed.date())
    outcome = _outcome(world, kind)
    plan = closed_cta(world, company, kind, title, owner, (opened, claimed, closed), outcome)
    plan.visits.append(_visit(world, company, owner, closed, outcome))
    return plan


def _milestones(world: World, company: Company) -> list[tuple[date, str]]:
    """The check-in after go-live and the last renewal, where they fall into the year."""
    found = [(company.go_live + timedelta(days=31), "golive")]
    if company.renewal is not None:
        last = company.renewal - timedelta(days=365)
        if last > company.began + timedelta(days=100):
            found.append((last - timedelta(days=82), "renewal"))
        found.append((company.renewal - timedelta(days=82), "renewal"))
    return [(day, key) for day, key in found if _is_past(world, company, day, _RECENT + 40)]


def _ordinary(world: World, company: Company) -> list[tuple[date, str]]:
    rng = world.rng
    count = rng.choices((0, 1, 2, 3), (2, 4, 3, 1))[0]
    found = [(world.today - timedelta(days=rng.randint(_RECENT, _YEAR)), rng.choice(_CHOICES)) for _ in range(count)]
    return [(day, key) for day, key in found if _is_past(world, company, day, _RECENT)]


def _is_past(world: World, company: Company, day: date, least: int) -> bool:
    """Whether a CTA of that day was closed long enough ago, and the customer was one."""
    age = (world.today - day).days
    if company.has("quiet", "golive"):
        least = max(least, company.last_touch + 25, 45)
    return least <= age <= _YEAR and day > company.go_live + timedelta(days=14)


def _title(world: World, company: Company, key: str, day: date) -> str | None:
    """The title of a past CTA, its fact written beside it; None where the facts would say otherwise."""
    rng = world.rng
    if key in ("detractor", "promoter", "passive"):
        score = rng.choice({"detractor": (3, 4, 5, 6), "promoter": (9, 10), "passive": (7, 8)}[key])
        texts = {"detractor": words.DETRACTOR, "promoter": words.PROMOTER, "passive": words.PASSIVE}[key]
        answer(company, "nps", rng.randrange(len(company.people)), score, rng.choice(texts), day - timedelta(days=1))
        return f"{KINDS[key].reason} ({score})"
    if key == "tickets":
        count = rng.randint(5, 6)
        for _ in range(count):
            ticket(world, company, day - timedelta(days=rng.randint(1, 4)))
        return f"{count} tickets in two weeks"
    if key == "usage":
        return f"Usage dropped {rng.randint(31, 55)}%" if (world.today - day).days > _SERIES_DAYS else None
    if key == "quiet":
        return f"No contact for {round(company.segment.touch_days * rng.uniform(1.1, 1.4))} days"
    if key == "renewal":
        return f"Renewal on {day + timedelta(days=82):%-d %b %Y}"
    return "Post go-live check-in" if key == "golive" else rng.choice(words.ASKED)


def _outcome(world: World, kind: Kind) -> Outcome:
    """What people asked for or what a date brought is seldom a false alarm."""
    weights = _WEIGHTS if kind.type == "risk" else _WEIGHTS | {Outcome.INVALID: 0, Outcome.NO_ACTION: 2}
    return world.rng.choices(tuple(weights), tuple(weights.values()))[0]


def _visit(world: World, company: Company, owner: int, at: datetime, outcome: Outcome) -> Visit:
    """The call or mail the CTA ended with. Inside the window of the value network nobody counts as met by it."""
    subject, body = words.WORK_CALLS[outcome]
    is_call = (world.today - at.date()).days > 95 and outcome != Outcome.INVALID
    people = [world.rng.randrange(len(company.people))] if is_call else []
    people = may_be_met(company, (world.today - at.date()).days, people)
    return Visit("call" if is_call else "update", subject, body, at, owner, people)
