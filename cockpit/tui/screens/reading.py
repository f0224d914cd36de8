"""Screens that read what they show: at first, after an act of one's own, in front again, and when news is about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cockpit.tui.copying import Copying, copy_rows
from cockpit.tui.screens.base import CockpitScreen
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.window import Row

if TYPE_CHECKING:
    from cockpit.services.live import Live

R = TypeVar("R", bound=Row)


class Reading(CockpitScreen):
    """Mixed into a screen; it reads in ``load``."""

    things: frozenset[str] = frozenset()
    """Tables whose changes are news here; empty for any."""

    def load(self) -> None:
        """Read, and show what was read; cursors stay."""
        raise NotImplementedError

    @property
    def has_read(self) -> bool:
        """Whether something was read already; until then it is on its way."""
        raise NotImplementedError

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        if live.is_about(self.things):
            self.load()

    def acted(self) -> None:
        """My own act."""
        self.load()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        if self.is_mounted and self.has_read:
            self.load()


class Listing(Copying, Reading, Generic[R]):
    """Mixed into a screen whose body is a list, or several of which one is in front."""

    @property
    def rows(self) -> RowList[R]:
        """The list in front."""
        return self.query_one("#rows", RowList)

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self.rows.row if self.query(RowList) else None

    @property
    def has_read(self) -> bool:
        """See Reading."""
        return self.rows.is_loaded

    def run_list(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """How the lists read."""
        self.later(group, work, then, self.list_failed)

    def list_failed(self, why: Exception) -> None:
        """The rows that are there stay."""
        self.rows.failed(str(why))
        self.trouble(why)

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        for rows in self.query(RowList):
            rows.draw_with(self.drawing())

    def moved(self) -> None:
        """Other keys may work on another row."""
        self.tell_keys()

    def on_row_list_moved(self) -> None:
        """See moved."""
        self.moved()

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    # Copies ------------------------------------------------------------------------------------

    @property
    def head(self) -> Sequence[str]:
        """Titles of a copy."""
        raise NotImplementedError

    def cells(self, row: R) -> Sequence[str]:
        """A row of a copy."""
        raise NotImplementedError

    def copy_them(self, *, as_markdown: bool) -> None:
        """See Copying."""
        row = self.row
        if row is not None:
            cells = self.cells(row)
            copy_rows(self, self.head, lambda: [cells], as_markdown=as_markdown)
