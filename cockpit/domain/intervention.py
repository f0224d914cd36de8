"""Interventions: the stages of the one- or two-month piece of work on an account that answered, and what moves them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cockpit.domain.calendar import Calendar
from cockpit.domain.refusal import Refusal
from db.terms import Outcome, Stage

MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.CLAIMED: frozenset({Stage.REACHED_OUT, Stage.ENGAGED, Stage.LOST}),
    Stage.REACHED_OUT: frozenset({Stage.ENGAGED, Stage.NO_RESPONSE, Stage.LOST}),
    Stage.ENGAGED: frozenset({Stage.ON_PLAN, Stage.LOST}),
    Stage.ON_PLAN: frozenset({Stage.ON_TRACK, Stage.LOST}),
    Stage.ON_TRACK: frozenset({Stage.SELF_SERVICE, Stage.ON_PLAN, Stage.LOST}),
    Stage.SELF_SERVICE: frozenset(),
    Stage.NO_RESPONSE: frozenset(),
    Stage.LOST: frozenset(),
}
"""From each stage, the stages one can go to; the last three are ends."""
ENDS = frozenset(stage for stage, targets in MOVES.items() if not targets)
REACHED = {
    Stage.REACHED_OUT: "reached_at", Stage.ENGAGED: "engaged_at", Stage.ON_PLAN: "on_plan_at", Stage.ON_TRACK: "on_track_at",
}  # fmt: skip
"""Where the moment is kept at which a stage was first reached."""
WINDOW_DAYS, WARN_DAYS = 60, 45
"""An intervention takes 30 to 60 days from the customer's answer; from day 45 it should come to its end."""
TRIES, TRIES_OVER = 3, 10
"""So many tries without an answer, the first so many business days ago, and ending it is proposed."""


class Fact(StrEnum):
    """What happened that moves a stage by itself."""

    OUTREACH = "outreach"
    ANSWER = "answer"
    PLAN = "plan"
    CRITERION = "criterion"


_BY_FACT: dict[Fact, tuple[frozenset[Stage], Stage]] = {
    Fact.OUTREACH: (frozenset({Stage.CLAIMED}), Stage.REACHED_OUT),
    Fact.ANSWER: (frozenset({Stage.CLAIMED, Stage.REACHED_OUT}), Stage.ENGAGED),
    Fact.PLAN: (frozenset({Stage.ENGAGED}), Stage.ON_PLAN),
    Fact.CRITERION: (frozenset({Stage.ON_PLAN}), Stage.ON_TRACK),
}


@dataclass(frozen=True, slots=True)
class Window:
    """How far an intervention is: day ``day`` of WINDOW_DAYS since the customer answered."""

    day: int
    is_closing: bool
    is_over: bool

    @property
    def says(self) -> str:
        """``day 12 of 60``, with a warning towards the end."""
        if self.is_over:
            return f"day {self.day}, {self.day - WINDOW_DAYS} past its window of {WINDOW_DAYS}"
        return f"day {self.day} of {WINDOW_DAYS}" + (": bring it to an end" if self.is_closing else "")


def stage_text(stage: Stage) -> str:
    """Return a stage as people read it: ``reached out``."""
    return "handed to self-service" if stage is Stage.SELF_SERVICE else stage.value.replace("_", " ")


def moved_by(stage: Stage, fact: Fact) -> Stage:
    """Return the stage that a fact leads to; the same when it changes nothing."""
    froms, to = _BY_FACT[fact]
    return to if stage in froms else stage


def may_move(
    stage: Stage, to: Stage, *, plan: str = "", criterion: str = "", is_met: bool | None = None, note: str = "",
    reason: str = "", is_proposed: bool = False,
) -> Refusal | None:  # fmt: skip
    """Return None if an intervention in this stage may be moved by hand, else why not.

    A plan is needed to be on plan, a true criterion to be on track, a note to Support to be handed on, a reason to be
    lost; and, while less than the tries of ``proposes_no_response`` were made, a reason to give up as no response.
    """
    if to not in MOVES[stage]:
        return _misplaced(stage, to)
    if to is Stage.ON_PLAN and not plan:
        return Refusal("plan", "Write the plan first: what was agreed with the customer, with dates.")
    if to is Stage.ON_TRACK and not criterion:
        return Refusal("criterion", "State first what on track means here, as a query: usage_drop:<10% health:>=60.")
    if to is Stage.ON_TRACK and not is_met:
        return Refusal("criterion", f"Not on track yet: {criterion} does not hold. It moves by itself when it does.")
    if to is Stage.SELF_SERVICE and not note:
        return Refusal("note", "Handing it to self-service needs a note to Support: what they should know.")
    if to is Stage.NO_RESPONSE and not (is_proposed or reason):
        tries = f"{TRIES} tries over {TRIES_OVER} business days"
        return Refusal("tries", f"No response needs {tries}, or a reason why fewer are enough.")
    if to is Stage.LOST and not reason:
        return Refusal("reason", "Say why it is lost.")
    return None


def _misplaced(stage: Stage, to: Stage) -> Refusal:
    if stage in ENDS:
        return Refusal("ended", f"This intervention has ended ({stage_text(stage)}): start a new one.")
    if stage is to:
        return Refusal("same", f"It is {stage_text(stage)} already.")
    targets = [stage_text(one) for one in Stage if one in MOVES[stage]]
    return Refusal(
        "move", f"It is {stage_text(stage)}: from there it goes to {', '.join(targets)}, not {stage_text(to)}."
    )


def window(engaged_on: date | None, on: date) -> Window | None:
    """Return how far the window has run on a day; None before the customer has answered."""
    if engaged_on is None:
        return None
    day = (on - engaged_on).days
    return Window(day, WARN_DAYS <= day <= WINDOW_DAYS, day > WINDOW_DAYS)


def proposes_no_response(stage: Stage, tries: Sequence[date], today: date, calendar: Calendar) -> bool:
    """Tell whether ending it as no response should be proposed: TRIES made, the first TRIES_OVER business days ago."""
    if stage is not Stage.REACHED_OUT or len(tries) < TRIES:
        return False
    return calendar.business_days_between(min(tries), today) >= TRIES_OVER


def at_close(stage: Stage, outcome: Outcome, note: str, others: Collection[int] = ()) -> Stage | None:
    """Return the end that closing its CTA gives an intervention, None when it goes on.

    Success ends it only when it is on track, the closing note being the note to Support: otherwise the work on the
    account goes on without the CTA. Any other outcome ends one that nobody answered yet as lost. While its CSM
    holds other CTAs (``others``) of the account it goes on in any case.
    """
    if others or stage in ENDS:
        return None
    if outcome is Outcome.SUCCESS:
        return Stage.SELF_SERVICE if stage is Stage.ON_TRACK and note else None
    return Stage.LOST if stage in (Stage.CLAIMED, Stage.REACHED_OUT) else None
