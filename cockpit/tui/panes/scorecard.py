"""Scorecard: health drawn, each measure a row; a word against it by a key, the sum and what moved it by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.services.errors import Refused
from cockpit.tui.panes.drawn import DrawnPane
from cockpit.tui.render import scorecard as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Line
from cockpit.tui.render.scorecard import MeasureRow
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.health import HealthPage, HealthShown, Movement


SPANS = (28, 7, 91, 182)
"""Days back of what moved the score."""


class ScorecardPane(DrawnPane[MeasureRow, "HealthPage"]):
    """How healthy it is, and why."""

    name_ = "scorecard"
    letter = "o"
    title = "Scorecard"
    things = frozenset()
    head = render.COPY_HEAD
    span = SPANS[0]

    def table(self) -> Table[MeasureRow]:
        """A measure per row."""
        return render.table()

    def read(self) -> HealthPage:
        """The score, its measures, its half year."""
        from cockpit.services.health import health_page

        return health_page(self.host.desk, self.account_id)

    def drawn(self, of: HealthPage, width: int, height: int, p: Palette) -> list[Line]:
        """Score, trend, groups."""
        return render.drawing(of, width, height, p)

    def listed(self, of: HealthPage) -> Sequence[MeasureRow]:
        """Its measures."""
        return render.rows(of.shown)

    def cells(self, row: MeasureRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """No scorecard, or no customer."""
        why = self.shown.shown.why if self.shown is not None else ""
        return (f"Nothing is computed here: {why}." if why else "Nothing is computed here.", "i edits the account: health is what is typed")

    def row_word(self) -> str:
        """A measure."""
        return "measure" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Say what the measure under the cursor (or the whole score) is worth."""
        row, of = self.rows.row, self.shown
        if of is None or not of.shown.measures:
            self.host.refuse("Nothing is computed here that could be overridden; i edits the account.")
        else:
            self.host.start_override(of.shown, None if row is None else row.of.name)

    def act_edit(self) -> None:
        """Change or take back what was said of the measure under the cursor, else of the whole score."""
        row, of = self.rows.row, self.shown
        if of is None or not of.shown.measures:
            self.host.start_edit_account(self.account_id)
            return
        said = [one.measure for one in of.shown.overrides]
        if row is not None and row.of.name in said:
            self.host.start_edit_override(of.shown, row.of.name)
        elif None in said:
            self.host.start_edit_override(of.shown, None)
        else:
            self.act_add()

    def act_open(self) -> None:
        """The sum."""
        self.act_why()

    def act_turn(self) -> None:
        """Another day since which it is told what moved the score."""
        self.span = SPANS[(SPANS.index(self.span) + 1) % len(SPANS)]
        self.act_why()

    def act_why(self) -> None:
        """The arithmetic, and what moved it since a day."""
        from cockpit.services.health import health, movement
        from cockpit.tui.modals.sheet import Sheet

        desk, id_ = self.host.desk, self.account_id
        since = desk.today() - timedelta(days=self.span)

        def read() -> tuple[HealthShown, Movement | None, str]:
            try:
                return health(desk, id_), movement(desk, id_, since), ""
            except Refused as why:
                return health(desk, id_), None, why.message

        def arrived(found: tuple[HealthShown, Movement | None, str]) -> None:
            shown, moved, why_not = found
            title = f"Health of {shown.account}"
            sheet = Sheet(title, lambda width, p: render.sum_lines(shown, moved, why_not, width, p), self.host.palette, wide=True)
            self.app.push_screen(sheet)

        self.host.later("why", read, arrived)
