"""Playbooks at work in the demo: somebody new who is being brought in, and steps that are done by what is there."""

from __future__ import annotations

import inspect
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.domain.playbook import Days
from cockpit.services import leaver
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.demo.team import NEWCOMER, NEWCOMER_DAYS
from cockpit.services.errors import Refused
from cockpit.services.evidence import settle
from cockpit.services.start import Start, begin_runs
from db.reads import playbook as reads
from db.reads import task as tasks
from db.terms import TaskStatus

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

ONBOARDING = "new-CSM onboarding"
LEAVES, LEAVES_IN = "jon", 30
"""Who leaves, in so many days."""
_MOST = 500
"""So many runs are looked at for steps that are done already; a demo for measuring has more."""


def write(work: Work, world: World) -> None:
    """The onboarding of the newcomer, and what the facts of the demo prove."""
    rng = Random(f"playbooks {world.opener}")
    book = reads.newest(work.db, ONBOARDING)
    if book is not None and NEWCOMER in world.csms:
        start = world.today - timedelta(days=NEWCOMER_DAYS)
        people = {"mgr": world.csms.get("mo"), "buddy": world.csms.get("ida")}
        run = begin_runs(work, [(book, Start(Days(start), calendar_for(), csm_id=world.csms[NEWCOMER], people=people))])[0]
        done: dict[int, dict[str, Any]] = {}
        for row in tasks.by_ids(work.db, "run_id", [run]):
            if row.due is not None and row.due < world.today and row.done_when in (None, "limits begun", "shadowed"):
                at = world.now - timedelta(days=max((world.today - row.due).days - rng.randint(-1, 1), 0), hours=1)
                done[row.id] = {"status": TaskStatus.DONE, "done_at": min(at, world.now), "note": _NOTES.get(row.key or "")}
        work.update_many("task", done)
    runs = tasks.every_provable_run(work.db)
    if len(runs) <= _MOST:
        settle(work, runs=runs)


def leave(work: Work, world: World) -> None:
    """Somebody leaves in a month: her book is on its way to colleagues."""
    last_day = calendar_for().on_or_after(world.today + timedelta(days=LEAVES_IN))
    said = work.act.what
    with suppress(Refused):  # in a small demo she holds nothing
        inspect.unwrap(leaver.start)(work, LEAVES, last_day, note="a new job")
    work.say(said)


_NOTES = {
    "demo": "tour finished", "product": "demo given to the team", "begin": "in the pool, limits at 50 %",
    "shadow": "5 of 5 followed to their close",
}  # fmt: skip
