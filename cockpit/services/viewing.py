"""The view log: who looked at which account's panes when.

Not acts and not journaled: looks are gathered by the screens and written a batch at a time. Each sees her own; managers
and ops see counts. Off when read-only. Kept for KEEP_DAYS, or as long as the team has set; 0 keeps none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cockpit.desk import Desk
from cockpit.services import lookup
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.presence import leaves_traces
from db.connection import Db, as_json
from db.errors import StoreBusy
from db.reads import viewing as reads
from db.reads.viewing import Look as Look  # faces know these from here
from db.reads.viewing import Looked as Looked

KEEP = "viewing.keep_days"
KEEP_DAYS = 180
MOST_DAYS = 3_650
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days looks are kept from now on."""

    days: int
    act: int | None = None
    said: str = ""


def record(desk: Desk, looks: Sequence[tuple[int, str, datetime]]) -> bool:
    """Keeps (account, pane, at) looks of mine; whether it could, or there was nothing to keep.

    While others hold the store the caller keeps them for the next time.
    """
    if not looks or not leaves_traces(desk):
        return True
    me = desk.me.id
    assert me is not None
    try:
        with desk.store.write() as db:
            if keep_days(db):
                reads.add(db, [(me, account, at, pane[:40]) for account, pane, at in looks])
    except StoreBusy:
        return False
    return True


def keep_days(db: Db) -> int:
    """How long looks are kept."""
    stored = db.scalar("SELECT value FROM setting WHERE key = :key", key=KEEP)
    return KEEP_DAYS if stored is None else int(as_json(stored)["days"])


def viewed(desk: Desk, since: datetime | None = None, most: int = SHOWN) -> tuple[Look, ...]:
    """What I looked at, the latest first."""
    if desk.me.id is None:
        return ()
    with desk.store.read() as db:
        return tuple(reads.of(db, desk.me.id, since or _everything(desk), most))


def view_counts(desk: Desk, login: str | None = None, since: datetime | None = None) -> tuple[Looked, ...]:
    """How much everybody, or one, looked since a moment (28 days); for managers and ops, and for oneself.

    Raises Forbidden, NotFound.
    """
    with desk.store.read() as db:
        csm_id = None if login is None else lookup.named(db, "csm", login)
        if csm_id != desk.me.id and desk.me.role not in LEADERS:
            raise Forbidden("What colleagues looked at is theirs to see; managers and ops see counts, not what it was.")
        return tuple(reads.counts(db, since or desk.now() - timedelta(days=28), csm_id))


def keeping(desk: Desk) -> int:
    """For how many days looks are kept."""
    with desk.store.read() as db:
        return keep_days(db)


@act("keep_views")
def keep_views(work: Work, days: int) -> Kept:
    """Sets for how many days looks are kept; 0 keeps none. Older ones go with the next tick. Raises Refused."""
    if not 0 <= days <= MOST_DAYS:
        raise Refused("days", f"Looks are kept for 0 (not at all) to {MOST_DAYS:,} days, not {days}.")
    id_ = work.db.scalar("SELECT id FROM setting WHERE key = :key", key=KEEP)
    if id_ is None:
        work.insert("setting", {"key": KEEP, "value": {"days": days}})
    else:
        work.update("setting", id_, {"value": {"days": days}})
    said = f"Who looked at which account is kept for {days} days" if days else "Who looked at which account is not kept any more"
    work.say(said)
    return Kept(days, said=said)


def forget_old(desk: Desk) -> int:
    """Removes looks older than they are kept; what ``tick`` calls. Looks first, writes only when something is old."""
    if not leaves_traces(desk):
        return 0
    with desk.store.read() as db:
        limit = desk.now() - timedelta(days=keep_days(db))
        first = reads.oldest(db)
    if first is None or first >= limit:
        return 0
    try:
        with desk.store.write() as db:
            return reads.forget(db, limit)
    except StoreBusy:
        return 0


def _everything(desk: Desk) -> datetime:
    return desk.now() - timedelta(days=MOST_DAYS)
