"""What becomes of the open things of a transition: which are meant, what may not be, how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.services.act import Work
from cockpit.services.errors import NotFound, Refused
from cockpit.services.transition_evidence import Facts
from db.reads.transition import OpenThing


def chosen(facts: Facts, refs: Sequence[str]) -> list[OpenThing]:
    """Those named (``cta 17``), or all that are undecided. Raises NotFound, Refused."""
    if not refs:
        found = list(facts.undecided)
        if not found:
            raise Refused("decided", "Everything is decided already.")
        return found
    found = []
    for ref in refs:
        thing, _, number = ref.replace(":", " ").strip().partition(" ")
        number, thing = (thing, "cta") if thing.isdigit() else (number, thing)
        one = next((one for one in facts.things if one.thing == thing and str(one.thing_id) == number.strip()), None)
        if one is None:
            raise NotFound(f"Nothing open here is called {ref!r}; `transition show` lists what is.")
        found.append(one)
    return found


def check_queue(work: Work, facts: Facts, things: Sequence[OpenThing]) -> None:
    """What goes to the queue is in one: a CTA without a pool, of an account without one, would be nobody's."""
    if facts.row.to_pool_id or facts.row.from_pool_id:
        return
    params: dict[str, Any] = {}
    marks = work.db.marks("i", [one.thing_id for one in things if one.thing == "cta"], params)
    lost = work.db.one(f"SELECT title FROM cta WHERE pool_id IS NULL AND id IN ({marks}) ORDER BY id", **params)
    if lost is not None:
        raise Refused("pool", f"“{lost[0]}” is in no pool, nor is its account: it can move or close, or give the account a pool first.")


def write(work: Work, facts: Facts, things: Sequence[OpenThing], values: Mapping[str, Any]) -> None:
    """Writes a decision for each, in the place of an earlier one."""
    full = {**values, "by_id": work.me.id, "at": work.now}
    stored = {(row[1], row[2]): row[0] for row in work.db.all(
        "SELECT id, thing, thing_id FROM decision WHERE transition_id = :id", id=facts.row.id)}  # fmt: skip
    changes = {stored[one.thing, one.thing_id]: full for one in things if (one.thing, one.thing_id) in stored}
    work.update_many("decision", changes)
    work.insert_many("decision", [
        {"transition_id": facts.row.id, "thing": one.thing, "thing_id": one.thing_id} | full
        for one in things if (one.thing, one.thing_id) not in stored
    ])  # fmt: skip
