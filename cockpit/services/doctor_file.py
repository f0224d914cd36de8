"""What can be wrong with a store that is one file: who may read it, where it lies, its pages, the disk."""

from __future__ import annotations

import glob
import os
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cockpit.domain.say import listed, plural
from cockpit.services.doctor_finding import BAD, OK, WARN, Check
from db import backup as files
from db.connection import Db
from db.store import Store

MOUNTS = Path("/proc/mounts")
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "davfs", "ncpfs", "beegfs",
    "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.s3fs", "fuse.davfs2", "fuse.gcsfuse",
})  # fmt: skip
"""Filesystems on which a write-ahead log shared by several machines breaks."""
SYNCED = ("dropbox", "onedrive", "google drive", "icloud", "mobile documents", "nextcloud", "syncthing")
"""Folders that a program copies behind SQLite's back."""
WAL_LARGE = 256 * 1024 * 1024
LITTLE = 500 * 1024 * 1024
ALMOST_NONE = 50 * 1024 * 1024


def around(url: str) -> Iterator[Check]:
    """What can be said without opening the store."""
    path = Path(url)
    yield _library()
    if path.exists():
        yield _modes(path)
        yield from _leftovers(path)
        yield filesystem(path)
        yield _wal(path)
        yield _disk(path)


def inside(store: Store, full: bool) -> Iterator[Check]:
    """What can be said of the open store's pages and references."""
    yield pages(store.url, full)
    with store.read() as db:
        is_on = db.scalar("PRAGMA foreign_keys")
        lost = db.all("PRAGMA foreign_key_check")
    if lost:
        where = listed(sorted({row[0] for row in lost}))
        says = f"{plural(len(lost), 'row')} of {where} that refer to what is not there"
        yield Check("foreign_keys", BAD, says, "Somebody wrote past Cockpit: cockpit verify, then restore a backup.")
    else:
        yield Check("foreign_keys", OK if is_on else BAD, "every reference holds" if is_on else "they are not enforced")


def pages(url: str, full: bool) -> Check:
    """Whether the file's pages are sound."""
    if not full:
        try:
            with closing(files.reading(Path(url))) as raw:
                found = [str(row[0]) for row in raw.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            found = [str(error)]
    else:
        found = files.faults(Path(url))
    if found:
        return Check(
            "integrity",
            BAD,
            "; ".join(found[:3]),
            "Stop working, keep the file, and restore a backup: cockpit restore FILE.",
        )
    return Check(
        "integrity",
        OK,
        "every page and index is sound" if full else "the pages are sound (--full looks at the indexes too)",
    )


def filesystem(path: Path, mounts: Path = MOUNTS) -> Check:
    """Whether the file lies where several machines, or a program that syncs, can reach it."""
    real = str(path.resolve())
    if any(f"/{name}" in real.lower() for name in SYNCED):
        says = "it lies in a folder that another program syncs"
        return Check("filesystem", WARN, says, "Move it to a folder of this machine; sync backups instead.")
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Check("filesystem", OK, "cannot be told on this system; it must be a disk of this machine")
    best, kind = "", ""
    for line in lines:
        where, what = [*line.split(), "", "", ""][1:3]
        where = where.replace("\\040", " ")
        if (real == where or real.startswith(where.rstrip("/") + "/")) and len(where) >= len(best):
            best, kind = where, what
    if kind in NETWORK:
        says = f"{kind} at {best}: a network filesystem can corrupt it"
        return Check("filesystem", BAD, says, "Move it to a local disk, or use PostgreSQL for a team.")
    return Check("filesystem", OK, f"{kind or 'a filesystem'} of this machine")


def table_sizes(db: Db) -> list[tuple[str, int]]:
    """Bytes by table with its indexes, the largest first; estimated from rows where SQLite cannot say."""
    try:
        rows = db.raw.execute(
            "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE"
            " GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall()
    except sqlite3.Error:
        whole = int(db.scalar("PRAGMA page_count") * db.scalar("PRAGMA page_size"))
        rows = [("all tables", whole)]
    return [(row[0], int(row[1])) for row in rows]


def is_affected(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can lose pages when two checkpoints meet (the WAL-reset bug, mended in 3.51.3, 3.50.7, 3.44.6)."""
    mended = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return (3, 7, 0) <= version < (3, 51, 3) and not mended


def _library() -> Check:
    version = sqlite3.sqlite_version_info
    if is_affected((version[0], version[1], version[2])):
        return Check(
            "sqlite", WARN, f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug: in rare cases two checkpoints at once damage the file",
            "Use a Python with SQLite 3.51.3 or later; until then back up often: cockpit backup FILE.",
        )  # fmt: skip
    return Check("sqlite", OK, f"SQLite {sqlite3.sqlite_version}")


def _modes(path: Path) -> Check:
    if os.name != "posix":
        return Check("modes", OK, "this system keeps its own rules of who may read")
    wide = [
        f"{one.name} {one.stat().st_mode & 0o777:o}"
        for one in (path, *(Path(f"{path}{side}") for side in files.SIDES))
        if one.exists() and one.stat().st_mode & 0o077
    ]
    folder = path.resolve().parent
    open_folder = bool(folder.stat().st_mode & 0o022) and not folder.stat().st_mode & 0o1000
    others = [f"folder {folder} {folder.stat().st_mode & 0o777:o}"] if open_folder else []
    todo = [f"chmod 600 {shlex.quote(str(path))}*"] if wide else []
    todo += [f"chmod go-w {shlex.quote(str(folder))}"] if open_folder else []
    owner = path.stat().st_uid
    if owner != os.getuid() and os.getuid():
        others.append(f"it belongs to user {owner}")
        todo.append("work with that login, or on a copy of your own: cockpit --read-only backup FILE")
    if wide or others:
        return Check("modes", WARN, f"others can get at it: {listed(wide + others)}", "; ".join(todo))
    if locked := [str(place) for place in (path, folder) if not os.access(place, os.W_OK)]:
        says = f"you may not write {listed(locked)}: no act can be kept"
        return Check("modes", WARN, says, f"chmod u+w {shlex.join(locked)}, or look with --read-only.")
    return Check("modes", OK, "only its owner can read it")


def _leftovers(path: Path) -> Iterator[Check]:
    """Copies that a restore was killed over: as large as the store, and as secret."""
    left = sorted(path.resolve().parent.glob(f".{glob.escape(path.name)}*.part*"))
    if left:
        size = sum(one.stat().st_size for one in left)
        copies = plural(len(left), "unfinished copy", "unfinished copies")
        says = f"{copies} beside it, {size / 1e6:,.1f} MB: a restore was killed, or runs now"
        yield Check("leftovers", WARN, says, f"When none runs: rm {shlex.join(str(one) for one in left)}")


def _wal(path: Path) -> Check:
    wal = Path(f"{path}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > WAL_LARGE:
        says = f"the write-ahead log has {size / 1e6:,.0f} MB: somebody reads for a very long time"
        return Check("wal", WARN, says, "Close screens left open for days; it shrinks at the next checkpoint.")
    return Check("wal", OK, f"the write-ahead log has {size / 1e6:,.1f} MB")


def _disk(path: Path) -> Check:
    free = shutil.disk_usage(path.resolve().parent).free
    size = path.stat().st_size
    says = f"{free / 1e9:,.1f} GB free, the store has {size / 1e9:,.3f}"
    if free < ALMOST_NONE:
        return Check("disk", BAD, says, "Free some space now: writing will fail.")
    if free < max(LITTLE, 2 * size):
        return Check("disk", WARN, says, "Free some space: a backup and an upgrade need as much as the store.")
    return Check("disk", OK, says)
