"""The checks of transitions as the playbooks' engine asks for them: of all the transitions it looks at together."""

from __future__ import annotations

from cockpit.services import transition_checks, transition_checks_many  # noqa: F401 - they fill CHECKS
from cockpit.services.evidence import Asked, Evidence, Known, check
from cockpit.services.transition_evidence import CHECKS, Facts, load, seen
from db.reads import transition as reads


def _prove(known: Known, asked: Asked) -> Evidence:
    id_ = asked.task.transition_id
    facts = known.once("transitions", lambda: _load(known)).get(id_ or 0)
    step = next((one for one in facts.steps if one.id == asked.task.id), None) if facts is not None else None
    if facts is None or step is None:
        return Evidence(False, "it is part of no transition")
    return seen(facts, step)


def _load(known: Known) -> dict[int, Facts]:
    ids = sorted({one.task.transition_id for one in known.asked if one.task.transition_id is not None})
    params: dict[str, object] = {}
    marks = known.db.marks("i", ids, params)
    return load(known.desk, known.db, reads.some(known.db, f"t.id IN ({marks})", **params))


for name in CHECKS:
    check(name)(_prove)
