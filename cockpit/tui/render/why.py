"""The sum behind a score."""

from __future__ import annotations

from cockpit.domain.queue import Explained
from cockpit.tui.render.line import Line, spread
from cockpit.tui.theme import Palette

MILLI = 1000


def why_lines(explained: Explained, width: int, palette: Palette) -> list[Line]:
    """Each term with its value and points, then the sum, which is the key the queue is ordered by."""
    lines: list[Line] = []
    for term in explained.lines:
        points = f"{term.points / MILLI:+.1f}"
        style = palette.text if term.points else palette.dim
        left: Line = [(f"{term.label:<14}", palette.dim), (f"{term.value}", style)]
        lines.append(spread(left, [(points, style)], width, palette.text))
    lines.append([("─" * width, palette.dim)])
    lines.append(spread([("score", palette.strong)], [(f"{explained.score:.1f}", palette.strong)], width, palette.text))
    return lines
