"""People: who they are, who belongs to the value network, when each was last met and by whom; as a list or as a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from cockpit.services.network import NetworkShown, show_network
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import person as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Line
from cockpit.tui.render.network import map_lines, strip
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.row_reader import Source

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow

STRIP = 2


class PeoplePane(ListPane["PersonRow"]):
    """Who these people are."""

    DEFAULT_CSS = "PeoplePane #network-map { height: 2; }"

    name_ = "people"
    letter = "e"
    title = "People"
    things = frozenset({"person", "membership", "activity", "attendee", "event", "merge", "segment"})
    head = render.COPY_HEAD
    is_map = False
    shown: NetworkShown | None = None

    def compose(self) -> ComposeResult:
        """The network in two lines (or as a map) over the list."""
        yield LinesView(self.host.cockpit.keys.moves(), id="network-map")
        yield RowList["PersonRow"](self.table(), self._run, self.host.cockpit.keys.moves())

    @property
    def map(self) -> LinesView:
        """The network drawn."""
        return self.query_one("#network-map", LinesView)

    def table(self) -> Table[PersonRow]:
        """Network first."""
        return render.table()

    def source(self) -> Source[PersonRow]:
        """Everybody."""
        return FixedSource(self._read)

    def _read(self) -> Sequence[PersonRow]:
        self.shown = show_network(self.host.desk, self.account_id)
        return self.shown.people

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """The list and the network over it are of one read."""

        def arrived(found: Any) -> None:
            then(found)
            self._tell_map()

        super()._run(group, work, arrived)

    def _tell_map(self) -> None:
        shown, is_map = self.shown, self.is_map

        def draw(width: int, p: Palette) -> list[Line]:
            if shown is None:
                return []
            return map_lines(shown, width, p) if is_map else strip(shown, width, p)

        self.map.show(draw, self.host.palette, keep_place=True)

    def repaint(self) -> None:
        """Other colours."""
        super().repaint()
        self._tell_map()

    def focus_it(self) -> None:
        """Take the keys."""
        (self.map if self.is_map else self.rows).focus()

    def cells(self, row: PersonRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def why_empty(self) -> Sequence[str]:
        """Nobody is known."""
        return ("Nobody of this customer is known yet.", "a adds a person · cockpit import FILE brings them")

    def row_word(self) -> str:
        """A person, if there is one."""
        return "person" if self.rows.row is not None and not self.is_map else ""

    def marked(self) -> int:
        """How many are marked."""
        return self.rows.marks.count(len(self.rows.window.rows))

    def chosen(self) -> Sequence[PersonRow]:
        """The marked people, or the one under the cursor."""
        rows = self.rows
        if rows.marks:
            return [row for row in rows.window.rows if row.id in rows.marks]
        return [] if rows.row is None or self.is_map else [rows.row]

    def act_turn(self) -> None:
        """The map, or the list again."""
        self.is_map = not self.is_map
        self.rows.display = not self.is_map
        self.map.styles.height = "1fr" if self.is_map else STRIP
        self._tell_map()
        self.focus_it()
        self.host.tell_keys()

    def act_why(self) -> None:
        """The sums behind size, coverage and single thread."""
        self.host.show_why(self.account_id, self.host.account_name)

    def act_mark(self) -> None:
        """Mark the person and go on."""
        self.rows.toggle_mark()
        self.host.tell_keys()

    def act_clear(self) -> bool:
        """Clear the marks; whether there were any."""
        if not self.rows.marks:
            return False
        self.rows.clear_marks()
        self.host.tell_keys()
        return True

    def act_add(self) -> None:
        """Add a person."""
        self.host.start_add_person(self.account_id)

    def act_edit(self) -> None:
        """Change a person."""
        row = self.rows.row
        if row is not None and not self.is_map:
            self.host.start_edit_person(row)

    def act_open(self) -> None:
        """All of a person."""
        row = self.rows.row
        if row is not None and not self.is_map:
            self.host.cockpit.open_person(row.id)
