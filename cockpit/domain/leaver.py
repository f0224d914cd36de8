"""A CSM leaves: who could take which of her accounts and why, in which tier and wave, on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cockpit.domain.calendar import Calendar
from cockpit.domain.say import day, plural

FREEZE_DAYS = 30
"""No hand-over within so many days before a renewal (both ends in)."""
EARLIEST = 5
"""Business days from the start to the first hand-over: a brief and a call need them."""
SPARE = 2
"""Business days that the last wave leaves to her last day."""
WAVE_OF = 15
"""About so many accounts in a wave, in at most MOST_WAVES."""
MOST_WAVES = 4
TOP_SHARE = 5
"""One in so many accounts is in the top tier for its ARR."""
BY_LETTER = frozenset({"B", "C"})
"""Tiers whose customers hear of it by letter; both sides meet those of the first."""
TAIL_ARR = 1_000_000
"""Below it (minor units, $10k) and without risk an account is in the last tier."""
BASE, POOL, POOL_SERVED = 100, 160, 70
"""What a CSM costs before any reason speaks for or against her, and the pool; the pool of a segment that it serves anyway."""
LOAD = 3
"""Each further account of the same recipient costs so much more: nobody gets all."""


@dataclass(frozen=True, slots=True)
class Held:
    """An account of the leaver. ``minutes`` a week; ``touches`` by CSM in the last year."""

    id: int
    name: str
    segment: str | None = None
    arr: int | None = None
    currency: str | None = None
    health: int | None = None
    renewal: date | None = None
    language: str | None = None
    zone_hours: float | None = None
    """Hours ahead of UTC."""
    pool: str | None = None
    pod: int | None = None
    minutes: int | None = None
    served_by: str | None = None
    escalations: int = 0
    touches: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take some. ``free`` minutes a week, None where her hours are unknown; ``room`` by segment
    (None: no limit is agreed); ``away_until`` a day on which she is not here."""

    id: int
    login: str
    name: str
    free: int | None = None
    languages: frozenset[str] = frozenset()
    zone_hours: float | None = None
    pools: frozenset[str] = frozenset()
    pods: frozenset[int] = frozenset()
    segments: Mapping[str, int] = field(default_factory=dict)
    """Accounts she holds by segment."""
    room: Mapping[str, int] = field(default_factory=dict)
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """What speaks for and against somebody (or the pool) for an account; the smaller ``cost`` is proposed."""

    cost: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """When an account changes hands: its tier, its wave, the day; ``frozen`` says what a renewal did to the day."""

    tier: str
    wave: int
    target: date
    frozen: str = ""
    is_late: bool = False
    """After her last day: her manager stands in."""


def fit(account: Held, one: Candidate) -> Fit:
    """Return how well a CSM suits an account, with the reasons in words, the strongest first."""
    points: list[tuple[int, str]] = []
    touches = account.touches.get(one.id, 0)
    if touches:
        points.append((-25 if touches < 3 else -40, f"knows them: {plural(touches, 'touch', 'touches')} in a year"))
    if account.pod is not None and account.pod in one.pods:
        points.append((-20, "same pod"))
    if account.language and account.language != "en":
        if account.language in one.languages:
            points.append((-25, f"speaks {account.language}"))
        else:
            points.append((70, f"does not speak {account.language}"))
    if account.pool is not None and account.pool in one.pools:
        points.append((-15, f"works {account.pool}"))
    if account.segment and one.segments.get(account.segment):
        points.append((-10, f"holds {one.segments[account.segment]} {account.segment}"))
    if account.zone_hours is not None and one.zone_hours is not None:
        apart = abs(account.zone_hours - one.zone_hours)
        points += [(-8, "same hours")] if apart <= 2 else [(20, f"{apart:g} h apart")] if apart >= 6 else []
    if one.free is None:
        points.append((15, "hours unknown"))
    elif one.free > 0:
        points.append((-min(one.free // 120, 10), f"{one.free // 60} h a week free"))
    points.sort(key=lambda pair: pair[0])
    return Fit(max(BASE + sum(n for n, _ in points), 1), tuple(words for _, words in points if words))


def fit_pool(account: Held, pool: str) -> Fit:
    """Return how well a pool suits an account: well where its segment is served by a pool anyway."""
    if account.served_by == "pool":
        return Fit(POOL_SERVED, (f"{account.segment or 'its segment'} is served by a pool", f"pool {pool}"))
    return Fit(POOL, (f"nobody has room: pool {pool}",))


def tiers(accounts: Sequence[Held], today: date) -> dict[int, str]:
    """Return the tier of each account.

    A (joint calls): the top fifth by ARR, and whatever is at risk (health under 50, an escalation, a renewal within 90
    days). C: small and without risk. B: the rest.
    """
    ordered = sorted((a for a in accounts if a.arr), key=lambda a: (-(a.arr or 0), a.id))
    top = {a.id for a in ordered[: -(-len(accounts) // TOP_SHARE)]}
    found = {}
    for a in accounts:
        near = a.renewal is not None and 0 <= (a.renewal - today).days <= 90
        at_risk = (a.health is not None and a.health < 50) or a.escalations > 0 or near
        small = a.arr is not None and a.arr < TAIL_ARR
        found[a.id] = "A" if (a.id in top and not small) or at_risk else "C" if small else "B"
    return found


def schedule(
    accounts: Sequence[Held], start: date, last_day: date, calendar: Calendar, *, waves: int | None = None, freeze: int = FREEZE_DAYS
) -> dict[int, Slot]:
    """Return tier, wave and day of each account.

    Waves go from the last day backwards, evenly over the business days there are; the top tier first, the largest
    first, so that there is time for it. No day lies in the freeze before a renewal: such a hand-over comes before it,
    else after the renewal, with her manager standing in where she is no longer there.
    """
    first = calendar.add_business_days(calendar.on_or_after(start), EARLIEST)
    last = max(calendar.add_business_days(_before(last_day, calendar), -SPARE), first)
    room = max(calendar.business_days_between(first, last), 0)
    count = waves or min(MOST_WAVES, max(1, -(-len(accounts) // WAVE_OF)))
    count = max(1, min(count, room + 1, len(accounts) or 1))
    days = [calendar.add_business_days(first, room * n // (count - 1)) if count > 1 else last for n in range(count)]
    rank = tiers(accounts, start)
    ordered = sorted(accounts, key=lambda a: (rank[a.id], -(a.arr or 0), a.id))
    found: dict[int, Slot] = {}
    for n, a in enumerate(ordered):
        wave = n * count // len(ordered)
        target, frozen = _thawed(days[wave], a.renewal, first, calendar, freeze)
        found[a.id] = Slot(rank[a.id], wave + 1, target, frozen, target > last_day)
    return found


def _thawed(wanted: date, renewal: date | None, first: date, calendar: Calendar, freeze: int) -> tuple[date, str]:
    if renewal is None or not renewal - timedelta(days=freeze) <= wanted <= renewal:
        return wanted, ""
    before = _before(renewal - timedelta(days=freeze + 1), calendar)
    if before >= first:
        return before, f"before the freeze: renews {day(renewal)}"
    return calendar.add_business_days(renewal, 1), f"after the renewal on {day(renewal)}"


def _before(last: date, calendar: Calendar) -> date:
    while not calendar.is_business_day(last):
        last -= timedelta(days=1)
    return last
