"""A claim through its use-case against one prepared UPDATE per commit on the same table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.stores import CLOCK, copy_of, environment, store_of, worker
from bench.timing import Figure, in_turns, median, p95, ratio

TIMES = 400


def figures(folder: Path, ctas: int) -> Iterator[Figure]:
    """Throughput on SQLite, one worker, synchronous=FULL, journal rows included on our side."""
    from cockpit.services.queue import claim, claim_next
    from cockpit.services.session import open_desk

    path = copy_of(store_of(ctas, folder), folder)
    desk = open_desk(str(path), worker(path), env=environment())
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = FULL")
        free = iter(raw.execute("SELECT id FROM cta WHERE owner_id IS NULL AND status = 'open' ORDER BY id").fetchall())

        def one_update() -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(
                "UPDATE cta SET owner_id = ?, claimed_at = ?, touched_at = ? WHERE id = ? AND owner_id IS NULL",
                (desk.me.id, CLOCK, CLOCK, next(free)[0]),
            )
            raw.execute("COMMIT")

        ours, taking, theirs = in_turns(
            TIMES, lambda: claim(desk, [next(free)[0]]), lambda: claim_next(desk), one_update, warm=20
        )
    desk.store.close()
    for what, mine in (("claim", ours), ("claim next best", taking)):
        share = ratio(median(theirs), median(mine))
        against = "one UPDATE per commit"
        yield Figure(f"{what}, {ctas:,} CTAs", median(mine), against, median(theirs), share, "≥ 0.50 of its throughput")
        yield Figure(f"{what}, {ctas:,} CTAs, p95", p95(mine), against, p95(theirs), ratio(p95(theirs), p95(mine)))
