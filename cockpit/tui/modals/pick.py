"""Choose one of a list: type to narrow it, enter takes it, a letter shown before an entry takes that one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from cockpit.tui.render.line import Line, spread
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

Option = tuple[str, str, str]
"""value, label, what is said at the right."""
ROWS = 14


def narrowed(options: Sequence[Option], typed: str) -> list[Option]:
    """Options whose label has every word typed: those that start with it first, then the others."""
    words = typed.casefold().split()
    found = [o for o in options if all(word in f"{o[1]} {o[2]}".casefold() for word in words)]
    return sorted(found, key=lambda o: not o[1].casefold().startswith(typed.casefold().strip())) if words else found


class Pick(ModalScreen[str | None]):
    """A list to choose from; returns the value of an option, or None."""

    AUTO_FOCUS = "#typed"
    CSS_PATH = "pick.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave", priority=True)]

    def __init__(self, title: str, options: Sequence[Option], palette: Palette, *, empty: str = "Nothing matches.") -> None:
        super().__init__()
        self.heading = title
        self.options = list(options)
        self.palette = palette
        self.empty = empty
        self.found: list[Option] = self.options
        self.at = 0

    def compose(self) -> ComposeResult:
        """A line to type in over the list."""
        with Vertical(id="box") as box:
            box.border_title = self.heading.replace("[", "\\[")
            yield Input(compact=True, id="typed", placeholder="type to narrow · ↑ ↓ · enter takes · esc leaves")
            yield LinesView(id="options")

    def on_mount(self) -> None:
        """Ready to type."""
        self.tell()

    def tell(self) -> None:
        """Draw the options that match."""

        def draw(width: int, p: Palette) -> list[Line]:
            start = max(0, self.at - ROWS + 1)
            lines: list[Line] = []
            for number, (_, label, note) in enumerate(self.found[start : start + ROWS], start):
                here = number == self.at
                over = p.cursor if here else p.text
                left: Line = [("▸ " if here else "  ", p.accent + over), (label, p.text + over)]
                lines.append(spread(left, [(note + " ", p.dim + over)], width, p.text + over))
            return lines or [[(self.empty, p.dim)]]

        self.query_one(LinesView).show(draw, self.palette)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        self.found, self.at = narrowed(self.options, event.value), 0
        self.tell()

    def on_key(self, event: events.Key) -> None:
        """Move and take."""
        if event.key in ("down", "up", "ctrl+n", "ctrl+p") and self.found:
            self.at = (self.at + (1 if event.key in ("down", "ctrl+n") else -1)) % len(self.found)
            self.tell()
        elif event.key == "enter":
            self.take()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_input_submitted(self) -> None:
        """Take."""
        self.take()

    def take(self) -> None:
        """Give back the option under the cursor."""
        if self.found:
            self.dismiss(self.found[self.at][0])

    def on_click(self, event: events.Click) -> None:
        """A click takes an option."""
        view = self.query_one(LinesView)
        if event.widget is view:
            number = max(0, self.at - ROWS + 1) + event.y
            if number < len(self.found):
                self.at = number
                self.take()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
