"""The widgets that ask: a choice, and a line to type in with completion."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from cockpit.tui.modals.field import Field
from cockpit.tui.render.offer import completions
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

ROOM = 57
"""Cells of a field of a form, at 80 columns too."""


def is_inside(asked: Field) -> bool:
    """Whether the hint stands in the empty field; a longer one would be cut."""
    return cell_len(asked.hint) <= ROOM


class Done(Message):
    """Enter in a field: on to the next."""


class Choice(Widget, can_focus=True):
    """One of a few: left and right, or the first letter."""

    DEFAULT_CSS = "Choice { height: 1; width: 1fr; }"

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, palette: Palette, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices = list(choices)
        self._palette = palette
        self._at = next((n for n, (v, _) in enumerate(self.choices) if v == value), 0)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self.choices[self._at][0] if self.choices else ""

    @value.setter
    def value(self, value: str) -> None:
        """Choose; what is no choice changes nothing."""
        self._at = next((n for n, (v, _) in enumerate(self.choices) if v == value), self._at)
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Choose."""
        if event.key in ("left", "right"):
            self._at = (self._at + (1 if event.key == "right" else -1)) % len(self.choices)
        elif event.key in ("enter", "down"):
            self.post_message(Done())
        elif event.is_printable and event.character and event.character != " ":
            self._to_letter(event.character.lower())
        elif event.key == "space":
            self._at = (self._at + 1) % len(self.choices)
        else:
            return
        event.stop()
        self.refresh()

    def _to_letter(self, letter: str) -> None:
        order = [*range(self._at + 1, len(self.choices)), *range(self._at + 1)]
        self._at = next((n for n in order if self.choices[n][1].lower().startswith(letter)), self._at)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        left = 0
        for number, text in enumerate(self._texts()):
            if left <= event.x < left + len(text):
                self._at = number
            left += len(text)
        self.refresh()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters choose here; they are no acts."""
        return bool(character and character.isprintable())

    def _texts(self) -> list[str]:
        return [f"‹{shown}›" if n == self._at else f" {shown} " for n, (_, shown) in enumerate(self.choices)]

    def render_line(self, y: int) -> Strip:
        """The choices in one line, the chosen one in brackets; the line moves when they do not fit."""
        p = self._palette
        texts = self._texts()
        width = self.size.width
        start = 0
        while start < self._at and sum(len(t) for t in texts[start : self._at + 1]) > width:
            start += 1
        chosen = p.strong + (p.cursor if self.has_focus else p.resting)
        parts = [Segment(plain(t), chosen if n == self._at else p.dim) for n, t in enumerate(texts) if n >= start]
        return Strip(Segment.adjust_line_length(parts, width, p.text), width)

    def on_focus(self) -> None:
        """Show where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """Show where the keys go."""
        self.refresh()


class Answer(Input):
    """A line to type in, with completion when it has words to offer."""

    class Offers(Message):
        """Other completions than before."""

        def __init__(self, answer: Answer, words: list[str], at: int) -> None:
            super().__init__()
            self.answer, self.words, self.at = answer, words, at

    def __init__(self, asked: Field, *, id: str) -> None:
        super().__init__(asked.value, placeholder=plain(asked.hint) if is_inside(asked) else "", compact=True, id=id, select_on_focus=False)
        self.asked = asked
        self.words: Sequence[str] = asked.suggest
        self._offers: list[str] = []
        self._at = 0

    def watch_value(self, value: str) -> None:
        """Offer what goes on from here."""
        if self.has_focus and self.words:
            self._offer(completions(value, self.words, many=self.asked.many))

    def on_focus(self) -> None:
        """Offer at once where several are wanted."""
        if self.words and self.asked.many:
            self._offer(completions(self.value, self.words, many=True), at=-1)

    def on_blur(self) -> None:
        """Offer nothing."""
        self._offer([])

    def _offer(self, words: list[str], at: int = 0) -> None:
        self._offers, self._at = words, at
        self.post_message(self.Offers(self, words, at))

    def on_key(self, event: events.Key) -> None:
        """Choose among the offers; enter takes one, or goes on to the next field."""
        if self._offers and event.key in ("down", "up"):
            self._at = (self._at + (1 if event.key == "down" else -1)) % len(self._offers)
            self.post_message(self.Offers(self, self._offers, self._at))
        elif self._offers and self._at >= 0 and event.key in ("enter", "tab"):
            self.take(self._offers[self._at])
        elif event.key == "enter":
            self.post_message(Done())
        else:
            return
        event.stop()
        event.prevent_default()

    def take(self, word: str) -> None:
        """Put a completed word in."""
        if self.asked.many:
            kept = [part.strip() for part in self.value.split(";")[:-1]]
            self.value = "; ".join([*kept, word]) + "; "
        else:
            self.value = word
        self.cursor_position = len(self.value)
        self._offer([])
