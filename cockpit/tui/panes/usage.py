"""Usage: the metric under the cursor drawn over half a year, every metric as a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.tui.panes.drawn import DrawnPane
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Line
from cockpit.tui.render.usage import MetricRow, as_text, table, usage_lines
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.usage import UsageShown


class UsagePane(DrawnPane[MetricRow, "UsageShown"]):
    """Whether they use it."""

    name_ = "usage"
    letter = "u"
    title = "Usage"
    things = frozenset({"usage", "subscription", "product", "feed"})
    head = ("metric", "last week", "change", "latest")

    def table(self) -> Table[MetricRow]:
        """A metric per row."""
        return table(self.host.desk.today())

    def read(self) -> UsageShown:
        """The weeks of every metric."""
        from cockpit.services.usage import usage

        return usage(self.host.desk, self.account_id, self.host.whole_family)

    def drawn(self, of: UsageShown, width: int, height: int, p: Palette) -> list[Line]:
        """The metric under the cursor."""
        row = self.rows.row
        chosen = row.of if row is not None and row.of in of.metrics else next(iter(of.metrics), None)
        return usage_lines(of, chosen, width, height, p)

    def listed(self, of: UsageShown) -> Sequence[MetricRow]:
        """Its metrics."""
        return [MetricRow(number, metric) for number, metric in enumerate(of.metrics)]

    def on_row_list_moved(self) -> None:
        """Draw what the cursor is on now."""
        super().on_row_list_moved()
        self.draw()

    def cells(self, row: MetricRow) -> Sequence[str]:
        """A row of a copy."""
        return as_text(row)

    def why_empty(self) -> Sequence[str]:
        """No usage is known."""
        brings = "cockpit import FILE brings it (Account ID, Metric, Date, Value) · a notes a value"
        return ("No usage was recorded in the last half year.", brings)

    def row_word(self) -> str:
        """A metric."""
        return "metric" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Note a value."""
        self.host.start_new_fact(("usage",), metric=self.rows.row.of.name if self.rows.row is not None else "")

    def act_edit(self) -> None:
        """Correct the last value of the metric under the cursor."""
        row = self.rows.row
        if row is not None:
            self.host.start_edit_usage(row.of.name)

    def act_open(self) -> None:
        """Every week of the metric."""
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.usage import week_lines

        row, of = self.rows.row, self.shown
        if row is not None and of is not None:
            self.app.push_screen(Sheet(row.of.name, lambda width, p: week_lines(of, row.of, p), self.host.palette))
