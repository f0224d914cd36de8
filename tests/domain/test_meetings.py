"""Whom to meet next: the plan is the fewest, against every choice of meetings there is; beyond, it keeps its bound."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain import meetings
from cockpit.domain.meetings import EXACT, MOST, Member, needed, plan

People = list[Member]


@st.composite
def networks(draw: st.DrawFn, least: int, most: int) -> tuple[People, list[set[int]], int]:
    size = draw(st.integers(least, most))
    members = [Member(n, (draw(st.integers(0, 2)), draw(st.sampled_from("de"))), draw(st.integers(0, 3))) for n in range(size)]
    together = draw(st.lists(st.sets(st.integers(0, size + 1), max_size=6), max_size=5))
    return members, together, draw(st.integers(0, size))


def allowed(people: frozenset[int], members: People, together: list[set[int]]) -> bool:
    groups = {member.group for member in members if member.id in people}
    return (len(groups) == 1 and len(people) <= MOST) or any(people <= there for there in together)


def fewest(members: People, together: list[set[int]], need: int) -> int:
    """By trying everything: every set of people that may meet, every choice of so many of them."""
    ids = [member.id for member in members]
    possible = [
        frozenset(some) for n in range(1, len(ids) + 1) for some in combinations(ids, n) if allowed(frozenset(some), members, together)
    ]
    count = 0
    while True:
        if any(len(frozenset().union(*chosen)) >= need for chosen in combinations(possible, count)):
            return count
        count += 1


@given(networks(0, 6))
@settings(max_examples=60, deadline=None)
def test_no_choice_of_meetings_is_shorter(network: tuple[People, list[set[int]], int]):
    members, together, need = network
    found = plan(members, together, need)
    assert found.is_exact
    assert len(found.meetings) == fewest(members, together, need) == found.fewest
    assert_reaches(found.meetings, network)


@given(networks(0, 6))
@settings(max_examples=60, deadline=None)
def test_beyond_the_exact_search_it_keeps_what_it_states(network: tuple[People, list[set[int]], int]):
    members, together, need = network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meetings, "EXACT", -1)
        found = plan(members, together, need)
    assert_reaches(found.meetings, network)
    right = fewest(members, together, need)
    assert found.fewest <= right <= len(found.meetings) <= found.bound * right
    assert not found.is_exact or len(found.meetings) == right


def test_a_large_network_is_planned_too():
    members = [Member(n, (n % 3, "en")) for n in range(EXACT * 5)]
    found = plan(members, [{0, 1, 2, 3, 4, 5}], 40)
    assert (len(found.meetings), found.fewest, found.is_exact) == (10, 7, False)
    assert found.says == "10 meetings; at least 7 are needed, and these are at most 4.7 times the fewest."


def assert_reaches(planned: tuple[object, ...], network: tuple[People, list[set[int]], int]) -> None:
    members, together, need = network
    met: set[int] = set()
    for meeting in planned:
        people = frozenset(meeting.people)  # type: ignore[attr-defined]
        assert allowed(people, members, together)
        met |= people
    assert len(met) >= need


def test_who_was_in_a_large_meeting_can_be_in_one_again():
    members = [Member(n, (n, "en")) for n in range(6)]
    assert len(plan(members, [], 6).meetings) == 6
    found = plan(members, [{0, 1, 2, 3, 4}], 5)
    assert [meeting.people for meeting in found.meetings] == [(0, 1, 2, 3, 4)]
    assert found.says == "1 meeting: no fewer will do."


def test_of_plans_as_short_the_one_with_whoever_matters_most_is_taken():
    members = [Member(1, (1, "en")), Member(2, (2, "en"), 5), Member(3, (3, "en"))]
    assert plan(members, [], 1).meetings[0].people == (2,)


def test_the_goal_rounds_up():
    assert [needed(5, 2, goal) for goal in (0, 40, 41, 50, 100)] == [0, 0, 1, 1, 3]
