"""What each pane of an account costs with ten years of history against one with a hundredth of it, side by side.

The large one: 20,000 activities with attendees, 300 people, 500 tickets, daily usage, and of everything else in kind.
Time is from the key to the drawn pane; steps are those of SQLite's machine, in thousands, which no other program disturbs.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from bench.timing import Figure, median, ratio
from db.columns import table
from db.connection import Db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROUNDS = 7
STEP = 100
"""Steps of the machine between two counts."""
SIZES = {
    "person": 300, "activity": 20_000, "ticket": 500, "usage": 7_300, "survey": 2_000, "training": 600, "advocacy": 100, "event": 200,
    "subscription": 60, "opportunity": 80, "cta": 150, "goal": 40, "risk": 60, "escalation": 20, "sentiment": 120, "renewal_call": 40,
    "document": 40, "intervention": 12, "score": 3_650,
}  # fmt: skip
Row = dict[str, Any]


def fill(db: Db, account: int, share: float = 1.0) -> None:
    """Gives an account a share of ten years of history, past the journal: it is to be read, not undone."""
    dice, days = Random(f"history {share}"), 3_650
    first = NOW - timedelta(days=days)

    def many(name: str) -> range:
        return range(max(1, round(SIZES[name] * share)))

    def moment(n: int, of: range) -> datetime:
        return first + (NOW - first) * (n + 0.5) / len(of)

    def day(n: int, of: range) -> date:
        return moment(n, of).date()

    people = _put(db, "person", [{"name": f"Person {account} {n}", "email": f"p{n}@a{account}.example"} for n in many("person")])
    _put(db, "membership", [
        {"person_id": id_, "account_id": account, "title": "Planner", "value_network": n < max(2, len(people) // 50)}
        for n, id_ in enumerate(people)
    ])  # fmt: skip
    types = [row[0] for row in db.all("SELECT id FROM activity_type ORDER BY id")]
    csm = db.scalar("SELECT min(id) FROM csm")
    span = many("activity")
    entries = _put(db, "activity", [
        {"account_id": account, "type_id": types[n % len(types)], "author_id": None if n % 3 else csm, "subject": f"Entry {n}",
         "body": "What was said.", "at": moment(n, span), "recorded": moment(n, span), "state": "done"} for n in span
    ])  # fmt: skip
    _put(db, "attendee", [{"activity_id": id_, "person_id": dice.choice(people), "attended": True} for id_ in entries for _ in range(2)])
    _put(db, "attendee", [{"activity_id": id_, "csm_id": csm, "attended": True} for id_ in entries[::5]])
    for name, make in _facts(account, people, csm, dice).items():
        of = many(name)
        _put(db, name, [make(n, day(n, of), moment(n, of)) for n in of])
    _ctas(db, account, csm, many("cta"), moment)
    _scores(db, account, many("score"))


def _facts(account: int, people: list[int], csm: int, dice: Random) -> dict[str, Callable[[int, date, datetime], Row]]:
    """How each kind of row is made from its place, day and moment."""

    def fact(row: Row, at: datetime) -> Row:
        return {"account_id": account, "recorded": at} | row

    def thing(row: Row) -> Row:
        return {"account_id": account} | row

    return {
        "ticket": lambda n, day, at: fact({
            "subject": f"Ticket {n}", "priority": "P3", "status": "closed" if n % 50 else "open", "opened": at,
            "closed": at + timedelta(days=2) if n % 50 else None, "person_id": dice.choice(people)}, at),
        "usage": lambda n, day, at: fact({"metric": ("logins", "active users")[n % 2], "day": day, "value": 1_000 * (n % 90)}, at),
        "survey": lambda n, day, at: fact({
            "kind": ("nps", "csat")[n % 2], "score": n % 6 + 4, "answered": day, "person_id": dice.choice(people), "comment": "Words"}, at),
        "training": lambda n, day, at: fact({
            "course": f"Course {n % 9}", "required": n % 2 == 0, "completed": day if n % 30 else None,
            "person_id": dice.choice(people)}, at),
        "advocacy": lambda n, day, at: fact({"kind": "review", "asked_on": day, "given_on": day if n % 2 else None}, at),
        "event": lambda n, day, at: fact({"type": "acquisition", "day": day, "body": "News"}, at),
        "subscription": lambda n, day, at: fact({
            "units": 10, "mrr": 10_000, "currency": "USD", "starts": day, "ends": day + timedelta(days=364)}, at),
        "opportunity": lambda n, day, at: fact({
            "name": f"Sale {n}", "type": "renewal", "state": "open" if n % 40 == 0 else "won", "due_amount": 120_000, "due_date": day,
            "currency": "USD"}, at),
        "goal": lambda n, day, at: thing({"title": f"Goal {n}", "due": day, "status": "open" if n % 10 == 0 else "reached"}),
        "risk": lambda n, day, at: thing({
            "title": f"Risk {n}", "kind": "product", "opened_on": day, "closed_on": day if n % 10 else None}),
        "escalation": lambda n, day, at: thing({"title": f"Case {n}", "opened_at": at, "closed_at": at if n % 10 else None}),
        "sentiment": lambda n, day, at: fact({"feeling": "good", "day": day, "csm_id": csm}, at),
        "renewal_call": lambda n, day, at: fact({"call": "will", "day": day, "csm_id": csm}, at),
        "document": lambda n, day, at: thing({"kind": "brief", "title": f"Brief {n}", "body": "# Brief\n\n" + "Words. " * 400, "at": at}),
        "intervention": lambda n, day, at: thing({
            "csm_id": csm, "stage": "self_service", "claimed_at": at, "ended_at": at + timedelta(days=1)}),
    }  # fmt: skip


def _ctas(db: Db, account: int, csm: int, of: range, moment: Callable[[int, range], datetime]) -> None:
    type_, reason = db.scalar("SELECT min(id) FROM cta_type"), db.scalar("SELECT min(id) FROM reason")
    pool = db.scalar("SELECT min(id) FROM pool")
    if reason is None:
        (reason,) = _put(db, "reason", [{"name": "Usage drop"}])
    _put(db, "cta", [
        {"account_id": account, "type_id": type_, "reason_id": reason, "pool_id": pool, "title": f"CTA {n}", "opened_at": moment(n, of),
         "status": "open" if n % 30 == 0 else "closed", "outcome": None if n % 30 == 0 else "success", "owner_id": csm,
         "claimed_at": moment(n, of), "touched_at": moment(n, of), "closed_at": None if n % 30 == 0 else moment(n, of), "rank": n}
        for n in of
    ])  # fmt: skip


def _scores(db: Db, account: int, of: range) -> None:
    rows = [(account, 1, (NOW - timedelta(days=n)).date().isoformat(), NOW.isoformat(), 60 + n % 30, 60 + n % 30, "{}") for n in of]
    db.insert("score", ("account_id", "scorecard_id", "day", "at", "total", "computed", "measures"), rows)


def _put(db: Db, name: str, rows: list[Row]) -> list[int]:
    """Rows as they are, with the columns every thing has; returns their ids."""
    what = table(name)
    start = int(db.scalar(f"SELECT coalesce(max(id), 0) FROM {name}")) + 1
    known = [column for column in what.columns if column != "uid"]
    full = []
    for number, row in enumerate(rows, start):
        values = what.blank | {column: what.plain(column, value) for column, value in row.items()}
        full.append((number, os.urandom(16), 1, b"x", *(int(v) if isinstance(v, bool) else v for v in (values[c] for c in known))))
    db.insert(name, ("id", "uid", "rev", "head", *known), full)
    return list(range(start, start + len(rows)))


class Counted:
    """What was sent meanwhile: statements, and steps of SQLite's machine."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.steps = 0

    def count(self) -> bool:
        """Called every STEP steps."""
        self.steps += STEP
        return False


@contextmanager
def counted() -> Iterator[Counted]:
    """Counts statements and steps of every connection of this process in the block."""
    found, execute = Counted(), Db._execute

    def run(self: Db, sql: str, params: Any) -> Any:
        if not sql.startswith(("BEGIN", "COMMIT")):
            found.statements.append(sql)
        self.raw.set_progress_handler(found.count, STEP)
        return execute(self, sql, params)

    with mock.patch.object(Db, "_execute", run):
        yield found


def two(folder: Path) -> tuple[Any, int, int]:
    """A store with a small account and a large one: (store, small, large)."""
    from cockpit.desk import SYSTEM, Desk
    from cockpit.services.setup import furnish
    from db.store import Store
    from db.terms import Face

    store = Store.create(str(folder / "account.db"), kind="test")
    furnish(Desk(store, SYSTEM, lambda: NOW, Face.SYSTEM, clock_is_set=True), "ana")
    with store.write() as db:
        small, large = _put(db, "account", [{"name": name, "arr": 4_800_000, "currency": "USD", "health": 70,
                                             "renewal_date": date(2027, 1, 31)} for name in ("Small", "Large")])  # fmt: skip
        fill(db, small, 0.01)
        fill(db, large)
    return store, small, large


def figures(folder: Path) -> Iterator[Figure]:
    """A row per pane: time and steps of the large account against the small one's."""
    with tempfile.TemporaryDirectory(prefix="account-", dir=folder if folder.is_dir() else None) as own:
        store, small, large = two(Path(own))
        yield from asyncio.run(_measure(store, small, large, Path(own)))
        yield from _looks(store, large)
        store.close()


async def _measure(store: Any, small: int, large: int, folder: Path) -> list[Figure]:
    import time

    from cockpit.config import Config
    from cockpit.desk import Desk
    from cockpit.services.session import who_is
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.memory import Memory
    from cockpit.tui.panes import PANES
    from cockpit.tui.screens.account import AccountScreen
    from db.terms import Face

    with store.read() as db:
        me = who_is(db, store, "ana")
    desk = Desk(store, me, lambda: NOW, Face.TUI, clock_is_set=True)
    app = CockpitApp(desk, config=Config(), memory=Memory(folder / "screens.json"), watch=False)
    rows: list[Figure] = []
    async with app.run_test(size=(120, 36)) as pilot:

        async def opened(account: int, pane: str) -> tuple[float, Counted]:
            app.push_screen(AccountScreen(account, "documents"))
            await _still(app, pilot)
            start = time.perf_counter()
            with counted() as found:
                await app.screen.front(pane)  # type: ignore[attr-defined]
                await _still(app, pilot)
            taken = (time.perf_counter() - start) * 1000
            app.pop_screen()
            await _still(app, pilot)
            return taken, found

        for kind in PANES:
            times: dict[int, list[float]] = {small: [], large: []}
            steps: dict[int, int] = {}
            for _ in range(ROUNDS):
                for account in (large, small):
                    taken, found = await opened(account, kind.name_)
                    times[account].append(taken)
                    steps[account] = found.steps
            mine, theirs = median(times[large]), median(times[small])
            rows.append(Figure(f"{kind.title} of 10 years", mine, "a hundredth of it", theirs, ratio(mine, theirs), "≤ 1.5"))
            ours, other = steps[large] / 1000, steps[small] / 1000
            rows.append(Figure(f"{kind.title}, store", ours, "a hundredth of it", other, ratio(ours, other), "", "k steps"))
    return rows


async def _still(app: Any, pilot: Any) -> None:
    """Until no work is under way, twice in a row."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        quiet = 0 if any(not worker.is_finished for worker in app.workers) else quiet + 1


def _looks(store: Any, account: int) -> Iterator[Figure]:
    """What the view log costs: noting a look, and writing a batch of 20."""
    from bench.timing import ms
    from cockpit.desk import Desk
    from cockpit.services.session import who_is
    from cockpit.services.viewing import record
    from db.terms import Face

    with store.read() as db:
        me = who_is(db, store, "ana")
    desk = Desk(store, me, lambda: NOW, Face.TUI, clock_is_set=True)
    batch = [(account, "summary", NOW)] * 20
    taken = median([ms(lambda: record(desk, batch)) for _ in range(50)])
    yield Figure("View log: a batch of 20 looks, off the screen's thread", taken, "once a minute at most", None, None, "")
