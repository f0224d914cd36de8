"""What a hand-over must not leave behind: the check over the whole store, for people and for `doctor`."""

from __future__ import annotations

from cockpit.desk import Desk
from db.reads import orphans as reads
from db.reads.orphans import Orphan as Orphan  # the faces know it from here


def orphans(desk: Desk) -> tuple[Orphan, ...]:
    """Accounts, CTAs, tasks and interventions without anybody who is here, and required steps that were passed over."""
    with desk.store.read() as db:
        return tuple(reads.orphans(db))
