"""Recurring CTAs: closing one makes the next, in the same act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cockpit.domain.repeat import RepeatError, next_due, read_interval
from cockpit.domain.say import day, plural
from cockpit.services import scoring
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Refused
from cockpit.services.start import start_playbooks
from db.connection import as_date
from db.terms import Outcome

_KEPT = (
    "account_id",
    "pool_id",
    "type_id",
    "reason_id",
    "title",
    "description",
    "priority",
    "playbook_id",
    "lane",
    "skill",
    "repeats",
)
_SAME = ("account_id", "type_id", "reason_id", "title", "due")


def interval_text(value: str | None) -> str | None:
    """How an interval is stored; None when there is none. Raises Refused for what cannot be read."""
    if value is None or value.strip().casefold() in ("", "none", "never"):
        return None
    try:
        return str(read_interval(value))
    except RepeatError as error:
        raise Refused("repeats", str(error)) from error


def make_next(work: Work, cta_ids: Sequence[int], outcome: Outcome) -> str:
    """Makes the next of those of these CTAs that repeat, as they close; returns what to add to what is said.

    It is due an interval after the old due date and waits in the queue of its pool; without a pool its owner keeps it,
    with the tasks of its playbook. What was invalid does not come again, nor what an earlier close of it has made.
    """
    if outcome is Outcome.INVALID:
        return ""
    rows = work.db.of(
        f"SELECT c.due, c.owner_id, p.time_zone, p.calendar, {', '.join(f'c.{name}' for name in _KEPT)}"
        " FROM cta c LEFT JOIN pool p ON p.id = c.pool_id WHERE c.repeats IS NOT NULL AND c.id IN ({ids}) ORDER BY c.id",
        cta_ids,
    )
    new: list[dict[str, Any]] = []
    dues: list[date] = []
    there: list[int] = []
    for old_due, owner_id, zone, region, *kept in rows:
        values = dict(zip(_KEPT, kept, strict=True))
        calendar = calendar_for(zone or work.me.time_zone, region)
        due = next_due(as_date(old_due), read_interval(values["repeats"]), calendar.local_date(work.now), calendar)
        if (waits := _is_there(work, values | {"due": due})) is not None:
            there.append(waits)
            continue
        dues.append(due)
        owner = owner_id or work.me.id
        at = dict.fromkeys(("claimed_at", "touched_at", "first_claimed_at"), work.now)
        taken = {} if values["pool_id"] else {"owner_id": owner} | at
        new.append(values | {"due": due, "opened_at": work.now, "source": "repeats"} | taken)
    if not new:
        return f"; the next one is CTA {there[0]} already" if there else ""
    made = work.insert_many("cta", new)
    scoring.rescore(work, made)
    start_playbooks(work, [id_ for id_, values in zip(made, new, strict=True) if values.get("owner_id")])
    return _said(made, dues, work.today)


def _is_there(work: Work, values: dict[str, Any]) -> int | None:
    """The next one, if it waits already: this one was closed before, and opened again."""
    same = " AND ".join(f"{name} = :{name}" for name in _SAME)
    sql = f"SELECT id FROM cta WHERE status = 'open' AND source = 'repeats' AND {same} ORDER BY id LIMIT :one"
    found: int | None = work.db.scalar(sql, one=1, **{name: values[name] for name in _SAME})
    return found


def _said(made: Sequence[int], dues: Sequence[date], today: date) -> str:
    if len(made) == 1:
        return f"; the next one is CTA {made[0]}, due {day(dues[0], today)}"
    return f"; made the next {plural(len(made), 'one')} (CTA {made[0]} to {made[-1]})"
