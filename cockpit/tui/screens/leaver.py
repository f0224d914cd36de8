"""A leaver's whole book on one screen: who takes what and why, changed by a key; all started in one act; then day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui import clipboard
from cockpit.tui.actions import Place
from cockpit.tui.render import leaver as render
from cockpit.tui.render import transition as hand_overs
from cockpit.tui.render.columns import Drawing
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import Entry, as_text, table
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.starting import Starting
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.bars import Clickable, Pressed
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.leave_board import LeaveBoard
    from cockpit.services.leaver import Begun, Proposal, Proposed
    from cockpit.services.live import Live

PREFIX = "part:"
BEFORE, AFTER = ("accounts", "people", "holds"), ("accounts", "days")
NOTES = {
    "accounts": "i another recipient, the pool, or she keeps it · S starts all · enter opens",
    "people": "free: hours a week; after: with what would come",
    "holds": "what hangs on her accounts goes with them; ! needs somebody of its own",
    "days": "plan: accounts that should still be hers at the end of the day; hers: that are",
}
THINGS = frozenset({"transition", "task", "account", "cta", "leave", "csm", "away"})


class PartBar(Clickable):
    """The parts of a leave."""


class LeaverScreen(Starting):
    """Proposed, then started."""

    CSS_PATH = "leaver.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("leaver")
    place_name = "leaver"

    def __init__(self, login: str = "", last_day: date | None = None, *, gone: bool = False, leave: int | None = None) -> None:
        super().__init__()
        self.login, self.last_day, self.gone, self.leave = login, last_day, gone, leave
        self.choices: dict[int, str] = {}
        self.found: Proposal | None = None
        self.board: LeaveBoard | None = None
        self.front = "accounts"
        self._choosing = False

    def body(self) -> Iterable[Widget]:
        """Whose leave, the part in front, what its keys do."""
        moves = self.cockpit.keys.moves()
        yield LinesView(id="what")
        yield PartBar(id="tabs")
        with Box(id="lists"):
            yield RowList[Entry](table(hand_overs.LISTED), self._run, moves, id="rows-started")
            for name, heads in render.HEADS.items():
                yield RowList[Entry](table(heads), self._run, moves, id=f"rows-{name}")
        yield LinesView(id="note")

    async def on_mount(self) -> None:
        """Read."""
        for rows in self.query(RowList):
            rows.draw_with(Drawing(self.palette, self.desk.today()))
        self._show_part(self.front)
        self.load()

    def tab_name(self) -> str:
        """It belongs to Transitions."""
        return "transitions"

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.later(f"{group} leaver", work, then)

    # Reading -----------------------------------------------------------------------------------

    @property
    def parts(self) -> tuple[str, ...]:
        """What there is to see."""
        return AFTER if self.leave is not None else BEFORE

    @property
    def rows(self) -> RowList[Entry]:
        """The list in front."""
        name = "started" if self.leave is not None and self.front == "accounts" else self.front
        return self.query_one(f"#rows-{name}", RowList)

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
        self.refuse(str(why))
        if self.found is None and self.board is None:
            self.act_back()

    def _proposal_came(self, found: Proposal) -> None:
        self.found = found
        today = self.desk.today()
        self._fill("accounts", render.proposed(found, today), (f"{found.name} holds no account.", "q goes back"))
        self._fill("people", render.recipients(found), ("Nobody gets anything.", ""))
        self._fill("holds", render.holds(found, today), ("She holds nothing else.", ""))
        self._tell()

    def _board_came(self, board: LeaveBoard) -> None:
        self.board = board
        today = self.desk.today()
        self._fill("started", hand_overs.listed(board.rows, today), ("No transition is left of it.", "q goes back"))
        self._fill("days", render.days(board, today), ("Nothing is due.", ""))
        self._tell()

    def _fill(self, name: str, entries: Sequence[Entry], empty: Sequence[str]) -> None:
        rows = self.query_one(f"#rows-{name}", RowList)
        rows.empty = empty
        at = rows.row.id if rows.is_loaded and rows.row is not None else None
        rows.show(FixedSource(lambda: list(entries)))
        if at is not None:
            self.call_after_refresh(self._back_to, rows, at, [one.id for one in entries])

    def _back_to(self, rows: RowList[Entry], at: int, ids: Sequence[int]) -> None:
        if at in ids and rows.is_attached:
            for _ in range(ids.index(at)):
                rows.move("down")

    def _show_part(self, name: str) -> None:
        self.front, self._choosing = name, False
        for rows in self.query(RowList):
            rows.display = rows is self.rows
        self.rows.focus()
        self._tell()

    def _tell(self) -> None:
        if not self.is_mounted:
            return
        found, board, today = self.found, self.board, self.desk.today()
        self.query_one("#what", LinesView).show(lambda width, p: render.head_lines(found, board, width, p, today), self.palette)
        tabs = [(PREFIX + name, render.LETTERS[name], render.NAMES[name]) for name in self.parts]
        self.query_one(PartBar).tell_tabs(tabs, PREFIX + self.front, self.palette, choosing=self._choosing)
        note = "enter guides through a hand-over" if self.leave is not None and self.front == "accounts" else NOTES[self.front]
        entry = self.rows.row
        row = entry.data if entry is not None and entry.kind == "proposed" else None

        def draw(width: int, p: Palette) -> list[Line]:
            return [*(render.why_lines(row, width, p) if row is not None else []), [(note[:width], p.dim)]]

        self.query_one("#note", LinesView).show(draw, self.palette)
        self.tell_keys()

    # Parts -------------------------------------------------------------------------------------

    def act_pane_next(self) -> None:
        """The next part."""
        self._step(1)

    def act_pane_previous(self) -> None:
        """The part before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._show_part(self.parts[(self.parts.index(self.front) + by) % len(self.parts)])

    def act_pane(self) -> None:
        """The next key is a part's letter."""
        self._choosing = True
        self._tell()

    async def on_key(self, event: events.Key) -> None:
        """After ``p``: a letter."""
        if not self._choosing:
            await super().on_key(event)
            return
        event.stop()
        event.prevent_default()
        name = next((name for name in self.parts if render.LETTERS[name] == event.key), None)
        self._show_part(name or self.front)
        if name is None and event.key != "escape":
            self.refuse(f"No part has the letter {event.character or event.key}; the line above shows them.")

    async def on_pressed(self, message: Pressed) -> None:
        """A click on a part's name."""
        if message.action.startswith(PREFIX):
            message.stop()
            message.prevent_default()
            self._show_part(message.action.removeprefix(PREFIX))

    def on_row_list_moved(self) -> None:
        """Another row has other reasons, and other keys may work on it."""
        self._tell()

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    # News --------------------------------------------------------------------------------------

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        if live.everything or THINGS & {thing for thing, _ in live.things}:
            self.load()

    def acted(self) -> None:
        """My own act; what was undone is proposed again."""
        self.load()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        super().on_screen_resume()
        if self.is_mounted and (self.found is not None or self.board is not None):
            self.load()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        for rows in self.query(RowList):
            rows.draw_with(Drawing(self.palette, self.desk.today()))
        self._tell()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        entry = self.rows.row if self.is_mounted else None
        state = "started" if self.leave is not None else "proposed"
        return Place("leaver", entry.kind if entry is not None else "", 0, "", self.desk.read_only, state, self.desk.me.role.value)

    def act_open(self) -> None:
        """The account, the hand-over, what she holds."""
        entry = self.rows.row
        if entry is None:
            return
        if entry.kind == "transition":
            self.open_transition(entry.id)
        elif entry.kind == "proposed":
            self.cockpit.open_account(entry.id)
        elif entry.kind == "thing" and entry.key:
            self.cockpit.open_account(int(entry.key))
        elif entry.kind == "recipient":
            from cockpit.tui.screens.team_open import quoted, show_accounts

            show_accounts(self.cockpit, f"owner:{quoted(entry.key)}")
        else:
            self.refuse("There is nothing to open here.")

    def act_edit(self) -> None:
        """Somebody else takes it, or the pool, or she keeps it."""
        from cockpit.tui.modals.pick import Pick

        entry = self.rows.row
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
            self.leave, self.found = done.leave, None
            self._show_part("accounts")
            self.load()

        self.do(lambda: start(self.desk, self.login, self.last_day, gone=self.gone, choices=choices), lambda done: done.said, begun)

    def _reverse(self, use_case: Callable[[], Any], hint: str) -> None:
        self.leave, self.board = (None, None) if self.login else (self.leave, self.board)
        super()._reverse(use_case, hint)
        self._show_part("accounts")

    def act_copy(self) -> None:
        """The row as cells with tabs."""
        entry = self.rows.row
        if entry is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.tsv([as_text(entry)]))}")

    def act_copy_markdown(self) -> None:
        """The row as a Markdown table."""
        entry = self.rows.row
        if entry is not None:
            heads = [one.title for one in render.HEADS[self.front]]
            heads = list(hand_overs.COPY_HEAD) if entry.kind == "transition" else heads
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.markdown(heads, [as_text(entry)]))}")
