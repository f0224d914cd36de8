"""Acceptance: owner, coverage, CTAs, tasks, interventions, drafts and meetings change hands in one transaction, as decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cockpit.domain.say import day, listed
from cockpit.domain.transition import may_accept, may_move, open_gates
from cockpit.services import hand_over_after as after
from cockpit.services import scoring, stages
from cockpit.services.act import Work, act
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.hand_over_after import heir
from cockpit.services.transition import locked, title
from cockpit.services.transition_brief import keep_signed
from cockpit.services.transition_evidence import Facts, statuses
from db.connection import as_json
from db.reads import intervention
from db.reads.transition import Member, OpenThing
from db.terms import CtaStatus, EntryState, Outcome, ServedBy, Stage, TransitionKind, TransitionState

SIGNS = frozenset({"sign", "accept", "agree"})
"""Steps that acceptance itself completes (``agree`` of a cover)."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over: how much moved, closed, went to the queue."""

    id: int
    account: str
    state: str
    moved: int
    closed: int
    queued: int
    act: int | None = None
    said: str = ""


@act("accept")
def accept(work: Work, transition_id: int) -> HandedOver:
    """Accepts for the incoming side: signs the brief at its current version and moves everything as decided.

    For a cover the owner stays; the absence begins by itself on its day. Raises Refused (open gates), Forbidden.
    """
    facts = locked(work, transition_id)
    row = facts.row
    no = may_move(TransitionState(row.state), TransitionState.ACCEPTED)
    if no is not None:
        raise Refused(no.code, no.sentence)
    no = may_accept(work.me.id, work.me.role, facts.parties)
    if no is not None:
        raise Forbidden(no.sentence)
    _check_here(work, facts)
    gates = {
        one.row.key: one.is_over for one in statuses(facts) if one.row.gates and not (one.row.key in SIGNS and _by_accepting(one.row.spec))
    }
    no = open_gates(gates, {one.key: one.title for one in facts.steps})
    if no is not None:
        raise Refused(no.code, no.sentence)
    return carry_out(work, facts)


def carry_out(work: Work, facts: Facts, *, by: int | None = None, follow: bool = True) -> HandedOver:
    """The hand-over itself inside an act, whatever its gates say; ``by`` accepts, its doer otherwise."""
    row, who = facts.row, by or work.me.id
    _sign(work, facts, who)
    values: dict[str, Any] = {"state": TransitionState.ACCEPTED, "accepted_at": work.now, "accepted_by_id": who}
    if row.kind == TransitionKind.COVER:
        values["away_id"] = row.away_id or _absence(work, facts)
        counts = _decided(work, facts)
    else:
        below = _below(work, facts)
        _move_accounts(work, facts, below)
        counts = _decided(work, facts)
        heirs = {id_: heir(facts, below.get(id_, id_)) for id_ in (*facts.accounts, *below)}
        _interventions_follow(work, facts, heirs)
        _move_rest(work, facts, heirs)
        after.end_earlier(work, facts)
        after.log(work, facts)
    work.update("transition", row.id, values)
    _settle_gates(work, facts)
    if follow:
        after.follow_up(work, facts)
    return _said(work, facts, counts)


def _check_here(work: Work, facts: Facts) -> None:
    """Nothing moves to somebody who no longer works here, nor a whole account to nobody."""
    takers = {facts.row.to_csm_id, *(one.csm_id for one in facts.members), *(one.second_id for one in facts.members)}
    takers |= {one.to_csm_id for one in facts.things}
    params: dict[str, Any] = {}
    marks = work.db.marks("i", sorted(one for one in takers if one is not None), params)
    gone = work.db.one(f"SELECT name FROM csm WHERE active = FALSE AND id IN ({marks}) ORDER BY id", **params)
    if gone is not None:
        raise Refused("inactive", f"{gone[0]} no longer works here: choose somebody else first.")
    if facts.row.kind in (TransitionKind.CSM_TO_CSM, TransitionKind.POOL_TO_CSM) and facts.row.to_csm_id is None:
        raise Refused("nobody", "Nobody is chosen to take it.")
    if facts.row.kind == TransitionKind.POD and any(one.csm_id is None for one in facts.members):
        raise Refused("nobody", "An account has no lead yet.")
    if facts.has_another_owner:
        raise Refused("owner", f"{title(facts)} has another owner by now: call it off, and start it from who has it.")


def _by_accepting(spec: Any) -> bool:
    return ((as_json(spec) or {}).get("done") or "") in ("signed", "accepted")


def _sign(work: Work, facts: Facts, who: int | None) -> None:
    """Signs the current version of each brief: acceptance says that it was read."""
    for account_id in facts.accounts:
        brief = facts.current_brief(account_id)
        if brief is not None and brief.signed_at is None:
            keep_signed(work, facts, brief, who)


def _move_accounts(work: Work, facts: Facts, below: Mapping[int, int]) -> None:
    changes = {member.account_id: _moved(facts, member) for member in facts.members}
    changes |= {id_: {"owner_id": changes[account]["owner_id"]} for id_, account in below.items() if id_ not in changes}
    work.update_many("account", changes)


def _moved(facts: Facts, member: Member) -> dict[str, Any]:
    row = facts.row
    if row.kind == TransitionKind.CSM_TO_POOL:
        return {"owner_id": None, "pool_id": row.to_pool_id, "served_by": ServedBy.POOL, "pod_id": None}
    if row.kind == TransitionKind.POD:
        return {"owner_id": member.csm_id, "pod_id": row.to_pod_id, "served_by": ServedBy.POD}
    if row.kind == TransitionKind.POOL_TO_CSM:
        return {"owner_id": row.to_csm_id, "served_by": facts.extra.get("served_by") or ServedBy.DEDICATED}
    return {"owner_id": row.to_csm_id}


def _below(work: Work, facts: Facts) -> dict[int, int]:
    """The relationships that the outgoing CSM has under its accounts, each with its account: they go along."""
    params: dict[str, Any] = {"owner": facts.row.from_csm_id or 0}
    marks = work.db.marks("a", facts.accounts, params)
    return dict(work.db.all(f"SELECT id, parent_id FROM account WHERE parent_id IN ({marks}) AND owner_id = :owner ORDER BY id", **params))


def _decided(work: Work, facts: Facts) -> dict[str, int]:
    """Carries out what was decided; what the outgoing side meant to finish and did not moves. Returns counts."""
    covers = facts.row.kind == TransitionKind.COVER
    moves: list[tuple[OpenThing, int]] = []
    closes: list[OpenThing] = []
    queued: list[OpenThing] = []
    for one in facts.things:
        choice = one.choice or ("wait" if covers else "move")
        if choice == "wait" or (covers and choice == "keep"):
            continue
        if choice == "close":
            closes.append(one)
        elif facts.row.from_csm_id is None and one.owner_id is None and choice == "move" and one.thing != "cta":
            continue
        elif choice == "pool" or (taker := one.to_csm_id or heir(facts, one.member_id)) is None:
            queued.append(one)
        else:
            moves.append((one, taker))
    _move(work, facts, moves)
    _close(work, facts, closes)
    _queue(work, facts, queued)
    return {"moved": len(moves), "closed": len(closes), "queued": len(queued)}


def _ids(things: Sequence[OpenThing], kind: str) -> list[int]:
    return [one.thing_id for one in things if one.thing == kind]


def _move(work: Work, facts: Facts, moves: Sequence[tuple[OpenThing, int]]) -> None:
    ctas, tasks, interventions, drafts, meetings = ({one.thing_id: to for one, to in moves if one.thing == kind} for kind in (
        "cta", "task", "intervention", "draft", "activity"))  # fmt: skip
    held = {
        id_: {"owner_id": to, "claimed_at": work.now, "touched_at": work.now}
        | ({"first_claimed_at": work.now} if first is None else {})
        for (id_, to), first in zip(ctas.items(), _first_claims(work, list(ctas)), strict=True)
    }
    work.update_many("cta", held)
    _tasks_follow(work, facts, ctas)
    work.update_many("task", {id_: {"owner_id": to} for id_, to in tasks.items()})
    work.update_many("intervention", {id_: {"csm_id": to} for id_, to in interventions.items()})
    work.update_many("draft", {id_: {"author_id": to} for id_, to in drafts.items()})
    work.update_many("activity", {id_: {"author_id": to} for id_, to in meetings.items()})
    _invite(work, facts, meetings)
    scoring.rescore(work, list(ctas))


def _first_claims(work: Work, cta_ids: Sequence[int]) -> list[Any]:
    params: dict[str, Any] = {}
    marks = work.db.marks("i", list(cta_ids), params)
    found = {row[0]: row[1] for row in work.db.all(f"SELECT id, first_claimed_at FROM cta WHERE id IN ({marks})", **params)}
    return [found.get(id_) for id_ in cta_ids]


def _tasks_follow(work: Work, facts: Facts, ctas: Mapping[int, int | None]) -> None:
    """Open tasks of the outgoing CSM go with their CTA."""
    if not ctas or facts.row.from_csm_id is None:
        return
    params: dict[str, Any] = {"csm": facts.row.from_csm_id}
    marks = work.db.marks("i", list(ctas), params)
    rows = work.db.all(
        f"SELECT id, cta_id FROM task WHERE status = 'open' AND owner_id = :csm AND cta_id IN ({marks})", **params
    )
    work.update_many("task", {id_: {"owner_id": ctas[cta]} for id_, cta in rows})


def _invite(work: Work, facts: Facts, meetings: Mapping[int, int]) -> None:
    """Who takes a planned meeting over is asked to it in place of who leaves."""
    for activity_id, to in meetings.items():
        seat = work.db.one(
            "SELECT id FROM attendee WHERE activity_id = :id AND csm_id = :csm", id=activity_id, csm=facts.row.from_csm_id or 0
        )
        there = work.db.one("SELECT id FROM attendee WHERE activity_id = :id AND csm_id = :csm", id=activity_id, csm=to)
        if there is None:
            if seat is not None:
                work.update("attendee", seat[0], {"csm_id": to})
            else:
                work.insert("attendee", {"activity_id": activity_id, "csm_id": to})


def _close(work: Work, facts: Facts, things: Sequence[OpenThing]) -> None:
    notes = {one.thing_id: one.note or "Closed at the hand-over" for one in things}
    ctas = _ids(things, "cta")
    work.update_many("cta", {id_: {
        "status": CtaStatus.CLOSED, "outcome": Outcome.NO_ACTION, "close_note": notes[id_], "closed_at": work.now, "snoozed_at": None,
        "snoozed_until": None, "snooze_reason": None, "snooze_wake": None,
    } for id_ in ctas})  # fmt: skip
    stages.after_close(work, ctas, Outcome.NO_ACTION, "Closed at the hand-over")
    work.update_many("task", {id_: {"status": "skipped", "done_at": work.now, "note": notes[id_]} for id_ in _ids(things, "task")})
    for id_ in _ids(things, "intervention"):
        row = intervention.one(work.db, id_)
        if row is not None and row.ended_at is None:
            stages.finish(work, row, Stage.LOST, reason=notes[id_])
    work.delete_many("draft", _ids(things, "draft"))
    work.update_many("activity", {id_: {"state": EntryState.CANCELLED} for id_ in _ids(things, "activity")})


def _queue(work: Work, facts: Facts, things: Sequence[OpenThing]) -> None:
    """To the pool: CTAs lose their owner and keep their lane; meetings and drafts have nobody to hold them and end."""
    ctas = _ids(things, "cta")
    pool = facts.row.to_pool_id or facts.row.from_pool_id
    note = f"Handed over by {facts.row.from_csm_name or facts.row.from_pool or 'its side'}"
    queued = {"owner_id": None, "claimed_at": None, "touched_at": None, "left_note": note, "opened_at": work.now}
    work.update_many("cta", {id_: queued | ({"pool_id": pool} if pool else {}) for id_ in ctas})
    _tasks_follow(work, facts, dict.fromkeys(ctas))
    work.update_many("task", {id_: {"owner_id": None} for id_ in _ids(things, "task")})
    work.update_many("intervention", {id_: {"csm_id": None} for id_ in _ids(things, "intervention")})
    work.update_many("draft", {id_: {"author_id": None} for id_ in _ids(things, "draft")})
    work.update_many("activity", {id_: {"author_id": None} for id_ in _ids(things, "activity")})
    scoring.rescore(work, ctas)


def _interventions_follow(work: Work, facts: Facts, heirs: Mapping[int, int | None]) -> None:
    """Those that go on without their CTA, or with it, are whose the account is now: the CTA's holder, else the heir's."""
    params: dict[str, Any] = {} if facts.row.from_csm_id is None else {"csm": facts.row.from_csm_id}
    marks = work.db.marks("a", list(heirs), params)
    hers = "TRUE" if facts.row.from_csm_id is None else "i.csm_id = :csm"
    rows = work.db.all(
        "SELECT i.id, i.account_id, c.owner_id, c.status FROM intervention i LEFT JOIN cta c ON c.id = i.cta_id"
        f" WHERE i.ended_at IS NULL AND {hers} AND i.account_id IN ({marks})",
        **params,
    )
    changes = {id_: {"csm_id": owner if status == "open" else heirs[account]} for id_, account, owner, status in rows}
    work.update_many("intervention", changes)


def _move_rest(work: Work, facts: Facts, heirs: Mapping[int, int | None]) -> None:
    """Goals, risks and escalations the outgoing CSM followed are the incoming one's."""
    if facts.row.from_csm_id is None:
        return
    params: dict[str, Any] = {"csm": facts.row.from_csm_id}
    marks = work.db.marks("a", list(heirs), params)
    for table, column, still in (
        ("goal", "owner_id", "status = 'open'"),
        ("risk", "csm_id", "closed_on IS NULL"),
        ("escalation", "csm_id", "closed_at IS NULL"),
    ):
        rows = work.db.all(
            f"SELECT id, account_id FROM {table} WHERE account_id IN ({marks}) AND {column} = :csm AND {still} ORDER BY id", **params
        )
        work.update_many(table, {id_: {column: heirs[account]} for id_, account in rows})


def _settle_gates(work: Work, facts: Facts) -> None:
    """Keeps what showed that each gate was passed; nothing changes about it afterwards."""
    changes: dict[int, dict[str, Any]] = {}
    for one in statuses(facts):
        if one.row.status == "open" and one.row.gates and (one.state == "done" or one.row.key in SIGNS):
            says = "accepted" if one.row.key in SIGNS and _by_accepting(one.row.spec) else one.says
            changes[one.row.id] = {"status": "done", "done_at": work.now, "done_by_id": work.me.id, "note": says or None}
    work.update_many("task", changes)


def _absence(work: Work, facts: Facts) -> int:
    """The days the cover runs; an absence that is there already is the cover's."""
    row = facts.row
    assert row.returns_on is not None
    last = row.returns_on - timedelta(days=1)
    there = work.db.one(
        "SELECT id, cover_id FROM away WHERE csm_id = :csm AND ended_at IS NULL AND first <= :last AND last >= :first",
        csm=row.from_csm_id, first=row.target, last=last,
    )  # fmt: skip
    if there is not None:
        work.update("away", there[0], {"cover_id": row.to_csm_id or there[1]})
        return int(there[0])
    values = {"csm_id": row.from_csm_id, "first": row.target, "last": last, "cover_id": row.to_csm_id, "note": row.reason}
    return work.insert("away", values)


def _said(work: Work, facts: Facts, counts: Mapping[str, int]) -> HandedOver:
    row = facts.row
    words = [f"{counts[key]} {word}" for key, word in (("moved", "moved"), ("closed", "closed"), ("queued", "to the queue")) if counts[key]]
    tail = f" ({listed(words)})" if words else ""
    if row.kind == TransitionKind.COVER:
        what = f"Agreed to cover {title(facts)} from {day(row.target, work.today)}{tail}"
    else:
        whom = row.to_csm_name or row.to_pool or row.to_pod
        what = f"Handed over {title(facts)} to {whom}{tail}"
    work.say(what)
    done = HandedOver(row.id, title(facts), TransitionState.ACCEPTED, counts["moved"], counts["closed"], counts["queued"])
    return replace(done, said=what)
