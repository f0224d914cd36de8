"""One transition guided: both sides beside each other, each step opening what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from cockpit.tui import clipboard
from cockpit.tui.actions import Place
from cockpit.tui.render import transition as render
from cockpit.tui.render.columns import Drawing
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.render.transition import StepRow
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.guided_acts import GuidedActs
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live
    from cockpit.services.transition import StepShown, TransitionShown

WIDE = 100


class GuidedScreen(GuidedActs):
    """The steps of both sides."""

    CSS_PATH = "guided.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("guided")
    place_name = "guided"

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
                yield Box(RowList[StepRow](render.step_table(), self._run, moves, id=f"steps-{side}"), id=f"side-{side}")
        yield LinesView(id="step")

    async def on_mount(self) -> None:
        """Read; the incoming side starts on its own."""
        self._lay_out()
        for side in ("out", "in"):
            self.list_of(side).draw_with(Drawing(self.palette, self.desk.today()))
        self.list_of("out").focus()
        self.load()

    def _lay_out(self) -> None:
        self.query_one("#sides").set_class(self.size.width >= WIDE, "-wide")

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other where there is room."""
        if self.is_mounted and self.query("#sides"):
            self._lay_out()

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.later(f"{group} guided", work, then)

    def list_of(self, side: str) -> RowList[StepRow]:
        """The steps of a side."""
        return self.query_one(f"#steps-{side}", RowList)

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
            rows = render.sides_of(shown.row, side)
            box = self.query_one(f"#side-{side}")
            box.border_title = render.side_title(shown.row, side).replace("[", "\\[")
            box.styles.height = None
            steps = self.list_of(side)
            steps.empty = ("No step on this side.",)
            if steps.is_loaded:
                steps.reread()
            else:
                steps.show(FixedSource(self._rows(side)))
            del rows
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
        found = self.list_of(self.side).row if self.query("#steps-out") else None
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

    def on_row_list_moved(self) -> None:
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

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    # News --------------------------------------------------------------------------------------

    def live_changed(self, live: Live) -> None:
        """Anything may have done a step."""
        if live.changed:
            self.load()

    def acted(self) -> None:
        """My own act."""
        self.load()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        super().on_screen_resume()
        if self.is_mounted and self.shown is not None:
            self.load()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        for side in ("out", "in"):
            self.list_of(side).draw_with(Drawing(self.palette, self.desk.today()))
        self._tell_head()
        self._tell_step()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on; ``pane`` is how far the transition is."""
        row = "step" if self.is_mounted and self.step is not None else ""
        state = self.shown.row.state if self.shown is not None else ""
        return Place("guided", row, 0, "", self.desk.read_only, state, self.desk.me.role.value)

    def act_swap(self) -> None:
        """The other side."""
        self.to_side("in" if self.side == "out" else "out")

    def act_copy(self) -> None:
        """The step as cells with tabs."""
        step = self.step
        if step is not None:
            cells = [plain(word) for word in (step.title, step.status, step.says, str(step.due or ""))]
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.tsv([cells]))}")

    def act_copy_markdown(self) -> None:
        """The step as a Markdown table."""
        step = self.step
        if step is not None:
            cells = [plain(word) for word in (step.title, step.status, step.says, str(step.due or ""))]
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.markdown(('step', 'status', 'says', 'due'), [cells]))}")
