"""Interventions of the demo: the ones in every stage, and those that have ended with what followed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.services.demo.cast import CSMS
from cockpit.services.demo.company import Company, Row, Signal
from cockpit.services.demo.days import dawn, years_later
from cockpit.services.demo.facts import answer
from cockpit.services.demo.kinds import KINDS
from cockpit.services.demo.parts import Part, Past, Step
from cockpit.services.demo.rows import CtaPlan, Visit, closed_cta
from db.terms import Stage

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

_UNFIT = ("coverage", "quiet", "golive", "never", "detractor", "promoter", "passive", "undated", "renewal")


def play(world: World, company: Company, signal: Signal, made: CtaPlan) -> CtaPlan:
    """Adds what a part says of its CTA; returns the plan."""
    part = signal.part
    if part is None:
        return made
    made.part = part.key
    made.row["repeats"] = part.repeats
    if part.wake is not None:
        made.row |= {"snooze_wake": part.wake, "snooze_reason": part.reason}
    if part.returned is not None:
        name = next(name for login, name, _, _ in CSMS if login == part.returned)
        note = f"Returned: {name} did not touch it for 5 business days"
        made.row |= {"returned": 1, "left_note": note, "first_claimed_at": signal.moments[0]}
    if part.stage is not None:
        _begin(world, company, signal, part, made)
    return made


def _begin(world: World, company: Company, signal: Signal, part: Part, plan: CtaPlan) -> None:
    """Puts the intervention of a claimed CTA beside it, with what was logged for it."""
    assert signal.owner is not None
    assert signal.claimed_at is not None
    plan.visits = [
        _visit(world, company, step, at, signal.owner) for step, at in zip(part.steps, signal.moments, strict=True)
    ]
    marks = {step.mark: at for step, at in zip(part.steps, signal.moments, strict=True) if step.mark}
    plan.intervention = {
        "csm_id": signal.owner, "stage": part.stage, "claimed_at": signal.claimed_at, "plan": part.plan, "criterion": part.criterion,
    } | marks  # fmt: skip
    if part.key == "silent":
        plan.intervention["proposed_at"] = world.days[company.pool].ago(world.rng, 2)


def cast_past(world: World, company: Company) -> None:
    """Gives a customer one of the interventions that have ended, and the contract that followed."""
    if not world.pasts or company.part is not None or not company.is_detailed or company.has(*_UNFIT):
        return
    lived = (world.today - company.go_live).days
    past = next((one for one in world.pasts if (one.end is Stage.LOST) == company.is_churned), None)
    if past is None or lived < 330 or (company.is_churned and company.pool == "default"):
        return
    world.pasts.remove(past)
    company.past = past
    day = world.today - timedelta(days=14 if past.key == "renewed" else 30)
    if past.key == "renewed":
        company.renewal = years_later(day, 1)
        company.stage = "adoption"
        company.began = min(company.began, years_later(company.renewal, -3))
        company.go_live = company.began + timedelta(days=40)
    elif past.key == "lost":
        company.ended = day
        company.began = years_later(day + timedelta(days=1), -3)
        company.go_live = company.began + timedelta(days=40)
    elif past.key == "upsold":
        company.upsold = day


def remembered(world: World, company: Company) -> CtaPlan | None:
    """The closed CTA of a past intervention, with all that was done."""
    past = company.past
    if past is None:
        return None
    rng, days = world.rng, world.days[company.pool]
    claimed = days.ago(rng, past.claimed)
    moments = [days.ago(rng, step.ago) for step in past.steps]
    opened = dawn(claimed.date() - timedelta(days=1), rng.randrange(1200))
    owner = world.worker(company.pool, opened.date())
    plan = closed_cta(world, company, KINDS[past.kind], past.title, owner, (opened, claimed, moments[-1]), past.outcome)
    plan.row["close_note"] = past.close_note
    plan.visits = [_visit(world, company, step, at, owner, past) for step, at in zip(past.steps, moments, strict=True)]
    person = company.people[_places(company, 1)[0]].name
    marks = {step.mark: at for step, at in zip(past.steps, moments, strict=True) if step.mark}
    plan.intervention = {
        "csm_id": owner, "stage": past.end, "claimed_at": claimed, "ended_at": moments[-1], "plan": past.plan,
        "criterion": past.criterion, "handoff_note": past.note.format(person=person) if past.note else None,
        "articles": list(past.articles) or None, "end_reason": past.reason,
    } | marks  # fmt: skip
    if past.nps is not None:
        place = _places(company, 1)[0]
        answer(
            company,
            "nps",
            place,
            past.nps[0],
            "We get forty mails a day and nobody reads them.",
            opened.date() - timedelta(days=1),
        )
        answer(company, "nps", place, past.nps[1], "Quiet now, and we hear what matters.", days.days[-20])
    return plan


def _visit(world: World, company: Company, step: Step, at: datetime, csm: int, past: Past | None = None) -> Visit:
    places = _places(company, step.people)
    name = company.people[_places(company, 1)[0]].name
    words: Row = {"person": name}
    if past is not None and past.note:
        words |= {
            "note": past.note.format(person=name),
            "articles": "\n".join(f"Article: {url}" for url in past.articles),
        }
    visit = Visit(step.type, step.subject, step.body.format(**words), at, csm, places)
    if step.next_step:
        visit.next_step, visit.next_due = step.next_step, world.days[company.pool].due(world.today, 3)
    return visit


def _places(company: Company, count: int) -> list[int]:
    """The first members of the value network who are still there, else the first of all."""
    return (company.members or [0])[:count]
