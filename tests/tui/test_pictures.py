"""Each screen as a picture, by a fixed clock, at three sizes and in two themes; ``--snapshot-update`` takes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tui.conftest import Sit

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
FOLDER = Path(__file__).parent / "pictures"


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
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


async def _taken(sit: Sit, size: tuple[int, int], theme: str, keys: tuple[str, ...]) -> Any:
    async with sit(size=size) as ana:
        ana.app.theme = theme
        ana.app.has_acted()
        await ana.settle()
        await ana.press(*keys)
        return ana.app.export_screenshot(simplify=True)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", STEPS)
async def test_screens_look_as_their_pictures(sit: Sit, picture: Callable[[str, str], None], screen: str, size: str, theme: str):
    picture(f"{screen}-{size}-{theme}", await _taken(sit, SIZES[size], theme, STEPS[screen]))


@pytest.mark.parametrize("moment", ONCE)
async def test_moments_look_as_their_pictures(sit: Sit, picture: Callable[[str, str], None], moment: str):
    picture(moment, await _taken(sit, SIZES["80x24"], THEMES[0], ONCE[moment]))


async def test_the_first_time_there_is_a_hint(sit: Sit):
    async with sit() as ana:
        await ana.sees("First time here? c takes the CTA under the cursor")
        await ana.press("c")
        await ana.sees_not("First time here?")
