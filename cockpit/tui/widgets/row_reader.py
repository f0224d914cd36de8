"""The half of a list that reads: pages as the cursor comes near them, and again when somebody changed something.

It never waits for its source, and keeps the cursor on the row it stood on whatever happens around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from cockpit.tui.widgets.window import PAGE, Ask, Block, Row, Window

R = TypeVar("R", bound=Row)


class Source(Protocol[R]):
    """Where rows come from; every method runs in a worker thread."""

    def page(self, ask: Ask) -> Block[R]:
        """One page of rows."""
        ...

    def fate(self, row: R) -> str:
        """What became of a row that is no longer in the list, in two or three words."""
        ...


Run = Callable[[str, Callable[[], Any], Callable[[Any], None]], None]
"""How work is done elsewhere: a group (a new job replaces the old), the work, what to do with its result."""


@dataclass(frozen=True, slots=True)
class Reread(Generic[R]):
    """What a second look at the pages on the screen found."""

    pages: Sequence[Block[R]]
    ask: Ask
    fate: str | None


@dataclass(slots=True)
class _Place:
    """Where the cursor and the top of the screen are, as running indexes."""

    cursor: int = 0
    top: int = 0
    taken: dict[int, str] = field(default_factory=dict)


class RowReader(Widget, Generic[R], can_focus=True):
    """Rows, cursor and top of the screen; a subclass draws them and turns keys into moves."""

    class Moved(Message, namespace="row_list"):
        """The cursor came to stand on another row."""

    class Filled(Message, namespace="row_list"):
        """The first page of a new list is on the screen."""

    def __init__(self, run: Run, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.window: Window[R] = Window()
        self._run = run
        self._group = f"list {id or ''}"
        """Two lists of one screen do not take each other's place."""
        self._source: Source[R] | None = None
        self._place = _Place()
        self._reading = False
        self._stale = False
        self._loaded = False
        self._next: Source[R] | None = None
        """Another list that was asked for, until something of it has come."""
        self._generation = 0
        self.problem = ""
        """Why there are no rows, when they could not be read."""

    # Where it is -------------------------------------------------------------------------------

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self.window.row(self._place.cursor)

    @property
    def is_loaded(self) -> bool:
        """Whether the first page of the present list has arrived."""
        return self._loaded

    @property
    def position(self) -> int | None:
        """The number of the row under the cursor, from 1, when it is known."""
        return self._place.cursor + 1 if self.window.counted and self.window.rows else None

    @property
    def height_of_rows(self) -> int:
        """Rows that fit below the titles."""
        return max(self.size.height - 1, 1)

    def fate_of(self, row_id: int) -> str:
        """What became of a row that is only still there because the cursor stands on it; empty for others."""
        return self._place.taken.get(row_id, "")

    # A list from its start, or its end --------------------------------------------------------

    def show(self, source: Source[R], *, ready: Block[R] | None = None, keep: int | None = None) -> None:
        """Show another list from its start; ``keep`` is the id of a row to stay on if it is there."""
        self._next = source
        self._generation += 1
        self._place.taken.clear()
        self._stale = False
        if ready is not None:
            self._start(ready, keep)
            return
        generation = self._generation
        self._reading = True

        def arrived(page: Block[R]) -> None:
            if generation == self._generation:
                self._start(page, keep)
                if self._stale:
                    self.reread()

        self._run(self._group, lambda: source.page(Ask("first")), arrived)

    def _start(self, page: Block[R], keep: int | None) -> None:
        self.window.reset([page])
        self._reading = False
        found = None if keep is None else self.window.index_of(keep)
        self._place.cursor = found or 0
        self._place.top = max(0, self._place.cursor - self.height_of_rows // 2) if found else 0
        self._here()

    # The cursor --------------------------------------------------------------------------------

    def go_to(self, index: int) -> None:
        """Put the cursor on an index, as near as rows are in memory."""
        place, window = self._place, self.window
        if not window.rows:
            return
        index = min(max(index, window.first), window.stop - 1)
        if index == place.cursor:
            self._read_ahead()
            return
        left, place.cursor = place.cursor, index
        if place.taken and self._close_up(left):
            self.refresh()
        top = place.top
        self._scroll_to_cursor()
        if place.top != top:
            self.refresh()
        else:
            self._refresh_rows(left, place.cursor)
        self.post_message(self.Moved())
        self._read_ahead()

    def _scroll_to_cursor(self) -> None:
        place, height = self._place, self.height_of_rows
        place.top = min(max(place.top, place.cursor - height + 1), place.cursor)

    def _jump(self, end: str) -> None:
        window = self.window
        if end == "first" and window.at_start:
            self.go_to(window.first)
        elif end == "last" and window.at_end:
            self.go_to(window.stop - 1)
        elif (source := self._next or self._source) is not None:
            self._generation += 1  # a page on its way belongs to where we were
            generation = self._generation
            ask = Ask("first") if end == "first" else Ask("last")
            self._reading = True

            def arrived(page: Block[R]) -> None:
                if generation == self._generation:
                    self._reading = False
                    self._jumped(page, end)

            self._run(self._group, lambda: source.page(ask), arrived)

    def _jumped(self, page: Block[R], end: str) -> None:
        self.window.reset([page], counted=end == "first" or page.prev is None)
        self._place.taken.clear()
        self._place.cursor = 0 if end == "first" else max(len(page.rows) - 1, 0)
        self._place.top = max(0, self._place.cursor - self.height_of_rows + 1)
        self._here()

    def _here(self) -> None:
        """Rows have come that stand for themselves: of another list, or of the other end of this one."""
        self._loaded, self.problem = True, ""
        self.refresh()
        if self._next is not None:
            self._source, self._next = self._next, None
            self.post_message(self.Filled())
        self.post_message(self.Moved())
        self._read_ahead()

    def _refresh_rows(self, *indexes: int) -> None:
        width = self.size.width
        self.refresh(*(Region(0, i - self._place.top + 1, width, 1) for i in indexes))

    # Reading more, reading again ---------------------------------------------------------------

    def _read_ahead(self) -> None:
        """Ask for the neighbouring page well before the cursor gets there."""
        window, cursor, source = self.window, self._place.cursor, self._source
        if self._reading or source is None or not window.pages:
            return
        near = max(PAGE // 2, 2 * self.height_of_rows)
        if not window.at_end and cursor + near >= window.stop:
            ask, add = Ask("after", window.pages[-1].next), window.append
        elif not window.at_start and cursor - near < window.first:
            ask, add = Ask("before", window.pages[0].prev), window.prepend
        else:
            return
        self._reading = True
        generation = self._generation

        def arrived(page: Block[R]) -> None:
            if generation != self._generation:
                return
            self._reading = False
            add(page)
            if self._stale:
                self.reread()
            elif self._shows(window.stop - len(page.rows), window.stop):
                self.refresh()
            self._read_ahead()

        self._run(self._group, lambda: source.page(ask), arrived)

    def failed(self, words: str = "", *, for_good: bool = False) -> None:
        """A read came to nothing; the rows that are there stay, and where there are none the words say why.

        Another list that was asked for is asked for again with the next reread, unless it failed ``for_good``.
        """
        self._reading = False
        if for_good:
            self._next = None
        self.problem = words
        self.refresh()

    def _shows(self, start: int, stop: int) -> bool:
        return start < self._place.top + self.height_of_rows and stop > self._place.top

    def reread(self, *, leave: bool = False) -> None:
        """Read what is on the screen again, because somebody changed something.

        The cursor stays on its row. If that row is gone it stays too, greyed, with what became of it,
        unless ``leave`` says that it went by the person's own act.
        """
        source, row = self._source, self.row
        if self._reading:
            self._stale = True
            return
        if source is None or not self._loaded:
            return
        if self._next is not None:
            self.show(self._next)
            return
        self._stale, self._reading = False, True
        window, top = self.window, self._place.top
        number = window.page_at(top)
        ask = window.again(number)
        before = top - window.first - sum(len(page.rows) for page in window.pages[:number])
        generation, need = self._generation, before + self.height_of_rows

        def look() -> Reread[R]:
            pages = [source.page(ask)]
            while sum(len(p.rows) for p in pages) < need + PAGE // 2 and pages[-1].next is not None:
                pages.append(source.page(Ask("after", pages[-1].next)))
            if not any(p.rows for p in pages) and ask.kind != "first":
                pages = [source.page(Ask("last"))]
            gone = row is not None and all(row.id != r.id for p in pages for r in p.rows)
            return Reread(pages, ask, source.fate(row) if gone and row is not None and not leave else None)

        def arrived(found: Reread[R]) -> None:
            if generation == self._generation:
                self._reading = False
                self._took(found, number)
                if self._stale:
                    self.reread()

        self._run(self._group, look, arrived)

    def _took(self, found: Reread[R], number: int) -> None:
        """Swap the pages under the cursor for what they are now."""
        self.problem = ""
        place, window = self._place, self.window
        row, offset = self.row, place.cursor - place.top
        was_at, at_top = place.cursor, window.at_start and place.top == window.first
        before = [r.id for r in window.rows[: max(place.cursor - window.first, 0)]]
        start = window.first + sum(len(p.rows) for p in window.pages[:number])
        lead = found.ask.cursor if found.ask.kind == "after" else None
        first = 0 if found.ask.kind == "first" else start
        window.reset(found.pages, first, counted=window.counted, lead=lead)
        index = None if row is None else window.index_of(row.id)
        if row is not None and index is None:
            index = self._after_survivors(before)
            if found.fate is not None:
                window.insert(index, row)
                place.taken[row.id] = found.fate
        elif row is not None:
            place.taken.pop(row.id, None)
        index = min(index or 0, max(window.stop - 1, window.first)) if window.rows else 0
        moved = self.window.row(index) != row or index != was_at
        place.cursor = max(index, window.first)
        place.top = window.first if at_top else max(place.cursor - offset, window.first)
        if window.at_end:  # no blank lines below while there are rows above
            place.top = max(min(place.top, window.stop - self.height_of_rows), window.first)
        self._scroll_to_cursor()
        self.refresh()
        if moved:
            self.post_message(self.Moved())
        self._read_ahead()

    def _after_survivors(self, before: Sequence[int]) -> int:
        """The index behind the nearest row above that is still there."""
        where = {row.id: self.window.first + n for n, row in enumerate(self.window.rows)}
        return next((where[i] + 1 for i in reversed(before) if i in where), self.window.first)

    def _close_up(self, left: int) -> bool:
        """Let the taken row go that the cursor has just left; True if the rows moved."""
        place, window = self._place, self.window
        row = window.row(left)
        if row is None or row.id not in place.taken:
            return False
        del place.taken[row.id]
        window.drop({row.id})
        if place.cursor > left:
            place.cursor -= 1
        place.cursor = min(max(place.cursor, window.first), max(window.stop - 1, window.first))
        place.top = max(min(place.top, place.cursor), window.first)
        return True
