"""Interventions as a board: my work by stage, from claimed to on track."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.domain.intervention import stage_text
from cockpit.tui.actions import Place
from cockpit.tui.copying import Copying, copy_rows
from cockpit.tui.render.board import STAGES, columns_of, criterion_words, detail_lines, time_words
from cockpit.tui.render.line import Line, paragraph, spread
from cockpit.tui.screens.account_acts import AccountActs
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.by_day import ByDay
from cockpit.tui.screens.cta_more import About, Talking
from cockpit.tui.screens.customers import Customers
from cockpit.tui.screens.reading import Reading
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.board import BoardView
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.still import Box
from db.terms import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.services.intervention import InterventionRow

NARROW = 100
COPY_HEAD = ("id", "account", "stage", "time", "criterion", "plan", "csm")


class InterventionsScreen(Copying, Reading, Talking, ByDay, AccountActs):
    """The board."""

    CSS_PATH = "interventions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("board")
    place_name = "board"
    things = frozenset({"intervention", "activity", "account", "cta"})

    def __init__(self) -> None:
        super().__init__()
        self.everybody = False
        self._found: Sequence[InterventionRow] | None = None

    def body(self) -> Iterable[Widget]:
        """Whose and how many, the cards, the card under the cursor."""
        yield LinesView(id="whose")
        yield Box(BoardView(self.cockpit.keys.moves(), id="board"), id="cards")
        yield Box(LinesView(id="card"), id="detail")

    async def on_mount(self) -> None:
        """Read."""
        self.everybody = bool(self.cockpit.memory.get("board", "everybody", False))
        self.query_one("#board").focus()
        self.load()

    def tab_name(self) -> str:
        """It is my work in another form."""
        return "work"

    @property
    def board(self) -> BoardView:
        """The cards."""
        return self.query_one("#board", BoardView)

    @property
    def card(self) -> InterventionRow | None:
        """The intervention under the cursor."""
        return self.board.card

    # Reading -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the cards; the cursor stays on its own."""
        from cockpit.services.intervention import board

        owner = None if self.everybody else self.desk.me.login
        def failed(why: Exception) -> None:
            self.trouble(why)
            self.query_one("#card", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

        self.later("board", lambda: board(self.desk, owner), self._arrived, failed)

    def _arrived(self, rows: Sequence[InterventionRow]) -> None:
        self._found = rows
        card = self.card
        self.board.put(columns_of(rows), self.palette, card.id if card is not None else None)
        self._tell_whose()

    def _tell_whose(self) -> None:
        rows = self._found or ()
        whose = "Everybody's interventions" if self.everybody else f"{self.desk.me.name}'s interventions"
        turn = "mine" if self.everybody else "everybody's"
        numbers = [(stage_text(stage), sum(row.stage == stage for row in rows)) for stage in STAGES]

        def draw(width: int, p: Palette) -> list[Line]:
            words = whose if width > NARROW else ("Everybody's" if self.everybody else "Mine")
            left: Line = [(f" {words}  ", p.dim), (self.cockpit.keys.shown("turn"), p.key), (f" {turn}", p.dim)]
            counts = " · ".join(f"{name if width > NARROW else name.split()[-1]} {number}" for name, number in numbers)
            return [spread(left, [(f"{counts} ", p.dim)], width, p.text)]

        self.query_one("#whose", LinesView).show(draw, self.palette)

    def on_board_view_moved(self) -> None:
        """Show the card below, and what can be done with it."""
        card = self.card
        key = self.cockpit.keys.shown("stage")

        def draw(width: int, p: Palette) -> list[Line]:
            if card is not None:
                return detail_lines(card, width, p, key)
            if self._found is None:
                return []
            if not self._found:
                whose = "No intervention runs." if self.everybody else "You have no intervention running."
                how = "An outreach logged (l) on a CTA you hold begins one, and so does I there. 2 is your list."
                return [[(whose, p.text)], [(how, p.dim)]]
            return [[("No card in this column; left and right go to another.", p.dim)]]

        self.query_one("#card", LinesView).show(draw, self.palette)
        self.tell_keys()

    async def on_board_view_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    @property
    def has_read(self) -> bool:
        """See Reading."""
        return self._found is not None

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self.board.put(self.board.columns, self.palette, self.card.id if self.card else None)
        self._tell_whose()

    # What the acts are about -------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        row = "intervention" if self.query("#board") and self.card is not None else ""
        return Place("board", row, read_only=self.desk.read_only, role=self.desk.me.role.value)

    def intervened(self) -> tuple[int, str] | None:
        """The account of the card."""
        card = self.card
        return None if card is None else (card.account_id, card.account)

    def customers(self) -> Customers | None:
        """The account of the card."""
        card = self.card
        return None if card is None else Customers(card.account, card.account_id, cta=card.cta)

    def with_intervention(self, then: Callable[[InterventionRow], None]) -> None:
        """The card itself."""
        card = self.card
        if card is not None:
            then(card)

    def about(self) -> About | None:
        """The CTA the intervention began with."""
        card = self.card
        if card is None or card.cta is None:
            return None
        return About(card.cta, card.account_id, card.account, stage_text(Stage(card.stage)))

    # Keys --------------------------------------------------------------------------------------

    def act_board(self) -> None:
        """The list again."""
        self.cockpit.go("work")

    def act_turn(self) -> None:
        """Mine or everybody's."""
        self.everybody = not self.everybody
        self.cockpit.memory.put("board", everybody=self.everybody)
        self.load()

    def act_pane_next(self) -> None:
        """The next stage."""
        self.board.turn(1)

    def act_pane_previous(self) -> None:
        """The stage before."""
        self.board.turn(-1)

    def act_open(self) -> None:
        """The account."""
        card = self.card
        if card is not None:
            self.cockpit.open_account(card.account_id, "interventions")

    def act_edit(self) -> None:
        """Plan and criterion."""
        card = self.card
        if card is not None:
            self.edit_plan(card)

    def act_log(self) -> None:
        """Log something; that moves cards too."""
        card = self.card
        if card is not None:
            self.start_log(card.account_id, card.account, card.cta)

    def copy_them(self, *, as_markdown: bool) -> None:
        """See Copying."""
        card = self.card
        if card is not None:
            copy_rows(self, COPY_HEAD, lambda: [_cells(card)], as_markdown=as_markdown, noun="card")


def _cells(card: InterventionRow) -> list[str]:
    from cockpit.tui.render.safe import plain

    words = (card.account, stage_text(Stage(card.stage)), time_words(card)[0], criterion_words(card)[0], card.plan, card.owner)
    return [str(card.id), *(plain(word) for word in words)]
