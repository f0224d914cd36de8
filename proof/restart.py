"""PostgreSQL stopped as hard as it can be and started again, under load: people are told, and carry on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from cockpit.services.errors import Refused
from cockpit.services.queue import claim_next
from db.errors import StoreBusy, StoreError, StoreUnreachable
from db.store import Store
from proof import checker
from proof.kills import store_acts
from proof.server import OwnServer
from proof.stores import Places, sit
from proof.table import Row
from proof.workers import Told, context

WORKERS = 4


def claims_through_outages(number: int, url: str, stop: Event, ready: Any, folder: str) -> None:
    """Claims the next best for ever; what the server was away for is tried again by hand, under the same key.

    The store is opened once: nobody restarts the program.
    """
    desk = sit(Store.open(url), number)
    told = Told()
    sentences: set[str] = set()
    begun = outages = 0
    ready.release()
    for n in count():
        if stop.is_set():
            break
        desk.once = f"{number}-{n}"
        begun += 1
        while True:
            try:
                made = claim_next(desk)
                assert made.act is not None
                told.got.append((made.items[0].id, desk.me.login, made.act))
                break
            except StoreUnreachable as error:
                outages += 1
                sentences.add(str(error))
                time.sleep(0.02)
            except StoreBusy:
                told.busy += 1
            except (StoreError, Refused) as error:
                told.errors.append(f"{type(error).__name__}: {error}")
                break
    paper = {"told": asdict(told), "sentences": sorted(sentences), "begun": begun, "outages": outages}
    Path(folder, f"outages-{number}.json").write_text(json.dumps(paper), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Outages:
    """What so many stops came to."""

    counts: checker.Counts
    stops: int
    told: int
    """Acts that were answered with "the server is away"."""
    sentences: list[str]
    twice: int

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.counts.bad + self.twice + sum(not words.startswith("The PostgreSQL server") for words in self.sentences)


def run(places: Places, stops: int, pause: float, ctas: int = 30_000) -> Outages:
    """Stops and starts the server that often while four workers claim. Needs a server of our own."""
    server = places.server
    assert isinstance(server, OwnServer)
    url = places.copy("postgresql", ctas)
    ctx = context()
    stop, ready = ctx.Event(), ctx.Semaphore(0)
    workers = [
        ctx.Process(target=claims_through_outages, args=(n, url, stop, ready, str(places.folder)))  # type: ignore[attr-defined]
        for n in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire(timeout=60)
    for _ in range(stops):
        time.sleep(pause)
        server.stop_hard()
        time.sleep(0.1)
        server.start()
    time.sleep(pause)
    stop.set()
    for worker in workers:
        worker.join(timeout=60)
        worker.kill()
    papers = [places.folder / f"outages-{n}.json" for n in range(WORKERS)]
    written = [json.loads(paper.read_text(encoding="utf-8")) for paper in papers if paper.exists()]
    with closing(Store.open(url)) as store:
        counts = checker.check(store, [Told(**one["told"]) for one in written])
        twice = abs(store_acts(store) - sum(one["begun"] for one in written))
    counts.errors += [f"{WORKERS - len(written)} workers did not carry on"] if len(written) < WORKERS else []
    places.drop(url)
    sentences = sorted({words for one in written for words in one["sentences"]})
    return Outages(counts, stops, sum(one["outages"] for one in written), sentences, twice)


def rows(places: Places, stops: int) -> Iterator[Row]:
    """Where there is a server that may be stopped."""
    if not isinstance(places.server, OwnServer):
        yield Row("a stopped server", "postgresql", "NOT RUN: needs a server of its own", "", held=None)
        return
    start = time.perf_counter()
    made = run(places, stops, 0.7)
    yield Row(
        "a server stopped hard and started again", f"postgresql, {WORKERS} processes",
        f"{made.stops} stops, {made.counts.acknowledged:,} claims acknowledged, {made.told} told the server was away",
        f"{made.counts.lost} lost, {made.counts.half} half, {made.counts.double} double, {made.twice} acted twice",
        "see a killed worker", made.bad == 0 and made.told > 0, time.perf_counter() - start,
    )  # fmt: skip
