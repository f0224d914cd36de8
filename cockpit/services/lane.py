"""Lanes: which kind of work somebody takes in a pool, and which kind a reason's CTAs are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.routing import lane_of, skills_of
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.away import away_now
from cockpit.services.errors import Refused
from db.reads import pod as reads
from db.reads.pod import PoolMemberRow as PoolMemberRow  # the faces know it from here
from db.terms import Lane


@dataclass(frozen=True, slots=True)
class LaneSet:
    """Which lane somebody takes in a pool from now on; None is every kind."""

    login: str
    pool: str
    lane: str | None
    act: int | None = None
    said: str = ""


def pool_members(desk: Desk, pool: str | None = None) -> tuple[PoolMemberRow, ...]:
    """Who works a pool (every pool): lane, skills, limits, what she holds, whether she is away. Raises NotFound."""
    now = desk.now()
    with desk.store.read() as db:
        rows = reads.pool_members(db, lookup.named(db, "pool", pool) if pool else None)
        gone = away_now(db, now)
    return tuple(
        dataclasses.replace(row, away=f"until {say.day(gone[row.csm_id].last, desk.today())}") if row.csm_id in gone else row
        for row in rows
    )


@act("set_lane")
def set_lane(work: Work, login: str, pool: str, lane: str | None) -> LaneSet:
    """Says that somebody takes one lane only in a pool, or every kind (None). Raises NotFound, Refused (lane, not in it)."""
    pool_id, csm_id = lookup.named(work.db, "pool", pool), lookup.named(work.db, "csm", login)
    rows = [row for row in reads.pool_members(work.db, pool_id) if row.csm_id == csm_id]
    called = str(work.db.scalar("SELECT name FROM pool WHERE id = :id", id=pool_id))
    if not rows:
        raise Refused("absent", f"{login} does not work pool {called}.")
    wanted = read_lane(lane)
    work.update("pool_member", rows[0].id, {"lane": wanted})
    what = f"{wanted} work only" if wanted else "every kind of work"
    work.say(f"{rows[0].name} takes {what} in pool {called}")
    return LaneSet(login, called, wanted, said=work.act.what)


def read_lane(text: str | None) -> str | None:
    """A lane as people spell it; None for nothing. Raises Refused."""
    if text is None or not text.strip() or text.strip().lower() == "none":
        return None
    try:
        return Lane(text.strip().lower()).value
    except ValueError:
        near = did_you_mean(text, list(Lane))
        raise Refused("lane", f"A lane is one of {', '.join(Lane)}, not {text!r}.{near}") from None


def of_reason(work: Work, reason_id: int) -> tuple[str, str | None]:
    """The lane and the skill that new CTAs of a reason get."""
    name, lane, skill = work.db.one("SELECT name, lane, skill FROM reason WHERE id = :id", id=reason_id) or ("", None, None)
    return lane_of(None, lane, name).value, skill


def follow(work: Work, reason_id: int, before: str, skill: str | None) -> int:
    """Gives open CTAs of a reason its lane and skill of now, those that had what it gave before; returns how many."""
    after, new_skill = of_reason(work, reason_id)
    changes: dict[int, dict[str, Any]] = {}
    for cta, its_lane, its_skill in reads.open_of_reason(work.db, reason_id, before, skill):
        change: dict[str, Any] = {}
        if its_lane in (None, before) and (its_lane or before) != after:
            change["lane"] = after
        if its_skill == skill and skill != new_skill:
            change["skill"] = new_skill
        if change:
            changes[cta] = change
    return len(work.update_many("cta", changes))


def read_skill(value: Any) -> str | None:
    """One skill as it is stored; None for nothing. Raises Refused."""
    found = sorted(skills_of(editing.line(value, "A skill")))
    if len(found) > 1:
        raise Refused("skill", "A CTA asks for one skill.")
    return found[0] if found else None
