"""What cannot be undone, looked at before it is done: enter goes on, esc does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from cockpit.tui.modals.sheet import Sheet
from cockpit.tui.render.line import Draw
from cockpit.tui.theme import Palette


class Confirm(Sheet):
    """A page to read; enter does what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "yes", "go on", priority=True, show=False),
        Binding("escape,q", "leave", "leave", priority=True, show=False),
    ]

    def __init__(self, title: str, draw: Draw, going: str, palette: Palette, yes: Callable[[], None]) -> None:
        super().__init__(title, draw, palette, wide=True)
        self.going, self._yes = going, yes

    def on_mount(self) -> None:
        """Say what enter does."""
        self.query_one("#box").border_subtitle = f"enter {self.going} · esc does not · j k scroll"

    def action_yes(self) -> None:
        """Go on."""
        self.dismiss(None)
        self._yes()
