"""What the two lists of mail have in common: a line on what there is, over the mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual.widget import Widget

from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw
from cockpit.tui.screens.reading import Listing
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box
from cockpit.tui.widgets.window import Row

R = TypeVar("R", bound=Row)


class Mailbox(Listing[R]):
    """A list of mail. Subclasses say what is read and how a row looks."""

    CSS_PATH = "mailbox.tcss"

    def table(self) -> Table[R]:
        """The columns."""
        raise NotImplementedError

    def read(self) -> Sequence[R]:
        """The mails; called in a worker thread."""
        raise NotImplementedError

    def read_about(self) -> Draw:
        """The line over them; called in a worker thread."""
        raise NotImplementedError

    def why_empty(self) -> Sequence[str]:
        """Why there is none."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """What there is, the mails."""
        yield LinesView(id="about")
        yield Box(RowList[R](self.table(), self.run_list, self.cockpit.keys.moves(), id="rows"), id="mails")

    async def on_mount(self) -> None:
        """Read."""
        self.rows.focus()
        self.load()

    def load(self, *, leave: bool = False) -> None:
        """Read the mails and the line over them; the cursor stays on a mail that went unless it is to leave it."""
        self.rows.load(FixedSource(self.read), self.drawing(), self.why_empty(), leave=leave)
        self.later("about mails", self.read_about, self._tell_about, lambda why: None)

    def _tell_about(self, draw: Draw) -> None:
        self.query_one("#about", LinesView).show(draw, self.palette)
        self.tell_keys()

    def acted(self) -> None:
        """What an act of mine took away is gone."""
        self.load(leave=True)
