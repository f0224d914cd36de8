"""Sitting down at an earlier day: the store as it was known at the day's end, to read and not to write."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from cockpit.desk import SYSTEM, Desk
from cockpit.domain.queue import rank, rescore_on
from cockpit.services import scoring
from cockpit.services.errors import Refused
from db import archive
from db.store import Store

PREFIX = "cockpit-as-of-"


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
    copy = _folder() / "then.db"
    old = rewound(store, moment, copy)
    _rescore(Store(str(copy)), moment)
    return old


def _folder() -> Path:
    """A folder that is gone when the program ends. What one that was killed has left is gone now: it is customers' data."""
    if fcntl is not None:
        for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with suppress(OSError):
                if _is_left(old):
                    shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if fcntl is not None:
        fcntl.flock(os.open(folder, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_EX)  # until the program ends, however it ends
    return folder


def _is_left(folder: Path) -> bool:
    """Whether nobody holds it; an empty one may be somebody's who is about to. Raises OSError for what is not ours."""
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(held).st_uid == os.getuid() and any(folder.iterdir())
    except BlockingIOError:
        return False
    finally:
        os.close(held)


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
