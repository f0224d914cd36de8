"""What happened since one last looked: for screens that are never stale, and cheap when nothing did."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from cockpit.desk import Desk
from db.connection import Db
from db.notice import Seen, Watch
from db.reads import journal as reads
from db.terms import ChangeKind

MOST = 2_000
"""With more changes than this a screen does better to read itself anew."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one stands; hand it to the next ``changes_since``, and ``close`` the last one."""

    watch: Watch
    seen: Seen


@dataclass(frozen=True, slots=True)
class LiveAct:
    """One act since; ``mine`` when I did it, here or elsewhere."""

    act: int
    by: str
    what: str
    verb: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Live:
    """What changed since a mark, and the mark to go on from.

    ``things`` are (table, id). ``claimed`` is who took which CTA (her name), mine included; a CTA given back since
    is not in it. ``everything``: so much changed, or the store was put back, that ``things`` and ``claimed`` are left empty.
    """

    mark: Mark
    changed: bool = False
    things: frozenset[tuple[str, int]] = frozenset()
    claimed: dict[int, str] | None = None
    acts: tuple[LiveAct, ...] = ()
    everything: bool = False

    def is_about(self, tables: Set[str]) -> bool:
        """Whether something of these tables may have changed; no table means any."""
        return self.everything or not tables or any(table in tables for table, _ in self.things)

    @property
    def mine_only(self) -> bool:
        """Whether all of it is my own doing."""
        return all(act.mine for act in self.acts)


def changes_since(desk: Desk, mark: Mark | None = None) -> Live:
    """What was committed since the mark; without one, a mark to start from. Raises StoreError."""
    if mark is None:
        watch = Watch(desk.store)
        return Live(Mark(watch, watch.start()), claimed={})
    ids, seen = mark.watch.acts_since(mark.seen)
    if not ids:
        return Live(mark if seen is mark.seen else Mark(mark.watch, seen), claimed={})
    with desk.store.read() as db:
        return _told(desk, db, Mark(mark.watch, seen), ids)


def close(mark: Mark) -> None:
    """Ends watching."""
    mark.watch.close()


def _told(desk: Desk, db: Db, mark: Mark, ids: list[int]) -> Live:
    found = reads.acts_named(db, ids)
    done = tuple(LiveAct(row.id, row.actor, row.what, row.verb, row.actor == desk.me.login) for row in found)
    changes = [] if mark.seen.is_back else reads.changes_of_acts(db, ids, MOST + 1)
    if mark.seen.is_back or len(changes) > MOST:
        return Live(mark, True, claimed={}, acts=done, everything=True)
    owners: dict[int, int | None] = {}
    for change in changes:
        if change.thing == "cta" and change.fields is not None:
            if change.kind == ChangeKind.UPDATE and "owner_id" in change.fields:
                owners[change.thing_id] = change.fields["owner_id"][1]
            elif change.kind == ChangeKind.DELETE:
                owners.pop(change.thing_id, None)
    names = reads.csm_names(db, [owner for owner in owners.values() if owner is not None])
    claimed = {cta: names[owner] for cta, owner in owners.items() if owner in names}
    return Live(mark, True, frozenset((c.thing, c.thing_id) for c in changes), claimed, done)
