"""Which CTAs somebody is meant to take, and in which order: lanes, skills, pods, interventions.

Nothing is filtered that cannot matter: a CSM without lane in a store without pods takes the first of the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain import say
from cockpit.domain.routing import lane_of
from cockpit.services import away
from cockpit.services.limits import NOTHING_FULL, Full, Taker
from db.connection import Db
from db.hot import ANY, FIRST, Only
from db.reads.cta import FROM, UNASSIGNED
from db.terms import Lane


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the order: a condition on CTAs, and what is said when one is taken from it."""

    only: Only
    why: str = ""
    pods: tuple[int, ...] = ()
    """The accounts of these pods only: a patch, sought by account and not along the queue."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules ask about a CTA that somebody wants by name."""

    pool: int | None
    account: int
    account_name: str
    segment: int | None
    skill: str | None
    engaged: int | None
    """The CSM of the running intervention on its account."""
    engaged_name: str | None
    is_free: bool
    """Nobody had it when it was asked; what is not free need not be tried."""


@dataclass(frozen=True, slots=True)
class Route:
    """Lane and skill that CTAs of a reason start with."""

    lane: Lane
    skill: str | None


def asked(db: Db, cta_ids: Sequence[int]) -> dict[int, Asked]:
    """What the rules ask about these CTAs, by id; those that do not exist are missing."""
    rows = db.of(
        f"SELECT c.id, c.pool_id, c.account_id, a.name, a.segment_id, c.skill, i.csm_id, o.name, {UNASSIGNED} FROM cta c"
        " JOIN account a ON a.id = c.account_id"
        " LEFT JOIN intervention i ON i.account_id = c.account_id AND i.ended_at IS NULL"
        " LEFT JOIN csm o ON o.id = i.csm_id WHERE c.id IN ({ids})",
        cta_ids,
    )
    return {row[0]: Asked(*row[1:]) for row in rows}


def not_first(cta_id: int, of: Asked, who: Taker, answers: Callable[[int], int | None]) -> tuple[str, str] | None:
    """(code, sentence) when a CTA's account is in an intervention of somebody else who is here, or whose cover is."""
    if of.engaged is None or of.engaged == who.id:
        return None
    if who.has_absences and answers(of.engaged) in (None, who.id):
        return None
    return "engaged", (
        f"{of.account_name} is in an intervention of {of.engaged_name}: its CTAs are hers first."
        f" Claim CTA {cta_id} anyway to take it all the same."
    )


def tiers(db: Db, now: datetime, who: Taker, full: Full = NOTHING_FULL, alias: str = "cta") -> list[Tier]:
    """The order in which a CSM is offered work. ``full``: where she may take no more.

    Juniors: what is tactical, then strategic work. Members of a pod: its patch, a senior what is strategic there
    before the rest; then what is no pod's; then other pods'. Always: only skills she has, and nothing of an account
    in somebody else's intervention while that one (or her cover) is here.
    """
    base = _skills(who, alias) & _engaged(db, now, who, alias) & _full(full, alias) & _lanes(db, who, alias)
    mine, others = _pods(db, who.id) if who.has_pods else ((), ())
    whose = [Tier(base, "your pod's patch", mine)] if mine else []
    if others:
        whose += [Tier(base & _of_pods(others, alias, "NOT EXISTS")), Tier(base, "of another pod's patch: nothing else is left")]
    else:
        whose.append(Tier(base))
    if who.is_junior:
        return [_laned(tier, lane, alias, "" if lane is Lane.TACTICAL else "strategic: nothing tactical is left")
                for lane in (Lane.TACTICAL, Lane.STRATEGIC) for tier in whose]  # fmt: skip
    if mine:
        return [_laned(whose[0], Lane.STRATEGIC, alias, "strategic work"), *whose]
    return whose


def whole(tier: Tier, alias: str) -> Only:
    """The condition of a tier with its patch, for a query that walks the queue anyway."""
    return tier.only & _of_pods(tier.pods, alias, "EXISTS") if tier.pods else tier.only


def patch_best(db: Db, pools: Sequence[int | None], tier: Tier) -> list[int]:
    """The best unassigned CTA of each pool among the accounts of these pods, best first.

    Sums keep the planner from walking the queue's index for something that may lie at its end.
    """
    found = []
    for pool in pools:
        params: dict[str, Any] = {"one": 1, **tier.only.params} | ({} if pool is None else {"pool": pool})
        marks = db.marks("d", tier.pods, params)
        found.append(
            db.one(
                f"SELECT rank, id FROM cta WHERE account_id IN (SELECT a.id FROM account a WHERE a.pod_id IN ({marks}))"
                f" AND owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL {'' if pool is None else 'AND +pool_id = :pool'}"
                f" {tier.only.sql} ORDER BY rank + 0, id + 0 {FIRST[db.dialect]}",
                **params,
            )
        )
    return [row[1] for row in sorted(row for row in found if row is not None)]


def why_nothing(db: Db, now: datetime, who: Taker, where: str, params: Mapping[str, Any], full: Full) -> str:
    """What meets a condition over ``db.reads.cta.FROM`` and is not for her: ``2 for a skill you do not have``; "" when nothing does."""
    total = db.scalar(f"SELECT count(*) {FROM} WHERE {where}", **params)
    if not total:
        return ""
    parts = []
    for only, what in (
        (_skills(who, "c"), "for a skill you do not have"),
        (_engaged(db, now, who, "c"), "of accounts in an intervention of somebody else"),
        (_full(Full(segments=full.segments), "c"), "of a segment of which you hold as many as you may"),
        (_full(Full(full.pools), "c"), "of a pool of which you hold as many as you may"),
    ):
        left = db.scalar(f"SELECT count(*) {FROM} WHERE {where} {only.sql}", **{**params, **only.params}) if only.sql else total
        if left < total:
            parts.append(f"{total - left:,} {what}")
    known = say.listed(parts) or "of a lane you do not take"
    return f"There is nothing for you to take: of {say.plural(total, 'unassigned CTA')} {known}."


def routes(db: Db, reason_ids: Iterable[int]) -> dict[int, Route]:
    """Lane and skill of new CTAs, by reason."""
    found: dict[int, Route] = {}
    wanted = sorted(set(reason_ids))
    for start in range(0, len(wanted), 500):
        params: dict[str, Any] = {}
        marks = db.marks("i", wanted[start : start + 500], params)
        for id_, name, lane, skill in db.all(f"SELECT id, name, lane, skill FROM reason WHERE id IN ({marks})", **params):
            found[id_] = Route(lane_of(None, lane, name), skill)
    return found


def missing_skill(who: Taker, of: Asked) -> str:
    """What is said when somebody takes by hand what asks for a skill she does not have."""
    if of.skill is None or of.skill in who.skills:
        return ""
    return f"it asks for the skill {of.skill}, which is not among yours"


def _skills(who: Taker, alias: str) -> Only:
    if not who.skills:
        return Only(f"AND {alias}.skill IS NULL")
    params = {f"skill{n}": skill for n, skill in enumerate(sorted(who.skills))}
    marks = ", ".join(f":{name}" for name in params)
    return Only(f"AND ({alias}.skill IS NULL OR {alias}.skill IN ({marks}))", params)


def _engaged(db: Db, now: datetime, who: Taker, alias: str) -> Only:
    """No account of somebody else's intervention, unless nobody answers for that one now."""
    params: dict[str, Any] = {"myself": who.id}
    free: list[int] = []
    if who.has_absences:
        answers = away.answering(db, now)
        free = [one for one in away.away_now(db, now) if answers(one) in (None, who.id)]
    gone = f" AND i.csm_id NOT IN ({db.marks('gone', free, params)})" if free else ""
    return Only(
        f"AND NOT EXISTS (SELECT 1 FROM intervention i WHERE i.account_id = {alias}.account_id AND i.ended_at IS NULL"
        f" AND i.csm_id <> :myself{gone})",
        params,
    )


def _full(full: Full, alias: str) -> Only:
    only = ANY
    if full.pools:
        params: dict[str, Any] = {}
        marks = Db.marks("fullpool", full.pools, params)
        only &= Only(f"AND ({alias}.pool_id IS NULL OR {alias}.pool_id NOT IN ({marks}))", params)
    if full.segments:
        params = {}
        marks = Db.marks("full", full.segments, params)
        hers = f"SELECT 1 FROM account sa WHERE sa.id = {alias}.account_id AND sa.segment_id IN ({marks})"
        only &= Only(f"AND NOT EXISTS ({hers})", params)
    return only


def _lanes(db: Db, who: Taker, alias: str) -> Only:
    """In a pool where she takes one lane only, nothing of the other; what has no lane (an older store) is tactical."""
    if not who.has_lanes:
        return ANY
    rows = db.all("SELECT pool_id, lane FROM pool_member WHERE csm_id = :me AND lane IS NOT NULL", me=who.id)
    only = ANY
    for n, (pool, lane) in enumerate(rows):
        other = f"coalesce({alias}.pool_id, 0) = :in{n} AND coalesce({alias}.lane, '{Lane.TACTICAL.value}') <> :lane{n}"
        only &= Only(f"AND NOT ({other})", {f"in{n}": pool, f"lane{n}": lane})
    return only


def _laned(tier: Tier, lane: Lane, alias: str, why: str) -> Tier:
    words = Only(f"AND coalesce({alias}.lane, '{Lane.TACTICAL.value}') = :tier_lane", {"tier_lane": lane.value})
    return Tier(tier.only & words, "; ".join(part for part in (why, tier.why) if part), tier.pods)


def _pods(db: Db, me: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Her pods, and the others that have somebody."""
    rows = db.all(
        "SELECT d.id, max(CASE WHEN m.csm_id = :me THEN 1 ELSE 0 END) FROM pod d JOIN pod_member m ON m.pod_id = d.id"
        " JOIN csm o ON o.id = m.csm_id WHERE d.active = TRUE AND o.active = TRUE GROUP BY d.id ORDER BY d.id",
        me=me,
    )
    return tuple(row[0] for row in rows if row[1]), tuple(row[0] for row in rows if not row[1])


def _of_pods(pods: Sequence[int], alias: str, how: str) -> Only:
    params: dict[str, Any] = {}
    marks = Db.marks("pod", pods, params)
    return Only(f"AND {how} (SELECT 1 FROM account pa WHERE pa.id = {alias}.account_id AND pa.pod_id IN ({marks}))", params)
