"""CTAs of the account, open ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.services import queue
from cockpit.services.comment import comment_counts
from cockpit.services.queue import CtaRow, QueueQuery
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render import cta as render
from cockpit.tui.render.columns import Table
from cockpit.tui.screens.cta_acts import Targets
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import Ask, Block

if TYPE_CHECKING:
    from cockpit.desk import Desk

MOST = 500
"""Of the open ones, and of the latest that are closed."""


@dataclass(frozen=True, slots=True)
class AccountCtas:
    """The CTAs of one account."""

    desk: Desk
    account_id: int

    def page(self, ask: Ask) -> Block[CtaRow]:
        """The open ones, the best first, then the latest closed."""
        if ask.kind not in ("first", "last"):
            return Block(())
        said = comment_counts(self.desk, self.account_id)
        closed = sorted(self._some("closed", "newest"), key=lambda row: row.closed_at or row.opened_at, reverse=True)
        rows = [*self._some("open", "score"), *closed]
        return Block([replace(row, comments=said[row.id]) if row.id in said else row for row in rows])

    def _some(self, state: str, sort: str) -> Sequence[CtaRow]:
        query = QueueQuery(scope="all", where=f"account_id:{self.account_id} is:{state}", sort=sort)
        return queue.queue_page(self.desk, query, limit=MOST).rows

    def fate(self, row: CtaRow) -> str:
        """It was deleted or undone."""
        return "gone"


class CtasPane(ListPane[CtaRow]):
    """What there is to do here, what was done."""

    name_ = "ctas"
    letter = "c"
    title = "CTAs"
    things = frozenset({"cta", "task", "comment"})
    head = render.COPY_HEAD

    def table(self) -> Table[CtaRow]:
        """What, in which state, whose."""
        return render.account_table()

    def source(self) -> Source[CtaRow]:
        """All of the account."""
        return AccountCtas(self.host.desk, self.account_id)

    def cells(self, row: CtaRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row, self.host.desk.today())

    def why_empty(self) -> Sequence[str]:
        """Nothing was ever to do."""
        return ("There never was a CTA for this account.", "a makes one")

    def row_word(self) -> str:
        """A CTA, if there is one."""
        return "cta" if self.rows.row is not None else ""

    def targets(self) -> Targets | None:
        """The CTA under the cursor."""
        row = self.rows.row
        return None if row is None else Targets(lambda: [row.id], f"{row.account}: {row.title}", row)

    def act_add(self) -> None:
        """A new CTA for this account."""
        self.host.start_new_cta(self.host.account_name)

    def act_open(self) -> None:
        """All of a CTA: its notes and tasks."""
        row = self.rows.row
        if row is not None:
            self.host.show_cta(row.id)
