"""The stored order of the queue, recomputed by whatever changes what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cockpit.domain.queue import Inputs, rank, rescore_on
from cockpit.domain.weights import Weights, weights_from
from cockpit.services.act import Work
from db.connection import Db, as_json
from db.terms import Priority

WEIGHTS = "queue.weights"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Scored:
    id: int
    priority: str
    due: date | None
    health: int | None
    arr: int | None
    renewal: date | None
    flagged: bool
    opened_at: datetime


def weights(db: Db) -> Weights:
    """The store's weights, or those that ship."""
    stored = db.scalar("SELECT value FROM setting WHERE key = :key", key=WEIGHTS)
    return Weights() if stored is None else weights_from(as_json(stored))


def scoring_day(now: datetime) -> date:
    """The day on which the steps of the score are judged: one for the whole store, whatever zones its pools have."""
    return now.astimezone(UTC).date()


def inputs(db: Db, cta_ids: Sequence[int]) -> dict[int, Inputs]:
    """What the scores of these CTAs are made of; closed ones included, missing ones left out."""
    found: dict[int, Inputs] = {}
    for start in range(0, len(cta_ids), _BATCH):
        params: dict[str, object] = {}
        marks = db.marks("i", cta_ids[start : start + _BATCH], params)
        rows = db.rows(
            _Scored,
            "SELECT c.id, c.priority, c.due, a.health, a.arr, a.renewal_date AS renewal, c.flagged, c.opened_at"
            f" FROM cta c JOIN account a ON a.id = c.account_id WHERE c.id IN ({marks})",
            **params,
        )
        for row in rows:
            found[row.id] = Inputs(
                Priority(row.priority), row.due, row.health, row.arr, row.renewal, row.flagged, row.opened_at
            )
    return found


def rescore(work: Work, cta_ids: Iterable[int]) -> int:
    """Puts rank and next crossing of these CTAs right; returns how many there were."""
    using = weights(work.db)
    day = scoring_day(work.now)
    found = inputs(work.db, sorted(set(cta_ids)))
    work.derive(
        "cta",
        {id_: {"rank": rank(one, day, using), "rescore_at": rescore_on(one, day, using)} for id_, one in found.items()},
    )
    return len(found)


def rescore_accounts(work: Work, account_ids: Iterable[int]) -> int:
    """The same for every open CTA of these accounts: their health, ARR or renewal date changed."""
    wanted = sorted(set(account_ids))
    ids: list[int] = []
    for start in range(0, len(wanted), _BATCH):
        params: dict[str, object] = {}
        marks = work.db.marks("i", wanted[start : start + _BATCH], params)
        ids += [
            row[0]
            for row in work.db.all(f"SELECT id FROM cta WHERE status = 'open' AND account_id IN ({marks})", **params)
        ]
    return rescore(work, ids)
