"""The Scorecard pane by keys: drawn, a word against a measure, the sum, and what is missing."""

from __future__ import annotations

from datetime import timedelta

from cockpit.services.account import find_account
from cockpit.services.tick import tick
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit


async def test_measures_are_drawn_and_the_sum_opens(sit: Sit):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        builders.make(ana.desk, "subscription", {"account_id": acme, "units": 100, "mrr": 1, "starts": NOW.date()})
        for days, metric, value in ((2, "logins", 900), (40, "logins", 1_000), (3, "active users", 55)):
            day = NOW.date() - timedelta(days=days)
            builders.make(ana.desk, "usage", {"account_id": acme, "metric": metric, "day": day, "value": value * 1_000})
        builders.make(ana.desk, "survey", {"account_id": acme, "kind": "nps", "score": 9, "answered": NOW.date()})
        tick(ana.desk)
        await ana.press("enter", "p", "o")
        await ana.sees("adoption", "55 of 100 seats active", "900 log-ins after 1,000", "its products declare no key features", "██")
        await ana.press("e")
        await ana.sees("×", "sum", "Not known", "nobody answered in 90 days", "nothing to compare with")
        await ana.press("escape", "a")
        await ana.sees("Override", "Active users of the seats")


async def test_a_word_against_the_score_stands_beside_it_at_80_columns(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("enter", "p", "o", "a", "tab")
        await ana.type("12")
        await ana.press("tab")
        await ana.type("[b]heard[/b] \x1b]52;c;aGk=\x07so")
        await ana.press("tab")
        await ana.type("2026-12-04")
        await ana.press("ctrl+s")
        await ana.sees("Said that", "is 12 until")
        await ana.sees("*", "[b]heard[/b]")
        await ana.press("u")
        await ana.sees("no usage metric")


async def test_without_facts_it_says_why_and_keeps_what_was_typed(sit: Sit):
    async with sit() as ana:
        await ana.press("enter", "p", "o")
        await ana.sees("54", "typed or imported", "No score by the card", "of the weight is missing")


async def test_the_portfolio_s_bars_lead_to_the_accounts_behind_them(sit: Sit):
    async with sit("mo") as mo:
        await mo.press("7", "p", "e")
        await mo.sees("SMB", "red ▸ amber ▸ green", "█", "By segment")
        await mo.press("t")
        await mo.sees("By owner", "no owner")
        await mo.press("t", "enter")
        await mo.sees("Accounts of West", "red", "amber")
        await mo.press("down", "enter")
        await mo.sees("band:red", "Boreal Foods")
        await mo.sees_not("Acme Robotics")
