"""A leaver's whole book on one screen: who takes what and why, changed by a key; all started in one act; then day by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.services.errors import NotFound
from cockpit.tui.actions import Place
from cockpit.tui.render import leaver as render
from cockpit.tui.render import transition as hand_overs
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import Entry, as_text, table
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.parted import Part, PartBar, Parted
from cockpit.tui.screens.reading import Listing
from cockpit.tui.screens.starting import Starting
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.leave_board import LeaveBoard
    from cockpit.services.leaver import Begun, Proposal, Proposed

BEFORE, AFTER = ("accounts", "people", "holds"), ("accounts", "days")
NOTES = {
    "accounts": "i another recipient, the pool, or she keeps it · S starts all · enter opens",
    "people": "free: hours a week; after: with what would come",
    "holds": "what hangs on her accounts goes with them; ! needs somebody of its own",
    "days": "plan: accounts that should still be hers at the end of the day; hers: that are",
}


class LeaverScreen(Parted, Listing[Entry], Starting):
    """Proposed, then started."""

    CSS_PATH = "leaver.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("leaver")
    place_name = "leaver"
    things = frozenset({"transition", "task", "account", "cta", "leave", "csm", "away"})
    part = "accounts"

    def __init__(self, login: str = "", last_day: date | None = None, *, gone: bool = False, leave: int | None = None) -> None:
        super().__init__()
        self.login, self.last_day, self.gone, self.leave = login, last_day, gone, leave
        self.choices: dict[int, str] = {}
        self.found: Proposal | None = None
        self.board: LeaveBoard | None = None
        self._entries: dict[str, Sequence[Entry]] = {}

    def body(self) -> Iterable[Widget]:
        """Whose leave, the part in front, what its keys do."""
        moves = self.cockpit.keys.moves()
        yield LinesView(id="what")
        yield PartBar()
        with Box(id="lists"):
            yield RowList[Entry](table(hand_overs.LISTED), self.run_list, moves, id="rows-started")
            for name, heads in render.HEADS.items():
                yield RowList[Entry](table(heads), self.run_list, moves, id=f"rows-{name}")
        yield LinesView(id="note")

    async def on_mount(self) -> None:
        """Read."""
        for rows in self.query(RowList):
            rows.draw_with(self.drawing())
        await self.front(self.part)
        self.load()

    def tab_name(self) -> str:
        """It belongs to Transitions."""
        return "transitions"

    # Reading -----------------------------------------------------------------------------------

    def parts(self) -> Sequence[Part]:
        """What there is to see."""
        names = AFTER if self.leave is not None else BEFORE
        return [Part(name, render.LETTERS[name], render.NAMES[name]) for name in names]

    @property
    def rows(self) -> RowList[Entry]:
        """The list in front."""
        name = "started" if self.leave is not None and self.part == "accounts" else self.part
        return self.query_one(f"#rows-{name}", RowList)

    @property
    def has_read(self) -> bool:
        """See Reading."""
        return self.found is not None or self.board is not None

    def load(self) -> None:
        """What is proposed, or how it goes."""
        from cockpit.services.leave_board import leave_board
        from cockpit.services.leaver import propose

        leave = self.leave
        if leave is not None:
            self.later("leave", lambda: leave_board(self.desk, leave), self._board_came, self._failed)
            return
        choices = dict(self.choices)

        def read() -> Proposal:
            return propose(self.desk, self.login, self.last_day, gone=self.gone, choices=choices)

        self.later("leave", read, self._proposal_came, self._failed)

    def _failed(self, why: Exception) -> None:
        if self.login and self.leave is not None and isinstance(why, NotFound):  # taken back: it is a proposal again
            self._turn_to(None)
            return
        self.refuse(str(why))
        if not self.has_read or isinstance(why, NotFound):
            self.act_back()

    def _turn_to(self, leave: int | None) -> None:
        """From proposed to started, or back."""
        self.leave, self.found, self.board = leave, None, None
        self.part = "accounts"
        self.bring()
        self.tell_parts()
        self.load()

    def _proposal_came(self, found: Proposal) -> None:
        self.found = found
        today = self.desk.today()
        self._fill("accounts", render.proposed(found, today), (f"{found.name} holds no account.", "q goes back"))
        self._fill("people", render.recipients(found), ("Nobody gets anything.", ""))
        self._fill("holds", render.holds(found, today), ("She holds nothing else.", ""))
        self.tell_parts()

    def _board_came(self, board: LeaveBoard) -> None:
        self.board = board
        today = self.desk.today()
        self._fill("started", hand_overs.listed(board.rows, today), ("No transition is left of it.", "q goes back"))
        self._fill("days", render.days(board, today), ("Nothing is due.", ""))
        self.tell_parts()

    def _fill(self, name: str, entries: Sequence[Entry], empty: Sequence[str]) -> None:
        self._entries[name] = entries
        rows = self.query_one(f"#rows-{name}", RowList)
        rows.load(FixedSource(lambda: self._entries[name]), self.drawing(), empty)

    def bring(self) -> None:
        """The list in front."""
        for rows in self.query(RowList):
            rows.display = rows is self.rows
        self.rows.focus()

    def tell_parts(self) -> None:
        """Whose leave, what the part is about, why this recipient."""
        super().tell_parts()
        found, board, today = self.found, self.board, self.desk.today()
        self.query_one("#what", LinesView).show(lambda width, p: render.head_lines(found, board, width, p, today), self.palette)
        note = "enter guides through a hand-over" if self.leave is not None and self.part == "accounts" else NOTES[self.part]
        entry = self.row
        row = entry.data if entry is not None and entry.kind == "proposed" else None

        def draw(width: int, p: Palette) -> list[Line]:
            return [*(render.why_lines(row, width, p) if row is not None else []), [(note[:width], p.dim)]]

        self.query_one("#note", LinesView).show(draw, self.palette)

    def moved(self) -> None:
        """Another row has other reasons, and other keys may work on it."""
        self.tell_parts()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        entry = self.row
        state = "started" if self.leave is not None else "proposed"
        return Place("leaver", entry.kind if entry is not None else "", 0, "", self.desk.read_only, state, self.desk.me.role.value)

    def act_open(self) -> None:
        """The account, the hand-over, what she holds."""
        entry = self.row
        if entry is None:
            return
        if entry.kind == "transition":
            self.open_transition(entry.id)
        elif entry.kind == "proposed":
            self.cockpit.open_account(entry.id)
        elif entry.kind == "thing" and entry.key:
            self.cockpit.open_account(int(entry.key))
        elif entry.kind == "recipient":
            from cockpit.tui.screens.team_open import quoted

            self.cockpit.show_accounts(f"owner:{quoted(entry.key)}")
        else:
            self.refuse("There is nothing to open here.")

    def act_edit(self) -> None:
        """Somebody else takes it, or the pool, or she keeps it."""
        from cockpit.tui.modals.pick import Pick

        entry = self.row
        if self.leave is not None or entry is None or entry.kind != "proposed":
            self.refuse("Recipients are chosen in Accounts, before it is started; after that i in the hand-over does it.")
            return
        row: Proposed = entry.data
        if row.running is not None:
            self.refuse(f"Transition {row.running} of {row.account} runs already.")
            return
        options = [(one.to, plain(one.name), plain(", ".join(one.reasons))[:60]) for one in row.options]
        options.append(("keep", "She keeps it", "no hand-over"))
        if row.is_chosen:
            options.append(("", "As proposed", "forget the choice"))

        def chosen(to: str | None) -> None:
            if to is None:
                return
            self.choices.pop(row.account_id, None)
            if to:
                self.choices[row.account_id] = to
            self.load()

        self.app.push_screen(Pick(f"Who takes {row.account}", options, self.palette), chosen)

    def act_begin_leave(self) -> None:
        """Start all of it in one act."""
        from cockpit.services.leaver import start

        choices = dict(self.choices)

        def begun(done: Begun) -> None:
            self._turn_to(done.leave)

        self.do(lambda: start(self.desk, self.login, self.last_day, gone=self.gone, choices=choices), begun)

    # Copies ------------------------------------------------------------------------------------

    @property
    def head(self) -> Sequence[str]:
        """See Listing."""
        if self.leave is not None and self.part == "accounts":
            return list(hand_overs.COPY_HEAD)
        return [one.title for one in render.HEADS[self.part]]

    def cells(self, row: Entry) -> Sequence[str]:
        """See Listing."""
        return as_text(row)
