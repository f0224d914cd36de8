"""Whose work a CTA is: lanes, skills, pods, and handing out in turn or by load.

Day-to-day work (tactical) goes to whoever learns first; EBRs, stakeholders and adoption (strategic) to seniors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cockpit.domain import say
from cockpit.domain.capacity import spent
from db.terms import Lane, Push

_STRATEGIC = re.compile(r"\b(ebrs?|qbrs?|business reviews?|stakeholders?|adoption|sponsors?|network|coverage)\b", re.IGNORECASE)


def lane_of(explicit: str | None, of_reason: str | None, reason: str) -> Lane:
    """Return a CTA's lane: what its maker said, else its reason's, else strategic for EBR, stakeholder, adoption,
    sponsor and network reasons and tactical for all others."""
    said = explicit or of_reason
    if said:
        return Lane(said)
    return Lane.STRATEGIC if _STRATEGIC.search(reason) else Lane.TACTICAL


def skills_of(text: str | None) -> frozenset[str]:
    """Return the skills named in a text, comma between, in small letters."""
    return frozenset(part.strip().lower() for part in (text or "").split(",") if part.strip())


def spelled(skills: Iterable[str]) -> str | None:
    """Return skills as they are stored, or None when there are none."""
    return ", ".join(sorted(set(skills))) or None


@dataclass(frozen=True, slots=True)
class Seat:
    """One of those present: what she may take, what she holds, and whose turn it is (smaller ``turn`` first)."""

    id: int
    name: str
    turn: int = 0
    room: int | None = None
    """How many more she may take; None is any number."""
    segment_room: dict[int, int] = field(default_factory=dict)
    """The same for accounts of segments that have limits of their own."""
    lane: Lane | None = None
    """The only lane she works in this pool, if she works one only."""
    is_junior: bool = False
    skills: frozenset[str] = frozenset()
    pods: frozenset[int] = frozenset()
    minutes: int = 0
    """What she has to do already."""
    free: int | None = None
    """What is left of her week; None when her hours are unknown."""


@dataclass(frozen=True, slots=True)
class Item:
    """An unassigned CTA: what it asks for. ``engaged`` is the CSM who works on its account in an intervention.

    ``had`` is who held it last: she gave it back, or left it alone until it returned.
    """

    id: int
    lane: Lane = Lane.TACTICAL
    skill: str | None = None
    pod: int | None = None
    segment: int | None = None
    minutes: int = 0
    engaged: int | None = None
    had: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Who gets a CTA and why she."""

    item: int
    seat: int
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A CTA that stays in the queue and why."""

    item: int
    why: str


class _Place:
    """A seat while work is handed out."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.room = seat.room
        self.segment_room = dict(seat.segment_room)
        self.turn = seat.turn
        self.minutes = seat.minutes
        self.free = seat.free

    def takes(self, item: Item, leftovers: bool) -> bool:
        if self.seat.lane is not None:
            return self.seat.lane is item.lane
        return leftovers or not self.seat.is_junior or item.lane is Lane.TACTICAL

    def has_room(self, item: Item) -> bool:
        if self.room is not None and self.room <= 0:
            return False
        if item.segment is not None and self.segment_room.get(item.segment, 1) <= 0:
            return False
        return self.free is None or self.free >= item.minutes

    def gets(self, item: Item, turn: int) -> None:
        self.turn = turn
        self.minutes += item.minutes
        self.room = None if self.room is None else self.room - 1
        self.free = None if self.free is None else self.free - item.minutes
        if item.segment in self.segment_room:
            self.segment_room[item.segment] -= 1


def deal(
    items: Sequence[Item], seats: Sequence[Seat], how: Push, most: int | None = None
) -> tuple[list[Given], list[Kept]]:
    """Hand out CTAs, best first, to those present; return who got what, and what stays in the queue and why.

    Each goes to the CSM of its account's intervention, else to a member of its account's pod, else to anybody, among
    those with its skill, its lane and room: to whose turn it is, or to who has the least work. Juniors get strategic
    work only when nothing tactical is left for them and no senior has room. Nothing goes back to who had it last: she
    may claim it.
    """
    places = [_Place(seat) for seat in seats]
    turn = max((place.turn for place in places), default=0)
    given: list[Given] = []
    kept: dict[int, str] = {}
    waiting = list(items)
    for leftovers in (False, True):
        again: list[Item] = []
        for item in waiting:
            if most is not None and len(given) >= most:
                return given, [Kept(item, why) for item, why in kept.items()]
            place, why = _whose(item, places, how, leftovers)
            if place is None:
                kept[item.id] = why
                again.append(item)
                continue
            turn += 1
            place.gets(item, turn)
            kept.pop(item.id, None)
            given.append(Given(item.id, place.seat.id, why))
        waiting = [item for item in again if item.lane is Lane.STRATEGIC]
    return given, [Kept(item, why) for item, why in kept.items()]


def _whose(item: Item, places: Sequence[_Place], how: Push, leftovers: bool) -> tuple[_Place | None, str]:
    able = list(places)
    if not able:
        return None, "nobody is here"
    if item.engaged is not None:
        able = [one for one in able if one.seat.id == item.engaged]
        if not able:
            return None, "its account is in an intervention of somebody who is not here"
    able = [one for one in able if item.skill is None or item.skill in one.seat.skills]
    if not able:
        return None, f"nobody here has the skill {item.skill}"
    able = [one for one in able if one.takes(item, leftovers)]
    if not able:
        return None, f"nobody here takes {item.lane} work"
    able = [one for one in able if one.seat.id != item.had]
    if not able:
        return None, "nobody here may take it but who had it last"
    able = [one for one in able if one.has_room(item)]
    if not able:
        return None, "nobody who may take it has room"
    own = [one for one in able if item.pod is not None and item.pod in one.seat.pods]
    if how is Push.LEAST_LOADED:
        best = min(own or able, key=lambda one: (one.minutes, one.turn, one.seat.id))
        why = f"least open work ({spent(best.minutes)})"
    else:
        best = min(own or able, key=lambda one: (one.turn, one.seat.id))
        why = "her turn"
    if item.engaged is not None:
        return best, "her intervention"
    return best, f"her pod's account, {why}" if own else why


def held_words(kept: Sequence[Kept]) -> list[str]:
    """Return what was held back, by reason: ``3 CTAs: nobody here has the skill german``."""
    reasons: dict[str, int] = {}
    for one in kept:
        reasons[one.why] = reasons.get(one.why, 0) + 1
    return [f"{say.plural(n, 'CTA')}: {why}" for why, n in reasons.items()]
