"""Queue: what should I take next? My work: what have I promised?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.services import queue
from cockpit.services.comment import comments
from cockpit.services.queue import CtaRow, QueueQuery, Scope
from cockpit.tui.presence import words
from cockpit.tui.render import cta as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw
from cockpit.tui.render.said import beside
from cockpit.tui.screens.away_acts import AwayActs
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.by_day import ByDay
from cockpit.tui.screens.cta_acts import CtaActs, Targets
from cockpit.tui.screens.customers import Customers
from cockpit.tui.screens.keeping import Keeping
from cockpit.tui.screens.list_screen import Counted, ListScreen
from cockpit.tui.sources import CtaSource
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.window import Block

HINT = "First time here? c takes the CTA under the cursor, u undoes, ? shows every key."


class CtaScreen(Keeping[CtaRow], CtaActs, ListScreen[CtaRow]):
    """A list of CTAs with the account of each beside it."""

    scope: Scope = "queue"
    sorts = ("score", "due", "oldest", "arr", "renewal", "health", "account")

    def __init__(self) -> None:
        super().__init__()
        self.pool: str | None = None

    def recall(self) -> None:
        """The pool too."""
        super().recall()
        self.pool = self.cockpit.memory.get(self.place_name, "pool")

    def remember(self) -> None:
        """The pool too."""
        super().remember()
        self.cockpit.memory.put(self.place_name, pool=self.pool)
        self.cockpit.moved()

    def query_of(self, where: str) -> QueueQuery:
        """The query of a filter as it stands here."""
        return QueueQuery(pool=self.pool, where=where, sort=self.sort, scope=self.scope)

    def kept_query(self) -> str:
        """The pool on the screen too, unless the filter names one."""
        if self.pool is None or "pool:" in self.where:
            return self.where
        return f'pool:"{self.pool}" {self.where}'.strip()

    def show_view(self, query: str, sort: str | None) -> None:
        """A view that names a pool is not looked for in another."""
        if "pool:" in query:
            self.pool = None
        super().show_view(query, sort)

    def source(self, where: str) -> Source[CtaRow]:
        """The CTAs of this screen."""
        return CtaSource(self.desk, self.query_of(where))

    def count(self, where: str) -> Counted:
        """How many match."""
        return queue.queue_count(self.desk, self.query_of(where))

    def read_preview(self, row: CtaRow) -> Draw:
        """The account of a CTA in a dozen lines; its lease over it, what colleagues said below."""
        return beside(self.cockpit.read_preview(row.account_id, row.id), row, comments(self.desk, row.id), self.desk.now())

    def preview_key(self, row: CtaRow) -> tuple[object, ...]:
        """By CTA, and what is said of it over its account: that changes with an act, before the account does."""
        return (row.id, row.snoozed_at, row.snoozed_until, row.lease, row.via)

    def preview_title(self, row: CtaRow) -> str:
        """The account's name."""
        return row.account

    def targets(self) -> Targets | None:
        """All that are marked, or the row under the cursor."""
        rows = self.rows
        marks, row = rows.marks, rows.row
        if marks:
            ids, query = frozenset(marks.ids), self.query_of(self.where)
            count = marks.count(self.matched.n if self.matched else len(rows.window.rows))
            if marks.all:
                return Targets(lambda: [i for i in queue.matching_ids(self.desk, query) if i not in ids], f"{count} marked CTAs")
            return Targets(lambda: sorted(ids), f"{count} marked CTAs")
        if row is None:
            return None
        return Targets(lambda: [row.id], f"{row.account}: {row.title}", row)

    def customers(self) -> Customers | None:
        """The account of the row under the cursor, or those of all that are marked."""
        targets = self.targets()
        if targets is None:
            return None
        if targets.row is not None:
            return Customers(targets.row.account, targets.row.account_id, cta=targets.row.id)
        return Customers(f"accounts of {targets.words}", ids=lambda: queue.accounts_of(self.desk, targets.ids()))

    def next_from(self) -> tuple[str | None, str]:
        """Next best keeps to the pool and the filter on the screen."""
        return self.pool, self.where if self.scope == "queue" else ""

    def act_open(self) -> None:
        """Open the account of the row."""
        row = self.rows.row
        if row is not None:
            self.cockpit.open_account(row.account_id)

    def act_add(self) -> None:
        """A new CTA."""
        row = self.rows.row
        self.start_new_cta(row.account if row is not None else "")

    def copy_head(self) -> Sequence[str]:
        """Titles of a copy."""
        return render.COPY_HEAD

    def copy_cells(self, row: CtaRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row, self.desk.today())

    def rows_in(self, ids: Sequence[int]) -> Sequence[CtaRow]:
        """These rows; runs in a worker thread."""
        found = queue.ctas_by_id(self.desk, ids)
        return [found[i] for i in ids if i in found]

    def every_id(self) -> Sequence[int]:
        """All that match; runs in a worker thread."""
        return queue.matching_ids(self.desk, self.query_of(self.where))


class QueueScreen(CtaScreen):
    """The unassigned CTAs of one pool or of all."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("queue")
    place_name = "queue"
    scope = "queue"

    def table(self) -> Table[CtaRow]:
        """Score first."""
        return render.queue_table()

    def body(self) -> Iterable[Widget]:
        """For who is here for the first time, a line on what to press."""
        if not self.cockpit.memory.get("hints", "acted"):
            yield LinesView(id="hint")
        yield from super().body()

    async def on_mount(self) -> None:
        """Write the hint."""
        for hint in self.query("#hint").results(LinesView):
            hint.show(lambda width, p: [[(f" {HINT}", p.accent)]], self.palette)

    async def first_act_done(self) -> None:
        """The hint has done its work."""
        await self.query("#hint").remove()

    def ready(self) -> Block[CtaRow] | None:
        """The page that was read while the program started."""
        return self.cockpit.take_ready(self.query_of(self.where))

    def scope_text(self) -> str:
        """Which pool, and who else looks at it."""
        return f"Pool {self.pool or 'all'} ▾{words(self.cockpit.presence.beside(self.pool), self.pool)}"

    def why_empty(self) -> Sequence[str]:
        """Why nothing is to be taken."""
        if self.asked:
            return ("No unassigned CTA matches this filter.", "esc clears it · v opens a saved view")
        if self.pool:
            why = f"The queue of pool {self.pool} is empty: everything is taken."
            return (why, "P shows another pool · a makes a CTA · 2 is your own work")
        return ("The queue is empty: no CTA is waiting for anybody.", "a makes one · cockpit import FILE brings yours · 2 is your own work")

    def act_pool(self) -> None:
        """Show another pool."""
        from cockpit.tui.modals.pick import Pick

        def chosen(name: str | None) -> None:
            if name is not None:
                self.pool = None if name == "*" else name
                self.reload()

        options = [("*", "all pools", ""), *((pool, pool, "") for pool in self.cockpit.names.pools)]
        self.app.push_screen(Pick("Pool", options, self.palette), chosen)


class WorkScreen(ByDay, AwayActs, CtaScreen):
    """My open CTAs, and those of others that are my business: a task, a mention, followed, covered."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("work")
    place_name = "work"
    scope = "work"
    sorts = ("due", "score", "renewal", "health", "arr", "account", "oldest")
    _soon = 0
    """Claims of mine that go back within a business day."""
    _asks = ""
    """What I promised and is late, and meetings that ask whether they happened."""
    _strays = 0
    """Mails from people nobody here knows."""

    def table(self) -> Table[CtaRow]:
        """Due first."""
        return render.work_table()

    def scope_text(self) -> str:
        """Whose, and what goes back tomorrow."""
        soon = f" · ! {self._soon} {'returns' if self._soon == 1 else 'return'} tomorrow" if self._soon else ""
        asks = f" · ? {self._asks}" if self._asks else ""
        strays = f" · {self.cockpit.keys.shown('inbox')} Inbox {self._strays}" if self._strays else ""
        return f"{self.desk.me.name}'s open CTAs{strays}{soon}{asks}"

    def recount(self) -> None:
        """How many match, and how many are about to return."""
        from cockpit.services.due_talk import asks
        from cockpit.services.lease import leases
        from cockpit.services.mail_in import stray_count

        super().recount()

        def counted(soon: int) -> None:
            if soon != self._soon:
                self._soon = soon
                self.tell_filter()

        def asked(words: str) -> None:
            if words != self._asks:
                self._asks = words
                self.tell_filter()

        def strange(n: int) -> None:
            if n != self._strays:
                self._strays = n
                self.tell_filter()

        self.later("strays", lambda: stray_count(self.desk), strange, lambda why: None)
        self.later("asks", lambda: asks(self.desk), asked, lambda why: None)
        self.later("soon", lambda: len(leases(self.desk, 1, self.desk.me.login)), counted, lambda why: None)

    def act_board(self) -> None:
        """By stage of the interventions."""
        self.cockpit.go("board")

    def why_empty(self) -> Sequence[str]:
        """Why there is nothing to do."""
        if self.asked:
            return ("None of your CTAs matches this filter.", "esc clears it")
        return ("You hold no CTA, and no task on somebody's is yours.", "n takes the best of the queue · 1 shows the queue")

