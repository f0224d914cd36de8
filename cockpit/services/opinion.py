"""What a CSM thinks: how the customer feels, and whether she renews. Both with a day; the facts stand beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from cockpit.domain.nearest import did_you_mean
from cockpit.domain.success import CALLS, Signs, apart, apart_words, signal
from cockpit.services import editing, lookup
from cockpit.services.account import band
from cockpit.services.act import Work, act
from cockpit.services.errors import Refused
from db.reads import success as reads
from db.terms import Feeling, RenewalForecast

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Opined:
    """What was noted, and what the facts say (``signal`` None: nothing)."""

    id: int
    account: str
    said_on: date
    value: str
    signal: str | None = None
    act: int | None = None
    said: str = ""


@act("set_sentiment")
def set_sentiment(
    work: Work, account: str | int, feeling: Feeling | str, note: str | None = None, on: Any = None
) -> Opined:
    """Notes how a customer feels (good, unsure, bad) on a day, today unless said. My second note of a day corrects it.

    Raises NotFound, Ambiguous (account), Refused (value, a day to come).
    """
    account_id, name = _account(work, account)
    felt, day = _one_of(Feeling, feeling, "feeling", "A customer feels"), _day(work, on)
    values = {"feeling": felt, "note": editing.lines(note), "csm_id": work.me.id}
    id_ = _put(work, "sentiment", account_id, day, values)
    work.say(f"{name} feels {felt.value}" + ("" if day == work.today else f" (on {day.isoformat()})"))
    return Opined(id_, name, day, felt, said=work.act.what)


@act("renewal_call")
def call_renewal(
    work: Work, account: str | int, call: RenewalForecast | str, reason: str | None = None, on: Any = None
) -> Opined:
    """Says whether a customer will, may or won't renew; one that differs from the signal needs a reason.

    Raises NotFound, Ambiguous (account), Refused (value, reason, a day to come).
    """
    account_id, name = _account(work, account)
    told, day = _one_of(RenewalForecast, call, "call", "A customer"), _day(work, on)
    facts = reads.facts(work.db, account_id, work.today - timedelta(days=reads.NOTICE_DAYS))
    assert facts is not None
    shown, why = signal(Signs(band(facts.health), facts.escalations, facts.high_risks, facts.notices > 0))
    text = editing.lines(reason)
    steps = apart(told, shown)
    if steps and text is None:
        raise Refused("reason", f"The signal says it {CALLS[shown or told]} ({why}): say why you see it differently.")
    due = work.db.scalar(
        "SELECT id FROM opportunity WHERE account_id = :account AND type = 'renewal' AND state = 'open'"
        " AND superseded IS NULL ORDER BY CASE WHEN due_date IS NULL THEN 1 ELSE 0 END, due_date, id LIMIT :one",
        account=account_id, one=1,
    )  # fmt: skip
    values = {"call": told, "reason": text, "csm_id": work.me.id, "opportunity_id": due}
    id_ = _put(work, "renewal_call", account_id, day, values)
    beside = f"; the signal {CALLS[shown]}: {apart_words(steps)}" if shown is not None and steps else ""
    work.say(f"{name} {CALLS[told]}, says {work.me.name}{beside}")
    return Opined(id_, name, day, told, shown, said=work.act.what)


def _put(work: Work, table: str, account_id: int, day: date, values: dict[str, Any]) -> int:
    mine = work.db.scalar(
        f"SELECT id FROM {table} WHERE account_id = :account AND day = :day AND csm_id = :me AND superseded IS NULL",
        account=account_id, day=day, me=work.me.id,
    )  # fmt: skip
    if mine is None:
        return work.insert(table, {"account_id": account_id, "day": day, **values})
    work.update(table, int(mine), values)
    return int(mine)


def _account(work: Work, account: str | int) -> tuple[int, str]:
    account_id = lookup.find_account(work.db, account)
    return account_id, str(work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id))


def _day(work: Work, on: Any) -> date:
    day = editing.day(work, on, backward=True) or work.today
    if day > work.today:
        raise Refused("date", "Nobody can say today how it will feel on a day that is still to come.")
    return day


def _one_of(kind: type[E], value: Any, code: str, what: str) -> E:
    try:
        return kind(str(value).strip().lower().replace("'", ""))
    except ValueError:
        near = did_you_mean(str(value), list(kind))
        raise Refused(code, f"{what} {', '.join(kind)}, not {str(value)!r}.{near}") from None
