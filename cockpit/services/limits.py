"""How much somebody holds, against the limits of the pool and of the segments her CTAs are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cockpit.domain.capacity import scaled
from cockpit.domain.queue import may_claim, room
from cockpit.domain.refusal import Refusal
from cockpit.domain.routing import skills_of
from cockpit.services.act import Work
from cockpit.services.errors import Refused
from db.connection import Db
from db.terms import Role

NEAR = 5
"""With so few places left, whoever takes on a server waits for her other windows (for a push she always does)."""
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


class Full(NamedTuple):
    """The pools and segments of which she may take no more now."""

    pools: Sequence[int] = ()
    segments: Sequence[int] = ()


NOTHING_FULL = Full()


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
        pools={row[0]: (row[1], row[2]) for row in rows if row[0] is not None},
    )  # fmt: skip


def over(db: Db, csm_id: int, name: str, cta_ids: Sequence[int]) -> str:
    """What is said when somebody was given more than she may claim: ``Ben Okafor holds 26 of 25 open CTAs``; else ""."""
    percent = int(db.scalar("SELECT limit_percent FROM csm WHERE id = :id", id=csm_id))
    held = int(db.scalar("SELECT count(*) FROM cta WHERE owner_id = :id AND status = 'open'", id=csm_id))
    rows = db.of("SELECT DISTINCT p.id, p.max_open FROM cta c JOIN pool p ON p.id = c.pool_id WHERE c.id IN ({ids})", cta_ids)
    most = min((limit for row in rows if (limit := scaled(row[1], percent)) is not None), default=None)
    return f"{name} holds {held} of {most} open CTAs" if most is not None and held > most else ""


class Held:
    """What she holds while she takes more."""

    def __init__(self, work: Work, who: Taker) -> None:
        self._work, self._who = work, who
        self._open = who.held
        self._today: int | None = None
        self._segments: dict[int, _Segment] | None = None if who.has_segments else {}
        self._of: dict[int, list[int]] = {}
        self._alone = work.db.dialect == "sqlite"

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
        no, left = self._room(pool_id, segment_id)
        if no is None and left is not None and left <= NEAR and not self._alone:
            self._be_alone()
            no, _ = self._room(pool_id, segment_id)
        return None if no is None else (no.code, no.sentence)

    def full(self, pools: Iterable[int] = ()) -> Full:
        """Where she may take no more now, of these pools and of all segments."""
        return Full(
            [id_ for id_ in pools if self.refusal(id_) is not None],
            [id_ for id_ in self._limited() if self.refusal(None, id_) is not None],
        )

    def _room(self, pool_id: int | None, segment_id: int | None) -> tuple[Refusal | None, int | None]:
        """Why not one more, and how many more there is room for; None is any number."""
        percent = self._who.percent
        most, daily = (None, None) if pool_id is None else self._who.pools[pool_id]
        if daily is not None and self._today is None:
            self._today = self._claimed_today()
        no = may_claim(self._open, most, self._today or 0, daily, percent)
        left = [room(self._open, scaled(most, percent), self._today or 0, scaled(daily, percent))]
        if no is None and segment_id is not None and segment_id in self._limited():
            name, (most, daily) = self._limited()[segment_id]
            opened, today = self._of.get(segment_id, [0, 0])
            no = may_claim(opened, most, today, daily, percent, name)
            left.append(room(opened, scaled(most, percent), today, scaled(daily, percent)))
        return no, min((one for one in left if one is not None), default=None)

    def _be_alone(self) -> None:
        """Waits for what another window of hers is taking in this moment, and counts anew."""
        self._alone = True
        self._work.db.all("SELECT id FROM pool_member WHERE csm_id = :me ORDER BY id FOR NO KEY UPDATE", me=self._who.id)
        held = "SELECT count(*) FROM cta WHERE owner_id = :me AND status = 'open'"
        self._open, self._today = int(self._work.db.scalar(held, me=self._who.id)), None
        if self._segments:
            self._of = self._held_by_segment()

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
