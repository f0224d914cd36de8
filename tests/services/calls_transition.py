"""A call of each use-case of transitions, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cockpit.desk import Desk
from cockpit.services import (
    hand_over,
    transition,
    transition_acts,
    transition_brief,
    transition_cover,
    transition_mail,
    transition_policy,
    transition_scope,
    transition_systems,
    transition_talk,
)
from cockpit.services.timeline import log_activity
from tests import builders
from tests.services.transition_story import prepared, ready_account, write_all


def prepare(oz: Desk, mo: Desk) -> None:
    """Hand-overs at several stages: ready to accept, at the gate, covered, covered and listed, with its follow-up done."""
    ben = builders.desk_of(oz.store, "ben", oz.now())
    account, people = ready_account(oz, "Go Ltd", "oz")
    builders.cta(oz, account, owner="oz", because="Open", due=date(2026, 12, 20))
    id_ = prepared(oz, ben, account, people)
    transition_talk.ask(mo, id_, "Who signs?")
    builders.cta(oz, account, owner="oz", because="Undecided", due=date(2026, 12, 20))
    ready, others = ready_account(oz, "Ready Ltd", "oz")
    prepared(oz, ben, ready, others)
    for name in ("Gate Ltd", "Over Ltd"):
        account, people = ready_account(oz, name, "oz")
        made = transition.start(oz, account, "csm_to_pool", "West", reason="Small")
        write_all(oz, made.id)
        if name == "Over Ltd":
            transition_acts.pass_gate(mo, made.id)
            log_activity(oz, account, "meeting", "What changes", attendees=[people[0]])
            log_activity(oz, account, "outreach", "Letter", attendees=[people[0]])
            hand_over.accept(mo, made.id)
            for key in ("value_mail", "replies"):
                transition_acts.waive(mo, made.id, key, "not needed")
    for name, owner in (("Cover Ltd", "ana"), ("Back Ltd", "chi")):
        ready_account(oz, name, owner)
        made = transition.start(oz, None, "cover", "dee", oz.today(), "Leave", owner=owner, returns_on=date(2026, 12, 7))
        write_all(oz, made.id)
        hand_over.accept(mo, made.id)
        if name == "Back Ltd":
            transition_cover.sign_return(mo, made.id)
    ready_account(oz, "Pod Ltd", "chi")
    builders.make(oz, "pod", {"name": "Hazel"})
    transition.start(oz, None, "pod", "Hazel", owner="chi", accounts=["Pod Ltd"])
    ready_account(oz, "Free Ltd", "oz")
    ready_account(oz, "Pooled Ltd", None)


def at(s: Any, name: str) -> int:
    """The transition of that account."""
    with s.desk.store.read() as db:
        return int(db.scalar("SELECT t.id FROM transition t JOIN account a ON a.id = t.account_id WHERE a.name = :name", name=name))


def letter_sent(s: Any) -> Any:
    transition_mail.draft_letter(s.desk, at(s, "Go Ltd"))
    return transition_mail.log_letter(s.desk, at(s, "Go Ltd"))


def question(s: Any) -> int:
    with s.desk.store.read() as db:
        return int(db.scalar("SELECT id FROM question"))


CALLS: dict[str, Callable[[Any], Any]] = {
    "hand_over.accept": lambda s: hand_over.accept(s.mo, at(s, "Ready Ltd")),
    "transition_acts.agree": lambda s: transition_acts.agree(s.mo, at(s, "Go Ltd"), "fine"),
    "transition_acts.cancel": lambda s: transition_acts.cancel(s.desk, at(s, "Go Ltd"), "stays"),
    "transition_acts.choose": lambda s: transition_acts.choose(s.mo, at(s, "Go Ltd"), "chi", "more room"),
    "transition_acts.confirm_people": lambda s: transition_acts.confirm_people(s.desk, at(s, "Gate Ltd")),
    "transition_acts.decide": lambda s: transition_acts.decide(s.desk, at(s, "Go Ltd"), "close", note="stale"),
    "transition_acts.do_step": lambda s: transition_acts.do_step(s.desk, at(s, "Pod Ltd"), "lanes", "strategic from Monday"),
    "transition_acts.edit": lambda s: transition_acts.edit(s.desk, at(s, "Go Ltd"), date(2026, 12, 30), "later"),
    "transition_acts.end": lambda s: transition_acts.end(s.mo, at(s, "Over Ltd"), "it stays"),
    "transition_acts.pass_gate": lambda s: transition_acts.pass_gate(s.mo, at(s, "Gate Ltd"), "fine"),
    "transition_acts.send_back": lambda s: transition_acts.send_back(s.mo, at(s, "Gate Ltd"), "who pays?"),
    "transition_acts.waive": lambda s: transition_acts.waive(s.mo, at(s, "Go Ltd"), "read", "they know it"),
    "transition_brief.sign": lambda s: transition_brief.sign(s.mo, at(s, "Go Ltd")),
    "transition_brief.write_section": lambda s: transition_brief.write_section(s.desk, at(s, "Go Ltd"), "risks", "None that we know of."),
    "transition_cover.extend": lambda s: transition_cover.extend(s.desk, at(s, "Cover Ltd"), date(2026, 12, 21), "ill"),
    "transition_cover.sign_return": lambda s: transition_cover.sign_return(s.mo, at(s, "Cover Ltd")),
    "transition_cover.take_back": lambda s: transition_cover.take_back(s.mo, at(s, "Back Ltd")),
    "transition_mail.draft_letter": lambda s: transition_mail.draft_letter(s.desk, at(s, "Go Ltd")),
    "transition_mail.log_letter": letter_sent,
    "transition_mail.plan_meeting": lambda s: transition_mail.plan_meeting(s.desk, at(s, "Go Ltd"), "customer"),
    "transition_policy.set_transition_policy": lambda s: transition_policy.set_transition_policy(s.mo, {"agree_below": "10k"}),
    "transition_scope.patch_note": lambda s: transition_scope.patch_note(s.desk, at(s, "Pod Ltd"), "All of them like mail."),
    "transition_scope.scope": lambda s: transition_scope.scope(s.mo, at(s, "Pod Ltd"), to="ben", second="dee"),
    "transition_start.start": lambda s: transition.start(s.desk, "Free Ltd", "csm_to_csm", "ben", reason="Moves"),
    "transition_start.start_many": lambda s: transition.start_many(s.desk, [
        transition.Plan("csm_to_csm", "Free Ltd", "ben"), transition.Plan("pool_to_csm", "Pooled Ltd")]),
    "transition_systems.confirm_system": lambda s: transition_systems.confirm_system(s.mo, at(s, "Over Ltd"), "mailing lists"),
    "transition_talk.answer": lambda s: transition_talk.answer(s.desk, question(s), "Dora does."),
    "transition_talk.ask": lambda s: transition_talk.ask(s.desk, at(s, "Go Ltd"), "And who pays?"),
}  # fmt: skip
