"""What every pane of an account is: a widget that reads its part of the account and may add, edit and open things.

A pane states its ``name``, the ``letter`` that ``p`` reaches it by, and its ``title``; it composes its widgets,
reads in ``load`` (in a worker thread, by ``self.host.later``), and offers what keys do there as methods
``act_add``, ``act_edit``, ``act_open``, ``act_copy`` … : the account screen hands those keys to the pane in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Container

from cockpit.tui.copying import Copying, copy_rows
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import paragraph
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import Row

if TYPE_CHECKING:
    from cockpit.tui.screens.account import AccountScreen

R = TypeVar("R", bound=Row)


class Pane(Container):
    """One part of an account."""

    name_ = ""
    letter = ""
    title = ""
    things: frozenset[str] = frozenset()
    """Tables whose changes are news for this pane; empty for any."""

    def __init__(self, host: AccountScreen) -> None:
        super().__init__(id=f"pane-{self.name_}")
        self.host = host

    @property
    def account_id(self) -> int:
        """Whose account."""
        return self.host.account_id

    def load(self) -> None:
        """Read, and show what was read; called at first sight and whenever the account changed."""

    def failed(self, why: Exception) -> None:
        """Say in the place of what could not be read why it is not there."""
        self.query(LinesView).first().show(lambda width, p: paragraph(str(why), width, p.bad), self.host.palette)
        self.host.trouble(why)

    def repaint(self) -> None:
        """Other colours or another day."""
        self.load()

    def row_word(self) -> str:
        """What the cursor stands on, for the keys: cta, activity, person, or nothing."""
        return ""

    def fate(self) -> str:
        """What became of the row under the cursor, when it is only still there because of it."""
        return ""

    def marked(self) -> int:
        """How many of its rows are marked."""
        return 0

    def focus_it(self) -> None:
        """Take the keys."""
        self.query("RowList, LinesView").first().focus()


class ListPane(Copying, Pane, Generic[R]):
    """A pane that is a list."""

    head: Sequence[str] = ()

    def table(self) -> Table[R]:
        """The columns."""
        raise NotImplementedError

    def source(self) -> Source[R]:
        """The rows."""
        raise NotImplementedError

    def cells(self, row: R) -> Sequence[str]:
        """A row of a copy."""
        raise NotImplementedError

    def why_empty(self) -> Sequence[str]:
        """What the empty list says."""
        return ()

    def compose(self) -> ComposeResult:
        """The list."""
        yield RowList[R](self.table(), self._run, self.host.cockpit.keys.moves())

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.host.later(f"{group} {self.name_}", work, then, self.failed)

    def failed(self, why: Exception) -> None:
        """The rows that are there stay."""
        self.rows.failed(str(why))
        self.host.trouble(why)

    @property
    def rows(self) -> RowList[R]:
        """The list."""
        return self.query_one(RowList)

    def load(self) -> None:
        """Show the list, or read it again."""
        self.rows.load(self.source(), self.host.drawing(), self.why_empty(), leave=False)

    def repaint(self) -> None:
        """Draw the rows anew."""
        self.rows.draw_with(self.host.drawing())

    def fate(self) -> str:
        """See Pane."""
        row = self.rows.row
        return self.rows.fate_of(row.id) if row is not None else ""

    def on_row_list_moved(self) -> None:
        """Other keys may work on another row."""
        self.host.tell_keys()

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.host.action_act("open")

    def copy_them(self, *, as_markdown: bool) -> None:
        """See Copying."""
        row = self.rows.row
        if row is not None:
            cells = self.cells(row)
            copy_rows(self.host, self.head, lambda: [cells], as_markdown=as_markdown)
