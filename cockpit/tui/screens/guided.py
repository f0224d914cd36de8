"""One transition guided: both sides beside each other, each step opening what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render import transition as render
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.render.transition import StepRow
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.guided_acts import GuidedActs
from cockpit.tui.screens.reading import Listing
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.transition import StepShown, TransitionShown

WIDE = 100


class GuidedScreen(Listing[StepRow], GuidedActs):
    """The steps of both sides."""

    CSS_PATH = "guided.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("guided")
    place_name = "guided"
    head = ("step", "status", "says", "due")

    def __init__(self, transition_id: int) -> None:
        super().__init__()
        self.transition_id = transition_id
        self.shown: TransitionShown | None = None
        self.side = "out"

    def body(self) -> Iterable[Widget]:
        """What it is, both sides, the step under the cursor."""
        yield LinesView(id="what")
        moves = self.cockpit.keys.moves()
        with Container(id="sides"):
            for side in ("out", "in"):
                yield Box(RowList[StepRow](render.step_table(), self.run_list, moves, id=f"steps-{side}"), id=f"side-{side}")
        yield LinesView(id="step")

    async def on_mount(self) -> None:
        """Read; the incoming side starts on its own."""
        self._lay_out()
        for side in ("out", "in"):
            self.list_of(side).draw_with(self.drawing())
        self.list_of("out").focus()
        self.load()

    def _lay_out(self) -> None:
        self.query_one("#sides").set_class(self.size.width >= WIDE, "-wide")

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other where there is room."""
        if self.is_mounted and self.query("#sides"):
            self._lay_out()

    def list_of(self, side: str) -> RowList[StepRow]:
        """The steps of a side."""
        return self.query_one(f"#steps-{side}", RowList)

    @property
    def rows(self) -> RowList[StepRow]:
        """The side one looks at."""
        return self.list_of(self.side)

    def tab_name(self) -> str:
        """It belongs to Transitions, or to where one came from."""
        return "transitions"

    # Reading -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Read it whole; the cursors stay."""
        from cockpit.services.transition import show

        self.later("transition", lambda: show(self.desk, self.transition_id), self._arrived, self._failed)

    def _failed(self, why: Exception) -> None:
        self.trouble(why)
        self.query_one("#what", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

    def _arrived(self, shown: TransitionShown) -> None:
        is_first = self.shown is None
        self.shown = shown
        self._tell_head()
        for side in ("out", "in"):
            box = self.query_one(f"#side-{side}")
            box.border_title = render.side_title(shown.row, side).replace("[", "\\[")
            box.styles.height = None
            self.list_of(side).load(FixedSource(self._rows(side)), self.drawing(), ("No step on this side.",), leave=False)
        if is_first and shown.row.my_side == "in":
            self.to_side("in")
        self._tell_step()

    def _rows(self, side: str) -> Callable[[], Sequence[StepRow]]:
        def read() -> Sequence[StepRow]:
            return render.sides_of(self.shown.row, side) if self.shown is not None else []

        return read

    def _tell_head(self) -> None:
        shown = self.shown
        if shown is not None:
            view = self.query_one("#what", LinesView)
            view.styles.height = 3 if shown.row.attention else 2
            view.show(lambda width, p: render.head_lines(shown.row, self.desk.today(), width, p), self.palette)

    @property
    def step(self) -> StepShown | None:
        """The step under the cursor."""
        found = self.row
        return None if found is None else found.step

    def _tell_step(self) -> None:
        step = self.step

        def draw(width: int, p: Palette) -> list[Line]:
            if step is None:
                return []
            told = plain(step.says) or "nothing shows it yet"
            waits = f"locked until: {', '.join(step.locked_by)}" if step.status == "locked" else told
            owner = f" · {plain(step.owner)}" if step.owner else f" · {step.role}" if step.role else ""
            need = "the hand-over waits for it" if step.gates else "after the hand-over" if step.required else "optional"
            return [[(f"{plain(step.title)}", p.strong), (f" · {need}{owner}", p.dim)], *paragraph(waits, width, p.text)]

        self.query_one("#step", LinesView).show(draw, self.palette)
        self.tell_keys()

    def moved(self) -> None:
        """Show the step below."""
        self._tell_step()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The side one looks at."""
        name = getattr(event.widget, "id", "") or ""
        if name.startswith("steps-"):
            self.side = name.removeprefix("steps-")
            self._mark_side()

    def _mark_side(self) -> None:
        for side in ("out", "in"):
            self.query_one(f"#side-{side}").set_class(side == self.side, "-here")
        self._tell_step()

    def to_side(self, side: str) -> None:
        """Look at a side."""
        self.side = side
        self.list_of(side).focus()

    # News --------------------------------------------------------------------------------------

    @property
    def has_read(self) -> bool:
        """See Reading; any change may have done a step."""
        return self.shown is not None

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self._tell_head()
        self._tell_step()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on; ``pane`` is how far the transition is."""
        row = "step" if self.step is not None else ""
        state = self.shown.row.state if self.shown is not None else ""
        return Place("guided", row, 0, "", self.desk.read_only, state, self.desk.me.role.value)

    def act_swap(self) -> None:
        """The other side."""
        self.to_side("in" if self.side == "out" else "out")

    def cells(self, row: StepRow) -> Sequence[str]:
        """See Listing."""
        step = row.step
        return [plain(word) for word in (step.title, step.status, step.says, str(step.due or ""))]
