"""The facts behind the signals: log-ins that really fell, answers, tickets, events. Titles carry their figures."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.say import MONTHS
from cockpit.services.demo import words
from cockpit.services.demo.company import Company, Signal
from cockpit.services.demo.health import health, trouble
from cockpit.services.demo.names import CompanyNames, person_name
from db.terms import NetworkRole

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

WEEKS = 26
BARE_WEEKS = 8
WINDOW = 84
"""Days in which being met counts for coverage, a weekend short of the 90 that the query looks back."""
_LOGINS_EACH = 4
"""Log-ins of an active person a week."""


def tell(world: World, company: Company, names: CompanyNames) -> None:
    """Writes the facts of every signal and its title, then what is there without one."""
    _usage(world, company)
    _judge_health(world, company)
    for signal in company.signals:
        if signal.kind.group == "nps":
            _answered(world, company, signal)
        elif signal.kind.key in _TELLERS:
            _TELLERS[signal.kind.key](world, company, signal, names)
    if company.is_detailed:
        _older_answers(world, company)
        _quiet_support(world, company)


# --- log-ins ---------------------------------------------------------------------------------------


def _usage(world: World, company: Company) -> None:
    signal = company.signal("usage", "dark", "never", "seats", "golive")
    live_weeks = max(0, (world.today - company.go_live).days // 7)
    weeks = min(WEEKS if company.is_detailed else BARE_WEEKS, live_weeks)
    if company.is_churned or not weeks or (signal is None and not company.is_detailed):
        return
    series = _series(world, company, weeks)
    if signal is not None:
        _judge(world, company, signal, series)
    for back, logins in enumerate(reversed(series)):
        day = world.today - timedelta(days=1 + 7 * back)
        noted = f"{day.isoformat()}T23:59:00.000000Z"
        company.fact("usage", metric="logins", day=day, value=logins * 1000, recorded=noted)
        if company.is_detailed:
            active = min(company.seats, -(-logins // _LOGINS_EACH))
            company.fact("usage", metric="active users", day=day, value=active * 1000, recorded=noted)


def _series(world: World, company: Company, weeks: int) -> list[int]:
    """Log-ins by week, the oldest first: level with noise, and the trend in the last four."""
    rng = world.rng
    level = max(6.0, company.seats * company.active_share * _LOGINS_EACH)
    if company.has("never"):
        return [0] * weeks
    earlier = [max(1, round(level * (1 - 0.002 * back) * rng.uniform(0.94, 1.06))) for back in range(weeks, 4, -1)]
    if len(earlier) < 4:
        return [max(1, round(level * (0.5 + 0.5 * n / weeks))) for n in range(1, weeks + 1)]
    if company.has("seats"):
        return earlier[:-4] + [
            round(company.seats * company.active_share) * _LOGINS_EACH - drop * 2 for drop in range(7, -1, -1)
        ]
    base = sum(earlier[-4:])
    silent = rng.choice((2, 2, 3)) if company.has("dark") else 0
    if silent:
        company.trend = -1 + (4 - silent) * 0.2
    recent = round(base * (1 + company.trend))
    shape = [1.22, 1.08, 0.92, 0.78] if company.trend < -0.1 else [1.0, 1.0, 1.0, 1.0]
    shape = [share if n < 4 - silent else 0.0 for n, share in enumerate(shape)]
    last = [int(recent * share / sum(shape)) for share in shape]
    last[0] += recent - sum(last)
    return earlier + last


def _judge(world: World, company: Company, signal: Signal, series: list[int]) -> None:
    """The title, from the very figures that are stored."""
    key = signal.kind.key
    if key == "usage":
        base, recent = sum(series[-8:-4]), sum(series[-4:])
        company.trend = (recent - base) / base
        signal.title = f"Usage dropped {round(100 * (base - recent) / base)}%"
        signal.note = f"Log-ins of four weeks fell from {base} to {recent}."
        signal.high = company.renewal is not None and company.renewal < world.today + timedelta(days=120)
    elif key == "dark":
        silent = next((n for n, value in enumerate(reversed(series)) if value), len(series))
        signal.title = f"No log-in for {7 * silent} days"
    elif key == "never":
        signal.title = f"Never used: live for {(signal.made - company.go_live).days} days"
    elif key == "seats":
        active = min(company.seats, -(-series[-1] // _LOGINS_EACH))
        signal.title = f"Seats at {round(100 * active / company.seats)}%"
        signal.note = f"{active} of {company.seats} seats active last week."
    else:
        signal.title = "Post go-live check-in"
        signal.note = f"Live since {_day(company.go_live)}; no meeting since."


# --- answers ---------------------------------------------------------------------------------------


def _answered(world: World, company: Company, signal: Signal) -> None:
    """The NPS answer of the evening before the rule ran."""
    score = company.nps
    assert score is not None
    name = {"detractor": "NPS detractor", "promoter": "NPS promoter", "passive": "NPS passive"}[signal.kind.key]
    signal.title = f"{name} ({score})"
    person = signal.person = world.rng.choice(company.members or range(len(company.people)))
    comment = _comment(world, score)
    signal.note = f'{company.people[person].name}: "{comment}"'
    answer(company, "nps", person, score, comment, signal.made - timedelta(days=1))


def answer(company: Company, kind: str, person: int | None, score: int, comment: str, day: date) -> None:
    """One survey answer of a day, known that evening."""
    company.fact(
        "survey", kind=kind, about=None if kind == "nps" else "support", person=person, score=score, comment=comment or None,
        answered=day, recorded=f"{day.isoformat()}T21:00:00.000000Z",
    )  # fmt: skip


def _comment(world: World, score: int) -> str:
    return world.rng.choice(words.PROMOTER if score >= 9 else words.PASSIVE if score >= 7 else words.DETRACTOR)


def _older_answers(world: World, company: Company) -> None:
    """NPS of half a year ago, CSAT of the last quarter in line with ``csat``."""
    rng = world.rng
    day = world.today - timedelta(days=rng.randint(150, 210))
    if company.nps_before is not None and day > company.go_live:
        answer(
            company,
            "nps",
            rng.randrange(len(company.people)),
            company.nps_before,
            _comment(world, company.nps_before),
            day,
        )
    if company.csat is None:
        return
    for _ in range(rng.randint(2, 4)):
        score = max(1, min(5, round(rng.gauss(company.csat, 0.5))))
        comment = rng.choice(words.CSAT_GOOD if score >= 4 else words.CSAT_BAD)
        day = world.today - timedelta(days=rng.randint(3, 85))
        answer(company, "csat", rng.randrange(len(company.people)), score, comment, day)


# --- tickets ---------------------------------------------------------------------------------------


def _support_load(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    rng = world.rng
    if company.urgent:
        ticket(world, company, signal.made - timedelta(days=1), urgent=True, is_open=True)
        signal.title = "P1 ticket open"
        count = 2 if company.is_detailed else 0
    else:
        count = rng.randint(5, 7)
        signal.title = f"{count} tickets in two weeks"
    for _n in range(count):
        ticket(world, company, signal.made - timedelta(days=rng.randint(1, 4)), is_open=rng.random() < 0.5)


def ticket(world: World, company: Company, day: date, *, urgent: bool = False, is_open: bool = False) -> None:
    """One support case opened at working time on or before a day, closed days later unless it is open."""
    rng, days = world.rng, world.days[company.pool]
    opened = days.on(rng, day)
    closed = None if is_open else days.after(rng, opened, rng.randint(1, 6))
    if closed is not None and closed <= opened:
        closed = None
    row = {
        "subject": rng.choice(words.URGENT if urgent else words.TICKETS),
        "priority": "P1" if urgent else rng.choice(("P2", "P3", "P3", "P4")),
    }
    company.fact(
        "ticket", person=rng.randrange(len(company.people)), status="open" if closed is None else "closed", opened=opened, closed=closed,
        recorded=closed or opened, **row,
    )  # fmt: skip


def _quiet_support(world: World, company: Company) -> None:
    """The ordinary cases of half a year, none in the last two weeks but one."""
    for n in range(world.rng.randint(0, 3)):
        back = 5 if n == 2 and not company.is_good else world.rng.randint(20, 180)
        day = world.today - timedelta(days=back)
        if day > company.go_live:
            ticket(world, company, day, is_open=back < 10)


# --- the rest --------------------------------------------------------------------------------------


def _judge_health(world: World, company: Company) -> None:
    """Today's score and that of four weeks ago, within what the rules behind the signals ask for."""
    rng = world.rng
    now, before = health(company), health(company, before=True)
    if company.has("promoter", "seats"):
        now = max(now, rng.randint(72, 84))
    if company.has("usage", "dark", "never", "detractor"):
        now = min(now, rng.randint(48, 64))
        before = max(before, now + rng.randint(4, 12))
    if company.has("health"):
        now = min(now, rng.randint(38, 58))
        before = max(before, now + rng.randint(15, 24))
    if company.part is not None and company.part.health is not None:
        before, now = company.part.health
    company.health, company.health_before = now, min(100, before)


def _health(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    trouble(world, company)
    signal.title = f"Health fell {company.health_before} → {company.health}"


def _renewal(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    assert company.renewal is not None
    signal.title = f"Renewal on {_day(company.renewal)}"
    signal.high = company.health < 60


def _undated(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    signal.title = "Renewal date unknown"


def _quiet(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    days = company.last_touch - (world.today - signal.made).days
    signal.title = f"No contact for {days} days" if company.is_detailed else "No contact on record"


def _small(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    signal.title = f"Value network {len(company.members)} of {company.segment.network}"


def _coverage(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    size = len(company.members)
    met = met_members(company) if company.is_detailed else 0
    signal.title = f"Network coverage {round(100 * met / max(1, size))}% ({met} of {size})"


def met_members(company: Company) -> int:
    """How many members were met in the window."""
    size = len(company.members)
    if company.last_touch > WINDOW:
        return 0
    return (size - 1) // 2 if company.has("coverage") else -(-size * round(company.met_share * 100) // 100)


def may_be_met(company: Company, age: int, people: list[int]) -> list[int]:
    """Of people at a meeting those who may have been there: where coverage is low it is so in the segment's whole window."""
    if not company.has("coverage") or age > company.segment.window + 3:
        return people
    met = company.members[: met_members(company)]
    return [place for place in people if place in met or place not in company.members]


def _left(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    person = company.people[place := _goes(company)]
    signal.person = place
    person.left_on = signal.made - timedelta(days=1)
    signal.title = f"{person.name} left ({person.title})"
    signal.high = person.role == NetworkRole.DRIVER
    _event(
        company,
        "contact_left",
        person.left_on,
        f"{person.name}'s mailbox answers: no longer with {company.name}.",
        place,
    )


def _goes(company: Company) -> int:
    """Who can leave: a member when the network is large enough without."""
    return 0 if company.people[0].role and not company.has("small", "coverage") else len(company.people) - 1


def _bounced(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    place = min(1, len(company.people) - 1)
    signal.person = place
    person = company.people[place]
    person.bounced = True
    signal.title = f"Mail to {person.name} bounces"
    _event(company, "mail_bounced", signal.made - timedelta(days=1), f"{person.email}: mailbox unavailable.", place)


def _news(world: World, company: Company, signal: Signal, names: CompanyNames) -> None:
    type_ = world.rng.choice(tuple(words.NEWS))
    title, body = words.NEWS[type_]
    filled = {"name": company.name, "other": names.new()[0], "person": " ".join(person_name(world.rng))}
    signal.title = title.format(**filled)
    _event(company, type_, signal.made - timedelta(days=2), body.format(**filled), None)


def _payment(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    days = world.rng.randint(31, 55)
    signal.title = f"Invoice {days} days overdue"
    noticed = signal.made - timedelta(days=1)
    _event(company, "invoice_overdue", noticed, f"An invoice is {days} days overdue.", None)
    company.fact("usage", metric="invoice overdue", day=noticed, value=days * 1000, recorded=f"{noticed.isoformat()}T20:00:00.000000Z")


def _asked(world: World, company: Company, signal: Signal, _: CompanyNames) -> None:
    signal.title = (signal.part.title if signal.part else None) or world.rng.choice(words.ASKED)


def _event(company: Company, type_: str, day: date, body: str, person: int | None) -> None:
    at = datetime.combine(day, time(20))
    company.fact("event", type=type_, day=day, body=body, person=person, recorded=f"{at.isoformat()}.000000Z")


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


_TELLERS = {
    "health": _health, "renewal": _renewal, "undated": _undated, "quiet": _quiet, "small": _small, "coverage": _coverage,
    "left": _left, "bounced": _bounced, "news": _news, "payment": _payment, "tickets": _support_load, "asked": _asked,
}  # fmt: skip
