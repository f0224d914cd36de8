"""Person 360: who she is, where she belongs, when she was last met by whom, and all that happened with her."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.services.errors import Refused
from cockpit.tui import clipboard
from cockpit.tui.actions import Place
from cockpit.tui.render.columns import Drawing
from cockpit.tui.render.line import paragraph
from cockpit.tui.render.person import THING_HEAD, head_lines, thing_table, thing_text
from cockpit.tui.screens.account_acts import AccountActs
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.merge_acts import MergeActs, Merging
from cockpit.tui.screens.network_acts import NetworkActs
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live
    from cockpit.services.people import PersonRow
    from cockpit.services.person import PersonShown, PersonThing

MOST_HEAD = 14


class PersonScreen(NetworkActs, MergeActs, AccountActs):
    """One person and everything with her."""

    CSS_PATH = "person.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("person")
    place_name = "person"

    def __init__(self, person_id: int) -> None:
        super().__init__()
        self.person_id = person_id
        self.shown: PersonShown | None = None
        self._is_placed = False

    def body(self) -> Iterable[Widget]:
        """Who she is over what happened."""
        moves = self.cockpit.keys.moves()
        yield Box(LinesView(id="head"), id="who")
        yield Box(RowList["PersonThing"](thing_table(), self._run, moves, id="rows"), id="things")

    async def on_mount(self) -> None:
        """Read."""
        self.rows.empty = ("Nothing is known that she was part of.", "l on an account logs what happens, with who was there")
        self.rows.focus()
        self.load()

    def tab_name(self) -> str:
        """The tab one came from."""
        return self.app.current_mode

    @property
    def rows(self) -> RowList[PersonThing]:
        """What happened with her."""
        return self.query_one("#rows", RowList)

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.later(f"{group} person", work, then, lambda why: self.rows.failed(str(why)))

    def load(self) -> None:
        """Read her; the list shows what was read."""
        from cockpit.services.person import show_person

        def arrived(shown: PersonShown) -> None:
            self.shown = shown
            self._tell_head()
            rows = self.rows
            rows.draw_with(Drawing(self.palette, self.desk.today()))
            rows.show(FixedSource(lambda: shown.things))

        def refused(why: Exception) -> None:
            self.trouble(why)
            if isinstance(why, Refused):
                self.act_back()
            else:
                self.query_one("#head", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

        self.later("person", lambda: show_person(self.desk, self.person_id), arrived, refused)

    def _tell_head(self) -> None:
        shown = self.shown
        if shown is not None:
            view = self.query_one("#head", LinesView)
            lines = len(head_lines(shown, max(self.size.width - 6, 20), self.palette))
            view.styles.height = min(lines, MOST_HEAD, max(4, self.size.height // 2 - 2))
            view.show(lambda width, p: head_lines(shown, width, p), self.palette)
        self.tell_keys()

    def live_changed(self, live: Live) -> None:
        """Read her again."""
        self.load()

    def acted(self) -> None:
        """My own act."""
        self.load()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.rows.draw_with(Drawing(self.palette, self.desk.today()))
        self._tell_head()

    def on_row_list_filled(self) -> None:
        """At first sight the cursor stands on the meeting at which she was last met: enter opens it."""
        shown = self.shown
        if shown is not None and shown.last_met is not None and not self._is_placed:
            self._is_placed = True
            place = next((n for n, one in enumerate(shown.things) if (one.kind, one.ref) == ("activity", shown.last_met.activity_id)), 0)
            self.rows.go_to(place)

    def on_row_list_moved(self) -> None:
        """Other keys may work."""
        self.tell_keys()

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    def place(self) -> Place:
        """What the cursor stands on."""
        row = self.rows.row.kind if self.query("#rows") and self.rows.row is not None else ""
        return Place("person", row or "person", read_only=self.desk.read_only)

    def people_chosen(self) -> Sequence[PersonRow]:
        """Her, as the account she belongs to first knows her."""
        from cockpit.services.people import people_of

        if self.shown is None or not self.shown.accounts:
            return ()
        account = self.shown.accounts[0].account_id
        return [one for one in people_of(self.desk, account) if one.id == self.person_id and one.account_id == account]

    def merging(self) -> Merging | None:
        """Her."""
        return None if self.shown is None else Merging("person", self.person_id, self.shown.person.name)

    # Keys --------------------------------------------------------------------------------------

    def act_edit(self) -> None:
        """Her form, at the account she belongs to first."""
        chosen = self.people_chosen()
        if chosen:
            self.start_edit_person(chosen[0])
        else:
            self.refuse("She belongs to no account any more: `cockpit person edit` changes her.")

    def act_open(self) -> None:
        """The entry under the cursor; else the account it is about."""
        row = self.rows.row
        if row is None:
            self.refuse("There is nothing under the cursor to open.")
        elif row.kind == "activity":
            self.open_activity(row.ref, row.account or "")
        elif row.account_id is not None:
            panes = {"ticket": "support", "survey": "support"}
            self.cockpit.open_account(row.account_id, panes.get(row.kind, "summary"))

    def act_copy(self) -> None:
        """The row as cells with tabs."""
        row = self.rows.row
        if row is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.tsv([thing_text(row)]))}")

    def act_copy_markdown(self) -> None:
        """The row as a Markdown table."""
        row = self.rows.row
        if row is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.markdown(THING_HEAD, [thing_text(row)]))}")
