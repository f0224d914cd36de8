"""Colours that everybody can read and tell apart, and screens that need none."""

from __future__ import annotations

from itertools import combinations

import pytest

from cockpit.tui.theme import THEMES, Colours, palette
from tests.tui.conftest import Sit

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
APART = 20.0
CONTRAST = 4.5


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(m * c for m, c in zip(row, rgb, strict=True)) / white for row, white in zip(rows, (0.95047, 1.0, 1.08883), strict=True))
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: str, other: str, kind: str | None) -> float:
    """CIE76 difference, as somebody with this kind of colour blindness sees it."""

    def seen(colour: str) -> tuple[float, float, float]:
        rgb = linear(colour)
        if kind is not None:
            rgb = tuple(min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in BLINDNESS[kind])
        return lab(rgb)

    return sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5


@pytest.mark.parametrize("name", THEMES)
def test_every_text_has_contrast_on_every_ground(name: str):
    c: Colours = THEMES[name]
    for ground in (c.background, c.panel, c.cursor):
        for ink in (c.text, c.dim, c.ok, c.warn, c.bad, c.accent):
            assert contrast(ink, ground) >= CONTRAST, (name, ink, ground)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("kind", [None, *BLINDNESS])
def test_statuses_are_told_apart(name: str, kind: str | None):
    c = THEMES[name]
    for one, other in combinations((c.ok, c.warn, c.bad), 2):
        assert difference(one, other, kind) >= APART, (name, kind, one, other)


def test_without_colour_the_cursor_is_reversed():
    plain = palette("cockpit", colour=False)
    assert plain.cursor.reverse
    assert plain.bad.bold
    assert all(style.color is None for style in (plain.text, plain.ok, plain.warn, plain.bad))


async def test_no_color_is_honoured_and_nothing_moves(sit: Sit, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit() as ana:
        await ana.sees("▸", "!1d", "54▼")
        assert ana.app.animation_level == "none"
        assert ana.app.palette.cursor.reverse


async def test_the_theme_changes_at_once(sit: Sit):
    async with sit() as ana:
        await ana.press("ctrl+p")
        await ana.type("choose the colours")
        await ana.press("enter")
        await ana.type("contrast")
        await ana.press("enter")
        assert ana.app.theme == "cockpit-high-contrast"
        assert ana.app.screen.rows._drawing.palette == palette("cockpit-high-contrast")
