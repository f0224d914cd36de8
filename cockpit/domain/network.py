"""The value network: how large, how well met, on whom it hangs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.terms import NetworkState

THREAD_MIN = 3
"""Fewer meetings than this say nothing about hanging on one person."""
SINGLE_THREADED = 0.6
"""From this share on, an account is said to hang on one person."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The single-thread index: at ``alone`` of ``n`` meetings the same person was the only one of the customer.

    ``share`` is alone / n, None under THREAD_MIN meetings: what would not have been, had she not been there. She was
    at ``held`` meetings in all.
    """

    n: int
    held: int
    alone: int
    person_id: int | None
    share: float | None

    @property
    def is_single(self) -> bool:
        """Whether the account hangs on one person."""
        return self.share is not None and self.share >= SINGLE_THREADED


def coverage(met: int, size: int) -> float | None:
    """Members met / members; None when nobody is in the network: that is "not configured", not 0."""
    return met / size if size else None


def state(size: int, minimum: int | None, met: int, goal: int) -> NetworkState:
    """Return how a network is; ``goal`` in percent. Too small comes before badly met."""
    if size == 0:
        return NetworkState.NONE
    if minimum is not None and size < minimum:
        return NetworkState.SMALL
    return NetworkState.LOW if met * 100 < goal * size else NetworkState.OK


def state_text(state: NetworkState, size: int, minimum: int | None, met: int) -> str:
    """Return a state as people read it."""
    if state is NetworkState.NONE:
        return "not configured"
    if state is NetworkState.SMALL:
        return f"too small: {size} of {minimum}"
    return f"{met} of {size} met" + (", too few" if state is NetworkState.LOW else "")


def thread(seats: Iterable[tuple[int, int]]) -> Thread:
    """Return the single-thread index of (meeting, person) pairs."""
    meetings: dict[int, set[int]] = {}
    for meeting, person in seats:
        meetings.setdefault(meeting, set()).add(person)
    held: dict[int, int] = {}
    for there in meetings.values():
        for person in there:
            held[person] = held.get(person, 0) + 1
    n = len(meetings)
    if not n:
        return Thread(0, 0, 0, None, None)
    alone = _alone(meetings)
    most = min(held, key=lambda person: (-alone.get(person, 0), -held[person], person))
    return Thread(n, held[most], alone.get(most, 0), most, alone.get(most, 0) / n if n >= THREAD_MIN else None)


def _alone(meetings: Mapping[int, set[int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for there in meetings.values():
        if len(there) == 1:
            found[next(iter(there))] = found.get(next(iter(there)), 0) + 1
    return found
