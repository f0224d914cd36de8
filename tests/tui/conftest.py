"""A small company, and somebody who sits at the screens: presses keys, sees text."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from textual import _wait
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from cockpit.config import Config
from cockpit.desk import Desk
from cockpit.services.live import Mark, changes_since, close
from cockpit.services.timeline import log_activity
from cockpit.tui import app as tui
from cockpit.tui.app import CockpitApp
from cockpit.tui.memory import Memory
from cockpit.tui.modals import finder
from cockpit.tui.screens import list_screen
from cockpit.tui.widgets import filter_bar
from db.store import Store
from db.terms import Face
from tests import builders
from tests.conftest import NOW

TODAY = NOW.date()
PATIENCE = 20.0
# The pilot sleeps four times a key, a fiftieth of a second each, to see whether the process rests. `settle` waits for
# what matters: every message read, every worker done; timers of a thousandth fire within the shorter sleep too.
_wait.SLEEP_GRANULARITY = 1 / 200
_wait.SLEEP_IDLE = 1 / 1000
COMPANY = (
    # name, arr in thousands, health, four weeks ago, renewal in days, reasons
    ("Acme Robotics", 48, 54, 71, 41, ("Usage dropped 38%",)),
    ("Boreal Foods", 22, 41, 60, 120, ("NPS detractor (3)", "Sponsor left")),
    ("Cobalt Health", 12, 78, 70, 200, ("Post go-live check-in",)),
    ("Dune Logistics", 31, 83, 80, 300, ("Seats at 96%",)),
    ("Ember [red]Analytics[/red]", 9, None, None, None, ("Usage dropped 12%",)),
    ("Fjord 東京 Shipping", 65, 66, 66, 9, ("Renewal in 9 days",)),
)
TYPES = {"Post go-live check-in": "lifecycle", "Seats at 96%": "opportunity", "Renewal in 9 days": "event"}


class Seat:
    """Somebody at the screens of one app."""

    def __init__(self, app: CockpitApp, pilot: Pilot[None], desk: Desk) -> None:
        self.app, self.pilot, self.desk = app, pilot, desk
        self._mark: Mark = changes_since(desk).mark

    async def press(self, *keys: str) -> None:
        """Press keys, waiting each time until everything they started is done."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type text as fast as fingers never do."""
        driver = self.app._driver
        assert driver is not None
        for character in text:
            driver.send_message(Key(_character_to_key(character), character))
        await self.settle()

    async def settle(self) -> None:
        """Until no work is under way, three times in a row."""
        quiet = 0
        while quiet < 3:
            await self.pilot.pause()
            quiet = 0 if any(not worker.is_finished for worker in self.app.workers) else quiet + 1

    async def look(self) -> None:
        """What the watch does a few times a second."""
        live = changes_since(self.desk, self._mark)
        self._mark = live.mark
        if live.changed:
            self.app._changed(live)
        await self.settle()

    @property
    def text(self) -> str:
        """The words on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def toasts(self) -> list[str]:
        """What was said, the latest last."""
        return [note.message for note in self.app._notifications]

    def sees(self, *words: str) -> None:
        """All of these are on the screen or in a toast."""
        shown = self.text + "\n" + "\n".join(self.toasts)
        for word in words:
            assert word in shown, f"{word!r} is not in:\n{shown}"

    async def shows(self, *words: str) -> None:
        """All of these come: what is read again after an act may take a moment more than the act."""
        end = monotonic() + PATIENCE
        while monotonic() < end and not all(word in self.text + "\n".join(self.toasts) for word in words):
            await self.settle()
        self.sees(*words)

    def sees_not(self, *words: str) -> None:
        """None of these is on the screen."""
        for word in words:
            assert word not in self.text, f"{word!r} is in:\n{self.text}"

    def line(self, word: str) -> str:
        """The line of the screen with a word in it."""
        return next(line for line in self.text.splitlines() if word in line)


Sit = Callable[..., AbstractAsyncContextManager[Seat]]


@pytest.fixture
def store(sqlite_templates: dict[str, Path], tmp_path: Path) -> Store:
    """A store with the cast in it."""
    path = tmp_path / "store.db"
    shutil.copy(sqlite_templates["cast"], path)
    path.chmod(0o600)
    return Store.open(str(path))


@pytest.fixture
def company(store: Store, sqlite_templates: dict[str, Path]) -> Store:
    """A handful of customers with people, a call and CTAs; one CTA is ana's, the others are free."""
    made = sqlite_templates["cast"].with_name("company.db")
    if not made.exists():
        shutil.copy(sqlite_templates["cast"], made)
        filled = Store.open(str(made))
        _fill(filled)
        filled.close()
    store.close()
    shutil.copy(made, store.url)
    Path(store.url).chmod(0o600)
    return Store.open(store.url)


def _fill(store: Store) -> None:
    desk = builders.desk_of(store, "ana", NOW)
    segment = builders.segment(desk, "SMB")
    for number, (name, arr, health, before, renewal, reasons) in enumerate(COMPANY):
        account = builders.account(
            desk,
            name,
            segment_id=segment,
            region="EMEA",
            arr=arr * 100_000,
            health=health,
            health_before=before,
            renewal_date=TODAY + timedelta(days=renewal) if renewal else None,
        )
        for person in ("Maria Ortiz", "Lena Vogt", "Sam Reed")[: 3 - number % 3]:
            role = "driver" if person.startswith("Maria") else None
            builders.person(desk, account, person, email=f"{person.split()[0].lower()}@c{number}.example",
                            value_network=role is not None, network_role=role, title="Head of Operations")  # fmt: skip
        for place, reason in enumerate(reasons):
            builders.cta(
                desk,
                account,
                type=TYPES.get(reason, "risk"),
                because=reason,
                priority="high" if number < 2 else "medium",
                due=date(2026, 11, 22) + timedelta(days=2 * number + place),
                owner="ana" if name.startswith("Cobalt") else None,
            )
        if number == 0:
            log_activity(desk, account, "meeting", "Quarterly review", "They like it.", ["Maria Ortiz"], at=TODAY - timedelta(days=12))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rests before reading: tests wait for work, not for time."""
    monkeypatch.setattr(list_screen, "SETTLE", 0.001)
    monkeypatch.setattr(filter_bar, "WAIT", 0.001)
    monkeypatch.setattr(finder, "WAIT", 0.001)
    monkeypatch.setattr(tui, "RECOUNT_AFTER", 0.001)


@pytest.fixture
def sit(company: Store, quick: None, tmp_path: Path) -> Sit:
    """``async with sit() as ana: …``; ``login``, ``size`` and ``config`` as needed."""

    @asynccontextmanager
    async def seated(
        login: str = "ana", size: tuple[int, int] = (120, 36), config: Config | None = None, on: Store | None = None,
        now: datetime = NOW, **more: bool,
    ) -> AsyncIterator[Seat]:  # fmt: skip
        desk = builders.desk_of(on or company, login, now, Face.TUI)
        desk.read_only = more.get("read_only", False)
        settings = config or Config(clipboard="file", export_folder=str(tmp_path))
        app = CockpitApp(desk, config=settings, memory=Memory(tmp_path / "screens.json"), watch=False)
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = Seat(app, pilot, desk)
            await seat.settle()
            yield seat
            close(seat._mark)

    return seated
