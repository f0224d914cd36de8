"""Looks at a store after a run and at what its workers were told, and counts what does not agree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from db import chains
from db.connection import Db, as_json
from db.store import Store
from proof.workers import Told


@dataclass(slots=True)
class Counts:
    """What a run came to; ``bad`` is zero when every promise was kept."""

    acknowledged: int = 0
    refused: int = 0
    double: int = 0
    """CTAs taken more than once, or promised to two people."""
    lost: int = 0
    """Acknowledged claims that the store does not know."""
    half: int = 0
    """Acts without their change, changes without their row, rows without their change, chains that do not close."""
    untold: int = 0
    """Refusals that do not name who won."""
    busy: int = 0
    """"The store is busy" that reached a worker."""
    errors: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """How many promises were broken."""
        return self.double + self.lost + self.half + self.untold + self.busy + len(self.errors)

    def __iadd__(self, other: Counts) -> Counts:
        for name in ("acknowledged", "refused", "double", "lost", "half", "untold", "busy"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.errors += other.errors
        return self


def check(store: Store, told: Collection[Told]) -> Counts:
    """Everything that is to be said of a store that nothing but these workers' claims happened to."""
    counts = Counts(
        acknowledged=sum(len(one.got) for one in told),
        refused=sum(len(one.lost) for one in told),
        busy=sum(one.busy for one in told),
        errors=[error for one in told for error in one.errors],
    )
    with store.read() as db:
        taken = _taken(db)
        owners = dict(db.all("SELECT c.id, o.login FROM cta c JOIN csm o ON o.id = c.owner_id"))
        counts.half += len(flaws(db)) + _halves(db, taken, owners)
    promised: dict[int, int] = {}
    for cta, who, act in (got for one in told for got in one.got):
        promised[cta] = promised.get(cta, 0) + 1
        counts.lost += owners.get(cta) != who or (act, who) not in taken.get(cta, ())
    counts.double = sum(
        len(taken.get(cta, ())) > 1 or promised.get(cta, 0) > 1 for cta in taken.keys() | promised.keys()
    )
    counts.untold = sum(not says or owners.get(cta) != owner for one in told for cta, owner, says in one.lost)
    return counts


def flaws(db: Db) -> list[str]:
    """Every broken chain and every row that is not what the journal says, in words."""
    return [f"{flaw.thing} {flaw.id}: {flaw.says}" for flaw in chains.check(db, chains.Tally())]


def _taken(db: Db) -> dict[int, list[tuple[int, str]]]:
    """(act, who) of every change of a CTA's owner to somebody, by CTA."""
    taken: dict[int, list[tuple[int, str]]] = {}
    rows = db.all(
        "SELECT c.thing_id, c.fields, a.id, a.actor FROM change c JOIN act a ON a.id = c.act_id"
        " WHERE c.thing = 'cta' AND c.kind = 'update' ORDER BY c.id"
    )
    for cta, fields, act, who in rows:
        if as_json(fields).get("owner_id", [None, None])[1] is not None:
            taken.setdefault(cta, []).append((act, who))
    return taken


def _halves(db: Db, taken: dict[int, list[tuple[int, str]]], owners: dict[int, str]) -> int:
    empty = db.scalar("SELECT count(*) FROM act a WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.act_id = a.id)")
    orphans = db.scalar("SELECT count(*) FROM change c WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.id = c.act_id)")
    crowded = db.scalar(
        "SELECT count(*) FROM (SELECT act_id FROM change WHERE act_id IN"
        " (SELECT id FROM act WHERE verb IN ('claim', 'next')) GROUP BY act_id HAVING count(*) <> 1) x"
    )
    return int(empty) + int(orphans) + int(crowded) + len(taken.keys() ^ owners.keys())
