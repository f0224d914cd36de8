"""How a customer of the demo came to be where it is: contract, mood, causes for action, and when each was noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from cockpit.services.demo import facts, interventions, people
from cockpit.services.demo.company import Company, Signal
from cockpit.services.demo.days import dawn, years_later
from cockpit.services.demo.kinds import ASKED, KINDS, MID, NEW_CUSTOMER, SMALL, STRATEGIC, TAIL, Kind, Segment, choose
from cockpit.services.demo.names import PLACES, CompanyNames, domain_of
from cockpit.services.demo.parts import Part, chosen, claims
from cockpit.services.demo.team import PODS
from db.terms import ServedBy

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

DETAILED = 1_000
"""So many customers are told with their whole year, further ones only with what calls for action."""
CLAIMED_PERCENT, MOST_CLAIMED = 16, 150
SNOOZED_PERCENT = 2
_POD = 0.8
_OUTGROWN = 23
"""Every so many-th customer, if it is small and quiet, has grown past its segment: a move is proposed."""
"""Share of the larger accounts without open CTAs that belong to a pod, where there is one."""
_AT_ODDS = frozenset({"quiet", "golive", "never", "coverage"})
"""Causes that what was done in a part would contradict."""
_LATENT = 0.12
"""Share of accounts with a fresh fact that no rule has seen yet."""


@dataclass(frozen=True, slots=True)
class Hero:
    """One of the customers that every demo begins with."""

    name: str
    industry: str
    pool: str
    kind: str
    arr: int
    renews_in: int
    figure: float


HEROES = (
    Hero("Acme Robotics", "Robotics", "West", "usage", 48_000, 41, -0.38),
    Hero("Boreal Foods", "Food", "East", "detractor", 22_200, 75, 3),
    Hero("Cobalt Health", "Health", "Europe", "golive", 12_000, 0, 0),
    Hero("Dune Logistics", "Logistics", "West", "seats", 31_200, 210, 0.96),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One account to tell: how many open CTAs it gets, the first of them the ``first``-th of all."""

    n: int
    first: int
    ctas: int
    is_served: bool
    """By a pool, so that its CTAs queue; the others have a CSM of their own or are gone."""
    is_churned: bool = False
    hero: Hero | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to build."""

    accounts: int
    ctas: int

    @property
    def claimed(self) -> int:
        """How many of the open CTAs have an owner."""
        return min(self.ctas * CLAIMED_PERCENT // 100, MOST_CLAIMED)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is in full swing; the owners of these count among the claimed."""
        return chosen(self.ctas, self.claimed)

    def is_claimed(self, n: int) -> bool:
        """Whether the ``n``-th open CTA has an owner without playing a part: evenly spread."""
        rest = self.claimed - claims(self.ctas, self.claimed)
        return (n + 1) * rest // self.ctas > n * rest // self.ctas

    def is_put_off(self, n: int) -> bool:
        """Whether the ``n``-th open CTA is snoozed and nobody's."""
        share = self.ctas * SNOOZED_PERCENT // 100
        return (n + 1) * share // self.ctas > n * share // self.ctas

    def slots(self, world: World) -> Iterator[Slot]:
        """Every account with its share of the CTAs; they add up exactly."""
        served = [n for n in range(self.accounts) if _is_served(n)]
        heroes = min(len(HEROES), len(served), self.ctas)
        rest, waiting = self.ctas - heroes, len(served) - heroes
        if waiting == 0:
            heroes, rest, waiting = 0, self.ctas, len(served)
        first = place = carried = seen = 0
        parts = list(self.parts)
        for n in range(self.accounts):
            if not _is_served(n):
                yield Slot(n, first, 0, is_served=False, is_churned=n % 37 == 36)
                continue
            hero = HEROES[place] if place < heroes else None
            part, count = None, 1
            if hero is None:
                turn = place - heroes
                count = (turn + 1) * rest // waiting - turn * rest // waiting + carried
                seen += count > 0
                is_last = turn + 1 == waiting
                part = parts[0] if parts and count and seen % 2 else None
                if part is not None and count < len(part.kinds) and not is_last:
                    # it waits until enough has come together
                    part, carried, count, seen = None, count, 0, seen - 1
                else:
                    # some accounts have more to do than their neighbour
                    carried = 1 if part is None and count and not is_last and world.rng.random() < 0.2 else 0
                    count -= carried
                if part is not None:
                    parts.pop(0)
            yield Slot(n, first, count, is_served=True, hero=hero, part=part)
            first += count
            place += 1


def _is_served(n: int) -> bool:
    return n % 37 != 36 and n % 50 != 24


def imagine(world: World, plan: Plan, slot: Slot, names: CompanyNames) -> Company:
    """One customer with its people, facts and titled signals."""
    company = _introduce(world, slot, names)
    _listen(world, plan, slot, company)
    _contract(world, company, slot.hero, outgrown=slot.n % _OUTGROWN == 0)
    interventions.cast_past(world, company)
    _feel(world, company, slot.hero)
    people.staff(world.rng, company)
    if slot.is_churned:
        company.health, company.health_before = world.rng.randint(12, 34), world.rng.randint(20, 45)
    facts.tell(world, company, names)
    return company


def _introduce(world: World, slot: Slot, names: CompanyNames) -> Company:
    rng, hero = world.rng, slot.hero
    name, industry = names.new()
    pool = rng.choices(("West", "East", "Europe", "default"), (30, 30, 25, 15))[0]
    segment = _segment(world, slot, pool)
    if hero is not None:
        name, industry, pool, segment = hero.name, hero.industry, hero.pool, SMALL
        names.take(name)
    if slot.part is not None:
        pool, segment = slot.part.pool, slot.part.segment
    served_by = {"strategic": ServedBy.DEDICATED, "mid": ServedBy.HYBRID}.get(segment.name, ServedBy.POOL)
    if _is_pods(rng, slot, pool, segment):
        served_by = ServedBy.POD
    return Company(
        name=name,
        industry=industry,
        domain=domain_of(name),
        place=rng.choice(PLACES[pool]),
        pool=pool,
        segment=segment,
        served_by=served_by,
        owner=None if served_by in (ServedBy.POOL, ServedBy.POD) else rng.choice(world.teams[pool]),
        is_detailed=slot.n < DETAILED or slot.part is not None,
        is_good=hero.kind in ("golive", "seats") if hero else slot.part.is_good if slot.part else rng.random() < 0.35,
        is_churned=slot.is_churned,
        part=slot.part,
    )


def _is_pods(rng: Random, slot: Slot, pool: str, segment: Segment) -> bool:
    """Whether an account is in the patch of its pool's pod: those who are in none find the head of the queue as it is."""
    if slot.part is not None:
        return slot.part.is_pod
    if slot.n >= DETAILED or slot.ctas or slot.is_churned or pool not in PODS or segment not in (STRATEGIC, MID):
        return False
    return rng.random() < _POD


def _segment(world: World, slot: Slot, pool: str) -> Segment:
    if not slot.is_served and not slot.is_churned:
        return STRATEGIC
    if pool == "default":
        return TAIL
    return world.rng.choices((MID, SMALL, TAIL), (14, 46, 40))[0]


# --- causes ----------------------------------------------------------------------------------------


def _listen(world: World, plan: Plan, slot: Slot, company: Company) -> None:
    """Chooses what calls for action and when the rules saw it; some of it they have yet to see."""
    if not slot.is_served:
        return
    latent = 1 if company.is_detailed and slot.hero is None and world.rng.random() < _LATENT else 0
    if slot.part is not None:
        first = [KINDS.get(key, ASKED) for key in slot.part.kinds]
        kinds = choose(world.rng, slot.ctas, good=company.is_good, first=first, without=_AT_ODDS)
    else:
        kinds = [KINDS[slot.hero.kind]] if slot.hero else choose(world.rng, slot.ctas + latent, good=company.is_good)
    for place, kind in enumerate(kinds):
        if place >= slot.ctas:
            if kind is not ASKED:
                company.signals.append(Signal(kind, world.last_run, world.now, has_cta=False))
            continue
        number = slot.first + place
        if slot.part is None:
            company.signals.append(_notice(world, plan, number, company, kind))
        else:
            company.signals.append(_cast(world, company, slot.part, kind, number, is_first=place == 0))


def _notice(world: World, plan: Plan, number: int, company: Company, kind: Kind) -> Signal:
    rng, days = world.rng, world.days[company.pool]
    made = world.last_run - timedelta(days=int(rng.triangular(0, kind.oldest, 0)))
    signal = Signal(kind, made, world.now)
    owner = world.claimer(company.pool) if plan.is_claimed(number) else None
    if owner is not None:
        signal.owner = owner
        signal.claimed_at = days.ago(rng, rng.choice((0, 1, 1, 2, 2, 3)))
        signal.touched_at = max(signal.claimed_at, days.ago(rng, rng.choice((0, 0, 1))))
        signal.snoozed_at = signal.touched_at if rng.random() < 0.2 else None
    elif plan.is_put_off(number):
        signal.snoozed_at = days.ago(rng, rng.randint(0, 3))
    acted = signal.claimed_at or signal.snoozed_at
    if acted is not None:
        signal.made = min(made, acted.date() - timedelta(days=1))
    signal.opened_at = days.on(rng, signal.made) if kind is ASKED else dawn(signal.made, number)
    return signal


def _cast(world: World, company: Company, part: Part, kind: Kind, number: int, *, is_first: bool) -> Signal:
    """The CTA of a part, as far as it has come; what else its account asks for waits in the queue."""
    rng, days = world.rng, world.days[company.pool]
    made = world.last_run - timedelta(days=int(rng.triangular(0, min(kind.oldest, 6), 0)))
    signal = Signal(kind, made, world.now)
    if is_first:
        signal.part = part
        signal.moments = tuple(days.ago(rng, step.ago) for step in part.steps)
        if part.claimed:
            taken = days.ago(rng, part.claimed)
            signal.made = taken.date() - timedelta(days=rng.randint(1, 3))
            signal.moments = (taken,) if part.returned else signal.moments
        if part.who is not None:
            signal.owner = world.take(part.who)
            signal.claimed_at = taken
            signal.touched_at = max(
                taken, days.lease_from(rng, part.lease) if part.lease else _last_touch(world, company, part, signal)
            )
        signal.snoozed_at = signal.touched_at if part.wake else None
        signal.due = None if part.due is None else days.due(world.today, part.due)
    signal.opened_at = days.on(rng, signal.made) if kind is ASKED else dawn(signal.made, number)
    return signal


def _last_touch(world: World, company: Company, part: Part, signal: Signal) -> datetime:
    return signal.moments[-1] if part.steps else world.days[company.pool].ago(world.rng, part.touched)


# --- contract --------------------------------------------------------------------------------------


def _contract(world: World, company: Company, hero: Hero | None, *, outgrown: bool) -> None:
    rng, today = world.rng, world.today
    fresh = company.signal(*NEW_CUSTOMER)
    if fresh is not None or (not company.signals and not company.is_churned and rng.random() < 0.05):
        company.go_live = today - timedelta(days=_live_days(world, fresh))
        company.began = company.go_live - timedelta(days=rng.randint(20, 45))
        company.renewal = years_later(company.began, 1)
        company.stage = "onboarding"
    else:
        _grown_contract(world, company, hero)
    low, high = company.segment.arr
    arr = hero.arr if hero else low * (high / low) ** rng.random()
    if outgrown and company.segment is SMALL and not company.signals and hero is None:
        arr = round(1.25 * high)
    company.mrr = round(arr / 12) * 100
    price = rng.uniform(*company.segment.seat_price)
    company.seats = max(5, round(company.mrr / 100 / price))
    if company.has("seats", "usage", "dark"):
        company.seats = max(25, company.seats)


def _live_days(world: World, fresh: Signal | None) -> int:
    if fresh is None:
        return world.rng.randint(5, 28)
    least = 30 if fresh.kind.key == "golive" else 22
    return (world.today - fresh.made).days + least + world.rng.randint(0, 3)


def _grown_contract(world: World, company: Company, hero: Hero | None) -> None:
    rng, today = world.rng, world.today
    signal = company.signal("renewal")
    renewal = today + timedelta(days=hero.renews_in if hero else rng.randint(1, 364))
    if signal is not None:
        renewal = signal.made + timedelta(days=rng.randint(76, 89))
    if company.is_churned:
        renewal = today - timedelta(days=rng.randint(20, 300))
        company.ended = renewal - timedelta(days=1)
    years = rng.choices((1, 2, 3, 4), (3, 3, 2, 1))[0]
    lived = 420 if company.has("quiet") else 130
    while (today - years_later(renewal, -years)).days < lived + 60:
        years += 1
    company.began = years_later(renewal, -years)
    company.go_live = company.began + timedelta(days=rng.randint(20, 60))
    company.renewal = None if company.has("undated") or company.is_churned else renewal
    company.stage = "churned" if company.is_churned else "renewal" if (renewal - today).days < 90 else "adoption"


# --- mood ------------------------------------------------------------------------------------------


def _feel(world: World, company: Company, hero: Hero | None) -> None:
    """The hidden figures that facts and health follow from."""
    rng, good = world.rng, company.is_good
    company.active_share = rng.uniform(0.6, 0.88) if good else rng.uniform(0.3, 0.62)
    company.trend = rng.uniform(-0.03, 0.14) if good else rng.uniform(-0.18, 0.02)
    company.met_share = rng.uniform(0.6, 1.0) if good else rng.uniform(0.5, 0.8)
    company.nps_before = rng.choice((8, 9, 9, 10) if good else (5, 6, 7, 8)) if rng.random() < 0.6 else None
    company.nps = company.nps_before
    company.csat = (rng.uniform(4.2, 4.8) if good else rng.uniform(2.8, 4.1)) if rng.random() < 0.6 else None
    if company.has("usage"):
        company.trend = -rng.uniform(0.32, 0.58)
    elif company.has("health") and not company.has("dark", "never", "seats"):
        company.active_share, company.trend = min(company.active_share, 0.42), -0.27
    if company.has("seats"):
        company.active_share, company.trend = rng.uniform(0.92, 0.99), 0.04
    for key, scores in (("detractor", (2, 3, 3, 4, 5, 6)), ("passive", (7, 8)), ("promoter", (9, 9, 10))):
        if company.has(key):
            company.nps = rng.choice(scores)
    if company.has("coverage"):
        company.met_share = 0.35
    company.urgent = 1 if company.has("tickets") and rng.random() < 0.5 else 0
    touch = company.segment.touch_days
    company.last_touch = (
        round(touch * rng.uniform(1.15, 1.6)) if company.has("quiet") else min(80, round(touch * rng.uniform(0.1, 0.8)))
    )
    if company.has("golive"):
        company.last_touch = rng.randint(2, 12)
    _keep_quiet(world, company)
    if company.ended is not None and company.past is None:
        company.last_touch = (world.today - company.ended).days + rng.randint(5, 40)
    company.last_touch = (
        world.today - world.days[company.pool].business_day(world.today - timedelta(days=company.last_touch))
    ).days
    if hero is not None:
        _cast_hero(company, hero)


def _keep_quiet(world: World, company: Company) -> None:
    """Since a claim nothing but what its owner did is on the timeline: a meeting would have moved an intervention."""
    claims = [signal.claimed_at for signal in company.signals if signal.claimed_at is not None]
    if claims and not company.has("quiet", "golive"):
        company.last_touch = max(company.last_touch, (world.today - min(claims).date()).days + 2)
    if company.past is not None:
        company.last_touch = (world.today - world.days[company.pool].days[-1 - company.past.claimed]).days + 4


def _cast_hero(company: Company, hero: Hero) -> None:
    if hero.kind == "usage":
        company.trend, company.active_share, company.nps, company.last_touch = hero.figure, 0.55, None, 61
        company.nps_before = None
    elif hero.kind == "detractor":
        company.nps, company.nps_before = round(hero.figure), 7
    elif hero.kind == "seats":
        company.active_share, company.seats = hero.figure, 100
