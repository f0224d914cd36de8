"""A key that is faster than the form it is for."""

from __future__ import annotations

import pytest

from cockpit.tui.modals.field import Field, FormSpec
from cockpit.tui.modals.form import Form
from tests.tui.conftest import Sit


@pytest.mark.parametrize("act", ["leave", "save"])
async def test_a_key_before_the_fields_are_there_acts_when_they_are(sit: Sit, act: str):
    async with sit() as ana:
        answers = []
        form = Form(FormSpec("Early", (Field("note", "Note", value="as it was"),)), ana.app.palette, {})
        ana.app.push_screen(form, answers.append)
        getattr(form, f"action_{act}")()
        await ana.press("down")
        assert answers == ([None] if act == "leave" else [{"note": "as it was"}])
        assert not isinstance(ana.app.screen, Form)
