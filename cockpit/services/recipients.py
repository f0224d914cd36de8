"""To whom CTAs could be given by hand: who works their pools, how much each holds, who is away or at her limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.domain.capacity import scaled
from cockpit.services.lane import pool_members
from db.terms import Role


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who could get them; ``says`` what speaks against it. Both limits and absence are warned of, not forbidden."""

    login: str
    name: str
    open_ctas: int
    most: int | None
    is_away: bool
    is_full: bool
    lane: str | None
    says: str


def recipients(desk: Desk, cta_ids: Sequence[int]) -> tuple[Recipient, ...]:
    """Who works the pools of these CTAs (of all pools, when those have none): who is here and has room first."""
    with desk.store.read() as db:
        params: dict[str, int] = {}
        marks = db.marks("i", list(cta_ids)[:1000], params)
        pools = {row[0] for row in db.all(f"SELECT DISTINCT pool_id FROM cta WHERE id IN ({marks})", **params)} - {None}
        limits = dict(db.all("SELECT id, max_open FROM pool"))
    found: dict[str, Recipient] = {}
    for row in pool_members(desk):
        if (pools and row.pool_id not in pools) or row.login in found or row.role == Role.READ_ONLY:
            continue
        most = scaled(limits.get(row.pool_id), row.limit_percent)
        full = most is not None and row.open_ctas >= most
        held = f"{row.open_ctas} open" if most is None else f"{row.open_ctas} of {most} open"
        notes = [f"! away {row.away}" if row.away else "", "! at her limit" if full else "", held, f"{row.lane} only" if row.lane else "",
                 "junior" if row.role == Role.JUNIOR else ""]  # fmt: skip
        found[row.login] = Recipient(
            row.login, row.name, row.open_ctas, most, bool(row.away), full, row.lane, " · ".join(note for note in notes if note)
        )
    return tuple(sorted(found.values(), key=lambda one: (one.is_away, one.is_full, one.open_ctas, one.name)))


