"""How much changes hands: what the tab says, light enough to be asked each second."""

from __future__ import annotations

from cockpit.desk import Desk


def counts(desk: Desk) -> tuple[int, int]:
    """(outgoing, incoming) of mine that are not handed over yet; for the tab."""
    with desk.store.read() as db:
        row = db.one(
            "SELECT count(CASE WHEN t.from_csm_id = :me THEN 1 END), count(CASE WHEN t.to_csm_id = :me OR t.gatekeeper_id = :me"
            " THEN 1 END) FROM transition t WHERE t.state = 'started' AND :me IN (t.from_csm_id, t.to_csm_id, t.gatekeeper_id)",
            me=desk.me.id or 0,
        )
    return (row[0], row[1]) if row else (0, 0)
