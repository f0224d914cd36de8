"""What is written to customers, sent to read and scored by: brought in, changed and taken out of use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cockpit.services.scorecard import SHIPPED as CARD
from cockpit.tui.screens.team import TeamScreen

GOOD_BYE = Path(__file__).parents[1] / "data" / "texts" / "good_bye.txt"


async def to_row(at: Any, words: str) -> None:
    """The cursor on the row of the section that begins with these words."""
    screen = at.app.screen
    assert isinstance(screen, TeamScreen), at.text
    await at.press("g")
    for _ in range(60):
        if screen.entry is not None and screen.entry.cells[0][0].startswith(words):
            return
        await at.press("j")
    raise AssertionError(f"no row {words!r} in:\n{at.text}")


async def write(at: Any, text: str, field: str = "text") -> None:
    """Put a text into the form in front, and save it."""
    form = at.app.screen
    form.query_one(f"#f-{field}").text = text
    await at.press("ctrl+s")
    assert at.app.screen is not form, at.text


def cases(case: Any, fill_in: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def new_template(at: Any) -> None:
        await at.press("7", "p", "l", "a")
        await at.type("templ")
        await at.press("enter")
        await write(at, GOOD_BYE.read_text(encoding="utf-8"))

    async def edit_template(at: Any) -> None:
        await at.press("7", "p", "l")
        await to_row(at, "new CSM")
        await at.press("i")
        await write(at, GOOD_BYE.read_text(encoding="utf-8"))

    async def template_off(at: Any) -> None:
        await at.press("7", "p", "l")
        await to_row(at, "renewal value")
        await at.press("minus")

    async def new_article(at: Any) -> None:
        await at.press("7", "p", "l", "a")
        await at.type("artic")
        await at.press("enter")
        await fill_in(at, title="Export", url="https://help.example/export", language="de", owner="ben", expires="2027-01-31")

    async def edit_article(at: Any) -> None:
        await new_article(at)
        await to_row(at, "Export")
        await at.press("i")
        await fill_in(at, title="Exports", active="no")

    async def scorecard(at: Any) -> None:
        await at.press("7", "p", "l")
        await to_row(at, "default")
        await at.press("minus")
        await at.press("i")
        await fill_in(at, active="yes")

    async def rules(at: Any) -> None:
        await at.press("7", "p", "n", "i")
        await fill_in(at, cap="3", quiet_in_transition="no")

    async def lines(at: Any) -> None:
        await at.press("7", "p", "n", "j", "i")
        await fill_in(at, agree_below="40k", key_above="default")

    async def activity_types(at: Any) -> None:
        await at.press("7", "p", "n", "a")
        await at.type("activ")
        await at.press("enter")
        await fill_in(at, name="workshop", is_meeting="yes", fields="room")
        await to_row(at, "workshop")
        await at.press("i")
        await write(at, "mood*=good|bad", "fields")
        await at.press("minus")

    async def cta_types(at: Any) -> None:
        await at.press("7", "p", "n", "a")
        await at.type("cta")
        await at.press("enter")
        await fill_in(at, name="check", required_at_close="note", minutes="30")
        await to_row(at, "Sponsor left")
        await at.press("i")
        await fill_in(at, lane="strategic", skill="talks")

    policy = ("transition", "policy", "set", "--agree-below", "40k", "--key-above", "default")
    types = (
        ("activity-type", "new", "workshop", "--meeting", "--field", "room"),
        ("activity-type", "edit", "workshop", "--field", "mood*=good|bad"), ("activity-type", "edit", "workshop", "--off"),
    )  # fmt: skip
    kinds = (
        ("cta", "type", "new", "check", "--required", "note", "--minutes", "30"),
        ("cta", "reason", "edit", "Sponsor left", "--lane", "strategic", "--skill", "talks"),
    )
    new = ("article", "new", "Export", "https://help.example/export", "--language", "de", "--owner", "ben", "--expires", "2027-01-31")
    apply = ("template", "apply", str(GOOD_BYE))
    return {
        "new template": case(("add",), (apply,), new_template),
        "edit template": case(("edit",), (apply,), edit_template),
        "template out of use": case(("leave",), (("template", "off", "renewal value"),), template_off),
        "new article": case(("add",), (new,), new_article),
        "edit article": case(("edit",), (new, ("article", "edit", "1", "--title", "Exports", "--off")), edit_article),
        "contact rules": case(("edit",), (("outreach", "rules", "--cap", "3", "--no-quiet-transition"),), rules, "mo"),
        "lines of hand-overs": case(("edit",), (policy,), lines, "mo"),
        "activity types": case(("add", "edit", "leave"), types, activity_types, "mo"),
        "CTA types": case(("add", "edit"), kinds, cta_types, "mo"),
        "scorecard": case(("leave", "edit"), (("scorecard", "off"), ("scorecard", "apply", str(CARD))), scorecard, "mo"),
    }
