"""Opening any pane of an account with ten years of history costs what it costs for a small one; ./run bench account has the times."""

from __future__ import annotations

from pathlib import Path

from bench.account import counted, two
from cockpit.tui.panes import PANES
from cockpit.tui.screens.account import AccountScreen
from tests.tui.conftest import Seat, Sit

MOST_STEPS = 200_000
"""Of SQLite's machine, for a pane; to look at each of 20,000 activities once takes more."""


async def cost(seat: Seat, account: int, pane: str) -> tuple[list[str], int]:
    """The statements and steps of bringing a pane of an account to the front."""
    seat.app.push_screen(AccountScreen(account, "documents" if pane != "documents" else "summary"))
    await seat.settle()
    screen = seat.app.screen
    assert isinstance(screen, AccountScreen)
    with counted() as found:
        await screen.front(pane)
        await seat.settle()
    seat.app.pop_screen()
    await seat.settle()
    return found.statements, found.steps


async def test_every_pane_costs_the_same_whatever_the_history(sit: Sit, tmp_path: Path):
    store, small, large = two(tmp_path)
    async with sit(on=store) as seat:
        told = {}
        for pane in PANES:
            few, many = await cost(seat, small, pane.name_), await cost(seat, large, pane.name_)
            told[pane.name_] = (len(few[0]), len(many[0]), many[1])
        assert {name: counts for name, counts in told.items() if counts[0] != counts[1]} == {}, "statements, small and large"
        assert {name: counts for name, counts in told.items() if not 0 < counts[1] <= 40} == {}, "statements"
        assert {name: steps for name, (_, _, steps) in told.items() if steps > MOST_STEPS} == {}, "they look at the whole history"
