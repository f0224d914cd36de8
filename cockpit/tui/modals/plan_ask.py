"""The forms of the Plan pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.success import RISK_KINDS
from cockpit.domain.when import FORMS
from cockpit.tui.modals.ask import readable
from cockpit.tui.modals.field import Field, FormSpec
from db.terms import Feeling, GoalStatus, RenewalForecast, Severity

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.services.success import EscalationRow, GoalRow, RiskRow

SEVERITIES = tuple((one.value, one.value) for one in Severity)
FEELINGS = ((Feeling.GOOD.value, "▲ good"), (Feeling.UNSURE.value, "● unsure"), (Feeling.BAD.value, "▼ bad"))
CALLS = ((RenewalForecast.WILL.value, "will renew"), (RenewalForecast.MAY.value, "may renew"), (RenewalForecast.WONT.value, "won't renew"))
ENDS = tuple((one.value, one.value) for one in GoalStatus if one is not GoalStatus.OPEN)
ADDS = (
    ("goal", "goal", "what they want to reach, by when"), ("risk", "risk", "what may go wrong, and who mends it"),
    ("escalation", "escalation", "owned elsewhere, with its clock"), ("feeling", "feeling", "how they feel today"),
    ("call", "renewal call", "will, may or won't renew"),
)  # fmt: skip


def _of(row: Any, name: str, otherwise: str = "") -> str:
    value = otherwise if row is None else getattr(row, name)
    return "" if value is None else str(value)


def goal(account: str, row: GoalRow | None, logins: Sequence[str], desk: Desk) -> FormSpec:
    """What they want to reach."""
    fields = (
        Field("title", "Goal", _of(row, "title"), required=True, hint="what they want to reach"),
        Field("measure", "Measure", _of(row, "measure"), hint="how one sees it"),
        Field("criterion", "Holds when", _of(row, "criterion"), hint="a query: logins_14d:>200"),
        Field("due", "By", _of(row, "due"), hint=FORMS),
        Field("owner", "Owner", _of(row, "owner"), hint="login; empty: the account's CSM", suggest=logins),
        Field("note", "Note", _of(row, "note"), lines=3),
    )
    return FormSpec(f"{'New goal' if row is None else 'Goal'} · {account}", fields, draft="" if row else "new_goal",
                    check=readable(desk, "due"))  # fmt: skip


def risk(account: str, row: RiskRow | None, logins: Sequence[str], desk: Desk) -> FormSpec:
    """What may go wrong."""
    fields = (
        Field("title", "Risk", _of(row, "title"), required=True, hint="what may go wrong"),
        Field("kind", "Kind", _of(row, "kind"), required=True, hint="readiness, implementation, product", suggest=RISK_KINDS),
        Field("severity", "Severity", _of(row, "severity", Severity.MEDIUM.value), choices=SEVERITIES),
        Field("department", "Department", _of(row, "department"), hint="whose it is to mend: Product, Services"),
        Field("owner", "Mended by", _of(row, "owner"), hint="a name there"),
        Field("csm", "Followed by", _of(row, "csm"), hint="login; empty: me", suggest=logins),
        Field("due", "By", _of(row, "due"), hint=FORMS),
        Field("note", "Note", _of(row, "note"), lines=3),
    )
    return FormSpec(f"{'New risk' if row is None else 'Risk'} · {account}", fields, draft="" if row else "new_risk",
                    check=readable(desk, "due"))  # fmt: skip


def escalation(account: str, row: EscalationRow | None, logins: Sequence[str], desk: Desk) -> FormSpec:
    """What is owned elsewhere."""
    fields = (
        Field("title", "What", _of(row, "title"), required=True),
        Field("severity", "Severity", _of(row, "severity", Severity.HIGH.value), choices=SEVERITIES),
        Field("department", "Department", _of(row, "department"), hint="who owns it: Product, Support"),
        Field("owner", "Owner there", _of(row, "owner"), hint="a name"),
        Field("csm", "Followed by", _of(row, "csm"), hint="login; empty: me", suggest=logins),
        Field("next_update", "Next update", _of(row, "next_update"), hint=f"to the customer; empty: by severity. {FORMS}"),
        Field("note", "Note", _of(row, "note"), lines=3),
    )
    return FormSpec(f"{'Escalate' if row is None else 'Escalation'} · {account}", fields, draft="" if row else "escalate",
                    check=readable(desk, "next_update"))  # fmt: skip


def feeling(account: str) -> FormSpec:
    """How they feel."""
    fields = (
        Field("feeling", "They feel", Feeling.GOOD.value, choices=FEELINGS),
        Field("note", "Seen by", hint="what tells it", lines=2),
        Field("on", "When", hint="today; or yesterday, mon"),
    )
    return FormSpec(f"Feeling · {account}", fields, "note")


def call(account: str, told: str) -> FormSpec:
    """Whether they renew."""
    fields = (
        Field("call", "They", RenewalForecast.WILL.value, choices=CALLS),
        Field("reason", "Why", hint=f"needed where it differs; {told}", lines=2),
    )
    return FormSpec(f"Renewal call · {account}", fields, "say")


def end_goal(title: str) -> FormSpec:
    """What became of a goal."""
    fields = (
        Field("status", "It is", GoalStatus.REACHED.value, choices=ENDS),
        Field("note", "Note", hint="what came of it; why it is dropped", lines=3),
    )
    return FormSpec(f"End · {title}", fields, "end")


def close_risk(title: str) -> FormSpec:
    """What became of a risk."""
    became = Field("resolution", "It", required=True, hint="was mended, is gone, came true", lines=3)
    return FormSpec(f"Close · {title}", (became,), "close")


def settle(title: str) -> FormSpec:
    """How an escalation was settled."""
    return FormSpec(f"Settle · {title}", (Field("note", "How", required=True, hint="it goes on the timeline", lines=3),), "settle")


def news(title: str, desk: Desk) -> FormSpec:
    """What is new of an escalation."""
    fields = (
        Field("news", "What is new", required=True, hint="it goes on the timeline", lines=3),
        Field("next_update", "Next update", hint=f"empty: by severity. {FORMS}"),
    )
    return FormSpec(f"Update · {title}", fields, "tell", check=readable(desk, "next_update"))


def day_of(title: str, now: str, desk: Desk) -> FormSpec:
    """By when a goal or a risk is due."""
    return FormSpec(f"Due · {title}", (Field("due", "By", now, hint=FORMS),), "move", check=readable(desk, "due"))
