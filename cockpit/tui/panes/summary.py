"""Summary: the state of everything in one line each."""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit.services.account import Summary, account_summary
from cockpit.services.intervention import InterventionRow, intervention_of
from cockpit.tui.panes.base import Pane
from cockpit.tui.render.account import summary_lines
from cockpit.tui.render.board import summary_line
from cockpit.tui.render.line import Line, labelled
from cockpit.tui.theme import Palette
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

        def read() -> tuple[Summary, InterventionRow | None]:
            return account_summary(host.desk, self.account_id), intervention_of(host.desk, self.account_id)

        def arrived(found: tuple[Summary, InterventionRow | None]) -> None:
            summary, running = found
            today, now = host.desk.today(), host.desk.now()

            def draw(width: int, p: Palette) -> list[Line]:
                lines = summary_lines(summary, today, now, width, p)
                return [*lines[:2], labelled(" Intervention", summary_line(running, p), p, 14), *lines[2:]]

            self.query_one(LinesView).show(draw, host.palette, keep_place=True)

        host.later("pane summary", read, arrived, self.failed)
