"""The last door before the terminal: whatever a widget drew, no control character of it gets out."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from cockpit.tui.render.safe import CONTROL


class Harmless(LineFilter):
    """Strips control characters from the text of segments; their styles and Textual's own meta stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without control characters; the same list when there are none, which is nearly always."""
        if not any(CONTROL.search(segment.text) for segment in segments):
            return segments
        return [
            segment if CONTROL.search(segment.text) is None else Segment(CONTROL.sub("", segment.text), segment.style)
            for segment in segments
        ]
