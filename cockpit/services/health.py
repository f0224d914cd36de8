"""The health of an account: its score with every measure, its history, what moved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.domain.computable import FACTS
from cockpit.domain.scorecard import TREND_DAYS, Card, Line, Moved, Scored, health_trend, kept, moved
from cockpit.services.errors import NotFound, Refused
from cockpit.services.frozen import grown
from cockpit.services.lookup import find_account
from cockpit.services.scorecard import InForce, in_force
from cockpit.services.scored import day_of, judge
from db.connection import Db
from db.reads import health as reads
from db.reads.health import OverrideRow

HISTORY_DAYS = 180


@dataclass(frozen=True, slots=True)
class MeasureShown:
    """One measure: ``points`` count, ``computed`` are those of the figure; ``share`` of the score, ``adds`` to it.

    ``missing`` says why it does not count; ``override`` is a person's word, ``until`` a day, for a ``reason``.
    """

    name: str
    label: str
    group: str
    points: float | None
    computed: float | None
    figure: float | None
    unit: str
    says: str
    missing: str
    share: float
    adds: float
    at: str
    """The figures that score 0, 50 and 100, or the query."""
    override: int | None = None
    reason: str | None = None
    until: date | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class OverrideShown:
    """A word that holds; ``measure`` None is the whole score."""

    id: int
    measure: str | None
    value: int
    reason: str
    until: date
    by: str | None


@dataclass(frozen=True, slots=True)
class HealthShown:
    """The health of an account now.

    ``score`` counts; ``computed`` is without people's words. ``source`` is where it comes from: ``scorecard``,
    ``override`` (of the whole score), ``kept`` (typed or imported; there is no score), or ``none``. ``stored`` is what
    lists show until the next tick. ``missing`` is the share of the weight that is not known, ``why`` says why there is
    no score.
    """

    account_id: int
    account: str
    score: int | None
    band: str | None
    before: int | None
    trend: str | None
    computed: int | None
    source: str
    stored: int | None
    missing: float
    why: str
    scorecard: str | None
    version: int | None
    day: date
    measures: tuple[MeasureShown, ...]
    overrides: tuple[OverrideShown, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The score of one day; ``override``: a person's word counted."""

    day: date
    score: int | None
    band: str | None
    computed: int | None
    override: bool


@dataclass(frozen=True, slots=True)
class MoveShown(Moved):
    """What one measure did to the score between two days, with its points and figures then and now."""

    unit: str


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved a score between two days, the strongest first."""

    account_id: int
    account: str
    first: date
    last: date
    before: int | None
    after: int | None
    moves: tuple[MoveShown, ...]
    note: str = ""


def health(desk: Desk, account: str | int) -> HealthShown:
    """The health of an account as its facts are now, by the card in force. Raises NotFound, Ambiguous."""
    with desk.store.read() as db:
        return _health(desk, db, find_account(db, account))


def history(desk: Desk, account: str | int, days: int = HISTORY_DAYS) -> tuple[Point, ...]:
    """Every change of an account's score in so many days, the oldest first; a day holds until the next.

    What scorecards made of it, and before they did what was typed or imported. Raises NotFound, Ambiguous, Refused.
    """
    if days < 1:
        raise Refused("days", "A history goes back at least one day.")
    with desk.store.read() as db:
        id_, today = find_account(db, account), day_of(desk)
        using = in_force(db)
        return _history(db, using.card if using else Card("", ()), id_, today - timedelta(days=days), today)


@dataclass(frozen=True, slots=True)
class HealthPage:
    """What the Scorecard pane shows: the score, and its changes in HISTORY_DAYS."""

    shown: HealthShown
    points: tuple[Point, ...]


def health_page(desk: Desk, account_id: int) -> HealthPage:
    """The score of an account with its history, from one look at the store. Raises NotFound."""
    with desk.store.read() as db:
        id_, today, using = find_account(db, account_id), day_of(desk), in_force(db)
        card = using.card if using else Card("", ())
        return HealthPage(_health(desk, db, id_), _history(db, card, id_, today - timedelta(days=HISTORY_DAYS), today))


def movement(desk: Desk, account: str | int, since: date | None = None) -> Movement:
    """What moved the score between what was kept on a day (four weeks ago) or before it, and now. Raises NotFound, Refused."""
    with desk.store.read() as db:
        id_, today, using = find_account(db, account), day_of(desk), _using(db)
        name = str(db.scalar("SELECT name FROM account WHERE id = :id", id=id_))
        asked = since or today - timedelta(days=TREND_DAYS)
        if asked >= today:
            raise Refused("since", "What moved it since today or later cannot be told: name an earlier day.")
        before, note = reads.latest(db, [id_], asked).get(id_), ""
        if before is None:
            first = next(iter(reads.history(db, id_, date.min + timedelta(days=400), today)), None)
            if first is None or first.day >= today:
                raise NotFound(f"No score of {name} is kept of {asked} or earlier: there is nothing to compare with.")
            before, note = first, f"nothing is kept of {asked}: compared with {first.day}, the first there is"
        scored = judge(desk, db, using.card).score([id_])[id_]
        if before.scorecard_id != using.id:
            note = "another version of the scorecard was in force then: only measures of both are compared"
    moves = tuple(_move(one, using.card) for one in moved(using.card, before.measures, kept(scored)))
    return Movement(id_, name, before.day, today, before.total, scored.total, moves, note)


def _health(desk: Desk, db: Db, id_: int) -> HealthShown:
    name, stored, before, status = db.one(
        "SELECT name, health, health_before, status FROM account WHERE id = :id", id=id_
    ) or ("", None, None, "")
    today, using = day_of(desk), in_force(db)
    if using is None or status != "customer":
        why = "no scorecard is in force" if using is None else f"a {status}, not a customer: health is what was typed or imported"
        card = using.card if using is not None else Card("", ())
        return HealthShown(id_, str(name), stored, card.band(stored), before, health_trend(stored, before), None,
                           "none" if stored is None else "kept", stored, 1.0, why, None, None, today, (), ())  # fmt: skip
    scored = judge(desk, db, using.card, today).score([id_])[id_]
    past = reads.latest(db, [id_], today - timedelta(days=TREND_DAYS)).get(id_)
    before = past.total if past is not None else before
    words = reads.overrides(db, [id_], today).get(id_, [])
    return _shown(id_, str(name), scored, using, stored, before, today, words)


def _shown(
    id_: int, name: str, scored: Scored, using: InForce, stored: int | None, before: int | None, today: date, words: Iterable[OverrideRow]
) -> HealthShown:
    card = using.card
    total = scored.total if scored.total is not None else stored
    source = "override" if scored.word else "scorecard" if scored.total is not None else "none" if stored is None else "kept"
    return HealthShown(
        id_, name, total, card.band(total), before, health_trend(total, before), scored.computed, source, stored, round(scored.missing, 4),
        scored.why, using.name, using.version, today, tuple(_measure(line) for line in scored.lines),
        tuple(OverrideShown(row.id, row.measure, row.value, row.reason, row.until, row.name) for row in words),
    )  # fmt: skip


def _measure(line: Line) -> MeasureShown:
    one, word = line.measure, line.word
    at = one.when or " → ".join(f"{point:g}" for point in one.points)
    return MeasureShown(
        one.name, one.label, line.group, _tenth(line.points), _tenth(line.computed), _hundredth(line.figure.value), unit_of(one.fact),
        line.figure.says, line.missing, round(line.share, 4), round(line.adds, 2), at,
        *((None, None, None, None) if word is None else (word.value, word.reason, word.until, word.by)),
    )  # fmt: skip


def _history(db: Db, card: Card, id_: int, since: date, today: date) -> tuple[Point, ...]:
    before = reads.latest(db, [id_], since).get(id_)
    rows = [row for row in (before, *reads.history(db, id_, since + timedelta(days=1), today)) if row is not None]
    points = [Point(max(row.day, since), row.total, card.band(row.total), row.computed, row.total != row.computed) for row in rows]
    if any(point.score is not None for point in points):
        return tuple(points)
    start = datetime.combine(since, datetime.min.time(), UTC)
    shown = {max(at.astimezone(UTC).date(), since): value for at, value in reads.shown(db, id_, start)}
    return tuple(Point(day, value, card.band(value), None, False) for day, value in shown.items() if day <= today)


def _using(db: Db) -> InForce:
    using = in_force(db)
    if using is None:
        raise Refused("off", "No scorecard is in force: `cockpit scorecard apply FILE` puts one there.")
    return using


def unit_of(fact: str) -> str:
    """The unit of a fact's figure."""
    return FACTS[fact].unit if fact in FACTS else ""


def _move(one: Moved, card: Card) -> MoveShown:
    fact = next((measure.fact for measure in card.measures if measure.name == one.measure), "")
    return grown(MoveShown, replace(one, by=round(one.by, 1)), unit=unit_of(fact))


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _hundredth(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
