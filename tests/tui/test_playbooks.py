"""Playbooks by keys: the section of the team, a text with a mistake, steps that open what they are about."""

from __future__ import annotations

import re

import pytest
from textual.widgets import TextArea

from cockpit.services import playbook as playbooks
from cockpit.services.queue import claim
from cockpit.tui.modals.form import Form
from cockpit.tui.modals.steps import Steps
from cockpit.tui.screens.account import AccountScreen
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.contracts.test_parity import go_to
from tests.tui.conftest import Sit


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_text_is_checked_as_it_is_written_and_a_changed_one_is_the_next_version(sit: Sit, company: Store, size: tuple[int, int]):
    async with sit("mo", size) as mo:
        await mo.press("7", "p", "b")
        await mo.sees("NPS detractor", "new-CSM onboarding", "b Playbooks", "for somebody new.")
        await mo.press("enter")
        await mo.sees("Version 1 of 1", "Read score, comment and the last five touches", "done when account opened")
        await mo.press("escape", "i")
        form = mo.app.screen
        assert isinstance(form, Form)
        area = form.query_one("#f-text")
        area.text = area.text.replace("reply logged", "reply loged")  # type: ignore[attr-defined]
        await mo.press("ctrl+s")
        await mo.sees("Line 21, column 8", "mean reply logged?")
        area = mo.app.screen.query_one("#f-text")
        area.text = area.text.replace("reply loged", "call logged")  # type: ignore[attr-defined]
        await mo.press("ctrl+s")
        await mo.sees("Wrote version 2 of “NPS detractor”, 6 steps")
        await mo.press("u")
        assert playbooks.show_playbook(mo.desk, "NPS detractor").version == 1
        await mo.press("a")
        await mo.sees("New playbook", "says = ")


async def test_a_playbook_that_a_colleague_changed_meanwhile_is_not_written_over(sit: Sit, company: Store):
    async with sit("mo") as mo:
        await mo.press("7", "p", "b", "i")
        area = mo.app.screen.query_one("#f-text", TextArea)
        (name,) = re.findall('(?m)^name = "(.*)"', area.text)
        theirs = area.text + "\n# theirs\n"
        playbooks.apply(builders.desk_of(company, "oz", NOW), theirs)
        area.text += "\n# mine\n"
        await mo.press("ctrl+s")
        await mo.sees(f"There is version 2 of “{name}” by now; you changed version 1.")
        assert "# mine" in mo.app.screen.query_one("#f-text", TextArea).text
        assert playbooks.export(mo.desk, name) == theirs


async def test_somebody_new_is_started_from_the_team_and_others_are_told_where(sit: Sit):
    async with sit("mo") as mo:
        await mo.press("7", "p", "b", "K")
        await mo.sees("is started with K on a CTA or an account")
        for _ in range(30):
            screen = mo.app.screen
            if getattr(getattr(screen, "entry", None), "key", "") == "new-CSM onboarding":
                break
            await mo.press("j")
        await mo.press("K")
        await mo.type("dee")
        await mo.press("ctrl+s")
        await mo.sees("Started “new-CSM onboarding” on Dee Lind: 7 steps")
    async with sit("ana") as ana:
        await ana.press("7", "p", "b", "a")
        await ana.sees("Only managers and ops change how the team works")


async def test_steps_open_what_they_are_about_and_say_why_they_wait(sit: Sit, company: Store):
    ana = builders.desk_of(company, "ana", NOW)
    cta = builders.cta(ana, builders.the(ana, "account", "Acme Robotics"), because="Network too small",
                       playbook_id=builders.the(ana, "playbook", "adoption recovery"))  # fmt: skip
    claim(ana, [cta])
    async with sit("ana") as at:
        await at.press("2", "ctrl+t")
        await at.sees("My tasks", "Acme Robotics: See what fell", "first: See what fell")
        await at.press("j", "j", "d")
        await at.sees("waits: first: See what fell")
        assert isinstance(at.app.screen, Steps)
        await at.press("escape")
        await go_to(at, "Acme Robotics")
        await at.press("T")
        await at.sees("Steps · Acme Robotics · CTA", "ticked by hand, with a note")
        await at.press("enter")
        screen = at.app.screen
        assert isinstance(screen, AccountScreen)
        assert screen.pane is not None
        assert screen.pane.name_ == "usage"
        await at.press("T", "j", "d")
        await at.type("no release that week")
        await at.press("ctrl+s")
        await at.sees("Done: Rule out a cause of our own")
        await at.press("minus")
        await at.sees("Leave out")
        await at.type("no time")
        await at.press("ctrl+s")
        await at.sees("waive it, with the reason")


async def test_a_store_read_only_starts_nothing(sit: Sit):
    async with sit("ana", read_only=True) as at:
        await at.press("2", "K")
        await at.sees("open for reading only")
        await at.press("T")
        await at.sees("No playbook runs on it yet")
