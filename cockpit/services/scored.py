"""Scoring: a batch of accounts by the card in force, read and judged; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.health_figures import URGENT_DAYS, Setting, figures
from cockpit.domain.scorecard import Card, Figure, Scored, Word, score
from cockpit.services.calendars import calendar_for
from cockpit.services.query import QueryError, compiled
from cockpit.services.scorecard import in_force
from cockpit.services.scoring import scoring_day
from db.connection import Db
from db.reads import health as reads
from db.reads import health_facts as facts
from db.reads.health_facts import RawFacts, Shared


def day_of(desk: Desk) -> date:
    """The day accounts are scored on: one for the whole store, whatever zones its pools have."""
    return desk.as_of or scoring_day(desk.now())


@dataclass(slots=True)
class Judge:
    """What a run is judged by: the card, the day, and what all accounts share."""

    desk: Desk
    db: Db
    card: Card
    today: date
    now: datetime
    shared: Shared
    calendars: dict[int | None, Calendar]
    _old: dict[int | None, date] = field(default_factory=dict)

    def score(self, ids: Sequence[int]) -> dict[int, Scored]:
        """The scores of these accounts (at most BATCH of them), in a number of statements that does not grow with them."""
        raw = facts.raw_facts(self.db, ids, self.today, self.now)
        held = self._queries(ids)
        words = reads.overrides(self.db, ids, self.today)
        found: dict[int, Scored] = {}
        for id_, known in raw.items():
            computable = figures(known, self._setting(known))
            by_measure: dict[str, Figure] = {
                measure.name: held[measure.name][id_] if measure.when else computable[measure.fact] for measure in self.card.measures
            }
            said = [Word(row.measure, row.value, row.reason, row.until, row.name or "", row.id) for row in words.get(id_, ())]
            found[id_] = score(self.card, by_measure, self.today, said)
        return found

    def _setting(self, known: RawFacts) -> Setting:
        calendar = self.calendars.get(known.pool_id) or self.calendars[None]
        if known.pool_id not in self._old:
            day = self.today
            while not calendar.is_business_day(day):
                day -= ONE_DAY
            self._old[known.pool_id] = calendar.add_business_days(day, -URGENT_DAYS)
        before = self._old[known.pool_id]
        old = sum(calendar.local_date(opened) < before for opened in known.urgent)
        last = None if known.contact is None else known.contact.astimezone(UTC).date()
        fed = None if self.shared.tickets_at is None else self.shared.tickets_at.astimezone(UTC).date()
        return Setting(self.today, last, old, fed, self.shared.features)

    def _queries(self, ids: Sequence[int]) -> dict[str, dict[int, Figure]]:
        """What each measure that is a query says of these accounts."""
        found: dict[str, dict[int, Figure]] = {}
        for measure in self.card.measures:
            if measure.when:
                try:
                    holds = self._chosen(ids, measure.when)
                    known = self._chosen(ids, measure.known) if measure.known else set(ids)
                except QueryError as error:  # a field that went away since
                    found[measure.name] = dict.fromkeys(ids, Figure(None, says=f"its query cannot be asked: {error}"))
                    continue
                yes, no, unknown = Figure(1, None, "holds"), Figure(0, None, "does not hold"), Figure(None, says="not known")
                found[measure.name] = {id_: (yes if id_ in holds else no) if id_ in known else unknown for id_ in ids}
        return found

    def _chosen(self, ids: Sequence[int], query: str) -> set[int]:
        sql, params = compiled(self.desk, self.db, query, "account")
        asked: dict[str, Any] = dict(params)
        return facts.chosen(self.db, ids, sql, asked)


def judge(desk: Desk, db: Db, card: Card, today: date | None = None, now: datetime | None = None) -> Judge:
    """What accounts are judged by today, or were on another day."""
    rows = db.all("SELECT id, time_zone, calendar FROM pool")
    calendars: dict[int | None, Calendar] = {id_: calendar_for(zone or "UTC", region) for id_, zone, region in rows}
    calendars[None] = calendar_for()
    return Judge(desk, db, card, today or day_of(desk), now or desk.now(), facts.shared(db), calendars)


def is_computed(db: Db, account_id: int) -> bool:
    """Whether the health of an account is a scorecard's: what somebody types holds until it is scored again."""
    last = reads.latest(db, [account_id], date.max).get(account_id)
    return last is not None and last.computed is not None and in_force(db) is not None
