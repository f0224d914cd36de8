"""Each screen as a picture, by a fixed clock, at three sizes and in two themes; ``--snapshot-update`` takes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tui.conftest import Seat, Sit

SIZES = {"80x24": (80, 24), "120x36": (120, 36), "200x50": (200, 50)}
THEMES = ("cockpit", "cockpit-high-contrast")
STEPS: dict[str, tuple[str, ...]] = {
    "queue": (),
    "work": ("2",),
    "accounts": ("3",),
    "account_summary": ("enter",),
    "account_ctas": ("enter", "p", "c"),
    "account_timeline": ("enter", "p", "t"),
    "account_people": ("enter", "p", "e"),
}
ONCE: dict[str, tuple[str, ...]] = {
    "queue_preview_in_front": ("tab",),
    "queue_marked": ("asterisk", "j", "space"),
    "queue_filtered_to_nothing": ("slash", "x", "x", "x", "enter"),
    "queue_filter_error": ("slash", "a", "colon", "b"),
    "queue_completion": ("slash", "h", "e"),
    "help": ("question_mark",),
    "why": ("e",),
    "log": ("l",),
    "snooze": ("z",),
    "close": ("x",),
    "new_cta": ("a",),
    "finder": ("ctrl+p",),
    "new_person": ("enter", "p", "e", "a"),
    "claimed": ("c",),
}
Picture = Callable[[str, str], None]
FOLDER = Path(__file__).parent / "pictures"


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """Compare with the kept picture, or keep it when asked to."""

    def compare(name: str, svg: str) -> None:
        file = FOLDER / f"{name}.svg"
        plain = re.sub(r"terminal-\d+", "terminal", svg)
        if request.config.getoption("--snapshot-update"):
            FOLDER.mkdir(exist_ok=True)
            file.write_text(plain, encoding="utf-8")
        assert file.exists(), f"there is no picture {name}; take it with --snapshot-update and look at it"
        assert plain == file.read_text(encoding="utf-8"), f"{name} looks other than its picture"

    return compare


async def everywhere(at: Seat, picture: Picture, name: str, themes: Sequence[str] = THEMES) -> None:
    """The screen in front at every size, in each of these themes."""
    for theme in themes:
        at.app.theme = theme
        for size, cells in SIZES.items():
            await at.pilot.resize_terminal(*cells)
            await at.settle()
            picture(f"{name}-{size}-{theme}", at.app.export_screenshot(simplify=True))


@pytest.mark.parametrize("screen", STEPS)
async def test_screens_look_as_their_pictures(sit: Sit, picture: Picture, screen: str):
    async with sit(size=SIZES["80x24"]) as ana:
        ana.app.has_acted()
        await ana.press(*STEPS[screen])
        await everywhere(ana, picture, screen)


@pytest.mark.parametrize("moment", ONCE)
async def test_moments_look_as_their_pictures(sit: Sit, picture: Picture, moment: str):
    async with sit(size=SIZES["80x24"]) as ana:
        ana.app.has_acted()
        await ana.press(*ONCE[moment])
        picture(moment, ana.app.export_screenshot(simplify=True))


async def test_the_first_time_there_is_a_hint(sit: Sit):
    async with sit() as ana:
        await ana.sees("First time here? c takes the CTA under the cursor")
        await ana.press("c")
        await ana.sees_not("First time here?")
