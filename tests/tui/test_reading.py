"""Screens that read what they show: what news, acts, keys and letters do to them, wherever they are alike."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from time import monotonic
from typing import Any

import pytest

from cockpit.services import leaver, people
from cockpit.services.cta import close
from cockpit.services.timeline import log_activity
from cockpit.tui.modals.text_ask import text_form
from cockpit.tui.panes import ctas, timeline
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.account import AccountScreen
from cockpit.tui.screens.entry_acts import called_among
from cockpit.tui.screens.guided import GuidedScreen
from cockpit.tui.screens.leaver import LeaverScreen
from cockpit.tui.screens.network import NetworkScreen
from cockpit.tui.screens.person import PersonScreen
from cockpit.tui.screens.team import TeamScreen
from cockpit.tui.screens.team_open import open_entry
from cockpit.tui.widgets.window import Ask
from db.errors import StoreBusy
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import PATIENCE, TODAY, Seat, Sit


async def _comes(at: Seat, words: str) -> None:
    end = monotonic() + PATIENCE
    while words not in at.text + "\n".join(at.toasts):
        assert monotonic() < end, f"{words!r} is not in:\n{at.text}"
        await at.settle()


async def test_a_key_that_means_nothing_says_so_once(sit: Sit):
    async with sit() as ana:
        await ana.press("4", "f9")
        assert sum("does nothing here" in toast for toast in ana.toasts) == 1


async def test_news_leaves_the_cursor_on_what_happened_with_a_person_and_reads_off_the_screens_thread(
    sit: Sit, company: Store, monkeypatch: pytest.MonkeyPatch
):
    ben = builders.desk_of(company, "ben", NOW)
    acme = builders.the(ben, "account", "Acme Robotics")
    for n in range(3):
        log_activity(ben, acme, "call", f"Call {n}", attendees=["Maria Ortiz"], at=TODAY - timedelta(days=20 + n))
    elsewhere: list[bool] = []
    people_of = people.people_of

    def watched(*args: Any) -> Any:
        elsewhere.append(threading.current_thread() is not threading.main_thread())
        return people_of(*args)

    async with sit() as ana:
        maria = builders.the(ana.desk, "person", "Maria Ortiz")
        monkeypatch.setattr(people, "people_of", watched)
        ana.app.open_person(maria)
        await ana.settle()
        screen = ana.app.screen
        assert isinstance(screen, PersonScreen)
        await ana.press("G", "k")
        row = screen.row
        assert row is not None
        builders.cta(ben, builders.the(ben, "account", "Dune Logistics"), because="Renewal", title="Theirs")
        await ana.look()
        assert screen.row is not None
        assert screen.row.id == row.id
        await ana.press("i")
        await _comes(ana, "Bottleneck")
        assert elsewhere
        assert all(elsewhere)


async def test_undoing_something_else_leaves_a_leave_started(sit: Sit, company: Store):
    mo_desk = builders.desk_of(company, "mo", NOW)
    for name in ("Gale Wind", "Hazel Mills"):
        account = builders.account(mo_desk, name, owner="chi", arr=1_000_000)
    async with sit("mo") as mo:
        mo.app.push_screen(LeaverScreen("chi", date(2026, 12, 23)))
        await mo.settle()
        await mo.press("S")
        await _comes(mo, "0 of 2 handed over")
        log_activity(mo.desk, account, "call", "In between")
        await mo.press("u")
        await _comes(mo, "In between")
        await _comes(mo, "0 of 2 handed over")
        await mo.press("u")
        await _comes(mo, "no hand-over 30 d before a renewal")
    assert leaver.propose(mo_desk, "chi", date(2026, 12, 23)).rows[0].running is None


async def test_a_key_before_a_hand_over_is_read_says_so(sit: Sit):
    async with sit() as ana:
        ana.app.push_screen(GuidedScreen(999))
        await ana.settle()
        await ana.press("Q")
        await _comes(ana, "The hand-over is not here yet")


async def test_news_while_the_networks_rest_is_read_when_they_have_rested(sit: Sit, company: Store):
    async with sit() as ana:
        await ana.press("5")
        screen = ana.app.screen
        assert isinstance(screen, NetworkScreen)
        await _comes(ana, "6 customers by owner")
        screen._read_at, screen._took = monotonic(), 0.01
        builders.account(builders.desk_of(company, "ben", NOW), "Iris Optics", owner="ben")
        await ana.look()
        await _comes(ana, "7 customers by owner")


async def test_of_reads_that_fail_only_the_newest_is_told(sit: Sit):
    async with sit() as ana:
        newer_came = threading.Event()
        shown: list[str] = []

        def older() -> str:
            assert newer_came.wait(PATIENCE)
            raise StoreBusy("The older one failed.")

        def newest() -> str:
            raise StoreBusy("The newest one failed.")

        def arrived(words: str) -> None:
            shown.append(words)
            newer_came.set()

        screen = ana.app.screen
        screen.later("something", older, shown.append)
        screen.later("something", older, shown.append, lambda why: shown.append(str(why)))
        screen.later("something", lambda: "newer", arrived)
        await ana.settle()
        assert shown == ["newer"]
        assert not any("older" in toast for toast in ana.toasts)
        screen.later("something", newest, shown.append)
        await _comes(ana, "The newest one failed.")


async def test_what_is_gone_behind_a_row_is_said(sit: Sit):
    async with sit("mo") as mo:
        await mo.press("7")
        screen = mo.app.screen
        assert isinstance(screen, TeamScreen)
        open_entry(screen, Entry(999, "lease", "", ()))
        await _comes(mo, "CTA 999 is gone.")


async def test_escape_clears_the_marks_of_people_before_it_leaves(sit: Sit):
    async with sit() as ana:
        await ana.press("enter", "p", "e", "space")
        screen = ana.app.screen
        assert isinstance(screen, AccountScreen)
        assert screen.place().marked == 1
        await ana.press("escape")
        assert (ana.app.screen, screen.place().marked) == (screen, 0)
        await ana.press("escape")
        assert ana.app.screen is not screen


def test_many_closed_ctas_leave_room_for_those_that_are_open(company: Store, monkeypatch: pytest.MonkeyPatch):
    ana = builders.desk_of(company, "ana", NOW)
    account = builders.account(ana, "Iris Optics")
    made = [builders.cta(ana, account, owner="ana", title=f"Matter {n}", priority="high" if n else "low") for n in range(4)]
    close(ana, made[1:], Outcome.SUCCESS, "done")
    monkeypatch.setattr(ctas, "MOST", 2)
    shown = ctas.AccountCtas(ana, account).page(Ask()).rows
    assert shown[0].id == made[0]
    assert {row.id for row in shown[1:]} == set(made[2:])


def test_a_name_two_share_is_told_by_its_address_if_there_is_one(company: Store):
    ana = builders.desk_of(company, "ana", NOW)
    account = builders.account(ana, "Iris Optics")
    builders.person(ana, account, "Lena Vogt", email="lena@iris.example")
    without = builders.person(ana, account, "Lena Vogt", email="vogt@iris.example")
    builders.person(ana, account, "Sam Reed", email="sam@iris.example")
    found = [replace(one, email=None) if one.id == without else one for one in people.people_of(ana, account)]
    assert {called_among(one, found) for one in found} == {"Lena Vogt <lena@iris.example>", "Lena Vogt", "Sam Reed"}


def test_the_end_of_a_timeline_is_not_where_its_first_page_of_all_ends(company: Store, monkeypatch: pytest.MonkeyPatch):
    ana = builders.desk_of(company, "ana", NOW)
    account = builders.account(ana, "Iris Optics")
    for n in range(3):
        log_activity(ana, account, "call", f"Call {n}", at=TODAY - timedelta(days=n))
    monkeypatch.setattr(timeline, "MOST", 2)
    source = timeline.TimelineSource(ana, account)
    last = source.page(Ask("last"))
    rest = source.page(Ask("after", last.next))
    assert [row.subject for row in (*last.rows, *rest.rows)] == ["Call 0", "Call 1", "Call 2"]


async def test_a_check_that_the_store_does_not_answer_leaves_the_form_with_what_was_typed(sit: Sit):
    on_the_screens: list[bool] = []

    def check(text: str) -> tuple[()]:
        on_the_screens.append(threading.current_thread() is threading.main_thread())
        if len(on_the_screens) == 1:
            raise StoreBusy("The store is held by somebody.")
        return ()

    async with sit("mo") as mo:
        answers: list[Any] = []
        mo.app.screen.ask(text_form("A text", "as it was", check), answers.append)
        await mo.settle()
        await mo.press("ctrl+s")
        await _comes(mo, "The store is held by somebody.")
        await _comes(mo, "as it was")
        assert answers == []
        await mo.press("ctrl+s")
        assert answers == [{"text": "as it was"}]
    assert on_the_screens == [False, False]
