"""How much somebody holds, against the limits of the pool and of the segments her CTAs are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cockpit.domain.queue import may_claim
from cockpit.domain.routing import skills_of
from cockpit.services.act import Work
from cockpit.services.errors import Refused
from db.terms import Role

Limits = tuple[int | None, int | None]
"""Open claims, claims a day; None is any number."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes, and which of the rules can matter to her at all: known in one statement, with the limits of each pool."""

    id: int
    is_junior: bool
    percent: int
    skills: frozenset[str]
    held: int
    has_segments: bool
    """Some segment has limits of its own."""
    has_pods: bool
    has_lanes: bool
    """In some pool she takes one lane only."""
    has_absences: bool
    pools: Mapping[int, Limits]


class _Segment(NamedTuple):
    name: str
    limits: Limits


def taker(work: Work) -> Taker:
    """Who takes. Raises Refused for the system."""
    if work.me.id is None:
        raise Refused("nobody", "Only a CSM can take a CTA.")
    rows = work.db.all(
        "SELECT p.id, p.max_open, p.max_per_day, o.limit_percent, o.skills,"
        " (SELECT count(*) FROM cta c WHERE c.owner_id = :me AND c.status = 'open'),"
        " EXISTS (SELECT 1 FROM segment s WHERE s.active = TRUE AND (s.max_open IS NOT NULL OR s.max_per_day IS NOT NULL)),"
        " EXISTS (SELECT 1 FROM pod d WHERE d.active = TRUE),"
        " EXISTS (SELECT 1 FROM pool_member m WHERE m.csm_id = :me AND m.lane IS NOT NULL),"
        " EXISTS (SELECT 1 FROM away w WHERE w.ended_at IS NULL) FROM csm o LEFT JOIN pool p ON TRUE WHERE o.id = :me",
        me=work.me.id,
    )
    assert rows, "the desk's CSM is in the store"
    percent, skills, held, segments, pods, lanes, absences = rows[0][3:]
    return Taker(
        work.me.id, work.me.role is Role.JUNIOR, percent, skills_of(skills), held,
        has_segments=bool(segments), has_pods=bool(pods), has_lanes=bool(lanes), has_absences=bool(absences),
        pools={row[0]: (row[1], row[2]) for row in rows},
    )  # fmt: skip


class Held:
    """What she holds while she takes more."""

    def __init__(self, work: Work, who: Taker) -> None:
        self._work, self._who = work, who
        self._open = who.held
        self._today: int | None = None
        self._segments: dict[int, _Segment] | None = None if who.has_segments else {}
        self._of: dict[int, list[int]] = {}

    def took(self, segment: int | None = None) -> None:
        """One more."""
        self._open += 1
        self._today = None if self._today is None else self._today + 1
        if segment is not None and self._segments:
            held = self._of.setdefault(segment, [0, 0])
            held[0] += 1
            held[1] += 1

    def refusal(self, pool_id: int | None, segment_id: int | None = None) -> tuple[str, str] | None:
        """(code, sentence) when the limits leave no room for one more of this pool and segment."""
        most, daily = (None, None) if pool_id is None else self._who.pools[pool_id]
        if daily is not None and self._today is None:
            self._today = self._claimed_today()
        no = may_claim(self._open, most, self._today or 0, daily, self._who.percent)
        if no is None and segment_id is not None and segment_id in self._limited():
            name, limits = self._limited()[segment_id]
            held = self._of.get(segment_id, [0, 0])
            no = may_claim(held[0], limits[0], held[1], limits[1], self._who.percent, name)
        return None if no is None else (no.code, no.sentence)

    def full_segments(self) -> list[int]:
        """The segments of which she may take no more now."""
        return [id_ for id_ in self._limited() if self.refusal(None, id_) is not None]

    def _limited(self) -> dict[int, _Segment]:
        if self._segments is None:
            rows = self._work.db.all(
                "SELECT id, name, max_open, max_per_day FROM segment"
                " WHERE active = TRUE AND (max_open IS NOT NULL OR max_per_day IS NOT NULL) ORDER BY id"
            )
            self._segments = {row[0]: _Segment(row[1], (row[2], row[3])) for row in rows}
            self._of = self._held_by_segment()
        return self._segments

    def _held_by_segment(self) -> dict[int, list[int]]:
        rows = self._work.db.all(
            "SELECT a.segment_id, count(*) FILTER (WHERE c.status = 'open'), count(*) FILTER (WHERE c.claimed_at >= :since)"
            " FROM cta c JOIN account a ON a.id = c.account_id"
            " WHERE c.owner_id = :me AND a.segment_id IS NOT NULL AND (c.status = 'open' OR c.claimed_at >= :since)"
            " GROUP BY a.segment_id",
            me=self._who.id,
            since=self._midnight(),
        )
        return {row[0]: [row[1], row[2]] for row in rows}

    def _claimed_today(self) -> int:
        return int(
            self._work.db.scalar(
                "SELECT count(*) FROM cta WHERE owner_id = :me AND claimed_at >= :since",
                me=self._who.id,
                since=self._midnight(),
            )
        )

    def _midnight(self) -> datetime:
        return datetime.combine(self._work.today, datetime.min.time(), ZoneInfo(self._work.me.time_zone))
