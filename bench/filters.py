"""A page of the queue while a filter is typed: words that many rows have, that few have, that none has; both stores."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.stores import environment, on_server, store_of, worker
from bench.timing import Figure, in_turns, median, p95
from cockpit.desk import Desk

TIMES = 20
GOAL = "≤ 100 ms"
MOST_ON_SERVER = 100_000
"""Larger companies take the server longer to fill than to be asked."""


def figures(folder: Path, sizes: list[int]) -> Iterator[Figure]:
    """Each filter at each size; a server's rows where one can be had."""
    from cockpit.services.session import open_desk

    for ctas in sizes:
        path = store_of(ctas, folder)
        login = worker(path)
        desk = open_desk(str(path), login, env=environment(), read_only=True)
        typed = _typed(desk)
        yield from _of(desk, typed, f"{ctas:,} CTAs")
        desk.store.close()
        if ctas <= MOST_ON_SERVER:
            yield from _on_server(ctas, login, typed)


def _on_server(ctas: int, login: str, typed: dict[str, str]) -> Iterator[Figure]:
    from cockpit.services.session import open_desk
    from proof.server import NoServer

    try:
        with on_server(ctas) as url:
            desk = open_desk(url, login, env=environment(), read_only=True)
            yield from _of(desk, typed, f"{ctas:,} CTAs, PostgreSQL")
            desk.store.close()
    except NoServer as why:
        print(f"filters: {why}", file=sys.stderr)


def _typed(desk: Desk) -> dict[str, str]:
    """What is typed: words of this company, by how often they meet."""
    with desk.store.read() as db:
        title = db.scalar("SELECT title FROM cta GROUP BY title ORDER BY count(*) DESC LIMIT 1")
        name = db.scalar("SELECT name FROM account ORDER BY id DESC LIMIT 1")
    common = max(str(title).split(), key=len)
    return {
        f"a common word ({common})": common.lower(),
        "one account's name": f'"{str(name).lower()}"',
        "three letters that none has": "zqx",
        "a word that none has": "zzzqq",
        "fields (renewal:<90d health:<60)": "renewal:<90d health:<60",
        "a field and a word that none has": "health:<60 zzzqq",
    }


def _of(desk: Desk, typed: dict[str, str], where: str) -> Iterator[Figure]:
    from cockpit.services.queue import QueueQuery, queue_page

    asked = [lambda text=text: queue_page(desk, QueueQuery(where=text)) for text in typed.values()]
    for what, taken in zip(typed, in_turns(TIMES, *asked, warm=2), strict=True):
        yield Figure(f"filter by {what}, {where}", median(taken))
        yield Figure(f"filter by {what}, {where}, p95", p95(taken), goal=GOAL)
