"""Lanes, skills, pods, and handing out: who may, whose turn, what is held back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.routing import Item, Seat, deal, held_words, lane_of, skills_of, spelled
from db.terms import Lane, Push

T, S = Lane.TACTICAL, Lane.STRATEGIC


@pytest.mark.parametrize(
    ("said", "of_reason", "reason", "lane"),
    [(None, None, "usage drop", T), (None, None, "EBR due", S), (None, None, "network too small", S), (None, None, "Sponsor left", S),
     (None, None, "adoption stalled", S), (None, None, "new stakeholder", S), (None, None, "sponsorship page", T),
     (None, "tactical", "EBR due", T), ("strategic", "tactical", "usage drop", S)],
)  # fmt: skip
def test_a_lane_is_said_or_the_reason_s_or_follows_from_its_words(said: str, of_reason: str, reason: str, lane: Lane):
    assert lane_of(said, of_reason, reason) is lane


def test_skills_are_read_and_spelled_alike():
    assert skills_of(" German, billing ,,german") == {"german", "billing"}
    assert spelled(skills_of("German, billing")) == "billing, german"
    assert spelled(()) is None


def items(n: int, **fields: object) -> list[Item]:
    return [Item(k, **fields) for k in range(n)]  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(1, 6), st.sampled_from([None, T]))
def test_in_turn_nobody_gets_two_more_than_another(rounds: list[int], people: int, lane: Lane | None):
    """Over any number of rounds, as long as all have room."""
    got = dict.fromkeys(range(people), 0)
    turn = dict.fromkeys(range(people), 0)
    clock = 0
    for size in rounds:
        order = sorted(turn, key=lambda one: (turn[one], one))
        seats = [Seat(one, str(one), n, lane=lane) for n, one in enumerate(order)]
        given_, kept = deal(items(size), seats, Push.ROUND_ROBIN)
        assert kept == []
        for one in given_:
            clock += 1
            got[one.seat] += 1
            turn[one.seat] = clock
        assert max(got.values()) - min(got.values()) <= 1


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(0, 60))
def test_by_load_each_goes_to_who_has_least(minutes: list[int], n: int):
    seats = [Seat(k, str(k), k, minutes=one) for k, one in enumerate(minutes)]
    load = dict(enumerate(minutes))
    for one in deal(items(n, minutes=30), seats, Push.LEAST_LOADED)[0]:
        assert load[one.seat] == min(load.values())
        load[one.seat] += 30


SEATS = st.builds(
    Seat, st.integers(), st.just("x"), room=st.none() | st.integers(0, 4), lane=st.none() | st.sampled_from(Lane),
    is_junior=st.booleans(), skills=st.frozensets(st.sampled_from(["german", "billing"])), pods=st.frozensets(st.integers(1, 3)),
    segment_room=st.dictionaries(st.integers(1, 3), st.integers(0, 2)), free=st.none() | st.integers(0, 200),
)  # fmt: skip
ITEMS = st.builds(
    Item, st.integers(), st.sampled_from(Lane), st.none() | st.sampled_from(["german", "billing"]), st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3), st.just(30), st.none() | st.integers(0, 6),
)  # fmt: skip


@given(
    st.lists(ITEMS, max_size=30, unique_by=lambda one: one.id),
    st.lists(SEATS, max_size=6),
    st.sampled_from(Push),
    st.none() | st.integers(1, 10),
)
def test_nobody_gets_what_she_may_not_take_and_nothing_is_lost(
    wanted: list[Item], drawn: list[Seat], how: Push, most: int | None
):
    seats = {n: Seat(n, one.name, n, one.room, one.segment_room, one.lane, one.is_junior, one.skills, one.pods, 0, one.free)
             for n, one in enumerate(drawn)}  # fmt: skip
    by_id = {one.id: one for one in wanted}
    got, kept = deal(wanted, list(seats.values()), how, most)
    handed = [one.item for one in got]
    assert len(handed) == len(set(handed))
    assert not set(handed) & {one.item for one in kept}
    if most is None:
        assert {*handed, *(one.item for one in kept)} == by_id.keys()
    else:
        assert len(got) <= most
    for n, seat in seats.items():
        hers = [by_id[one.item] for one in got if one.seat == n]
        assert seat.room is None or len(hers) <= seat.room
        assert seat.free is None or sum(one.minutes for one in hers) <= seat.free
        for one in hers:
            assert one.skill is None or one.skill in seat.skills
            assert seat.lane in (None, one.lane)
            assert one.engaged in (None, n)
        for segment, left in seat.segment_room.items():
            assert sum(one.segment == segment for one in hers) <= left


def test_juniors_get_strategic_work_only_when_nothing_tactical_is_left():
    senior, junior = Seat(1, "Ana", 0, room=1), Seat(2, "Dee", 1, is_junior=True, room=2)
    mixed = [Item(1, S), Item(2, S), Item(3, T), Item(4, S)]
    given_, kept = deal(mixed, [senior, junior], Push.ROUND_ROBIN)
    assert [(one.item, one.seat) for one in given_] == [(1, 1), (3, 2), (2, 2)]
    assert held_words(kept) == ["1 CTA: nobody who may take it has room"]


def test_a_pod_s_members_come_first_and_an_intervention_is_hers():
    ana, ben = Seat(1, "Ana", 5, pods=frozenset({7})), Seat(2, "Ben", 0)
    given_, kept = deal([Item(1, pod=7), Item(2), Item(3, engaged=1), Item(4, engaged=9)], [ana, ben], Push.ROUND_ROBIN)
    assert [(one.item, one.seat, one.why) for one in given_] == [
        (1, 1, "her pod's account, her turn"), (2, 2, "her turn"), (3, 1, "her intervention"),
    ]  # fmt: skip
    assert [one.why for one in kept] == ["its account is in an intervention of somebody who is not here"]


def test_what_is_held_back_says_why():
    seats = [Seat(1, "Ana", lane=T)]
    _, kept = deal([Item(1, skill="german"), Item(2, S), Item(3, skill="german")], seats, Push.ROUND_ROBIN)
    assert held_words(kept) == ["2 CTAs: nobody here has the skill german", "1 CTA: nobody here takes strategic work"]
    assert [one.why for one in deal(items(1), [], Push.ROUND_ROBIN)[1]] == ["nobody is here"]
