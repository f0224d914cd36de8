"""Find anything by name: acts, screens, views, and accounts as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widgets import Input

from cockpit.tui.modals.pick import Option, Pick, narrowed
from cockpit.tui.theme import Palette

More = Callable[[str, Callable[[list[Option]], None]], None]
"""Asks for more options to what was typed; they come later."""
WAIT = 0.12



class Finder(Pick):
    """A Pick whose list grows by what the store knows under that name; values are ``kind:name``."""

    def __init__(self, options: Sequence[Option], more: More, palette: Palette, title: str = "Find") -> None:
        super().__init__(title, options, palette, empty="Nothing is called that.")
        self._more = more
        self._typed = ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pick narrows; here the store is asked when typing pauses."""
        self._typed = event.value
        if len(event.value.strip()) >= 2:
            typed = event.value
            self.set_timer(WAIT, lambda: self._ask(typed))

    def _ask(self, typed: str) -> None:
        if typed != self._typed:
            return

        def arrived(options: list[Option]) -> None:
            if typed == self._typed and self.is_attached:
                self.found = [*narrowed(self.options, typed), *options]
                self.tell()

        self._more(typed.strip(), arrived)
