"""From what is known of an account to the figures that scorecards measure; unknown ones say why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cockpit.domain.pulse import weekdays_between
from cockpit.domain.say import plural
from cockpit.domain.scorecard import Figure
from db.terms import Feeling, GoalStatus

URGENT_DAYS = 5
"""Business days after which an open urgent ticket counts."""
YOUNG_DAYS = 56
"""Log-ins of the weeks before go-live are no trend."""
FELT = {Feeling.BAD: 0.0, Feeling.UNSURE: 50.0, Feeling.GOOD: 100.0}
TOP_TWO = ((5, 4), (7, 6), (10, 9))
"""Of a scale that ends at the first, the lower of its two best marks; beyond, marks out of 100 and 80 of them."""


class Answer(Protocol):
    """One NPS answer."""

    @property
    def person(self) -> int | None: ...
    @property
    def drives(self) -> bool: ...
    @property
    def score(self) -> int: ...
    @property
    def day(self) -> date: ...


class Known(Protocol):
    """What is known of one account, its relationships included: see ``db.reads.health_facts.RawFacts``."""

    go_live: date | None
    seats: dict[int, dict[int | None, int]]
    active: dict[int, tuple[date, int]]
    logins: dict[int, tuple[int | None, int | None, date]]
    used: dict[str, tuple[int, date]]
    network: tuple[int, int | None, int]
    touch_days: int | None
    feeling: tuple[date, str] | None
    goals: list[tuple[str, date, date | None]]
    overdue: dict[int, tuple[date, int]]
    late_since: date | None
    paid_on: date | None
    csat: list[tuple[int, int, date]]

    @property
    def nps(self) -> Sequence[Answer]: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What an account is judged against: the day, its last contact and old urgent tickets as days, what all share."""

    today: date
    last_contact: date | None
    old_urgent: int
    tickets_on: date | None
    features: Mapping[int, Sequence[str]]


def figures(known: Known, at: Setting) -> dict[str, Figure]:
    """Return every computable fact of an account."""
    return {name: read(known, at) for name, read in _FIGURES.items()}


def _active_share(known: Known, at: Setting) -> Figure:
    seats = sum(max(products.values(), default=0) for products in known.seats.values())
    if not known.active:
        return Figure(None, says="no usage metric “active users”")
    if not seats:
        return Figure(None, says="no subscription with units runs")
    active = sum(value for _, value in known.active.values()) / 1_000
    newest = max(day for day, _ in known.active.values())
    return Figure(100 * active / seats, newest, f"{active:,.0f} of {plural(seats, 'seat')} active")


def _usage_trend(known: Known, at: Setting) -> Figure:
    if known.go_live is not None and (at.today - known.go_live).days < YOUNG_DAYS:
        return Figure(None, says="live for less than 8 weeks")
    if not known.logins:
        return Figure(None, says="no log-ins in 8 weeks on record")
    recent = [one for one, _, _ in known.logins.values() if one is not None]
    base = [one for _, one, _ in known.logins.values() if one is not None]
    newest = max(day for _, _, day in known.logins.values())
    if not recent or not sum(base):
        return Figure(None, newest, "log-ins of only one of the two months")
    change = 100 * (sum(recent) - sum(base)) / sum(base)
    return Figure(change, newest, f"{sum(recent) / 1_000:,.0f} log-ins after {sum(base) / 1_000:,.0f}")


def _feature_share(known: Known, at: Setting) -> Figure:
    declared = {name for products in known.seats.values() for one in products for name in at.features.get(one or 0, ())}
    if not declared:
        return Figure(None, says="its products declare no key features")
    seen = {name: known.used[name] for name in declared if name in known.used}
    if not seen:
        return Figure(None, says="no usage of its key features on record")
    used = sum(total > 0 for total, _ in seen.values())
    newest = max(day for _, day in seen.values())
    return Figure(100 * used / len(declared), newest, f"{used} of {plural(len(declared), 'key feature')} used in 4 weeks")


def _network_size(known: Known, at: Setting) -> Figure:
    size, minimum, _ = known.network
    if not minimum:
        return Figure(None, says="its segment asks for no network")
    return Figure(100 * size / minimum, None, f"{size} of {minimum} members" if size else "not configured: nobody is a member")


def _network_coverage(known: Known, at: Setting) -> Figure:
    size, _, met = known.network
    if not size:
        return Figure(None, says="nobody is a member of the value network")
    return Figure(100 * met / size, None, f"{met} of {plural(size, 'member')} met")


def _nps(known: Known, at: Setting) -> Figure:
    latest = {("nobody", n) if one.person is None else ("somebody", one.person): one for n, one in enumerate(known.nps)}
    if not latest:
        return Figure(None, says="nobody answered in 180 days")
    weighed = [(2 if one.drives else 1, one.score) for one in latest.values()]
    mean = sum(weight * value for weight, value in weighed) / sum(weight for weight, _ in weighed)
    people = plural(len(latest), "person", "people") if all(one.person for one in known.nps) else plural(len(latest), "answer")
    return Figure(mean, max(one.day for one in latest.values()), f"the latest of {people}", len(latest))


def _csat(known: Known, at: Setting) -> Figure:
    if not known.csat:
        return Figure(None, says="nobody answered in 90 days")
    most = max(mark for mark, _, _ in known.csat)
    least = next((lower for end, lower in TOP_TWO if most <= end), 80)
    n = sum(count for _, count, _ in known.csat)
    good = sum(count for mark, count, _ in known.csat if mark >= least)
    return Figure(100 * good / n, max(day for _, _, day in known.csat), f"{good} of {plural(n, 'answer')} in the two best marks", n)


def _urgent_tickets(known: Known, at: Setting) -> Figure:
    if at.tickets_on is None:
        return Figure(None, says="no tickets ever came in")
    old = at.old_urgent
    return Figure(old, at.tickets_on, f"{plural(old, 'urgent ticket')} open for over {URGENT_DAYS} business days" if old else "none is old")


def _contact(known: Known, at: Setting) -> Figure:
    if known.touch_days is None:
        return Figure(None, says="its segment asks for no regular contact")
    if at.last_contact is None:
        return Figure(None, says="no contact on the timeline")
    gone = weekdays_between(at.last_contact, at.today)
    return Figure(gone / known.touch_days, None, f"{plural(gone, 'weekday')} ago, {known.touch_days} allowed")


def _sentiment(known: Known, at: Setting) -> Figure:
    if known.feeling is None:
        return Figure(None, says="no CSM said so far")
    day, feeling = known.feeling
    return Figure(FELT.get(Feeling(feeling)), day, feeling)


def _goals(known: Known, at: Setting) -> Figure:
    if not known.goals:
        return Figure(None, says="no goal with a date")
    well = sum(_is_on_time(status, due, reached, at.today) for status, due, reached in known.goals)
    n = len(known.goals)
    return Figure(100 * well / n, max(min(due, at.today) for _, due, _ in known.goals), f"{well} of {plural(n, 'goal')} on time")


def _is_on_time(status: str, due: date, reached: date | None, today: date) -> bool:
    if status == GoalStatus.REACHED and reached is not None and reached <= today:
        return reached <= due
    return status != GoalStatus.MISSED and due >= today


def _payment(known: Known, at: Setting) -> Figure:
    if known.overdue:
        newest = max(day for day, _ in known.overdue.values())
        days = max(value for _, value in known.overdue.values()) / 1_000
        return Figure(days, newest, f"{plural(round(days), 'day')} late" if days else "nothing is late")
    if known.late_since is None:
        return Figure(None, says="no word on payment")
    if known.paid_on is not None and known.paid_on >= known.late_since:
        return Figure(0, known.paid_on, "paid since")
    late = (at.today - known.late_since).days
    return Figure(late, at.today, f"overdue for {plural(late, 'day')} at least")


_FIGURES: dict[str, Callable[[Known, Setting], Figure]] = {
    "active_share": _active_share, "usage_trend": _usage_trend, "feature_share": _feature_share,
    "network_size": _network_size, "network_coverage": _network_coverage, "nps": _nps, "csat": _csat,
    "urgent_tickets": _urgent_tickets, "contact": _contact, "sentiment": _sentiment, "goals_on_time": _goals,
    "payment_late": _payment,
}  # fmt: skip
