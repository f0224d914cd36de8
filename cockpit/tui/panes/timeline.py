"""Timeline: what happened, who was there, what was promised; newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.services.timeline import Entry, timeline_page
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import timeline as render
from cockpit.tui.render.columns import Table
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
    find: str = ""

    def page(self, ask: Ask) -> Block[Entry]:
        """The next entries; for the end, up to MOST, and further from there."""
        if ask.kind in ("last", "before"):
            page = timeline_page(self.desk, self.account_id, limit=MOST, find=self.find)
            return Block(page.rows, None, page.last if page.more else None)
        page = timeline_page(self.desk, self.account_id, ask.cursor, PAGE, self.find)
        return Block(page.rows, None, page.last if page.more else None)

    def fate(self, row: Entry) -> str:
        """It was deleted or undone."""
        return "gone"


class TimelinePane(ListPane[Entry]):
    """What happened."""

    name_ = "timeline"
    letter = "t"
    title = "Timeline"
    things = frozenset({"activity", "attendee"})
    find = ""
    """What is looked for: words, or a query about activities."""
    head = render.COPY_HEAD

    def table(self) -> Table[Entry]:
        """When, what, who."""
        return render.table()

    def source(self) -> Source[Entry]:
        """All entries."""
        return TimelineSource(self.host.desk, self.account_id, self.find)

    def cells(self, row: Entry) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """Nothing is logged, or nothing of that."""
        if self.find:
            return (f"Nothing in this timeline says “{self.find}”.", "/ looks for something else · esc shows all of it")
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

        row, zone = self.rows.row, self.host.drawing().zone
        if row is not None:
            self.app.push_screen(Sheet(self.host.account_name, lambda width, p: render.whole(row, width, p, zone), self.host.palette))

    def act_keep(self) -> None:
        """A promise was kept, or not after all; a planned meeting happened or not."""
        row = self.rows.row
        if row is None:
            return
        if row.state == "planned" and row.is_meeting:
            self.host.start_settle(row)
        elif row.next_step:
            self.host.keep_promise(row.id, row.next_step_done_at is None)
        else:
            self.host.refuse("Nothing was promised in this entry, and it is not planned.")

    def act_search(self) -> None:
        """Look for words."""
        from cockpit.tui.modals.field import Field, FormSpec

        hint = "words, or type:call person:ortiz at:<90d"
        spec = FormSpec("Search the timeline", (Field("find", "Find", self.find, hint=hint),), "search")
        self.host.ask(spec, lambda values: self.look_for(values["find"].strip()))

    def look_for(self, words: str) -> None:
        """Show only what says this; all of it when empty."""
        self.find = words
        self.rows.empty = self.why_empty()
        self.rows.show(self.source())

    def act_clear(self) -> bool:
        """Show all of it again; whether there was anything to clear."""
        if not self.find:
            return False
        self.look_for("")
        return True

    def act_edit(self) -> None:
        """Change an entry."""
        row = self.rows.row
        if row is not None:
            self.host.start_edit_activity(row)
