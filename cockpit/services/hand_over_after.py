"""What an acceptance leaves behind: a note on each timeline, check-ins to come, the end of an earlier hand-over's follow-up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cockpit.domain.say import plural
from cockpit.domain.transition import CHECK_INS, STAY_CHECK, WAKES_BEFORE
from cockpit.services import leave_end, scoring
from cockpit.services.act import Work
from cockpit.services.transition_evidence import Facts
from db.connection import as_json
from db.reads.transition import Member
from db.terms import Priority, TaskStatus, TransitionKind, TransitionState


def heir(facts: Facts, account_id: int) -> int | None:
    """Who takes what moves: nobody when it goes to a pool's queue."""
    member = next((one for one in facts.members if one.account_id == account_id), None)
    if facts.row.kind in (TransitionKind.COVER, TransitionKind.POD) and member is not None:
        return member.csm_id
    return facts.row.to_csm_id


def end_earlier(work: Work, facts: Facts) -> None:
    """Ends the follow-up of an earlier hand-over of the same account: who was to do it does not have it any more."""
    params: dict[str, Any] = {"id": facts.row.id}
    marks = work.db.marks("a", facts.accounts, params)
    rows = work.db.all(
        "SELECT t.id, t.leave_id FROM transition t WHERE t.state = 'accepted' AND t.kind <> 'cover' AND t.id <> :id"
        f" AND t.account_id IN ({marks}) ORDER BY t.id",
        **params,
    )
    if not rows:
        return
    why = f"handed over again by transition {facts.row.id}"
    work.update_many("transition", {
        id_: {"state": TransitionState.DONE, "ended_at": work.now, "end_reason": why} for id_, _ in rows
    })  # fmt: skip
    params = {}
    marks = work.db.marks("t", [id_ for id_, _ in rows], params)
    open_ = work.db.all(f"SELECT id FROM task WHERE status = 'open' AND transition_id IN ({marks}) ORDER BY id", **params)
    work.update_many("task", {id_: {"status": TaskStatus.SKIPPED, "done_at": work.now, "note": why} for (id_,) in open_})
    runs = work.db.all(f"SELECT id FROM run WHERE ended_at IS NULL AND transition_id IN ({marks}) ORDER BY id", **params)
    work.update_many("run", {id_: {"ended_at": work.now} for (id_,) in runs})
    for leave in sorted({leave for _, leave in rows if leave is not None}):
        leave_end.after(work, leave)


def log(work: Work, facts: Facts) -> None:
    """A note of the transition on each timeline."""
    type_id = work.db.scalar("SELECT id FROM activity_type WHERE lower(name) = 'transition note' AND active = TRUE")
    if type_id is None:
        return
    row = facts.row
    out = row.from_csm_name or row.from_pool or row.from_pod or "nobody"
    into = row.to_csm_name or row.to_pool or row.to_pod or "nobody"
    words = [f"Reason: {row.reason}"] if row.reason else []
    words += [f"Sent back {plural(row.sent_back, 'time')}, last: {row.sent_back_why}"] if row.sent_back else []
    words += [f"Waived: {one.title}: {one.note}" for one in facts.steps if one.status == "skipped"]
    work.insert_many("activity", [
        {"account_id": id_, "type_id": type_id, "author_id": work.me.id, "subject": f"Handed over from {out} to {into}",
         "body": "\n".join(words) or None, "at": work.now, "internal": True}
        for id_ in facts.accounts
    ])  # fmt: skip


def follow_up(work: Work, facts: Facts) -> None:
    """The check-ins, as CTAs that sleep until they are near; each step knows its own."""
    days = {"stay": STAY_CHECK} if facts.row.kind == TransitionKind.CSM_TO_POOL else CHECK_INS
    steps = [one for one in facts.steps if one.key in days]
    if not steps or not facts.members:
        return
    type_id = work.db.scalar("SELECT id FROM cta_type WHERE name = 'lifecycle'") or work.db.scalar("SELECT min(id) FROM cta_type")
    reason = work.db.scalar("SELECT id FROM reason WHERE lower(name) = 'check-in after hand-over'")
    reason = reason or work.insert("reason", {"name": "Check-in after hand-over"})
    today = facts.calendar.local_date(work.now)
    made: list[int] = []
    for step in steps:
        due = facts.calendar.add_business_days(today, days[step.key])
        wakes = facts.calendar.add_business_days(due, -WAKES_BEFORE)
        owner = facts.row.gatekeeper_id if step.key == "stay" else None
        rows = [_check_in(work, facts, member, step.title, due, wakes, owner) | {"type_id": type_id, "reason_id": reason}
                for member in facts.members]  # fmt: skip
        ids = work.insert_many("cta", rows)
        made += ids
        work.update("task", step.id, {"due": due, "spec": {**(as_json(step.spec) or {}), "cta": ids[0], "ctas": ids}})
    scoring.rescore(work, made)


def _check_in(
    work: Work, facts: Facts, member: Member, name: str, due: date, wakes: date, owner: int | None
) -> dict[str, Any]:
    whose = owner or heir(facts, member.account_id)
    pool = facts.row.to_pool_id or work.db.scalar("SELECT pool_id FROM account WHERE id = :id", id=member.account_id)
    held = {"owner_id": whose, "claimed_at": work.now, "touched_at": work.now, "first_claimed_at": work.now} if whose else {}
    return held | {
        "account_id": member.account_id, "pool_id": pool, "title": name, "priority": Priority.MEDIUM, "due": due,
        "opened_at": work.now, "snoozed_at": work.now, "snoozed_until": max(wakes, work.today + timedelta(days=1)),
        "snooze_reason": "until shortly before it is due", "source": f"transition {facts.row.id}",
        "description": f"After the hand-over from {facts.row.from_csm_name or facts.row.from_pool}: how is it going?"
        " Say how the customer feels when you close it.",
    }  # fmt: skip
