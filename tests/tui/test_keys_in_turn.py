"""Keys that arrive together do what they do one by one."""

from __future__ import annotations

from cockpit.services.queue import QueueQuery, queue_count
from cockpit.tui.modals.form import Form
from tests.tui.conftest import Sit


async def test_words_typed_with_the_key_that_opens_their_form_are_no_acts(sit: Sit):
    async with sit() as ana:
        before = queue_count(ana.desk, QueueQuery()).n
        await ana.type("lchange, not zero")
        assert isinstance(ana.app.screen, Form)
        assert ana.app.screen.values()["subject"] == "change, not zero"
        assert ana.toasts == []
        assert queue_count(ana.desk, QueueQuery()).n == before


async def test_a_tab_and_the_words_after_it_in_one_breath(sit: Sit):
    async with sit() as ana:
        await ana.press("l")
        await ana.type("first\tsecond\tthird")
        values = ana.app.screen.values()
        assert (values["subject"], values["attendees"], values["body"]) == ("first", "second", "third")


async def test_p_and_a_letter_at_once_open_a_pane(sit: Sit):
    async with sit() as ana:
        await ana.press("enter")
        await ana.type("pt")
        await ana.sees("Quarterly review")
        assert ana.toasts == []


async def test_the_last_key_of_a_burst_is_not_left_behind(sit: Sit):
    async with sit() as ana:
        await ana.type("??2jk3jjj1jj")
        assert ana.app.current_mode == "queue"
        await ana.type("j")
        await ana.sees("Pool all")


async def test_a_key_that_closes_its_window_holds_up_none_after_it(sit: Sit):
    async with sit() as ana:
        for opens, closes in (("P", "enter"), (":", "escape"), ("?", "escape"), ("e", "escape"), ("l", "escape"), ("enter", "q")):
            await ana.press(opens)
            assert len(ana.app.screen_stack) == 2, opens
            await ana.press(closes)
            assert len(ana.app.screen_stack) == 1, closes
            assert not ana.app._key_under_way, f"{closes} after {opens}"
        await ana.press("z")
        await ana.type("tomorrow\twaits for budget")
        await ana.press("ctrl+s")
        assert not ana.app._key_under_way
        await ana.sees("Snoozed")
