"""Timeline: what happened, who was there, what was promised; newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.services.timeline import timeline_page
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import timeline as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.timeline import EntryLike
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import PAGE, Ask, Block

if TYPE_CHECKING:
    from cockpit.desk import Desk

MOST = 2_000


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """The entries of one account. The service reads forward only, which is how a timeline is read."""

    desk: Desk
    account_id: int

    def page(self, ask: Ask) -> Block[EntryLike]:
        """The next entries; for the end, all up to MOST."""
        if ask.kind in ("last", "before"):
            page = timeline_page(self.desk, self.account_id, limit=MOST)
            return Block(page.rows)
        page = timeline_page(self.desk, self.account_id, ask.cursor, PAGE)
        return Block(page.rows, None, page.last if page.more else None)

    def fate(self, row: EntryLike) -> str:
        """It was deleted or undone."""
        return "gone"


class TimelinePane(ListPane[EntryLike]):
    """What happened."""

    name_ = "timeline"
    letter = "t"
    title = "Timeline"
    things = frozenset({"activity", "attendee"})
    head = render.COPY_HEAD

    def table(self) -> Table[EntryLike]:
        """When, what, who."""
        return render.table()

    def source(self) -> Source[EntryLike]:
        """All entries."""
        return TimelineSource(self.host.desk, self.account_id)

    def cells(self, row: EntryLike) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """Nothing is logged."""
        return ("Nothing is logged yet.", "l (or a) logs a call, a meeting or a note")

    def row_word(self) -> str:
        """An activity, if there is one."""
        return "activity" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Log something."""
        self.host.act_log()

    def act_open(self) -> None:
        """All of an entry."""
        from cockpit.tui.modals.sheet import Sheet

        row = self.rows.row
        if row is not None:
            self.app.push_screen(Sheet(self.host.account_name, lambda width, p: render.whole(row, width, p), self.host.palette))

    def act_edit(self) -> None:
        """Change an entry."""
        row = self.rows.row
        if row is not None:
            self.host.start_edit_activity(row)
