"""Engagement policies: what ships, what is set, who has outgrown hers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services import account as accounts
from cockpit.services import policy
from cockpit.services.errors import Conflict, Forbidden, Refused
from tests import builders

DeskOf = Callable[..., Desk]


@pytest.fixture
def mo(desk_of: DeskOf) -> Desk:
    return desk_of("mo")


def account(desk: Desk, name: str, arr: int | None, segment: str | None, **fields: object) -> int:
    id_ = builders.the(desk, "segment", segment) if segment else None
    return builders.account(desk, name, arr=None if arr is None else arr * 100, segment_id=id_, **fields)  # type: ignore[arg-type]


def test_a_new_store_has_the_policies_that_ship(mo: Desk):
    rows = policy.policies(mo)
    assert [(row.name, row.arr_from, row.touch_days, row.network_min) for row in rows] == [
        ("strategic", 25_000_000, 10, 6), ("mid", 5_000_000, 20, 4), ("small", 1_000_000, 65, 2), ("tail", 0, None, 1),
    ]  # fmt: skip
    assert {(row.max_open, row.max_per_day) for row in rows} == {(None, None)}


def test_a_policy_is_set_and_taken_away(mo: Desk, desk: Desk):
    with pytest.raises(Forbidden):
        policy.set_policy(desk, "small", {"touch_days": 3})
    done = policy.set_policy(mo, "small", {"arr_from": "$12k", "coverage_goal": "60%", "served_by": "hybrid", "digital_days": None})
    assert done.changed == ("arr from", "coverage goal", "digital days", "served by")
    row = policy.show_policy(mo, "SMALL")
    assert (row.arr_from, row.coverage_goal, row.served_by, row.digital_days) == (1_200_000, 60, "hybrid", None)
    with pytest.raises(Conflict, match="touch days is 65 by now"):
        policy.set_policy(mo, "small", {"touch_days": 30}, {"touch_days": 20})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"touch_days": "soon"}, "touch days is a whole number from 1 to 1,000"),
        ({"coverage_goal": 101}, "from 0 to 100"),
        ({"served_by": "pol"}, "Did you mean pool"),
        ({"arr_from": "12k EUR"}, "in USD, the reporting currency"),
        ({"colour": "red"}, "A policy has no field 'colour'"),
    ],
)
def test_what_makes_no_sense_is_refused(mo: Desk, fields: dict[str, object], sentence: str):
    with pytest.raises(Refused, match=sentence):
        policy.set_policy(mo, "small", fields)


def test_who_crossed_a_line_by_a_tenth_is_proposed_and_then_not_again(mo: Desk):
    grown = account(mo, "Grown", 56_000, "small")
    account(mo, "Nearly", 54_000, "small")
    account(mo, "Shrunk", 8_000, "small")
    account(mo, "Bare", 300_000, None)
    account(mo, "Unknown", None, "mid")
    account(mo, "Foreign", 900_000, "tail", currency="EUR")
    account(mo, "Gone", 900_000, "tail", status="churned")
    found = policy.proposals(mo)
    assert [(row.account, row.segment, row.to_segment, row.to_served_by) for row in found.rows] == [
        ("Bare", None, "strategic", "pod"), ("Grown", "small", "mid", "hybrid"), ("Shrunk", "small", "tail", None),
    ]  # fmt: skip
    assert (found.unknown, found.currency) == (2, "USD")
    accounts.edit_account(mo, grown, {"segment": "mid", "served_by": "hybrid"})
    assert "Grown" not in {row.account for row in policy.proposals(mo).rows}
    policy.set_policy(mo, "mid", {"arr_from": None})
    assert "Nearly" not in {row.account for row in policy.proposals(mo).rows}
