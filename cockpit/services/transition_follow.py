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


def continuity(desk: Desk) -> tuple[Compared, ...]:
    """Churn, change of health and NPS in the AFTER_DAYS after a hand-over, against accounts without one.

    Those without are looked at from the day of the middle hand-over on, so that both lived through the same months;
    hand-overs younger than AFTER_DAYS are still pending and left out.
    """
    now = desk.now()
    span = timedelta(days=AFTER_DAYS)
    with desk.store.read() as db:
        moved = reads.handed_over(db, now - timedelta(days=BACK_DAYS), now - span)
        middle = sorted(at for _, at in moved)[len(moved) // 2] if moved else now - span
        still = [(id_, middle) for id_ in reads.untouched(db, now - timedelta(days=BACK_DAYS), middle)]
        ids = [id_ for id_, _ in moved + still]
        known = _Past(reads.history(db, ids), reads.terms(db, ids), reads.scores(db, ids))
        said = reads.answers(db, ids)
    churn, other_churn = _churned(moved, known), _churned(still, known)
    return (
        rules.rates("churn", sum(churn), len(churn), sum(other_churn), len(other_churn)),
        rules.means("health change", _changes(moved, known), _changes(still, known)),
        rules.nps("nps", _scores(moved, said), _scores(still, said)),
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """How accounts stood: by their contracts and scores on the day they are of; where there are none, as it was known."""

    known: History
    terms: Mapping[int, Sequence[tuple[date, date | None]]]
    scores: Mapping[int, Sequence[tuple[date, int]]]

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


def _churned(rows: Iterable[tuple[int, datetime]], past: _Past) -> list[bool]:
    span = timedelta(days=AFTER_DAYS)
    return [not past.is_customer(id_, at + span) for id_, at in rows if past.is_customer(id_, at)]


def _changes(rows: Iterable[tuple[int, datetime]], past: _Past) -> list[float]:
    span = timedelta(days=AFTER_DAYS)
    pairs = [(past.health(id_, at), past.health(id_, at + span)) for id_, at in rows]
    return [after - before for before, after in pairs if before is not None and after is not None]


def _scores(rows: Iterable[tuple[int, datetime]], said: dict[int, list[tuple[date, int | None, int]]]) -> list[int]:
    """One answer per person: the latest in the days after."""
    found: dict[tuple[int, int | None], int] = {}
    for id_, at in rows:
        last = at.date() + timedelta(days=AFTER_DAYS)
        found |= {(id_, person): score for on, person, score in said.get(id_, ()) if at.date() < on <= last}
    return list(found.values())


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
