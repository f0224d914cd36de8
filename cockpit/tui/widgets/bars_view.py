"""Stacked bars with one cursor: j and k between the bars, left and right between the parts of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from cockpit.tui.render.line import Line
from cockpit.tui.render.network import STATES, bar_line, legend
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from cockpit.services.portfolio import Group, Portfolio


class BarsView(LinesView):
    """How the networks of each group are."""

    class Moved(Message):
        """The cursor stands on another part."""

    class Opened(Message):
        """A double click on a bar."""

    def __init__(self, moves: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(moves, id=id)
        self.found: Portfolio | None = None
        self.row = 0
        self.state = STATES.index("small")
        self._colours: Palette | None = None

    @property
    def at(self) -> tuple[Group, str] | None:
        """The group and the state under the cursor."""
        groups = self._groups()
        return (groups[self.row], STATES[self.state]) if groups else None

    def _groups(self) -> list[Group]:
        return [] if self.found is None else [self.found.total, *self.found.groups]

    def put(self, found: Portfolio | None, palette: Palette) -> None:
        """Show these bars; the cursor stays on the group it stood on."""
        before = self.at
        self.found, self._colours = found, palette
        names = [group.name for group in self._groups()]
        self.row = names.index(before[0].name) if before is not None and before[0].name in names else 0
        self._tell()

    def _tell(self) -> None:
        if self._colours is None:
            return

        def draw(width: int, p: Palette) -> list[Line]:
            if self.found is None:
                return []
            lines = [legend(self.found, width, p)]
            for n, group in enumerate(self._groups()):
                lines.append(bar_line(group, width, p, STATES[self.state] if n == self.row else None, self.found.currency))
            return lines

        self.show(draw, self._colours, keep_place=True)
        height = max(self.size.height, 2)
        line = self.row + 1
        if line < self._top + 1:
            self.scroll_lines(line - self._top - 1)
        elif line > self._top + height - 2:
            self.scroll_lines(line - self._top - height + 2)
        self.post_message(self.Moved())

    def on_key(self, event: events.Key) -> None:
        """Move the cursor."""
        steps = {"left": -1, "right": 1}
        move = self._moves.get(event.key)
        page = max(self.size.height - 2, 1)
        rows = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "half_up": -page // 2, "half_down": page // 2}
        many = len(self._groups())
        if event.key in steps:
            self.state = (self.state + steps[event.key]) % len(STATES)
        elif move is not None and many:
            by = rows.get(move, -many if move == "first" else many)
            self.row = max(0, min(self.row + by, many - 1))
        else:
            return
        event.stop()
        event.prevent_default()
        self._tell()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a bar, a second one opens it."""
        event.stop()
        row = self._top + event.y - 1
        if 0 <= row < len(self._groups()):
            self.row = row
            self._tell()
            if event.chain == 2:
                self.post_message(self.Opened())
