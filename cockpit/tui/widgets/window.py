"""The part of a long list that is in memory: a few neighbouring keyset pages and the rows in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

PAGE = 128
"""Rows asked for at a time."""
PAGES = 6
"""Pages kept; the farthest from the cursor are forgotten."""


class Row(Protocol):
    """Anything with an id can be listed."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Block(Generic[R]):
    """One page: rows in order, and where their neighbours begin (None at the ends of the list)."""

    rows: Sequence[R]
    prev: Any = None
    next: Any = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Which page is wanted: the first, the last, or the neighbour of a cursor."""

    kind: Literal["first", "last", "after", "before"] = "first"
    cursor: Any = None


@dataclass(slots=True)
class Held(Generic[R]):
    """A page in memory."""

    rows: list[R]
    prev: Any
    next: Any


@dataclass(slots=True)
class Window(Generic[R]):
    """Neighbouring pages, addressed by one running index that survives growth at either end."""

    pages: list[Held[R]] = field(default_factory=list)
    first: int = 0
    """Index of the first row in memory."""
    counted: bool = True
    """Whether index 0 is the first row of the whole list (not after a jump to the end)."""
    rows: list[R] = field(default_factory=list)
    lead: Any = None
    """The cursor after which the first page in memory begins, when known."""

    @property
    def stop(self) -> int:
        """One past the index of the last row in memory."""
        return self.first + len(self.rows)

    @property
    def at_start(self) -> bool:
        """No rows before the first one in memory."""
        return not self.pages or self.pages[0].prev is None

    @property
    def at_end(self) -> bool:
        """No rows after the last one in memory."""
        return not self.pages or self.pages[-1].next is None

    def row(self, index: int) -> R | None:
        """The row at an index, or None where none is in memory."""
        at = index - self.first
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def index_of(self, row_id: int) -> int | None:
        """Where a row is, or None."""
        return next((self.first + n for n, row in enumerate(self.rows) if row.id == row_id), None)

    def reset(self, pages: Iterable[Block[R]], first: int = 0, *, counted: bool = True, lead: Any = None) -> None:
        """Forget everything and hold these pages."""
        self.lead = lead
        self.pages = [Held(list(page.rows), page.prev, page.next) for page in pages]
        self.first, self.counted = first, counted
        self._flatten()

    def append(self, page: Block[R]) -> None:
        """Add the page after the last, forgetting the first one when there are too many."""
        self.pages.append(Held(list(page.rows), page.prev, page.next))
        if len(self.pages) > PAGES:
            gone = self.pages.pop(0)
            self.first += len(gone.rows)
            self.lead = gone.next
        self._flatten()

    def prepend(self, page: Block[R]) -> None:
        """Add the page before the first, forgetting the last one when there are too many."""
        self.pages.insert(0, Held(list(page.rows), page.prev, page.next))
        self.first -= len(page.rows)
        self.lead = None
        if len(self.pages) > PAGES:
            self.pages.pop()
        if page.prev is None:
            self.counted = True
        self._flatten()

    def insert(self, index: int, row: R) -> None:
        """Put a row that is no longer in the list back at an index (it stays greyed until left)."""
        at = index - self.first
        for page in self.pages:
            if at <= len(page.rows):
                page.rows.insert(at, row)
                break
            at -= len(page.rows)
        else:
            self.pages.append(Held([row], None, None))
        self._flatten()

    def drop(self, ids: set[int]) -> None:
        """Take rows out."""
        for page in self.pages:
            page.rows = [row for row in page.rows if row.id not in ids]
        self._flatten()

    def page_at(self, index: int) -> int:
        """Which page in memory holds an index."""
        at = index - self.first
        for number, page in enumerate(self.pages):
            if at < len(page.rows):
                return number
            at -= len(page.rows)
        return max(len(self.pages) - 1, 0)

    def again(self, number: int) -> Ask:
        """What to ask for to read page ``number`` anew."""
        if number == 0 and self.at_start:
            return Ask("first")
        if number > 0:
            return Ask("after", self.pages[number - 1].next)
        if self.lead is not None:
            return Ask("after", self.lead)
        if len(self.pages) > 1:
            return Ask("before", self.pages[1].prev)
        return Ask("last") if self.at_end else Ask("before", self.pages[0].next)

    def _flatten(self) -> None:
        self.rows = [row for page in self.pages for row in page.rows]


@dataclass(slots=True)
class Marks:
    """Which rows are marked: some, or all that the filter matches except some."""

    all: bool = False
    ids: set[int] = field(default_factory=set)
    """The marked ones; the unmarked ones when ``all``."""

    def __contains__(self, row_id: int) -> bool:
        return (row_id in self.ids) is not self.all

    def __bool__(self) -> bool:
        return self.all or bool(self.ids)

    def toggle(self, row_id: int) -> None:
        """Mark or unmark one row."""
        self.ids ^= {row_id}

    def clear(self) -> None:
        """Mark nothing."""
        self.all, self.ids = False, set()

    def mark_all(self) -> None:
        """Mark everything that matches now, or nothing if it was all marked already."""
        self.all, self.ids = not (self.all and not self.ids), set()

    def count(self, total: int) -> int:
        """How many are marked when ``total`` match."""
        return max(total - len(self.ids), 0) if self.all else len(self.ids)
