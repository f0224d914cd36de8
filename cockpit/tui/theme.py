"""Colours: every shipped theme keeps each status at 4.5:1 or better and apart under colour blindness (tested).

Status never rests on colour alone: render functions always write a glyph, letter or word beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

DEFAULT = "cockpit"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as hex."""

    background: str
    panel: str
    cursor: str
    """Background of the row under the cursor."""
    text: str
    dim: str
    ok: str
    warn: str
    bad: str
    accent: str
    edge: str
    """Lines around panels: decoration, no meaning."""
    dark: bool = True


THEMES: dict[str, Colours] = {
    DEFAULT: Colours(
        "#11161c", "#1a222b", "#223b54", "#e4e9ee", "#a3b1bf", "#46d2d6", "#ffd54a", "#ff8378", "#8fbcff", "#3d4c5b"
    ),
    "cockpit-high-contrast": Colours(
        "#000000", "#000000", "#00386b", "#ffffff", "#d0d0d0", "#5cf0ff", "#ffe100", "#ff8a7d", "#9fd0ff", "#ffffff"
    ),
    "cockpit-colour-blind": Colours(
        "#10141a", "#1a212b", "#2b3a4d", "#e8ecf0", "#aab5c2", "#56b4e9", "#f5e050", "#ff8f5c", "#9cc9ff", "#435264"
    ),
    "cockpit-light": Colours(
        "#fbfbf8", "#efefea", "#d6e6f5", "#1b1f24", "#4c5662", "#00607a", "#755800", "#8c0030", "#0b4f8a", "#9aa5b1", False
    ),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles that render functions draw with; without colour they become bold, underline and reverse."""

    text: Style
    dim: Style
    ok: Style
    warn: Style
    bad: Style
    accent: Style
    head: Style
    """Titles of columns and sections."""
    strong: Style
    cursor: Style
    """Laid over the row under the cursor."""
    resting: Style
    """Laid over the cursor's row while another widget has the focus."""
    marked: Style
    taken: Style
    key: Style

    def status(self, word: str) -> Style:
        """The style of ``ok``, ``warn`` or ``bad``; text for any other word."""
        return {"ok": self.ok, "warn": self.warn, "bad": self.bad, "dim": self.dim}.get(word, self.text)


@lru_cache(maxsize=16)
def palette(name: str, *, colour: bool = True) -> Palette:
    """The palette of a theme; of the default one when the theme is not ours."""
    if not colour:
        return _without_colour()
    c = THEMES.get(name, THEMES[DEFAULT])

    def ink(hex_colour: str, *, bold: bool = False) -> Style:
        return Style(color=Color.parse(hex_colour), bgcolor=Color.parse(c.background), bold=bold or None)

    return Palette(
        text=ink(c.text),
        dim=ink(c.dim),
        ok=ink(c.ok),
        warn=ink(c.warn),
        bad=ink(c.bad),
        accent=ink(c.accent),
        head=ink(c.dim, bold=True),
        strong=ink(c.text, bold=True),
        cursor=Style(bgcolor=Color.parse(c.cursor)),
        resting=Style(bgcolor=Color.parse(c.panel)),
        marked=ink(c.accent, bold=True),
        taken=ink(c.dim),
        key=ink(c.accent, bold=True),
    )


def _without_colour() -> Palette:
    none, bold, dim = Style(), Style(bold=True), Style(dim=True)
    return Palette(none, dim, none, none, bold, none, bold, bold, Style(reverse=True), Style(underline=True), bold, dim, bold)


def textual_themes() -> list[Theme]:
    """The same colours as Textual themes, for stylesheets."""
    return [_textual(name, colours) for name, colours in THEMES.items()]


def _textual(name: str, c: Colours) -> Theme:
    return Theme(
        name=name,
        primary=c.accent,
        secondary=c.accent,
        accent=c.accent,
        warning=c.warn,
        error=c.bad,
        success=c.ok,
        foreground=c.text,
        background=c.background,
        surface=c.background,
        panel=c.panel,
        boost=c.panel,
        dark=c.dark,
        text_alpha=1.0,
        variables={"edge": c.edge, "dim": c.dim, "cursor": c.cursor, "border": c.edge, "footer-key-foreground": c.accent},
    )
