"""What can be done with a CTA, by whom, and the sentence when it cannot.

``State`` is not stored: it follows from status, owner and snooze.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from cockpit.domain import say
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.refusal import Refusal
from db.terms import CtaStatus, Outcome, Role


class State(StrEnum):
    """Where a CTA stands."""

    UNASSIGNED = "unassigned"
    CLAIMED = "claimed"
    SNOOZED_UNASSIGNED = "snoozed-unassigned"
    SNOOZED_CLAIMED = "snoozed-claimed"
    CLOSED = "closed"


class Verb(StrEnum):
    """What people do with a CTA."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    WAKE = "wake"
    CLOSE = "close"
    REOPEN = "reopen"
    EDIT = "edit"


MOVES: dict[State, dict[Verb, State]] = {
    State.UNASSIGNED: {
        Verb.CLAIM: State.CLAIMED,
        Verb.ASSIGN: State.CLAIMED,
        Verb.SNOOZE: State.SNOOZED_UNASSIGNED,
        Verb.CLOSE: State.CLOSED,
        Verb.EDIT: State.UNASSIGNED,
    },
    State.CLAIMED: {
        Verb.RELEASE: State.UNASSIGNED,
        Verb.ASSIGN: State.CLAIMED,
        Verb.SNOOZE: State.SNOOZED_CLAIMED,
        Verb.CLOSE: State.CLOSED,
        Verb.EDIT: State.CLAIMED,
    },
    State.SNOOZED_UNASSIGNED: {
        Verb.ASSIGN: State.SNOOZED_CLAIMED,
        Verb.SNOOZE: State.SNOOZED_UNASSIGNED,
        Verb.WAKE: State.UNASSIGNED,
        Verb.CLOSE: State.CLOSED,
        Verb.EDIT: State.SNOOZED_UNASSIGNED,
    },
    State.SNOOZED_CLAIMED: {
        Verb.RELEASE: State.UNASSIGNED,
        Verb.ASSIGN: State.SNOOZED_CLAIMED,
        Verb.SNOOZE: State.SNOOZED_CLAIMED,
        Verb.WAKE: State.CLAIMED,
        Verb.CLOSE: State.CLOSED,
        Verb.EDIT: State.SNOOZED_CLAIMED,
    },
    State.CLOSED: {Verb.REOPEN: State.CLAIMED},
}
"""From each state, what each verb leads to; a verb that is not there is refused."""

OWNED = frozenset({State.CLAIMED, State.SNOOZED_CLAIMED})
_OVER_OTHERS = frozenset({Role.MANAGER, Role.OPS})
_NEEDS_CLAIM = frozenset({Verb.ASSIGN})
_PAST = {
    Verb.CLAIM: "Claimed", Verb.RELEASE: "Released", Verb.ASSIGN: "Assigned", Verb.SNOOZE: "Snoozed",
    Verb.WAKE: "Woke", Verb.CLOSE: "Closed", Verb.REOPEN: "Reopened", Verb.EDIT: "Changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of one CTA: its state, whose it is and since when.

    ``owner`` is a name for people; ``since`` is when it was claimed, or closed; ``until`` when its snooze ends.
    """

    id: int
    state: State
    owner: str | None = None
    is_mine: bool = False
    since: datetime | None = None
    until: date | None = None
    outcome: Outcome | None = None


def state_of(status: CtaStatus, owner_id: int | None, snoozed_at: datetime | None) -> State:
    """Return the state that the stored columns amount to."""
    if status == CtaStatus.CLOSED:
        return State.CLOSED
    if snoozed_at is None:
        return State.UNASSIGNED if owner_id is None else State.CLAIMED
    return State.SNOOZED_UNASSIGNED if owner_id is None else State.SNOOZED_CLAIMED


def after(verb: Verb, state: State, *, has_owner: bool = True) -> State:
    """Return the state a permitted verb leads to; what is reopened without an owner is unassigned."""
    target = MOVES[state][verb]
    return State.UNASSIGNED if verb == Verb.REOPEN and not has_owner else target


def may(verb: Verb, cta: Standing, role: Role, now: datetime, zone: tzinfo = UTC) -> Refusal | None:
    """Return None if somebody with this role may do this now, else why not.

    Owners act on what is theirs, managers and ops on everybody's; what nobody owns may be claimed, snoozed, woken,
    edited and closed by all, and is claimed before it is handed on.
    """
    if role == Role.READ_ONLY:
        return Refusal("read_only", "You can look, not change: your role is read-only.")
    if verb not in MOVES[cta.state]:
        return _misplaced(verb, cta, now, zone)
    if cta.is_mine or role in _OVER_OTHERS:
        return None
    if cta.owner is not None and verb != Verb.CLAIM:
        return Refusal("not_yours", f"CTA {cta.id} is {say.possessive(cta.owner)}: they or a manager can {verb} it.")
    if cta.owner is None and verb in _NEEDS_CLAIM and cta.state != State.CLOSED:
        return Refusal("unassigned", f"CTA {cta.id} is nobody's yet: claim it first.")
    return None


def _misplaced(verb: Verb, cta: Standing, now: datetime, zone: tzinfo) -> Refusal:
    """Return why a verb does not fit the state of a CTA."""
    name = f"CTA {cta.id}"
    when = f" {say.at(cta.since, now, zone)}" if cta.since else ""
    if cta.state == State.CLOSED:
        who = f" by {cta.owner}" if cta.owner else ""
        how = f" as {outcome_text(cta.outcome)}" if cta.outcome else ""
        return Refusal("closed", f"{name} was closed{how}{who}{when}: reopen it first.")
    if verb == Verb.REOPEN:
        return Refusal("open", f"{name} is open.")
    if verb == Verb.CLAIM and cta.state in OWNED:
        return yours(cta.id, cta.since, now, zone) if cta.is_mine else taken(cta.id, cta.owner, cta.since, now, zone)
    if verb == Verb.CLAIM:
        until = f" until {say.day(cta.until, now.astimezone(zone).date())}" if cta.until else ""
        return Refusal("snoozed", f"{name} is snoozed{until}: wake it first.")
    if verb == Verb.RELEASE:
        return Refusal("unassigned", f"{name} is nobody's: there is nothing to release.")
    return Refusal("awake", f"{name} is not snoozed.")


def taken(cta_id: int, owner: str | None, since: datetime | None, now: datetime, zone: tzinfo = UTC) -> Refusal:
    """Return the loser's answer: ``Ben Okafor took CTA 17 at 10:42.``"""
    when = f" {say.at(since, now, zone)}" if since else ""
    return Refusal("taken", f"{owner or 'Somebody'} took CTA {cta_id}{when}.")


def yours(cta_id: int, since: datetime | None, now: datetime, zone: tzinfo = UTC) -> Refusal:
    """Return the answer to claiming what one has: ``CTA 17 is yours already: you took it at 10:42.``"""
    when = f": you took it {say.at(since, now, zone)}" if since else ""
    return Refusal("yours", f"CTA {cta_id} is yours already{when}.")


def missing(cta_id: int) -> Refusal:
    """Return the answer about a CTA that is not there."""
    return Refusal("unknown", f"There is no CTA {cta_id}.")


# --- closing ---------------------------------------------------------------------------------------

CLOSE_FIELDS: dict[str, str] = {
    "close_note": "a note",
    "description": "a description",
    "due": "a due date",
    "playbook_id": "a playbook",
    "opportunity_id": "a linked opportunity",
    "people": "a linked person",
    "activity": "a logged activity",
}
"""What a type may ask for at close, and what the user is told is missing."""
_ALIASES = {
    "note": "close_note", "playbook": "playbook_id", "opportunity": "opportunity_id", "person": "people", "activities": "activity",
}  # fmt: skip


def read_required(text: str | None) -> tuple[str, ...]:
    """Return the fields named in a type's ``required_at_close`` (comma between), or raise naming the unknown one."""
    names = [_ALIASES.get(part.strip(), part.strip()) for part in (text or "").split(",") if part.strip()]
    for name in names:
        if name not in CLOSE_FIELDS:
            known = (*CLOSE_FIELDS, *_ALIASES)
            raise ValueError(f"{name!r} cannot be required at close.{did_you_mean(name, known)}")
    return tuple(dict.fromkeys(names))


def may_close(cta_id: int, type_name: str, required: Sequence[str], fields: Mapping[str, object]) -> Refusal | None:
    """Return None if every field the type requires is filled, else which are not."""
    lacking = [CLOSE_FIELDS[name] for name in required if fields.get(name) is None or not str(fields[name]).strip()]
    if not lacking:
        return None
    return Refusal("required", f"CTA {cta_id} ({type_name}) needs {say.listed(lacking)} before it closes.")


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome as people read it: ``no action``."""
    return outcome.value.replace("_", " ")


def done(
    verb: Verb,
    ids: Sequence[int],
    *,
    today: date | None = None,
    until: date | None = None,
    outcome: Outcome | None = None,
    to: str | None = None,
) -> str:
    """Return what was done, as toasts and the journal say it: ``Snoozed CTA 17 until Fri 4 Dec``."""
    what = f"CTA {ids[0]}" if len(ids) == 1 else say.plural(len(ids), "CTA")
    tail = f" to {to}" if to else ""
    tail += f" until {say.day(until, today)}" if until else ""
    tail += f" as {outcome_text(outcome)}" if outcome else ""
    return f"{_PAST[verb]} {what}{tail}"
