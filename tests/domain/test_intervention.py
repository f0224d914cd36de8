"""The stages of an intervention: which lead where, by hand and by facts, its window, its silence, its end."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.intervention import (
    ENDS,
    MOVES,
    REACHED,
    Fact,
    at_close,
    may_move,
    moved_by,
    proposes_no_response,
    stage_text,
    window,
)
from db.terms import Outcome, Stage
from tests.domain.days import calendars, some_days

stages, facts = st.sampled_from(list(Stage)), st.sampled_from(list(Fact))
WEEKDAYS = Calendar(ZoneInfo("UTC"))
MONDAY = date(2026, 11, 2)
EVERYTHING = {"plan": "p", "criterion": "health:>60", "is_met": True, "note": "n", "reason": "r", "is_proposed": True}


def test_the_way_of_a_good_one():
    way = [Stage.CLAIMED, Stage.REACHED_OUT, Stage.ENGAGED, Stage.ON_PLAN, Stage.ON_TRACK, Stage.SELF_SERVICE]
    for here, there in pairwise(way):
        assert may_move(here, there, **EVERYTHING) is None  # type: ignore[arg-type]


def test_the_last_three_are_ends_and_each_other_stage_can_be_lost():
    assert {Stage.SELF_SERVICE, Stage.NO_RESPONSE, Stage.LOST} == ENDS
    assert all(Stage.LOST in MOVES[stage] for stage in Stage if stage not in ENDS)
    assert set(REACHED) == set(Stage) - ENDS - {Stage.CLAIMED}


@given(stages, stages)
def test_with_everything_said_a_move_is_refused_exactly_when_it_is_not_there(stage: Stage, to: Stage):
    no = may_move(stage, to, **EVERYTHING)  # type: ignore[arg-type]
    assert (no is None) == (to in MOVES[stage])
    if no is not None:
        assert no.sentence.endswith(".")
        assert stage_text(stage) in no.sentence


@given(stages, st.lists(facts, max_size=12))
def test_facts_only_ever_take_moves_that_are_there_and_never_end_it(stage: Stage, happened: list[Fact]):
    for fact in happened:
        to = moved_by(stage, fact)
        assert to is stage or to in MOVES[stage]
        assert to is stage or to not in ENDS
        stage = to


@given(st.lists(facts, max_size=12))
def test_a_fact_that_happens_again_changes_nothing(happened: list[Fact]):
    stage = Stage.CLAIMED
    for fact in happened:
        stage = moved_by(stage, fact)
        assert moved_by(stage, fact) is stage


@pytest.mark.parametrize(
    ("stage", "to", "lacking", "code"),
    [
        (Stage.ENGAGED, Stage.ON_PLAN, "plan", "plan"),
        (Stage.ON_PLAN, Stage.ON_TRACK, "criterion", "criterion"),
        (Stage.ON_PLAN, Stage.ON_TRACK, "is_met", "criterion"),
        (Stage.ON_TRACK, Stage.SELF_SERVICE, "note", "note"),
        (Stage.ENGAGED, Stage.LOST, "reason", "reason"),
    ],
)
def test_what_a_stage_needs(stage: Stage, to: Stage, lacking: str, code: str):
    said = EVERYTHING | {lacking: False if lacking == "is_met" else ""}
    no = may_move(stage, to, **said)  # type: ignore[arg-type]
    assert no is not None
    assert no.code == code


def test_giving_up_needs_the_tries_or_a_reason():
    no = may_move(Stage.REACHED_OUT, Stage.NO_RESPONSE)
    assert no is not None
    assert no.sentence == "No response needs 3 tries over 10 business days, or a reason why fewer are enough."
    assert may_move(Stage.REACHED_OUT, Stage.NO_RESPONSE, is_proposed=True) is None
    assert may_move(Stage.REACHED_OUT, Stage.NO_RESPONSE, reason="went bankrupt") is None


def test_the_window_counts_from_the_answer_and_warns_in_its_last_quarter():
    assert window(None, MONDAY) is None
    says = {}
    for day in (0, 44, 45, 60, 61):
        found = window(MONDAY, MONDAY + timedelta(days=day))
        assert found is not None
        assert (found.day, found.is_closing, found.is_over) == (day, 45 <= day <= 60, day > 60)
        says[day] = found.says
    assert says == {
        0: "day 0 of 60", 44: "day 44 of 60", 45: "day 45 of 60: bring it to an end", 60: "day 60 of 60: bring it to an end",
        61: "day 61, 1 past its window of 60",
    }  # fmt: skip


def test_silence_is_three_tries_over_ten_business_days():
    tries = [MONDAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=9)]
    friday, monday = MONDAY + timedelta(days=11), MONDAY + timedelta(days=14)
    assert not proposes_no_response(Stage.REACHED_OUT, tries, friday, WEEKDAYS)
    assert proposes_no_response(Stage.REACHED_OUT, tries, monday, WEEKDAYS)
    assert not proposes_no_response(Stage.REACHED_OUT, tries[:2], monday, WEEKDAYS)
    assert not proposes_no_response(Stage.ENGAGED, tries, monday, WEEKDAYS)
    holiday = Calendar(ZoneInfo("UTC"), frozenset({MONDAY + timedelta(days=2)}))
    assert not proposes_no_response(Stage.REACHED_OUT, tries, monday, holiday)


@given(calendars(), st.lists(some_days, min_size=3, max_size=6), st.integers(0, 40))
def test_once_proposed_always_proposed_while_nobody_answers(calendar: Calendar, tries: list[date], later: int):
    today = max(tries)
    if proposes_no_response(Stage.REACHED_OUT, tries, today, calendar):
        assert proposes_no_response(Stage.REACHED_OUT, tries, today + timedelta(days=later), calendar)


@given(stages, st.sampled_from(list(Outcome)), st.sampled_from(["", "note"]), st.lists(st.integers(), max_size=1))
def test_closing_its_cta_ends_it_only_by_a_move_that_is_there(stage: Stage, outcome: Outcome, note: str, others: list[int]):
    end = at_close(stage, outcome, note, others)
    if end is None:
        return
    assert end in MOVES[stage]
    assert not others
    assert (end is Stage.SELF_SERVICE) == (outcome is Outcome.SUCCESS)


def test_success_does_not_end_it_before_it_is_on_track():
    assert [at_close(stage, Outcome.SUCCESS, "done") for stage in (Stage.CLAIMED, Stage.ENGAGED, Stage.ON_PLAN)] == [None] * 3
    assert at_close(Stage.ON_TRACK, Outcome.SUCCESS, "done") is Stage.SELF_SERVICE
    assert at_close(Stage.ON_TRACK, Outcome.SUCCESS, "") is None
    assert at_close(Stage.REACHED_OUT, Outcome.UNSUCCESSFUL, "") is Stage.LOST
    assert at_close(Stage.ENGAGED, Outcome.UNSUCCESSFUL, "") is None
