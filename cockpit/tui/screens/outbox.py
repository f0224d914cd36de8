"""Outbox: mail that waits, went, failed, or has to be decided on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render import mail as render
from cockpit.tui.render.line import Line
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.reading import Listing
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box
from db.terms import MailState

if TYPE_CHECKING:
    from cockpit.services.outbox import Decided, OutboxRow


class OutboxScreen(Listing["OutboxRow"]):
    """The outbox, what has to be decided first."""

    CSS_PATH = "outbox.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("outbox")
    place_name = "outbox"
    things = frozenset({"outbox"})
    head = render.COPY_HEAD

    def body(self) -> Iterable[Widget]:
        """How many in each state, the mails."""
        yield LinesView(id="about")
        yield Box(RowList["OutboxRow"](render.outbox_table(), self.run_list, self.cockpit.keys.moves(), id="rows"), id="mails")

    async def on_mount(self) -> None:
        """Read."""
        self.rows.focus()
        self.load()

    def tab_name(self) -> str:
        """The tab one came from."""
        return self.app.current_mode

    def load(self) -> None:
        """Read the mails and their counts; the cursor stays."""
        from cockpit.services.outbox import counts, outbox

        letter = self.cockpit.keys.shown("letter")
        empty = ("The outbox is empty.", f"{letter} on a customer writes a letter; on marked ones, an outreach")
        self.rows.load(FixedSource(lambda: outbox(self.desk)), self.drawing(), empty, leave=False)
        self.later("mail counts", lambda: counts(self.desk), self._tell_about, lambda why: None)

    def _tell_about(self, counts: dict[str, int]) -> None:
        def draw(width: int, p: Palette) -> list[Line]:
            line: Line = [("Outbox  ", p.strong)]
            for state in (MailState.UNSURE, MailState.FAILED, MailState.SENDING, MailState.QUEUED, MailState.SENT, MailState.CANCELLED):
                if counts.get(state):
                    urgent = state in (MailState.UNSURE, MailState.FAILED)
                    line.append((f"{render.GLYPHS[state]} {counts[state]} {state}  ", p.warn if urgent else p.dim))
            return [line]

        self.query_one("#about", LinesView).show(draw, self.palette)
        self.tell_keys()

    def place(self) -> Place:
        """The mail under the cursor; its state says which keys work."""
        row = self.row
        return Place("outbox", "mail" if row is not None else "", read_only=self.desk.read_only, pane=row.state if row is not None else "")

    def cells(self, row: OutboxRow) -> Sequence[str]:
        """See Listing."""
        return render.as_text(row)

    # Keys --------------------------------------------------------------------------------------

    def act_open(self) -> None:
        """All of a mail."""
        from cockpit.tui.modals.sheet import Sheet

        row = self.row
        if row is not None:
            self.app.push_screen(Sheet(row.account, lambda width, p: render.whole(row, width, p), self.palette))

    def act_account(self) -> None:
        """The account of a mail."""
        row = self.row
        if row is not None:
            self.cockpit.open_account(row.account_id, "timeline")

    def _decide(self, use_case: Callable[[Sequence[int]], Decided], then: Callable[[], str] | None = None) -> None:
        row = self.row
        if row is None:
            return

        def done() -> str:
            said = use_case([row.id]).said
            return f"{said} · {then()}" if then is not None else said

        self.do(done, lambda said: said, lambda said: self.acted())

    def act_mail_again(self) -> None:
        """Send it again."""
        from cockpit.services.delivery import deliver
        from cockpit.services.outbox import retry

        self._decide(lambda ids: retry(self.desk, ids), lambda: deliver(self.desk).said)

    def act_mail_back(self) -> None:
        """Call it back."""
        from cockpit.services.outbox import cancel

        self._decide(lambda ids: cancel(self.desk, ids))

    def act_mail_arrived(self) -> None:
        """It arrived."""
        from cockpit.services.outbox import confirm

        self._decide(lambda ids: confirm(self.desk, ids))

    def act_send_now(self) -> None:
        """Send what waits."""
        from cockpit.services.delivery import deliver

        self.do(lambda: deliver(self.desk), lambda done: done.said, lambda done: self.acted())

    def act_edit(self) -> None:
        """A mail is not changed once it is in the outbox."""
        self.refuse("A mail in the outbox stays as it was written; x calls it back, and you write another.")
