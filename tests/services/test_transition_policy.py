"""From which ARR on a hand-over asks for more: set as people write amounts, kept to from then on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services import transition, transition_acts
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import undo
from cockpit.services.transition_policy import set_transition_policy, transition_policy
from tests import builders

Sit = Callable[..., Desk]


def lines(desk: Desk) -> tuple[int, int, int]:
    found = transition_policy(desk)
    return found.agree_below, found.pool_below, found.key_above


def test_an_amount_in_another_currency_is_not_taken_for_small(desk_of: Sit) -> None:
    """4,000,000 yen are no 40,000 dollars: a manager agrees, and the pool does not know whether it is small enough."""
    ana = desk_of("ana")
    account = builders.account(ana, "Acme", owner="ana", arr=4_000_000, currency="JPY")
    id_ = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves").id
    agreed = transition.show(ana, id_).row.step("agree")
    assert agreed is not None
    assert agreed.says == "the manager has not agreed yet"
    transition_acts.cancel(ana, id_, "to the pool")
    pooled = transition.show(ana, transition.start(ana, account, "csm_to_pool", "West", reason="Small").id)
    assert pooled.criteria[0][1:] == (None, "ARR is in JPY, the line in USD")


def test_a_line_moves_and_the_steps_follow(desk_of: Sit) -> None:
    ana, mo = desk_of("ana"), desk_of("mo")
    out = builders.account(ana, "Acme", owner="ana", arr=4_800_000)
    taken = builders.account(ana, "Boreal", owner="ana", arr=4_800_000)
    to_pool = transition.start(ana, out, "csm_to_pool", "West", reason="Small").id
    to_csm = transition.start(ana, taken, "csm_to_csm", "ben", reason="Moves").id

    def seen() -> tuple[str | None, bool | None]:
        steps = {step.key: step for step in transition.show(mo, to_csm).row.steps}
        met = {title: is_met for title, is_met, _ in transition.show(mo, to_pool).criteria}
        return steps["agree"].says, met["ARR under the pool's limit"]

    assert lines(ana) == (5_000_000, 5_000_000, 5_000_000)
    assert seen() == ("agreed by itself: a small account", True)
    done = set_transition_policy(mo, {"agree_below": "10k", "pool_below": "$20,000"})
    assert done.said == "Transitions: agreed by itself below $10,000.00 (was $50,000.00) and to a pool below $20,000.00 (was $50,000.00)"
    assert lines(ana) == (1_000_000, 2_000_000, 5_000_000)
    assert seen() == ("the manager has not agreed yet", False)
    assert set_transition_policy(mo, {"agree_below": "10,000"}).act is None
    undo(mo)
    assert (lines(ana), seen()[1]) == ((5_000_000, 5_000_000, 5_000_000), True)
    set_transition_policy(mo, {"key_above": "0"})
    set_transition_policy(mo, {"key_above": "default", "agree_below": "1m"})
    assert lines(ana) == (100_000_000, 5_000_000, 5_000_000)


def test_who_may_and_what_is_refused(desk_of: Sit) -> None:
    mo = desk_of("mo")
    with pytest.raises(Forbidden, match="may not say from which ARR on a transition asks for more: managers and ops may"):
        set_transition_policy(desk_of("ana"), {"agree_below": "10k"})
    for fields, why in (
        ({"agree_below": "(500)"}, "not below 0"), ({"pool_below": "much"}, "much"), ({"key_above": "€50k"}, "are in USD"),
        ({"agree_bellow": "1"}, "agree_below"), ({"agree_below": "1.500"}, "1.500"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            set_transition_policy(mo, fields)
    assert lines(mo) == (5_000_000, 5_000_000, 5_000_000)
