"""Goals, escalations, the signal of a renewal and patterns of risks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.domain.success import Feared, Signs, apart, apart_words, clock, goal_words, is_late, patterns, signal
from db.terms import GoalStatus, RenewalForecast, Severity

TODAY = date(2026, 11, 23)
WILL, MAY, WONT = RenewalForecast.WILL, RenewalForecast.MAY, RenewalForecast.WONT


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        (Signs("green"), WILL), (Signs("amber"), MAY), (Signs("red"), WONT), (Signs(), None),
        (Signs("green", escalations=1), MAY), (Signs("green", escalations=2, high_risks=3), MAY),
        (Signs("amber", high_risks=1), WONT), (Signs("red", high_risks=1), WONT),
        (Signs(escalations=1), MAY), (Signs("green", is_noticed=True), WONT),
    ],
)  # fmt: skip
def test_the_signal_follows_from_health_and_what_is_open(signs: Signs, told: RenewalForecast | None):
    assert signal(signs)[0] == told


def test_a_call_and_the_signal_are_compared_in_steps():
    assert (apart(WILL, WONT), apart(WONT, MAY), apart(MAY, MAY), apart(None, MAY), apart(WILL, None)) == (2, -1, 0, 0, 0)
    assert apart_words(2) == "more hopeful than the signal by far"
    assert apart_words(-1) == "less hopeful than the signal"


def test_a_goal_says_where_it_is():
    day = TODAY + timedelta(days=1)
    assert goal_words(GoalStatus.OPEN, day, TODAY, None) == "due tomorrow"
    assert goal_words(GoalStatus.OPEN, TODAY - timedelta(days=3), TODAY, False) == "3 days late"
    assert goal_words(GoalStatus.OPEN, day, TODAY, True) == "holds now: end it as reached"
    assert (is_late(GoalStatus.OPEN, TODAY, TODAY), is_late(GoalStatus.MISSED, TODAY - timedelta(days=9), TODAY)) == (False, False)
    assert (clock(TODAY, None, TODAY), clock(TODAY - timedelta(days=2), TODAY, TODAY)) == ("day 1", "took 2 days")


def test_patterns_count_each_account_and_its_arr_once():
    def risk(account: int, kind: str = "product", arr: int | None = 100, currency: str = "USD", high: bool = False) -> Feared:
        return Feared(account, kind, "Product", Severity.HIGH if high else Severity.LOW, False, arr, currency)

    found = patterns([risk(1), risk(1, high=True), risk(2, currency="EUR"), risk(3, arr=None), risk(1, "sponsor")])
    product = found[0]
    assert (product.kind, product.risks, product.high, product.accounts) == ("product", 4, 1, 3)
    assert (product.arr, product.without_arr) == ((("EUR", 100), ("USD", 100)), 1)
    assert (found[1].kind, found[1].accounts, found[1].arr) == ("sponsor", 1, (("USD", 100),))
