"""What a customer bought, term by term, and how each sale and renewal went. ARR is twelve times what runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cockpit.services.demo.company import Company
from cockpit.services.demo.days import years_later
from db.terms import OpportunityState, OpportunityType

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

_GROWTH = 0.88
"""A term before was so much smaller."""
_TERMS = 3
_SPLIT_FROM = 200_000
"""Cents of MRR from which a customer has two products."""
_OPEN_DAYS = 120
_UPSELL = 0.2
"""Share of the running MRR that the upsell after an intervention brought."""


def sell(world: World, company: Company) -> None:
    """Writes subscriptions and opportunities."""
    terms = _terms(company)
    mrr, units = company.mrr, company.seats
    for back, (starts, ends) in enumerate(reversed(terms[-_TERMS:] if company.is_detailed else terms[-1:])):
        more = _upsell(world, company, ends, mrr) if back == 0 and company.upsold is not None else 0
        _subscribe(world, company, starts, ends, mrr - more, units)
        if company.is_detailed:
            earlier = round(mrr * _GROWTH / 100) * 100
            is_first = starts == company.began
            _closed(
                world,
                company,
                starts,
                12 * mrr,
                None if is_first else 12 * earlier,
                is_expansion=not is_first and back == 0,
            )
            mrr, units = earlier, max(1, round(units * _GROWTH))
    if company.renewal is not None and (company.is_detailed or company.has("renewal")):
        _due(world, company, company.renewal)
    if company.ended is not None and company.is_detailed:
        _lost(world, company, company.ended)
    if company.is_detailed and company.ended is None and company.past is None and world.rng.random() < 0.2:
        _tried(world, company)


def _terms(company: Company) -> list[tuple[date, date | None]]:
    """(first day, last day) of each yearly term, the last running unless the customer is gone."""
    end = company.renewal or (company.ended + timedelta(days=1) if company.ended else None)
    if end is None:
        return [(company.began, None)]
    terms: list[tuple[date, date | None]] = []
    while end > company.began:
        starts = max(company.began, years_later(end, -1))
        terms.insert(0, (starts, end - timedelta(days=1)))
        end = starts
    return terms


def _subscribe(world: World, company: Company, starts: date, ends: date | None, mrr: int, units: int) -> None:
    first = round(mrr * 0.7 / 100) * 100 if mrr >= _SPLIT_FROM else mrr
    for product, part in (("Core", first), ("Insights", mrr - first)):
        if part:
            company.fact(
                "subscription", product_id=world.products[product], units=units, mrr=part, currency="USD", starts=starts, ends=ends,
                recorded=_noon(starts),
            )  # fmt: skip


def _closed(world: World, company: Company, day: date, arr: int, due: int | None, *, is_expansion: bool) -> None:
    """The won deal a term began with: new business, or a renewal of the term before."""
    rng = world.rng
    type_ = OpportunityType.NEW_BUSINESS if due is None else OpportunityType.RENEWAL
    closed = day - timedelta(days=rng.randint(2, 24))
    company.fact(
        "opportunity", name=f"{company.name} {'first contract' if due is None else f'renewal {day.year}'}", type=type_, stage="Closed won",
        state=OpportunityState.WON, amount=due or arr, due_amount=due, final_amount=due or arr, term_months=12, currency="USD",
        due_date=None if due is None else day, close_date=closed, recorded=_noon(closed),
        lead_source=rng.choice(("inbound", "outbound", "event", "partner", "referral")) if due is None else None,
        reference_used=due is None and rng.random() < 0.3,
    )  # fmt: skip
    if due is not None and is_expansion and arr > due:
        company.fact(
            "opportunity", name=f"{company.name} more seats", type=OpportunityType.EXPANSION, stage="Closed won",
            state=OpportunityState.WON, amount=arr - due, final_amount=arr - due, term_months=12,
            currency="USD", close_date=closed, recorded=_noon(closed),
            sourced_by="csm" if rng.random() < 0.4 else None,
        )  # fmt: skip


def _due(world: World, company: Company, renewal: date) -> None:
    """The renewal that is coming up, from four months before on."""
    days = (renewal - world.today).days
    if days > _OPEN_DAYS:
        return
    opened = renewal - timedelta(days=_OPEN_DAYS)
    company.fact(
        "opportunity", name=f"{company.name} renewal {renewal.year}", type=OpportunityType.RENEWAL,
        stage="Proposed" if days < 40 else "Contacted" if days < 80 else "Planned", state=OpportunityState.OPEN,
        amount=company.arr, due_amount=company.arr, term_months=12, currency="USD", due_date=renewal,
        recorded=_noon(min(opened, world.today - timedelta(days=1))),
    )  # fmt: skip


def _upsell(world: World, company: Company, ends: date | None, mrr: int) -> int:
    """Connect, bought after an intervention; returns its part of the MRR."""
    day = company.upsold
    assert day is not None
    more = round(mrr * _UPSELL / 100) * 100
    company.fact(
        "subscription", product_id=world.products["Connect"], units=1, mrr=more, currency="USD", starts=day, ends=ends, recorded=_noon(day),
    )  # fmt: skip
    company.fact(
        "opportunity", name=f"{company.name} Connect", type=OpportunityType.UPSELL, stage="Closed won", state=OpportunityState.WON,
        amount=12 * more, final_amount=12 * more, term_months=12, currency="USD", close_date=day - timedelta(days=3),
        recorded=_noon(day - timedelta(days=3)), sourced_by="csm",
    )  # fmt: skip
    return more


def _lost(world: World, company: Company, ended: date) -> None:
    """The renewal that was not."""
    due = ended + timedelta(days=1)
    company.fact(
        "opportunity", name=f"{company.name} renewal {due.year}", type=OpportunityType.RENEWAL, stage="Closed lost",
        state=OpportunityState.LOST, amount=12 * company.mrr, due_amount=12 * company.mrr, final_amount=0, term_months=12, currency="USD",
        due_date=due, close_date=ended, recorded=_noon(ended),
    )  # fmt: skip


def _tried(world: World, company: Company) -> None:
    """An upsell that came to nothing."""
    closed = world.today - timedelta(days=world.rng.randint(20, 300))
    if closed > company.go_live:
        company.fact(
            "opportunity", name=f"{company.name} Connect", type=OpportunityType.UPSELL, stage="Closed lost", state=OpportunityState.LOST,
            amount=round(company.arr * 0.2 / 100) * 100, final_amount=0, term_months=12, currency="USD", close_date=closed,
            recorded=_noon(closed),
        )  # fmt: skip


def _noon(day: date) -> str:
    return f"{day.isoformat()}T12:00:00.000000Z"
