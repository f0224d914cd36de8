"""The line one types a filter in; imported with the first ``/``, for it is heavy."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from cockpit.tui.widgets.filter_bar import FilterBar


class Typed(Input):
    """Tab completes, arrows choose, esc and enter end it: the bar decides."""

    def on_key(self, event: events.Key) -> None:
        """Ask the bar first."""
        bar = self.parent
        if isinstance(bar, FilterBar) and bar.handle(event.key):
            event.stop()
            event.prevent_default()
