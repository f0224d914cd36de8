"""Moving what old acts changed into a file of its own, so that the store stays small; chains and seals still hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Refused
from db import archive as files
from db.backup import part, put_name, rewrite, translated


@dataclass(frozen=True, slots=True)
class Archived:
    """What was moved: entries of the journal, and usage points that a correction had replaced."""

    ok: bool
    path: str
    changes: int
    usage: int
    bytes: int
    act: int | None = None
    said: str = ""


def archive(desk: Desk, before: date, path: str) -> Archived:
    """Moves the values of acts done before that day, and usage superseded before it, into a new file.

    Entries of accounts, people, settings and open CTAs stay. Not undoable, nor can what was moved be taken back. Raises
    Forbidden, Refused (a file that is there, nothing to move, a day to come).
    """
    target = Path(path).absolute()
    if target.exists():
        raise Refused("exists", f"{target} is there already: name a new file.")
    if not target.parent.is_dir():
        raise Refused("folder", f"There is no folder {target.parent}.")
    if before > desk.today():
        raise Refused("day", f"{before} is still to come.")
    moment = datetime.combine(before, time(), ZoneInfo(desk.me.time_zone)).astimezone(UTC)
    with part(target) as temp:
        done = _archive(desk, before, moment, temp, target)
    if desk.store.dialect == "sqlite":
        rewrite(desk.store)  # the room goes back to the disk; where others hold the file it is used again in time
    return done


@act("archive", by=LEADERS)
def _archive(work: Work, before: date, moment: datetime, temp: Path, target: Path) -> Archived:
    points = files.superseded_usage(work.db, moment)
    work.delete_many("usage", points)
    work.say(f"Archived what was done before {before}")
    own = work.journal.close()
    with translated():
        count = files.write(work.db, temp, moment, own)
    if not count:
        raise Refused("nothing", f"There is nothing from before {before} to archive.")
    id_, known = files.kept(work.db)
    entry = {"file": str(target), "before": before.isoformat(), "changes": count, "at": work.now.isoformat()}
    if id_ is None:
        work.insert("setting", {"key": "archives", "value": [entry]})
    else:
        work.update("setting", id_, {"value": [*known, entry]})
    # The file has its name before the store forgets: a kill between the two leaves both.
    put_name(temp, target, replace=False)
    files.take_out(work.db, moment, own)
    size = target.stat().st_size
    said = f"Moved {plural(count, 'entry', 'entries')} of the journal from before {before} to {target} ({size / 1e6:,.1f} MB)"
    return Archived(True, str(target), count, len(points), size, said=said)
