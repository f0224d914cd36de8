"""Which kind of fact came from which system when: what the age of a figure is told by."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.services.act import Work
from cockpit.services.exchange.write import Loading
from db.connection import as_moment


def note(work: Work, loaded: Sequence[Loading]) -> None:
    """Notes the kinds and systems of an import. The same day again changes nothing, so that a repeat is no act."""
    rows: dict[tuple[str, str], int] = {}
    for one in loaded:
        if one.ready.kind is not None and one.ready.read:
            key = one.ready.kind.name, one.system
            rows[key] = rows.get(key, 0) + one.created + one.updated + one.unchanged
    known = {(kind, system): (id_, as_moment(at)) for id_, kind, system, at in work.db.all("SELECT id, kind, system, loaded_at FROM feed")}
    for (kind, system), count in rows.items():
        if not count:
            continue
        id_, at = known.get((kind, system), (None, None))
        if id_ is None:
            work.insert("feed", {"kind": kind, "system": system, "loaded_at": work.now, "rows": count})
        elif at is None or at.date() < work.now.date():
            work.update("feed", id_, {"loaded_at": work.now, "rows": count})
