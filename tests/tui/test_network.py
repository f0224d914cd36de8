"""Value networks at the screens: the people pane and its map, the portfolio, one person whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.services.network import show_network
from cockpit.services.timeline import log_activity
from cockpit.tui.screens.accounts import AccountsScreen
from cockpit.tui.screens.network import NetworkScreen
from cockpit.tui.screens.person import PersonScreen
from tests import builders
from tests.tui.conftest import TODAY, Seat, Sit

ACME = ("3", "enter", "p", "e")


def acme(at: Seat) -> int:
    return builders.the(at.desk, "account", "Acme Robotics")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_people_pane_shows_role_last_met_and_by_whom_and_puts_people_in_by_one_key(sit: Sit, size: tuple[int, int]):
    async with sit(size=size) as ana:
        await ana.press(*ACME)
        await ana.sees("● 1 of 1 met", "no minimum agreed", "coverage 100%", "n network", "N role", "- left")
        await ana.sees("◆ driver", "12d", "Ana Ruiz", on="Maria Ortiz")
        await ana.press("j", "n")
        await ana.sees("○ member")
        await ana.sees("Lena Vogt is in the value network of Acme Robotics · u undoes", "! never")
        await ana.press("N")
        await ana.sees("● generator")
        await ana.press("n", "u")
        await ana.sees("● generator")
        assert show_network(ana.desk, acme(ana)).network.size == 2


async def test_marked_people_go_in_together_and_a_sponsor_who_left_leaves_a_cta(sit: Sit):
    async with sit() as ana:
        await ana.press(*ACME, "j", "space", "space", "n")
        await ana.sees("2 people are in the value network of Acme Robotics")
        await ana.press("g", "space", "space", "space", "g", "-")
        await ana.sees("Left · Maria Ortiz")
        await ana.press("ctrl+s")
        await ana.sees("Maria Ortiz left the customer on 2026-11-23 · CTA")
        await ana.press("p", "c")
        await ana.sees("Sponsor left: Maria Or")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_map_is_looked_at_and_turned_back(sit: Sit, size: tuple[int, int]):
    async with sit(size=size) as ana:
        await ana.press(*ACME, "t")
        await ana.sees("◆ Drivers", "█████░ Maria Ortiz", "● Generators", "nobody yet", "Beside the network")
        await ana.press("n")
        await ana.sees("There is no person under the cursor")
        await ana.press("t", "e")
        await ana.sees("1 / 1 = 100%", "✔ Maria Ortiz", "Quarterly review (Ana Ruiz)", "Single thread", "unknown")
        await ana.press("escape")
        await ana.sees("last met")
        await ana.sees_not("Beside the network")


async def test_a_person_opens_whole_and_her_last_meeting_from_there(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press(*ACME, "enter")
        assert isinstance(ana.app.screen, PersonScreen)
        await ana.sees("Last met", "12d ago by Ana Ruiz: Quarterly review", "usage is recorded by account", "met")
        await ana.press("enter")
        await ana.sees("They like it.")
        await ana.press("escape", "i")
        await ana.sees("Bottleneck")
        await ana.press("escape", "q")
        await ana.sees("Lena Vogt")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_portfolio_opens_the_accounts_of_a_part_and_the_account_of_a_row(sit: Sit, size: tuple[int, int]):
    async with sit(size=size) as ana:
        dune = builders.the(ana.desk, "account", "Dune Logistics")
        for days in (3, 5, 8):
            log_activity(ana.desk, dune, "call", f"Call {days}", attendees=["Maria Ortiz"], at=TODAY - timedelta(days=days))
        await ana.press("5")
        assert isinstance(ana.app.screen, NetworkScreen)
        await ana.sees("6 customers by owner", "◔4", "●2", "Dune Logistics", "3 of 3", "all", "nobody")
        await ana.press("t", "t")
        await ana.sees("by pool", "West")
        await ana.press("right", "enter")
        assert isinstance(ana.app.screen, AccountsScreen)
        await ana.sees("Boreal Foods", "network:low", "1 of 4")
        await ana.sees_not("Dune Logistics")
        await ana.press("5", "tab", "w")
        await ana.sees("Whom to meet next · Dune Logistics", "The goal is reached")
        await ana.press("escape", "e")
        await ana.sees("3 / 3 = 100%")
        await ana.press("escape", "tab", "e")
        await ana.sees("fewer members than the account's segment")
        await ana.press("escape", "tab", "enter")
        await ana.sees("alone at 3 of 3 meetings", "Maria Ortiz")
