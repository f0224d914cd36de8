"""People: who they are, who belongs to the value network, when each was last met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.services.people import people_of
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import person as render
from cockpit.tui.render.columns import Table
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.row_reader import Source

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow


class PeoplePane(ListPane["PersonRow"]):
    """Who these people are."""

    name_ = "people"
    letter = "e"
    title = "People"
    things = frozenset({"person", "membership", "activity", "attendee"})
    head = render.COPY_HEAD

    def table(self) -> Table[PersonRow]:
        """Network first."""
        return render.table()

    def source(self) -> Source[PersonRow]:
        """Everybody."""
        return FixedSource(lambda: people_of(self.host.desk, self.account_id))

    def cells(self, row: PersonRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """Nobody is known."""
        return ("Nobody of this customer is known yet.", "a adds a person · cockpit import FILE brings them")

    def row_word(self) -> str:
        """A person, if there is one."""
        return "person" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Add a person."""
        self.host.start_add_person(self.account_id)

    def act_edit(self) -> None:
        """Change a person."""
        row = self.rows.row
        if row is not None:
            self.host.start_edit_person(row)

    def act_open(self) -> None:
        """All of a person, which is her form."""
        self.act_edit()
