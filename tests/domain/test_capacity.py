"""Limits scaled to a person, weights in minutes, percentiles by nearest rank, segments by their lines."""

from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.capacity import Load, minutes_a_week, scaled, share, spent
from cockpit.domain.flow import nearest_rank
from cockpit.domain.policy import SHIPPED, Line, bounds, proposed
from cockpit.domain.queue import may_claim, room

LIMITS = st.none() | st.integers(0, 50)


@given(LIMITS, st.integers(0, 200))
def test_a_part_of_a_limit_is_rounded_up_and_nothing_stays_nothing(limit: int | None, percent: int):
    own = scaled(limit, percent)
    if limit is None:
        assert own is None
    else:
        assert own == ceil(limit * percent / 100)
        assert (own == 0) is (limit == 0 or percent == 0)


@given(st.integers(0, 60), LIMITS, st.integers(0, 60), LIMITS, st.integers(0, 200))
def test_a_claim_is_refused_exactly_when_there_is_no_room(
    held: int, most: int | None, today: int, daily: int | None, percent: int
):
    left = room(held, scaled(most, percent), today, scaled(daily, percent))
    no = may_claim(held, most, today, daily, percent)
    assert (no is None) is (left is None or left > 0)


def test_the_sentence_names_whose_limit_it_is():
    assert may_claim(13, 25, 0, None, 50).sentence == (  # type: ignore[union-attr]
        "You hold 13 of 13 open CTAs (50 % of 25): close or release one first."
    )
    assert may_claim(2, None, 5, 5, 100, "small").sentence == (  # type: ignore[union-attr]
        "You have claimed 5 of 5 today of segment small: go on tomorrow."
    )


def test_weights_are_minutes_of_a_week():
    assert (minutes_a_week(900), minutes_a_week(0), minutes_a_week(13)) == (208, 0, 3)
    assert Load(120, 60, 40 * 60).free == 2220
    assert Load(120, 60).free is None
    assert (spent(45), spent(60), spent(200)) == ("45 min", "1 h", "3 h 20 min")


@given(st.integers(0, 10_000), st.integers(1, 9))
def test_what_is_shared_is_never_less_than_the_whole(minutes: int, among: int):
    assert minutes <= share(minutes, among) * among < minutes + among


@given(st.lists(st.integers(-1000, 1000), min_size=1), st.sampled_from([1, 50, 95, 100]))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], percent: int):
    found = nearest_rank(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_the_percentile_of_nothing_is_unknown():
    assert nearest_rank([], 50) is None


LINES = st.lists(st.integers(0, 10**9), min_size=2, max_size=5, unique=True).map(
    lambda froms: [Line(n + 1, arr) for n, arr in enumerate(froms)]
)


@given(LINES, st.integers(0, 2 * 10**9), st.data())
def test_a_move_is_not_taken_back_by_the_next_look(lines: list[Line], arr: int, data: st.DataObject):
    current = data.draw(st.none() | st.sampled_from([line.segment for line in lines]))
    to = proposed(arr, current, lines)
    if to is not None:
        assert proposed(arr, to, lines) is None


@given(LINES, st.data())
def test_within_a_tenth_of_a_line_nobody_moves(lines: list[Line], data: st.DataObject):
    ordered = sorted(lines, key=lambda line: line.arr_from)
    place = data.draw(st.integers(1, len(ordered) - 1))
    line = ordered[place].arr_from
    arr = data.draw(st.integers(-(-line * 90 // 100), max(-(-line * 90 // 100), (line * 110 - 1) // 100)))
    low, high = bounds(ordered[place].segment, lines)
    if arr >= low and (high is None or arr < high):
        assert proposed(arr, ordered[place].segment, lines) is None
    below = ordered[place - 1].segment
    if arr >= bounds(below, lines)[0] and arr * 100 < line * 110:
        assert proposed(arr, below, lines) is None


@pytest.mark.parametrize(
    ("arr", "current", "to"),
    [(54_000, 3, None), (55_000, 3, 2), (46_000, 2, None), (44_999, 2, 3), (300_000, 4, 1), (5_000, None, 4), (9_000, 3, None),
     (8_999, 3, 4), (1_000_000, 9, None)],
)  # fmt: skip
def test_the_lines_that_ship(arr: int, current: int | None, to: int | None):
    lines = [Line(n + 1, policy.arr_from) for n, policy in enumerate(SHIPPED)]
    assert proposed(arr, current, lines) == to
