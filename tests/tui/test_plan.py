"""The Plan pane by keys: adding, editing, ending in place, and what it says of the renewal."""

from __future__ import annotations

from cockpit.services import success
from cockpit.services.account import find_account
from cockpit.services.escalation import escalate
from cockpit.services.goal import edit_goal, new_goal
from cockpit.services.opinion import call_renewal
from tests import builders
from tests.contracts.test_parity import fill_in
from tests.tui.conftest import Sit


async def test_a_plan_is_written_in_place(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("enter", "p", "r")
        ana.sees("Nothing is agreed", "nobody has said yet", "may renew · health is amber")
        await ana.press("a", "enter")
        await fill_in(ana, title="Two plants live", due="2026-12-04", criterion="health:>=50")
        ana.sees("Agreed with Acme Robotics", "Two plants live", "holds now")
        await ana.press("a", "r", "i", "s", "k", "enter")
        await fill_in(ana, title="Interface late", kind="implementation", severity="high", department="Services")
        ana.sees("▲ risk", "high · implementation")
        await ana.press("a", "f", "e", "e", "l", "enter")
        await fill_in(ana, feeling="bad", note="Angry call")
        ana.sees("▼ bad, today", "Angry call")
        await ana.press("a", "e", "s", "c", "enter")
        await fill_in(ana, title="Orders are lost")
        await ana.press("g")
        ana.sees("! escalation", "high · day 1")
        await ana.press("d")
        await fill_in(ana, news="Found it", next_update="2026-12-01")
        ana.sees("hears of")
        await ana.press("x")
        await fill_in(ana, note="Fixed")
        acme = find_account(ana.desk, "Acme Robotics")
        plan = success.plan(ana.desk, acme)
        assert (len(plan.goals), len(plan.risks), plan.escalations[0].closed_on) == (1, 1, ana.desk.today())
        await ana.press("G", "o")
        assert success.plan(ana.desk, acme).escalations[0].closed_on is None
        await ana.press("u", "g", "enter")
        ana.sees("how it stands", "criterion", "health:>=50")


async def test_a_conflict_is_shown_and_an_edit_is_one_act(sit: Sit):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        goal = new_goal(ana.desk, acme, "Two plants live").id
        await ana.press("enter", "p", "r", "i")
        edit_goal(builders.desk_of(ana.desk.store, "ben", ana.desk.now()), goal, {"measure": "plants"})
        await fill_in(ana, measure="sites", due="2026-12-04")
        ana.sees("measure is plants by now (Ben Okafor", "you saw nothing and want sites")


async def test_where_call_and_signal_disagree_is_said(sit: Sit):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        escalate(ana.desk, acme, "Orders are lost")
        call_renewal(ana.desk, acme, "will", "They said so")
        await ana.press("enter", "p", "r")
        ana.sees("Ana Ruiz: will renew", "! more hopeful than the signal by far", "won't renew · health is amber, 1 open escalation")
