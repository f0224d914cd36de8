"""Inbox: mail from people nobody here knows; somebody says whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from cockpit.domain.say import plural
from cockpit.tui.actions import Place
from cockpit.tui.modals.pick import Option
from cockpit.tui.render import mail as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw, Line
from cockpit.tui.render.safe import plain
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.mailbox import Mailbox
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.mail_in import Likely, StrayRow
    from cockpit.services.people import PersonRow

MOST = 500
"""Mails that are listed; the others come up when these are done."""
OFFERED = 8
NOBODY = ""


class InboxScreen(Mailbox["StrayRow"]):
    """The strangers' mail, the latest first."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("inbox")
    place_name = "inbox"
    things = frozenset({"stray"})
    head = render.STRAY_HEAD

    def table(self) -> Table[StrayRow]:
        """Who wrote first."""
        return render.stray_table()

    def read(self) -> Sequence[StrayRow]:
        """The latest of them."""
        from cockpit.services.mail_in import strays

        return strays(self.desk, MOST)

    def read_about(self) -> Draw:
        """How many wait."""
        from cockpit.services.mail_in import stray_count

        n = stray_count(self.desk)
        more = f", the latest {MOST} here" if n > MOST else ""

        def draw(width: int, p: Palette) -> list[Line]:
            return [[("Inbox  ", p.strong), (f"{plural(n, 'mail')} from people nobody here knows{more}", p.warn if n else p.dim)]]

        return draw

    def why_empty(self) -> Sequence[str]:
        """Every mail was matched."""
        key = self.cockpit.keys.shown("bring_in")
        return ("No mail waits for somebody to say whose it is.", f"{key} reads mail from a file; what is known goes on its timeline")

    def cells(self, row: StrayRow) -> Sequence[str]:
        """See Listing."""
        return render.stray_text(row)

    def place(self) -> Place:
        """The mail under the cursor."""
        return Place("inbox", "mail" if self.row is not None else "", read_only=self.desk.read_only)

    # Keys --------------------------------------------------------------------------------------

    def act_open(self) -> None:
        """All of a mail."""
        from cockpit.tui.modals.sheet import Sheet

        row = self.row
        if row is not None:
            self.app.push_screen(Sheet("From a stranger", lambda width, p: render.stray_whole(row, width, p), self.palette))

    def act_edit(self) -> None:
        """A mail is not changed."""
        self.refuse("A mail stays as it was written; l says whose it is.")

    def act_drop_mail(self) -> None:
        """It is nobody's."""
        from cockpit.services.mail_in import drop_stray

        row = self.row
        if row is not None:
            self.do(lambda: drop_stray(self.desk, row.id))

    def act_file_mail(self) -> None:
        """Whose it is: who may have written it is offered, anybody else is found by name."""
        from cockpit.services.mail_in import likely
        from cockpit.tui.modals.finder import Finder

        row = self.row
        if row is None:
            return

        def arrived(found: Sequence[Likely]) -> None:
            def chosen(what: str | None) -> None:
                account, _, person = (what or "").partition(":")
                if person:
                    self._file(row, int(account), int(person))
                elif account:
                    self._whose(row, int(account))

            title = f"Whose is “{plain(row.subject)}”? Type a name"
            self.app.push_screen(Finder([option(one) for one in found], self._more, self.palette, title), chosen)

        self.later("likely", lambda: likely(self.desk, row), arrived)

    def _more(self, typed: str, then: Callable[[list[Option]], None]) -> None:
        self.later("named", lambda: named(self, typed), then, lambda why: None)

    def _whose(self, row: StrayRow, account_id: int) -> None:
        """Which of the account's people, or none of them."""
        from cockpit.services.people import people_of
        from cockpit.tui.modals.pick import Pick

        def arrived(people: Sequence[PersonRow]) -> None:
            options = [(NOBODY, "none of them", plain(row.sender))]
            options += [(str(one.id), plain(one.name), plain(one.email or one.title or "")) for one in people]

            def chosen(person: str | None) -> None:
                if person is not None:
                    self._file(row, account_id, int(person) if person else None)

            self.app.push_screen(Pick("Who wrote it?", options, self.palette), chosen)

        self.later("people", lambda: people_of(self.desk, account_id), arrived)

    def _file(self, row: StrayRow, account_id: int, person_id: int | None) -> None:
        from cockpit.services.mail_in import file_stray

        self.do(lambda: file_stray(self.desk, row.id, account_id, person_id))


def option(one: Likely) -> Option:
    """``account:`` or ``account:person`` to choose."""
    if one.person_id is None:
        return f"{one.account_id}:", plain(one.account), "account"
    return f"{one.account_id}:{one.person_id}", plain(one.person), plain(one.account)


def named(screen: InboxScreen, typed: str) -> list[Option]:
    """Accounts, then people, with what was typed in their name; called in a worker thread."""
    from cockpit.services.mail_in import Likely
    from cockpit.services.search import accounts_for, search

    found = [Likely(hit.id, hit.title) for hit in accounts_for(screen.desk, typed, OFFERED)]
    hits = search(screen.desk, typed, kinds=("person",), limit=OFFERED).hits
    found += [Likely(hit.account_id, hit.account or "", hit.id, hit.title) for hit in hits if hit.account_id is not None]
    return [option(one) for one in found]
