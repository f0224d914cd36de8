"""Account 360: a header that never scrolls, and panes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.services.account import Header, account_header
from cockpit.services.errors import Refused
from cockpit.tui.actions import Place
from cockpit.tui.panes import PANES
from cockpit.tui.panes.base import Pane
from cockpit.tui.render.account import header_lines
from cockpit.tui.render.line import Draw, paragraph
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.cta_acts import CtaActs, Targets
from cockpit.tui.screens.customers import Customers
from cockpit.tui.screens.fact_acts import FactActs
from cockpit.tui.screens.health_acts import HealthActs
from cockpit.tui.screens.merge_acts import MergeActs, Merging
from cockpit.tui.screens.network_acts import NetworkActs
from cockpit.tui.screens.parted import Part, PartBar, Parted
from cockpit.tui.screens.starting import Starting
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live
    from cockpit.services.people import PersonRow

class AccountScreen(Parted, HealthActs, NetworkActs, MergeActs, FactActs, Starting, CtaActs):
    """One account and everything about it."""

    CSS_PATH = "account.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("account")
    place_name = "account"
    part_noun = "pane"

    def __init__(self, account_id: int, pane: str = "summary") -> None:
        super().__init__()
        self.account_id = account_id
        self.account_name = ""
        self.part = pane
        self._header: Header | None = None

    def body(self) -> Iterable[Widget]:
        """Header, pane names, the pane in front."""
        yield LinesView(id="header")
        yield PartBar()
        yield Box(id="pane")

    async def on_mount(self) -> None:
        """Show the first pane."""
        self._read_header()
        await self.front(self.part)

    def _read_header(self) -> None:
        def arrived(header: Header) -> None:
            self._header, self.account_name = header, header.name
            self._tell_header()

        def refused(why: Exception) -> None:
            self.trouble(why)
            if isinstance(why, Refused):
                self.act_back()
            elif self._header is None:
                self.query_one("#header", LinesView).show(lambda width, p: paragraph(str(why), width, p.bad), self.palette)

        self.later("header", lambda: account_header(self.desk, self.account_id), arrived, refused)

    def _tell_header(self) -> None:
        header = self._header
        if header is not None:
            self.query_one("#header", LinesView).show(lambda width, p: header_lines(header, width, p), self.palette)

    def tab_name(self) -> str:
        """The tab one came from."""
        return self.app.current_mode

    # Panes -------------------------------------------------------------------------------------

    @property
    def pane(self) -> Pane | None:
        """The pane in front."""
        found = self.query(f"#pane-{self.part}")
        return found.first(Pane) if found else None

    def parts(self) -> Sequence[Part]:
        """The panes."""
        return [Part(pane.name_, pane.letter, pane.title) for pane in PANES]

    async def bring(self) -> None:
        """Show the pane in front; it is made and read at first sight."""
        if self.pane is None:
            kind = next(pane for pane in PANES if pane.name_ == self.part)
            await self.query_one("#pane").mount(kind(self))
        for pane in self.query(Pane):
            pane.display = pane.name_ == self.part
        front = self.pane
        assert front is not None
        front.load()
        front.focus_it()
        self.cockpit.presence.look(self.account_id, self.part)

    # News --------------------------------------------------------------------------------------

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        self._read_header()
        pane = self.pane
        if pane is not None and live.is_about(pane.things):
            pane.load()

    def acted(self) -> None:
        """My own act."""
        self._read_header()
        if self.pane is not None:
            self.pane.load()
        self.tell_keys()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        if self.is_mounted and self.pane is not None:
            self.acted()

    def repaint(self) -> None:
        """Other colours."""
        super().repaint()
        self._tell_header()
        for pane in self.query(Pane):
            pane.repaint()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on in the pane in front."""
        pane = self.pane
        row = pane.row_word() if pane is not None and pane.is_mounted else ""
        fate = pane.fate() if row and pane is not None else ""
        marked = pane.marked() if pane is not None and pane.is_mounted else 0
        return Place("account", row, marked, fate, self.desk.read_only, self.part)

    def _of_pane(self, act: str) -> Any:
        return getattr(self.pane, act, None)

    def targets(self) -> Targets | None:
        """What the pane says; only the CTAs have any."""
        found = self._of_pane("targets")
        return found() if found is not None else None

    def customers(self) -> Customers:
        """This account."""
        return Customers(self.account_name, self.account_id)

    def act_clear(self) -> None:
        """Clear the marks of a pane, or show all of what was searched; then leave."""
        cleared = self._of_pane("act_clear")
        if cleared is None or not cleared():
            super().act_clear()

    def act_keep(self) -> None:
        """What became of the promise or the planned meeting under the cursor."""
        self._hand_over("act_keep", "Promises and planned meetings are in the timeline: p t.")

    async def act_search(self) -> None:
        """Look for words in the timeline."""
        if self.part != "timeline":
            await self.front("timeline")
        self._hand_over("act_search", "The timeline is searched: p t.")

    def intervened(self) -> tuple[int, str]:
        """This account, whichever pane is in front."""
        return self.account_id, self.account_name

    def subject(self) -> tuple[int, str]:
        """This account."""
        return self.account_id, self.account_name

    def people_chosen(self) -> Sequence[PersonRow]:
        """What the pane of people says."""
        found = self._of_pane("chosen")
        return found() if found is not None else ()

    def merging(self) -> Merging:
        """The person under the cursor, or this account."""
        chosen = self.people_chosen()
        return Merging("person", chosen[0].id, chosen[0].name) if chosen else Merging("account", self.account_id, self.account_name)

    def _hand_over(self, act: str, otherwise: str) -> None:
        method = self._of_pane(act)
        if method is not None:
            method()
        else:
            self.refuse(otherwise)

    def act_open(self) -> None:
        """Open the row under the cursor."""
        self._hand_over("act_open", "There is nothing to open here; ] goes to the next pane.")

    def act_add(self) -> None:
        """Add what the pane is about; in Summary, an entry of the timeline."""
        if self._of_pane("act_add") is not None:
            self._of_pane("act_add")()
        else:
            self.act_log()

    def act_edit(self) -> None:
        """Edit the row under the cursor, or the account."""
        if self.part == "ctas" and self.targets() is not None:
            super().act_edit()
        elif self._of_pane("act_edit") is not None:
            self._of_pane("act_edit")()
        else:
            self.start_edit_account(self.account_id)

    def act_close(self) -> None:
        """Close the CTA, or what else the pane's line is."""
        (self._of_pane("act_close") or super().act_close)()

    def act_reopen(self) -> None:
        """Open again what was closed."""
        (self._of_pane("act_reopen") or super().act_reopen)()

    def act_due(self) -> None:
        """Another day."""
        (self._of_pane("act_due") or super().act_due)()

    def act_log(self) -> None:
        """Log something on this account."""
        targets = self.targets()
        cta_id = targets.row.id if targets is not None and targets.row is not None else None
        self.start_log(self.account_id, self.account_name, cta_id)

    def act_why(self) -> None:
        """The sum behind the health of this account, or behind the score of a CTA."""
        if self._of_pane("act_why") is not None:
            self._of_pane("act_why")()
        else:
            super().act_why()

    def act_turn(self) -> None:
        """Another kind of rows, where the pane has several."""
        self._hand_over("act_turn", "Nothing turns in this pane: Support & surveys (p v), People (p e) and Scorecard (p o) do.")

    def act_mark(self) -> None:
        """Mark the person under the cursor."""
        self._hand_over("act_mark", "Rows are marked in People: p e goes there.")

    def act_export(self) -> None:
        """Write the document under the cursor to a file."""
        self._hand_over("act_export", "What is exported of an account is a document; p d goes to them.")

    def act_copy(self) -> None:
        """Copy the row."""
        self._hand_over("act_copy", "There is no row here to copy.")

    def act_copy_markdown(self) -> None:
        """Copy the row as Markdown."""
        self._hand_over("act_copy_markdown", "There is no row here to copy.")

    # Whole things ------------------------------------------------------------------------------

    def show_cta(self, cta_id: int) -> None:
        """All of a CTA in a sheet."""
        from cockpit.services import cta as ctas
        from cockpit.services.comment import comments
        from cockpit.services.link import links
        from cockpit.services.shadow import followers
        from cockpit.tui.render.said import about_lines

        def read() -> tuple[ctas.CtaShown, Draw]:
            shown = ctas.show_cta(self.desk, cta_id)
            more = about_lines(links(self.desk, cta_id), followers(self.desk, cta_id), comments(self.desk, cta_id), self.desk.now())
            return shown, more

        def arrived(found: tuple[ctas.CtaShown, Draw]) -> None:
            from cockpit.tui.modals.sheet import Sheet
            from cockpit.tui.render.cta_whole import whole_lines

            shown, more = found
            today = self.desk.today()
            title = f"CTA {cta_id} · {shown.row.account}"
            self.app.push_screen(Sheet(title, lambda width, p: [*whole_lines(shown, today, width, p), *more(width, p)], self.palette))

        self.later("cta", read, arrived)
