"""Cover with a return: the list of what happened, signed by who covered, taken back by the owner, or a later day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.say import day, plural
from cockpit.domain.transition import LEADERS
from cockpit.services.act import Work, act
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.transition import check_side, locked, stored, title
from cockpit.services.transition_acts import Changed, end_runs, note_shown
from cockpit.services.transition_evidence import Facts, load
from db.connection import Db
from db.reads import cover as reads
from db.reads.cover import Line as Line  # the faces know it from here
from db.terms import Side, TransitionKind, TransitionState


@dataclass(frozen=True, slots=True)
class ReturnList:
    """What happened since the cover began: ``done``, still ``open``, ``promised`` to customers, ``changed`` otherwise."""

    transition: int
    title: str
    since: datetime | None
    done: tuple[Line, ...]
    open: tuple[Line, ...]
    promised: tuple[Line, ...]
    changed: tuple[Line, ...]
    signed_by: str | None
    returns_on: date | None
    lent: tuple[tuple[int, str], ...] = ()
    """CTAs that go back to their owner, by number and title; ``take_back`` lets some ``stay``."""


def return_list(desk: Desk, transition_id: int) -> ReturnList:
    """The return list of a cover, generated from the journal and the timelines. Raises NotFound, Refused (no cover)."""
    with desk.store.read() as db:
        facts = load(desk, db, [stored(db, transition_id)])[transition_id]
        _check_cover(facts)
        return _list(db, facts)


def _list(db: Db, facts: Facts) -> ReturnList:
    row = facts.row
    since = facts.calendar.start_of_day(row.target)
    if row.accepted_at is None or since > facts.now:
        return ReturnList(row.id, title(facts), None, (), (), (), (), None, row.returns_on)
    found = reads.happened(db, facts.accounts, since)
    by = facts.extra.get("returned") or {}
    kinds = {kind: tuple(line for line in found if line.kind == kind) for kind in ("done", "open", "promised", "changed")}
    return ReturnList(row.id, title(facts), since, **kinds, signed_by=by.get("by"), returns_on=row.returns_on,
                      lent=_lent(db, row.id, row.from_csm_id))  # fmt: skip


def _lent(db: Db, transition_id: int, owner: int | None) -> tuple[tuple[int, str], ...]:
    rows = db.all(
        "SELECT c.id, c.title FROM decision d JOIN cta c ON c.id = d.thing_id WHERE d.transition_id = :id AND d.thing = 'cta'"
        " AND d.choice = 'move' AND c.status = 'open' AND (c.owner_id IS NULL OR c.owner_id <> :owner) ORDER BY c.id",
        id=transition_id, owner=owner,
    )  # fmt: skip
    return tuple((id_, title) for id_, title in rows)


@act("sign_return")
def sign_return(work: Work, transition_id: int, note: str = "") -> Changed:
    """Signs the return list for who covered: it is what the owner will read. Raises Refused, Forbidden."""
    facts = _running(work, transition_id)
    check_side(work, facts, Side.IN, "Signing the return list")
    if facts.extra.get("returned"):
        raise Refused("signed", "The return list is signed already.")
    if facts.calendar.local_date(work.now) < facts.row.target:
        raise Refused("early", f"The cover begins on {day(facts.row.target, work.today)}: nothing has happened yet.")
    made = _list(work.db, facts)
    counts = {kind: len(getattr(made, kind)) for kind in ("done", "open", "promised", "changed")}
    returned = {"by": work.me.login, "at": work.now.isoformat(), "note": clean_line(note), **counts}
    work.update("transition", transition_id, {"extra": {**facts.extra, "returned": returned}})
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return note_shown(work, facts, f"Signed the return list of {title(facts)}: {words}", {"return_list": words})


@act("take_back")
def take_back(work: Work, transition_id: int, stay: Sequence[int] = ()) -> Changed:
    """Takes the accounts back: delegated CTAs return to their owner but those that ``stay``; the absence is over.

    Raises Refused (the return list is not signed), Forbidden.
    """
    facts = _running(work, transition_id)
    if work.me.id != facts.row.from_csm_id and work.me.role not in LEADERS:
        raise Forbidden(f"{facts.row.from_csm_name} takes her accounts back, or a manager does it.")
    if not facts.extra.get("returned"):
        raise Refused("return_list", f"{facts.row.to_csm_name or facts.row.to_pool} has not signed the return list yet.")
    owner = facts.row.from_csm_id
    lent = [id_ for id_, _ in _lent(work.db, transition_id, owner)]
    back = [id_ for id_ in lent if id_ not in stay]
    work.update_many("cta", {id_: {"owner_id": owner, "claimed_at": work.now, "touched_at": work.now} for id_ in back})
    tasks = _lent_tasks(work, transition_id, back)
    work.update_many("task", {id_: {"owner_id": owner} for id_ in tasks})
    _bring_back(work, transition_id, owner)
    _end_absence(work, facts)
    work.update("transition", transition_id, {"state": TransitionState.DONE, "ended_at": work.now})
    end_runs(work, transition_id)
    words = f"{plural(len(back), 'CTA')} returned" + (f", {len(lent) - len(back)} stay" if len(lent) > len(back) else "")
    return note_shown(work, facts, f"Took back {title(facts)}: {words}", {"take_back": words, "back": "back"})


def _lent_tasks(work: Work, transition_id: int, ctas: Sequence[int]) -> list[int]:
    params: dict[str, Any] = {"id": transition_id}
    marks = work.db.marks("c", list(ctas), params)
    rows = work.db.all(
        "SELECT k.id FROM decision d JOIN task k ON k.id = d.thing_id WHERE d.transition_id = :id AND d.thing = 'task'"
        f" AND d.choice = 'move' AND k.status = 'open' UNION SELECT k.id FROM task k WHERE k.cta_id IN ({marks})"
        " AND k.status = 'open' AND k.owner_id IN (SELECT t.to_csm_id FROM transition t WHERE t.id = :id) ORDER BY 1",
        **params,
    )
    return [row[0] for row in rows]


def _bring_back(work: Work, transition_id: int, owner: int | None) -> None:
    """The interventions, drafts and planned meetings that were lent, as far as they go on."""
    for thing, column, still in (
        ("intervention", "csm_id", "x.ended_at IS NULL"), ("draft", "author_id", "TRUE"),
        ("activity", "author_id", "x.state = 'planned' AND x.superseded IS NULL"),
    ):  # fmt: skip
        rows = work.db.all(
            f"SELECT x.id FROM decision d JOIN {thing} x ON x.id = d.thing_id WHERE d.transition_id = :id AND d.thing = '{thing}'"
            f" AND d.choice = 'move' AND {still} ORDER BY x.id",
            id=transition_id,
        )
        work.update_many(thing, {id_: {column: owner} for (id_,) in rows})


def _end_absence(work: Work, facts: Facts) -> None:
    if facts.row.away_id is None:
        return
    row = work.db.one("SELECT first, last, ended_at FROM away WHERE id = :id", id=facts.row.away_id)
    if row is None or row[2] is not None:
        return
    yesterday = facts.calendar.local_date(work.now) - timedelta(days=1)
    last = min(yesterday, date.fromisoformat(str(row[1])[:10]))
    first = date.fromisoformat(str(row[0])[:10])
    work.update("away", facts.row.away_id, {"last": max(last, first), "ended_at": work.now})


@act("extend_cover")
def extend(work: Work, transition_id: int, returns_on: date, reason: str = "") -> Changed:
    """Moves the day of the return: nobody came back, or will come back later. The absence moves with it.

    Raises Refused (not later than today, signed already), Forbidden.
    """
    facts = _running(work, transition_id)
    check_side(work, facts, Side.BOTH, "Extending a cover")
    today = facts.calendar.local_date(work.now)
    if returns_on <= max(today, facts.row.target):
        raise Refused("returns", f"{day(returns_on, today)} is no later day: the return comes after today.")
    why = clean_line(reason)
    extra = {key: value for key, value in facts.extra.items() if key != "returned"}
    work.update("transition", transition_id, {"returns_on": returns_on, "extra": extra or None})
    _move_absence(work, facts, returns_on - timedelta(days=1))
    late = {"return_list": 0, "take_back": 1, "back": 1, "log": 0}
    due = {one.id: {"due": facts.calendar.add_business_days(returns_on, late[one.key]) if late[one.key] else returns_on, "status": "open",
                    "done_at": None, "done_by_id": None} for one in facts.steps if one.key in late and one.status != "skipped"}  # fmt: skip
    work.update_many("task", due)
    what = f"Extended the cover of {title(facts)} to {day(returns_on, today)}" + (f": {why}" if why else "")
    return note_shown(work, facts, what, {})


def _move_absence(work: Work, facts: Facts, last: date) -> None:
    away = facts.row.away_id
    row = None if away is None else work.db.one("SELECT ended_at FROM away WHERE id = :id", id=away)
    if away is not None and row is not None and row[0] is None:
        work.update("away", away, {"last": last})
        return
    today = facts.calendar.local_date(work.now)
    values = {"csm_id": facts.row.from_csm_id, "first": today, "last": last, "cover_id": facts.row.to_csm_id, "note": facts.row.reason}
    work.update("transition", facts.row.id, {"away_id": work.insert("away", values)})


def _running(work: Work, transition_id: int) -> Facts:
    facts = locked(work, transition_id)
    _check_cover(facts)
    if facts.row.state != TransitionState.ACCEPTED:
        words = "It has not been agreed to yet." if facts.row.state == TransitionState.STARTED else f"It is {facts.row.state}."
        raise Refused("state", words)
    return facts


def _check_cover(facts: Facts) -> None:
    if facts.row.kind != TransitionKind.COVER:
        raise Refused("kind", "Only a cover has a return list: a hand-over for good is sent back with `transition return`.")


__all__ = ["Line", "ReturnList", "extend", "return_list", "sign_return", "take_back"]
