"""The demo stores the figures are taken on, built once per size and kept in a folder git ignores."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db.errors import StoreError
from db.store import Store

ROOT = Path(__file__).parents[1]
CLOCK = "2026-11-23T09:00:00Z"
_SCRIPT = Path(sys.executable).with_name("cockpit")
COCKPIT = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "cockpit"]


def environment(**more: str) -> dict[str, str]:
    """The environment programs are timed in: byte code kept, nobody's settings, the demo's clock."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COCKPIT_", "TEXTUAL"))}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "NO_COLOR", "TMUX"):
        kept.pop(name, None)
    return kept | {"COCKPIT_NOW": CLOCK, "PYTHONPATH": str(ROOT), **more}


def store_of(ctas: int, folder: Path) -> Path:
    """A demo store with that many open CTAs; built when there is none of this version."""
    path = folder / f"demo-{ctas}.db"
    try:
        Store.open(str(path)).close()
    except StoreError:
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        print(f"building {ctas:,} CTAs …", end=" ", file=sys.stderr, flush=True)
        start = time.perf_counter()
        command = [*COCKPIT, "demo", "--path", str(path), *shape(ctas), "--no-open"]
        subprocess.run(command, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    return path


def shape(ctas: int) -> list[str]:
    """The options of a demo company with that many open CTAs."""
    return ["--accounts", str(max(20, ctas // 20)), "--ctas", str(ctas)]


@contextmanager
def on_server(ctas: int) -> Iterator[str]:
    """The address of a demo store on a server of its own, gone afterwards. Raises NoServer."""
    from proof.server import find

    # A socket's path must be short, so the server lies in the system's folder.
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as short:
        server = find(Path(short))
        url = server.database("bench")
        try:
            print(f"building {ctas:,} CTAs on the server …", end=" ", file=sys.stderr, flush=True)
            start = time.perf_counter()
            command = [*COCKPIT, "demo", "--db", url, *shape(ctas), "--no-open"]
            subprocess.run(command, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
            yield url
        finally:
            server.drop("bench")
            server.close()


def copy_of(path: Path, folder: Path) -> Path:
    """A copy to write in, with no limit on claims."""
    copy = folder / f"scratch-{path.name}"
    for old in folder.glob(f"{copy.name}*"):
        old.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE pool SET max_open = 1000000000, max_per_day = NULL")
    return copy


def worker(path: Path) -> str:
    """The login of a CSM who works a pool that has something in its queue."""
    with closing(sqlite3.connect(path)) as db:
        row = db.execute(
            "SELECT c.login FROM csm c JOIN pool_member m ON m.csm_id = c.id"
            " WHERE c.active AND c.role = 'csm' AND EXISTS (SELECT 1 FROM cta q WHERE q.pool_id = m.pool_id"
            " AND q.owner_id IS NULL AND q.status = 'open' AND q.snoozed_at IS NULL) ORDER BY c.id LIMIT 1"
        ).fetchone()
    return str(row[0])
