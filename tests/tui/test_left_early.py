"""A screen that was left before its reading began."""

from __future__ import annotations

from textual.widgets import Static

from cockpit.tui import perform
from tests.tui.conftest import Sit


async def test_what_nobody_waits_for_any_more_is_no_trouble(sit: Sit):
    async with sit() as ana:
        gone = Static()
        perform.background(ana.app, gone, "read", lambda: gone.app, lambda result: None)
        await ana.press("down")
        await ana.app.workers.wait_for_complete()
        await ana.press("up")
        assert "went wrong" not in ana.text
