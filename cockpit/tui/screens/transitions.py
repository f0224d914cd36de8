"""Transitions: what I hand over, what I take over, the team's board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render import continuity as after
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
    from cockpit.services.live import Live
    from cockpit.services.transition import TransitionRow
    from cockpit.tui.modals.pick import Option

SIDES = (
    Part("out", "o", "Outgoing"), Part("in", "n", "Incoming"), Part("board", "b", "Board"), Part("csms", "c", "Per CSM"),
    Part("after", "f", "Afterwards"),
)  # fmt: skip
TABLES = {"csms": after.CSMS, "after": after.MEASURES}
EMPTY = {
    "out": ("You hand nothing over.", "a starts a hand-over · b is the team's board"),
    "in": ("Nothing comes to you.", "p b shows what changes hands in the team"),
    "board": ("No account changes hands.", "a starts a hand-over"),
    "csms": ("Nobody hands over or takes over.", "a starts a hand-over"),
    "after": ("", ""),
}
NOTE = "out, in: steps done of each side · ready: 100 less the gaps · enter guides through it"
NOTES = {
    "csms": "started by side, taken over with follow-up, steps late · enter lists them",
    "after": "handed over against not · e: the formula, who counts · enter: one of them",
}


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
        return entry.data if entry is not None and entry.kind == "transition" else None

    @property
    def head(self) -> Sequence[str]:
        """See Listing."""
        return after.COPIED.get(self.part, render.COPY_HEAD)

    def parts(self) -> Sequence[Part]:
        """The sides, each with how many once it was looked at."""
        return [side._replace(title=f"{side.title} {self.counts[side.name]}") if side.name in self.counts else side for side in SIDES]

    def bring(self) -> None:
        """The rows of the side in front."""
        side, rows = self.part, self.rows
        rows.table, rows.empty = table(TABLES.get(side, render.LISTED)), EMPTY[side]
        rows.draw_with(self.drawing())
        rows.show(FixedSource(lambda: self._read(side)))
        rows.focus()
        self.cockpit.memory.put("transitions", side=side)

    def _read(self, side: str) -> Sequence[Entry]:
        from cockpit.services import transition, transition_follow

        if side == "after":
            return after.measures(transition_follow.continuity(self.desk))
        if side == "csms":
            return after.csms(transition_follow.per_csm(self.desk))
        found = transition.board(self.desk) if side == "board" else transition.list_transitions(self.desk, side)
        self.counts = self.counts | {side: len(found)}
        self.app.call_later(self.tell_parts)
        return render.listed(found, self.desk.today())

    def tell_parts(self) -> None:
        """What the columns mean, too."""
        if self.is_mounted:
            super().tell_parts()
            note = NOTES.get(self.part, NOTE)
            self.query_one("#note", LinesView).show(lambda width, p: [[(note[:width], p.dim)]], self.palette)

    def load(self) -> None:
        """Read the side in front again."""
        self.rows.reread(leave=True)

    def live_changed(self, live: Live) -> None:
        """What followed in two years is not read again for every act of others."""
        if self.part != "after":
            super().live_changed(live)

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
        row = self.row.kind if self.row is not None else ""
        return Place("transitions", row, 0, "", self.desk.read_only, self.part, self.desk.me.role.value)

    def act_open(self) -> None:
        """Guide through it; of a CSM choose one of hers, of a measure an account that counts."""
        row, entry = self.transition, self.row
        if row is not None:
            self.open_transition(row.id)
        elif entry is not None and entry.kind == "csm":
            self._hers(entry.key)
        elif entry is not None:
            self._choose(f"Who counts in {entry.key}", after.options(entry.data, entry.key), self.cockpit.open_account)

    def _hers(self, login: str) -> None:
        from cockpit.services.transition import list_transitions

        def arrived(found: Sequence[TransitionRow]) -> None:
            hers = [row for row in found if login in (row.outgoing, row.incoming)]
            options = [(str(row.id), row.account, f"{row.outgoing} → {row.incoming} · {row.state}") for row in hers]
            self._choose(f"Hand-overs of {login}", options, self.open_transition)

        self.later("hers", lambda: list_transitions(self.desk), arrived)

    def _choose(self, title: str, options: Sequence[Option], then: Callable[[int], None]) -> None:
        from cockpit.tui.modals.pick import Pick

        def chosen(id_: str | None) -> None:
            if id_ is not None:
                then(int(id_))

        self.app.push_screen(Pick(title, options, self.palette, empty="Nobody."), chosen)

    def act_why(self) -> None:
        """The sums behind a measure."""
        from cockpit.services.transition_follow import AFTER_DAYS
        from cockpit.tui.modals.sheet import Sheet

        entry, today = self.row, self.desk.today()
        if entry is not None and entry.kind == "measure":
            found, measure = entry.data, entry.key
            self.app.push_screen(Sheet(
                f"After hand-overs · {measure}",
                lambda width, p: after.why_lines(found, measure, AFTER_DAYS, today, width, p), self.palette, wide=True,
            ))  # fmt: skip

    def act_add(self) -> None:
        """Start one."""
        self.start_transition("")

    def act_edit(self) -> None:
        """Another day, another reason."""
        row = self.transition
        if row is not None:
            self.edit_transition(row)
        else:
            self.refuse("This is a figure, not a hand-over; p b shows those.")
