"""What may be done with a CTA, and the sentence when it may not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clean import is_clean
from cockpit.domain.cta import (
    MOVES,
    OWNED,
    Standing,
    State,
    Verb,
    after,
    done,
    may,
    may_close,
    missing,
    read_required,
    state_of,
    taken,
)  # fmt: skip
from db.terms import CtaStatus, Outcome, Role

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
TOOK = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
BENS = Standing(17, State.CLAIMED, "Ben Okafor", is_mine=False, since=TOOK)
MINE = Standing(17, State.CLAIMED, "Ana Ruiz", is_mine=True, since=TOOK)
FREE = Standing(17, State.UNASSIGNED)
CLOSED = Standing(17, State.CLOSED, "Ben Okafor", since=TOOK, outcome=Outcome.NO_ACTION)
HIDDEN = Standing(17, State.SNOOZED_UNASSIGNED, until=date(2026, 12, 4))

states = st.sampled_from(State)
verbs = st.sampled_from(Verb)


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    state = draw(states)
    owned = state in OWNED or (state == State.CLOSED and draw(st.booleans()))
    mine = owned and draw(st.booleans())
    since = draw(st.sampled_from((None, TOOK)))
    return Standing(
        17, state, "Ben Okafor" if owned else None, mine, since, draw(st.sampled_from((None, date(2026, 12, 4))))
    )


@pytest.mark.parametrize(
    ("verb", "cta", "code", "sentence"),
    [
        (Verb.CLAIM, BENS, "taken", "Ben Okafor took CTA 17 at 10:42."),
        (Verb.CLAIM, MINE, "yours", "CTA 17 is yours already: you took it at 10:42."),
        (Verb.CLAIM, HIDDEN, "snoozed", "CTA 17 is snoozed until Fri 4 Dec: wake it first."),
        (Verb.RELEASE, BENS, "not_yours", "CTA 17 is Ben Okafor's: they or a manager can release it."),
        (Verb.RELEASE, FREE, "unassigned", "CTA 17 is nobody's: there is nothing to release."),
        (Verb.WAKE, MINE, "awake", "CTA 17 is not snoozed."),
        (Verb.REOPEN, MINE, "open", "CTA 17 is open."),
        (Verb.CLOSE, CLOSED, "closed", "CTA 17 was closed as no action by Ben Okafor at 10:42: reopen it first."),
        (Verb.REOPEN, CLOSED, "not_yours", "CTA 17 is Ben Okafor's: they or a manager can reopen it."),
    ],
)
def test_refusals_name_who_and_when(verb: Verb, cta: Standing, code: str, sentence: str):
    refusal = may(verb, cta, Role.CSM, NOW)
    assert refusal is not None
    assert (refusal.code, refusal.sentence) == (code, sentence)


def test_owners_act_on_their_own_and_managers_on_all():
    for verb in (Verb.RELEASE, Verb.ASSIGN, Verb.SNOOZE, Verb.CLOSE, Verb.EDIT):
        assert may(verb, MINE, Role.JUNIOR, NOW) is None
        assert may(verb, BENS, Role.MANAGER, NOW) is None
        assert may(verb, BENS, Role.CSM, NOW) is not None
    for verb in (Verb.CLAIM, Verb.SNOOZE, Verb.EDIT, Verb.CLOSE):
        assert may(verb, FREE, Role.CSM, NOW) is None


@given(verbs, standings(), st.sampled_from(Role))
def test_what_may_be_done_leads_somewhere_and_what_may_not_has_a_sentence(verb: Verb, cta: Standing, role: Role):
    refusal = may(verb, cta, role, NOW)
    if refusal is None:
        assert role != Role.READ_ONLY
        assert after(verb, cta.state, has_owner=cta.owner is not None) in State
    else:
        assert refusal.code.isidentifier()
        assert is_clean(refusal.sentence)
        assert refusal.sentence.endswith(".")


@given(states, verbs)
def test_moves_stay_within_the_stored_states(state: State, verb: Verb):
    if verb in MOVES[state]:
        assert MOVES[state][verb] in MOVES


def test_every_state_can_be_left():
    assert set(MOVES) == set(State)
    for state, moves in MOVES.items():
        assert set(moves.values()) - {state}


@given(st.sampled_from(CtaStatus), st.sampled_from((None, 3)), st.sampled_from((None, NOW)))
def test_the_state_follows_from_the_columns(status: CtaStatus, owner: int | None, snoozed: datetime | None):
    state = state_of(status, owner, snoozed)
    assert (state == State.CLOSED) == (status == CtaStatus.CLOSED)
    if state != State.CLOSED:
        assert (state in OWNED) == (owner is not None)
        assert state.value.startswith("snoozed") == (snoozed is not None)


def test_a_reopened_cta_without_an_owner_is_unassigned():
    assert after(Verb.REOPEN, State.CLOSED) == State.CLAIMED
    assert after(Verb.REOPEN, State.CLOSED, has_owner=False) == State.UNASSIGNED


def test_a_type_may_require_fields_at_close():
    required = read_required(" note, due,note")
    assert required == ("close_note", "due")
    assert may_close(17, "risk", required, {"close_note": "called", "due": date(2026, 12, 4)}) is None
    refusal = may_close(17, "risk", required, {"close_note": " "})
    assert refusal is not None
    assert refusal.sentence == "CTA 17 (risk) needs a note and a due date before it closes."
    with pytest.raises(ValueError, match="Did you mean close_note"):
        read_required("close_not")


def test_what_was_done_is_said_in_one_line():
    today = NOW.date()
    assert done(Verb.CLAIM, [17]) == "Claimed CTA 17"
    assert done(Verb.CLAIM, [1, 2, 3]) == "Claimed 3 CTAs"
    assert done(Verb.SNOOZE, [17], today=today, until=date(2026, 12, 4)) == "Snoozed CTA 17 until Fri 4 Dec"
    assert done(Verb.CLOSE, [17], outcome=Outcome.NO_ACTION) == "Closed CTA 17 as no action"
    assert done(Verb.ASSIGN, [17], to="Ben Okafor") == "Assigned CTA 17 to Ben Okafor"
    assert taken(17, None, None, NOW).sentence == "Somebody took CTA 17."
    assert missing(17).code == "unknown"
