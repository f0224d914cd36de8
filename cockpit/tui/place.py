"""Where a key is pressed, and the sentence that says why it does nothing there; None when it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What is true where a key is pressed; enough to say whether it can do anything."""

    screen: str
    row: str = ""
    """What the cursor stands on: cta, account, person, activity, or nothing."""
    marked: int = 0
    taken: str = ""
    """What became of the row under the cursor when it is only still there because of the cursor."""
    read_only: bool = False
    pane: str = ""
    role: str = ""
    """The person's; some acts are for managers and ops."""


WhyNot = Callable[[Place], str | None]


def _always(place: Place) -> str | None:
    """Always."""
    return None


def _writing(place: Place) -> str | None:
    """Where something may be changed."""
    return "This store is open for reading only; nothing can be changed here." if place.read_only else None


def _on_row(place: Place) -> str | None:
    """With a row under the cursor, or marks."""
    return None if place.row or place.marked else "There is no row under the cursor."


def _on_cta(place: Place) -> str | None:
    """With a CTA that is still there."""
    if why := _writing(place):
        return why
    if place.marked and place.screen != "accounts":
        return None
    if place.taken:
        return f"This CTA is gone: {place.taken}. Move on with j."
    if place.row != "cta":
        return "There is no CTA under the cursor; p c opens the CTAs of the account." if place.screen == "account" else NO_CTA
    return None


NO_CTA = "There is no CTA under the cursor."
PLANNED = ("goal", "risk", "escalation")


def _on_cta_or_plan(place: Place) -> str | None:
    """Lines of a success plan are moved, ended and taken up again by the same keys."""
    return _writing(place) if place.pane == "plan" and place.row in PLANNED else _on_cta(place)



def _on_account(place: Place) -> str | None:
    """With an account."""
    if why := _writing(place):
        return why
    return None if place.row or place.screen == "account" else "There is no account under the cursor."


def _editable(place: Place) -> str | None:
    """With something that can be edited."""
    if place.screen == "team" and place.pane not in ("reviews", "library") and (why := _leading(place)):
        return why
    return _on_account(place) if place.row or place.screen != "team" else "There is nothing under the cursor to edit."


def _addable(place: Place) -> str | None:
    """Where something can be added."""
    return _leading(place) if place.screen == "team" and place.pane not in ("away", "reviews", "library") else _writing(place)


def _beginning(place: Place) -> str | None:
    """Before a leave is started."""
    return "It is started already; u takes all of it back." if place.pane == "started" else _writing(place)


def _startable(place: Place) -> str | None:
    """Where something can be started."""
    if place.screen != "team":
        return _writing(place)
    return _leading_in("A playbook is started for somebody new from Playbooks", "playbooks")(place)


def _leading(place: Place) -> str | None:
    """How the team works is for managers and ops to say."""
    if why := _writing(place):
        return why
    if place.role in ("", "manager", "ops"):
        return None
    return f"Only managers and ops change how the team works; you are here as {place.role.replace('_', '-')}."


def _leading_in(words: str, *panes: str) -> WhyNot:
    """For managers and ops, in these sections."""
    def why_not(place: Place) -> str | None:
        if why := _leading(place):
            return why
        return f"{words}; [ and ] go there." if place.pane and place.pane not in panes else None

    return why_not


def _out(place: Place) -> str | None:
    """Where something is taken out; who may take a text out of use, its use-case says."""
    if place.pane == "library":
        return _writing(place)
    where = "What is taken out is in Pools, Pods, Playbooks, Library or Settings"
    return _leading_in(where, "pools", "pods", "playbooks", "settings")(place)


def _on_intervention(place: Place) -> str | None:
    """With an intervention, or where one can start."""
    if why := _writing(place):
        return why
    if place.screen == "board":
        return None if place.row else "There is no intervention under the cursor; I on a CTA of yours starts one."
    return None if place.row or place.screen == "account" else NO_CTA


def _exportable(place: Place) -> str | None:
    """With something that can be written to a file."""
    if place.screen != "account" or place.row == "document":
        return None
    return "What is exported of an account is a document; p d goes to them."


def _turns(place: Place) -> str | None:
    """Where something turns."""
    if place.screen == "account":
        turns = place.pane in ("support", "people", "scorecard")
        return None if turns else "What turns here: Support (p v: one kind), People (p e: list or map), Scorecard (p o: since when)."
    if place.screen != "team" or place.pane in ("", "flow", "touch", "health"):
        return None
    return "What turns here is Flow (p f: by pool, lane, CSM), Touch (p t: by CSM, account), Health (p e: by segment, owner, pool)."


def _started(place: Place) -> str | None:
    """With something that was started."""
    if why := _writing(place):
        return why
    return None if place.pane in ("", "started") else f"It is {place.pane}: this is for what is not handed over yet."


def _on_step(place: Place) -> str | None:
    """With a step."""
    if why := _writing(place):
        return why
    return None if place.row else "There is no step under the cursor."


def _on_one_cta(place: Place) -> str | None:
    """With one CTA."""
    if place.screen == "board" and place.row:
        return _writing(place)
    return _on_cta(place)


def _on_person(place: Place) -> str | None:
    """With a person."""
    if why := _writing(place):
        return why
    if place.screen == "person" or place.row == "person" or (place.marked and place.pane == "people"):
        return None
    return "There is no person under the cursor; p e opens the people of the account."


def _on_network(place: Place) -> str | None:
    """With the value network."""
    return "There is no account under the cursor; tab goes to the list." if place.screen == "network" and place.row != "account" else None


def _on_entry(place: Place) -> str | None:
    if why := _writing(place):
        return why
    return None if place.row == "activity" or place.pane != "timeline" else "There is no entry under the cursor."


def _mail(*states: str) -> WhyNot:
    def why_not(place: Place) -> str | None:
        if why := _writing(place):
            return why
        if not place.row:
            return "There is no mail under the cursor."
        return None if not place.pane or place.pane in states else f"This mail is {place.pane}; that is for what is {' or '.join(states)}."

    return why_not


def _on_figure(place: Place) -> str | None:
    """With a figure that opens."""
    if place.pane == "people" or (place.screen == "network" and place.row):
        return None
    if place.row in ("cta", "measure"):
        return None
    return "No figure is here that opens: p f is what followed hand-overs." if place.screen == "transitions" else NO_CTA
