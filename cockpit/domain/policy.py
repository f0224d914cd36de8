"""Engagement policy: which segment an account's ARR puts it in, with hysteresis so that nobody moves to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HYSTERESIS = 10
"""Percent beyond a line before a move is proposed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A segment and the ARR from which accounts belong to it, in minor units."""

    segment: int
    arr_from: int


def bounds(current: int, lines: Sequence[Line], hysteresis: int = HYSTERESIS) -> tuple[int, int | None]:
    """Return [low, high): the ARR at which an account of this segment stays; high None is no end.

    Low is the segment's own line less the hysteresis, high the next line plus it, both rounded away from the line.
    """
    ordered = sorted(lines, key=lambda one: (one.arr_from, one.segment))
    place = next(n for n, one in enumerate(ordered) if one.segment == current)
    low = -(-ordered[place].arr_from * (100 - hysteresis) // 100)
    above = ordered[place + 1] if place + 1 < len(ordered) else None
    return (low if place else 0), (None if above is None else -(-above.arr_from * (100 + hysteresis) // 100))


def proposed(arr: int, current: int | None, lines: Sequence[Line], hysteresis: int = HYSTERESIS) -> int | None:
    """Return the segment an account should move to, or None when it should stay.

    An account without segment goes where the lines say; one whose segment has no line stays. Upwards it goes to the
    highest segment whose line it passes by the hysteresis, downwards to the highest whose line it still reaches.
    """
    if not lines:
        return None
    ordered = sorted(lines, key=lambda one: (one.arr_from, one.segment))
    reached = [one.segment for one in ordered if arr >= one.arr_from]
    plain = reached[-1] if reached else ordered[0].segment
    if current is None:
        return plain
    if all(one.segment != current for one in ordered):
        return None
    low, high = bounds(current, lines, hysteresis)
    if arr < low:
        return plain
    if high is not None and arr >= high:
        passed = [one.segment for one in ordered if arr * 100 >= one.arr_from * (100 + hysteresis)]
        return passed[-1]
    return None


@dataclass(frozen=True, slots=True)
class Policy:
    """What ships for a segment. Illustrative: agree your own. ``arr_from`` in whole units of the currency."""

    name: str
    arr_from: int
    served_by: str
    minutes_month: int
    touch_days: int | None
    digital_days: int | None
    network_min: int
    network_window: int
    coverage_goal: int | None
    ebr_per_year: int | None
    nps_per_year: int
    expected_grr: int
    expected_nrr: int


SHIPPED = (
    Policy("strategic", 250_000, "pod", 900, 10, None, 6, 60, 80, 2, 2, 95, 115),
    Policy("mid", 50_000, "hybrid", 210, 20, 30, 4, 90, 70, 1, 2, 92, 108),
    Policy("small", 10_000, "pool", 45, 65, 30, 2, 120, 50, 1, 1, 88, 100),
    Policy("tail", 0, "pool", 10, None, 30, 1, 180, None, 1, 1, 80, 92),
)
"""Limits of segments are left open: the pool's hold until somebody sets others."""
