"""A Textual app that shows one word."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """Nothing but the word."""

    def compose(self) -> ComposeResult:
        yield Static("ready")


Minimal().run()
