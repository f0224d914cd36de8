"""A sheet to read: help, the sum behind a figure. Any of q, esc, enter closes it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cockpit.tui.actions import resolve
from cockpit.tui.render.line import Draw
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView


class Sheet(ModalScreen[None]):
    """Lines in a box."""

    AUTO_FOCUS = "#lines"
    CSS_PATH = ["pick.tcss", "sheet.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,question_mark,e", "leave", "close", show=False)]

    def __init__(self, title: str, draw: Draw, palette: Palette, *, wide: bool = False) -> None:
        super().__init__(classes="-wide" if wide else "")
        self.heading = title
        self.draw = draw
        self.palette = palette

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box") as box:
            box.border_title = self.heading.replace("[", "\\[")
            box.border_subtitle = "esc closes · j k scroll"
            yield LinesView(resolve().moves(), id="lines")

    def on_mount(self) -> None:
        """As high as its lines, if they fit."""
        view = self.query_one(LinesView)
        view.show(self.draw, self.palette)
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        view = self.query_one(LinesView)
        self.query_one("#box").styles.height = min(len(view.lines()) + 2, int(self.size.height * 0.92))

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
