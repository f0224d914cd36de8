"""A person's word against a measure or the whole score: with a reason, until a day, shown beside what is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.say import day as said_day
from cockpit.domain.say import plural
from cockpit.domain.scorecard import MOST_DAYS, Card, Scored, latest_end
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.health_run import write_health
from cockpit.services.lookup import find_account
from cockpit.services.scorecard import in_force
from cockpit.services.scored import day_of, judge
from db.reads import health as reads
from db.reads.health import OverrideRow

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Overridden:
    """An account after a word was said or taken back: its score with people's words, and as computed."""

    account_id: int
    account: str
    measure: str
    value: int | None
    until: date | None
    score: int | None
    computed: int | None
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many overrides ended."""

    ended: int
    act: int | None = None


@act("set_health")
def set_override(
    work: Work, account: str | int, measure: str, value: int, reason: str, until: date
) -> Overridden:
    """Says what a measure (by name, or ``total``) is worth, 0 to 100, until a day at most MOST_DAYS away.

    It replaces what was said of that measure before. Raises NotFound (account, measure), Refused (scoring is off, not
    a customer, value, reason, day).
    """
    account_id, name = _account(work, account)
    card = _card(work)
    which = _measure(card, measure)
    today = day_of(work.desk)
    why = clean_line(reason)
    if not why:
        raise Refused("reason", "Say why: an override without a reason cannot be judged by anybody later.")
    if isinstance(value, bool) or not 0 <= value <= 100:
        raise Refused("value", f"Points are a whole number from 0 to 100, not {value!r}.")
    if not today <= until <= latest_end(today):
        last = said_day(latest_end(today), today)
        raise Refused("until", f"An override holds until a day from today to {last}: at most {MOST_DAYS} days.")
    held = [row.id for row in reads.overrides(work.db, [account_id], today).get(account_id, ()) if row.measure == which]
    work.update_many("override", {id_: {"ended_at": work.now} for id_ in held})
    work.insert("override", {"account_id": account_id, "measure": which, "value": value, "reason": why, "until": until,
                             "csm_id": work.me.id, "set_at": work.now})  # fmt: skip
    scored = _again(work, account_id, card)
    what = "health" if which is None else label(card, which)
    work.say(f"Said that {what} of {name} is {value} until {said_day(until, today)}: {why}")
    return Overridden(account_id, name, which or TOTAL, value, until, scored.total, scored.computed, said=work.act.what)


@act("clear_health")
def clear_override(work: Work, account: str | int, measure: str = "") -> Overridden:
    """Takes back what was said of a measure or ``total``, or (without one) everything that was. Raises NotFound, Refused."""
    account_id, name = _account(work, account)
    card, today = _card(work), day_of(work.desk)
    which = _measure(card, measure) if measure else None
    held = reads.overrides(work.db, [account_id], today).get(account_id, [])
    ended = [row for row in held if not measure or row.measure == which]
    if not ended:
        raise NotFound(f"Nobody overrode {'the ' + measure + ' of ' if measure else ''}{name}: it is as computed.")
    work.update_many("override", {row.id: {"ended_at": work.now} for row in ended})
    scored = _again(work, account_id, card)
    work.say(f"Health of {name} is as computed again: {' and '.join(said_of(card, row) for row in ended)} no longer counts")
    return Overridden(account_id, name, measure or TOTAL, None, None, scored.total, scored.computed, said=work.act.what)


def end_due(desk: Desk) -> int:
    """Ends overrides whose last day has passed, if there are any; how many. The tick scores their accounts after."""
    with desk.store.read() as db:
        if not reads.over(db, day_of(desk)):
            return 0
    return _end(desk.as_system()).ended


@act("end_health")
def _end(work: Work) -> Ended:
    ids = reads.over(work.db, day_of(work.desk))
    work.update_many("override", {id_: {"ended_at": work.now} for id_ in ids})
    work.say(f"The last day of {plural(len(ids), 'override')} of health has passed")
    return Ended(len(ids))


def label(card: Card, measure: str) -> str:
    """What people call a measure."""
    return next((f"“{one.label}”" for one in card.measures if one.name == measure), measure)


def said_of(card: Card, row: OverrideRow) -> str:
    """An override in three words."""
    return f"{'the whole score' if row.measure is None else label(card, row.measure)} = {row.value}"


def _account(work: Work, account: str | int) -> tuple[int, str]:
    id_ = find_account(work.db, account)
    name, status = work.db.one("SELECT name, status FROM account WHERE id = :id", id=id_) or ("", "")
    if status != "customer":
        raise Refused("status", f"{name} is a {status}, not a customer: no health is computed, edit the account instead.")
    return id_, str(name)


def _card(work: Work) -> Card:
    using = in_force(work.db)
    if using is None:
        raise Refused("off", "No scorecard is in force: health is what people type, so edit the account instead.")
    return using.card


def _measure(card: Card, name: str) -> str | None:
    wanted = name.strip().casefold().replace(" ", "_").replace("-", "_")
    if wanted == TOTAL:
        return None
    known = {one.name.casefold(): one.name for one in card.measures}
    if wanted not in known:
        every = [TOTAL, *known.values()]
        near = did_you_mean(name, every) or f" There are {', '.join(every)}."
        raise NotFound(f"There is no measure {name!r}.{near}")
    return known[wanted]


def _again(work: Work, account_id: int, card: Card) -> Scored:
    """Scores the account anew and writes its health; what is kept of the day follows with the next tick."""
    today = day_of(work.desk)
    found = judge(work.desk, work.db, card, today, work.now).score([account_id])
    write_health(work, found, today)
    return found[account_id]
