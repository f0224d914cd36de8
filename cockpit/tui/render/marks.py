"""How old what one reads is and what it lacks, as glyph and word: the lines every pane of facts begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.domain.freshness import Age
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import plain, wrap
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.domain.freshness import Mark

GLYPHS = {Age.FRESH: "●", Age.OLD: "◌", Age.NEVER: "○"}


def age_words(mark: Mark) -> str:
    """``tickets today``, ``usage 12d old``, ``surveys never came``."""
    if mark.age is Age.NEVER:
        return f"{mark.kind} never came"
    age = "today" if mark.days == 0 else f"{mark.days}d old"
    return f"{mark.kind} {age}" + (f" ({', '.join(plain(s) for s in mark.systems)})" if mark.systems and mark.age is Age.OLD else "")


def fresh_line(marks: Sequence[Mark], p: Palette) -> Line:
    """Every feed of a pane with its age."""
    line: Line = [("Feeds    ", p.dim)]
    for number, mark in enumerate(marks):
        style = {Age.FRESH: p.dim, Age.OLD: p.warn, Age.NEVER: p.dim}[mark.age]
        line.append((("   " if number else "") + f"{GLYPHS[mark.age]} {age_words(mark)}", style))
    return line


def missing_lines(missing: Sequence[str], width: int, p: Palette) -> list[Line]:
    """What nobody has said yet, or that nothing is missing."""
    if not missing:
        return [[("Complete ", p.dim), ("✔ nothing is missing here", p.dim)]]
    parts = wrap("✗ " + ", ".join(missing), max(width - 9, 10))
    return [[("Missing  " if not n else " " * 9, p.dim), (part, p.warn)] for n, part in enumerate(parts)]


def mark_lines(marks: Sequence[Mark], missing: Sequence[str], width: int, p: Palette) -> list[Line]:
    """Both; the feeds on as many lines as they need."""
    lines: list[Line] = [[("Feeds    ", p.dim)]]
    used = 9
    for mark in marks:
        words = f"{GLYPHS[mark.age]} {age_words(mark)}   "
        if used + len(words) - 3 > width and used > 9:
            lines.append([(" " * 9, p.dim)])
            used = 9
        lines[-1].append((words, p.warn if mark.age is Age.OLD else p.dim))
        used += len(words)
    return [*lines, *missing_lines(missing, width, p)]
