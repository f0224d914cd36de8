"""A view of drawn lines: asks a pure function for its lines at each new width, scrolls by keys and wheel."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from cockpit.log import told
from cockpit.tui.render.line import Draw, Line, paragraph, segments
from cockpit.tui.theme import Palette

BLANK = -10_000
"""The place of the strip that every empty line shares; far from any line there is."""


class LinesView(Widget):
    """Lines that somebody else draws, as high as they are when its height is auto. Not focusable unless ``moves`` are given."""

    DEFAULT_CSS = "LinesView { height: 1fr; width: 1fr; }"

    def __init__(self, moves: Mapping[str, str] | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = moves is not None
        self._moves = moves or {}
        self._draw: Draw | None = None
        self._palette: Palette | None = None
        self._drawn: tuple[int, list[Line]] = (-1, [])
        self._strips: dict[int, Strip] = {}
        self._top = 0
        self._doors: list[tuple[LineFilter, Color]] | None = None

    def show(self, draw: Draw, palette: Palette, *, keep_place: bool = False) -> None:
        """Draw something else; from its top unless ``keep_place``."""
        self._draw, self._palette = draw, palette
        if not keep_place:
            self._top = 0
        self._forget()

    def _forget(self) -> None:
        self._drawn = (-1, [])
        self._strips.clear()
        self.refresh(layout=self.styles.auto_dimensions)

    def notify_style_update(self) -> None:
        """Other colours: draw again."""
        super().notify_style_update()
        self._strips.clear()
        self._doors = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """What an auto height comes to."""
        return len(self._lines(width))

    def lines(self) -> list[Line]:
        """The lines at the present width."""
        return self._lines(self.size.width)

    def _lines(self, width: int) -> list[Line]:
        if self._drawn[0] != width:
            try:
                drawn = self._draw(width, self._palette) if self._draw and self._palette and width else []
            except Exception as why:  # noqa: BLE001 - what one view cannot draw does not take the screen along
                drawn = self._broken(told(why), width)
            self._drawn = (width, drawn)
            self._strips.clear()
            self._top = max(0, min(self._top, len(drawn) - self.size.height))
        return self._drawn[1]

    def _broken(self, words: str, width: int) -> list[Line]:
        self._draw = lambda width, p: paragraph(words, width, p.bad)
        return self._draw(width, self._palette) if self._palette else []

    def on_resize(self) -> None:
        """Another width breaks lines elsewhere."""
        self._forget()

    def on_key(self, event: events.Key) -> None:
        """Scroll."""
        move = self._moves.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            page = max(self.size.height - 1, 1)
            far = len(self.lines())
            steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "half_up": -page // 2, "half_down": page // 2}
            self.scroll_lines(steps.get(move, -far if move == "first" else far))

    def scroll_lines(self, by: int) -> None:
        """Scroll by lines, within what there is."""
        top = max(0, min(self._top + by, len(self.lines()) - self.size.height))
        if top != self._top:
            self._top = top
            self._strips.clear()
            self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop()
        self.scroll_lines(-3)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, each made once; with a border or padding, by Textual's own way around them."""
        if self.gutter.width or self.gutter.height:
            return super().render_lines(crop)
        width = self.size.width
        lines = self.lines()
        strips = [self._strip(y, lines, width) for y in crop.line_range]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line, for a view with a border or padding."""
        return self._strip(y, self.lines(), self.size.width)

    def _filters(self) -> list[tuple[LineFilter, Color]]:
        """The app's filters with the ground they are for, looked up once for many lines."""
        if self._doors is None:
            ground = self.background_colors[1]
            self._doors = [(line_filter, ground) for line_filter in self.get_line_filters()]
        return self._doors

    def _strip(self, y: int, lines: list[Line], width: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            index = self._top + y
            line = lines[index] if 0 <= index < len(lines) else []
            if not line and y != BLANK:
                return self._strip(BLANK, lines, width)
            if self._palette is None:
                return Strip.blank(width, self.rich_style)
            if y == self.size.height - 1 and index < len(lines) - 1 and y > 0:
                line = [(f"… {len(lines) - index} more lines", self._palette.dim)]
            strip = Strip(segments(line, width, self._palette.text), width)
            for line_filter, background in self._filters():
                strip = strip.apply_filter(line_filter, background)
            self._strips[y] = strip
        return strip
