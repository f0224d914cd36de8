"""Starting the playbook of a CTA when somebody takes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cockpit.domain.playbook import plan, read_steps
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from db.connection import as_json


def start_playbooks(work: Work, cta_ids: Sequence[int]) -> int:
    """Leaves the tasks of their playbooks on CTAs that have a playbook and no tasks yet; returns how many."""
    if not cta_ids:
        return 0
    params: dict[str, Any] = {}
    marks = work.db.marks("i", list(cta_ids), params)
    rows = work.db.all(
        "SELECT c.id, c.playbook_id, p.time_zone, p.calendar FROM cta c LEFT JOIN pool p ON p.id = c.pool_id"
        f" WHERE c.id IN ({marks}) AND c.playbook_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM task k WHERE k.cta_id = c.id)",
        **params,
    )
    tasks: list[dict[str, Any]] = []
    for cta_id, playbook_id, zone, region in rows:
        tasks += [{"cta_id": cta_id, **task} for task in planned(work, playbook_id, zone, region)]
    work.insert_many("task", tasks)
    return len(tasks)


def planned(work: Work, playbook_id: int, zone: str | None, region: str | None) -> list[dict[str, Any]]:
    """The tasks a playbook leaves when it starts today."""
    steps = read_steps(as_json(work.db.scalar("SELECT steps FROM playbook WHERE id = :id", id=playbook_id)))
    calendar = calendar_for(zone or "UTC", region)
    start: date = calendar.local_date(work.now)
    return [
        {"title": t.title, "position": t.position, "due": t.due, "required": t.required}
        for t in plan(steps, start, calendar)
    ]
