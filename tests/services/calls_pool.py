"""A call of each use-case of the success plan, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.desk import Desk
from cockpit.services import escalation, goal, opinion, risk
from tests import builders

ACCOUNT = "Plan Ltd"


def prepare(oz: Desk) -> None:
    """What the calls stand on: an account with a goal, a risk and an escalation of each state."""
    builders.account(oz, ACCOUNT)
    goal.new_goal(oz, ACCOUNT, "Go live in two plants", due="2027-01-31")
    risk.new_risk(oz, ACCOUNT, "Interface is late", "implementation", department="Services")
    done = risk.new_risk(oz, ACCOUNT, "Old", "product")
    risk.close_risk(oz, done.id, "shipped")
    escalation.escalate(oz, ACCOUNT, "Orders are lost")
    escalation.close_escalation(oz, escalation.escalate(oz, ACCOUNT, "Settled one").id, "fixed")


def the(s: Any, table: str, title: str) -> int:
    """The id of the row with that title."""
    return builders.the(s.desk, table, title, "title")


POOL_CALLS: dict[str, Callable[[Any], Any]] = {
    "escalation.close_escalation": lambda s: escalation.close_escalation(s.desk, the(s, "escalation", "Orders are lost"), "fixed"),
    "escalation.edit_escalation": lambda s: escalation.edit_escalation(s.desk, the(s, "escalation", "Orders are lost"), {"owner": "Lee"}),
    "escalation.escalate": lambda s: escalation.escalate(s.desk, ACCOUNT, "Down", department="Support", severity="low"),
    "escalation.reopen_escalation": lambda s: escalation.reopen_escalation(s.desk, the(s, "escalation", "Settled one")),
    "escalation.update_escalation": lambda s: escalation.update_escalation(s.desk, the(s, "escalation", "Orders are lost"), "Found it"),
    "goal.edit_goal": lambda s: goal.edit_goal(s.desk, the(s, "goal", "Go live in two plants"), {"measure": "plants live", "owner": "ben"}),
    "goal.end_goal": lambda s: goal.end_goal(s.desk, the(s, "goal", "Go live in two plants"), "reached", "Early"),
    "goal.new_goal": lambda s: goal.new_goal(s.desk, ACCOUNT, "Train 20", criterion="logins_14d:>20"),
    "opinion.call_renewal": lambda s: opinion.call_renewal(s.desk, ACCOUNT, "wont", "They said so"),
    "opinion.set_sentiment": lambda s: opinion.set_sentiment(s.desk, ACCOUNT, "bad", "Angry call"),
    "risk.close_risk": lambda s: risk.close_risk(s.desk, the(s, "risk", "Interface is late"), "Delivered"),
    "risk.edit_risk": lambda s: risk.edit_risk(s.desk, the(s, "risk", "Interface is late"), {"severity": "high"}),
    "risk.new_risk": lambda s: risk.new_risk(s.desk, ACCOUNT, "Sponsor is unsure", "Sponsor", severity="high"),
    "risk.reopen_risk": lambda s: risk.reopen_risk(s.desk, the(s, "risk", "Old")),
}
