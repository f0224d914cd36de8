"""A small company, and somebody who sits at the screens: presses keys, sees text."""

from __future__ import annotations

import asyncio
import shutil
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.events import Key
from textual.keys import _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from cockpit.config import Config
from cockpit.desk import Desk
from cockpit.services.live import Mark, changes_since, close
from cockpit.services.timeline import log_activity
from cockpit.tui import app as tui
from cockpit.tui import perform
from cockpit.tui.app import CockpitApp
from cockpit.tui.memory import Memory
from cockpit.tui.modals import finder
from cockpit.tui.modals.entry import Choice
from cockpit.tui.modals.form import Form
from cockpit.tui.screens import list_screen
from cockpit.tui.widgets import filter_bar
from db.store import Store
from db.terms import Face
from tests import builders
from tests.conftest import NOW
from tests.tui.rest import AFTER_DRAWING, busy

TODAY = NOW.date()
PATIENCE = 20.0
TURN = 0.001
"""Seconds between two looks whether something is still under way."""
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
            self.app.post_message(_pressed(key))
            await self.settle()

    async def type(self, text: str) -> None:
        """Type text as fast as fingers never do."""
        for character in text:
            self.app.post_message(_pressed(character))
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """Keys that arrive together; the screen is drawn once for all of them."""
        with self.app.batch_update():
            for key in keys:
                self.app.post_message(_pressed(key))
            await self.settle()
        await self.settle()

    async def answer(self, /, **answers: str) -> None:
        """The form in front is filled in by tab, arrows and letters, and saved."""
        form = self.app.screen
        assert isinstance(form, Form), self.text
        assert form.focused is not None, self.text
        names = [asked.name for asked in form.spec.fields]
        first = names.index((form.focused.id or "").removeprefix("f-"))
        keys: list[str] = []
        for name in names[first:] + names[:first]:
            field = form.query_one(f"#f-{name}")
            if name in answers and isinstance(field, Choice):
                values = [value for value, _ in field.choices]
                keys += ["right"] * ((values.index(answers[name]) - values.index(field.value)) % len(values))
            elif name in answers:
                keys += ["ctrl+u", *answers[name]]
            keys.append("tab")
        await self.burst(*keys)
        filled = form.values()
        assert {name: filled[name].rstrip("; ") for name in answers} == answers
        await self.press("ctrl+s")
        assert self.app.screen is not form, self.text

    async def settle(self) -> None:
        """Until nothing is under way, three turns in a row; the screen is drawn when all that is left waits for that."""
        end, quiet = monotonic() + PATIENCE, 0
        while quiet < 3:
            await asyncio.sleep(0 if quiet else TURN)
            under_way = next(busy(self.app), "")
            if under_way in ("", AFTER_DRAWING):
                self.app.screen._on_timer_update()
                under_way = next(busy(self.app), "")
            quiet = 0 if under_way else quiet + 1
            assert monotonic() < end, f"it does not come to rest: {under_way}"

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

    def line(self, word: str) -> str:
        """The first line of the screen with a word in it; empty when there is none."""
        return next((line for line in self.text.splitlines() if word in line), "")

    async def sees(self, *words: str, on: str = "") -> None:
        """All of these come on the screen or in a toast; ``on``: on the line with this word in it."""
        await self.until(lambda: all(word in self._seen(on) for word in words))

    async def sees_not(self, *words: str, on: str = "") -> None:
        """None of these stays on the screen; ``on``: on the line with this word in it, which is there."""
        await self.settle()
        await self.until(lambda: not any(word in (self.line(on) if on else self.text) for word in words))

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """This comes to hold: what is read after an act, or after a moment's rest, may come a moment later."""
        end = monotonic() + patience
        while not holds():
            assert monotonic() < end, f"waited {patience:.0f} s in vain; the screen is:\n{self._seen()}"
            await self.settle()

    def _seen(self, on: str = "") -> str:
        return self.line(on) if on else self.text + "\n" + "\n".join(self.toasts)


def _pressed(key: str) -> Key:
    """A key by its name or character, as the pilot makes it of it."""
    name = _character_to_key(key) if len(key) == 1 else key
    try:
        return Key(name, unicodedata.lookup(_get_unicode_name_from_key(name)))
    except KeyError:
        return Key(name, key if len(key) == 1 else None)


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


_parse = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}


def _parsed_once(sheet: Stylesheet, *what: Any, **how: Any) -> list[RuleSet]:
    """Textual parses a style sheet three times for every app that starts; the same text gives the same rules."""
    key = (tuple(sheet._variables.items()), what, tuple(how.items()))
    if key not in _parsed:
        _parsed[key] = _parse(sheet, *what, **how)
    return _parsed[key]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rests before reading, and toasts that stay: tests wait for work, not for time."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once)
    monkeypatch.setattr(list_screen, "SETTLE", 0.001)
    monkeypatch.setattr(filter_bar, "WAIT", 0.001)
    monkeypatch.setattr(finder, "WAIT", 0.001)
    monkeypatch.setattr(tui, "RECOUNT_AFTER", 0.001)
    monkeypatch.setattr(perform, "SAID_SECONDS", 600.0)
    monkeypatch.setattr(perform, "REFUSED_SECONDS", 600.0)


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
