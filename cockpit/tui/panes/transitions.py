"""Transitions: the one that runs on the account, and those there were."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import transition as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.team import Entry, as_text, table
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.row_reader import Source


class TransitionsPane(ListPane[Entry]):
    """How it changed hands."""

    name_ = "transitions"
    letter = "x"
    title = "Transitions"
    things = frozenset({"transition", "transition_account", "task", "decision", "brief", "question", "activity"})
    head = render.COPY_HEAD

    def table(self) -> Table[Entry]:
        """As the lists of screen 4."""
        return table(render.LISTED)

    def source(self) -> Source[Entry]:
        """The running one first."""

        def read() -> Sequence[Entry]:
            from cockpit.services.transition import transitions_of

            return render.listed(transitions_of(self.host.desk, self.account_id), self.host.desk.today())

        return FixedSource(read)

    def cells(self, row: Entry) -> Sequence[str]:
        """A row of a copy."""
        return as_text(row)

    def why_empty(self) -> Sequence[str]:
        """It never changed hands."""
        return ("This account never changed hands here.", "a starts a hand-over")

    def row_word(self) -> str:
        """A transition, if there is one."""
        return "transition" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Start one."""
        self.host.start_transition(self.host.account_name)

    def act_open(self) -> None:
        """Guide through it."""
        entry = self.rows.row
        if entry is not None:
            self.host.open_transition(entry.id)

    def act_edit(self) -> None:
        """Another day, another reason."""
        entry = self.rows.row
        if entry is not None:
            self.host.edit_transition(entry.data)
