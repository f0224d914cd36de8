"""What a person does at a hand-over's screens: go to a step, choose one of a list, fill in a form."""

from __future__ import annotations

from textual.events import Paste

from cockpit.tui.modals.entry import Choice
from cockpit.tui.modals.form import Form
from cockpit.tui.render.transition import sides_of
from cockpit.tui.screens.guided import GuidedScreen
from tests.tui.conftest import Seat


async def to_step(at: Seat, words: str) -> None:
    """Move to the step with these words, on whichever side it is."""
    screen = at.app.screen
    assert isinstance(screen, GuidedScreen), at.text
    assert screen.shown is not None, at.text
    for side in ("out", "in"):
        titles = [one.step.title for one in sides_of(screen.shown.row, side)]
        place = next((n for n, title in enumerate(titles) if words in title), None)
        if place is not None:
            if screen.side != side:
                await at.press("tab")
            await at.type("g" + "j" * place)
            assert screen.step is not None, at.text
            assert words in screen.step.title, at.text
            return
    raise AssertionError(f"no step {words!r} in:\n{at.text}")


async def on_step(at: Seat, words: str) -> None:
    """Open what a step is about."""
    await to_step(at, words)
    await at.press("enter")


async def put(at: Seat, text: str) -> None:
    """Text in one go, as from the clipboard: a screen is drawn once for it, not for every letter."""
    driver = at.app._driver
    assert driver is not None
    driver.send_message(Paste(text))
    await at.settle()


async def choose(at: Seat, words: str) -> None:
    """Take the option with these words."""
    await put(at, words)
    await at.press("enter")


async def fill(at: Seat, /, **answers: str) -> None:
    """Fill in the form in front by tab and letters, and save it."""
    form = at.app.screen
    assert isinstance(form, Form), at.text
    left = set(answers)
    while left:
        assert form.focused is not None, at.text
        name = (form.focused.id or "").removeprefix("f-")
        if name in answers and isinstance(form.focused, Choice):
            while form.focused.value != answers[name]:
                await at.press("right")
        elif name in answers:
            await at.press("ctrl+u")
            await put(at, answers[name])
        left.discard(name)
        await at.press(*["tab"][: len(left)])
    await at.press("ctrl+s")


async def start(at: Seat, /, **answers: str) -> None:
    """Start a hand-over from Transitions."""
    await at.press("4", "a")
    await fill(at, **answers)
