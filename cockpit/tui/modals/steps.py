"""The steps of playbooks in a box: enter opens what a step is about, d ticks it, - leaves it out, o opens it again,
X stops its playbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cockpit.tui.modals.field import Field, FormSpec
from cockpit.tui.render.line import Line
from cockpit.tui.render.steps import step_lines
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from cockpit.services.task import TaskRow

Chosen = tuple[str, "TaskRow | None"]
"""What to do (open, done, skip, reopen, start, stop) with which step."""
_LEFT = 6
"""Lines of the box that are not steps."""
_KEYS = {"enter": "open", "d": "done", "minus": "skip", "o": "reopen", "a": "start", "X": "stop"}


class Steps(ModalScreen[Chosen | None]):
    """A list of steps; returns what to do with which."""

    AUTO_FOCUS = "#steps"
    CSS_PATH = "steps.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "close", show=False)]

    def __init__(
        self, title: str, rows: Sequence[TaskRow], today: date, palette: Palette, *, named: bool = False, empty: str = "",
        at: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.heading, self.rows, self.today, self.palette, self.named, self.empty = title, list(rows), today, palette, named, empty
        first = next((n for n, row in enumerate(rows) if row.state == "open"), 0)
        self.at = min(first if at is None else at, max(len(self.rows) - 1, 0))

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box") as box:
            box.border_title = self.heading.replace("[", "\\[")
            box.border_subtitle = "⏎ open · d done · - leave out · o reopen · a start · X stop · esc"
            yield LinesView(id="steps")

    def on_mount(self) -> None:
        """As high as its steps, if they fit."""
        self.tell()

    def on_resize(self) -> None:
        """Another height shows other steps."""
        self.tell()

    def tell(self) -> None:
        """Draw the steps around the cursor."""
        shown = max((int(self.app.size.height * 0.92) - _LEFT) // 2, 2)
        start = min(max(0, self.at - shown // 2), max(0, len(self.rows) - shown))
        some = self.rows[start : start + shown]

        def draw(width: int, p: Palette) -> list[Line]:
            lines = step_lines(some, self.at - start, self.today, width, p, named=self.named)
            left = len(self.rows) - start - len(some)
            if start or left:
                lines.append([(f"      {start} above, {left} below", p.dim)])
            return lines or [[(self.empty, p.dim)]]

        self.query_one(LinesView).show(draw, self.palette)
        self.query_one("#box").styles.height = max(min(2 * len(some) + 3, int(self.app.size.height * 0.92)), 4)

    def on_key(self, event: events.Key) -> None:
        """Move, or do something with the step."""
        moves = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 5, "pageup": -5, "g": -len(self.rows), "G": len(self.rows)}
        if event.key in moves and self.rows:
            self.at = min(max(self.at + moves[event.key], 0), len(self.rows) - 1)
            self.tell()
        elif event.key in _KEYS and (self.rows or event.key == "a"):
            self.dismiss((_KEYS[event.key], self.rows[self.at] if self.rows else None))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a step."""
        view = self.query_one(LinesView)
        if event.widget is view and self.rows:
            shown = max((int(self.app.size.height * 0.92) - _LEFT) // 2, 2)
            start = min(max(0, self.at - shown // 2), max(0, len(self.rows) - shown))
            self.at = min(start + event.y // 2, len(self.rows) - 1)
            self.tell()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def tick(row: TaskRow) -> FormSpec:
    """What was found, or which of its choices."""
    title = f"Done · {row.title}"
    if row.choices:
        fields = (
            Field("choice", "Which", row.choices[0], required=True, choices=[(one, one) for one in row.choices]),
            Field("note", "Note", hint="more, if there is more to say"),
        )
        return FormSpec(title, fields, "done")
    return FormSpec(title, (Field("note", "Note", required=row.key is not None, hint="what was found or done"),), "done")


def stop(row: TaskRow) -> FormSpec:
    """Why the whole playbook is not gone on with."""
    asked = Field("reason", "Reason", required=True, hint="its open steps are left out, and keep it")
    return FormSpec(f"Stop · {row.playbook}", (asked,), "stop")


def leave_out(row: TaskRow) -> FormSpec:
    """Why."""
    hint = "the reason: it is required, so a manager waives it" if row.required and row.key else "why, if it helps the next one"
    asked = Field("note", "Reason", required=row.required and row.key is not None, hint=hint)
    return FormSpec(f"Leave out · {row.title}", (asked,), "leave out")
