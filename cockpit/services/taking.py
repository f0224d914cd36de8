"""Taking CTAs: by their numbers, or the next best, tier by tier as ``routing.tiers`` has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from cockpit.services import away, routing
from cockpit.services.act import Work
from cockpit.services.errors import Refused
from cockpit.services.limits import Held, Taker, taker
from db import hot
from db.hot import Taken
from db.reads import cta as reads

No = tuple[str, str] | None
"""(code, sentence) of a refusal."""


class Named:
    """CTAs taken by their numbers: what was got, and what was not (None: the CTA itself says why)."""

    def __init__(self, work: Work, anyway: bool) -> None:
        self._work, self._anyway = work, anyway
        self.got: dict[int, Taken] = {}
        self.lost: dict[int, No] = {}
        self.note = ""

    @cached_property
    def _rules(self) -> tuple[Taker, Held, Callable[[int], int | None]]:
        who = taker(self._work)
        return who, Held(self._work, who), away.answering(self._work.db, self._work.now)

    def take(self, ids: Sequence[int]) -> None:
        """Takes those of these that are free, as far as limits and interventions let her."""
        asked = routing.asked(self._work.db, ids)
        for id_ in ids:
            of = asked.get(id_)
            if of is None or not of.is_free:
                self.lost[id_] = None
            else:
                self._take(id_, of)

    def _take(self, id_: int, of: routing.Asked) -> None:
        who, held, answers = self._rules
        no = held.refusal(of.pool, of.segment) or (None if self._anyway else routing.not_first(id_, of, who, answers))
        taken = None if no else hot.take(self._work, id_, who.id)
        if taken is None:
            self.lost[id_] = no
            return
        self.got[id_] = taken
        held.took(of.segment)
        self.note = self.note or routing.missing_skill(who, of)


def best(work: Work, who: Taker, pools: tuple[int, ...]) -> tuple[Taken, str]:
    """The best of these pools (of all, when there are none), and why it is not the first of the queue.

    Raises Refused when limits leave no room or nothing is there for her.
    """
    held = Held(work, who)
    refusals = {pool: no for pool in pools or who.pools if (no := held.refusal(pool))}
    rest: list[int | None] = [pool for pool in pools or (None,) if pool not in refusals]
    if not rest:
        raise Refused(*next(iter(refusals.values())))
    full = held.full(who.pools if None in rest else ())
    for tier in routing.tiers(work.db, work.now, who, full):
        got = _first(work, who, tier, rest)
        if got is not None:
            return got, tier.why
    where, params = reads.UNASSIGNED, dict[str, Any]()
    if None not in rest:
        where += f" AND c.pool_id IN ({work.db.marks('p', rest, params)})"
    nothing = routing.why_nothing(work.db, work.now, who, where, params, full)
    if refusals and (None in rest or not nothing):
        raise Refused(*next(iter(refusals.values())))
    raise Refused("empty", nothing or "There is nothing to take: the queue is empty.")


def filtered(work: Work, who: Taker, where: str, params: Mapping[str, Any]) -> tuple[Taken, str]:
    """The best that a condition over ``db.reads.cta.FROM`` picks. Raises Refused like ``best``."""
    held = Held(work, who)
    full = held.full(who.pools)
    for tier in routing.tiers(work.db, work.now, who, full, "c"):
        only = routing.whole(tier, "c")
        while True:
            page = reads.page(work.db, f"{where} {only.sql}", {**params, **only.params}, "score", limit=8)
            for row in page.rows:
                if got := hot.take(work, row.id, who.id):
                    return got, tier.why
            if not page.rows:
                break
    first = reads.page(work.db, where, dict(params), "score", limit=1).rows
    if first and (no := held.refusal(first[0].pool_id)):
        raise Refused(*no)
    nothing = routing.why_nothing(work.db, work.now, who, where, params, full)
    raise Refused("empty", nothing or "There is nothing to take: no unassigned CTA matches.")


def _first(work: Work, who: Taker, tier: routing.Tier, pools: list[int | None]) -> Taken | None:
    if len(pools) == 1 and not tier.pods:
        return hot.take_next(work, who.id, pools[0], tier.only)
    while candidates := (
        routing.patch_best(work.db, pools, tier) if tier.pods else hot.best_of(work.db, pools, tier.only)
    ):
        for cta_id in candidates:
            if got := hot.take(work, cta_id, who.id):
                return got
    return None
