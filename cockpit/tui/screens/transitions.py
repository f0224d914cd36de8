"""Transitions: what I hand over, what I take over, the team's board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render import transition as render
from cockpit.tui.render.team import Entry, as_text, table
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.leaving import Leaving
from cockpit.tui.screens.parted import Part, PartBar, Parted
from cockpit.tui.screens.reading import Listing
from cockpit.tui.screens.starting import Starting
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.transition import TransitionRow

SIDES = (Part("out", "o", "Outgoing"), Part("in", "n", "Incoming"), Part("board", "b", "Board"))
EMPTY = {
    "out": ("You hand nothing over.", "a starts a hand-over · b is the team's board"),
    "in": ("Nothing comes to you.", "p b shows what changes hands in the team"),
    "board": ("No account changes hands.", "a starts a hand-over"),
}
NOTE = "out, in: steps done of each side · ready: 100 less the gaps · enter guides through it"


class TransitionsScreen(Parted, Listing[Entry], Leaving, Starting):
    """The lists."""

    CSS_PATH = "transitions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("transitions")
    place_name = "transitions"
    things = frozenset({
        "transition", "transition_account", "task", "decision", "brief", "question", "activity", "cta", "account", "away",
    })  # fmt: skip
    part = "out"
    part_noun = "list"
    head = render.COPY_HEAD

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def body(self) -> Iterable[Widget]:
        """Which side, over its rows."""
        yield PartBar()
        yield Box(RowList[Entry](table(render.LISTED), self.run_list, self.cockpit.keys.moves(), id="rows"), id="list")
        yield LinesView(id="note")

    async def on_mount(self) -> None:
        """The side one last looked at."""
        last = self.cockpit.memory.get("transitions", "side")
        self.rows.draw_with(self.drawing())
        await self.front(last if last in [side.name for side in SIDES] else self.part)

    @property
    def transition(self) -> TransitionRow | None:
        """The transition under the cursor."""
        entry = self.row
        return None if entry is None else entry.data

    def parts(self) -> Sequence[Part]:
        """The sides, each with how many once it was looked at."""
        return [side._replace(title=f"{side.title} {self.counts[side.name]}") if side.name in self.counts else side for side in SIDES]

    def bring(self) -> None:
        """The rows of the side in front."""
        side, rows = self.part, self.rows
        rows.empty = EMPTY[side]
        rows.show(FixedSource(lambda: self._read(side)))
        rows.focus()
        self.cockpit.memory.put("transitions", side=side)

    def _read(self, side: str) -> Sequence[Entry]:
        from cockpit.services import transition

        found = transition.board(self.desk) if side == "board" else transition.list_transitions(self.desk, side)
        self.counts = self.counts | {side: len(found)}
        self.app.call_later(self.tell_parts)
        return render.listed(found, self.desk.today())

    def tell_parts(self) -> None:
        """What the columns mean, too."""
        if self.is_mounted:
            super().tell_parts()
            self.query_one("#note", LinesView).show(lambda width, p: [[(NOTE[:width], p.dim)]], self.palette)

    def load(self) -> None:
        """Read the side in front again."""
        self.rows.reread(leave=True)

    def acted(self) -> None:
        """My own act; keys may mean something else now."""
        super().acted()
        self.tell_keys()

    def cells(self, row: Entry) -> Sequence[str]:
        """See Listing."""
        return as_text(row)

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        row = "transition" if self.row is not None else ""
        return Place("transitions", row, 0, "", self.desk.read_only, self.part, self.desk.me.role.value)

    def act_open(self) -> None:
        """Guide through it."""
        row = self.transition
        if row is not None:
            self.open_transition(row.id)

    def act_add(self) -> None:
        """Start one."""
        self.start_transition("")

    def act_edit(self) -> None:
        """Another day, another reason."""
        row = self.transition
        if row is not None:
            self.edit_transition(row)
