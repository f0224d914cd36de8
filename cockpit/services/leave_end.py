"""The end of a leave: when the last of its transitions has ended, in that act or by time passing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.desk import Me
from cockpit.domain.say import listed
from cockpit.services.act import LEADERS, Work
from db.connection import Db, as_moment

_RUNS = "EXISTS (SELECT 1 FROM transition t WHERE t.leave_id = l.id AND t.ended_at IS NULL)"


def due(db: Db, me: Me, leave: int | None = None) -> list[int]:
    """Leaves to end, and ended ones of which something runs again; of all, or of one.

    Who sees only her own accounts' transitions on a server cannot say that it was the last: the leaver or a leader can.
    """
    params: dict[str, Any] = {}
    whole = "TRUE"
    if db.dialect != "sqlite" and me.role not in LEADERS:
        whole, params["me"] = "l.csm_id = :me", me.id
    only = "TRUE"
    if leave is not None:
        only, params["leave"] = "l.id = :leave", leave
    rows = db.all(
        f"SELECT l.id FROM leave l WHERE {only} AND ((l.ended_at IS NULL AND {whole} AND NOT {_RUNS}"
        f" AND EXISTS (SELECT 1 FROM transition e WHERE e.leave_id = l.id)) OR (l.ended_at IS NOT NULL AND {_RUNS})) ORDER BY l.id",
        **params,
    )
    return [row[0] for row in rows]


def settle(work: Work, ids: Sequence[int]) -> list[str]:
    """Ends these leaves at the end of their last transition, or lets them go on; whose are over now."""
    params: dict[str, Any] = {}
    rows = work.db.all(
        "SELECT l.id, o.name, max(t.ended_at), count(*) - count(t.ended_at) FROM leave l JOIN csm o ON o.id = l.csm_id"
        f" JOIN transition t ON t.leave_id = l.id WHERE l.id IN ({work.db.marks('l', list(ids), params)})"
        " GROUP BY l.id, o.name ORDER BY l.id",
        **params,
    )
    work.update_many("leave", {id_: {"ended_at": None if left else as_moment(last)} for id_, _, last, left in rows})
    return [name for _, name, _, left in rows if not left]


def after(work: Work, leave: int | None) -> str:
    """What follows from the end of a transition of this leave, to be said after it."""
    if leave is None:
        return ""
    over = settle(work, due(work.db, work.me, leave))
    return f"; {listed(over)} has nothing left to hand over" if over else ""
