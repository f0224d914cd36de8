"""The forms of what else one does with a CTA and its intervention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.tui.modals.field import Field, FormSpec, Values
from db.terms import Stage

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow

CRITERION = Field("criterion", "On track is", hint="a query on the account: usage_drop:<10% health:>=60")


def repeat(words: str, now: str | None) -> FormSpec:
    """At which interval a CTA comes again."""
    return FormSpec(f"Repeat · {words}", (Field("repeats", "Every", now or "", hint="30d, 2w, 3m, 1y after it was due; empty: not again"),))


def follow(words: str, login: str, logins: Sequence[str]) -> FormSpec:
    """Who is to follow a CTA."""
    return FormSpec(f"Follow · {words}", (Field("login", "Who", login, required=True, hint="login", suggest=logins),), "follow")


def start(words: str, cta_id: int) -> FormSpec:
    """An intervention begins."""
    fields = (Field("plan", "Plan", hint="what was agreed; later is fine", lines=3), CRITERION)
    return FormSpec(f"Intervention · {words}", fields, "start", draft=f"start {cta_id}", first="criterion")


def plan(row: InterventionRow) -> FormSpec:
    """What was agreed, and what on track means."""
    fields = (
        Field("plan", "Plan", row.plan or "", hint="what was agreed with the customer, with dates", lines=4),
        Field("criterion", CRITERION.label, row.criterion or "", hint=CRITERION.hint),
    )
    return FormSpec(f"Plan · {row.account}", fields, draft=f"plan {row.id}")


def stage(row: InterventionRow, to: Stage) -> FormSpec | None:
    """What a next stage needs; None when it needs nothing."""
    if to is Stage.ENGAGED:
        answer = Field("note", "Answer", hint="what they said, for the timeline; may be empty", lines=4)
        return FormSpec(f"{row.account} answered", (answer,), "engaged", draft=f"answer {row.id}")
    if to is Stage.ON_PLAN:
        needed = Field("plan", "Plan", row.plan or "", required=True, lines=4)
        criterion = Field("criterion", CRITERION.label, row.criterion or "", hint=CRITERION.hint)
        return FormSpec(f"On plan · {row.account}", (needed, criterion), "on plan", draft=f"plan {row.id}")
    if to is Stage.ON_TRACK and not row.criterion:
        criterion = Field("criterion", CRITERION.label, required=True, hint=CRITERION.hint)
        return FormSpec(f"What on track means · {row.account}", (criterion,), draft=f"criterion {row.id}")
    if to is Stage.SELF_SERVICE:
        fields = (
            Field("note", "For Support", required=True, hint="what they should know", lines=4),
            Field("articles", "Articles", hint="https://… ; https://… for the customer"),
        )
        return FormSpec(f"Hand to self-service · {row.account}", fields, "hand over", draft=f"handoff {row.id}")
    return None


def end(row: InterventionRow, ends: Sequence[tuple[str, str]]) -> FormSpec:
    """Another way than forward."""

    def check(values: Values) -> tuple[str, str] | None:
        if values["to"] == Stage.LOST.value and not values["reason"]:
            return "reason", "Why is it lost?"
        return None

    fields = (
        Field("to", "Is", ends[0][0], choices=ends),
        Field("reason", "Why", hint="for lost; for no response when it was tried less than 3 times"),
    )
    return FormSpec(f"{row.account} · not forward", fields, draft=f"end {row.id}", check=check)
