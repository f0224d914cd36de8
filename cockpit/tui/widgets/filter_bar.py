"""The line over a list: which pool, what it is filtered by, how many, in which order. ``/`` makes it a line to type in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from cockpit.tui.render.line import Line, spread
from cockpit.tui.render.offer import SUGGESTIONS, offer_lines
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

WAIT = 0.09
"""Seconds after a key before the store is asked; the next key starts them again."""
if TYPE_CHECKING:
    from textual.widgets import Input

    from cockpit.tui.widgets.typed import Typed



@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand from ``start`` to ``end`` of the text."""

    word: str
    start: int
    end: int
    help: str


Complete = Callable[[str, int], Sequence[Offer]]
"""What may follow at a place of the text."""
Widen = Callable[[str, int], str]
"""The text with half a value at a place read as all that begin with it."""


class FilterBar(Vertical):
    """Shows and edits the filter of a list."""

    DEFAULT_CSS = """
    FilterBar { height: auto; }
    FilterBar > LinesView { height: 1; }
    FilterBar > #typed { border: none; padding: 0 1; background: $panel; color: $foreground; display: none; }
    FilterBar > #offers { display: none; padding: 0 1; }
    FilterBar > #typed > .input--placeholder { color: $dim; }
    """

    class Changed(Message):
        """Another filter is wanted; ``final`` when typing is over."""

        def __init__(self, text: str, *, final: bool) -> None:
            super().__init__()
            self.text, self.final = text, final

    def __init__(self, palette: Palette, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.palette = palette
        self.complete: Complete = lambda text, at: ()
        self.widen: Widen = lambda text, at: text
        self.left = ""
        self.text = ""
        self.asked = ""
        """What the rows are of, when half a value was read as whole ones."""
        self.right = ""
        self.problem = ""
        self._before = ""
        self._timer: Timer | None = None
        self._offers: list[Offer] = []
        self._at = -1

    def compose(self) -> ComposeResult:
        """The line as it is read; the one to type in comes with the first ``/``."""
        yield LinesView(id="line")

    @property
    def is_typing(self) -> bool:
        """Whether a filter is being typed now."""
        return bool(self.query("#typed")) and self.typed.has_focus

    @property
    def typed(self) -> Typed:
        """The line one types in, once there is one."""
        from cockpit.tui.widgets.typed import Typed

        return self.query_one("#typed", Typed)

    def tell(self) -> None:
        """Draw the line."""
        left, text, right, problem = self.left, self.text, self.right, self.problem

        def draw(width: int, p: Palette) -> list[Line]:
            line: Line = [(f" {left}", p.dim)]
            half = self.asked if self.is_typing and self.asked not in ("", text) else ""
            line.append((f"   {half or text}" if text else "   / filters", p.accent if text else p.dim))
            end: Line = [(f"✗ {problem} ", p.bad)] if problem else [(f"{right} ", p.dim)]
            return [spread(line, end, width, p.text)]

        if not problem or not self.is_typing:
            self.query_one("#line", LinesView).show(draw, self.palette)
        else:
            start: Line = [(f" ✗ {problem}", self.palette.bad)]
            self.query_one("#line", LinesView).show(lambda width, p: [start], self.palette)

    async def edit(self) -> None:
        """Start typing."""
        from cockpit.tui.widgets.typed import Typed

        if not self.query("#typed"):
            typed = Typed(compact=True, id="typed", placeholder="type:risk renewal:<90d … · tab completes · enter keeps · esc clears")
            typed.select_on_focus = False
            await self.mount(typed, LinesView(id="offers"))
        line = self.typed
        self._before = self.text
        line.value = self.text
        line.display = True
        line.cursor_position = len(line.value)
        line.focus()

    def handle(self, key: str) -> bool:
        """A key while typing; True if it was for the bar."""
        typed = self.typed
        if key == "enter":
            if self._at >= 0 and self._offers:
                self._take(typed)
            else:
                self.finish(self.widen(typed.value, typed.cursor_position))
        elif key == "escape":
            if self._offers and self._at >= 0:
                self._offer([])
            else:
                self.finish("")
        elif key == "tab" and self._offers:
            self._at = max(self._at, 0)
            self._take(typed)
        elif key in ("down", "up") and self._offers:
            self._at = (self._at + (1 if key == "down" else -1)) % len(self._offers)
            self._show_offers()
        else:
            return key in ("tab", "down", "up")
        return True

    def finish(self, text: str) -> None:
        """Stop typing with this filter."""
        self._stop_timer()
        self._offer([])
        self.typed.display = False
        self.text = text.strip()
        self.problem = ""
        self.post_message(self.Changed(self.text, final=True))
        self.tell()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for the rows when the fingers rest a moment."""
        event.stop()
        if not self.typed.display:
            return
        self._stop_timer()
        text = event.value
        if text.strip() == self.text and not self.problem:
            return
        self._timer = self.set_timer(WAIT, lambda: self._pause(text))

    def _pause(self, text: str) -> None:
        typed = self.typed
        self.text = text.strip()
        self.post_message(self.Changed(self.widen(text, typed.cursor_position).strip(), final=False))
        self._offer(list(self.complete(text, typed.cursor_position))[:SUGGESTIONS])

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _offer(self, offers: list[Offer]) -> None:
        self._offers, self._at = offers, -1
        self._show_offers()

    def _show_offers(self) -> None:
        view = self.query_one("#offers", LinesView)
        view.display = bool(self._offers)
        view.styles.height = max(len(self._offers), 1)
        words, at = [offer.word for offer in self._offers], self._at
        helps = [offer.help for offer in self._offers]
        view.show(lambda width, p: offer_lines(words, at, width, p, helps), self.palette)

    def _take(self, typed: Typed) -> None:
        taken = self._offers[self._at]
        typed.value = typed.value[: taken.start] + taken.word + typed.value[taken.end :]
        typed.cursor_position = taken.start + len(taken.word)
        self._offer([])
