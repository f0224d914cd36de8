"""A claim through its use-case against one prepared UPDATE per commit on the same table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.stores import CLOCK, copy_of, environment, store_of, worker
from bench.timing import Figure, in_turns, median, p95, ratio

TIMES = 10
ROUNDS = 40


def figures(folder: Path, ctas: int) -> Iterator[Figure]:
    """Throughput on SQLite, one worker, synchronous=FULL, journal rows included on our side."""
    from cockpit.services.queue import claim, claim_next
    from cockpit.services.session import open_desk

    path = copy_of(store_of(ctas, folder), folder)
    desk = open_desk(str(path), worker(path), env=environment())
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = FULL")
        free = iter(raw.execute("SELECT id FROM cta WHERE owner_id IS NULL AND status = 'open' ORDER BY id").fetchall())
        other = raw.execute("SELECT id FROM csm WHERE id <> ? ORDER BY id LIMIT 1", (desk.me.id,)).fetchone()[0]

        def one_update() -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(
                "UPDATE cta SET owner_id = ?, claimed_at = ?, touched_at = ? WHERE id = ? AND owner_id IS NULL",
                (other, CLOCK, CLOCK, next(free)[0]),
            )
            raw.execute("COMMIT")

        ours: list[float] = []
        taking: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):  # nobody holds a thousand claims: between rounds ours are put away, untimed
            raw.execute("UPDATE cta SET status = 'closed' WHERE owner_id = ? AND status = 'open'", (desk.me.id,))
            round_of = in_turns(
                TIMES, lambda: claim(desk, [next(free)[0]]), lambda: claim_next(desk), one_update, warm=2
            )
            for kept, more in zip((ours, taking, theirs), round_of, strict=True):
                kept += more
    desk.store.close()
    for what, mine in (("claim", ours), ("claim next best", taking)):
        share = ratio(median(theirs), median(mine))
        against = "one UPDATE per commit"
        yield Figure(f"{what}, {ctas:,} CTAs", median(mine), against, median(theirs), share, "≥ 0.50 of its throughput")
        yield Figure(f"{what}, {ctas:,} CTAs, p95", p95(mine), against, p95(theirs), ratio(p95(theirs), p95(mine)))
