"""Keeping the store safe: a copy of all of it in one file while others work, and putting one back."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cockpit.desk import Clock, Desk, Me
from cockpit.domain.say import plural
from cockpit.services import seal as sealing
from cockpit.services.act import LEADERS
from cockpit.services.errors import Forbidden, Refused, StoreError
from cockpit.services.roles import spoken
from cockpit.services.session import who_is
from db import backup as files
from db import chains
from db import seal as seals
from db.connection import Db, as_moment
from db.errors import StoreForeign, StoreMissing, StoreUnreachable
from db.journal import Act
from db.store import SCHEMA, Store, is_server
from db.terms import Face

MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One backup: a store's file of its own. ``seal`` is the digest of everything in it."""

    ok: bool
    path: str
    bytes: int
    acts: int
    changes: int
    last_act_at: datetime | None
    seal: str | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup put in the place of a store; ``kept`` is where the old one is now, None when there was none."""

    ok: bool
    path: str
    file: str
    kept: str | None
    acts: int
    changes: int
    last_act_at: datetime | None
    act: int | None
    warnings: tuple[str, ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds, in counts."""

    acts: int
    changes: int
    last_act_at: datetime | None

    def __str__(self) -> str:
        when = f", the last of {self.last_act_at:%Y-%m-%d %H:%M} UTC" if self.last_act_at else ""
        return f"{plural(self.acts, 'act')}{when}"


def backup(desk: Desk, path: str, *, force: bool = False) -> BackedUp:
    """Seals the journal, then copies the whole store into one file that is checked before it gets its name.

    Others go on writing. Raises Refused (a login that does not see all, a place that is taken), StoreError.
    """
    if desk.as_of is not None:
        raise Refused("as_of", "A backup is of the store as it is now: leave --as-of out.")
    target = Path(path).absolute()
    _check_target(desk.store, target, force)
    with desk.store.read() as db:
        if not seals.sees_all(db):
            raise Refused("rights", "This login does not see every row: a backup is made by one that does. Ask who runs the store.")
    digest = _sealed(desk)
    with files.part(target) as temp:
        files.take(desk.store, temp)
        if faults := files.faults(temp):
            raise StoreForeign(f"The copy is damaged, so is the store: {faults[0]}. Nothing was kept; run: cockpit doctor --full.")
        with _opened(temp) as copy, copy.read() as db:
            holds = contents(db)
        files.put_name(temp, target, replace=force)
    size = target.stat().st_size
    said = f"Backed up {holds} to {target} ({size / 1e6:,.1f} MB)"
    return BackedUp(True, str(target), size, holds.acts, holds.changes, holds.last_act_at, digest, said)


def contents(db: Db) -> Contents:
    """What a store holds."""
    acts, last = db.one("SELECT count(*), max(at) FROM act") or (0, None)
    return Contents(acts, db.scalar("SELECT count(*) FROM change"), as_moment(last))


def describe(into: str) -> str | None:
    """What a restore would replace, in words; None when there is nothing there. Raises Refused, StoreUnreachable."""
    _check_place(into)
    try:
        store = Store.open(into, read_only=True)
    except StoreMissing:
        return None
    except StoreUnreachable:
        raise
    except StoreError:
        return f"what is at {files.shown(into)}, which cannot be read"
    with store.read() as db:
        holds = contents(db)
    store.close()
    return f"the store at {files.shown(into)} ({holds})"


def restore(file: str, into: str, login: str | None, clock: Clock, *, force: bool = False) -> Restored:
    """Puts a backup in the place of a store, or where there is none yet; the old store is kept beside with the date.

    The backup is checked first: pages, references, every chain of its journal, its seals. ``force`` takes one whose
    journal does not hold. Raises StoreForeign, StoreVersion, StoreMissing, Refused, Forbidden; then nothing was changed.
    """
    source = Path(file).absolute()
    files.look(source)
    _check_place(into)
    if not is_server(into) and Path(into).exists() and source.samefile(into):
        raise Refused("same", f"{file} is the store itself.")
    me = _leader_there(into, login)
    stamp = f"{clock():%Y%m%dT%H%M%SZ}"
    with _workshop(into) as folder, files.part(Path(folder) / Path(into).name.partition("?")[0]) as temp:
        _copy(source, temp)
        try:
            warnings, holds = _checked(temp, force)
        except (StoreForeign, sqlite3.Error, ValueError) as error:  # whatever of it cannot be read
            raise StoreForeign(f"{source} is damaged in one of its rows: nothing was changed.") from error
        with _opened(temp) as copy, copy.read() as db:
            me = me or _leader(who_is(db, copy, login))
        act_id = _note(temp, me, clock, f"Restored a backup of {holds}")
        kept = _put_on_server(temp, into, source, stamp) if is_server(into) else _put_in_file(temp, into, stamp)
    old = f"; the old store is kept at {kept}" if kept else ""
    said = f"Restored {holds} to {files.shown(into)}{old}"
    return Restored(
        True, files.shown(into), str(source), kept, holds.acts, holds.changes, holds.last_act_at, act_id, tuple(warnings), said
    )


def _check_target(store: Store, target: Path, force: bool) -> None:
    if target.is_dir():
        raise Refused("folder", f"{target} is a folder: name a file.")
    if store.dialect == "sqlite":
        if target.exists() and target.samefile(store.url):
            raise Refused("same", f"{target} is the store itself.")
        if str(target.resolve()) in {f"{Path(store.url).resolve()}{side}" for side in files.BESIDE}:
            raise Refused("same", f"{target} belongs to the store itself: name another file.")
    if target.exists() and not target.is_file():
        raise Refused("file", f"{target} is no file: name one.")
    if target.exists() and not force:
        raise Refused("exists", f"{target} is there already: --force writes over it.")
    if not target.parent.is_dir():
        raise Refused("folder", f"There is no folder {target.parent}.")


def _check_place(into: str) -> None:
    if not is_server(into) and Path(into).is_dir():
        raise Refused("folder", f"{into} is a folder: name a file.")


def _sealed(desk: Desk) -> str | None:
    try:
        return sealing.seal(desk.as_system(), f" for a backup by {desk.me.login}").digest
    except Refused:  # read-only and never sealed, or an empty journal: a copy is worth having all the same
        return None


def _leader_there(into: str, login: str | None) -> Me | None:
    """Who restores, as the store to be replaced knows her; None when there is no store that could say."""
    try:
        store = Store.open(into)
    except StoreUnreachable:
        raise
    except StoreError:
        return None
    try:
        with store.read() as db:
            return _leader(who_is(db, store, login))
    finally:
        store.close()


def _leader(me: Me) -> Me:
    if me.role not in LEADERS:
        raise Forbidden(f"{me.name} ({spoken(me.role)}) may not restore: a manager or ops may.")
    return me


def _workshop(into: str) -> Any:
    """Where the copy is prepared: beside the file it becomes, else in a folder of its own."""
    if is_server(into):
        return tempfile.TemporaryDirectory(prefix="cockpit-restore-")
    folder = Path(into).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnreachable(f"A store cannot be made at {into}: {error.strerror}.") from error
    return nullcontext(folder)


def _copy(source: Path, temp: Path) -> None:
    files.copy_file(source, temp)
    if faults := files.faults(temp):
        listed = "; ".join(faults[:MOST_FAULTS])
        raise StoreForeign(f"{source} is damaged ({listed}): nothing was changed.")
    if files.look(temp) < SCHEMA:
        from db.migrations import upgrade

        upgrade(str(temp))


def _checked(temp: Path, force: bool) -> tuple[list[str], Contents]:
    """What does not hold in the journal (Refused, unless forced), and whose work nobody would see."""
    with _opened(temp) as store, store.read() as db:
        tally = chains.Tally()
        flaws = [f"{flaw.thing} {flaw.id}: {flaw.says}" for flaw in chains.check(db, tally)]
        kept = seals.stored(db)
        flaws += [f"the seal of act {act} was altered" for act, one in kept if one is None]
        flaws += [f"seal {one.number} {says}" for one, says in seals.check(db, [one for _, one in kept if one])]
        if flaws and not force:
            raise Refused(
                "journal",
                f"The journal of that backup does not hold ({flaws[0]}{f', and {len(flaws) - 1} more' if len(flaws) > 1 else ''}):"
                " nothing was changed. Look at it with --db FILE --read-only; --force restores it all the same.",
            )
        lost = db.scalar(
            "SELECT count(*) FROM cta c JOIN csm o ON o.id = c.owner_id WHERE c.status = 'open' AND o.active = FALSE"
        )
        words = [f"{plural(lost, 'open CTA')} of people who are no longer active: cockpit doctor"] if lost else []
        return flaws[:MOST_FAULTS] + words, contents(db)


def _note(temp: Path, me: Me, clock: Clock, what: str) -> int | None:
    act = Act("restore", Face.CLI, me.login, None, clock(), what=what)
    with files.writing(temp) as db:
        act.actor_id = db.scalar("SELECT id FROM csm WHERE login = :login", login=me.login)
        return seals.write_act(db, act)


def _put_in_file(temp: Path, into: str, stamp: str) -> str | None:
    aside = _free(lambda n: Path(f"{into}.before-restore-{stamp}{n}"))
    files.put_back(temp, into, aside)
    return str(aside) if aside.exists() else None


def _put_on_server(temp: Path, into: str, source: Path, stamp: str) -> str | None:
    from db.backup_server import dump, load

    aside = _free(lambda n: source.with_name(f"before-restore-{stamp}{n}.db"))

    def keep(db: Db) -> None:
        with files.part(aside) as part:
            dump(db, part)
            files.put_name(part, aside, replace=False)

    with files.translated():
        load(temp, into, keep)
    return str(aside) if aside.exists() else None


def _free(name: Callable[[str], Path]) -> Path:
    """The first of these names that nothing has."""
    return next(path for n in range(1, 1_000) if not (path := name("" if n == 1 else f"-{n}")).exists())


def _opened(path: Path) -> Any:
    from contextlib import closing

    return closing(Store.open(str(path), read_only=True))
