"""Summary: the state of everything in one line each, how old it is, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from cockpit.tui.panes.base import Pane
from cockpit.tui.render.line import Line
from cockpit.tui.render.overview import overview_lines
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow
    from cockpit.services.overview import Overview


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
        host, whole = self.host, self.host.whole_family

        def read() -> tuple[Overview, InterventionRow | None]:
            from cockpit.services.intervention import intervention_of
            from cockpit.services.overview import overview

            return overview(host.desk, self.account_id, whole), intervention_of(host.desk, self.account_id)

        def arrived(found: tuple[Overview, InterventionRow | None]) -> None:
            of, running = found
            now = host.desk.now().astimezone(host.drawing().zone)

            def draw(width: int, p: Palette) -> list[Line]:
                return overview_lines(of, running, now, width, p)

            self.query_one(LinesView).show(draw, host.palette, keep_place=True)

        host.later("pane summary", read, arrived, self.failed)
