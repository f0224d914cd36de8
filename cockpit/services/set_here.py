"""What people set here: what a file brings anew does not take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.services.act import Work
from db.connection import as_json


def set_here(work: Work, thing: str, fields: Mapping[int, Sequence[str]], *, but: str) -> list[tuple[int, str]]:
    """Of these fields (by id), those last set by an act of another verb than ``but``; acts that were taken back do not count."""
    if not fields:
        return []
    params: dict[str, Any] = {"thing": thing}
    marks = work.db.marks("i", list(fields), params)
    setters: dict[tuple[int, str], list[tuple[int, str]]] = {
        (id_, name): [] for id_, names in fields.items() for name in names
    }
    for id_, act_id, verb, undoes, kind, changed in work.db.all(
        "SELECT c.thing_id, a.id, a.verb, a.undoes, c.kind, c.fields FROM change c JOIN act a ON a.id = c.act_id"
        f" WHERE c.thing = :thing AND c.thing_id IN ({marks}) ORDER BY c.thing_id, c.seq",
        **params,
    ):
        names = fields[id_] if kind != "update" else [name for name in fields[id_] if name in (as_json(changed) or {})]
        for name in names:
            if verb == "undo":
                setters[id_, name] = [one for one in setters[id_, name] if one[0] != undoes]
            else:
                setters[id_, name].append((act_id, verb))
    return [key for key, acts in setters.items() if acts and acts[-1][1] != but]
