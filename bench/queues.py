"""Claim-next by 1, 4, 16 and 64 workers, beside other queues and the physical limit of each store, in one run.

The limit is one prepared UPDATE per commit on the same table, each worker on rows of its own. The other queues take
their next job by their own statement: procrastinate on the same PostgreSQL, huey on SQLite with synchronous=FULL.
Neither keeps a journal; ours does, and each claim goes through its use-case.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.timing import Figure, median, ratio

WORKERS = (1, 4, 16, 64)
SECONDS = 2.0
ROUNDS = 3
CTAS = 20_000
Step = Callable[[], bool]
GOALS = {"procrastinate": "≥ 1.0", "huey": "≥ 0.8", "one UPDATE per commit": ""}


def ours(url: str, number: int, count: int) -> Step:
    """A claim of the next best through the use-case, at a desk of its own, changed as it fills."""
    from cockpit.services.errors import Refused
    from cockpit.services.queue import claim_next
    from db.store import Store
    from proof.stores import MANY, sit

    store = Store.open(url)
    seats = range(number, MANY, count)
    desks = [sit(store, seat) for seat in seats[:8]]
    taken = 0

    def step() -> bool:
        nonlocal taken
        try:
            claim_next(desks[taken // 200 % len(desks)])
        except Refused:
            return False
        taken += 1
        return True

    return step


def limit(url: str, number: int, count: int) -> Step:
    """One prepared UPDATE per commit, on rows nobody else touches."""
    from db.store import Store

    store = Store.open(url)
    with store.read() as db:
        ids = [row[0] for row in db.all("SELECT id FROM cta ORDER BY id")][number::count]
        me = db.scalar("SELECT min(id) FROM csm")
    raw = store.connect()
    now: Any = datetime.now(UTC)
    sql = "UPDATE cta SET owner_id = ?, claimed_at = ?, touched_at = ? WHERE id = ? AND owner_id IS NULL"
    begin, more = "BEGIN IMMEDIATE", {}
    if store.dialect == "postgresql":
        sql, begin, more = sql.replace("?", "%s"), "BEGIN", {"prepare": True}
    else:
        now = now.isoformat()
    left = iter(ids)

    def step() -> bool:
        id_ = next(left, None)
        if id_ is None:
            return False
        _begin(raw, begin)
        raw.execute(sql, (me, now, now, id_), **more)
        raw.execute("COMMIT")
        return True

    return step


def _begin(raw: Any, begin: str) -> None:
    """Again when SQLite's own lock gave up: of 64 that poll for it some wait longer than its time-out."""
    while True:
        try:
            raw.execute(begin)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise


def huey(path: str, number: int, count: int) -> Step:
    """huey takes its next task."""
    from huey.storage import SqliteStorage

    storage = SqliteStorage(filename=path, fsync=True, timeout=60)
    return lambda: storage.dequeue() is not None


def procrastinate(url: str, number: int, count: int) -> Step:
    """procrastinate fetches its next job."""
    import psycopg
    from procrastinate.sql import queries

    raw = psycopg.connect(url, autocommit=True)
    worker = raw.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
    assert worker is not None
    told = {"queues": None, "worker_id": worker[0]}

    def step() -> bool:
        found = raw.execute(queries["fetch_job"], told, prepare=True).fetchone()
        return found is not None and found[0] is not None

    return step


def fill_huey(path: str) -> None:
    """As many tasks as there are CTAs."""
    from huey.storage import SqliteStorage

    SqliteStorage(filename=path, fsync=True).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany("INSERT INTO task (queue, data) VALUES ('huey', ?)", ((b"x" * 64,) for _ in range(CTAS)))


def fill_procrastinate(url: str) -> None:
    """The same for procrastinate."""
    import psycopg
    from procrastinate.schema import SchemaManager

    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(SchemaManager.get_schema().encode())
        raw.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            f" SELECT 'default', 'task', '{{}}', 'todo' FROM generate_series(1, {CTAS})"
        )
        raw.execute("VACUUM ANALYZE")


def per_second(make: Callable[[str, int, int], Step], url: str, count: int) -> float:
    """What so many workers take together in a closed loop."""
    from proof.workers import context

    ctx = context()
    ready, gun, told = ctx.Semaphore(0), ctx.Event(), ctx.SimpleQueue()
    processes = [ctx.Process(target=_loop, args=(make, url, n, count, ready, gun, told)) for n in range(count)]  # type: ignore[attr-defined]
    for process in processes:
        process.start()
    for _ in processes:
        ready.acquire()
    gun.set()
    rates = [told.get() for _ in processes]
    for process in processes:
        process.join()
    return float(sum(rates))


def _loop(make: Callable[[str, int, int], Step], url: str, number: int, count: int, ready: Any, gun: Any, told: Any) -> None:
    step = make(url, number, count)
    ready.release()
    gun.wait()
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS and step():
        done += 1
    told.put(done / (time.perf_counter() - start))


def figures(folder: Path) -> Iterator[Figure]:
    """Throughput in turns, the median of ROUNDS rounds."""
    from proof.server import NoServer, find
    from proof.stores import Places

    try:
        import huey as _huey  # noqa: F401
        import procrastinate as _procrastinate  # noqa: F401
    except ModuleNotFoundError as missing:
        print(f"queues: {missing.name} is not installed: pip install 'csm-cockpit[bench]'", file=sys.stderr)
        return
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="queues-", dir=folder))
    places = Places(own)
    try:
        yield from _rows(places, "sqlite", "huey", huey, fill_huey)
        try:
            # A socket's path must be short, so the server lies in the system's folder.
            with tempfile.TemporaryDirectory(prefix="queues-", ignore_cleanup_errors=True) as short:
                places.server = find(Path(short))
                yield from _rows(places, "postgresql", "procrastinate", procrastinate, fill_procrastinate)
                places.server.close()
        except NoServer as why:
            print(f"queues: {why}", file=sys.stderr)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _rows(places: Any, dialect: str, name: str, make: Callable[..., Step], fill: Callable[[str], None]) -> Iterator[Figure]:
    for count in WORKERS:
        rates: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            for kept, taker in zip(rates, (ours, make, limit), strict=True):
                if taker is make:
                    url = places.empty(dialect, name)
                    fill(url)
                else:
                    url = places.copy(dialect, CTAS)
                kept.append(per_second(taker, url, count))
                places.drop(url)
        mine, theirs, most = map(median, rates)
        what = f"claim next, {dialect}, {count} worker{'s' if count > 1 else ''}"
        yield Figure(what, mine, name, theirs, ratio(mine, theirs), GOALS[name], "/s")
        yield Figure(what, mine, "one UPDATE per commit", most, ratio(mine, most), "≥ 0.50" if count == 1 else "", "/s")
