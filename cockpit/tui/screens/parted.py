"""A screen in parts: their names in a line above; ``[`` ``]``, ``p`` and a letter, or a click bring one to the front."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import NamedTuple

from textual import events

from cockpit.tui.screens.base import CockpitScreen
from cockpit.tui.widgets.bars import Clickable, Pressed

PREFIX = "part:"


class Part(NamedTuple):
    """One of them, and the letter that ``p`` reaches it by."""

    name: str
    letter: str
    title: str


class PartBar(Clickable):
    """The parts, the one in front marked; while one is chosen by its letter, on as many lines as they need."""

    DEFAULT_CSS = "PartBar { padding: 0 1; }"


class Parted(CockpitScreen):
    """Mixed into a screen with a PartBar in its body."""

    part = ""
    """The one in front."""
    part_noun = "part"
    """What people call one."""
    _choosing = False

    def parts(self) -> Sequence[Part]:
        """In the order of ``[`` and ``]``."""
        raise NotImplementedError

    def bring(self) -> Awaitable[None] | None:
        """Show the part that is in front now."""
        raise NotImplementedError

    async def front(self, name: str) -> None:
        """Bring a part to the front."""
        self.part, self._choosing = name, False
        shown = self.bring()
        if shown is not None:
            await shown
        self.tell_parts()

    def tell_parts(self) -> None:
        """Draw the names, and the keys that work in this part."""
        tabs = [(PREFIX + part.name, part.letter, part.title) for part in self.parts()]
        self.query_one(PartBar).tell_tabs(tabs, PREFIX + self.part, self.palette, choosing=self._choosing)
        self.tell_keys()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.tell_parts()

    async def act_pane_next(self) -> None:
        """The next part."""
        await self._step(1)

    async def act_pane_previous(self) -> None:
        """The part before."""
        await self._step(-1)

    async def _step(self, by: int) -> None:
        names = [part.name for part in self.parts()]
        await self.front(names[(names.index(self.part) + by) % len(names)])

    def act_pane(self) -> None:
        """The next key is a part's letter."""
        self._choosing = True
        self.tell_parts()

    async def on_key(self, event: events.Key) -> None:
        """After ``p``: a letter."""
        if not self._choosing:
            return
        event.stop()
        event.prevent_default()
        name = next((part.name for part in self.parts() if part.letter == event.key), None)
        if name is not None:
            await self.front(name)
            return
        self._choosing = False
        self.tell_parts()
        if event.key != "escape":
            self.refuse(f"No {self.part_noun} has the letter {event.character or event.key}; the line above shows them.")

    async def on_pressed(self, message: Pressed) -> None:
        """A click on a part's name."""
        if message.action.startswith(PREFIX):
            message.stop()
            message.prevent_default()
            await self.front(message.action.removeprefix(PREFIX))
