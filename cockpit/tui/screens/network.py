"""Value network: the portfolio as stacked bars, and the accounts that hang on one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render.line import Line, paragraph, spread
from cockpit.tui.render.network import HANGING_HEAD, WORDS, hanging_table, hanging_text
from cockpit.tui.screens.account_acts import AccountActs
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.network_acts import NetworkActs
from cockpit.tui.screens.reading import Listing
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.bars_view import BarsView
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live
    from cockpit.services.portfolio import Hanging, Portfolio

REST = 20
"""What took a while to read is left alone so many times as long before others' changes make it be read again."""
BY = ("owner", "segment", "pool")
EMPTY = ("No customer hangs on one person, as far as meetings tell.", "Under three meetings in the window nothing is said.")


class NetworkScreen(Listing["Hanging"], NetworkActs, AccountActs):
    """Where are we single-threaded?"""

    CSS_PATH = "network.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("network")
    place_name = "network"
    things = frozenset({"account", "membership", "person", "activity", "attendee", "segment", "merge"})
    head = HANGING_HEAD

    def __init__(self) -> None:
        super().__init__()
        self.by = BY[0]
        self._found: Portfolio | None = None
        self._read_at = self._took = 0.0
        self._is_due = False
        """There was news while it rested."""

    def body(self) -> Iterable[Widget]:
        """By what, the bars, the accounts that hang on one person."""
        moves = self.cockpit.keys.moves()
        yield LinesView(id="about")
        yield Box(BarsView(moves, id="bars"), id="portfolio")
        yield Box(RowList["Hanging"](hanging_table(), self.run_list, moves, id="threads"), id="hanging")

    async def on_mount(self) -> None:
        """Read."""
        by = self.cockpit.memory.get("network", "by")
        self.by = by if by in BY else BY[0]
        self.query_one("#hanging", Box).retitle("Hanging on one person: most ARR at stake first")
        self.bars.focus()
        self.load()

    @property
    def bars(self) -> BarsView:
        """The portfolio."""
        return self.query_one("#bars", BarsView)

    @property
    def rows(self) -> RowList[Hanging]:
        """The accounts that hang on one person."""
        return self.query_one("#threads", RowList)

    # Reading -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Read bars and list; the cursors stay."""
        from cockpit.services.portfolio import hanging, portfolio

        by, began, self._is_due = self.by, monotonic(), False

        def arrived(found: Portfolio) -> None:
            self._found = found
            self._read_at, self._took = monotonic(), monotonic() - began
            self.bars.put(found, self.palette)
            self._tell_about()

        def failed(why: Exception) -> None:
            self.trouble(why)
            self.query_one("#about", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

        self.later("portfolio", lambda: portfolio(self.desk, by), arrived, failed)
        self.rows.load(FixedSource(lambda: hanging(self.desk)), self.drawing(), EMPTY, leave=False)

    def _tell_about(self) -> None:
        found = self._found
        if found is None:
            return
        others = f" · {found.uncounted} without ARR in {found.currency}" if found.uncounted else ""

        def draw(width: int, p: Palette) -> list[Line]:
            left: Line = [(f"{found.total.accounts} customers by {found.by}  ", p.strong), (self.cockpit.keys.shown("turn"), p.key)]
            left.append((" turns", p.dim))
            if not found.total.accounts:
                return [[("There are no customers yet: cockpit import FILE brings yours.", p.text)]]
            return [spread(left, [("← → choose, enter lists them" + others, p.dim)], width, p.text)]

        self.query_one("#about", LinesView).show(draw, self.palette)

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about: now, or when what was read has rested."""
        left = self._read_at + REST * self._took - monotonic()
        if not live.is_about(self.things) or self._is_due:
            return
        if left <= 0:
            self.load()
        else:
            self._is_due = True
            self.set_timer(left, self.load)

    @property
    def has_read(self) -> bool:
        """See Reading."""
        return self._found is not None

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.bars.put(self._found, self.palette)
        self._tell_about()

    def on_bars_view_moved(self) -> None:
        """Other keys may work."""
        self.tell_keys()

    async def on_bars_view_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    # Keys --------------------------------------------------------------------------------------

    @property
    def on_bars(self) -> bool:
        """Whether the cursor is in the upper half."""
        return self.bars.has_focus

    @property
    def row(self) -> Hanging | None:
        """The account under the cursor of the list; None while it is in the bars."""
        return None if self.on_bars else super().row

    def place(self) -> Place:
        """What the cursor stands on."""
        if not self.query("#threads"):
            return Place("network", read_only=self.desk.read_only)
        row = "bar" if self.on_bars and self.bars.at is not None else "account" if self.row is not None else ""
        return Place("network", row, read_only=self.desk.read_only, role=self.desk.me.role.value)

    def subject(self) -> tuple[int, str] | None:
        """The account of the row."""
        row = self.row
        return None if row is None else (row.id, row.account)

    def act_swap(self) -> None:
        """Between the bars and the list."""
        (self.rows if self.on_bars else self.bars).focus()
        self.tell_keys()

    def act_turn(self) -> None:
        """By owner, segment or pool."""
        self.by = BY[(BY.index(self.by) + 1) % len(BY)]
        self.cockpit.memory.put("network", by=self.by)
        self.load()

    def act_open(self) -> None:
        """The accounts of a part of a bar; the account of a row."""
        if self.on_bars:
            at = self.bars.at
            if at is not None:
                group, state = at
                self.cockpit.show_accounts(f"network:{state} {group.where}")
                self.say(f"{group.name}: {WORDS[state]} · {self.cockpit.keys.shown('network')} goes back to the networks")
        elif (row := self.row) is not None:
            self.cockpit.open_account(row.id, "people")

    def act_why(self) -> None:
        """The sums behind the account's network; of a bar, what its parts are."""
        row = self.row
        if row is not None:
            self.show_why(row.id, row.account)
            return
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.network import parts_lines

        self.app.push_screen(Sheet("Value networks", parts_lines, self.palette))

    def act_edit(self) -> None:
        """The account."""
        row = self.row
        if row is not None:
            self.start_edit_account(row.id)

    def act_log(self) -> None:
        """Log something with the account."""
        row = self.row
        if row is not None:
            self.start_log(row.id, row.account)

    def cells(self, row: Hanging) -> Sequence[str]:
        """See Listing."""
        return hanging_text(row)
