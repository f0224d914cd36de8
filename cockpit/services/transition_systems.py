"""What must change in other systems when an account changes hands, as a list to check off and a table to export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.transition import check_side, list_transitions, locked, stored, title
from cockpit.services.transition_evidence import Facts, load
from db.reads import transition as reads
from db.terms import Side, TransitionKind

if TYPE_CHECKING:
    from cockpit.services.transition_acts import Changed

LISTS = ("mailing lists", "shared documents")
"""What no external id tells of."""


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One change to be made elsewhere: the owner of ``key`` in ``system``, from ``old`` to ``new``."""

    transition: int
    system: str
    account: str
    key: str | None
    field: str
    old: str | None
    new: str | None
    done: bool
    by: str | None


def listed_systems(facts: Facts) -> list[str]:
    """The systems to be told: those that know its accounts, and what no id tells of."""
    return [*facts.extra.get("known_to", ()), *LISTS]


def systems(desk: Desk, transition_id: int | None = None) -> tuple[SystemRow, ...]:
    """What has to change elsewhere for one transition, or for all that run and are handed over. Raises NotFound."""
    ids = [row.id for row in list_transitions(desk) if row.accepted_at is not None] if transition_id is None else [transition_id]
    made: list[SystemRow] = []
    with desk.store.read() as db:
        facts = load(desk, db, reads.some(db, reads.RUNS)) if transition_id is None else load(desk, db, [stored(db, transition_id)])
        keys = reads.keys_of(db, [account for id_ in ids if (account := facts[id_].row.account_id) is not None])
        for id_ in ids:
            one = facts[id_]
            if one.row.kind == TransitionKind.COVER:
                continue
            done = one.extra.get("systems", {})
            row = one.row
            old, new = row.from_csm or row.from_pool or row.from_pod, row.to_csm or row.to_pool or row.to_pod
            for system in listed_systems(one):
                key = keys.get((row.account_id or 0, system))
                field = "members" if system in LISTS else "owner"
                by = done.get(system, {}).get("by")
                made.append(SystemRow(id_, system, title(one), key, field, old, new, system in done, by))
    return tuple(made)


@act("confirm_system")
def confirm_system(work: Work, transition_id: int, system: str, note: str = "") -> Changed:
    """Says that another system has been told of the new owner. Raises NotFound, Refused, Forbidden."""
    from cockpit.services.transition_acts import Changed

    facts = locked(work, transition_id)
    check_side(work, facts, Side.IN, "Confirming other systems")
    if facts.row.accepted_at is None:
        raise Refused("state", "Other systems are told after the hand-over.")
    known = listed_systems(facts)
    name = next((one for one in known if one.casefold() == system.strip().casefold()), None)
    if name is None:
        raise NotFound(f"{system!r} is not on the list.{did_you_mean(system, known)}")
    done = facts.extra.get("systems", {})
    if name in done:
        raise Refused("done", f"{name} is confirmed already.")
    entry = {"by": work.me.login, "at": work.now.isoformat()} | ({"note": clean_line(note)} if note else {})
    work.update("transition", transition_id, {"extra": {**facts.extra, "systems": {**done, name: entry}}})
    work.say(f"{name} knows that {title(facts)} changed hands")
    return Changed(transition_id, title(facts), facts.row.state, said=work.act.what)
