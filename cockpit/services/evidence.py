"""When a step is done: checks by name that read the store, and the acts that close what they prove.

A check is a function ``(known, asked) -> Evidence`` under ``@check(name)``; ``known`` reads each kind of fact once for all
the accounts asked about. ``settle`` closes what is proven, in the act that proved it: undoing that act opens it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib import import_module
from typing import Any, TypeVar

from cockpit.desk import Desk
from cockpit.domain.playbook_words import CHECKS, CONDITIONS
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.touched import CSMS, TOUCHES, TRANSITIONS
from db.connection import Db
from db.journal import LOOKED_AT
from db.reads import evidence as reads
from db.reads import task as tasks
from db.reads.evidence import Entry, Fact, Member, Seat, Standing
from db.reads.task import Stored
from db.terms import TaskStatus

T = TypeVar("T")
_CHECKS: dict[str, Check] = {}
_MODULES = ("cockpit.services.touch_evidence", "cockpit.services.state_evidence", "cockpit.services.transition_proof")
"""Where checks live."""
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether the thing is done, and what was found or what is missing, in words."""

    is_done: bool
    says: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A step whose check is asked for. ``since``: what happened later counts (its start, or when what it needs was done)."""

    task: Stored
    since: datetime
    since_day: date
    """The day the playbook began: what is dated before does not count, whenever it was written down."""

    @property
    def account_id(self) -> int:
        """The account it is about; 0 where it is about none."""
        return self.task.account_id or 0

    @property
    def spec(self) -> dict[str, Any]:
        """The step as its playbook had it."""
        return self.task.spec or {}


@dataclass(frozen=True, slots=True)
class Judged:
    """An open step as it stands: what it waits for, or that nobody needs it any more, or its evidence."""

    waits_for: tuple[str, ...] = ()
    """Titles of steps that come first, or the condition that is not met yet."""
    is_moot: bool = False
    evidence: Evidence | None = None
    """None for what is ticked by hand."""

    @property
    def says(self) -> str:
        """In one line."""
        if self.waits_for:
            return f"first: {' · '.join(self.waits_for)}"
        return self.evidence.says if self.evidence else ""


Check = Callable[["Known", Asked], Evidence]


def check(*names: str) -> Callable[[Check], Check]:
    """Makes a function the check of these names (they are in ``CHECKS`` or ``CONDITIONS``)."""

    def register(function: Check) -> Check:
        for name in names:
            assert name in CHECKS or name in CONDITIONS, name
            _CHECKS[name] = function
        return function

    return register


def checks() -> Mapping[str, Check]:
    """Every check there is, by name."""
    for module in _MODULES:
        import_module(module)
    return _CHECKS


@dataclass
class Known:
    """What the store knows of the accounts that are asked about; each kind is read once, when the first check wants it."""

    desk: Desk
    db: Db
    asked: Sequence[Asked]
    cache: dict[str, Any] = field(default_factory=dict)
    """For checks that read more: ``known.once(name, how)``."""

    @cached_property
    def accounts(self) -> list[int]:
        """The accounts, and their relationships."""
        own = sorted({one.account_id for one in self.asked} - {0})
        return own + sorted(set(self._parents(own)) - set(own))

    @cached_property
    def parents(self) -> dict[int, int]:
        """Relationships, each with its account."""
        return self._parents(sorted({one.account_id for one in self.asked} - {0}))

    @cached_property
    def since(self) -> datetime:
        """The earliest moment anybody asks about."""
        return min((min(one.since, day_start(one.since_day)) for one in self.asked), default=self.desk.now())

    def entries(self, asked: Asked) -> list[Entry]:
        """What happened with the account (or a relationship of it) since: dated after the start, written down after
        what the step needs was done."""
        first = day_start(asked.since_day, asked.task.time_zone)
        return [one for one in self._entries.get(asked.account_id, []) if one.at >= first and one.recorded > asked.since]

    def seats(self, entry: Entry) -> list[Seat]:
        """Who was at an entry."""
        return self._seats.get(entry.id, [])

    def met(self, entry: Entry) -> set[int]:
        """The people of the customer who were there."""
        return {seat.person_id for seat in self.seats(entry) if seat.person_id is not None and seat.attended}

    def members(self, asked: Asked) -> list[Member]:
        """Everybody of the account, those who left too."""
        return self._members.get(asked.account_id, [])

    def network(self, asked: Asked) -> list[Member]:
        """The value network: those still there, each once."""
        today = self.desk.today()
        there = [one for one in self.members(asked) if one.value_network and (one.left_on is None or one.left_on > today)]
        return list({one.person_id: one for one in there}.values())

    def planned(self, asked: Asked) -> list[Entry]:
        """Meetings to come."""
        rows = self.once("planned", lambda: self.grouped(reads.planned(self.db, self.accounts, self.desk.now())))
        return rows.get(asked.account_id, [])

    def facts(self, kind: str, asked: Asked) -> list[Fact]:
        """The facts of one kind (see ``db.reads.evidence.FACTS``), oldest first."""
        rows = self.once(f"facts {kind}", lambda: self.grouped(reads.facts(self.db, kind, self.accounts)))
        return rows.get(asked.account_id, [])

    def standing(self, asked: Asked) -> Standing | None:
        """Dates and guidelines of the account."""
        return self.once("standing", lambda: {one.id: one for one in reads.standing(self.db, self.accounts)}).get(asked.account_id)

    def looks(self, asked: Asked) -> dict[int, datetime]:
        """The last look of each CSM at the account since."""
        found = self.once("looks", lambda: reads.looks(self.db, self.accounts, self.since))
        return {csm: at for account, csm, at in found if account == asked.account_id and at > asked.since}

    def about(self, asked: Asked) -> set[int]:
        """The people its CTA is about."""
        ctas = sorted({one.task.cta_id for one in self.asked if one.task.cta_id})
        return self.once("about", lambda: reads.people_of(self.db, ctas)).get(asked.task.cta_id or 0, set())

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` finds, read once."""
        if name not in self.cache:
            self.cache[name] = read()
        found: T = self.cache[name]
        return found

    @cached_property
    def _entries(self) -> dict[int, list[Entry]]:
        return self.grouped(reads.entries(self.db, self.accounts, self.since))

    @cached_property
    def _seats(self) -> dict[int, list[Seat]]:
        found: dict[int, list[Seat]] = {}
        for seat in reads.seats(self.db, self.accounts, self.since):
            found.setdefault(seat.activity_id, []).append(seat)
        return found

    @cached_property
    def _members(self) -> dict[int, list[Member]]:
        return self.grouped(reads.members(self.db, self.accounts))

    def _parents(self, own: list[int]) -> dict[int, int]:
        return self.once("children", lambda: reads.children(self.db, own))

    def grouped(self, rows: Iterable[T]) -> dict[int, list[T]]:
        """Rows by account; those of a relationship are its account's too."""
        found: dict[int, list[T]] = {}
        for row in rows:
            account: int = row.account_id  # type: ignore[attr-defined]
            found.setdefault(account, []).append(row)
            if account in self.parents:
                found.setdefault(self.parents[account], []).append(row)
        return found


def judge(desk: Desk, db: Db, rows: Sequence[Stored]) -> dict[int, Judged]:
    """How the open ones of these tasks stand, by id. ``rows`` hold whole runs: what a step needs is among them."""
    by_run: dict[int | None, dict[str, Stored]] = {}
    for row in rows:
        by_run.setdefault(row.run_id, {})[row.key or ""] = row
    asked = [_asked(row, by_run[row.run_id]) for row in rows if row.status == TaskStatus.OPEN and row.run_id is not None]
    known = Known(desk, db, asked)
    return {one.task.id: _judged(known, one, by_run[one.task.run_id]) for one in asked}


def judged_runs(desk: Desk, db: Db, runs: Sequence[int]) -> tuple[list[Stored], dict[int, Judged]]:
    """The tasks of these runs, and how the open ones stand."""
    rows = tasks.by_ids(db, "run_id", runs) if runs else []
    return rows, judge(desk, db, rows)


def settle(
    work: Work, *, accounts: Sequence[int] = (), csms: Sequence[int] = (), transitions: Sequence[int] = (), runs: Sequence[int] = ()
) -> list[Stored]:
    """Closes the steps of these that are proven, and those nobody needs any more; returns the ones that are done now."""
    wanted = sorted({*tasks.provable_runs(work.db, accounts, csms, transitions), *runs})
    settled: list[Stored] = []
    for _ in range(_ROUNDS):  # what is done may be what the next one waited for
        if not wanted:
            break
        rows, judged = judged_runs(work.desk, work.db, wanted)
        changes: dict[int, dict[str, Any]] = {}
        for row in rows:
            found = judged.get(row.id)
            if found is None or found.waits_for:
                continue
            if found.is_moot:
                changes[row.id] = {"status": TaskStatus.SKIPPED, "done_at": work.now, "note": found.says}
            elif found.evidence and found.evidence.is_done and not (row.spec or {}).get("choices"):
                changes[row.id] = {"status": TaskStatus.DONE, "done_at": work.now, "done_by_id": work.me.id, "note": found.evidence.says}
                settled.append(row)
        if not changes:
            break
        work.update_many("task", changes)
        wanted = sorted({row.run_id for row in rows if row.id in changes and row.run_id is not None})
    return settled


def day_start(day: date, zone: str | None = None) -> datetime:
    """The first moment of a day in a pool's zone; without one the earliest anywhere, so that nothing is missed."""
    if zone is None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14)
    return calendar_for(zone).start_of_day(day)


def _asked(row: Stored, run: Mapping[str, Stored]) -> Asked:
    began = row.started_on or date(1970, 1, 1)
    start = day_start(began, row.time_zone or "UTC") - timedelta(microseconds=1)
    before = [one.done_at for key in _needs(row) if (one := run.get(key)) and one.done_at and one.status == TaskStatus.DONE]
    return Asked(row, max([start, *before]), began)


def _judged(known: Known, asked: Asked, run: Mapping[str, Stored]) -> Judged:
    row = asked.task
    open_ = tuple(one.title for key in _needs(row) if (one := run.get(key)) and one.status == TaskStatus.OPEN)
    condition = asked.spec.get("when")
    if condition in ("answer", "no answer"):
        answer = checks()["answered"](known, Asked(row, day_start(asked.since_day, row.time_zone or "UTC"), asked.since_day))
        if condition == "no answer" and answer.is_done:
            return Judged(is_moot=True, evidence=Evidence(False, f"not needed: {answer.says}"))
        if condition == "answer" and not answer.is_done:
            return Judged((*open_, "the customer's answer"))
    if open_:
        return Judged(open_)
    return Judged(evidence=see(known, asked) if row.done_when else None)


def see(known: Known, asked: Asked) -> Evidence:
    """What the check of a step finds."""
    name = asked.task.done_when or ""
    function = checks().get(name)
    if function is None:  # a text of a newer version, or a check that went away
        return Evidence(False, f"waits for: {CHECKS.get(name, name)}")
    return function(known, asked)


def _needs(row: Stored) -> list[str]:
    return list((row.spec or {}).get("needs") or ())


def after_act(work: Work) -> str:
    """Settles what an act has proven; returns what to add to what is said."""
    touched = work.journal.touched
    if work.journal.count > LOOKED_AT:
        done = settle(work, runs=tasks.every_provable_run(work.db))
    else:
        done = settle(
            work,
            accounts=_ids(work.db, touched, TOUCHES),
            csms=_ids(work.db, touched, CSMS),
            transitions=_ids(work.db, touched, TRANSITIONS),
        )
    if not done:
        return ""
    more = f" and {len(done) - 1} more" if len(done) > 1 else ""
    return f" · step done: {done[0].title}{more}"


def sweep_due(desk: Desk, db: Db) -> list[int]:
    """The runs in which somebody looked at what a step asks to be looked at; looking is no act, so ``tick`` asks."""
    runs = tasks.seen_runs(db, desk.now() - timedelta(days=14))
    if not runs:
        return []
    rows, judged = judged_runs(desk, db, runs)
    return sorted({row.run_id for row in rows if row.run_id and _is_settled(row, judged.get(row.id))})


def _is_settled(row: Stored, found: Judged | None) -> bool:
    if found is None or found.waits_for:
        return False
    return found.is_moot or bool(found.evidence and found.evidence.is_done and not (row.spec or {}).get("choices"))


def _ids(db: Db, touched: Mapping[str, set[int]], how: Mapping[str, str]) -> list[int]:
    found: set[int] = set()
    for thing in sorted(touched.keys() & how.keys()):
        params: dict[str, Any] = {}
        ids = sorted(touched[thing])
        for start in range(0, len(ids), tasks.SOME):
            params = {}
            marks = db.marks("i", ids[start : start + tasks.SOME], params)
            found.update(row[0] for row in db.all(how[thing].format(marks), **params) if row[0] is not None)
    return sorted(found)


__all__ = [
    "Asked", "Evidence", "Judged", "Known", "after_act", "check", "checks", "day_start", "judge", "judged_runs",
    "see", "settle", "sweep_due",
]  # fmt: skip
