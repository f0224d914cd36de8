"""The week told by keys: what each of the five presses, and what she sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cockpit.config import Config
from cockpit.services.live import close
from cockpit.services.queue import claim
from cockpit.tui.app import CockpitApp
from cockpit.tui.memory import Memory
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

    async def goes_to(self, *words: str) -> None:
        """The cursor is on the row with all these words."""
        rows = self.rows
        shown = rows.window.rows
        there = next((n for n, row in enumerate(shown) if set(words) <= _words_of(row)), None)
        assert there is not None, f"there is no row {words} in:\n{self.text}"
        assert rows.row is not None
        down = there - [row.id for row in shown].index(rows.row.id)
        await self.burst(*("j" if down > 0 else "k") * abs(down))
        assert set(words) <= _words_of(rows.row)

    async def marks(self, *accounts: str) -> None:
        """These rows are marked."""
        for account in accounts:
            await self.goes_to(account)
            await self.burst("space")


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
            await mo.answer(max_open="6", lease_days="3")
            await mo.goes_to("West")
            await mo.press("plus")
            await mo.answer(login="eve")
            await mo.goes_to("Ben Okafor")
            await mo.press("w")
            await mo.answer(first="tue", last="fri", cover="ana", note="at sea")
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
            await chi.answer(outcome="success")
            await chi.press("n")
            await chi.sees("Sable Media")

    async def tuesday(self) -> None:
        self.at("tue", "09:00")
        async with self.sits("dee") as dee:
            await dee.press("2")
            await dee.goes_to("Pelican Foods")
            await dee.press("m")
            await dee.answer(body="@ana why the EBR before their renewal?")
            await dee.sees("Told Ana Ruiz")

        async with self.sits("ana") as ana:
            await ana.press("M")
            await ana.sees("Dee Lind · Pelican Foods: @ana why the EBR")
            await ana.press("enter", "m")
            await ana.answer(body="@mo would you bring the sponsor?", opinion="yes")
            await ana.sees("Asked Mo Haddad for an opinion")

            await ana.press("2")
            await ana.goes_to("Anchor Health")
            await ana.sees("for Ben until Fri 27 Nov")
            await ana.press("l")
            await ana.answer(type="call", subject="Logins are back", attendees="Lena Vogt")
            await ana.goes_to("Anchor Health")
            await ana.press("x")
            await ana.answer(outcome="success", note="It was their holiday")
            await ana.goes_to("Lumen Freight")
            await ana.press("z")
            await ana.answer(until="2026-12-07", reason="their budget round", wake="health:<50")
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("l")
            await ana.answer(type="outreach", subject="What changed in October?")
            await ana.sees("intervention 1 began, reached out")

        async with self.sits("mo") as mo:
            await mo.press("M")
            await mo.sees("? Ana Ruiz · Pelican Foods")
            await mo.press("enter", "m")
            await mo.answer(body="@ana yes, and @dee may sit in")
            await mo.sees("Told", "Ana Ruiz")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Ember Rail")
            await chi.press("x")
            await chi.answer(outcome="success", note="All quiet")
            await chi.sees("the next one is CTA 41, due Tue 8 Dec")
            await chi.press("n")
            await chi.sees("Topaz Air")
            await chi.goes_to("Fable Games")
            await chi.press("x")
            await chi.answer(outcome="invalid")
            await chi.press("u")
            await chi.sees("Undid: Closed CTA", "Fable Games")

    async def wednesday(self) -> None:
        self.at("wed", "09:00", Lumen_Freight=42)
        async with self.sits("ana") as ana:
            await ana.press("2")
            await ana.sees_not("z until", on="Lumen Freight")  # its health fell below 50: no waiting for their budget round
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("l")
            await ana.answer(type="meeting", subject="Their new process", attendees="Maria Ortiz")
            await ana.sees("intervention 1 engaged")
            await ana.press("I")
            await ana.answer(plan="Train both teams by 4 Dec", criterion="health:>=60")
            await ana.press("b")
            await ana.sees("on plan 1", "Northwind Optics")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Garnet Insurance")
            await chi.press("l")
            await chi.answer(type="email", subject="May we help?")
            await chi.sees("intervention 2 began, reached out")
            await chi.marks("Quartz Bank", "Sable Media", "Topaz Air", "Fable Games", "Harbor Lights")
            await chi.press("z")
            await chi.answer(until="mon", reason="nobody answers over Thanksgiving")
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
            await ana.answer(note="Two teams, one admin: Maria", articles="https://help.example/teams")
            await ana.sees("handed to self-service")
            await ana.goes_to("Northwind Optics", "Usage dropped 41%")
            await ana.press("space")
            await ana.goes_to("Northwind Optics", "Seats at 96%")
            await ana.press("space", "x")
            await ana.answer(outcome="success", note="Back at 96 of 100 seats")
            await ana.sees("Closed 2 CTAs")
            await ana.goes_to("Pelican Foods")
            await ana.press("x")
            await ana.answer(outcome="success", note="EBR held")
            await ana.goes_to("Lumen Freight")
            await ana.press("r")
            await ana.answer(note="Ask for Kim, not for Lee")
            await ana.sees("Ask for Kim")

        async with self.sits("dee") as dee:
            await dee.press("2")
            await dee.sees_not("Pelican Foods")  # followed to its close
            await dee.goes_to("Rivet Tools")
            await dee.press("l")
            await dee.answer(type="update", subject="Support has answered six of nine")

        async with self.sits("chi") as chi:
            await chi.press("2")
            await chi.goes_to("Garnet Insurance")
            await chi.press("<")
            await chi.answer(to="no_response", reason="bought by a customer of ours")
            await chi.sees("no response")

        async with self.sits("mo") as mo:
            await mo.press("7", "p", "v")
            await mo.goes_to("Delta Print")
            await mo.sees("! none", on="Delta Print")  # nothing shows what was done
            await mo.press("i")
            await mo.answer(verdict="weak", note="Say what came of it")

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
            await dee.answer(outcome="success", note="Support answered all nine")
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
