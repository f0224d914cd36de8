"""A pane with a drawing above a list: both come from one read of one service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from textual.app import ComposeResult

from cockpit.tui.panes.base import ListPane
from cockpit.tui.render.line import Line
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import Row

R = TypeVar("R", bound=Row)
S = TypeVar("S")
LIST_KEEPS = 6
"""Lines the list keeps however much could be drawn above it."""


class DrawnPane(ListPane[R], Generic[R, S]):
    """Subclasses read (``read``, off the screen's thread), draw (``drawn``) and list (``listed``) one thing."""

    shown: S | None = None

    def compose(self) -> ComposeResult:
        """The drawing over the list."""
        yield LinesView(classes="drawing")
        yield from super().compose()

    def read(self) -> S:
        """What is drawn and listed."""
        raise NotImplementedError

    def drawn(self, of: S, width: int, height: int, p: Palette) -> list[Line]:
        """The lines above the list, at most about ``height``."""
        raise NotImplementedError

    def listed(self, of: S) -> Sequence[R]:
        """The rows of the list."""
        raise NotImplementedError

    def source(self) -> Source[R]:
        """What was read last."""
        return FixedSource(lambda: self.listed(self.shown) if self.shown is not None else ())

    def load(self) -> None:
        """Read once, then show both."""

        def arrived(of: S) -> None:
            self.shown = of
            self.draw()
            self.rows.load(self.source(), self.host.drawing(), self.why_empty(), leave=False)

        self.host.later(f"pane {self.name_}", self.read, arrived, self.failed)

    def draw(self) -> None:
        """Draw the part above the list for the room there is."""
        of, view = self.shown, self.query_one(".drawing", LinesView)
        if of is None or not self.size.width:
            return
        most = max(self.size.height - LIST_KEEPS, 3)
        lines = self.drawn(of, self.size.width, most, self.host.palette)
        view.styles.height = min(len(lines), most)
        view.show(self._drawing(of, most), self.host.palette, keep_place=True)

    def _drawing(self, of: S, most: int) -> Callable[[int, Palette], list[Line]]:
        return lambda width, p: self.drawn(of, width, most, p)

    def on_resize(self) -> None:
        """Another room: draw again."""
        self.draw()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.draw()

    def failed(self, why: Exception) -> None:
        """The rows that are there stay; without any the list says why."""
        if not self.rows.is_loaded:
            self.rows.draw_with(self.host.drawing())
        super().failed(why)

    def focus_it(self) -> None:
        """The list takes the keys."""
        self.rows.focus()

    def row_word(self) -> str:
        """A fact, if there is one."""
        return "fact" if self.rows.row is not None else ""


class Whole:
    """Mixed into panes of facts: what opens one whole."""

    host: Any
    rows: RowList[Any]
    app: Any

    def act_open(self) -> None:
        """Everything of the row, with where it came from."""
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.facts import whole

        row = self.rows.row
        if row is not None:
            title = f"{row.kind} {row.number} · {row.account or ''}"
            self.app.push_screen(Sheet(title, lambda width, p: whole(row, width, p), self.host.palette))

    def act_edit(self) -> None:
        """Correct the row."""
        row = self.rows.row
        if row is not None:
            self.host.start_edit_fact(row)
