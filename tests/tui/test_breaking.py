"""Things break in front of a person: what is typed stays, the rest of the screen works, and it comes back by itself."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import pytest

from cockpit import log
from cockpit.config import Config, log_file
from cockpit.services import overview
from cockpit.tui import watcher
from cockpit.tui.app import CockpitApp
from cockpit.tui.panes import people
from db.errors import StoreBusy, StoreUnreachable
from db.notice import Watch
from db.store import Store
from db.terms import Face
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Seat, Sit

GONE = "The server does not answer."
SECRET = "postgresql://ana:s3cr3t/w@rd@db.example/cockpit"
Break = Callable[[BaseException | None], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Makes every connection to the store raise this, or (None) work again."""
    now: list[BaseException | None] = [None]

    def through(kind: type, name: str) -> None:
        real: Any = getattr(kind, name)

        def asked(*args: Any, **kwargs: Any) -> Any:
            if now[0] is not None:
                raise now[0]
            return real(*args, **kwargs)

        monkeypatch.setattr(kind, name, asked)

    for kind, name in ((Store, "read"), (Store, "write"), (Store, "connect"), (Watch, "acts_since")):
        through(kind, name)
    return lambda error: now.__setitem__(0, error)


@pytest.fixture
def watched(company: Store, quick: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractAsyncContextManager[Seat]]:
    """Ana at her screens with the watch on."""
    monkeypatch.setattr(watcher, "EVERY", 0.01)
    monkeypatch.setattr(watcher, "AGAIN_AFTER", 0.01)

    @asynccontextmanager
    async def seated() -> AsyncIterator[Seat]:
        desk = builders.desk_of(company, "ana", NOW, Face.TUI)
        app = CockpitApp(desk, config=Config(clipboard="file"))
        async with app.run_test(size=(120, 36), notifications=True) as pilot:
            seat = Seat(app, pilot, desk)
            await seat.settle()
            yield seat

    return seated


def told(seat: Seat, words: str) -> int:
    """In how many toasts these words are."""
    return sum(words in toast for toast in seat.toasts)


def subjects(store: Store) -> list[str]:
    with store.read() as db:
        return [row[0] for row in db.all("SELECT subject FROM activity ORDER BY id")]


@pytest.mark.parametrize("error", [StoreUnreachable(GONE), StoreBusy("Others hold the store; try again.")])
async def test_a_form_stays_with_what_was_typed_and_saves_when_the_store_is_back(watched, broken, company, monkeypatch, error):
    from cockpit.services import act

    monkeypatch.setattr(act, "PATIENCE_S", 0.0)
    async with watched() as ana:
        await ana.sees("● live")
        await ana.press("l")
        await ana.type("Half a sente")
        broken(error)
        await ana.until(lambda: "offline" in ana.app.status()[-1][0])
        await ana.type("nce")
        await ana.press("ctrl+s")
        await ana.sees(f"✗ {str(error)[:20]}")
        await ana.sees("Half a sentence")
        broken(None)
        await ana.until(lambda: "live" in ana.app.status()[-1][0])
        await ana.sees("Half a sentence")
        await ana.press("ctrl+s")
        await ana.sees("Logged")
        await ana.sees("● live", "The store answers again.")
    assert subjects(company).count("Half a sentence") == 1


async def test_the_top_line_says_offline_in_words_once_and_reads_go_on_by_themselves(watched, broken, company):
    async with watched() as ana:
        await ana.sees("● live", "Acme Robotics")
        broken(StoreUnreachable(GONE))
        await ana.sees("✗ offline")
        await ana.sees("Acme Robotics")
        await ana.press("down", "down", "s", "c")  # previews, a page and an act
        assert told(ana, GONE) == 1
        broken(None)
        await ana.sees("● live", "Dune Logistics")
        colleague = builders.desk_of(company, "ben", NOW)
        broken(StoreUnreachable(GONE))
        await ana.sees("✗ offline")
        broken(None)
        cta = builders.cta(colleague, builders.account(colleague, "Gale Energy"), because="Sponsor left", priority="high")
        assert cta
        await ana.sees("Gale Energy")


async def test_a_list_that_never_came_comes_when_the_store_is_back(watched, broken):
    async with watched() as ana:
        broken(StoreUnreachable(GONE))
        await ana.press("3")
        await ana.sees("✗ offline")
        await ana.sees(GONE)
        broken(None)
        await ana.sees("● live", "Ember")
        assert not ana.app.screen.rows.problem


async def test_an_account_stays_open_while_the_store_is_away(watched, broken):
    async with watched() as ana:
        await ana.press("enter", "p", "e")
        await ana.sees("Maria Ortiz")
        broken(StoreUnreachable(GONE))
        await ana.sees("✗ offline")
        ana.app.screen.acted()
        await ana.press("p", "t")
        await ana.sees(GONE)
        broken(None)
        await ana.sees("● live", "Quarterly review")


async def test_a_bug_in_a_pane_is_told_there_and_the_other_panes_work(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    def bug(*args: Any) -> Any:
        raise RuntimeError(f"cannot count {SECRET} with password='a b'")

    monkeypatch.setattr(overview, "overview", bug)
    async with sit() as ana:
        await ana.press("enter")
        await ana.sees("Something went wrong here: RuntimeError: cannot count", "the log has the rest:", "Acme Robotics")
        await ana.sees_not("s3cr3t")
        await ana.press("p", "e")
        await ana.sees("Maria Ortiz")
    noted = log_file().read_text(encoding="utf-8")
    assert "in bug" in noted
    assert "postgresql://ana:***@db.example" in noted
    assert "s3cr3t" not in noted
    assert "a b'" not in noted.split("RuntimeError:")[-1]
    assert log_file().stat().st_mode & 0o777 == 0o600


async def test_a_bug_in_a_list_a_preview_or_a_row_leaves_the_screen(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def bugs(where: Any, name: str):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, lambda *args, **more: 1 // 0)
            yield

    async with sit() as ana:
        with bugs(people, "show_network"):
            await ana.press("enter", "p", "e")
            await ana.sees("Something went wrong here: ZeroDivisionError", "Acme Robotics")
        ana.app.screen.acted()
        await ana.settle()
        await ana.sees("Maria Ortiz")
        await ana.press("escape")
        with bugs(CockpitApp, "read_preview"):
            await ana.press("down", "down")
            await ana.sees("Something went wrong here: ZeroDivisionError", "Dune Logistics")
        await ana.press("up", "up", "down", "down")
        await ana.sees("Acme Robotics")
        assert "Something went wrong" not in "\n".join(line.rpartition("││")[2] for line in ana.text.splitlines()[:12])


async def test_a_view_and_a_row_that_cannot_be_drawn_leave_the_others(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    async with sit() as ana:
        rows = ana.app.screen.rows
        drawn = type(rows.table).line

        def line(self: Any, row: Any, *more: Any) -> Any:
            return drawn(self, row, *more) if row.account != "Acme Robotics" else 1 // 0

        monkeypatch.setattr(type(rows.table), "line", line)
        ana.app.screen._show_preview(None, lambda width, p: [1 // 0])
        ana.app.screen.repaint()
        rows.draw_with(rows._drawing)
        await ana.settle()
        await ana.sees("Something went wrong here: ZeroDivisionError", "Boreal Foods")


async def test_a_bug_in_an_act_is_a_toast_and_the_form_comes_back(sit: Sit, monkeypatch: pytest.MonkeyPatch, company: Store):
    from cockpit.services import timeline

    async with sit() as ana:
        with monkeypatch.context() as patch:
            patch.setattr(timeline, "log_activity", lambda *args, **more: {}["no such key"])
            await ana.press("l")
            await ana.type("Kept words")
            await ana.press("ctrl+s")
            await ana.sees("Something went wrong here: KeyError: 'no such key'; the log has the rest:", "Kept words")
        await ana.press("escape", "l")
        await ana.sees("Kept words")
        await ana.press("ctrl+s")
    assert "Kept words" in subjects(company)


async def test_a_bug_under_a_key_and_in_what_a_read_brings_ends_nothing(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    async with sit() as ana:
        screen = ana.app.screen
        monkeypatch.setattr(type(screen), "act_sort", lambda self: 1 // 0)
        await ana.press("s")
        await ana.sees("Something went wrong here: ZeroDivisionError")
        screen.later("read", lambda: 0, lambda found: 1 // found)
        await ana.settle()
        assert told(ana, "ZeroDivisionError") == 1
        await ana.press("down")
        await ana.sees("Acme Robotics")


async def test_the_watch_survives_a_bug(watched, monkeypatch: pytest.MonkeyPatch):
    look = watcher.changes_since
    async with watched() as ana:
        monkeypatch.setattr(watcher, "changes_since", lambda desk, mark: 1 // 0)
        await ana.sees("✗ offline")
        assert told(ana, "ZeroDivisionError") == 1
        monkeypatch.setattr(watcher, "changes_since", look)
        await ana.sees("● live")


def test_the_log_turns_over_and_holds_nothing_that_steers_a_terminal(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log, "LARGEST", 2000)
    file = tmp_path / "deep" / "cockpit.log"
    for number in range(4):
        assert log.note(ValueError(f"\x1b]0;owned\x07\u202e {number} {'x' * 1500}"), file)
    assert sorted(one.name for one in file.parent.iterdir()) == ["cockpit.log", "cockpit.log.1"]
    assert "\x1b" not in file.read_text() + file.with_name("cockpit.log.1").read_text()
    assert "\\x1b]0;owned" in file.read_text()
    assert not log.note(ValueError("no place"), tmp_path / "deep" / "cockpit.log" / "under-a-file")


@pytest.mark.parametrize(
    "words",
    [
        SECRET,
        "host=db password=s3cr3t/w@rd dbname=x",
        "{'password': 's3cr3t/w@rd', 'user': 'ana'}",
        r"password='it\'s s3cr3t/w@rd' user=ana",
        "postgresql://db/x?user=ana&password=s3cr3t/w@rd&sslmode=require",
        "PGPASSWORD=s3cr3t/w@rd",
    ],
)
def test_passwords_are_masked(words: str):
    assert "s3cr3t" not in log.masked(words)
    assert "w@rd" not in log.masked(words)


def test_the_password_of_an_open_store_is_masked_wherever_it_turns_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log, "_secrets", set())
    log.keep_out("postgresql://ana:c%40rrot@db/x")
    monkeypatch.setitem(os.environ, "PGPASSWORD", "turnip")
    assert log.masked("c%40rrot, c@rrot and turnip") == "***, *** and ***"


async def test_what_was_read_before_does_not_take_the_place_of_what_was_read_after(sit: Sit):
    """A read that began before an act may end after the read that follows it."""
    shown: list[str] = []
    newer = threading.Event()

    def came(words: str) -> None:
        shown.append(words)
        newer.set()

    async with sit() as ana:
        ana.app.screen.later("pane", lambda: "old" if newer.wait(20) else "", shown.append)
        ana.app.screen.later("pane", lambda: "new", came)
        await ana.settle()
    assert shown == ["new"]
