"""The guided steps each kind of transition ships with; a playbook of the store about that kind stands in their place."""

from __future__ import annotations

from cockpit.domain.transition import Step
from db.terms import Side, TransitionKind

_OUT, _IN, _BOTH = Side.OUT, Side.IN, Side.BOTH


def _step(
    key: str, title: str, side: Side, role: str, due: str, opens: str, done: str = "", needs: str = "", req: str = "gate"
) -> Step:
    return Step(key, title, side, role, due, opens, done, tuple(needs.split()), req == "gate", req != "optional")


_CHECK_INS = (
    _step("check_in_30", "30-day check-in", _IN, "in", "T+21", "check_in", "checked_in", req="after"),
    _step("check_in_60", "60-day check-in", _IN, "in", "T+42", "check_in", "checked_in", req="after"),
    _step("check_in_90", "90-day check-in", _IN, "in", "T+63", "check_in", "checked_in", req="after"),
)

_CSM_TO_CSM = (
    _step("named", "Name reason, date and recipient", _OUT, "mgr", "S", "form", "named"),
    _step("gaps", "Close the readiness gaps", _OUT, "out", "S+2", "gaps", "gaps_closed"),
    _step("decide", "Decide each open CTA and task", _OUT, "out", "S+3", "decisions", "decided"),
    _step("people", "Review the people, one by one", _OUT, "out", "S+3", "people", "people_reviewed"),
    _step("brief", "Write the handoff brief", _OUT, "out", "S+4", "brief", "brief_complete"),
    _step("agree", "Manager agrees the customer may be told", _IN, "mgr", "S+4", "agree", "agreed", "brief"),
    _step("read", "Read the account; ask", _IN, "in", "S+5", "account", "read", "brief"),
    _step("internal", "Internal hand-over call", _BOTH, "out", "S+6", "internal_call", "internal_call", "brief"),
    _step("tell", "Tell the customer", _OUT, "out", "T-4", "letter", "customer_told", "agree"),
    _step("introduce", "Joint customer introduction", _BOTH, "out", "T-1", "customer_call", "introduced", "tell"),
    _step("sign", "Sign the brief, accept", _IN, "in", "T", "accept", "signed", "brief"),
    _step("systems", "Mailing lists, CRM owner, shared documents", _IN, "in", "T+1", "systems", "systems", req="after"),
    _step("touch", "First own touch with every member", _IN, "in", "T+15", "people", "own_touch", req="after"),
    *_CHECK_INS,
    _step("questions", "Outgoing reachable for questions", _OUT, "out", "T+10", "questions", "answered", req="optional"),
)
_CSM_TO_POOL = (
    _step("criteria", "Why the pool: criteria met", _OUT, "out", "S", "criteria", "criteria_met"),
    _step("gaps", "Clean the data", _OUT, "out", "S+5", "gaps", "clean"),
    _step("decide", "Decide CTAs; finish or end interventions", _OUT, "out", "S+6", "decisions", "decided"),
    _step("people", "A team inbox or two names who answer mail", _OUT, "out", "S+6", "people", "digital_contact"),
    _step("brief", "Short brief: value, use, risks, promises", _OUT, "out", "S+7", "brief", "promises_kept"),
    _step("gate", "Gatekeeper's review", _IN, "gate", "S+9", "gate", "gate_passed", "criteria gaps brief"),
    _step("last_call", "Last call: what changes, how to get help", _OUT, "out", "T-3", "customer_call", "last_call", "gate"),
    _step("letter", "Letter with the pool's address and help pages", _OUT, "out", "T-2", "letter", "letter_sent", "gate"),
    _step("accept", "Pool accepts", _IN, "lead", "T", "accept", "accepted", "gate"),
    _step("value_mail", "First value mail from the pool", _IN, "lead", "T+5", "log", "value_mail", req="after"),
    _step("replies", "Reply watch", _IN, "lead", "T+20", "timeline", "replies_answered", req="after"),
    _step("stay", "45-day check: stay or go back", _IN, "gate", "T+32", "stay", "stay_decided", req="after"),
)
_POOL_TO_CSM = (
    _step("case", "Reason and business case", _OUT, "lead", "S", "agree", "business_case"),
    _step("choose", "Choose the CSM", _IN, "mgr", "S+1", "choose", "incoming_chosen"),
    _step("brief", "Gather what the pool knows", _OUT, "out", "S+3", "brief", "brief_complete"),
    _step("decide", "Pull CTAs out of the queue", _OUT, "out", "S+3", "decisions", "decided"),
    _step("people", "Find the people", _IN, "in", "S+5", "people", "network_found", "choose"),
    _step("internal", "Call with the last claimer", _BOTH, "in", "S+5", "internal_call", "claimer_call", "choose", "optional"),
    _step("introduce", "Introduce yourself", _IN, "in", "T-1", "letter", "introduced_self", "choose"),
    _step("sign", "Sign the brief, accept", _IN, "in", "T", "accept", "signed", "brief choose"),
    _step("kickoff", "Kick-off meeting, joint goals", _IN, "in", "T+10", "customer_call", "kicked_off", req="after"),
    *_CHECK_INS,
)
_COVER = (
    _step("scope", "Dates, coverers, scope", _OUT, "out", "T-5", "scope", "scoped"),
    _step("decide", "What may come up until the return", _OUT, "out", "T-3", "decisions", "window_decided"),
    _step("brief", "One-page cover note per full account", _OUT, "out", "T-3", "brief", "cover_notes", "scope"),
    _step("agree", "Coverer agrees", _IN, "in", "T-2", "accept", "accepted", "scope"),
    _step("tell", "Tell the customers it touches", _OUT, "out", "T-2", "letter", "customer_told", req="optional"),
    _step("log", "Log what happened", _IN, "in", "R", "timeline", "cover_logged", req="after"),
    _step("return_list", "Return list: done, open, promised, changed", _IN, "in", "R", "return_list", "return_signed", req="after"),
    _step("take_back", "Read and take back", _OUT, "out", "R+1", "return_list", "taken_back", "return_list", "after"),
    _step("back", "Not back: extended, or handed over", _IN, "lead", "R+1", "extend", "back_or_extended", req="after"),
)
_POD = (
    _step("patch", "Who takes which part", _IN, "lead", "S+1", "scope", "patch_split"),
    _step("strategic", "Strategic threads: renewals, sponsors", _OUT, "out", "S+3", "scope", "strategic_named", "patch"),
    _step("decide", "Tactical threads: open CTAs", _OUT, "out", "S+3", "decisions", "decided"),
    _step("brief", "Brief per large account; one patch note", _OUT, "out", "S+4", "brief", "pod_briefs"),
    _step("internal", "Pod walk-through", _BOTH, "lead", "S+5", "internal_call", "pod_call"),
    _step("lanes", "Junior: next lane, next shadowing", _IN, "lead", "S+6", "note", "", req="optional"),
    _step("tell", "Customer told by a face that stays", _OUT, "out", "T-2", "letter", "customer_told"),
    _step("accept", "Accept", _IN, "lead", "T", "accept", "accepted", "patch"),
    _step("second", "Second contact meets each sponsor", _IN, "in", "T+20", "people", "sponsors_met", req="after"),
    *_CHECK_INS,
)
_JOINT = _step("introduce", "Joint introduction for key accounts", _BOTH, "out", "T-1", "customer_call", "introduced", "tell")
STEPS: dict[TransitionKind, tuple[Step, ...]] = {
    TransitionKind.CSM_TO_CSM: _CSM_TO_CSM,
    TransitionKind.CSM_TO_POOL: _CSM_TO_POOL,
    TransitionKind.POOL_TO_CSM: _POOL_TO_CSM,
    TransitionKind.COVER: _COVER,
    TransitionKind.POD: _POD,
}


def shipped_steps(kind: TransitionKind, between_pods: bool = False) -> tuple[Step, ...]:
    """Return the steps of a kind; an account that moves to another pod is introduced by both."""
    steps = STEPS[kind]
    if kind is not TransitionKind.POD or not between_pods:
        return steps
    place = next(n for n, step in enumerate(steps) if step.key == "accept")
    return (*steps[:place], _JOINT, *steps[place:])
