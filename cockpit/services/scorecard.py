"""Scorecards in the store: which is in force, and putting another one there as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cockpit.desk import Desk
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.scorecard import Card
from cockpit.domain.scorecard_text import read_card
from cockpit.domain.toml_places import Problem, TextProblems
from cockpit.services.act import Work, act
from cockpit.services.editing import check_newest
from cockpit.services.errors import NotFound, Refused
from cockpit.services.query import QueryError, compiled
from db.connection import Db
from db.reads import health as reads

SHIPPED = Path(__file__).parents[1] / "library" / "scorecards" / "default.toml"
LARGEST = 200_000
"""Letters of a scorecard's text."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The card that accounts are scored by; ``id`` 0 and ``version`` 0: the one that ships."""

    id: int
    name: str
    version: int
    card: Card


@dataclass(frozen=True, slots=True)
class CardShown:
    """One version of a scorecard."""

    id: int
    name: str
    version: int
    in_force: bool
    measures: int
    groups: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A scorecard that was put in force, or taken out of it."""

    id: int
    name: str
    version: int
    in_force: bool
    act: int | None = None
    said: str = ""


@lru_cache(maxsize=1)
def shipped_text() -> str:
    """The scorecard that ships, as text."""
    return SHIPPED.read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def _read(text: str) -> Card:
    return read_card(text)


def in_force(db: Db) -> InForce | None:
    """The card that accounts are scored by; None when scoring is off."""
    rows = reads.cards(db)
    if not rows:
        card = _read(shipped_text())
        return InForce(0, card.name, 0, card)
    row = next((row for row in rows if row.active), None)
    return None if row is None else InForce(row.id, row.name, row.version, _read(row.source))


def scorecards(desk: Desk) -> tuple[CardShown, ...]:
    """Every version of every scorecard, the newest first; the one that ships last."""
    with desk.store.read() as db:
        rows, now = reads.cards(db), in_force(db)
    found = [_shown(row.id, row.version, row.source, now is not None and now.id == row.id) for row in rows]
    return (*found, _shown(0, 0, shipped_text(), now is not None and now.id == 0))


def _shown(id_: int, version: int, text: str, is_now: bool) -> CardShown:
    card = _read(text)
    return CardShown(id_, card.name, version, is_now, len(card.measures), tuple(group.name for group in card.groups), text)


def show_scorecard(desk: Desk, name: str = "", version: int | None = None) -> CardShown:
    """One scorecard: the one in force, or the newest of a name (``default`` is also what ships). Raises NotFound."""
    every = scorecards(desk)
    if not name:
        found = next((one for one in every if one.in_force), None)
        if found is None:
            raise NotFound("No scorecard is in force: `cockpit scorecard apply FILE` puts one there.")
        return found
    same = [one for one in every if one.name.casefold() == name.casefold() and version in (None, one.version)]
    if not same:
        raise NotFound(f"There is no scorecard called {name!r}.{did_you_mean(name, [one.name for one in every])}")
    return same[0]


def check_scorecard(desk: Desk, text: str) -> tuple[Card | None, tuple[Problem, ...]]:
    """The card that a text is, or what is wrong with it, with line and column; its queries are tried on the store."""
    with desk.store.read() as db:
        return _checked(desk, db, text)


def _checked(desk: Desk, db: Db, text: str) -> tuple[Card | None, tuple[Problem, ...]]:
    def wrong(query: str) -> tuple[str, int] | None:
        try:
            compiled(desk, db, query, "account")
        except QueryError as error:
            return str(error), error.position
        return None

    if len(text) > LARGEST:
        return None, (Problem(1, 1, f"A scorecard has at most {LARGEST:,} letters."),)
    try:
        return read_card(text, wrong), ()
    except TextProblems as error:
        return None, error.problems


@act("apply_scorecard")
def apply_scorecard(work: Work, text: str, path: str = "scorecard", seen: int | None = None) -> Applied:
    """Puts a scorecard in force as the next version of its name; accounts are scored anew by the next tick.

    The text that is in force already changes nothing. ``seen`` is the version its editor began from, 0 the one that ships.
    Raises Refused with every problem as ``path:line:column``, Conflict (there is a newer version of that name).
    """
    card, problems = _checked(work.desk, work.db, text)
    if card is None:
        raise Refused("scorecard", "\n".join(f"{path}:{one.line}:{one.column}: {one.says}" for one in problems))
    rows = reads.cards(work.db)
    if work.hold("scorecard", [row.id for row in rows]):
        rows = reads.cards(work.db)
    now = next((row for row in rows if row.active), None)
    if now is not None and now.source == text:
        return Applied(now.id, now.name, now.version, in_force=True, said=f"{now.name} {now.version} is in force already.")
    newest = max((row.version for row in rows if row.name == card.name), default=0)
    check_newest(f"scorecard {card.name}", newest, seen)
    version = newest + 1
    work.update_many("scorecard", {row.id: {"active": False} for row in rows if row.active})
    id_ = work.insert("scorecard", {"name": card.name, "version": version, "source": text})
    work.say(f"Put scorecard {card.name} {version} in force: {len(card.measures)} measures")
    return Applied(id_, card.name, version, in_force=True, said=f"{work.act.what}. Accounts are scored by it from the next tick on.")


@act("scorecard_off")
def scorecard_off(work: Work) -> Applied:
    """Takes the scorecard out of force: health stays as it is, and is what people type and import. Raises Refused."""
    now = in_force(work.db)
    if now is None:
        raise Refused("off", "No scorecard is in force.")
    if now.id == 0:
        id_ = work.insert("scorecard", {"name": now.name, "version": 1, "source": shipped_text(), "active": False})
    else:
        id_ = now.id
        work.update("scorecard", id_, {"active": False})
    work.say(f"Took scorecard {now.name} out of force: health is what people type and import")
    return Applied(id_, now.name, now.version, in_force=False, said=work.act.what)
