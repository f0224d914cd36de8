"""Cards in columns with one cursor: j and k within a column, left and right between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from cockpit.tui.render.board import CARD, At, board_lines, shown_columns
from cockpit.tui.render.line import Line
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow


class BoardView(LinesView):
    """The board; says when the cursor came to stand on another card."""

    class Moved(Message):
        """Another card."""

    class Opened(Message):
        """A double click on a card."""

    def __init__(self, moves: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(moves, id=id)
        self.columns: list[list[InterventionRow]] = []
        self.at = At()
        self.board_palette: Palette | None = None

    @property
    def card(self) -> InterventionRow | None:
        """The card under the cursor."""
        column = self.columns[self.at.column] if self.at.column < len(self.columns) else []
        return column[self.at.row] if self.at.row < len(column) else None

    def put(self, columns: Sequence[Sequence[InterventionRow]], palette: Palette, keep: int | None = None) -> None:
        """Show these cards; the cursor stays on the card with the id ``keep`` wherever that went."""
        self.columns = [list(column) for column in columns]
        self.board_palette = palette
        found = next(
            (At(c, r) for c, column in enumerate(self.columns) for r, row in enumerate(column) if row.id == keep), None
        )
        if found is None and self.card is None:
            found = next((At(c, 0) for c, column in enumerate(self.columns) if column), self.at)
        self._go(found or self.at)

    def _go(self, at: At) -> None:
        many = len(self.columns)
        column = max(0, min(at.column, many - 1)) if many else 0
        rows = len(self.columns[column]) if many else 0
        self.at = At(column, max(0, min(at.row, rows - 1)))
        self.tell()
        self.post_message(self.Moved())

    def tell(self) -> None:
        """Draw."""
        palette = self.board_palette
        if palette is None:
            return

        def draw(width: int, p: Palette) -> list[Line]:
            return board_lines(self.columns, self.at, width, self.size.height, p, focus=self.has_focus)

        self.show(draw, palette)

    def on_key(self, event: events.Key) -> None:
        """Move the cursor."""
        move = self._moves.get(event.key)
        at, room = self.at, max((self.size.height - 1) // CARD, 1)
        steps = {"up": -1, "down": 1, "page_up": -room, "page_down": room, "half_up": -2, "half_down": 2, "first": -9999, "last": 9999}
        if event.key in ("left", "right"):
            self.turn(1 if event.key == "right" else -1)
        elif move is not None:
            self._go(At(at.column, max(at.row + steps[move], 0)))
        else:
            return
        event.stop()
        event.prevent_default()

    def turn(self, by: int) -> None:
        """To a neighbouring column."""
        self._go(At(self.at.column + by, self.at.row))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a card, a second one opens it."""
        event.stop()
        shown = shown_columns(self.at, self.size.width)
        column = shown.start + min(event.x * len(shown) // max(self.size.width, 1), len(shown) - 1)
        room = max((self.size.height - 1) // CARD, 1)
        top = max(0, self.at.row - room + 1) if column == self.at.column else 0
        self._go(At(column, top + max(event.y - 1, 0) // CARD))
        if event.chain == 2:
            self.post_message(self.Opened())

    def on_focus(self) -> None:
        """The card is brighter while the board has the focus."""
        self.tell()

    def on_blur(self) -> None:
        """See on_focus."""
        self.tell()

    def on_resize(self) -> None:
        """Other columns fit."""
        super().on_resize()
        self.tell()

    def scroll_lines(self, by: int) -> None:
        """The wheel moves the cursor."""
        self._go(At(self.at.column, max(self.at.row + (1 if by > 0 else -1), 0)))
