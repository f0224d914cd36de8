"""Whether the journal is whole and the rows are what it says: nothing edited, removed, slipped in or reordered."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.services.readable import called
from db import chains


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be; ``seq`` is the place in its chain, None for the row itself."""

    thing: str
    id: int
    seq: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole journal found. ``erased``: changes whose values were blanked; their chain holds."""

    ok: bool
    things: int
    changes: int
    erased: int
    problems: tuple[Problem, ...]
    more: int = 0
    """Problems beyond those listed."""


def verify(desk: Desk, most: int = 200) -> Verified:
    """Recomputes every digest and chain and replays every thing, in batches; lists at most so many problems."""
    with desk.store.read() as db:
        tally = chains.Tally()
        problems: list[Problem] = []
        more = 0
        for flaw in chains.check(db, tally):
            if len(problems) < most:
                problems.append(Problem(flaw.thing, flaw.id, flaw.seq, f"{called(flaw.thing, flaw.id)}: {flaw.says}"))
            else:
                more += 1
    return Verified(not problems, tally.things, tally.changes, tally.erased, tuple(problems), more)
