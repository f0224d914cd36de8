"""Who may do what: one table, from the verb of an act to the roles that may. `docs/roles.md` says it in words."""

from __future__ import annotations

from collections.abc import Collection

from db.terms import Role

Roles = frozenset[Role]
WORKERS: Roles = frozenset({Role.CSM, Role.JUNIOR, Role.MANAGER, Role.OPS})
SENIORS: Roles = WORKERS - {Role.JUNIOR}
LEADERS: Roles = frozenset({Role.MANAGER, Role.OPS})
NOBODY: Roles = frozenset()
"""What only the program does, in its own name."""

MAY: dict[str, Roles] = {
    # work: whose CTA it is, is for the rules in cockpit.domain.cta
    "claim": WORKERS,
    "next": WORKERS,
    "release": WORKERS,
    "assign": WORKERS,
    "snooze": WORKERS,
    "wake": WORKERS,
    "close": WORKERS,
    "reopen": WORKERS,
    "edit": WORKERS,
    "due": WORKERS,
    "task": WORKERS,
    "run_playbook": WORKERS,
    "stop_playbook": WORKERS,
    "new_cta": WORKERS,
    "comment": WORKERS,
    "seen": WORKERS,
    "follow": WORKERS,
    "unfollow": WORKERS,
    "link": WORKERS,
    "unlink": WORKERS,
    "set_away": WORKERS,
    "end_away": WORKERS,
    "start_intervention": WORKERS,
    "stage": WORKERS,
    "answered": WORKERS,
    "plan": WORKERS,
    "review": WORKERS,
    # accounts that change hands: which side's an act is, is for the rules in cockpit.domain.transition
    "start_leave": WORKERS,
    "start_transition": WORKERS,
    "scope_transition": WORKERS,
    "decide": WORKERS,
    "confirm_people": WORKERS,
    "write_brief": WORKERS,
    "sign_brief": WORKERS,
    "agree_transition": WORKERS,
    "choose": WORKERS,
    "move_transition": WORKERS,
    "do_step": WORKERS,
    "waive": WORKERS,
    "pass_gate": WORKERS,
    "accept": WORKERS,
    "send_back": WORKERS,
    "cancel_transition": WORKERS,
    "end_transition": WORKERS,
    "ask": WORKERS,
    "answer_question": WORKERS,
    "sign_return": WORKERS,
    "take_back": WORKERS,
    "extend_cover": WORKERS,
    "confirm_system": WORKERS,
    "draft_letter": WORKERS,
    "log_letter": WORKERS,
    "plan_meeting": WORKERS,
    # accounts, people, what happened
    "edit_account": WORKERS,
    "add_person": WORKERS,
    "edit_person": WORKERS,
    "set_network": WORKERS,
    "person_left": WORKERS,
    "log": WORKERS,
    "edit_activity": WORKERS,
    "delete_activity": WORKERS,
    "settle": WORKERS,
    "keep_promise": WORKERS,
    "save_draft": WORKERS,
    "drop_draft": WORKERS,
    # what is agreed, feared and felt
    "new_goal": WORKERS,
    "edit_goal": WORKERS,
    "end_goal": WORKERS,
    "new_risk": WORKERS,
    "edit_risk": WORKERS,
    "close_risk": WORKERS,
    "reopen_risk": WORKERS,
    "escalate": WORKERS,
    "edit_escalation": WORKERS,
    "update_escalation": WORKERS,
    "close_escalation": WORKERS,
    "reopen_escalation": WORKERS,
    "set_sentiment": WORKERS,
    "renewal_call": WORKERS,
    "new_fact": WORKERS,
    "make_document": WORKERS,
    "edit_fact": WORKERS,
    "set_health": WORKERS,
    "clear_health": WORKERS,
    "letter": WORKERS,
    "receive": WORKERS,
    "file_mail": WORKERS,
    "drop_mail": WORKERS,
    "import_meetings": WORKERS,
    "retry_mail": WORKERS,
    "cancel_mail": WORKERS,
    "confirm_mail": WORKERS,
    "new_article": WORKERS,
    "edit_article": WORKERS,
    # one's own
    "save_view": WORKERS,
    "delete_view": WORKERS,
    "undo": WORKERS,
    "redo": WORKERS,
    # much at once
    "new_account": SENIORS,
    "new_ctas": SENIORS,
    "make_documents": SENIORS,
    "network_check": SENIORS,
    "merge": SENIORS,
    "unmerge": SENIORS,
    "import": SENIORS,
    "outreach": SENIORS,
    "apply_templates": SENIORS,
    "template_off": SENIORS,
    # how the team works
    "admit_csm": LEADERS,
    "edit_csm": LEADERS,
    "retire_csm": LEADERS,
    "new_pool": LEADERS,
    "edit_pool": LEADERS,
    "close_pool": LEADERS,
    "join_pool": LEADERS,
    "leave_pool": LEADERS,
    "new_segment": LEADERS,
    "edit_segment": LEADERS,
    "close_segment": LEADERS,
    "set_policy": LEADERS,
    "set_lane": LEADERS,
    "push": LEADERS,
    "keep_views": LEADERS,
    "new_pod": LEADERS,
    "edit_pod": LEADERS,
    "close_pod": LEADERS,
    "join_pod": LEADERS,
    "leave_pod": LEADERS,
    "give_to_pod": LEADERS,
    "apply_playbook": LEADERS,
    "switch_playbook": LEADERS,
    "onboard": LEADERS,
    "new_cta_type": LEADERS,
    "edit_cta_type": LEADERS,
    "set_contact_rules": LEADERS,
    "set_transition_policy": LEADERS,
    "new_activity_type": LEADERS,
    "edit_activity_type": LEADERS,
    "edit_reason": LEADERS,
    "apply_scorecard": LEADERS,
    "scorecard_off": LEADERS,
    "erase": LEADERS,
    "archive": LEADERS,
    # the program itself
    "tick": NOBODY,
    "score": NOBODY,
    "end_health": NOBODY,
    "take_mail": NOBODY,
    "send": NOBODY,
    "new_store": NOBODY,
}
"""A verb that is not here (a test's) is for WORKERS."""

_DOES = {
    "admit_csm": "admit anybody",
    "close_pool": "close a pool",
    "close_segment": "put a segment out of use",
    "due": "move due dates",
    "edit": "change CTAs",
    "edit_account": "change accounts",
    "edit_csm": "change who works here",
    "end_goal": "end goals",
    "new_goal": "agree goals",
    "new_risk": "note risks",
    "renewal_call": "say whether a customer renews",
    "set_sentiment": "say how a customer feels",
    "join_pool": "put anybody into a pool",
    "leave_pool": "take anybody out of a pool",
    "new_account": "make accounts",
    "keep_views": "say how long looks are kept",
    "make_document": "make briefs and EBR packs",
    "make_documents": "make EBR packs for many accounts at once",
    "new_fact": "note subscriptions, tickets, answers and the like",
    "edit_fact": "correct subscriptions, tickets, answers and the like",
    "new_cta": "make CTAs",
    "merge": "merge accounts or people",
    "unmerge": "take apart what was merged",
    "network_check": "make CTAs for many accounts at once",
    "person_left": "say that somebody left",
    "new_ctas": "make CTAs for many accounts at once",
    "next": "take CTAs",
    "answered": "say that a customer answered",
    "settle": "say what became of meetings",
    "letter": "write letters",
    "receive": "bring in mail",
    "file_mail": "say whose a mail is",
    "drop_mail": "throw mail away",
    "import_meetings": "bring in meetings",
    "outreach": "write to many customers at once",
    "apply_templates": "change templates",
    "template_off": "take templates out of use",
    "set_contact_rules": "set the contact rules",
    "set_transition_policy": "say from which ARR on a transition asks for more",
    "retry_mail": "send mail again",
    "cancel_mail": "call mail back",
    "confirm_mail": "say that mail arrived",
    "take_mail": "take mail in hand",
    "send": "send mail",
    "keep_promise": "say that promises were kept",
    "save_draft": "keep drafts",
    "drop_draft": "throw drafts away",
    "set_health": "override health",
    "clear_health": "take back what was said of health",
    "apply_scorecard": "put a scorecard in force",
    "scorecard_off": "take a scorecard out of force",
    "archive": "archive the journal",
    "close_pod": "close a pod",
    "erase": "erase a person",
    "give_to_pod": "give accounts to a pod",
    "join_pod": "put anybody into a pod",
    "leave_pod": "take anybody out of a pod",
    "plan": "plan interventions",
    "push": "hand out work",
    "set_lane": "say who takes which kind of work",
    "stage": "move interventions",
    "retire_csm": "say that somebody no longer works here",
    "set_away": "say that somebody is away",
    "task": "change tasks",
    "run_playbook": "start playbooks",
    "stop_playbook": "stop playbooks",
    "apply_playbook": "write playbooks",
    "switch_playbook": "put playbooks in or out of use",
    "onboard": "start somebody's onboarding",
    "start_leave": "hand over a leaver's book",
}


def may(role: Role, verb: str, by: Collection[Role] | None = None) -> bool:
    """Whether somebody with this role may do this at all."""
    return role in (MAY.get(verb, WORKERS) if by is None else by)


def refusal(name: str, role: Role, verb: str, by: Collection[Role] | None = None) -> str | None:
    """None when she may, else the sentence that says who may."""
    if may(role, verb, by):
        return None
    roles = MAY.get(verb, WORKERS) if by is None else by
    does = _DOES.get(verb, verb.replace("_", " "))
    if not roles:
        return f"{name} ({spoken(role)}) may not {does}: only Cockpit itself does that."
    if role == Role.READ_ONLY:
        return f"{name} (read-only) may look, not {does}."
    return f"{name} ({spoken(role)}) may not {does}: {_listed(roles)} may."


def spoken(role: Role) -> str:
    """A role as people write it: ``read-only``."""
    return role.value.replace("_", "-")


def _listed(roles: Collection[Role]) -> str:
    words = {Role.CSM: "CSMs", Role.JUNIOR: "juniors", Role.MANAGER: "managers", Role.OPS: "ops", Role.READ_ONLY: "readers"}
    named = [words[role] for role in Role if role in roles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
