"""Transitions: what I hand over, what I take over, the team's board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui import clipboard
from cockpit.tui.actions import Place
from cockpit.tui.render import transition as render
from cockpit.tui.render.columns import Drawing
from cockpit.tui.render.line import Line
from cockpit.tui.render.team import Entry, as_text, table
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.leaving import Leaving
from cockpit.tui.screens.starting import Starting
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.bars import Clickable, Pressed
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live
    from cockpit.services.transition import TransitionRow

PREFIX = "side:"
SIDES = (("out", "o", "Outgoing"), ("in", "n", "Incoming"), ("board", "b", "Board"))
EMPTY = {
    "out": ("You hand nothing over.", "a starts a hand-over · b is the team's board"),
    "in": ("Nothing comes to you.", "p b shows what changes hands in the team"),
    "board": ("No account changes hands.", "a starts a hand-over"),
}
THINGS = frozenset({"transition", "transition_account", "task", "decision", "brief", "question", "activity", "cta", "account", "away"})


class SideBar(Clickable):
    """The sides, the one in front marked, each with how many."""

    def tell(self, front: str, counts: dict[str, int], palette: Palette, *, choosing: bool) -> None:
        """Show the sides with their letters."""

        def draw(width: int, p: Palette) -> list[Line]:
            line: Line = [("p… " if choosing else "p ", p.key)]
            actions = [""]
            for name, letter, words in SIDES:
                here = name == front
                count = f" {counts[name]}" if name in counts else ""
                line.append((f"{letter} ", p.key if choosing or here else p.dim))
                line.append((f"{words}{count} ", p.strong + p.cursor if here else p.text))
                actions += [PREFIX + name] * 2
            self._place(line, actions)
            return [line]

        self.show(draw, palette)


class TransitionsScreen(Leaving, Starting):
    """The lists."""

    CSS_PATH = "transitions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("transitions")
    place_name = "transitions"

    def __init__(self) -> None:
        super().__init__()
        self.front = "out"
        self.counts: dict[str, int] = {}
        self._choosing = False

    def body(self) -> Iterable[Widget]:
        """Which side, over its rows."""
        yield SideBar(id="sides")
        yield Box(RowList[Entry](table(render.LISTED), self._run, self.cockpit.keys.moves(), id="rows"), id="list")
        yield LinesView(id="note")

    async def on_mount(self) -> None:
        """The side one last looked at."""
        last = self.cockpit.memory.get("transitions", "side")
        self.show_side(last if last in [name for name, _, _ in SIDES] else self.front)

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.later(f"{group} transitions", work, then, self._failed)

    def _failed(self, why: Exception) -> None:
        self.rows.failed(str(why))
        self.trouble(why)

    @property
    def rows(self) -> RowList[Entry]:
        """The list."""
        return self.query_one("#rows", RowList)

    @property
    def row(self) -> TransitionRow | None:
        """The transition under the cursor."""
        entry = self.rows.row if self.query("#rows") else None
        return None if entry is None else entry.data

    def show_side(self, name: str) -> None:
        """Bring a side to the front."""
        self.front, self._choosing = name, False
        rows = self.rows
        rows.empty = EMPTY[name]
        rows.draw_with(Drawing(self.palette, self.desk.today()))
        rows.show(FixedSource(self._read))
        rows.focus()
        self.cockpit.memory.put("transitions", side=name)
        self._tell()

    def _read(self) -> Sequence[Entry]:
        from cockpit.services import transition

        front = self.front
        found = transition.board(self.desk) if front == "board" else transition.list_transitions(self.desk, front)
        self.counts = self.counts | {front: len(found)}
        self.app.call_later(self._tell)
        return render.listed(found, self.desk.today())

    def _tell(self) -> None:
        if self.is_mounted:
            self.query_one(SideBar).tell(self.front, self.counts, self.palette, choosing=self._choosing)
            note = "out, in: steps done of each side · ready: 100 less the gaps · enter guides through it"
            self.query_one("#note", LinesView).show(lambda width, p: [[(note[:width], p.dim)]], self.palette)
            self.tell_keys()

    def act_pane_next(self) -> None:
        """The next side."""
        self._step(1)

    def act_pane_previous(self) -> None:
        """The side before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        names = [name for name, _, _ in SIDES]
        self.show_side(names[(names.index(self.front) + by) % len(names)])

    def act_pane(self) -> None:
        """The next key is a side's letter."""
        self._choosing = True
        self._tell()

    async def on_key(self, event: events.Key) -> None:
        """After ``p``: a letter."""
        if not self._choosing:
            await super().on_key(event)
            return
        event.stop()
        event.prevent_default()
        name = next((name for name, letter, _ in SIDES if letter == event.key), None)
        if name is not None:
            self.show_side(name)
            return
        self._choosing = False
        self._tell()
        if event.key != "escape":
            self.refuse(f"No list has the letter {event.character or event.key}; the line above shows them.")

    async def on_pressed(self, message: Pressed) -> None:
        """A click on a side's name."""
        if message.action.startswith(PREFIX):
            message.stop()
            message.prevent_default()
            self.show_side(message.action.removeprefix(PREFIX))

    def on_row_list_moved(self) -> None:
        """Other keys may work on another row."""
        self.tell_keys()

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    # News --------------------------------------------------------------------------------------

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        if live.everything or THINGS & {thing for thing, _ in live.things}:
            self.rows.reread(leave=True)

    def acted(self) -> None:
        """My own act."""
        self.rows.reread(leave=True)
        self.tell_keys()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        super().on_screen_resume()
        if self.is_mounted and self.rows.is_loaded:
            self.acted()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.rows.draw_with(Drawing(self.palette, self.desk.today()))
        self._tell()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        row = "transition" if self.is_mounted and self.row is not None else ""
        return Place("transitions", row, 0, "", self.desk.read_only, self.front, self.desk.me.role.value)

    def act_open(self) -> None:
        """Guide through it."""
        row = self.row
        if row is not None:
            self.open_transition(row.id)

    def act_add(self) -> None:
        """Start one."""
        self.start_transition("")

    def act_edit(self) -> None:
        """Another day, another reason."""
        row = self.row
        if row is not None:
            self.edit_transition(row)

    def act_copy(self) -> None:
        """The row as cells with tabs."""
        entry = self.rows.row
        if entry is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.tsv([as_text(entry)]))}")

    def act_copy_markdown(self) -> None:
        """The row as a Markdown table."""
        entry = self.rows.row
        if entry is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.markdown(render.COPY_HEAD, [as_text(entry)]))}")
