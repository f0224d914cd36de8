"""The week told by keys: what each of the five presses, and what she sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.events import Key
from textual.keys import _character_to_key

from cockpit.config import Config
from cockpit.services.live import close
from cockpit.services.queue import claim
from cockpit.tui.app import CockpitApp
from cockpit.tui.memory import Memory
from cockpit.tui.modals.entry import Choice
from cockpit.tui.modals.form import Form
from cockpit.tui.panes.base import ListPane
from cockpit.tui.screens.account import AccountScreen
from cockpit.tui.screens.list_screen import ListScreen
from cockpit.tui.screens.team import TeamScreen
from cockpit.tui.widgets.row_list import RowList
from db.store import Store
from db.terms import Face
from tests import builders
from tests.journeys.week_pool import Clock, cta, hour_passes
from tests.tui.conftest import Seat


class Colleague(Seat):
    """Somebody at the screens who finds rows by their words and fills in forms."""

    @property
    def rows(self) -> RowList[Any]:
        """The list in front."""
        screen = self.app.screen
        if isinstance(screen, TeamScreen):
            assert screen.section is not None
            return screen.section.rows
        if isinstance(screen, AccountScreen):
            assert isinstance(screen.pane, ListPane)
            return screen.pane.rows
        assert isinstance(screen, ListScreen), self.text
        return screen.rows

    async def types_fast(self, *keys: str) -> None:
        """Keys that arrive together, faster than the screen draws."""
        driver = self.app._driver
        assert driver is not None
        with self.app.batch_update():
            for key in keys:
                letter = len(key) == 1
                driver.send_message(Key(_character_to_key(key) if letter else key, key if letter else None))
            await self.settle()

    async def goes_to(self, *words: str) -> None:
        """The cursor is on the row with all these words."""
        rows = self.rows
        shown = rows.window.rows
        there = next((n for n, row in enumerate(shown) if set(words) <= _words_of(row)), None)
        assert there is not None, f"there is no row {words} in:\n{self.text}"
        assert rows.row is not None
        down = there - [row.id for row in shown].index(rows.row.id)
        await self.types_fast(*("j" if down > 0 else "k") * abs(down))
        assert set(words) <= _words_of(rows.row)

    async def marks(self, *accounts: str) -> None:
        """These rows are marked."""
        for account in accounts:
            await self.goes_to(account)
            await self.types_fast("space")

    async def answers(self, **answers: str) -> None:
        """The form in front is filled in by tab, arrows and letters, and saved."""
        form = self.app.screen
        assert isinstance(form, Form), self.text
        names = [asked.name for asked in form.spec.fields]
        assert form.focused is not None
        first = names.index((form.focused.id or "").removeprefix("f-"))
        for name in names[first:] + names[:first]:
            field = form.query_one(f"#f-{name}")
            if name in answers and isinstance(field, Choice):
                values = [value for value, _ in field.choices]
                await self.types_fast(*["right"] * ((values.index(answers[name]) - values.index(field.value)) % len(values)), "tab")
            else:
                await self.types_fast(*(["ctrl+u", *answers[name]] if name in answers else []), "tab")
        filled = form.values()
        assert {name: filled[name].rstrip("; ") for name in answers} == answers
        await self.press("ctrl+s")
        assert self.app.screen is not form, self.text


class ByKeys:
    """One store, and one chair that the colleagues take in turn."""

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self.store, self.clock, self.folder = store, clock, folder

    @asynccontextmanager
    async def sits(self, login: str) -> AsyncIterator[Colleague]:
        """Somebody opens Cockpit, and leaves."""
        desk = builders.desk_of(self.store, login, self.clock, Face.TUI)
        settings = Config(clipboard="file", export_folder=str(self.folder))
        app = CockpitApp(desk, config=settings, memory=Memory(self.folder / f"{login}.json"), watch=False)
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            seat = Colleague(app, pilot, desk)
            await seat.settle()
            yield seat
            close(seat._mark)

    def at(self, day: str, hour: str, **health: int) -> None:
        """The clock strikes, facts come in, and what fell due happens."""
        self.clock.strikes(day, hour)
        hour_passes(self.store, self.clock, {name.replace("_", " "): value for name, value in health.items()})

    async def monday(self) -> None:
        self.at("mon", "09:00")
        async with self.sits("mo") as mo:
            await mo.press("7", "p", "o")
            await mo.goes_to("West")
            await mo.press("i")
            await mo.answers(max_open="6", lease_days="3")
            await mo.goes_to("West")
            await mo.press("plus")
            await mo.answers(login="eve")
            await mo.goes_to("Ben Okafor")
            await mo.press("w")
            await mo.answers(first="tue", last="fri", cover="ana", note="at sea")
            await mo.sees("Eve Moreau", "Ben Okafor is away Tue 24 Nov to Fri 27 Nov; Ana Ruiz covers")

        async with self.sits("ana") as ana:
            await ana.sees("Pool all", "Northwind Optics")
            await ana.press("n")
            await ana.sees("Claimed CTA 1", "1 more of Northwind Optics: A takes them")
            await ana.press("A", "n", "n", "2")
            await ana.sees("Seats at 96%", "Lumen Freight", "Pelican Foods")

        async with self.sits("eve") as eve:
            await eve.marks("Umber Labs", "Velvet Rail")
            await eve.press("c")
            await eve.sees("Claimed 2 CTAs")

        async with self.sits("dee") as dee:
            await dee.goes_to("Walnut Homes")
            claim(builders.desk_of(self.store, "eve", self.clock), [cta(self.store, "Walnut Homes")])  # Eve is quicker
            await dee.look()
            await dee.press("c")
            await dee.sees("This CTA is gone", "Eve")
            await dee.press("g")
            assert "Quartz Bank" in _words_of(dee.rows.row), "strategic work is for seniors"
            await dee.press("n")
            await dee.sees("Rivet Tools", "Claimed CTA")
            await dee.press("3")
            await dee.goes_to("Pelican Foods")
            await dee.press("enter", "p", "c", "S")
            await dee.sees("Dee Lind follows CTA", "Ana Ruiz")

        async with self.sits("chi") as chi:
            await chi.press("n")
            await chi.sees("Quartz Bank")
            await chi.press("n")
            await chi.sees("You hold 6 of 6 open CTAs: close or release one first.")
            await chi.press("2")
            await chi.goes_to("Delta Print")
            await chi.press("x")
            await chi.answers(outcome="success")
            await chi.press("n")
            await chi.sees("Sable Media")

    async def tuesday(self) -> None:
        self.at("tue", "09:00")
        async with self.sits("dee") as dee:
            await dee.press("2")
            await dee.goes_to("Pelican Foods")
            await dee.press("m")
            await dee.answers(body="@ana why the EBR before their renewal?")
            await dee.sees("Told Ana Ruiz")

        async with self.sits("ana") as ana:
            await ana.press("M")
            await ana.sees("Dee Lind · Pelican Foods: @ana why the EBR")
            await ana.press("enter", "m")
            await ana.answers(body="@mo would you bring the sponsor?", opinion="yes")
            await ana.sees("Asked Mo Haddad for an opinion")

            await ana.press("2")
            await ana.goes_to("Anchor Health")
            await ana.sees("for Ben until Fri 27 Nov")
            await ana.press("l")
            await ana.answers(type="call", subject="Logins are back", attendees="Lena Vogt")
            await ana.goes_to("Anchor Health")
            await ana.press("x")
            await ana.answers(outcome="success", note="It was their holiday")
            await ana.goes_to("Lumen Freight")
            await ana.press("z")
            await ana.answers(until="2026-12-07", reason="their budget round", wake="health:<50")
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("l")
            await ana.answers(type="outreach", subject="What changed in October?")
            await ana.sees("intervention 1 began, reached out")

        async with self.sits("mo") as mo:
            await mo.press("M")
            await mo.sees("? Ana Ruiz · Pelican Foods")
            await mo.press("enter", "m")
            await mo.answers(body="@ana yes, and @dee may sit in")
            await mo.sees("Told", "Ana Ruiz")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Ember Rail")
            await chi.press("x")
            await chi.answers(outcome="success", note="All quiet")
            await chi.sees("the next one is CTA 41, due Tue 8 Dec")
            await chi.press("n")
            await chi.sees("Topaz Air")
            await chi.goes_to("Fable Games")
            await chi.press("x")
            await chi.answers(outcome="invalid")
            await chi.press("u")
            await chi.sees("Undid: Closed CTA", "Fable Games")

    async def wednesday(self) -> None:
        self.at("wed", "09:00", Lumen_Freight=42)
        async with self.sits("ana") as ana:
            await ana.press("2")
            await ana.sees_not("z until", on="Lumen Freight")  # its health fell below 50: no waiting for their budget round
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("l")
            await ana.answers(type="meeting", subject="Their new process", attendees="Maria Ortiz")
            await ana.sees("intervention 1 engaged")
            await ana.press("I")
            await ana.answers(plan="Train both teams by 4 Dec", criterion="health:>=60")
            await ana.press("b")
            await ana.sees("on plan 1", "Northwind Optics")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Garnet Insurance")
            await chi.press("l")
            await chi.answers(type="email", subject="May we help?")
            await chi.sees("intervention 2 began, reached out")
            await chi.marks("Quartz Bank", "Sable Media", "Topaz Air", "Fable Games", "Harbor Lights")
            await chi.press("z")
            await chi.answers(until="mon", reason="nobody answers over Thanksgiving")
            await chi.sees("Snoozed 5 CTAs")

        async with self.sits("mo") as mo:
            await mo.press("7", "p", "o")
            await mo.sees("● 6 of 6", "away until Fri 27 Nov")
            await mo.goes_to("West")
            await mo.press("h")
            await mo.sees("Handed out 10 CTAs in pool West", "Ben Okafor is away until Fri 27 Nov; Ana Ruiz covers.")

    async def thursday(self) -> None:
        self.at("thu", "11:00")
        async with self.sits("mo") as mo:
            await mo.press("7", "p", "r")
            await mo.sees("1d · after Fri 27 Nov", on="Walnut Homes")  # Thanksgiving does not count

    async def friday(self) -> None:
        self.at("fri", "10:00", Northwind_Optics=68)
        async with self.sits("ana") as ana:
            await ana.press("M")
            await ana.sees("Cockpit · Northwind Optics: On track: health:>=60 holds.")
            await ana.press("escape", "2")
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press(">")
            await ana.answers(note="Two teams, one admin: Maria", articles="https://help.example/teams")
            await ana.sees("handed to self-service")
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("space")
            await ana.goes_to("Northwind Optics", "Seats at 96%")
            await ana.press("space", "x")
            await ana.answers(outcome="success", note="Back at 96 of 100 seats")
            await ana.sees("Closed 2 CTAs")
            await ana.goes_to("Pelican Foods")
            await ana.press("x")
            await ana.answers(outcome="success", note="EBR held")
            await ana.goes_to("Lumen Freight")
            await ana.press("r")
            await ana.answers(note="Ask for Kim, not for Lee")
            await ana.sees("Ask for Kim")

        async with self.sits("dee") as dee:
            await dee.press("2")
            await dee.sees_not("Pelican Foods")  # followed to its close
            await dee.goes_to("Rivet Tools")
            await dee.press("l")
            await dee.answers(type="update", subject="Support has answered six of nine")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Garnet Insurance")
            await chi.press("<")
            await chi.answers(to="no_response", reason="bought by a customer of ours")
            await chi.sees("no response")

        async with self.sits("mo") as mo:
            await mo.press("7", "p", "v")
            await mo.goes_to("Delta Print")
            await mo.sees("! none", on="Delta Print")  # nothing shows what was done
            await mo.press("i")
            await mo.answers(verdict="weak", note="Say what came of it")

        async with self.sits("chi") as chi:
            await chi.press("7", "p", "v")
            await chi.sees("Say what came", "read by Mo Haddad")

    async def next_monday(self) -> None:
        self.at("next mon", "09:00")
        async with self.sits("eve") as eve:
            await eve.press("M")
            await eve.sees("Cockpit · Walnut Homes: Went back to the queue")

        async with self.sits("dee") as dee:
            await dee.press("2")
            await dee.goes_to("Rivet Tools")
            await dee.press("x")
            await dee.answers(outcome="success", note="Support answered all nine")
            await dee.press("1")
            await dee.goes_to("Walnut Homes")
            await dee.sees("Note left", "Returned: Eve Moreau")
            await dee.press("c")
            await dee.sees("Claimed CTA")

        async with self.sits("ben") as ben:
            await ben.press("n")
            await ben.sees("Claimed CTA")


def _words_of(row: Any) -> set[str]:
    """What a row of a list or of a section says of itself."""
    cells = [text.strip() for text, _ in getattr(row, "cells", ())]
    return {*cells, *(str(getattr(row, name, "")) for name in ("account", "title", "name"))}
