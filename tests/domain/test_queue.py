"""The order of the queue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import ONE_DAY
from cockpit.domain.queue import (
    Inputs,
    explain,
    may_claim,
    points,
    rank,
    rescore_on,
    room,
    score_at,
    score_milli,
    total,
)  # fmt: skip
from cockpit.domain.weights import Weights
from db.terms import Priority
from tests.domain.days import moments
from tests.domain.test_weights import some_weights

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DEFAULT = Weights()
near_days = st.integers(-60, 400).map(lambda n: TODAY + ONE_DAY * n)
inputs = st.builds(
    Inputs,
    priority=st.sampled_from(Priority),
    due=st.none() | near_days | st.just(date.max),
    health=st.none() | st.integers(0, 100),
    arr=st.none() | st.integers(0, 10**9),
    renewal=st.none() | near_days | st.just(date.max),
    flagged=st.booleans(),
    opened_at=moments,
)
weights = st.just(DEFAULT) | some_weights()
ACME = Inputs(Priority.HIGH, TODAY + ONE_DAY * 2, 54, 4_800_000, TODAY + ONE_DAY * 41, False, NOW - ONE_DAY * 3)


def test_the_score_is_explained_line_by_line():
    assert [(line.label, line.value, line.points) for line in points(ACME, TODAY, DEFAULT)] == [
        ("priority", "high", 40_000),
        ("due", "in 2 days", 15_000),
        ("health", "54 (amber)", 10_000),
        ("ARR", "$48k", 8_000),
        ("renewal", "in 41 days", 12_000),
        ("flagged", "no", 0),
    ]
    told = explain(ACME, TODAY, NOW, DEFAULT)
    assert (told.lines[-1].label, told.lines[-1].value, told.lines[-1].points) == ("waiting", "3 days", 1_500)
    assert told.score == 86.5
    assert score_at(rank(ACME, TODAY, DEFAULT), NOW, DEFAULT) == 86.5


@pytest.mark.parametrize(
    ("days", "milli"), [(-1, 25_000), (0, 15_000), (2, 15_000), (3, 8_000), (7, 8_000), (8, 0), (None, 0)]
)
def test_due_steps(days: int | None, milli: int):
    due = None if days is None else TODAY + ONE_DAY * days
    assert points(Inputs(Priority.LOW, due, 90, None, None, False, NOW), TODAY, DEFAULT)[1].points == milli


@pytest.mark.parametrize(
    ("days", "milli"),
    [(-31, 0), (-30, 20_000), (30, 20_000), (31, 12_000), (90, 12_000), (91, 5_000), (180, 5_000), (181, 0), (None, 0)],
)
def test_renewal_steps_and_a_stale_date_counts_nothing(days: int | None, milli: int):
    renewal = None if days is None else TODAY + ONE_DAY * days
    assert points(Inputs(Priority.LOW, None, 90, None, renewal, False, NOW), TODAY, DEFAULT)[4].points == milli


@pytest.mark.parametrize(
    ("health", "arr", "milli"),
    [(49, 25_000_000, 40_000), (50, 24_999_999, 25_000), (75, 500_000, 4_000), (None, 499_999, 5_000), (100, None, 0)],
)
def test_health_and_arr_steps_and_unknown_is_not_zero(health: int | None, arr: int | None, milli: int):
    lines = points(Inputs(Priority.LOW, None, health, arr, None, False, NOW), TODAY, DEFAULT)
    assert lines[2].points + lines[3].points == milli


def test_thresholds_are_in_the_units_of_the_reporting_currency():
    yen = Weights(currency="JPY", arr_from=((1_000_000, 9_000),))
    rich = Inputs(Priority.LOW, None, 90, 1_000_000, None, False, NOW)
    assert (points(rich, TODAY, yen)[3].value, points(rich, TODAY, yen)[3].points) == ("¥1M", 9_000)


@given(inputs, weights, moments)
def test_the_explained_sum_agrees_with_the_stored_key(one: Inputs, using: Weights, now: datetime):
    told = explain(one, TODAY, now, using)
    key = rank(one, TODAY, using)
    assert sum(line.points for line in told.lines) == score_milli(key, now, using)
    assert told.score == score_at(key, now, using)
    assert sum(line.points for line in points(one, TODAY, using)) == total(one, TODAY, using)
    assert abs(key) < 2**63


@given(inputs, inputs, weights, moments, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_the_order_by_key_is_the_order_by_score_at_any_moment(
    one: Inputs, two: Inputs, using: Weights, now: datetime, later: timedelta
):
    first, second = rank(one, TODAY, using), rank(two, TODAY, using)
    for moment in (now, now + later):
        ahead = score_milli(first, moment, using) - score_milli(second, moment, using)
        if first < second:
            assert ahead >= 0
        elif first == second:
            assert ahead == 0
        assert ahead == 0 or (ahead > 0) == (first < second)


@given(inputs, weights)
def test_rescoring_falls_on_the_first_day_the_points_differ(one: Inputs, using: Weights):
    day = rescore_on(one, TODAY, using)
    now = total(one, TODAY, using)
    looked_at = (TODAY + ONE_DAY * n for n in range(1, 1000))
    differs = next((d for d in looked_at if total(one, d, using) != now), None)
    if differs is not None or (day is not None and (day - TODAY).days < 1000):
        assert day == differs
    if day is not None:
        assert total(one, day, using) != now
        assert total(one, day - ONE_DAY, using) == now


@given(st.integers(0, 40), st.none() | st.integers(0, 40), st.integers(0, 40), st.none() | st.integers(0, 40))
def test_the_limits_leave_room_exactly_when_one_may_claim(held: int, most: int | None, done: int, a_day: int | None):
    left = room(held, most, done, a_day)
    assert (may_claim(held, most, done, a_day) is None) == (left is None or left > 0)
    if left:
        assert may_claim(held + left - 1, most, done + left - 1, a_day) is None
        assert may_claim(held + left, most, done + left, a_day) is not None


def test_the_limit_reached_is_named():
    held, a_day = may_claim(25, 25, 0, None), may_claim(3, 25, 8, 8)
    assert held is not None
    assert held.sentence == "You hold 25 of 25 open CTAs: close or release one first."
    assert a_day is not None
    assert a_day.sentence == "You have claimed 8 of 8 today: go on tomorrow."
