"""Boxes whose own lines seldom change: drawn once, not again for every key of the list inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    Base = Widget
else:
    Base = object


class Still(Base):
    """Mixed in before a widget: keeps the lines it drew until it is marked for drawing anew.

    Textual asks each box under a changed line for all of its lines; with this it gets the same list again.
    """

    _drawn: tuple[Region, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, from the last time if nothing changed."""
        drawn = self._drawn
        if drawn is None or drawn[0] != crop:
            drawn = self._drawn = (crop, super().render_lines(crop))
        return drawn[1]

    def _set_dirty(self, *regions: Region) -> None:
        self._drawn = None
        super()._set_dirty(*regions)

    def notify_style_update(self) -> None:
        """Other colours: draw anew."""
        self._drawn = None
        super().notify_style_update()


class Box(Still, Container):
    """A container that is still."""
