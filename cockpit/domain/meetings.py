"""Whom to meet next: the fewest meetings that bring the coverage of a value network to its goal.

The model. Only members not met within the window count, and the goal asks for so many of them. One meeting may hold
- a set of people who were in one meeting before: they can be again, however many they are;
- up to MOST people of one relationship who speak one language;
- anybody alone.
The fewest such meetings that reach the goal is a partial set cover. Up to EXACT members it is solved exactly, going
through all sets of people that one, two, three … meetings can reach. Beyond, the meeting that adds most is taken again
and again: at most 1 + ln(needed) times the fewest, and often provably the fewest, because no plan is shorter than the
needed people over the most that one meeting adds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

MOST = 4
"""People of one relationship and language who fit into one meeting, unless they have been in a larger one before."""
EXACT = 10


class Member(NamedTuple):
    """A member not met within the window; ``group`` is her relationship and language, ``weight`` whom to see first."""

    id: int
    group: tuple[int, str]
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """One meeting. ``together``: they were in one meeting before."""

    people: tuple[int, ...]
    together: bool


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """``needed`` members in the fewest meetings. ``fewest`` is what no plan goes below; exact when it is as long."""

    meetings: tuple[Proposed, ...]
    needed: int
    fewest: int
    is_exact: bool
    bound: float
    """At most so many times the fewest: 1 when exact."""

    @property
    def says(self) -> str:
        """How sure it is."""
        if not self.needed:
            return "The goal is reached: nobody has to be met."
        count = len(self.meetings)
        meetings = f"{count} meeting{'' if count == 1 else 's'}"
        if self.is_exact:
            return f"{meetings}: no fewer will do."
        return f"{meetings}; at least {self.fewest} are needed, and these are at most {self.bound:.1f} times the fewest."


def needed(size: int, met: int, goal: int) -> int:
    """Return how many more members have to be met for ``goal`` percent."""
    return max(0, -(-goal * size // 100) - met)


def plan(members: Sequence[Member], together: Iterable[Iterable[int]], need: int) -> MeetingPlan:
    """Return the fewest meetings that hold ``need`` of these members; at most all of them."""
    need = min(need, len(members))
    if need <= 0:
        return MeetingPlan((), 0, 0, True, 1.0)
    known = {member.id: member for member in members}
    before = {frozenset(known.keys() & set(there)) for there in together} - {frozenset()}
    if len(members) <= EXACT:
        found = _exact(members, before, need)
        return MeetingPlan(found, need, len(found), True, 1.0)
    return _greedy(known, before, need)


def _exact(members: Sequence[Member], before: set[frozenset[int]], need: int) -> tuple[Proposed, ...]:
    """Layer by layer: for each set of people that n meetings can reach, the best n meetings that do."""
    ordered = sorted(members, key=lambda one: (-one.weight, one.id))
    bit = {member.id: 1 << place for place, member in enumerate(ordered)}
    weight = {1 << place: member.weight for place, member in enumerate(ordered)}
    options = _options(members, before, bit)
    layer: dict[int, tuple[int, ...]] = {0: ()}
    seen = {0}
    while True:
        done = [mask for mask in layer if mask.bit_count() >= need]
        if done:
            best = max(done, key=lambda mask: (_weight(mask, weight), sum(options[o] for o in layer[mask]), -mask))
            return tuple(Proposed(_people(option, ordered), options[option]) for option in layer[best])
        following: dict[int, tuple[int, ...]] = {}
        for mask, path in layer.items():
            for option, is_known in options.items():
                reached = mask | option
                if reached in seen:
                    continue
                old = following.get(reached)
                if old is None or sum(options[o] for o in old) < sum(options[o] for o in path) + is_known:
                    following[reached] = (*path, option)
        seen |= following.keys()
        layer = following


def _options(members: Sequence[Member], before: set[frozenset[int]], bit: Mapping[int, int]) -> dict[int, bool]:
    """Every meeting worth proposing as a mask, and whether its people were together before; none inside another."""
    found: dict[int, bool] = {}
    for group in {member.group for member in members}:
        there = [bit[member.id] for member in members if member.group == group]
        for some in combinations(there, min(MOST, len(there))):
            found[sum(some)] = False
    for people in before:
        found[sum(bit[person] for person in people)] = True
    masks = sorted(found, key=lambda mask: -mask.bit_count())
    kept: dict[int, bool] = {}
    for mask in masks:
        if not any(mask & other == mask for other in kept):
            kept[mask] = found[mask]
    return kept


def _greedy(known: Mapping[int, Member], before: set[frozenset[int]], need: int) -> MeetingPlan:
    left = set(known)
    made: list[Proposed] = []
    most = 0
    while len(known) - len(left) < need:
        best = max(_moves(left, known, before), key=lambda move: (len(move[0]), move[1], move[2], sorted(move[0])))
        most = most or len(best[0])
        made.append(Proposed(tuple(sorted(best[0])), best[1]))
        left -= best[0]
    fewest = -(-need // most)
    exact = fewest == len(made)
    return MeetingPlan(tuple(made), need, fewest, exact, 1.0 if exact else 1 + math.log(need))


def _moves(
    left: set[int], known: Mapping[int, Member], before: set[frozenset[int]]
) -> list[tuple[frozenset[int], bool, int]]:
    moves = [(people & left, True) for people in before if people & left]
    groups: dict[tuple[int, str], list[Member]] = {}
    for person in left:
        groups.setdefault(known[person].group, []).append(known[person])
    for there in groups.values():
        first = sorted(there, key=lambda one: (-one.weight, one.id))[:MOST]
        moves.append((frozenset(one.id for one in first), False))
    return [(people, is_known, sum(known[person].weight for person in people)) for people, is_known in moves]


def _weight(mask: int, weight: Mapping[int, int]) -> int:
    return sum(value for bit, value in weight.items() if mask & bit)


def _people(mask: int, ordered: Sequence[Member]) -> tuple[int, ...]:
    return tuple(sorted(member.id for place, member in enumerate(ordered) if mask & 1 << place))
