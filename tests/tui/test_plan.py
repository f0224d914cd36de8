"""The Plan pane by keys: adding, editing, ending in place, and what it says of the renewal."""

from __future__ import annotations

from datetime import timedelta

from cockpit.services import success
from cockpit.services.account import edit_account, find_account
from cockpit.services.escalation import escalate
from cockpit.services.goal import edit_goal, new_goal
from cockpit.services.opinion import call_renewal, set_sentiment
from cockpit.services.risk import close_risk, new_risk
from tests import builders
from tests.contracts.test_parity import fill_in
from tests.hostile.corpus import bidi, leaks, markup, sequences
from tests.tui import test_pictures as pictures
from tests.tui.conftest import Sit

picture = pictures.picture


async def test_a_plan_is_written_in_place(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("enter", "p", "r")
        await ana.sees("Nothing is agreed", "nobody has said yet", "may renew · health is amber")
        await ana.press("a", "enter")
        await fill_in(ana, title="Two plants live", due="2026-12-04", criterion="health:>=50")
        await ana.sees("Agreed with Acme Robotics", "Two plants live", "holds now")
        await ana.press("a", "r", "i", "s", "k", "enter")
        await fill_in(ana, title="Interface late", kind="implementation", severity="high", department="Services")
        await ana.sees("▲ risk", "high · implementation")
        await ana.press("a", "f", "e", "e", "l", "enter")
        await fill_in(ana, feeling="bad", note="Angry call")
        await ana.sees("▼ bad, today", "Angry call")
        await ana.press("a", "e", "s", "c", "enter")
        await fill_in(ana, title="Orders are lost")
        await ana.press("g")
        await ana.sees("! escalation", "high · day 1")
        await ana.press("d")
        await fill_in(ana, news="Found it", next_update="2026-12-01")
        await ana.sees("hears of")
        await ana.press("x")
        await fill_in(ana, note="Fixed")
        acme = find_account(ana.desk, "Acme Robotics")
        plan = success.plan(ana.desk, acme)
        assert (len(plan.goals), len(plan.risks), plan.escalations[0].closed_on) == (1, 1, ana.desk.today())
        await ana.press("G", "o")
        assert success.plan(ana.desk, acme).escalations[0].closed_on is None
        await ana.press("u", "g", "enter")
        await ana.sees("how it stands", "criterion", "health:>=50")


async def test_a_conflict_is_shown_and_an_edit_is_one_act(sit: Sit):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        goal = new_goal(ana.desk, acme, "Two plants live").id
        await ana.press("enter", "p", "r", "i")
        edit_goal(builders.desk_of(ana.desk.store, "ben", ana.desk.now()), goal, {"measure": "plants"})
        await fill_in(ana, measure="sites", due="2026-12-04")
        await ana.sees("measure is plants by now (Ben Okafor", "you saw nothing and want sites")


async def test_where_call_and_signal_disagree_is_said(sit: Sit):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        escalate(ana.desk, acme, "Orders are lost")
        call_renewal(ana.desk, acme, "will", "They said so")
        edit_account(builders.desk_of(ana.desk.store, "ana", ana.desk.now() - timedelta(days=20)), acme, {"stage": "onboarding"})
        edit_account(ana.desk, acme, {"stage": "adoption"})
        await ana.press("enter", "p", "r")
        await ana.sees("adoption since Mon 23 Nov · onboarding Tue 3 Nov to Mon 23 Nov")
        await ana.sees("Ana Ruiz: will renew", "! more hopeful than the signal by far", "won't renew · health is amber, 1 open escalation")


async def test_the_plan_looks_as_its_pictures(sit: Sit, picture: pictures.Picture):
    async with sit() as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        new_goal(ana.desk, acme, "Two plants live", measure="plants", criterion="health:>=50", due="2026-12-18")
        new_goal(ana.desk, acme, "Train every lead", due="2026-11-02", owner="ben")
        where = {"department": "Services", "owner": "N. Falk", "due": "2026-12-01"}
        new_risk(ana.desk, acme, "Interface late", "implementation", severity="high", **where)
        close_risk(ana.desk, new_risk(ana.desk, acme, "Slow export", "product").id, "Shipped in 4.2")
        escalate(ana.desk, acme, "Orders are lost", department="Product", owner="J. Osei")
        set_sentiment(ana.desk, acme, "bad", "Angry call", on="2026-11-19")
        call_renewal(ana.desk, acme, "may", "Their sponsor is on our side")
        await ana.press("enter", "p", "r")
        await pictures.everywhere(ana, picture, "plan", pictures.THEMES[:1])


async def test_what_others_wrote_is_drawn_as_plain_words(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        for number, words in enumerate((*sequences(), *bidi(), *markup())):
            made = builders.make(ana.desk, "risk", {
                "account_id": acme, "title": f"{words} {number}", "kind": words or "x", "department": words, "owner": words,
                "opened_on": ana.desk.today(), "note": words,
            })  # fmt: skip
        set_sentiment(ana.desk, acme, "bad", "".join(markup()))
        await ana.press("enter", "p", "r", "enter")
        await ana.sees(f"Risk {made - number}")
        await ana.press("escape", "G", "enter")
        assert leaks(ana.text) == []
