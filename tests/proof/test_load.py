"""Many claim at once. The slow lane does the same a million times: ``python -m proof``."""

from __future__ import annotations

from proof import load
from proof.stores import Places


def test_eight_claim_from_one_stale_list(places: Places, dialect: str):
    made = load.trial(places, dialect, "list", 8, 400)
    assert made.counts.bad == 0, made.counts
    assert made.counts.acknowledged == 400
    assert made.counts.refused == 7 * 400


def test_looking_and_then_writing_fails_the_same_checker(places: Places, dialect: str):
    counts = load.trial(places, dialect, "wrong", 8, 400).counts
    assert counts.double > 0
    assert counts.lost > 0


def test_sixteen_take_the_next_best(places: Places, dialect: str):
    made = load.trial(places, dialect, "next", 16, 400)
    assert made.counts.bad == 0, made.counts
    assert made.counts.acknowledged == 400
