"""Boxes whose own lines seldom change: drawn once, not again for every key of the list inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

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
    """A container that is still; a new title draws its top line only."""

    _retitling = False

    def retitle(self, title: str) -> None:
        """Another title on the border, without markup."""
        title = title.replace("[", "\\[")
        if self.border_title != title:
            self._retitling = True
            self.border_title = title
            self._retitling = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw anew; while a title is set, the top line."""
        if self._retitling and not regions:
            regions = (Region(-self.gutter.left, -self.gutter.top, self.outer_size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
