"""My calendar: a month or a week of what is due, planned and promised; one moves in it and opens what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cockpit.tui.render.calendar import (
    day_lines,
    heading_words,
    month_lines,
    month_shift,
    span,
    week_lines,
)
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from cockpit.services.calendar_file import DueItem

Read = Callable[[date, date, Callable[[Sequence["DueItem"]], None]], None]
"""Reads what is due between two days elsewhere, and goes on with it."""
STEPS = {"left": -1, "h": -1, "right": 1, "l": 1, "up": -7, "k": -7, "down": 7, "j": 7}
WEEK_STEPS = {"left": -7, "h": -7, "right": 7, "l": 7, "up": -1, "k": -1, "down": 1, "j": 1}


class MonthView(ModalScreen["DueItem | None"]):
    """Returns the item to open, or None."""

    CSS_PATH = "month.tcss"
    AUTO_FOCUS = "#grid"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", priority=True),
        Binding("enter", "open", "open", priority=True),
        Binding("tab,w", "turn", "week or month", priority=True),
        Binding("t", "today", "today", priority=True),
        Binding("left_square_bracket,pageup", "shift(-1)", "earlier", priority=True),
        Binding("right_square_bracket,pagedown", "shift(1)", "later", priority=True),
    ]

    def __init__(self, read: Read, today: date, palette: Palette, *, is_week: bool = False, turned: Callable[[bool], None]) -> None:
        super().__init__()
        self._read, self._today, self.palette = read, today, palette
        self.on, self.is_week, self._turned = today, is_week, turned
        self._days: Mapping[date, Sequence[DueItem]] = {}
        self._span: tuple[date, date] | None = None

    def compose(self) -> ComposeResult:
        """The grid over what keys do."""
        with Vertical(id="box"):
            yield LinesView({}, id="grid")
            yield LinesView(id="foot")

    def on_mount(self) -> None:
        """Read what is shown first."""
        self._go(self.on)

    def _go(self, on: date) -> None:
        """Put a day in front; what is not known yet is read."""
        self.on = on
        first, last = span(on, is_week=False)
        if self.is_week:
            first, last = min(first, span(on, is_week=True)[0]), max(last, span(on, is_week=True)[1])
        if self._span is None or first < self._span[0] or last > self._span[1]:
            self._span = (first, last)

            def arrived(items: Sequence[DueItem]) -> None:
                if self._span == (first, last):
                    days: dict[date, list[DueItem]] = {}
                    for item in items:
                        days.setdefault(item.due, []).append(item)
                    self._days = days
                    self._tell()

            self._read(first, last, arrived)
        self._tell()

    def _tell(self) -> None:
        if not self.is_attached:
            return
        on, today = self.on, self._today
        self.query_one("#box").border_title = heading_words(on, is_week=self.is_week)
        grid = self.query_one("#grid", LinesView)

        def draw(width: int, p: Palette) -> list[Line]:
            room = grid.size.height or 18
            if self.is_week:
                return week_lines(self._days, on, today, width, room, p)
            month = month_lines(self._days, on, today, width, p)
            below = max(room - len(month), 2)
            return [*month, *day_lines(self._days.get(on, ()), on, today, width, below, p)]

        def foot(width: int, p: Palette) -> list[Line]:
            other = "month" if self.is_week else "week"
            named = (("⏎", "open"), ("hjkl", "move"), ("[ ]", "earlier, later"), ("w", other), ("t", "today"), ("esc", "leave"))
            return [[piece for key, words in named for piece in ((f"{key} ", p.key), (f"{words}   ", p.text))]]

        grid.show(draw, self.palette)
        self.query_one("#foot", LinesView).show(foot, self.palette)

    def on_resize(self) -> None:
        """More or fewer lines."""
        self._tell()

    def on_key(self, event: events.Key) -> None:
        """Move by days and weeks."""
        steps = WEEK_STEPS if self.is_week else STEPS
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self._go(self.on + timedelta(days=steps[event.key]))

    def action_shift(self, by: int) -> None:
        """Another month, or another week."""
        self._go(self.on + timedelta(weeks=by) if self.is_week else month_shift(self.on, by))

    def action_today(self) -> None:
        """Back to today."""
        self._go(self._today)

    def action_turn(self) -> None:
        """A week, or a month."""
        self.is_week = not self.is_week
        self._turned(self.is_week)
        self._go(self.on)

    def action_open(self) -> None:
        """What is due on the day in front: the one thing, or a choice of them."""
        due = self._days.get(self.on, ())
        if len(due) == 1:
            self.dismiss(due[0])
        elif due:
            from cockpit.tui.modals.pick import Pick

            options = [
                (str(n), f"{'! ' if item.is_overdue else ''}{plain(item.account)}: {plain(item.title)}", item.time or item.kind)
                for n, item in enumerate(due)
            ]

            def chosen(n: str | None) -> None:
                if n is not None:
                    self.dismiss(due[int(n)])

            self.app.push_screen(Pick(f"Due {self.on:%d %b}", options, self.palette), chosen)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

