"""What nobody answers for, over the whole store: found by one statement a kind, whatever the store holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.connection import Db

_GONE = "SELECT x.id, {label} FROM {table} x JOIN csm o ON o.id = x.{owner} WHERE o.active = FALSE AND {still}"
KINDS: dict[str, tuple[str, str]] = {
    "account_owner": ("customer of somebody inactive", _GONE.format(
        table="account", label="x.name", owner="owner_id", still="x.status = 'customer'")),
    "account_nobody": ("customer without owner or pool", "SELECT x.id, x.name FROM account x WHERE x.status = 'customer'"
                       " AND x.owner_id IS NULL AND x.pool_id IS NULL AND x.parent_id IS NULL"),
    "cta_owner": ("open CTA of somebody inactive", _GONE.format(
        table="cta", label="x.title", owner="owner_id", still="x.status = 'open'")),
    "cta_nobody": ("open CTA that is nobody's and in no pool",
                   "SELECT x.id, x.title FROM cta x WHERE x.status = 'open' AND x.owner_id IS NULL AND x.pool_id IS NULL"),
    "task_owner": ("open task of somebody inactive", _GONE.format(
        table="task", label="x.title", owner="owner_id", still="x.status = 'open'"
        " AND (x.cta_id IS NULL OR EXISTS (SELECT 1 FROM cta c WHERE c.id = x.cta_id AND c.status = 'open'))"
        " AND (x.transition_id IS NULL OR EXISTS (SELECT 1 FROM transition t WHERE t.id = x.transition_id AND t.ended_at IS NULL"
        " AND x.required = TRUE))")),
    "intervention_owner": ("running intervention of somebody inactive", _GONE.format(
        table="intervention", label="x.stage", owner="csm_id", still="x.ended_at IS NULL")),
    "transition_taker": ("hand-over to somebody inactive", _GONE.format(
        table="transition", label="x.kind", owner="to_csm_id", still="x.state = 'started'")),
    "gate_skipped": ("hand-over with a required step neither done nor waived",
                     "SELECT x.id, k.title FROM transition x JOIN task k ON k.transition_id = x.id"
                     " WHERE x.state IN ('accepted', 'done') AND k.gates = TRUE AND (k.status = 'open'"
                     " OR (k.status = 'skipped' AND k.waived_by_id IS NULL))"),
}  # fmt: skip
"""Kind: what one is called, and the statement that finds (id, name)."""
HANDED = ("task_owner", "intervention_owner", "transition_taker", "gate_skipped")
"""What a hand-over may leave behind besides accounts and CTAs."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """Something that nobody answers for; ``id`` of an account, a CTA, a task, an intervention, a transition."""

    kind: str
    id: int
    name: str
    says: str


def orphans(db: Db) -> list[Orphan]:
    """All of them."""
    found: list[Orphan] = []
    for kind, (says, sql) in KINDS.items():
        found += [Orphan(kind, row[0], row[1], says) for row in db.all(f"{sql} ORDER BY 1")]
    return found


def counted(db: Db, kinds: Iterable[str] = tuple(KINDS)) -> dict[str, int]:
    """How many of each of these kinds that there are any of."""
    found = {kind: int(db.scalar(f"SELECT count(*) FROM ({KINDS[kind][1]}) found")) for kind in kinds}
    return {kind: n for kind, n in found.items() if n}
