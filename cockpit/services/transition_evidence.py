"""What shows that a guided step of a transition is done: facts of many transitions read together, one check a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import brief as briefs
from cockpit.domain.calendar import Calendar
from cockpit.domain.say import plural
from cockpit.domain.transition import Criterion, Parties, escalates, pool_criteria
from cockpit.services import readiness as rated
from cockpit.services.calendars import calendar_for
from cockpit.services.evidence import Evidence
from cockpit.services.scoring import weights
from db.connection import Db, as_json
from db.reads import transition as reads
from db.reads import transition_facts as more
from db.reads.readiness import Facts as Known
from db.reads.transition import BriefRow, Member, OpenThing, QuestionRow, StepRow, Stored
from db.reads.transition_facts import Happened, Seat
from db.terms import TransitionKind, TransitionState

SETTING = "transition"
DEFAULTS = {"agree_below": 5_000_000, "pool_below": 5_000_000, "key_above": 5_000_000}
"""ARR in minor units: below it the customer may be told without a manager; below it a pool takes it; a key account."""
LATE_DAYS = 3
"""A cover's decisions look so many business days beyond the return."""
REPLY_DAYS = 2
RENEWAL_DAYS = 180


@dataclass(slots=True)
class Facts:
    """All that is known of one transition."""

    row: Stored
    today: date
    now: datetime
    calendar: Calendar
    settings: Mapping[str, int]
    members: Sequence[Member]
    steps: Sequence[StepRow]
    things: Sequence[OpenThing]
    briefs: Sequence[BriefRow]
    questions: Sequence[QuestionRow]
    known: Mapping[int, Known]
    ready: Mapping[int, rated.Readiness]
    happened: Mapping[int, Sequence[Happened]]
    seats: Mapping[int, Sequence[Seat]]
    looks: Mapping[tuple[int, int], datetime]
    promises: Mapping[int, int]
    owned: Mapping[tuple[int, str | None], int]
    limits: Mapping[str | None, int]
    away: Mapping[int, Sequence[tuple[date, date]]]
    ctas: Mapping[int, tuple[str, datetime | None]]
    pools: Mapping[int, set[int]]
    pods: Mapping[int, Mapping[int, bool]]
    currency: str
    """Of the lines in ``settings``: the reporting currency."""
    act_at: datetime | None
    """When the act that started it was done."""

    @property
    def extra(self) -> Mapping[str, Any]:
        """What its kind alone keeps."""
        found: Mapping[str, Any] = as_json(self.row.extra) or {}
        return found

    @property
    def accounts(self) -> list[int]:
        """Its accounts."""
        return [one.account_id for one in self.members]

    @property
    def parties(self) -> Parties:
        """Whose it is."""
        row = self.row
        return Parties(
            TransitionKind(row.kind), row.from_csm_id, row.to_csm_id, row.manager_id, row.gatekeeper_id, row.stand_in,
            self.pools.get(row.from_pool_id or 0, ()), self.pools.get(row.to_pool_id or 0, ()),
            set(self.pods.get(row.from_pod_id or 0, ())), set(self.pods.get(row.to_pod_id or 0, ())),
            {id_ for one in self.members for id_ in (one.csm_id, one.second_id) if id_ is not None},
        )  # fmt: skip

    @property
    def outs(self) -> set[int]:
        """Who acts for the outgoing side."""
        row = self.row
        found = {row.manager_id if row.stand_in else row.from_csm_id}
        if row.from_csm_id is None:
            found |= self.pools.get(row.from_pool_id or 0, set()) | set(self.pods.get(row.from_pod_id or 0, ()))
        return {id_ for id_ in found if id_ is not None}

    @property
    def ins(self) -> set[int]:
        """Who acts for the incoming side."""
        row = self.row
        found = {row.to_csm_id} | {id_ for one in self.members for id_ in (one.csm_id, one.second_id)}
        found |= self.pools.get(row.to_pool_id or 0, set()) | set(self.pods.get(row.to_pod_id or 0, ()))
        return {id_ for id_ in found if id_ is not None}

    def current_brief(self, account_id: int) -> BriefRow | None:
        """The latest version of an account's brief."""
        return next((one for one in reversed(self.briefs) if one.account_id == account_id), None)

    @property
    def began(self) -> datetime:
        """The moment of its start; where it was written down on another day than it began, the first of that day."""
        if self.act_at is not None and self.calendar.local_date(self.act_at) == self.row.started_on:
            return self.act_at
        return self.calendar.start_of_day(self.row.started_on)

    def since_start(self, account_id: int) -> list[Happened]:
        """What was done on an account's timeline since the start."""
        return self._done(account_id, self.began)

    def since_handed(self, account_id: int) -> list[Happened]:
        """What was done since the hand-over."""
        at = self.row.accepted_at
        return [] if at is None else self._done(account_id, at + timedelta(microseconds=1))

    def _done(self, account_id: int, since: datetime) -> list[Happened]:
        entries = self.happened.get(account_id, ())
        return [one for one in entries if one.state == "done" and self.is_after(one, since) and self._is_past(one)]

    def is_after(self, one: Happened, moment: datetime) -> bool:
        """Whether an entry is of a moment or later; of one that knows its day only, that day's count if written down since."""
        if not one.date_only:
            return one.at >= moment
        day, first = self.calendar.local_date(one.at), self.calendar.local_date(moment)
        return day > first or (day == first and one.recorded >= moment)

    def _is_past(self, one: Happened) -> bool:
        return one.at <= self.now or (one.date_only and self.calendar.local_date(one.at) <= self.calendar.local_date(self.now))

    def members_of(self, account_id: int, role: str | None = None) -> list[Seat]:
        """The network members who are still there."""
        return [
            one for one in self.seats.get(account_id, ()) if one.value_network and not one.gone and (role is None or one.role == role)
        ]

    def arr_of(self, member: Member) -> int | None:
        """Its ARR, where it can be held against a line: in another currency it is unknown."""
        return member.arr if member.currency in (None, self.currency) else None

    def is_key(self, member: Member) -> bool:
        """Whether it is large, or might be: ARR in another currency is not taken for small."""
        arr = self.arr_of(member)
        return (arr or 0) >= self.settings["key_above"] or (arr is None and member.arr is not None)

    @property
    def has_another_owner(self) -> bool:
        """Whether an account changed its owner on another way since this was started; a pod's are its own, a cover moves none."""
        row = self.row
        moves = row.kind not in (TransitionKind.COVER, TransitionKind.POD) and row.state == TransitionState.STARTED
        return moves and any(one.owner_id != row.from_csm_id for one in self.members)

    @property
    def undecided(self) -> list[OpenThing]:
        """What is open and has no decision."""
        return [one for one in self.things if one.choice is None]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Whether the pool takes it; those of the first account."""
        known = self.known.get(self.accounts[0]) if self.accounts else None
        if known is None:
            return ()
        limit, arr = self.settings["pool_below"], self.arr_of(self.members[0])
        arr_is, *others = pool_criteria(arr, limit, known.escalations, known.go_live, known.renewal, self.today)
        if arr is None and self.members[0].arr is not None:
            arr_is = replace(arr_is, says=f"ARR is in {self.members[0].currency}, the line in {self.currency}")
        return (arr_is, *others)

    @property
    def waived(self) -> Mapping[str, str]:
        """Criteria that a lead waived, with the reason."""
        found: Mapping[str, str] = self.extra.get("waived", {})
        return found

    @property
    def waits(self) -> int:
        """Business days it has been with the gatekeeper."""
        gate = next((one for one in self.steps if one.key == "gate"), None)
        if gate is None or self.row.state != TransitionState.STARTED or self.extra.get("gate"):
            return 0
        brief = self.current_brief(self.accounts[0]) if self.accounts else None
        if brief is None or briefs.missing(brief.form, brief.sections):
            return 0
        since = self.calendar.local_date(max(brief.written_at, self.row.sent_back_at or brief.written_at))
        return self.calendar.business_days_between(since, self.today)

    @property
    def escalation(self) -> str:
        """Why the lead has to decide."""
        return escalates(self.row.sent_back, self.waits)


def load(desk: Desk, db: Db, rows: Sequence[Stored]) -> dict[int, Facts]:
    """The facts of these transitions, in a fixed number of statements."""
    if not rows:
        return {}
    ids = [row.id for row in rows]
    members, steps = reads.members(db, ids), reads.steps(db, ids)
    accounts = sorted({one.account_id for those in members.values() for one in those})
    known = rated.known_of(desk, db, accounts)
    first = min(row.started_on for row in rows)
    ins = {row.to_csm_id for row in rows} | {one.csm_id for those in members.values() for one in those}
    incoming = [id_ for id_ in ins if id_ is not None]
    ctas = [cta for those in steps.values() for one in those for cta in check_ins(one)]
    stored = as_json(db.scalar("SELECT value FROM setting WHERE key = :key", key=SETTING)) or {}
    shared: dict[str, Any] = {
        "today": desk.today(), "now": desk.now(), "settings": DEFAULTS | stored, "known": known, "currency": weights(db).currency,
        "ready": {id_: rated.rate(desk, row) for id_, row in known.items()},
        "happened": more.happened(db, accounts, calendar_for("UTC").start_of_day(first - timedelta(days=1))),
        "seats": more.seats(db, accounts, desk.today()),
        "looks": more.looks(db, accounts, incoming), "promises": more.promises(db, accounts),
        "owned": more.owned(db, incoming), "limits": more.limits(db),
        "away": more.absences(db, [*incoming, *(row.from_csm_id for row in rows if row.from_csm_id)]),
        "ctas": more.closed_ctas(db, ctas),
        "pools": more.in_pools(db, [id_ for row in rows for id_ in (row.from_pool_id, row.to_pool_id) if id_]),
        "pods": more.in_pods(db, [id_ for row in rows for id_ in (row.from_pod_id, row.to_pod_id) if id_]),
    }  # fmt: skip
    things, written, asked = reads.open_things(db, ids, desk.now()), reads.briefs(db, ids), reads.questions(db, ids)
    acts = more.began(db, ids)
    return {
        row.id: Facts(
            row=row, calendar=calendar_for(row.time_zone or desk.me.time_zone, row.calendar), members=members[row.id],
            steps=steps[row.id], things=things[row.id], briefs=written[row.id], questions=asked[row.id],
            act_at=acts.get(row.id), **shared,
        )
        for row in rows
    }  # fmt: skip


def check_ins(step: StepRow) -> list[int]:
    """The CTAs of a check-in, one for each account."""
    spec = as_json(step.spec) or {}
    return list(spec.get("ctas") or ([spec["cta"]] if spec.get("cta") else []))


Check = Callable[[Facts, StepRow], Evidence]
CHECKS: dict[str, Check] = {}
"""By the name a playbook's ``done`` gives; further ones are registered by ``transition_checks``."""


def check(name: str) -> Callable[[Check], Check]:
    """Registers a check under a name."""

    def put(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return put


def seen(facts: Facts, step: StepRow) -> Evidence:
    """What shows that a step is done; a step without a check is done when somebody says so.

    What gates the hand-over is looked at anew until it is accepted: a CTA that came later is undecided.
    """
    from cockpit.services import transition_checks, transition_checks_many  # noqa: F401 - they fill CHECKS

    found = CHECKS.get((as_json(step.spec) or {}).get("done") or "")
    is_settled = facts.row.state != TransitionState.STARTED or not step.gates
    if step.status == "done" and (found is None or is_settled):
        return Evidence(True, step.note or "")
    return found(facts, step) if found is not None else Evidence(False, "say so with a note when it is done")


def counted(done: int, of: int, what: str) -> Evidence:
    """All of them, or how many are left."""
    return Evidence(done == of, f"{done} of {plural(of, what)}" if of else "none there")


@dataclass(frozen=True, slots=True)
class Status:
    """A step as it stands: ``state`` is done, waived, locked or open."""

    row: StepRow
    state: str
    says: str
    locked_by: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Done, or waived."""
        return self.state in ("done", "waived")


def statuses(facts: Facts) -> list[Status]:
    """Every step as it stands, in order. What shows one to be done does not count before the steps it needs are over."""
    found = {step.key: seen(facts, step) for step in facts.steps}
    needed = {step.key: tuple((as_json(step.spec) or {}).get("needs") or ()) for step in facts.steps}
    over: dict[str, bool] = {}

    def is_over(step: StepRow) -> bool:
        waits = step.status == "open" and any(not over.get(key, True) for key in needed[step.key])
        return step.status == "skipped" or (found[step.key].is_done and not waits)

    for _ in facts.steps:  # a step may stand before one it needs
        over = {step.key: is_over(step) for step in facts.steps}
    made = []
    for step in facts.steps:
        waits = tuple(key for key in needed[step.key] if not over.get(key, True))
        if step.status == "skipped":
            state, says = "waived", f"waived by {step.waived_by or 'Cockpit'}: {step.note or 'no reason given'}"
        elif over[step.key]:
            state, says = "done", found[step.key].says
        else:
            state, says = ("locked" if waits else "open"), found[step.key].says
        made.append(Status(step, state, says, waits))
    return made
