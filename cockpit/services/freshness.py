"""How old what one reads is: each kind of fact about an account with its mark, from loads and from what was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.desk import Desk
from cockpit.domain.freshness import Age, Mark, mark
from db.connection import Db
from db.reads import fact as reads

KINDS = ("subscriptions", "opportunities", "usage", "surveys", "tickets", "events", "trainings", "advocacy")


def marks(desk: Desk, db: Db, account_id: int, kinds: Sequence[str]) -> tuple[Mark, ...]:
    """The mark of each kind, in two statements."""
    loads = reads.feeds(db)
    known = reads.recorded(db, kinds, account_id)
    now = desk.now()
    return tuple(
        mark(
            kind, next((load.loaded_at for load in loads if load.kind == kind), None), known[kind], now,
            tuple(load.system for load in loads if load.kind == kind),
        )
        for kind in kinds
    )  # fmt: skip


def feeds(desk: Desk) -> tuple[Mark, ...]:
    """Every feed of the store with its age, the oldest first."""
    with desk.store.read() as db:
        loads = reads.feeds(db)
    made = [mark(load.kind, load.loaded_at, None, desk.now(), (load.system,)) for load in loads]
    return tuple(sorted(made, key=lambda one: (-(one.days or 0), one.kind, one.systems)))


__all__ = ["Age", "KINDS", "Mark", "feeds", "marks"]
