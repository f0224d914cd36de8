"""Outbox: mail that waits, went, failed, or has to be decided on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from cockpit.tui.actions import Place
from cockpit.tui.render import mail as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw, Line, broken
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.mailbox import Mailbox
from cockpit.tui.theme import Palette
from db.terms import MailState

if TYPE_CHECKING:
    from cockpit.services.outbox import Decided, OutboxRow

ORDER = (MailState.UNSURE, MailState.FAILED, MailState.SENDING, MailState.QUEUED, MailState.SENT, MailState.CANCELLED)


class OutboxScreen(Mailbox["OutboxRow"]):
    """The outbox, what has to be decided first."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("outbox")
    place_name = "outbox"
    things = frozenset({"outbox"})
    head = render.COPY_HEAD

    def table(self) -> Table[OutboxRow]:
        """State first."""
        return render.outbox_table()

    def read(self) -> Sequence[OutboxRow]:
        """What has to be decided first."""
        from cockpit.services.outbox import outbox

        return outbox(self.desk)

    def read_about(self) -> Draw:
        """How many in each state."""
        from cockpit.services.outbox import counts

        found = counts(self.desk)

        def draw(width: int, p: Palette) -> list[Line]:
            line: Line = [("Outbox", p.strong)]
            for state in ORDER:
                if found.get(state):
                    urgent = state in (MailState.UNSURE, MailState.FAILED)
                    line.append((f"  {render.GLYPHS[state]} {found[state]} {state}", p.warn if urgent else p.dim))
            return broken(line, width)

        return draw

    def why_empty(self) -> Sequence[str]:
        """Nothing was written yet."""
        letter = self.cockpit.keys.shown("letter")
        return ("The outbox is empty.", f"{letter} on a customer writes a letter; on marked ones, an outreach")

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

        self.do(done)

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

        self.do(lambda: deliver(self.desk))

    def act_edit(self) -> None:
        """A mail is not changed once it is in the outbox."""
        self.refuse("A mail in the outbox stays as it was written; x calls it back, and you write another.")
