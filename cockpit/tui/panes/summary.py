"""Summary: the state of everything in one line each."""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit.services.account import Summary, account_summary
from cockpit.tui.panes.base import Pane
from cockpit.tui.render.account import summary_lines
from cockpit.tui.widgets.lines import LinesView


class SummaryPane(Pane):
    """How this customer is."""

    name_ = "summary"
    letter = "s"
    title = "Summary"

    def compose(self) -> ComposeResult:
        """Lines that scroll."""
        yield LinesView(self.host.cockpit.keys.moves())

    def load(self) -> None:
        """Read it all."""
        host = self.host

        def arrived(found: Summary) -> None:
            today, now = host.desk.today(), host.desk.now()
            view = self.query_one(LinesView)
            view.show(lambda width, p: summary_lines(found, today, now, width, p), host.palette, keep_place=True)

        host.later("pane summary", lambda: account_summary(host.desk, self.account_id), arrived)
