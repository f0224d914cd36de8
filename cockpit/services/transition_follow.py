"""What follows hand-overs: whose they are per CSM, what became of the accounts, and covers from which nobody came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import continuity as rules
from cockpit.domain.continuity import Compared as Compared  # the faces know it from here
from cockpit.domain.say import day, plural
from cockpit.services import scoring
from cockpit.services.act import Work
from cockpit.services.transition import NOBODY, TransitionRow, list_transitions
from db.connection import Db, as_date, as_json
from db.reads import continuity as reads
from db.reads.continuity import History
from db.terms import Priority, Side

AFTER_DAYS = 90
"""How long an account is looked at after its hand-over."""
BACK_DAYS = 730


@dataclass(frozen=True, slots=True)
class Load:
    """What one CSM hands over and takes over, and how much of it is late."""

    login: str
    outgoing: int
    incoming: int
    accepted: int
    """Handed over, follow-up still running."""
    overdue: int
    arr_out: int
    arr_in: int


def per_csm(desk: Desk) -> tuple[Load, ...]:
    """Outgoing and incoming of everybody who has any, the most overdue first. ARR in minor units, whatever the currency."""
    rows = list_transitions(desk)
    logins = sorted({one for row in rows for one in (row.outgoing, row.incoming)} - {NOBODY})
    made = []
    for login in logins:
        out = [row for row in rows if row.outgoing == login]
        into = [row for row in rows if row.incoming == login]
        made.append(Load(
            login, sum(row.state == "started" for row in out), sum(row.state == "started" for row in into),
            sum(row.state == "accepted" for row in into), _late(out, Side.IN) + _late(into, Side.OUT),
            sum(row.arr or 0 for row in out), sum(row.arr or 0 for row in into),
        ))  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-one.overdue, one.login)))


def _late(rows: Iterable[TransitionRow], but: Side) -> int:
    """Overdue steps before the hand-over, but those of the other side alone."""
    return sum(one.is_overdue and one.side != but for row in rows if row.state == "started" for one in row.steps)


@dataclass(frozen=True, slots=True)
class After:
    """What became of an account in the AFTER_DAYS from ``since`` on: its hand-over, or the middle one where it had none.

    ``churned`` None: no customer then. ``health``: its change, None where one of both is not known. ``nps``: the last
    answer of each person.
    """

    account_id: int
    account: str
    handed_over: bool
    since: date
    churned: bool | None
    health: float | None
    nps: tuple[int, ...]

    def value(self, measure: str) -> str:
        """What it adds to a measure, in words; "" where it does not count."""
        if measure == "churn":
            return {True: "churned", False: "stayed", None: ""}[self.churned]
        if measure == "nps":
            return ", ".join(map(str, self.nps))
        return "" if self.health is None else f"{self.health:+.0f}"


@dataclass(frozen=True, slots=True)
class Continuity:
    """The measures and the accounts they count, those handed over first; hand-overs from ``first`` to ``last``."""

    measures: tuple[Compared, ...]
    accounts: tuple[After, ...]
    first: date
    last: date
    middle: date
    """From when on accounts without a hand-over are looked at."""


def continuity(desk: Desk) -> Continuity:
    """Churn, change of health and NPS in the AFTER_DAYS after a hand-over, against accounts without one.

    Those without are looked at from the day of the middle hand-over on, so that both lived through the same months;
    hand-overs younger than AFTER_DAYS are still pending and left out.
    """
    now = desk.now()
    first, last = now - timedelta(days=BACK_DAYS), now - timedelta(days=AFTER_DAYS)
    with desk.store.read() as db:
        handed = reads.handed_over(db, first, last)
        middle = sorted(at for _, at in handed)[len(handed) // 2] if handed else last
        alike = [(id_, middle) for id_ in reads.untouched(db, first, middle)]
        ids = [id_ for id_, _ in handed + alike]
        known = _Past(reads.history(db, ids), reads.terms(db, ids), reads.scores(db, ids), reads.answers(db, ids))
        names = dict(db.of("SELECT id, name FROM account WHERE id IN ({ids})", ids))
    moved = sorted((known.after(id_, at, names[id_], moved=True) for id_, at in handed if id_ in names), key=lambda one: one.account)
    still = sorted((known.after(id_, at, names[id_], moved=False) for id_, at in alike if id_ in names), key=lambda one: one.account)
    churn, other_churn = ([one.churned for one in side if one.churned is not None] for side in (moved, still))
    health, other_health = ([one.health for one in side if one.health is not None] for side in (moved, still))
    measures = (
        rules.rates("churn", sum(churn), len(churn), sum(other_churn), len(other_churn)),
        rules.means("health change", health, other_health),
        rules.nps("nps", [score for one in moved for score in one.nps], [score for one in still for score in one.nps]),
    )
    return Continuity(measures, (*moved, *still), first.date(), last.date(), middle.date())


@dataclass(frozen=True, slots=True)
class _Past:
    """How accounts stood: by their contracts and scores on the day they are of; where there are none, as it was known."""

    known: History
    terms: Mapping[int, Sequence[tuple[date, date | None]]]
    scores: Mapping[int, Sequence[tuple[date, int]]]
    answers: Mapping[int, Sequence[tuple[date, int | None, int]]]

    def after(self, account: int, at: datetime, name: str, *, moved: bool) -> After:
        """What became of an account in the days after a moment."""
        then = at + timedelta(days=AFTER_DAYS)
        churned = not self.is_customer(account, then) if self.is_customer(account, at) else None
        before, later = self.health(account, at), self.health(account, then)
        change = None if before is None or later is None else later - before
        said = {person: score for on, person, score in self.answers.get(account, ()) if at.date() < on <= then.date()}
        return After(account, name, moved, at.date(), churned, change, tuple(said.values()))

    def is_customer(self, account: int, moment: datetime) -> bool:
        """Whether a contract ran that day."""
        terms, day = self.terms.get(account), moment.date()
        if terms is None:
            return self._at(account, "status", moment) == "customer"
        return any(first <= day and (last is None or day <= last) for first, last in terms)

    def health(self, account: int, moment: datetime) -> float | None:
        """The score of that day, or the last before it."""
        found = [total for day, total in self.scores.get(account, ()) if day <= moment.date()]
        value = found[-1] if found else self._at(account, "health", moment)
        return None if value is None else float(value)

    def _at(self, account: int, field: str, moment: datetime) -> str | None:
        found = [value for since, value in self.known.get((account, field), ()) if since <= moment]
        return found[-1] if found else None


def is_any_due(db: Db, today: date) -> bool:
    """Whether somebody has not come back from a cover and nobody was told."""
    return bool(_not_back(db, today))


def run_due(work: Work) -> int:
    """A CTA for the lead of each cover whose day of return has passed: extend, or hand over. Once for each such day."""
    rows = _not_back(work.db, work.today)
    if not rows:
        return 0
    kind = work.db.scalar("SELECT id FROM cta_type WHERE name = 'lifecycle'") or work.db.scalar("SELECT min(id) FROM cta_type")
    reason = work.db.scalar("SELECT id FROM reason WHERE name = 'Not back from cover'")
    reason = reason or work.insert("reason", {"name": "Not back from cover"})
    made = []
    for id_, returns, extra, manager, coverer, name, account, accounts, pool in rows:
        back = as_date(returns)
        assert back is not None
        owner = manager or coverer
        held = {"owner_id": owner, "claimed_at": work.now, "touched_at": work.now, "first_claimed_at": work.now} if owner else {}
        made.append(work.insert("cta", held | {
            "account_id": account, "pool_id": pool, "type_id": kind, "reason_id": reason, "priority": Priority.HIGH,
            "title": f"{name} is not back: {plural(accounts, 'account')} still covered", "due": work.today, "opened_at": work.now,
            "source": f"transition {id_}",
            "description": f"The return was due {day(back, work.today)}. Extend the cover to a new day, or start a hand-over.",
        }))  # fmt: skip
        work.update("transition", id_, {"extra": {**(as_json(extra) or {}), "told": back.isoformat()}})
    scoring.rescore(work, made)
    return len(made)


def _not_back(db: Db, today: date) -> list[tuple[Any, ...]]:
    rows = db.all(
        "SELECT t.id, t.returns_on, t.extra, t.manager_id, t.to_csm_id, o.name, min(m.account_id), count(m.id), min(a.pool_id)"
        " FROM transition t JOIN csm o ON o.id = t.from_csm_id JOIN transition_account m ON m.transition_id = t.id"
        " JOIN account a ON a.id = m.account_id WHERE t.kind = 'cover' AND t.state = 'accepted' AND t.returns_on < :today"
        " GROUP BY t.id, o.name ORDER BY t.id",
        today=today,
    )
    return [row for row in rows if (as_json(row[2]) or {}).get("told") != str(row[1])[:10]]
