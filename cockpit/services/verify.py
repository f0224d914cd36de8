"""Whether the journal is whole and the rows are what it says: nothing edited, removed, slipped in or reordered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from cockpit.desk import Desk
from cockpit.services.errors import Refused
from cockpit.services.readable import called
from db import chains
from db import seal as seals
from db.chains import Flaw
from db.connection import Db
from db.seal import Seal


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole journal found.

    ``erased`` and ``archived``: changes whose values were blanked, or moved to an archive; their chains hold.
    ``sealed``: changes that the store's own seals cover. ``against``: the digest of the seal that was brought along.
    """

    ok: bool
    things: int
    changes: int
    erased: int
    problems: tuple[Flaw, ...]
    more: int = 0
    """Problems beyond those listed."""
    archived: int = 0
    sealed: int = 0
    against: str | None = None
    part: bool = False
    """Whether this login sees, and so checked, only a part of the store."""


def verify(desk: Desk, most: int = 200, against: Seal | str | None = None) -> Verified:
    """Recomputes every digest and chain, replays every thing, counts under every seal; lists at most so many problems.

    ``against`` is a seal kept elsewhere, or its digest: whatever it covered must still be there. A login that does not see
    every row checks what it sees, without seals. Raises Refused when it brings one.
    """
    with desk.store.read() as db:
        part = not seals.sees_all(db)
        if part and against is not None:
            raise Refused("rights", "Only a login that sees every row can hold a seal against the journal: ask who runs the store.")
        tally = chains.Tally()
        problems: list[Flaw] = []
        more = 0
        kept = [] if part else seals.stored(db)
        for problem in chain(_flaws(db, tally), _broken_seals(db, kept), _beside(db, kept, against)):
            if len(problems) < most:
                problems.append(problem)
            else:
                more += 1
        archived = db.scalar("SELECT count(*) FROM change WHERE fields IS NULL AND salt IS NOT NULL")
    sealed = max((one.total for _, one in kept if one), default=0)
    brought = against.digest if isinstance(against, Seal) else against
    return Verified(
        not problems, tally.things, tally.changes, tally.erased - archived, tuple(problems), more, archived, sealed, brought, part
    )


def _flaws(db: Db, tally: chains.Tally) -> Iterator[Flaw]:
    for flaw in chains.check(db, tally):
        yield replace(flaw, says=f"{called(flaw.thing, flaw.id)}: {flaw.says}")


def _broken_seals(db: Db, kept: list[tuple[int, Seal | None]]) -> Iterator[Flaw]:
    for act, one in kept:
        if one is None:
            yield Flaw("seal", act, None, f"Seal of act {act}: it was altered itself")
    acts = {one.digest: act for act, one in kept if one}
    for one, says in seals.check(db, [one for _, one in kept if one]):
        yield Flaw("seal", acts[one.digest], None, f"{_named(one)} {says}")


def _beside(db: Db, kept: list[tuple[int, Seal | None]], brought: Seal | str | None) -> Iterator[Flaw]:
    """What a seal from elsewhere finds: that it is not in the store, and what of its changes is not."""
    known = [one for _, one in kept if one]
    if brought is None or any(one.digest == (brought if isinstance(brought, str) else brought.digest) for one in known):
        return
    if isinstance(brought, str):
        says = "is not in this store: its end was cut off, it was rebuilt or put back from an older backup, or is another"
        yield Flaw("seal", 0, None, f"The seal {brought[:12]}… {says}")
        return
    mine = db.scalar("SELECT uid FROM act ORDER BY id LIMIT 1")
    if mine is None or bytes(mine).hex() != brought.store:
        yield Flaw("seal", 0, None, f"{_named(brought)} belongs to another store, or the first act of this one is gone")
        return
    yield Flaw("seal", 0, None, f"{_named(brought)} is not in this store any more")
    end = int(db.scalar("SELECT max(id) FROM change") or 0)
    if end < brought.upto:
        says = f"covered the journal up to change {brought.upto}, which now ends with {end}: its end was cut off"
        yield Flaw("seal", 0, None, f"{_named(brought)} {says}")
    below = [*takewhile(lambda one: one.number < brought.number, known)]
    if brought.before == (below[-1].digest if below else None):
        for one, says in seals.check(db, [*below, brought]):
            if one is brought:
                yield Flaw("seal", 0, None, f"{_named(one)} {says}")


def _named(one: Seal) -> str:
    return f"Seal {one.number} of {one.at[:16].replace('T', ' ')} UTC"
