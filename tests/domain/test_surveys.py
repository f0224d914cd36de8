"""What answers come to, with how sure that is: worked.md W3."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.domain.surveys import NPS, nps_interval, tally

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("split", "low", "high"),
    [((4, 3, 3), -36.06, 51.45), ((110, 60, 30), 29.28, 49.53), ((5, 0, 0), 17.49, 100.0)],
)  # fmt: skip
def test_the_interval_of_an_nps_is_the_worked_one(split: tuple[int, int, int], low: float, high: float):
    assert nps_interval(*split) == pytest.approx((low, high), abs=0.005)


def test_an_nps_is_of_the_latest_answer_of_each_and_claims_nothing_of_few():
    scores = (10, 9, 9, 10, 8, 7, 7, 6, 3, 0)
    found = tally(NPS, [(person, DAY, score) for person, score in enumerate(scores, 1)] + [(1, DAY - timedelta(days=9), 0)])
    assert (found.value, found.n, found.sign) == (10.0, 10, 0)
    assert found.says == "+10 (95%: −36 to +51) of 10 answers"
    assert tally(NPS, [(1, DAY, 2)]).sign == 0, "one answer is no NPS below 0"
    assert tally(NPS, [(n, DAY, 2) for n in range(30)]).sign == -1
    assert (tally(NPS, []).says, tally(NPS, []).sign) == ("not known", 0)
    assert tally(NPS, [(None, DAY, 9), (None, DAY, 3)]).n == 2, "answers that name nobody count each"
