"""A page of the queue in the store, first and far down, at several sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.stores import environment, store_of, worker
from bench.timing import Figure, in_turns, median, p95
from cockpit.desk import Desk

TIMES = 60
DEEP = 200


def figures(folder: Path, sizes: list[int]) -> Iterator[Figure]:
    """What the store itself takes for 128 rows, without drawing."""
    from cockpit.services.session import open_desk

    for ctas in sizes:
        path = store_of(ctas, folder)
        desk = open_desk(str(path), worker(path), env=environment(), read_only=True)
        yield from _of(desk, ctas)
        desk.store.close()


def _of(desk: Desk, ctas: int) -> Iterator[Figure]:
    from cockpit.services.queue import QueueQuery, queue_count, queue_page

    query, cursor = QueueQuery(), None
    statement = _statement(desk, lambda: queue_page(desk, query))
    pages = min(DEEP, ctas // 512)
    for _ in range(pages):
        cursor = queue_page(desk, query, after=cursor).last or cursor
    first, deep, counted, bare = in_turns(
        TIMES,
        lambda: queue_page(desk, query),
        lambda: queue_page(desk, query, after=cursor),
        lambda: queue_count(desk, query),
        statement,
        warm=3,
    )
    yield Figure(f"queue page, its statement alone, {ctas:,} CTAs", median(bare), goal="≤ 1 ms")
    yield Figure(f"queue page, first, {ctas:,} CTAs", median(first))
    yield Figure(f"queue page, first, {ctas:,} CTAs, p95", p95(first))
    if pages:
        yield Figure(f"queue page, {pages} pages down, {ctas:,} CTAs", median(deep), goal="as the first")
    yield Figure(f"queue count to 10k, {ctas:,} CTAs", median(counted))


def _statement(desk: Desk, page: Callable[[], object]) -> Callable[[], object]:
    """The SELECT that a page sends to SQLite, on a connection of its own."""
    with desk.store.read() as db:
        raw = db.raw
    sent: list[str] = []
    raw.set_trace_callback(sent.append)
    page()
    raw.set_trace_callback(None)
    longest = max(sent, key=len)
    own = desk.store.connect()
    return lambda: own.execute(longest).fetchall()
