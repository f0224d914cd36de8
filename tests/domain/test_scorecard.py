"""The curve, the weights and their redistribution, against the definitions; and texts that are wrong, by their place."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.scorecard import (
    Card,
    Figure,
    Group,
    Measure,
    Word,
    curve,
    health_trend,
    is_news,
    judged,
    kept,
    moved,
    rounded,
    score,
)  # fmt: skip
from cockpit.domain.scorecard_text import read_card
from cockpit.domain.toml_places import TextProblems

SHIPPED = (Path(__file__).parents[2] / "cockpit/library/scorecards/default.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)
VALUES = st.floats(-200, 200, allow_nan=False)
THREE = st.lists(st.integers(-100, 100), min_size=3, max_size=3, unique=True).map(sorted)


@given(VALUES, THREE, st.booleans())
def test_the_curve_runs_straight_through_its_three_points(value: float, three: list[int], falls: bool):
    low, middle, high = map(float, three)
    points = (high, middle, low) if falls else (low, middle, high)
    assert [curve(one, points) for one in points] == [0.0, 50.0, 100.0]
    got = curve(value, points)
    assert 0 <= got <= 100
    at = value if not falls else low + high - value
    mirrored = middle if not falls else low + high - middle
    exact = 50 * (at - low) / (mirrored - low) if at <= mirrored else 50 + 50 * (at - mirrored) / (high - mirrored)
    assert got == pytest.approx(min(100, max(0, exact)), abs=1e-6)
    more = curve(value + 1, points)
    assert more <= got if falls else more >= got


WEIGHTS = st.integers(1, 50)
CARDS = st.lists(st.tuples(WEIGHTS, st.lists(st.tuples(WEIGHTS, st.none() | st.integers(0, 100)), min_size=1, max_size=4)),
                 min_size=1, max_size=5)  # fmt: skip


def card_of(shape: list[tuple[int, list[tuple[int, int | None]]]]) -> tuple[Card, dict[str, Figure]]:
    groups, figures = [], {}
    for g, (weight, measures) in enumerate(shape):
        made = []
        for m, (share, value) in enumerate(measures):
            name = f"m{g}_{m}"
            made.append(Measure(name, name, share, "nps", (0, 50, 100)))
            figures[name] = Figure(value, TODAY)
        groups.append(Group(f"g{g}", weight, tuple(made)))
    return Card("c", tuple(groups)), figures


def by_hand(shape: list[tuple[int, list[tuple[int, int | None]]]]) -> int | None:
    """The same in fractions: means of what is there, of groups that have any; none when over half is missing."""
    whole = sum(weight for weight, _ in shape)
    gone = sum(
        Fraction(weight, whole) * Fraction(sum(w for w, v in measures if v is None), sum(w for w, _ in measures))
        for weight, measures in shape
    )
    means = [
        (weight, Fraction(sum(w * v for w, v in there), sum(w for w, _ in there)))
        for weight, measures in shape
        if (there := [(w, v) for w, v in measures if v is not None])
    ]
    if gone > Fraction(1, 2) or not means:
        return None
    return int(Fraction(sum(w * mean for w, mean in means), sum(w for w, _ in means)) + Fraction(1, 2))


@given(CARDS)
@settings(max_examples=150)
def test_what_is_missing_leaves_its_weight_to_its_neighbours(shape: list[tuple[int, list[tuple[int, int | None]]]]):
    card, figures = card_of(shape)
    scored = score(card, figures, TODAY)
    assert scored.total == scored.computed == by_hand(shape)
    shares = [line.share for line in scored.lines]
    assert sum(shares) == pytest.approx(1 if any(line.points is not None for line in scored.lines) else 0)
    assert all(line.share == 0 for line in scored.lines if line.points is None)
    assert (scored.total is None) == bool(scored.why)


@given(CARDS, CARDS)
@settings(max_examples=60)
def test_what_moved_adds_up_to_the_whole_change(first: list, second: list):
    card, now = card_of(first)
    shape = [(w, [(s, v) for s, v in m]) for w, m in first]
    values = [v for _, m in second for _, v in m]
    then = {name: Figure(values[n % len(values)], TODAY) for n, name in enumerate(now)}
    old, new = score(card, then, TODAY), score(card, now, TODAY)
    change = sum(line.adds for line in new.lines) - sum(line.adds for line in old.lines)
    assert sum(one.by for one in moved(card, kept(old), kept(new))) == pytest.approx(change, abs=0.06 * len(now) + 1e-6)
    assert shape


def test_stale_few_and_unknown_figures_do_not_count_and_say_why():
    nps = Measure("nps", "NPS", 1, "nps", (0, 7, 10), stale_after=180)
    csat = Measure("csat", "CSAT", 1, "csat", (50, 80, 95), least=3)
    old = Figure(9, TODAY - timedelta(days=181))
    assert judged(nps, old, TODAY) == (None, "stale: 181 days old, 180 at most")
    assert judged(nps, Figure(9, TODAY - timedelta(days=180)), TODAY)[1] == ""
    assert judged(csat, Figure(100, TODAY, n=2), TODAY) == (None, "too few: 2 of 3 answers")
    assert judged(csat, Figure(None, says="nobody answered"), TODAY) == (None, "nobody answered")
    assert judged(csat, None, TODAY) == (None, "not known")


def test_a_query_scores_all_or_nothing():
    when = Measure("big", "Big", 1, when="arr:>1m")
    assert [judged(when, Figure(value), TODAY)[0] for value in (1.0, 0.0, None)] == [100.0, 0.0, None]


def test_words_count_beside_what_is_computed_and_end():
    card, figures = card_of([(1, [(1, 40), (1, None)])])
    until = TODAY + timedelta(days=3)
    both = [Word("m0_1", 80, "seen", until), Word(None, 20, "told", until)]
    one = score(card, figures, TODAY, both[:1])
    assert (one.total, one.computed, one.lines[1].points, one.lines[1].computed) == (60, 40, 80.0, None)
    whole = score(card, figures, TODAY, both)
    assert (whole.total, whole.computed, whole.word) == (20, 40, both[1])
    assert score(card, figures, until, both).total == 20
    assert score(card, figures, until + timedelta(days=1), both).total == 40


def test_bands_trends_and_what_is_worth_keeping():
    card = Card("c", ())
    assert [card.band(total) for total in (None, 49, 50, 74, 75)] == [None, "red", "amber", "amber", "green"]
    assert [health_trend(60, before) for before in (None, 64, 65, 55, 56)] == [None, "steady", "down", "up", "steady"]
    assert [rounded(points) for points in (49.4999, 49.5, 0.5, 99.49)] == [49, 50, 1, 99]
    assert not is_news(None, {"a": [None, None]})
    assert is_news(None, {"a": [1.0, 2.0]})
    assert not is_news({"a": [1.0, 2.0]}, {"a": [1.9, 9.0]})
    assert is_news({"a": [1.0, 2.0]}, {"a": [2.0, 2.0]})
    assert is_news({"a": [1.0, 2.0]}, {"a": [None, None]})


def test_the_scorecard_that_ships_can_be_read():
    card = read_card(SHIPPED)
    assert (card.name, card.amber, card.green, len(card.measures)) == ("default", 50, 75, 12)
    assert [group.weight for group in card.groups] == [35, 20, 20, 15, 10]


WRONG = [
    ("name = 'x'\nname = 'y'", 2, 11, "overwrite"),
    ("nam = 'x'\n" + SHIPPED.replace('name = "default"\n', ""), 1, 1, "Did you mean name"),
    (SHIPPED.replace('fact = "nps"', 'fact = "npss"'), None, 8, "Did you mean nps"),
    (SHIPPED.replace("points = [0, 7, 10]", "points = [0, 7, 3]"), None, 10, "rise or fall"),
    (SHIPPED.replace("points = [0, 7, 10]", "points = [0, 7]"), None, 10, "three numbers"),
    (SHIPPED.replace("weight = 35", "weight = 0"), None, 10, "above 0"),
    (SHIPPED.replace("green = 75", "green = 80"), 13, 1, "same in every list"),
    (SHIPPED.replace("points = 5", "points = 10"), 17, 1, "mean the same everywhere"),
    (SHIPPED.replace("least = 3", "lest = 3"), None, 1, "Did you mean least"),
    (SHIPPED.replace('name = "csat"', 'name = "nps"'), None, 8, "Two measures"),
    (SHIPPED.replace('fact = "csat"', 'when = "helth:<3"'), None, 9, "no field helth"),
    ("name = 'x'", 1, 1, "groups of measures"),
    ("name = 'x'\n[[group]]\nname = 'a'\nweight = 1\n", 2, 1, "A group has measures"),
]


@pytest.mark.parametrize(("text", "line", "column", "says"), WRONG, ids=[says for *_, says in WRONG])
def test_what_is_wrong_is_said_with_its_place(text: str, line: int | None, column: int, says: str):
    def query(asked: str) -> tuple[str, int] | None:
        return ("There is no field helth.", 0) if "helth" in asked else None

    with pytest.raises(TextProblems) as refused:
        read_card(text, query)
    first = next(one for one in refused.value.problems if says in one.says)
    assert first.column == column
    changed = next((n for n, (a, b) in enumerate(zip(text.splitlines(), SHIPPED.splitlines(), strict=False), 1) if a != b), None)
    assert first.line == (line if line is not None else changed)
