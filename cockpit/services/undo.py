"""Undo and redo: an act that takes another back, as far as nobody changed the same since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain.say import listed, plural
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.readable import Readable, called
from db.archive import archives, is_archived
from db.connection import Db
from db.reads import journal as reads
from db.reads.journal import ActRow
from db.reverse import Clash, Reversal

FOR_GOOD = {
    "send": "mail that was sent",
    "take_mail": "mail in hand",
    "webhook": "a message that was sent",
    "restore": "a restored backup",
    "erase": "an erasure",
    "seal": "a seal",
    "archive": "a move to an archive",
    "new_store": "the making of the store",
}
"""Verbs whose acts cannot be taken back, and what they are."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stays as it is, because somebody changed it since.

    ``field`` is None when the whole thing stays (or is gone). ``ours`` is what the act had written, ``theirs`` what
    is there now, both as people read them; ``by`` and ``at`` say whose the later change is.
    """

    thing: str
    id: int
    field: str | None
    name: str
    ours: str | None
    theirs: str | None
    by: str | None
    at: datetime | None
    says: str
    """The sentence its reader gets."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo or redo did: ``reverted`` things moved back, ``conflicts`` stayed.

    ``act`` is None when nothing could be moved; the act asked about then stands as before.
    """

    undone: int
    what: str
    reverted: int
    conflicts: tuple[Conflict, ...]
    act: int | None = None
    said: str = ""


@act("undo")
def undo(work: Work, act_id: int | None = None) -> Undone:
    """Takes an act back: this one, or my latest that is neither an undo nor undone.

    Raises NotFound, Forbidden (another's act, unless a manager corrects it), Refused for what is undone already or
    cannot be taken back.
    """
    found = act_id if act_id is not None else reads.last_to_undo(work.db, work.me.id)
    if found is None:
        raise Refused("nothing", "There is nothing of yours to undo.")
    return _take_back(work, found)


@act("redo")
def redo(work: Work, act_id: int | None = None) -> Undone:
    """Does again what an undo took back: this undo, or my latest, unless I have done something else since.

    Raises what ``undo`` raises.
    """
    found = act_id if act_id is not None else reads.last_to_redo(work.db, work.me.id)
    if found is None:
        raise Refused("nothing", "There is nothing to redo: only an undo can be redone, and only until your next act.")
    target = reads.act(work.db, found)
    if target is not None and target.verb != "undo":
        raise Refused("not_an_undo", f"Act {found} is not an undo: {target.what}. cockpit acts lists yours.")
    return _take_back(work, found)


def take_back_in(work: Work, act_id: int) -> Undone:
    """Takes an act back inside another that is more than an undo, under that one's own verb. Raises what ``undo`` raises."""
    verb = work.act.verb
    done = _take_back(work, act_id)
    work.act.verb = verb
    return done


def _take_back(work: Work, act_id: int) -> Undone:
    if work.db.dialect == "postgresql":
        # Two who undo the same act wait for each other; without the lock the second would find nothing to move.
        work.db.one("SELECT pg_advisory_xact_lock(:lock, :act)", lock=0x43504954, act=act_id % (1 << 31))
    target = _allowed(work, act_id)
    work.act.verb = "redo" if target.verb == "undo" else "undo"
    work.act.undoes = act_id
    reversal = Reversal(work, act_id)
    reversal.run()
    _rescore(work, reversal.moved)
    conflicts = named(work.db, reversal.clashes)
    reverted = sum(len(ids) for ids in reversal.moved.values())
    did = "Redid" if work.act.verb == "redo" else "Undid"
    what = target.what.removeprefix("Undid: ").removeprefix("Redid: ")
    if conflicts and not reverted:
        work.act.undoes = None
        return Undone(act_id, what, 0, conflicts, said=f"Nothing moved: {_those(conflicts)}")
    work.say(f"{did}: {what}")
    stays = f" · {_those(conflicts)}" if conflicts else ""
    return Undone(act_id, what, reverted, conflicts, said=work.act.what + stays)


def _allowed(work: Work, act_id: int) -> ActRow:
    target = reads.act(work.db, act_id)
    if target is None:
        raise NotFound(f"There is no act {act_id}. cockpit acts lists them.")
    if target.actor_id != work.me.id and work.me.role not in LEADERS:
        raise Forbidden(f"Act {act_id} is {target.actor}'s ({target.what}): only {target.actor} or a manager can take it back.")
    if target.verb in FOR_GOOD:
        raise Refused("for_good", f"Act {act_id} cannot be taken back: it is {FOR_GOOD[target.verb]}.")
    if is_archived(work.db, act_id):
        where = listed(archives(work.db), "or")
        raise Refused("archived", f"Act {act_id} ({target.what}) cannot be taken back: what it changed was moved to {where}.")
    by = reads.undone_among(work.db, [act_id]).get(act_id)
    if by is not None:
        again = "redone" if target.verb == "undo" else "undone"
        raise Refused("undone", f"Act {act_id} ({target.what}) is {again} already, by act {by}.")
    return target


def _rescore(work: Work, moved: dict[str, set[int]]) -> None:
    """The order of the queue follows from what moved; it is not journaled."""
    from cockpit.services.scoring import rescore, rescore_accounts

    if moved.get("account"):
        rescore_accounts(work, moved["account"])
    if moved.get("cta"):
        rescore(work, moved["cta"])


# --- conflicts in words -----------------------------------------------------------------------------


def named(db: Db, clashes: Sequence[Clash]) -> tuple[Conflict, ...]:
    """Clashes with names for ids, and whose the later change is; each thing and field once."""
    once = {(clash.thing, clash.id, clash.field): clash for clash in reversed(clashes)}
    clashes = list(reversed(once.values()))
    names = {thing: reads.labels(db, thing, ids) for thing, ids in _ids_by_thing(clashes).items()}
    since = {
        thing: reads.changes_since(db, thing, {c.id: c.seq for c in clashes if c.thing == thing}) for thing in names
    }
    readable = Readable(db, [(c.thing, c.id, c.field, value) for c in clashes if c.field for value in (c.ours, c.theirs)])
    by_makers = {name: reads.latest(db, name, ids) for name, ids in _referrers(clashes).items()}
    made = []
    for clash in clashes:
        name = names[clash.thing].get(clash.id, "")
        later = [c for c in since[clash.thing].get(clash.id, []) if _concerns(c.fields, c.kind, clash.field)]
        who: tuple[str | None, datetime | None] = (later[0].actor, later[0].at) if later else (None, None)
        theirs = readable.value(clash.thing, clash.id, clash.field, clash.theirs)
        if clash.by is not None:
            theirs = called(clash.by[0], clash.by[1], "")
            maker = by_makers[clash.by[0]].get(clash.by[1])
            who = (maker.actor, maker.at) if maker else (None, None)
        ours = readable.value(clash.thing, clash.id, clash.field, clash.ours)
        field = readable.field(clash.thing, clash.field)
        says = _sentence(clash, called(clash.thing, clash.id, name), field, theirs, who[0])
        made.append(Conflict(clash.thing, clash.id, field, name, ours, theirs, *who, says))
    return tuple(made)


def _sentence(clash: Clash, name: str, field: str | None, theirs: str | None, by: str | None) -> str:
    whose = f" by {by}" if by else ""
    if clash.because == "gone":
        return f"{name} is gone: removed{whose}."
    if clash.because == "exists":
        return f"{name} is there already."
    if clash.because == "erased":
        return f"{name}: what it held was erased."
    if clash.because == "referred":
        return f"{name} stays: {theirs}{f' ({by})' if by else ''} belongs to it."
    if clash.because == "forbidden":
        return f"{name} stays: something else holds its name or its place now."
    return f"{name}: {(field or '').replace('_', ' ')} is now {theirs if theirs is not None else 'empty'}, changed{whose}."


def _those(conflicts: Sequence[Conflict]) -> str:
    things = {(c.thing, c.id) for c in conflicts}
    if len(conflicts) == 1:
        return conflicts[0].says
    by = sorted({c.by for c in conflicts if c.by})
    return f"{plural(len(things), 'thing')} changed since{f' by {listed(by)}' if 0 < len(by) < 4 else ''} and kept"


def _concerns(fields: Any, kind: str, field: str | None) -> bool:
    return field is None or kind != "update" or (isinstance(fields, dict) and field in fields)


def _ids_by_thing(clashes: Sequence[Clash]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for clash in clashes:
        found.setdefault(clash.thing, []).append(clash.id)
    return found


def _referrers(clashes: Sequence[Clash]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for clash in clashes:
        if clash.by is not None:
            found.setdefault(clash.by[0], []).append(clash.by[1])
    return found

