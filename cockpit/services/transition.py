"""Transitions: the lists of both sides, the team's board, one whole with its steps, and who may do what with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.domain.transition import RUNNING, sides
from cockpit.services.act import Work
from cockpit.services.errors import Forbidden, NotFound
from cockpit.services.lookup import find_account, named
from cockpit.services.transition_evidence import Facts, Status, load, statuses
from cockpit.services.transition_start import Plan, Started, StartedMany, read_kind, start, start_many
from db.connection import Db, as_json
from db.reads import transition as reads
from db.reads.transition import OpenThing, QuestionRow, Stored
from db.terms import Side, TransitionKind, TransitionState

NOBODY = "nobody yet"
"""The incoming side while nobody is chosen."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One guided step. ``status`` is open, locked (by the steps in ``locked_by``), done or waived; ``says`` what shows it."""

    id: int
    key: str
    title: str
    side: str
    role: str | None
    owner: str | None
    due: date | None
    required: bool
    gates: bool
    status: str
    says: str
    opens: str
    locked_by: tuple[str, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """One transition in a list. ``outgoing`` and ``incoming`` are logins, or the name of a pool or pod.

    ``readiness`` is the least of its accounts; ``my_side`` what the reader may act for; ``attention`` why somebody has to look.
    """

    id: int
    kind: str
    state: str
    account_id: int | None
    account: str
    accounts: int
    outgoing: str
    incoming: str
    reason: str | None
    started_on: date
    target: date
    returns_on: date | None
    readiness: int | None
    steps: tuple[StepShown, ...]
    out_done: int
    out_of: int
    in_done: int
    in_of: int
    overdue: int
    undecided: int
    sent_back: int
    sent_back_why: str | None
    attention: str
    my_side: str
    stand_in: bool
    leave_id: int | None
    wave: int | None
    tier: str | None
    proposal: str | None
    agreed_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    manager: str | None
    gatekeeper: str | None
    arr: int | None
    currency: str | None

    def step(self, key: str) -> StepShown | None:
        """One of its steps."""
        return next((one for one in self.steps if one.key == key), None)


@dataclass(frozen=True, slots=True)
class MemberShown:
    """One account of a cover or a pod's hand-over."""

    account_id: int
    account: str
    level: str | None
    csm: str | None
    second: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TransitionShown:
    """One transition whole."""

    row: TransitionRow
    members: tuple[MemberShown, ...]
    decisions: tuple[OpenThing, ...]
    questions: tuple[QuestionRow, ...]
    criteria: tuple[tuple[str, bool | None, str], ...]
    patch_note: str | None = None
    """What a pod's outgoing side says of the smaller accounts."""


def list_transitions(
    desk: Desk,
    side: str | None = None,
    csm: str | None = None,
    account: str | int | None = None,
    kind: str | None = None,
    ended: bool = False,
    leave_id: int | None = None,
) -> tuple[TransitionRow, ...]:
    """The running transitions (``ended``: all) that are somebody's business (``csm``), or on one side of hers
    (``out``, ``in``), the next hand-over first. Raises NotFound."""
    parts, params = ["TRUE" if ended else reads.RUNS], dict[str, object]()
    with desk.store.read() as db:
        me = named(db, "csm", csm) if csm else (desk.me.id or 0) if side else None
        if me is not None:
            parts.append(reads.hers())
            params["me"] = me
        if account is not None:
            parts.append(
                "(t.account_id = :account OR EXISTS (SELECT 1 FROM transition_account x WHERE x.transition_id = t.id"
                " AND x.account_id = :account))"
            )
            params["account"] = find_account(db, account)
        if kind is not None:
            parts.append("t.kind = :kind")
            params["kind"] = kind
        if leave_id is not None:
            parts.append("t.leave_id = :leave")
            params["leave"] = leave_id
        rows = reads.some(db, " AND ".join(parts), **params)
        found = [(shown, facts) for shown, facts in _rows(desk, db, rows)]
    return tuple(row for row, facts in found if side is None or _on_side(facts, me or 0, side))


def _on_side(facts: Facts, me: int, side: str) -> bool:
    row = facts.row
    if side == "out":
        return me == row.from_csm_id or (row.stand_in and me == row.manager_id) or me in facts.pods.get(row.from_pod_id or 0, ())
    here = {one for member in facts.members for one in (member.csm_id, member.second_id)}
    return me in (row.to_csm_id, row.gatekeeper_id) or me in here or me in facts.pods.get(row.to_pod_id or 0, ()) or (
        row.manager_id == me and row.to_csm_id is None and not row.stand_in
    )


def board(desk: Desk) -> tuple[TransitionRow, ...]:
    """Every running transition: what needs a lead first, then what is overdue, then the next hand-over."""
    found = list_transitions(desk)
    return tuple(sorted(found, key=lambda row: (not row.attention, not row.overdue, row.target, row.id)))


def show(desk: Desk, transition_id: int) -> TransitionShown:
    """One transition whole. Raises NotFound."""
    with desk.store.read() as db:
        shown, facts = _rows(desk, db, [stored(db, transition_id)])[0]
    members = tuple(
        MemberShown(one.account_id, one.account, one.level, one.csm, one.second, one.note) for one in facts.members
    )
    criteria = tuple(
        (one.title, True, f"waived: {facts.waived[one.key]}") if one.key in facts.waived else (one.title, one.holds, one.says)
        for one in (facts.criteria if facts.row.kind == TransitionKind.CSM_TO_POOL else ())
    )
    return TransitionShown(shown, members, tuple(facts.things), tuple(facts.questions), criteria,
                           facts.extra.get("patch_note"))  # fmt: skip


def transitions_of(desk: Desk, account_id: int) -> tuple[TransitionRow, ...]:
    """All transitions of one account, the latest first."""
    found = list_transitions(desk, account=account_id, ended=True)
    return tuple(sorted(found, key=lambda row: (row.ended_at is not None, -row.id)))


def stored(db: Db, transition_id: int) -> Stored:
    """One transition. Raises NotFound."""
    found = reads.one(db, transition_id)
    if found is None:
        raise NotFound(f"There is no transition {transition_id}.")
    return found


def locked(work: Work, transition_id: int) -> Facts:
    """The facts of a transition that is about to be changed, locked where the store locks rows. Raises NotFound."""
    if work.db.dialect == "postgresql":
        work.db.all("SELECT id FROM transition WHERE id = :id FOR UPDATE", id=transition_id)
    return load(work.desk, work.db, [stored(work.db, transition_id)])[transition_id]


def check_side(work: Work, facts: Facts, side: Side, what: str) -> None:
    """Raises Forbidden unless the doer may act for a side."""
    mine = sides(work.me.id, work.me.role, facts.parties)
    if side not in mine and not (side is Side.BOTH and mine):
        words = {Side.OUT: "the outgoing side", Side.IN: "the incoming side", Side.BOTH: "one of the two sides"}
        raise Forbidden(f"{what} is for {words[side]}, or a manager.")


def title(facts: Facts) -> str:
    """What it is about in words: the account, or how many."""
    row = facts.row
    if row.account is not None:
        return row.account
    return f"{row.from_csm_name or row.from_pod or 'a book'}: {plural(len(facts.members), 'account')}"


def _rows(desk: Desk, db: Db, rows: Sequence[Stored]) -> list[tuple[TransitionRow, Facts]]:
    facts = load(desk, db, rows)
    return [(row_of(desk, facts[row.id]), facts[row.id]) for row in rows]


def row_of(desk: Desk, facts: Facts) -> TransitionRow:
    """A transition as lists show it."""
    row, found = facts.row, statuses(facts)
    ended = row.state not in RUNNING
    steps = tuple(_step(one, facts, ended) for one in found)
    phase = [one for one in found if one.row.gates or row.state != TransitionState.STARTED]
    out = [one for one in phase if one.row.side != Side.IN]
    into = [one for one in phase if one.row.side != Side.OUT]
    mine = sides(desk.me.id, desk.me.role, facts.parties)
    scores = [facts.ready[id_].score for id_ in facts.accounts if id_ in facts.ready]
    return TransitionRow(
        id=row.id, kind=row.kind, state=row.state, account_id=row.account_id, account=title(facts), accounts=len(facts.members),
        outgoing=row.from_csm or row.from_pool or row.from_pod or "–", incoming=_incoming(facts), reason=row.reason,
        started_on=row.started_on, target=row.target, returns_on=row.returns_on, readiness=min(scores, default=None), steps=steps,
        out_done=sum(one.is_over for one in out), out_of=len(out), in_done=sum(one.is_over for one in into), in_of=len(into),
        overdue=sum(one.is_overdue for one in steps), undecided=len(facts.undecided) if row.state == TransitionState.STARTED else 0,
        sent_back=row.sent_back, sent_back_why=row.sent_back_why, attention="" if ended else _attention(facts),
        my_side=" ".join(sorted(one.value for one in mine if one is not Side.BOTH)), stand_in=row.stand_in, leave_id=row.leave_id,
        wave=row.wave, tier=row.tier, proposal=row.proposal, agreed_at=row.agreed_at, accepted_at=row.accepted_at,
        ended_at=row.ended_at, end_reason=row.end_reason, manager=row.manager, gatekeeper=row.gatekeeper, arr=row.arr,
        currency=row.currency,
    )  # fmt: skip


def _incoming(facts: Facts) -> str:
    row = facts.row
    return row.to_csm or row.to_pool or row.to_pod or NOBODY


def _attention(facts: Facts) -> str:
    """What is never silent: the lead decides, nobody came back, the day has passed."""
    row = facts.row
    if facts.escalation:
        return facts.escalation
    if row.kind == TransitionKind.COVER and row.returns_on is not None and facts.today > row.returns_on:
        return f"not back since {plural((facts.today - row.returns_on).days, 'day')}: extend, or hand over"
    if row.state == TransitionState.STARTED and facts.today > row.target:
        return f"hand-over {plural((facts.today - row.target).days, 'day')} late"
    if facts.has_another_owner:
        return "it has another owner by now: call it off, start it from who has it"
    if row.to_csm_id is not None and not row.to_csm_active:
        return f"{row.to_csm_name} no longer works here"
    return ""


def _step(one: Status, facts: Facts, ended: bool) -> StepShown:
    row = one.row
    late = not ended and not one.is_over and row.due is not None and row.due < facts.today
    return StepShown(
        row.id, row.key, row.title, row.side, row.role, row.owner, row.due, row.required, row.gates, one.state, one.says,
        str((as_json(row.spec) or {}).get("opens") or ""), one.locked_by, late,
    )  # fmt: skip


__all__ = [
    "MemberShown", "NOBODY", "Plan", "Started", "StartedMany", "StepShown", "TransitionRow", "TransitionShown", "board", "check_side",
    "list_transitions", "locked", "read_kind", "row_of", "show", "start", "start_many", "stored", "title", "transitions_of",
]  # fmt: skip
