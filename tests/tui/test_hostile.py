"""Data is hostile: names with escapes, markup, broken characters steer nothing, run nothing, crash nothing."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from cockpit.tui.filters import Harmless
from cockpit.tui.render.safe import CONTROL, fit, lines_of, plain, wrap
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit

PIECES = (
    "\x1b]52;c;cm0gLXJm\x07", "\x1b[2J", "\x9b31m", "\x1b]8;;http://x\x1b\\", "[@click=app.quit]x[/]", "[/nope]", "[red", "[[", "\\[b]",
    "[link=file:///]a[/link]", "\u202egnp", "\u2066", "\u200f", "\x00", "\x07", "\r", "\n", "\t", "\x85", "\u2028", "\ufeff", "\x7f",
    "e\u0301", "👩‍👩‍👧", "東京", "\ud7ff", "\U0010ffff", "$(id)", "{x}", "%s", "=1+1", "'", '"', "|", " ", "a" * 300, "ﷺ", "\u061c",
)  # fmt: skip


def corpus(n: int) -> list[str]:
    dice = random.Random(7)
    return ["".join(dice.choices(PIECES, k=dice.randint(1, 6))) for _ in range(n)]


CORPUS = corpus(2_000)


def controls(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]


def test_plain_fit_and_wrap_keep_their_width_and_leave_no_control_character():
    for hostile in CORPUS:
        text = plain(hostile)
        assert controls(text) == []
        assert "\n" not in text
        assert "\u061c" not in text
        assert plain(text) == text
        for width in (1, 2, 7, 40):
            assert cell_len(fit(text, width)) == width
            assert all(cell_len(line) <= width for line in wrap(text, width) if len(line) > 1)
        assert all(controls(line) == [] for line in lines_of(hostile))


def test_the_filter_lets_no_control_character_out():
    door = Harmless()
    for hostile in CORPUS:
        (out,) = door.apply([Segment(hostile)], Color(0, 0, 0)) if hostile else [Segment("")]
        assert CONTROL.search(out.text) is None


@pytest.fixture
def hostile_store(store: Store) -> Store:
    """Accounts, people and CTAs whose every text is hostile, written past the cleaning at the border."""
    desk = builders.desk_of(store, "ana", NOW)
    for number in range(0, 120, 6):
        name, title, person, job, because, note = CORPUS[number : number + 6]
        account = builders.account(desk, f"{number}{name}", region=title[:40], stage=job[:60], domain=note[:60], health=50)
        builders.person(desk, account, f"{number}{person}", email=f"{number}@x.example", title=job)
        builders.cta(desk, account, because=f"{number}{because}", title=title, description=note, left_note=note)
    return store


async def test_every_screen_shows_it_harmless(sit: Sit, hostile_store: Store):
    async with sit(on=hostile_store, size=(200, 50)) as ana:
        written: list[str] = []
        driver = ana.app._driver
        write = driver.write
        driver.write = lambda data: (written.append(data), write(data))[1]
        await ana.press("G", "g", "e", "q", "i", "escape", "l", "escape", "enter", "p", "c", "enter", "q", "p", "e", "enter", "escape")
        await ana.press("p", "t", "q", "3", "j", "i", "escape", "asterisk", "Y", "escape", "ctrl+p")
        await ana.type("a")
        await ana.press("escape", "2", "1", "c", "u", "v")
        assert ana.app.is_running
        for character in controls(ana.text):
            pytest.fail(f"{character!r} is on the screen")
        assert not re.search(r"\x1b\](?!22;|52;c;[A-Za-z0-9+/=]*\x07)", "".join(written))


async def test_markup_in_a_name_is_shown_as_it_is(sit: Sit):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("ember")
        await ana.press("enter", "c")
        await ana.sees("[red]Analytics[/red]", "Claimed CTA")
        await ana.press("2", "j", "enter")
        await ana.sees("Ember [red]Analytics[/red]")
