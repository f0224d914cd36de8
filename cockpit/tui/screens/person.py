"""Person 360: who she is, where she belongs, when she was last met by whom, and all that happened with her."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.services.errors import Refused
from cockpit.tui.actions import Place
from cockpit.tui.render.line import paragraph
from cockpit.tui.render.person import THING_HEAD, head_lines, thing_table, thing_text
from cockpit.tui.screens.account_acts import AccountActs
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.merge_acts import MergeActs, Merging
from cockpit.tui.screens.network_acts import NetworkActs
from cockpit.tui.screens.reading import Listing
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow
    from cockpit.services.person import PersonShown, PersonThing

MOST_HEAD = 14
EMPTY = ("Nothing is known that she was part of.", "l on an account logs what happens, with who was there")


class PersonScreen(Listing["PersonThing"], NetworkActs, MergeActs, AccountActs):
    """One person and everything with her."""

    CSS_PATH = "person.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("person")
    place_name = "person"
    head = THING_HEAD

    def __init__(self, person_id: int) -> None:
        super().__init__()
        self.person_id = person_id
        self.shown: PersonShown | None = None
        self._belongs: Sequence[PersonRow] = ()
        """Her, as the account she belongs to first knows her."""
        self._is_placed = False

    def body(self) -> Iterable[Widget]:
        """Who she is over what happened."""
        moves = self.cockpit.keys.moves()
        yield Box(LinesView(id="head"), id="who")
        yield Box(RowList["PersonThing"](thing_table(), self.run_list, moves, id="rows"), id="things")

    async def on_mount(self) -> None:
        """Read."""
        self.rows.focus()
        self.load()

    def tab_name(self) -> str:
        """The tab one came from."""
        return self.app.current_mode

    def load(self) -> None:
        """Read her, with what her form needs to know."""
        from cockpit.services.people import people_of
        from cockpit.services.person import show_person

        def read() -> tuple[PersonShown, Sequence[PersonRow]]:
            shown = show_person(self.desk, self.person_id)
            account = shown.accounts[0].account_id if shown.accounts else None
            people = () if account is None else people_of(self.desk, account)
            return shown, [one for one in people if one.id == self.person_id and one.account_id == account]

        def arrived(found: tuple[PersonShown, Sequence[PersonRow]]) -> None:
            self.shown, self._belongs = found
            self._tell_head()
            self.rows.load(FixedSource(self._things), self.drawing(), EMPTY)

        def refused(why: Exception) -> None:
            self.trouble(why)
            if isinstance(why, Refused):
                self.act_back()
            else:
                self.query_one("#head", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

        self.later("person", read, arrived, refused)

    def _things(self) -> Sequence[PersonThing]:
        return self.shown.things if self.shown is not None else ()

    def _tell_head(self) -> None:
        shown = self.shown
        if shown is not None:
            view = self.query_one("#head", LinesView)
            lines = len(head_lines(shown, max(self.size.width - 6, 20), self.palette))
            view.styles.height = min(lines, MOST_HEAD, max(4, self.size.height // 2 - 2))
            view.show(lambda width, p: head_lines(shown, width, p), self.palette)
        self.tell_keys()

    def repaint(self) -> None:
        """The lines above, too."""
        super().repaint()
        self._tell_head()

    def on_row_list_filled(self) -> None:
        """At first sight the cursor stands on the meeting at which she was last met: enter opens it."""
        shown = self.shown
        if shown is not None and shown.last_met is not None and not self._is_placed:
            self._is_placed = True
            place = next((n for n, one in enumerate(shown.things) if (one.kind, one.ref) == ("activity", shown.last_met.activity_id)), 0)
            self.rows.go_to(place)

    def place(self) -> Place:
        """What the cursor stands on."""
        row = self.row
        return Place("person", row.kind if row is not None else "person", read_only=self.desk.read_only)

    def people_chosen(self) -> Sequence[PersonRow]:
        """Her, as the account she belongs to first knows her."""
        return self._belongs

    def merging(self) -> Merging | None:
        """Her."""
        return None if self.shown is None else Merging("person", self.person_id, self.shown.person.name)

    def cells(self, row: PersonThing) -> Sequence[str]:
        """See Listing."""
        return thing_text(row)

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
        row = self.row
        if row is None:
            self.refuse("There is nothing under the cursor to open.")
        elif row.kind == "activity":
            self.open_activity(row.ref, row.account or "")
        elif row.account_id is not None:
            panes = {"ticket": "support", "survey": "support"}
            self.cockpit.open_account(row.account_id, panes.get(row.kind, "summary"))
        else:
            self.refuse("This is about no account: there is nothing to open.")
