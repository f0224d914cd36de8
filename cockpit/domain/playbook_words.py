"""The words a playbook may use: what it is for, whose a step is, what it opens, what proves that it is done."""

from __future__ import annotations

from enum import StrEnum

from db.terms import TransitionKind

ABOUT = {
    "cta": "a CTA",
    "account": "an account",
    "csm": "a CSM (who is new)",
    TransitionKind.CSM_TO_CSM.value: "an account that goes from one CSM to another",
    TransitionKind.CSM_TO_POOL.value: "an account that goes from a CSM to a pool",
    TransitionKind.POOL_TO_CSM.value: "an account that goes from a pool to a CSM",
    TransitionKind.COVER.value: "cover for a while, with a day of return",
    TransitionKind.POD.value: "a pod that changes, or accounts that change pods",
}
"""What a playbook can be applied to."""
TRANSITIONS = frozenset(kind.value for kind in TransitionKind)


class Need(StrEnum):
    """How much a step is needed."""

    GATE = "gate"
    """The hand-over (or the close as success) waits for it."""
    YES = "yes"
    """It is to be done; only a manager leaves it out, with a reason."""
    AFTER = "after"
    """The same, once the hand-over is behind."""
    NO = "no"


NEEDS = {
    Need.GATE.value: "the hand-over, or the close as success, waits for it",
    Need.YES.value: "to be done; a manager may waive it with a reason",
    Need.AFTER.value: "to be done after the hand-over",
    Need.NO.value: "optional",
}
ROLES = {
    "owner": "who holds the CTA, the account, or is the CSM it is about",
    "out": "who hands over",
    "in": "who takes over",
    "both": "both sides together",
    "mgr": "the manager of who holds it; in a hand-over of the receiving side",
    "gate": "the gatekeeper of the pool",
    "lead": "the lead of the pool or pod",
    "buddy": "who goes along with somebody new",
    "ops": "whoever keeps the tool",
    "program": "Cockpit itself",
}
CONDITIONS = {
    "answer": "once the customer has answered",
    "no answer": "unless the customer has answered",
    "yes": "if they say yes: otherwise leave it out with a note",
    "moves pod": "only where an account moves to another pod",
    "joint call": "not for the lower tiers of a leaver's book, which hear it by letter",
}
OPENS = {
    "account": "the account", "scorecard": "its scorecard", "timeline": "its timeline", "ctas": "its CTAs", "people": "its people",
    "usage": "its usage", "commercial": "contracts, renewals, opportunities", "support": "tickets and surveys",
    "intervention": "its intervention", "plan": "goals, risks, escalations", "transition": "its transition", "documents": "its documents",
    "log": "the form that logs a call, a mail, a meeting", "outreach": "a template for a mail", "letter": "the draft of a letter",
    "meeting": "a meeting as .ics, then its log", "goal": "a goal with a date", "risk": "a line of the risk register",
    "sentiment": "what the customer feels", "forecast": "your own word on the renewal", "advocacy": "what a happy customer may do",
    "training": "trainings", "person": "a person", "network": "the value network", "next": "who to meet next", "cta": "the CTA",
    "work": "my work", "team": "the team", "tour": "the tour", "brief": "the brief",
    # steps of a hand-over
    "form": "the sides, the reason, the day", "gaps": "what is not ready yet", "decisions": "what becomes of each open thing",
    "agree": "the manager's word", "accept": "the hand-over itself", "questions": "questions and answers",
    "systems": "what must change in other systems", "criteria": "whether it meets the criteria", "scope": "who takes which part",
    "choose": "who could take it over", "gate": "the gatekeeper's word", "stay": "whether it stays", "check in": "the check-in's CTA",
    "internal call": "a call between both sides", "customer call": "a call with the customer", "return list": "what happened meanwhile",
    "extend": "a new day of return, or a hand-over", "note": "a note",
}  # fmt: skip
"""What a step opens."""
CHECKS = {
    # looked at, logged, said
    "account opened": "the account was opened since",
    "entry logged": "an entry with the customer was logged since",
    "outreach logged": "an outreach, a mail or a call to somebody of the network was logged since",
    "reply logged": "a mail, an outreach, a call or a meeting with who the CTA is about was logged since",
    "call logged": "a call or a meeting with the customer was logged since",
    "meeting logged": "a meeting or call with the customer was held and logged since",
    "meeting with a driver": "a meeting or call with a value driver was held and logged since",
    "meetings planned": "a meeting with somebody of the network is planned",
    "answered": "the customer answered since",
    "sentiment set": "what the customer feels was set since",
    "forecast set": "our own word on the renewal was set since",
    "document made": "a brief or an EBR was made or sent since",
    # how things stand
    "on plan": "the intervention is on plan, or further",
    "on track": "the intervention met its criterion, or ended as lost with its reason",
    "training linked": "a training or an article was given since",
    "trainings done": "every required training is done",
    "goal dated": "there is an open goal with a date",
    "risk registered": "a risk with an owner and a date was registered since",
    "risks owned": "every open risk has an owner",
    "network size": "the value network has its minimum of members",
    "network roles": "there is a value generator and a value driver",
    "network covered": "size and coverage of the network are at the segment's guideline",
    "driver set": "there is a value driver who has not left",
    "person left": "somebody was marked as gone since",
    "renewal prepared": "a value driver is named and the notice date is filled",
    "offer out": "the renewal's stage is a proposal or later",
    "renewal closed": "the renewal is won or lost",
    "advocacy asked": "what was asked of the customer is noted since",
    "consent on file": "a consent in writing is on file with its expiry",
    "advocacy handed on": "who takes it further is noted",
    "cta closed": "the CTA is closed",
    # of somebody who is new
    "limits begun": "she is in a pool, with part of its limits",
    "limits full": "she has the pool's full limits",
    "shadowed": "five CTAs she followed are closed",
    "own closes read": "ten CTAs of her own are closed and read",
    "own intervention": "an intervention of her own is on plan, or further",
    # of a hand-over
    "named": "reason, day and who takes over are set, and she is there and under her limit",
    "gaps closed": "no required gap is open",
    "clean": "the readiness is 90 or more and no required gap is open",
    "decided": "every open thing has a decision",
    "people reviewed": "each member was confirmed or removed since, a driver and a generator named",
    "digital contact": "somebody of the network has a mail address that works and may be written to",
    "brief complete": "every section of the brief is written",
    "promises kept": "the brief is written, and each promise still open is a CTA",
    "agreed": "the receiving manager agreed that the customer may be told",
    "read": "the receiving side read account and brief, and its questions are answered",
    "internal call": "the call between both sides is logged",
    "customer told": "the customer was told",
    "introduced": "both sides met the customer, or tried twice",
    "introduced self": "the receiving side introduced itself",
    "signed": "the receiving side signed and accepted",
    "accepted": "the receiving side accepted",
    "systems": "each other system is confirmed",
    "own touch": "the receiving side was in touch with every member since the hand-over",
    "checked in": "the check-in is closed",
    "answered by us": "no question is open",
    "criteria met": "the account meets the pool's criteria, or each was waived",
    "gate passed": "the gatekeeper accepted",
    "last call": "the last call is logged, or two tries",
    "letter sent": "the letter is logged",
    "value mail": "the pool's first mail is logged",
    "replies answered": "nothing the customer wrote waits for more than two days",
    "stay decided": "it is decided whether the account stays",
    "business case": "the reason is set and the manager agrees",
    "incoming chosen": "who takes over is set, with the reason",
    "network found": "the network has its minimum, or a CTA is to build it",
    "claimer call": "the call with who worked it last is logged, or there is nobody",
    "kicked off": "a meeting is logged and a goal has a date",
    "scoped": "each account has who covers it, and how far",
    "window decided": "what falls into the absence is decided",
    "cover notes": "each account that is covered fully has its page",
    "cover logged": "what happened to each account is logged",
    "return signed": "the return list is signed",
    "taken back": "what was delegated is back, or stays by choice",
    "back or extended": "she is back, or a new day or a hand-over is set",
    "patch split": "every account has a lead and a second",
    "strategic named": "EBRs, sponsors and renewals each have a senior",
    "pod briefs": "each large account has a brief, the rest a note",
    "pod call": "the walk through the patch is logged",
    "sponsors met": "each sponsor was met by the pod since",
}  # fmt: skip
"""What a step waits for, by name; ``cockpit.services.evidence`` knows how each is seen."""
