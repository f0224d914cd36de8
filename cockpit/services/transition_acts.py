"""What both sides do on the way: decide, agree, choose, review people, ask and answer, waive, tick, send back, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.playbook import Days
from cockpit.domain.say import day, listed, plural
from cockpit.domain.transition import CHOICES, LEADERS, escalates, may_move
from cockpit.services import departure, leave_end, lookup
from cockpit.services import transition_decisions as decisions
from cockpit.services.act import Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.playbook import usual_span
from cockpit.services.start import redate
from cockpit.services.transition import check_side, locked, title
from cockpit.services.transition_evidence import Facts, statuses
from cockpit.services.transition_start import owner_of
from db.connection import as_json
from db.reads import playbook as books
from db.reads.transition import StepRow
from db.terms import EntryState, Side, TransitionKind, TransitionState


@dataclass(frozen=True, slots=True)
class Changed:
    """A transition after an act on it."""

    id: int
    account: str
    state: str
    act: int | None = None
    said: str = ""


@act("decide")
def decide(
    work: Work, transition_id: int, choice: str, things: Sequence[str] = (), to: str | None = None, note: str = ""
) -> Changed:
    """Says what becomes of open things at the hand-over: of those named (``cta 17``), or of all that are undecided.

    ``choice`` is one of CHOICES; ``to`` gives what moves to another CSM than the incoming one. Raises NotFound, Refused.
    """
    facts = _open(work, transition_id)
    check_side(work, facts, Side.OUT, "Deciding")
    wanted = choice.strip().casefold().replace("-", "_")
    if wanted not in CHOICES:
        raise Refused("choice", f"An open thing can {listed(CHOICES, 'or')}, not {choice!r}.")
    if wanted == "wait" and facts.row.kind != TransitionKind.COVER:
        raise Refused("wait", "Only while a colleague covers may something wait: here it moves, closes, or goes to the pool.")
    chosen = decisions.chosen(facts, things)
    if wanted == "pool":
        decisions.check_queue(work, facts, chosen)
    to_id = lookup.active_csm(work.db, to)[0] if to else None
    if to_id is not None and wanted != "move":
        raise Refused("to", "Only what moves goes to somebody.")
    decisions.write(work, facts, chosen, {"choice": wanted, "to_csm_id": to_id, "note": clean_line(note) or None})
    what = plural(len(chosen), "open thing") if len(chosen) != 1 else f"{chosen[0].thing} {chosen[0].title}"
    return _said(work, facts, f"Decided on {title(facts)}: {what} → {wanted}{f' to {to}' if to else ''}")


@act("agree_transition")
def agree(work: Work, transition_id: int, note: str = "") -> Changed:
    """Says for the receiving manager that the customer may be told (or that the case holds). Raises Refused, Forbidden."""
    facts = _open(work, transition_id)
    if work.me.role not in LEADERS and work.me.id != facts.row.manager_id:
        raise Forbidden("The receiving side's manager agrees that the customer may be told.")
    if facts.row.agreed_at is not None:
        raise Refused("agreed", "It is agreed already.")
    step = next((one for one in statuses(facts) if one.row.key in ("agree", "case")), None)
    if step is not None and step.state == "locked":
        raise Refused("locked", f"First: {listed([_title_of(facts, one) for one in step.locked_by])}.")
    work.update("transition", transition_id, {"agreed_at": work.now, "agreed_by_id": work.me.id})
    _note_step(work, facts, ("agree", "case"), note)
    return _said(work, facts, f"Agreed: the customer of {title(facts)} may be told")


@act("choose")
def choose(work: Work, transition_id: int, to: str, why: str = "") -> Changed:
    """Chooses (or changes) the CSM who takes it over, with the reason; steps of that side become hers."""
    facts = _open(work, transition_id)
    check_side(work, facts, Side.IN if facts.row.to_csm_id else Side.BOTH, "Choosing who takes it")
    if facts.row.kind not in (TransitionKind.CSM_TO_CSM, TransitionKind.POOL_TO_CSM):
        raise Refused("kind", "Only a hand-over to a CSM has one to choose.")
    to_id, name = lookup.active_csm(work.db, to)
    if to_id == facts.row.from_csm_id:
        raise Refused("same", f"{name} has it already.")
    reason = clean_line(why) or facts.row.proposal
    manager = work.db.scalar("SELECT manager_id FROM csm WHERE id = :id", id=to_id) or facts.row.manager_id
    values = {"to_csm_id": to_id, "manager_id": manager}
    work.update("transition", transition_id, {**values, "proposal": reason})
    _rewrite_owners(work, facts, values)
    return _said(work, facts, f"{name} takes {title(facts)}" + (f": {reason}" if reason else ""))


@act("move_transition")
def edit(
    work: Work, transition_id: int, target: date | None = None, reason: str | None = None, returns_on: date | None = None
) -> Changed:
    """Moves the day of the hand-over (or of the return), with every step that hangs on it, or writes the reason anew."""
    facts = _open(work, transition_id)
    check_side(work, facts, Side.BOTH, "Changing it")
    values: dict[str, Any] = {}
    if target is not None:
        if target < work.today:
            raise Refused("target", f"{day(target, work.today)} is past: the hand-over is today or later.")
        values["target"] = target
    if reason is not None:
        values["reason"] = clean_line(reason) or None
    if returns_on is not None:
        if facts.row.kind != TransitionKind.COVER:
            raise Refused("returns", "Only a cover has a day of return.")
        values["returns_on"] = returns_on
    back = returns_on or facts.row.returns_on
    if back is not None and back <= (target or facts.row.target):
        raise Refused("returns", "The return comes after the first day of the cover.")
    if not values:
        raise Refused("nothing", "Say what to change: the day, the reason.")
    work.update("transition", transition_id, values)
    if target is not None or returns_on is not None:
        _redate(work, facts, target or facts.row.target, returns_on or facts.row.returns_on)
    words = [f"hand-over {day(target, work.today)}"] if target else []
    words += [f"return {day(returns_on, work.today)}"] if returns_on else []
    words += [f"reason: {values['reason'] or 'none'}"] if reason is not None else []
    return _said(work, facts, f"Changed the transition of {title(facts)}: {listed(words)}")


def _redate(work: Work, facts: Facts, target: date, returns_on: date | None) -> None:
    rows = work.db.all("SELECT id, playbook_id FROM run WHERE transition_id = :id", id=facts.row.id)
    for run, playbook_id in rows:
        book = books.by_id(work.db, playbook_id)
        usual = usual_span(book) if book is not None else None
        redate(work, run, Days(facts.row.started_on, target, returns_on, usual=usual), facts.calendar)


def _rewrite_owners(work: Work, facts: Facts, change: Mapping[str, Any]) -> None:
    row = {
        "from_csm_id": facts.row.from_csm_id, "to_csm_id": facts.row.to_csm_id, "manager_id": facts.row.manager_id,
        "gatekeeper_id": facts.row.gatekeeper_id, "stand_in": facts.row.stand_in,
    } | dict(change)  # fmt: skip
    work.update_many("task", {one.id: {"owner_id": owner_of(one.side, one.role, row)} for one in facts.steps if one.status == "open"})


@act("confirm_people")
def confirm_people(
    work: Work, transition_id: int, people: Sequence[int] = (), left: Sequence[int] = (), none: str = ""
) -> Changed:
    """Confirms members of the network one by one (all that are not yet, when none are named).

    ``left`` have left the company: each leaves the event and the CTA that ``departure.left`` does. ``none`` says why no
    driver or key user is named. Raises NotFound.
    """
    facts = _open(work, transition_id)
    check_side(work, facts, Side.OUT, "Reviewing the people")
    seats = [one for id_ in facts.accounts for one in facts.members_of(id_)]
    known = {one.person_id for one in seats}
    unknown = [id_ for id_ in (*people, *left) if id_ not in known]
    if unknown:
        raise NotFound(f"Person {unknown[0]} is no member of the network here.")
    wanted = set(people) or {one.person_id for one in seats if one.confirmed_at is None or one.confirmed_at < facts.began} - set(left)
    if left and not people:
        wanted = set()
    if none:
        work.update("transition", transition_id, {"extra": {**facts.extra, "people_none": clean_line(none)}})
        wanted = wanted if people else set()
    changes: dict[int, dict[str, Any]] = {
        one.membership_id: {"confirmed_at": work.now, "confirmed_by_id": work.me.id} for one in seats if one.person_id in wanted
    }
    work.update_many("membership", changes)
    parts = [f"{len(wanted)} confirmed"] if wanted else []
    parts += [departure.leave(work, id_).said for id_ in dict.fromkeys(left)]
    parts += [f"nobody more because {clean_line(none)}"] if none else []
    return _said(work, facts, f"Reviewed the people of {title(facts)}: {listed(parts) or 'nothing to confirm'}")


@act("do_step")
def do_step(work: Work, transition_id: int, key: str, note: str = "") -> Changed:
    """Records a guided step as done: of one with a check, what shows it; of one ticked by hand, the note.

    Raises NotFound, Refused (not done yet, locked, no note).
    """
    facts = locked(work, transition_id)
    if facts.row.ended_at is not None and facts.row.state == TransitionState.CANCELLED:
        raise Refused("ended", "This transition was cancelled.")
    status = next((one for one in statuses(facts) if one.row.key == key), None)
    if status is None:
        raise NotFound(f"There is no step {key!r}; there are {listed([one.key for one in facts.steps])}.")
    check_side(work, facts, Side(status.row.side), status.row.title)
    if status.is_over and status.row.status != "open":
        raise Refused("done", f"{status.row.title} is {status.state} already.")
    text = clean_text(note)
    by_hand = not (as_json(status.row.spec) or {}).get("done")
    if status.state == "locked":
        raise Refused("locked", f"{status.row.title} waits for {listed([_title_of(facts, one) for one in status.locked_by])}.")
    if by_hand and not text:
        raise Refused("note", f"{status.row.title} is ticked by hand: say in a note what was done.")
    if not by_hand and status.state != "done":
        raise Refused("not_done", f"{status.row.title}: {status.says}. It is done when that is.")
    work.update("task", status.row.id, {
        "status": "done", "done_at": work.now, "done_by_id": work.me.id, "note": text or status.says or None,
    })  # fmt: skip
    return _said(work, facts, f"Done on {title(facts)}: {status.row.title}")


@act("waive")
def waive(work: Work, transition_id: int, key: str, reason: str) -> Changed:
    """Lets a required step (or one of the pool's criteria) go, with the reason, which the brief shows. For managers.

    Raises NotFound, Refused (no reason, done already), Forbidden.
    """
    facts = locked(work, transition_id)
    if work.me.role not in LEADERS and work.me.id != facts.row.manager_id:
        raise Forbidden("A required step is waived by the receiving manager, with a reason.")
    why = clean_line(reason)
    if not why:
        raise Refused("reason", "Say why it is waived; the brief shows it.")
    criterion = next((one for one in facts.criteria if one.key == key and facts.row.kind == TransitionKind.CSM_TO_POOL), None)
    if criterion is not None:
        work.update("transition", transition_id, {"extra": {**facts.extra, "waived": {**facts.waived, key: why}}})
        return _said(work, facts, f"Waived for {title(facts)}: {criterion.title}: {why}")
    status = next((one for one in statuses(facts) if one.row.key == key), None)
    if status is None:
        raise NotFound(f"There is no step {key!r}; there are {listed([one.key for one in facts.steps])}.")
    step = status.row
    if status.is_over:
        raise Refused("done", f"{step.title} is over already.")
    if step.key in ("sign", "accept"):
        raise Refused("accept", "Accepting is not waived: it is the hand-over itself.")
    work.update("task", step.id, {"status": "skipped", "waived_by_id": work.me.id, "done_at": work.now, "note": why})
    return _said(work, facts, f"Waived for {title(facts)}: {step.title}: {why}")


@act("pass_gate")
def pass_gate(work: Work, transition_id: int, note: str = "") -> Changed:
    """Lets an account into the pool: its gatekeeper has looked at brief, gaps and criteria. Raises Refused, Forbidden."""
    facts = _open(work, transition_id)
    _check_keeper(work, facts)
    status = next((one for one in statuses(facts) if one.row.key == "gate"), None)
    if status is None:
        raise Refused("kind", "Only what goes to a pool passes its gatekeeper.")
    if status.state == "done":
        raise Refused("passed", "It has passed already.")
    if status.state == "locked":
        raise Refused("locked", f"First: {listed([_title_of(facts, one) for one in status.locked_by])}.")
    gate = {"by": work.me.login, "at": work.now.isoformat()}
    work.update("transition", transition_id, {"extra": {**facts.extra, "gate": gate}})
    _note_step(work, facts, ("gate",), note)
    return _said(work, facts, f"Let {title(facts)} pass the gate")


@act("send_back")
def send_back(work: Work, transition_id: int, reason: str) -> Changed:
    """Sends it back to the outgoing side with the reason; counter and age stay, and after two returns the lead decides.

    Raises Refused (no reason, handed over already), Forbidden.
    """
    facts = _open(work, transition_id)
    if facts.row.kind == TransitionKind.CSM_TO_POOL:
        _check_keeper(work, facts)
    else:
        check_side(work, facts, Side.IN, "Sending it back")
    why = clean_text(reason)
    if not why:
        raise Refused("reason", "Say what has to change before it can be taken.")
    times = facts.row.sent_back + 1
    extra = {key: value for key, value in facts.extra.items() if key != "gate"}
    work.update("transition", transition_id, {
        "sent_back": times, "sent_back_why": why, "sent_back_at": work.now, "extra": extra or None, "agreed_at": None,
        "agreed_by_id": None,
    })  # fmt: skip
    reopened = [one for one in facts.steps if one.key in ("gate", "agree", "case", "gaps") and one.status == "done"]
    work.update_many("task", {one.id: {"status": "open", "done_at": None, "done_by_id": None} for one in reopened})
    tail = escalates(times, 0)
    return _said(work, facts, f"Sent back {title(facts)} (time {times}): {why}" + (f" · {tail}" if tail else ""))


@act("cancel_transition")
def cancel(work: Work, transition_id: int, reason: str) -> Changed:
    """Calls a transition off before the hand-over; the account stays where it is. Raises Refused, Forbidden."""
    facts = locked(work, transition_id)
    no = may_move(TransitionState(facts.row.state), TransitionState.CANCELLED)
    if no is not None:
        raise Refused(no.code, no.sentence)
    check_side(work, facts, Side.OUT, "Calling it off")
    why = clean_line(reason)
    if not why:
        raise Refused("reason", "Say why it is called off.")
    values = {"state": TransitionState.CANCELLED, "ended_at": work.now, "end_reason": why}
    work.update("transition", transition_id, values)
    skipped = {one.id: {"status": "skipped", "note": "called off"} for one in facts.steps if one.status == "open"}
    work.update_many("task", skipped)
    end_runs(work, transition_id)
    _call_off_meetings(work, transition_id)
    return _said(work, facts, f"Called off {title(facts)}: {why}" + leave_end.after(work, facts.row.leave_id))


@act("end_transition")
def end(work: Work, transition_id: int, stay: str = "") -> Changed:
    """Ends a hand-over whose follow-up is done; for one to a pool ``stay`` says whether it stays. Raises Refused."""
    facts = locked(work, transition_id)
    if facts.row.kind == TransitionKind.COVER:
        raise Refused("cover", "A cover ends when its accounts are taken back: `transition take-back`.")
    no = may_move(TransitionState(facts.row.state), TransitionState.DONE)
    if no is not None:
        raise Refused(no.code, no.sentence)
    check_side(work, facts, Side.IN, "Ending it")
    words = clean_line(stay)
    if words:
        work.update("transition", transition_id, {"extra": {**facts.extra, "stay": words}})
        facts = locked(work, transition_id)
    left = [one for one in statuses(facts) if one.row.required and not one.is_over]
    if left:
        first = left[0]
        raise Refused("follow_up", f"{plural(len(left), 'follow-up')} open, first: {first.row.title} ({first.says}).")
    work.update("transition", transition_id, {"state": TransitionState.DONE, "ended_at": work.now})
    _settle(work, facts)
    end_runs(work, transition_id)
    return _said(work, facts, f"Ended the transition of {title(facts)}" + leave_end.after(work, facts.row.leave_id))


def _call_off_meetings(work: Work, transition_id: int) -> None:
    """The calls that were planned for it do not take place."""
    rows = work.db.all(
        "SELECT id FROM activity WHERE key LIKE :mine AND state = 'planned' AND superseded IS NULL ORDER BY id",
        mine=f"transition-{transition_id}-%",
    )
    work.update_many("activity", {id_: {"state": EntryState.CANCELLED} for (id_,) in rows})


def _open(work: Work, transition_id: int) -> Facts:
    """A transition that is not handed over yet. Raises Refused."""
    facts = locked(work, transition_id)
    if facts.row.state != TransitionState.STARTED:
        no = may_move(TransitionState(facts.row.state), TransitionState.CANCELLED)
        raise Refused(no.code if no else "state", no.sentence if no else "It is handed over already.")
    return facts


def _check_keeper(work: Work, facts: Facts) -> None:
    if work.me.role not in LEADERS and work.me.id != facts.row.gatekeeper_id:
        raise Forbidden(f"The pool's gatekeeper ({facts.row.gatekeeper or 'nobody yet: a manager'}) decides what comes in.")


def _note_step(work: Work, facts: Facts, keys: Sequence[str], note: str) -> None:
    step = next((one for one in facts.steps if one.key in keys and one.status == "open"), None)
    if step is not None:
        values = {"status": "done", "done_at": work.now, "done_by_id": work.me.id, "note": clean_text(note) or None}
        work.update("task", step.id, values)


def _settle(work: Work, facts: Facts) -> None:
    """Keeps with each step that is done what showed it."""
    changes: dict[int, dict[str, Any]] = {}
    for one in statuses(facts):
        if one.state == "done" and one.row.status == "open":
            changes[one.row.id] = {"status": "done", "done_at": work.now, "done_by_id": work.me.id, "note": one.says or None}
    work.update_many("task", changes)


def end_runs(work: Work, transition_id: int) -> None:
    """Its playbook runs no longer."""
    rows = work.db.all("SELECT id FROM run WHERE transition_id = :id AND ended_at IS NULL", id=transition_id)
    work.update_many("run", {id_: {"ended_at": work.now} for (id_,) in rows})


def note_shown(work: Work, facts: Facts, what: str, done: Mapping[str, str]) -> Changed:
    """Says an act, and keeps the steps that it completed with what showed them."""
    work.update_many("task", {
        one.id: {"status": "done", "done_at": work.now, "done_by_id": work.me.id, "note": done[one.key]}
        for one in facts.steps if one.key in done and one.status == "open"
    })  # fmt: skip
    return _said(work, facts, what)


def _title_of(facts: Facts, key: str) -> str:
    step: StepRow | None = next((one for one in facts.steps if one.key == key), None)
    return step.title if step is not None else key


def _said(work: Work, facts: Facts, what: str) -> Changed:
    work.say(what)
    state = work.db.scalar("SELECT state FROM transition WHERE id = :id", id=facts.row.id)
    return Changed(facts.row.id, title(facts), str(state), said=what)
