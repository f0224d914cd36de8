"""A long list with the account of the highlighted row beside it: the ground of Queue, My work and Accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Draw, paragraph
from cockpit.tui.screens.base import CockpitScreen
from cockpit.tui.widgets.filter_bar import FilterBar, Offer
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.row_reader import Source
from cockpit.tui.widgets.still import Box
from cockpit.tui.widgets.window import Block, Row

if TYPE_CHECKING:
    from cockpit.services.live import Live

R = TypeVar("R", bound=Row)
SETTLE = 0.07
"""Seconds the cursor rests on a row before the account beside it is read."""
NARROW = 104
KEPT_PREVIEWS = 64


class Counted(Protocol):
    """How many, and whether there are more than were counted."""

    @property
    def n(self) -> int: ...
    @property
    def capped(self) -> bool: ...


def count_text(count: Counted | None) -> str:
    """``412``, ``10k+`` when nobody counted on, nothing when it is not known yet."""
    if count is None:
        return ""
    return f"{count.n // 1000}k+" if count.capped else str(count.n)


class ListScreen(CockpitScreen, Generic[R]):
    """Filter line, list, preview. Subclasses give the table, the rows and the preview."""

    AUTO_FOCUS = "#rows"
    CSS_PATH: ClassVar[Any] = "list_screen.tcss"
    entity = "cta"
    sorts: tuple[str, ...] = ()
    row_word = "cta"

    def __init__(self) -> None:
        super().__init__()
        self.where = ""
        """The filter in force."""
        self.asked = ""
        """The filter last asked for; in force when its rows have come."""
        self.sort = self.sorts[0]
        self.matched: Counted | None = None
        self._moved_at = 0.0
        self._settling = False
        self._read_lost = False
        """The rows asked for did not come: they are asked for again when there is news."""
        self._previews: dict[tuple[object, ...], Draw] = {}

    # For subclasses ----------------------------------------------------------------------------

    def table(self) -> Table[R]:
        """The columns."""
        raise NotImplementedError

    def source(self, where: str) -> Source[R]:
        """The rows."""
        raise NotImplementedError

    def count(self, where: str) -> Counted:
        """How many rows match; runs in a worker thread."""
        raise NotImplementedError

    def read_preview(self, row: R) -> Draw:
        """What is shown beside a row; runs in a worker thread."""
        raise NotImplementedError

    def preview_key(self, row: R) -> tuple[object, ...]:
        """Rows with the same key share a preview."""
        return (row.id,)

    def preview_title(self, row: R) -> str:
        """The title of the preview."""
        return ""

    def scope_text(self) -> str:
        """What is at the left of the filter line."""
        return ""

    def why_empty(self) -> Sequence[str]:
        """What an empty list says."""
        return ()

    def ready(self) -> Block[R] | None:
        """A first page that was read before the screen was there."""
        return None

    # What it is made of ------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """Filter line over list and preview."""
        yield FilterBar(self.palette, id="filter")
        yield Box(
            Box(RowList[R](self.table(), self.run_list, self.cockpit.keys.moves(), id="rows"), id="list"),
            Box(LinesView(self.cockpit.keys.moves(), id="preview"), id="side"),
            id="split",
        )

    @property
    def rows(self) -> RowList[R]:
        """The list."""
        return self.query_one("#rows", RowList)

    @property
    def bar(self) -> FilterBar:
        """The filter line."""
        return self.query_one("#filter", FilterBar)

    def recall(self) -> None:
        """Filter and sort as they were when the program was last left."""
        sort = self.cockpit.memory.get(self.place_name, "sort")
        self.sort = sort if sort in self.sorts else self.sort
        self.where = self.asked = str(self.cockpit.memory.get(self.place_name, "where", ""))

    def remember(self) -> None:
        """Keep filter and sort for the next time."""
        self.cockpit.memory.put(self.place_name, where=self.where, sort=self.sort)

    async def on_mount(self) -> None:
        """Show the first rows."""
        self.recall()
        self.bar.complete, self.bar.widen = self._complete, self._widen
        rows = self.rows
        rows.sort = self.sort
        rows.draw_with(self.drawing())
        rows.show(self.source(self.where), ready=self.ready())
        rows.focus()
        self.tell_filter()

    def on_resize(self) -> None:
        """Fold the preview under the list where there is no room beside it."""
        self.set_class(self.size.width < NARROW, "-narrow")

    def on_screen_resume(self) -> None:
        """Read again what may have changed while another screen was in front."""
        if self.is_mounted and self.rows.is_loaded:
            self._previews.clear()
            self.rows.reread()
            self.recount()
            self.settle()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self._previews.clear()
        self.bar.palette = self.palette
        self.tell_filter()
        self.rows.draw_with(self.drawing())
        self.settle()

    # Rows --------------------------------------------------------------------------------------

    def run_list(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """How the list reads."""
        self.later(group, work, then, self._list_failed)

    def _list_failed(self, why: Exception) -> None:
        from db.query.error import QueryError

        is_asked_wrong = isinstance(why, QueryError)
        self.rows.failed("" if is_asked_wrong else str(why), for_good=is_asked_wrong)
        if isinstance(why, QueryError):
            near = f" {why.suggestion}?" if why.suggestion and why.suggestion not in why.message else ""
            self.bar.problem = f"character {why.position + 1}: {why.message}{near}"
            self.bar.tell()
            if not self.bar.is_typing:
                self.asked = self.where
            if not self.rows.is_loaded:
                self.where = self.asked = ""
                self.reload()
        else:
            self._read_lost = not self.rows.is_loaded or self.asked != self.where
            self.trouble(why)

    def reload(self) -> None:
        """Read the list anew from its start, by the filter asked for and the sort."""
        self.rows.sort = self.sort
        self.rows.show(self.source(self.asked))

    def on_row_list_filled(self) -> None:
        """The rows of the filter asked for are here."""
        self._read_lost = False
        if self.asked != self.where:
            self.where = self.asked
            self.rows.clear_marks()
            self.matched = None
        self.remember()
        self.bar.problem = ""
        self.rows.empty = self.why_empty()
        self.tell_filter()
        self.recount()

    def recount(self) -> None:
        """Count again how many rows match."""
        where = self.where

        def counted(count: Counted) -> None:
            if where == self.where:
                self.matched = count
                self.tell_filter()

        self.later("count", lambda: self.count(where), counted, lambda why: None)

    def tell_filter(self) -> None:
        """Bring the filter line up to date."""
        bar, rows = self.bar, self.rows
        bar.left, bar.asked = self.scope_text(), self.asked
        if not bar.is_typing:
            bar.text = self.asked
        total = self.matched.n if self.matched else len(rows.window.rows)
        marked = f"✓ {self._marked_text(total)} marked · " if rows.marks else ""
        at = f"{rows.position} of " if rows.position and self.matched and not self.matched.capped else ""
        bar.right = f"{marked}{at}{count_text(self.matched)} · {self.sort} ↓"
        bar.tell()

    def _marked_text(self, total: int) -> str:
        marks = self.rows.marks
        if marks.all and self.matched is not None and self.matched.capped:
            return f"all but {len(marks.ids)}" if marks.ids else "all"
        return str(marks.count(total))

    def live_changed(self, live: Live) -> None:
        """Somebody changed something: same rows, read again; the cursor stays on its row."""
        self._previews.clear()
        if self._read_lost:
            self.reload()
        else:
            self.rows.reread()
        self.recount()
        self.settle()

    def seen_stale(self) -> None:
        """Read the rows again."""
        self.rows.reread()

    def acted(self) -> None:
        """My own act: the rows it took away go at once."""
        self._previews.clear()
        self.rows.clear_marks()
        self.rows.reread(leave=True)
        self.recount()
        self.settle()

    # The row under the cursor ------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        rows = self.rows
        row = rows.row
        total = self.matched.n if self.matched else 0
        taken = rows.fate_of(row.id) if row is not None else ""
        kind = self.row_word if row is not None else ""
        return Place(self.place_name, kind, rows.marks.count(total), taken, self.desk.read_only)

    def on_row_list_moved(self) -> None:
        """Wait until the cursor rests before reading the account of the row."""
        self._moved_at = monotonic()
        if not self._settling:
            self._settling = True
            self.set_timer(SETTLE, self._rested)

    def _rested(self) -> None:
        left = self._moved_at + SETTLE - monotonic()
        if left > 0.005:
            self.set_timer(left, self._rested)
        else:
            self._settling = False
            self.settle()

    def settle(self) -> None:
        """Show the account of the row under the cursor, and what can be done with it: in one frame, when it is read."""
        row = self.rows.row
        if row is None:
            self._show_preview(None, lambda width, p: [])
            return
        key = self.preview_key(row)
        known = self._previews.get(key)
        if known is not None:
            self._show_preview(row, known)
            return

        def arrived(draw: Draw) -> None:
            if len(self._previews) >= KEPT_PREVIEWS:
                self._previews.pop(next(iter(self._previews)))
            self._previews[key] = draw
            now = self.rows.row
            if now is not None and self.preview_key(now) == key:
                self._show_preview(now, draw)

        def failed(why: Exception) -> None:
            now = self.rows.row
            if now is not None and self.preview_key(now) == key:
                self._show_preview(now, lambda width, p: paragraph(str(why), width, p.bad))
            self.trouble(why)

        self.later("preview", lambda: self.read_preview(row), arrived, failed)

    def _show_preview(self, row: R | None, draw: Draw) -> None:
        self.tell_keys()
        self.tell_filter()
        self.query_one("#side", Box).retitle(self.preview_title(row) if row is not None else "")
        self.query_one("#preview", LinesView).show(draw, self.palette)

    # Keys --------------------------------------------------------------------------------------

    async def on_row_list_opened(self) -> None:
        """A double click opens."""
        await self.action_act("open")

    def on_row_list_head_clicked(self, message: RowList.HeadClicked) -> None:
        """A click on a title sorts by it."""
        if message.sort in self.sorts:
            self.sort_by(message.sort)

    async def act_filter(self) -> None:
        """Type a filter."""
        await self.bar.edit()

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Another filter."""
        if message.final:
            self.rows.focus()
        if message.text != self.asked or message.text != self.where:
            self.asked = message.text
            self.reload()
        else:
            self.tell_filter()

    def _complete(self, text: str, at: int) -> list[Offer]:
        from db.query import complete

        return [Offer(c.insert, c.start, c.end, c.help) for c in complete(text, at, self.entity, self.cockpit.names_of)]

    def _widen(self, text: str, at: int) -> str:
        from db.query import widened

        return widened(text, at, self.entity, self.cockpit.names_of)

    def act_clear(self) -> None:
        """Clear the marks, then the filter, then leave."""
        if self.rows.marks:
            self.rows.clear_marks()
            self.settle()
        elif self.asked or self.where:
            self.asked = ""
            self.reload()
        else:
            super().act_clear()

    def act_sort(self) -> None:
        """Sort by the next column."""
        self.sort_by(self.sorts[(self.sorts.index(self.sort) + 1) % len(self.sorts)])

    def sort_by(self, sort: str) -> None:
        """Sort by a column."""
        self.sort = sort
        self.reload()

    def act_mark(self) -> None:
        """Mark the row and go on."""
        self.rows.toggle_mark()
        self.settle()

    def act_mark_all(self) -> None:
        """Mark everything that matches."""
        self.rows.mark_all()
        self.settle()

    def act_swap(self) -> None:
        """Between list and preview."""
        preview = self.query_one("#preview", LinesView)
        to_preview = not preview.has_focus
        self.set_class(to_preview, "-preview")
        (preview if to_preview else self.rows).focus()
