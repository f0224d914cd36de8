"""Settings by keys: what holds for everybody is read by all, changed by managers and ops, and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import TextArea

from cockpit.domain.contact import Rules
from cockpit.services.activity_type import every_type
from cockpit.services.outreach import contact_rules
from cockpit.services.transition_policy import TransitionPolicy, transition_policy
from cockpit.tui.render import settings
from cockpit.tui.render.columns import Drawing, State
from cockpit.tui.render.team import table
from cockpit.tui.theme import palette
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.contracts.parity_library import to_row
from tests.tui.conftest import Sit


async def test_contact_rules_and_the_lines_of_hand_overs_are_changed_and_taken_back(sit: Sit):
    async with sit("mo", size=(80, 24)) as mo:
        await mo.press("7", "p", "n")
        await mo.sees("n Settings", "at most 2 mails to a person in 14", "no manager has to agree below")
        await mo.press("i", "ctrl+u")
        await mo.type("often")
        await mo.press("ctrl+s")
        await mo.sees("'often' is no whole number.")
        await mo.press("ctrl+u")
        await mo.type("3")
        await mo.press("ctrl+s")
        await mo.sees("at most 3 mails", "u undoes")
        await mo.press("u")
        await mo.sees("at most 2 mails")
        assert contact_rules(mo.desk).cap == 2
        await mo.press("minus")
        await mo.sees("Nothing is taken out here.")
        await mo.press("j", "i", "ctrl+u")
        await mo.type("EUR 5")
        await mo.press("ctrl+s")
        await mo.sees("reporting currency", "Hand-overs · ARR in USD", "EUR 5")
        await mo.press("ctrl+u")
        await mo.type("40k")
        await mo.press("ctrl+s")
        await mo.sees("agreed by itself below")
        assert transition_policy(mo.desk).agree_below == 4_000_000


@pytest.mark.parametrize("width", [84, 116, 196])
def test_how_often_a_type_was_used_is_told_whole(width: int, company: Store):
    used = replace(every_type(builders.desk_of(company, "ana", NOW))[0], entries=1_085)
    (entry,) = settings.settings(Rules(), TransitionPolicy(0, 0, 0, "EUR"), [used], (), ())[2:]
    line = table(settings.SETTINGS).line(entry, width, Drawing(palette("cockpit"), NOW.date()), State.PLAIN)
    assert "1,085 entries" in "".join(part.text for part in line)


async def test_a_type_with_own_fields_is_made_and_the_line_that_will_not_do_is_named(sit: Sit, company: Store):
    async with sit("mo") as mo:
        await mo.press("7", "p", "n", "a")
        await mo.sees("Activity type", "CTA type")
        await mo.press("enter")
        await mo.type("workshop")
        await mo.press("tab", "tab")
        mo.app.screen.query_one("#f-fields", TextArea).text = "room\nmood=good"
        await mo.press("ctrl+s")
        await mo.sees("Line 2: mood needs two answers or more", "workshop")
        area = mo.app.screen.query_one("#f-fields", TextArea)
        assert area.cursor_location == (1, 0)
        area.text = "room\nmood*=good|bad"
        await mo.press("ctrl+s")
        await mo.sees("Made activity type workshop")
        await to_row(mo, "workshop")
        await mo.press("enter")
        await mo.sees("asks room, mood*=good|bad")
        await mo.press("escape", "minus")
        assert "out of use" in mo.line("workshop")
        await mo.press("u")
        assert [one.active for one in every_type(mo.desk)][-1]
        await to_row(mo, "email")
        await mo.press("minus")
        await mo.sees("Mail is logged as email: the type stays, under its name.")


async def test_others_read_them_and_are_told_who_changes_them(sit: Sit, company: Store):
    builders.make(builders.desk_of(company, "mo", NOW), "activity_type", {"name": "a [red]\x1b[31m", "is_meeting": False})
    async with sit("ana") as ana:
        await ana.press("7", "p", "n", "enter")
        await ana.sees("How it is", "in 14 days; quiet while", "an escalation is open")
        await ana.press("escape", "i", "a", "minus")
        assert {one.partition(";")[0] for one in ana.toasts} == {"Only managers and ops change how the team works"}
        await to_row(ana, "a [red]")
        await ana.press("enter")
        assert "\x1b" not in ana.text
