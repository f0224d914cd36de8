"""Sitting down at an earlier day: the store as it was known at the day's end, to read and not to write."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path

from cockpit.desk import SYSTEM, Desk
from cockpit.domain.queue import rank, rescore_on
from cockpit.services import scoring
from cockpit.services.errors import Refused
from db import archive
from db.store import Store


def as_known(store: Store, moment: datetime) -> Store:
    """A passing copy of the store as it was at the moment; gone when the program ends.

    Raises StoreError, Refused for a day of which entries were archived.
    """
    from db.rewind import rewound

    with store.read() as db:
        known = archive.kept(db)[1]
    for one in known:
        if moment.date() < date.fromisoformat(one["before"]):
            raise Refused("archived", f"What was known before {one['before']} was moved to {one['file']}: ask for that day or a later one.")
    folder = Path(tempfile.mkdtemp(prefix="cockpit-as-of-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / "then.db"
    old = rewound(store, moment, copy)
    _rescore(Store(str(copy)), moment)
    return old


def _rescore(copy: Store, moment: datetime) -> None:
    """The order of the queue is not in the journal: it follows from what is, on the day that is asked about."""
    day = scoring.scoring_day(Desk(copy, SYSTEM, lambda: moment).now())
    with copy.write() as db:
        using = scoring.weights(db)
        ids = [row[0] for row in db.all("SELECT id FROM cta WHERE status = 'open'")]
        for start in range(0, len(ids), 2_000):
            found = scoring.inputs(db, ids[start : start + 2_000])
            db.many(
                "UPDATE cta SET rank = :rank, rescore_at = :next WHERE id = :id",
                [
                    {"id": id_, "rank": rank(one, day, using), "next": rescore_on(one, day, using)}
                    for id_, one in found.items()
                ],
            )
    copy.close()
