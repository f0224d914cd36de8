"""Taking the next best: tier by tier, as ``routing.tiers`` has it, until one is got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.services import routing
from cockpit.services.act import Work
from cockpit.services.errors import Refused
from cockpit.services.limits import Held, Taker
from db import hot
from db.hot import Taken
from db.reads import cta as reads


def best(work: Work, who: Taker, pools: tuple[int, ...]) -> tuple[Taken, str]:
    """The best of these pools (of all, when there are none), and why it is not the first of the queue.

    Raises Refused when limits leave no room or nothing is there for her.
    """
    held = Held(work, who)
    refusals = {pool: no for pool in pools if (no := held.refusal(pool))}
    rest: list[int | None] = [pool for pool in pools or (None,) if pool not in refusals]
    if not rest:
        raise Refused(*next(iter(refusals.values())))
    full = held.full_segments()
    for tier in routing.tiers(work.db, work.now, who, full):
        got = _first(work, who, tier, rest)
        if got is not None:
            return got, tier.why
    nothing = routing.why_nothing(work.db, work.now, who, rest, full)
    raise Refused("empty", nothing or "There is nothing to take: the queue is empty.")


def filtered(work: Work, who: Taker, where: str, params: Mapping[str, Any]) -> tuple[Taken, str]:
    """The best that a condition over ``db.reads.cta.FROM`` picks. Raises Refused like ``best``."""
    held = Held(work, who)
    for tier in routing.tiers(work.db, work.now, who, held.full_segments(), "c"):
        only = routing.whole(tier, "c")
        while True:
            page = reads.page(work.db, f"{where} {only.sql}", {**params, **only.params}, "score", limit=8)
            for row in page.rows:
                if no := held.refusal(row.pool_id):
                    raise Refused(*no)
                if got := hot.take(work, row.id, who.id):
                    return got, tier.why
            if not page.rows:
                break
    raise Refused("empty", "There is nothing to take: no unassigned CTA matches.")


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
