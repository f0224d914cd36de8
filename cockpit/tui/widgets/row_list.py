"""A list of any length drawn line by line: what it costs is what is on the screen.

Rows come from a source in keyset pages, read in a worker thread; a few pages are in memory. Lines are
drawn once and kept; a key repaints the two lines it touches. The widget never waits for its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from cockpit.log import told
from cockpit.tui.render.columns import Drawing, State, Table
from cockpit.tui.render.safe import fit, wrap
from cockpit.tui.widgets.row_reader import RowReader, Run, Source
from cockpit.tui.widgets.window import Marks, Row

R = TypeVar("R", bound=Row)
WHEEL = 3
KEPT_STRIPS = 2000


@dataclass(slots=True)
class _Drawn:
    row: Any
    key: tuple[int, str]
    strip: Strip


class RowList(RowReader[R], Generic[R]):
    """The list; give it a table to draw with and a source to read from."""

    DEFAULT_CSS = "RowList { height: 1fr; width: 1fr; }"

    class Opened(Message):
        """Enter or a double click on a row."""

    @dataclass
    class HeadClicked(Message):
        """A click on the title of a column."""

        sort: str

    def __init__(self, table: Table[R], run: Run, moves: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(run, id=id)
        self.table = table
        self.marks = Marks()
        self.sort: str | None = None
        self.empty: Sequence[str] = ()
        self._moves = moves
        self._strips: dict[int, _Drawn] = {}
        self._drawing: Drawing | None = None

    # What it shows -----------------------------------------------------------------------------

    def load(self, source: Source[R], drawing: Drawing, empty: Sequence[str], *, leave: bool = True) -> None:
        """Show a list, or read the one that is shown again; ``empty`` is what it says without rows, ``leave`` see ``reread``."""
        self.empty = empty
        if self._loaded:
            self.reread(leave=leave)
        else:
            self.draw_with(drawing)
            self.show(source)

    def draw_with(self, drawing: Drawing) -> None:
        """Take other colours or another day."""
        self._drawing = drawing
        self._strips.clear()
        self.refresh()

    # Keys and mouse ----------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Movement is handled here, before the screen's own keys, because it is what is held down."""
        move = self._moves.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            self.move(move)

    def move(self, how: str) -> None:
        """Move the cursor: up, down, page_up, page_down, half_up, half_down, first or last."""
        page = self.height_of_rows
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "half_up": -page // 2, "half_down": page // 2}
        if how == "first":
            self._jump("first")
        elif how == "last":
            self._jump("last")
        else:
            self.go_to(self._place.cursor + steps[how])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the view and takes the cursor along when it would leave it."""
        event.stop()
        self._wheel(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """See on_mouse_scroll_down."""
        event.stop()
        self._wheel(-WHEEL)

    def _wheel(self, lines: int) -> None:
        place, window, height = self._place, self.window, self.height_of_rows
        top = max(min(place.top + lines, window.stop - height), window.first)
        if top == place.top:
            self._read_ahead()
            return
        place.top = top
        self.refresh()
        self.go_to(min(max(place.cursor, top), top + height - 1))
        self._read_ahead()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the row, a second one opens it; titles sort."""
        event.stop()
        if event.y == 0:
            column = self.table.column_at(event.x, self.size.width)
            if column is not None and column.sort:
                self.post_message(self.HeadClicked(column.sort))
            return
        index = self._place.top + event.y - 1
        if self.window.row(index) is not None:
            self.go_to(index)
            if event.chain == 2:
                self.post_message(self.Opened())

    # Marks -------------------------------------------------------------------------------------

    def toggle_mark(self) -> None:
        """Mark or unmark the row under the cursor and step down."""
        row = self.row
        if row is not None:
            self.marks.toggle(row.id)
            self._refresh_rows(self._place.cursor)
            self.move("down")

    def mark_all(self) -> None:
        """Mark everything that matches, or nothing."""
        self.marks.mark_all()
        self.refresh()

    def clear_marks(self) -> None:
        """Mark nothing."""
        self.marks.clear()
        self.refresh()

    # Drawing -----------------------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor's row is brighter while the list has the focus."""
        self._refresh_rows(self._place.cursor)

    def on_blur(self) -> None:
        """See on_focus."""
        self._refresh_rows(self._place.cursor)

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._strips.clear()
        self._scroll_to_cursor()
        self._read_ahead()

    def notify_style_update(self) -> None:
        """Other colours: draw everything again."""
        super().notify_style_update()
        self._strips.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region; nothing is drawn twice."""
        width = self.size.width
        strips = [self._head() if y == 0 else self._line(y) for y in crop.line_range]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _head(self) -> Strip:
        if self._drawing is None:
            return Strip.blank(self.size.width, self.rich_style)
        return self._kept(-1, None, (0, self.sort or ""))

    def _line(self, y: int) -> Strip:
        place = self._place
        index = place.top + y - 1
        row = self.window.row(index)
        if row is None or self._drawing is None:
            return self._blank(y)
        row_id = row.id
        state = State.PLAIN
        if index == place.cursor:
            state = State.CURSOR | State.FOCUS if self.has_focus else State.CURSOR
        if row_id in self.marks:
            state |= State.MARKED
        note = place.taken.get(row_id, "")
        if note:
            state |= State.TAKEN
        return self._kept(row_id, row, (int(state), note))

    def _blank(self, y: int) -> Strip:
        text = ""
        said = wrap(self.problem, max(self.size.width - 4, 10)) if self.problem else self.empty if self._loaded else ()
        if not self.window.rows and 2 <= y < 2 + len(said):
            text = "  " + said[y - 2]
        return self._kept(-2 - y, text, (0, text))

    def _kept(self, slot: int, row: R | str | None, key: tuple[int, str]) -> Strip:
        """The strip of a slot (a row's id, or a negative number), drawn if it is not the one we have."""
        known = self._strips.get(slot)
        if known is not None and known.key == key and (known.row is row or known.row == row):
            return known.strip
        strip = self._draw(row, key)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        if len(self._strips) > KEPT_STRIPS:
            self._strips.clear()
        self._strips[slot] = _Drawn(row, key, strip)
        return strip

    def _draw(self, row: R | str | None, key: tuple[int, str]) -> Strip:
        width, drawing = self.size.width, self._drawing
        if drawing is None:
            return Strip.blank(width, self.rich_style)
        if row is None:
            return Strip(self.table.head(width, drawing, self.sort), width)
        if isinstance(row, str):
            return Strip([Segment(fit(row, width), drawing.palette.dim)], width)
        try:
            return Strip(self.table.line(row, width, drawing, State(key[0]), key[1]), width)
        except Exception as why:  # noqa: BLE001 - a row that cannot be drawn leaves the others
            return Strip([Segment(fit(told(why), width), drawing.palette.bad)], width)
