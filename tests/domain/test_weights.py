"""The queue's weights as text and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.weights import Steps, Weights, WeightsError, weights_from
from db.terms import Priority

milli = st.integers(-100_000, 100_000)


@st.composite
def steps(draw: st.DrawFn, *, rising: bool, most: int = 400) -> Steps:
    limits = sorted(draw(st.sets(st.integers(0, most), max_size=5)), reverse=not rising)
    return tuple((limit, draw(milli)) for limit in limits)


@st.composite
def some_weights(draw: st.DrawFn) -> Weights:
    """Any weights that can be written."""
    red = draw(st.integers(0, 101))
    return Weights(
        priority={name: draw(milli) for name in Priority},
        due_overdue=draw(milli),
        due_within=draw(steps(rising=True)),
        due_later=draw(milli),
        due_none=draw(milli),
        health_red_below=red,
        health_amber_below=draw(st.integers(red, 101)),
        health_red=draw(milli),
        health_amber=draw(milli),
        health_green=draw(milli),
        health_unknown=draw(milli),
        currency=draw(st.sampled_from(("USD", "JPY", "KWD"))),
        arr_from=draw(steps(rising=False, most=10**6)),
        renewal_within=draw(steps(rising=True)),
        renewal_past_days=draw(st.integers(0, 100)),
        flagged=draw(milli),
        slope=draw(st.integers(0, 5000)),
    )


@given(some_weights())
def test_weights_survive_being_written_and_read(weights: Weights):
    assert weights_from(json.loads(json.dumps(weights.to_dict()))) == weights


def test_what_is_left_out_keeps_its_default():
    assert weights_from({}) == Weights()
    assert weights_from({"priority": {"high": 50.5}}).priority == {
        Priority.HIGH: 50_500, Priority.MEDIUM: 20_000, Priority.LOW: 5_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"priorty": {}}, "priorty is not a weight. Did you mean priority?"),
        ({"priority": {"hihg": 1}}, "priority.hihg is not a weight. Did you mean high?"),
        ({"priority": 5}, "priority is a table, with low, medium, high."),
        ({"priority": {"high": "a lot"}}, "priority.high is a number of points from -10000 to 10000, not 'a lot'."),
        ({"priority": {"high": True}}, "priority.high is a number of points"),
        ({"flagged": 1.00005}, "flagged is a number of points"),
        ({"flagged": float("nan")}, "flagged is a number of points"),
        ({"waiting_day": -1}, "waiting_day is a number of points from 0"),
        ({"due": {"within": [[7, 8], [2, 15]]}}, "due.within: limits rise from pair to pair."),
        ({"arr": {"from": [[1, 8], [2, 15]]}}, "arr.from: limits fall from pair to pair."),
        ({"due": {"within": [[2]]}}, "due.within is a list of [limit, points] pairs, not [[2]]."),
        ({"due": {"within": [[-2, 3]]}}, "due.within: a limit is a whole number from 0, not -2."),
        (
            {"health": {"red_below": 80, "amber_below": 70}},
            "health.amber_below is a whole number from 80 to 101, not 70.",
        ),
        ({"arr": {"currency": "usd"}}, "arr.currency is a currency code such as USD, not 'usd'."),
    ],
)
def test_a_wrong_weight_is_named(raw: dict[str, object], sentence: str):
    with pytest.raises(WeightsError) as error:
        weights_from(raw)
    assert sentence in str(error.value)
