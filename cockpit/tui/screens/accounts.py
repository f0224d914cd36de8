"""Accounts: any account by search, filter or saved view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from cockpit.services import account as accounts
from cockpit.services.account import AccountRow
from cockpit.tui.render import account as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.customers import Customers
from cockpit.tui.screens.keeping import Keeping
from cockpit.tui.screens.list_screen import Counted, ListScreen
from cockpit.tui.screens.merge_acts import MergeActs, Merging
from cockpit.tui.screens.step_acts import StepActs
from cockpit.tui.sources import block, where_to
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import Ask, Block

if TYPE_CHECKING:
    from cockpit.desk import Desk

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AccountSource:
    """Accounts of a query."""

    desk: Desk
    where: str
    sort: str

    def page(self, ask: Ask) -> Block[AccountRow]:
        """One page of accounts."""
        return block(ask, accounts.accounts_page(self.desk, self.where, self.sort, **where_to(ask)))

    def fate(self, row: AccountRow) -> str:
        """It no longer matches."""
        return "no longer matches"


class AccountsScreen(Keeping[AccountRow], MergeActs, StepActs, ListScreen[AccountRow]):
    """The accounts, with one beside the list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("accounts")
    place_name = "accounts"
    entity = "account"
    row_word = "account"
    sorts = ("name", "health", "arr", "renewal")

    def table(self) -> Table[AccountRow]:
        """Name first."""
        return render.table()

    def source(self, where: str) -> Source[AccountRow]:
        """The accounts a filter matches."""
        return AccountSource(self.desk, where, self.sort)

    def count(self, where: str) -> Counted:
        """How many match."""
        return accounts.count_accounts(self.desk, where)

    def read_preview(self, row: AccountRow) -> Draw:
        """The account in a dozen lines."""
        return self.cockpit.read_preview(row.id, None)

    def preview_title(self, row: AccountRow) -> str:
        """Its name."""
        return row.name

    def scope_text(self) -> str:
        """All there are."""
        return "All accounts"

    def why_empty(self) -> Sequence[str]:
        """Why there is none."""
        if self.asked:
            return ("No account matches this filter.", "esc clears it")
        return ("There are no accounts yet.", "a makes one · cockpit import FILE brings yours")

    def customers(self) -> Customers | None:
        """The account under the cursor, or all that are marked."""
        marks, row = self.rows.marks, self.rows.row
        if marks:
            chosen, is_all = frozenset(marks.ids), marks.all
            count = marks.count(self.matched.n if self.matched else len(self.rows.window.rows))
            ids = (lambda: [i for i in self.every_id() if i not in chosen]) if is_all else (lambda: sorted(chosen))
            return Customers(f"{count} marked accounts", ids=ids)
        return None if row is None else Customers(row.name, row.id)

    def act_open(self) -> None:
        """Open the account under the cursor."""
        row = self.rows.row
        if row is not None:
            self.cockpit.open_account(row.id)

    def act_add(self) -> None:
        """A new account."""
        self.start_new_account()

    def merging(self) -> Merging | None:
        """The account under the cursor."""
        row = self.rows.row
        return None if row is None else Merging("account", row.id, row.name)

    def act_edit(self) -> None:
        """Edit the account under the cursor."""
        row = self.rows.row
        if row is not None:
            self.start_edit_account(row.id)

    def stepped(self) -> tuple[int | None, int, str] | None:
        """The account under the cursor."""
        row = self.rows.row
        return None if row is None else (None, row.id, row.name)

    def act_log(self) -> None:
        """Log something on the account under the cursor."""
        row = self.rows.row
        if row is not None:
            self.start_log(row.id, row.name)

    def copy_head(self) -> Sequence[str]:
        """Titles of a copy."""
        return render.COPY_HEAD

    def copy_cells(self, row: AccountRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row)

    def rows_in(self, ids: Sequence[int]) -> Sequence[AccountRow]:
        """These rows; runs in a worker thread."""
        found = accounts.accounts_by_id(self.desk, ids)
        return [found[id_] for id_ in ids if id_ in found]

    def every_id(self) -> Sequence[int]:
        """All that match; runs in a worker thread."""
        page = accounts.accounts_page(self.desk, self.where, self.sort, limit=CHUNK)
        found = [row.id for row in page.rows]
        while page.more:
            page = accounts.accounts_page(self.desk, self.where, self.sort, after=page.last, limit=CHUNK)
            found += [row.id for row in page.rows]
        return found
