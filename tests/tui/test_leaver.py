"""Somebody leaves, by keys: the book proposed, one account given to another, all started and taken back, the leave by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.services import leaver
from cockpit.services.transition import list_transitions
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit


@pytest.fixture
def book(company: Store) -> Store:
    """Chi holds four accounts, one with markup in its name; a CTA elsewhere."""
    mo = builders.desk_of(company, "mo", NOW)
    for n, name in enumerate(("Gale [b]Wind[/b]", "Harbor Co", "Iris Ltd", "Juno AG")):
        builders.account(mo, name, owner="chi", arr=(9 - n) * 1_000_000, renewal_date=NOW.date() + timedelta(days=200))
    builders.cta(mo, builders.the(mo, "account", "Acme Robotics"), owner="chi", because="Loose")
    return company


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_whole_book_is_proposed_changed_started_and_taken_back(sit: Sit, book: Store, size: tuple[int, int]):
    async with sit("mo", size) as mo:
        await mo.press("4", "W")
        await mo.type("chi")
        await mo.press("ctrl+s")
        await mo.sees("Her last day is needed")
        await mo.type("2026-12-23")
        await mo.press("ctrl+s")
        await mo.sees("Chi Tanaka", "leaves on Wed 23 Dec", "Gale [b]Wind[/b]", "Mon 21 Dec", "hours unknown")
        await mo.press("i")
        await mo.sees("Who takes Gale", "She keeps it", "pool West")
        await mo.type("keeps")
        await mo.press("enter")
        await mo.sees("1 she keeps")
        await mo.press("p", "e")
        await mo.sees("Loose", "needs somebody")
        await mo.press("p", "r")
        await mo.sees("free after")
        await mo.press("S")
        await mo.sees("Chi Tanaka leaves: started 3 transitions", "0 of 3 handed over", "chi →")
        assert len(list_transitions(mo.desk)) == 3
        await mo.press("p", "d")
        await mo.sees("Mon 23 Nov", "today", "plan", *(("her last day",) if size[1] > 30 else ()))
        await mo.press("S")
        await mo.sees("It is started already")
        await mo.press("u")
        await mo.sees("no hand-over 30 d before a renewal", "1 she keeps")
        assert list_transitions(mo.desk) == ()


async def test_sixty_accounts_in_one_act_and_back(sit: Sit, company: Store):
    """All of it by keys: the book proposed, one chosen otherwise, all started, looked at by day, all undone."""
    mo_desk = builders.desk_of(company, "mo", NOW)
    for n in range(60):
        builders.account(mo_desk, f"Book {n:02}", owner="chi", arr=(60 - n) * 100_000, renewal_date=NOW.date() + timedelta(days=200))
    before = builders.snapshot(company, ("act", "change", "dated"))
    async with sit("mo") as mo:
        await mo.press("4", "W")
        await mo.type("chi")
        await mo.press("tab")
        await mo.type("2026-12-23")
        await mo.press("ctrl+s")
        await mo.sees("Chi Tanaka", "leaves on Wed 23 Dec", "Book 00")
        await mo.press("i")
        await mo.type("keeps")
        await mo.press("enter")
        await mo.sees("1 she keeps")
        await mo.press("S")
        await mo.sees("Chi Tanaka leaves: started 59 transitions", "0 of 59 handed over")
        started = list_transitions(mo.desk)
        assert len({row.account_id for row in started}) == 59
        assert all(row.target <= date(2026, 12, 23) for row in started)
        await mo.press("p", "d")
        await mo.sees("today", "60")
        await mo.press("p", "a", "enter")
        await mo.sees("Outgoing · chi")
        await mo.press("A")
        await mo.sees("Not yet:")
        await mo.press("q", "u")
        await mo.sees("no hand-over 30 d before a renewal", "1 she keeps")
        assert list_transitions(mo.desk) == ()
    assert builders.snapshot(company, ("act", "change", "dated")) == before


async def test_a_leave_is_found_again_from_the_team(sit: Sit, book: Store):
    begun = leaver.start(builders.desk_of(book, "mo", NOW), "chi", date(2026, 12, 23))
    async with sit("mo") as mo:
        await mo.press("7", "W")
        await mo.sees("Leaves", "Chi Tanaka", "last day Wed 23 Dec", "Somebody leaves")
        await mo.press("down", "enter")
        await mo.sees("started on Mon 23 Nov", f"0 of {len(begun.transitions)} handed over")
        await mo.press("enter")
        await mo.sees("Outgoing · chi", "CSM → CSM")


async def test_who_may_not_is_told_so(sit: Sit, book: Store):
    async with sit("ben") as ben:
        await ben.press("4", "W")
        await ben.type("chi")
        await ben.press("tab")
        await ben.type("2026-12-23")
        await ben.press("ctrl+s", "S")
        await ben.sees("Chi Tanaka's book is handed over by Chi Tanaka, a manager or ops.")
        await ben.press("p", "z")
        await ben.sees("No part has the letter z")
