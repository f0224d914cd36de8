"""A leave day by day: what changes hands when, what is late, what she still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain.say import day, plural
from cockpit.services import lookup
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound
from cockpit.services.transition import TransitionRow, list_transitions
from db.reads import leaver as reads
from db.reads.leaver import LeaveRow as LeaveRow
from db.terms import TransitionState

_MOST = 400
"""Days of a board at most."""


@dataclass(frozen=True, slots=True)
class LeaveDay:
    """One day: hand-overs due and how many of them are done, steps due and how many are open.

    ``planned_left``: accounts that should still be hers at its end; ``left``: that were, None while it is ahead.
    """

    day: date
    hand_overs: int
    handed_over: int
    steps: int
    open: int
    planned_left: int
    left: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class LeaveBoard:
    """The whole leave."""

    id: int
    login: str
    name: str
    last_day: date
    is_gone: bool
    started_on: date
    ended_on: date | None
    """When the last of its transitions had ended."""
    accounts: int
    handed_over: int
    cancelled: int
    overdue: int
    """Steps that are open past their day."""
    late: int
    """Hand-overs whose day is over."""
    days: tuple[LeaveDay, ...]
    rows: tuple[TransitionRow, ...]
    holds: tuple[tuple[str, int], ...]
    """What she still holds, by kind."""
    accounts_left: int

    @property
    def says(self) -> str:
        """In one line."""
        late = f", {plural(self.late, 'hand-over')} late" if self.late else ""
        steps = f", {plural(self.overdue, 'step')} overdue" if self.overdue else ""
        kinds = " · ".join(f"{plural(n, kind)}" for kind, n in self.holds)
        over = f"over since {day(self.ended_on)}: " if self.ended_on else ""
        done = f"{over}{self.handed_over} of {self.accounts} handed over{late}{steps}"
        return f"{done}; still hers: {plural(self.accounts_left, 'account')}" + (
            f" · {kinds}" if kinds else ""
        )


def leaves(desk: Desk) -> tuple[LeaveRow, ...]:
    """Every leave, the latest first."""
    with desk.store.read() as db:
        return tuple(reads.leaves(db))


def leave_board(desk: Desk, who: str | int) -> LeaveBoard:
    """The latest leave of a CSM (by login), or one by its number. Raises NotFound."""
    with desk.store.read() as db:
        if str(who).isdigit():
            found = [one for one in reads.leaves(db) if one.id == int(who)]
        else:
            found = reads.leaves(db, lookup.named(db, "csm", str(who)))
        if not found:
            raise NotFound(f"No leave of {who} was started: transition leaver {who} --last-day D.")
        leave = found[0]
        things = reads.holds(db, leave.csm_id, desk.now(), desk.today())
        hers = len(reads.book(db, leave.csm_id))
        steps = reads.steps_by_day(db, leave.id)
    rows = list_transitions(desk, leave_id=leave.id, ended=True)
    return _board(desk, leave, rows, steps, Counter(one.kind for one in things if one.kind not in ("pool", "pod")), hers)


def _board(
    desk: Desk, leave: LeaveRow, rows: Sequence[TransitionRow], steps: Sequence[tuple[date, int, int]], kinds: Counter[str], hers: int
) -> LeaveBoard:  # fmt: skip
    today, calendar = desk.today(), calendar_for(desk.me.time_zone)
    alive = [row for row in rows if row.state != TransitionState.CANCELLED]
    done = [row for row in alive if row.accepted_at is not None]
    began = calendar.local_date(leave.started_at)
    due, handed = Counter(row.target for row in alive), Counter(row.target for row in done)
    accepted = Counter(calendar.local_date(row.accepted_at) for row in done if row.accepted_at is not None)
    by_day = {at: (n, left) for at, n, left in steps}
    first, last = min([began, *due, *by_day]), max([leave.last_day, *due, *by_day])
    days: list[LeaveDay] = []
    planned = left = len(alive)
    for n in range(min((last - first).days + 1, _MOST)):
        at = first + timedelta(days=n)
        planned, left = planned - due[at], left - accepted[at]
        wanted, still = by_day.get(at, (0, 0))
        if due[at] or wanted or (at <= leave.last_day and calendar.is_business_day(at)):
            is_late = at < today and (still > 0 or due[at] > handed[at])
            days.append(LeaveDay(at, due[at], handed[at], wanted, still, planned, left if at <= today else None, is_late))
    late = sum(row.target < today and row.accepted_at is None for row in alive)
    return LeaveBoard(
        leave.id, leave.login, leave.name, leave.last_day, leave.is_gone, began,
        None if leave.ended_at is None else calendar.local_date(leave.ended_at), len(alive), len(done), len(rows) - len(alive),
        sum(still for at, _, still in steps if at < today), late, tuple(days), tuple(rows),
        tuple((kind, kinds[kind]) for kind in reads.KINDS if kinds[kind]), hers,
    )  # fmt: skip
