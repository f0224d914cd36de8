"""Worker processes: each a CSM who claims in a closed loop, writing down what she was told."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Literal

from cockpit.desk import Desk
from cockpit.services.errors import Refused
from cockpit.services.queue import claim, claim_next
from db.errors import StoreBusy, StoreError
from db.gate import gate
from db.store import Store
from proof.stores import journaled, sit

Mode = Literal["list", "next", "wrong"]
"""Claim by id from a stale list; claim the best there is; or by id wrongly: look, then write."""
PER_SEAT = 500
LEARNING = 11
"""Claims until a fresh connection is at its pace: its driver prepares a statement at the sixth use, and the server
settles on a plan after five more."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one worker is to do."""

    url: str
    mode: Mode
    number: int
    workers: int
    ids: tuple[int, ...] = ()
    seconds: float | None = None
    """Stop after so long; None: when the list or the queue is at its end."""
    gated: bool = True
    """Off: SQLite's own lock alone, for comparison."""


@dataclass(slots=True)
class Told:
    """What one worker was told: claims it got (CTA, login, act), claims it lost (CTA, who won, whether it says so)."""

    got: list[tuple[int, str, int]] = field(default_factory=list)
    lost: list[tuple[int, str | None, bool]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds each call took."""
    first: float = 0.0
    """Of a closed loop: seconds of the longest of the LEARNING calls before it."""
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0


def context() -> BaseContext:
    """Processes forked from a clean one that has our modules loaded: quick to start and no threads of ours in them."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["proof.kills", "proof.schema", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "psycopg"])
    return made


def run(orders: list[Order], folder: Path) -> list[Told]:
    """Starts a worker per order, lets all go at the same moment, and returns what each was told."""
    ctx = context()
    gun = ctx.Event()
    with line_up(ctx, orders, gun, folder) as processes:
        gun.set()
        for process in processes:
            process.join()
    told = []
    for order, process in zip(orders, processes, strict=True):
        paper = folder / f"told-{order.number}.json"
        if process.exitcode != 0 or not paper.exists():
            told.append(Told(errors=[f"worker {order.number} ended with {process.exitcode}"]))
            continue
        told.append(Told(**json.loads(paper.read_text(encoding="utf-8"))))
        paper.unlink()
    return told


@contextmanager
def line_up(ctx: BaseContext, orders: list[Order], gun: Event, folder: Path) -> Iterator[list[Any]]:
    """Processes that have opened their stores and wait for the gun."""
    ready = ctx.Semaphore(0)
    processes = [ctx.Process(target=_main, args=(order, ready, gun, str(folder))) for order in orders]  # type: ignore[attr-defined]
    try:
        for process in processes:
            process.start()
        for _ in processes:
            if not ready.acquire(timeout=120):
                raise TimeoutError("a worker did not get ready")
        yield processes
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
                process.join()


def _main(order: Order, ready: Any, gun: Event, folder: str) -> None:
    store = Store.open(order.url)
    ungated = None if order.gated else gate(order.url)  # one per process: held on to, it is the store's own
    if ungated is not None:
        ungated.works = False
    told = Told()
    steps = _steps(order, Seats(store, order), told)
    if order.seconds is not None:
        told.first = max(_timed(next(steps)) for _ in range(LEARNING))
        told.got.clear()  # what is counted begins with the gun
    ready.release()
    gun.wait()
    start = time.perf_counter()
    for step in steps:
        before = time.perf_counter()
        try:
            step()
        except StoreBusy:
            told.busy += 1
        except StoreError as error:
            told.errors.append(f"{type(error).__name__}: {error}")
        except Refused as no:
            if no.code == "empty":
                break
            told.errors.append(str(no))
        now = time.perf_counter()
        told.waits.append(now - before)
        if order.seconds is not None and now - start > order.seconds:
            break
    told.seconds = time.perf_counter() - start
    store.close()
    paper = Path(folder, f"told-{order.number}.json")
    paper.with_suffix(".part").write_text(json.dumps(asdict(told)), encoding="utf-8")
    os.replace(paper.with_suffix(".part"), paper)


def _timed(step: Callable[[], None]) -> float:
    before = time.perf_counter()
    step()
    return time.perf_counter() - before


class Seats:
    """The desks of one worker, used in turns so that none holds more than PER_SEAT at a time of the run."""

    def __init__(self, store: Store, order: Order) -> None:
        self._store = store
        with store.read() as db:
            self.names = dict(db.all("SELECT login, name FROM csm"))
        self._numbers = range(order.number % len(self.names), len(self.names), order.workers)
        self._desks: dict[int, Desk] = {}
        self._taken = 0
        self.desk()

    def desk(self) -> Desk:
        """Where to sit now."""
        number = self._numbers[self._taken // PER_SEAT % len(self._numbers)]
        if number not in self._desks:
            self._desks[number] = sit(self._store, number)
        return self._desks[number]

    def took(self) -> None:
        """One more claim is held."""
        self._taken += 1


def _steps(order: Order, seats: Seats, told: Told) -> Iterator[Callable[[], None]]:
    if order.mode == "next":
        for _ in count():
            yield lambda: _next(seats, told)
    take = _by_id if order.mode == "list" else _wrongly
    for cta in order.ids:
        yield lambda cta=cta: take(seats, told, cta)  # type: ignore[misc]


def _next(seats: Seats, told: Told) -> None:
    desk = seats.desk()
    made = claim_next(desk)
    assert made.act is not None
    told.got.append((made.items[0].id, desk.me.login, made.act))
    seats.took()


def _by_id(seats: Seats, told: Told, cta: int) -> None:
    desk = seats.desk()
    made = claim(desk, [cta])
    item = made.items[0]
    if item.refused is None:
        assert made.act is not None
        told.got.append((cta, desk.me.login, made.act))
        seats.took()
    else:
        winner = seats.names.get(item.owner or "")
        told.lost.append((cta, item.owner, winner is not None and item.message.startswith(f"{winner} took CTA {cta} ")))


def _wrongly(seats: Seats, told: Told, cta: int) -> None:
    """The control: looks whether it is free, then takes it. Each half is correct; together they are not."""
    desk = seats.desk()
    with desk.store.read() as db:
        owner = db.scalar("SELECT o.login FROM cta c JOIN csm o ON o.id = c.owner_id WHERE c.id = :id", id=cta)
    if owner is not None:
        told.lost.append((cta, owner, True))
        return
    taken = {"owner_id": desk.me.id, "claimed_at": datetime.now(UTC), "touched_at": datetime.now(UTC)}
    act = journaled(desk.store, "claim", lambda work: work.update("cta", cta, taken), desk.me)
    if act is not None:
        told.got.append((cta, desk.me.login, act))
        seats.took()
