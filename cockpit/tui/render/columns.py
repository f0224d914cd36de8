"""A table of rows as segments: which columns fit, how wide each is, how one row looks in one state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import IntFlag
from typing import Generic, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

R = TypeVar("R")
GAP = 2
GUTTER = 2
"""Cells at the left of each row: the cursor and the mark."""


class State(IntFlag):
    """What is drawn over a row besides its own values."""

    PLAIN = 0
    CURSOR = 1
    FOCUS = 2
    MARKED = 4
    TAKEN = 8


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a cell needs besides its row."""

    palette: Palette
    today: date
    now: datetime | None = None
    """For what counts hours, or days since a moment."""
    zone: tzinfo = UTC
    """The reader's: in it a moment has its day."""

    def days(self, moment: datetime) -> int:
        """Days from a moment's day to today, negative when it is to come."""
        return (self.today - moment.astimezone(self.zone).date()).days


Cell = tuple[str, Style]


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column of a table."""

    key: str
    title: str
    width: int
    draw: Callable[[R, Drawing], Cell]
    align: str = "left"
    keep: int = 0
    """Columns with a greater number leave first when the table is narrow."""
    grow: int = 0
    """Share of the width that is left over."""
    most: int = 60
    sort: str | None = None
    """The sort that a click on the title asks for."""


@dataclass(slots=True)
class Table(Generic[R]):
    """Columns laid out for a width; the lay-out of each width is kept."""

    columns: Sequence[Column[R]]
    _layouts: dict[int, tuple[tuple[Column[R], int], ...]] = field(default_factory=dict)

    def layout(self, width: int) -> tuple[tuple[Column[R], int], ...]:
        """The columns shown at this width, each with its cells."""
        known = self._layouts.get(width)
        if known is None:
            known = self._layouts[width] = _layout(self.columns, width - GUTTER)
        return known

    def head(self, width: int, drawing: Drawing, sort: str | None = None) -> list[Segment]:
        """The line of titles, the sorted one brighter; the filter line says it in words."""
        style, sorted_by = drawing.palette.head, drawing.palette.key
        line = [Segment(" " * GUTTER, style)]
        for column, cells in self.layout(width):
            is_sorted = sort is not None and sort == column.sort
            line.append(Segment(fit(column.title, cells, column.align) + " " * GAP, sorted_by if is_sorted else style))
        return Segment.adjust_line_length(line, width, style)

    def line(self, row: R, width: int, drawing: Drawing, state: State, note: str = "") -> list[Segment]:
        """One row; a taken one is grey and ends with ``note`` (who took it)."""
        palette = drawing.palette
        over = _over(state, palette)
        taken = State.TAKEN in state
        text_style = palette.taken if taken else palette.text
        gutter = ("▸" if State.CURSOR in state else " ") + ("✓" if State.MARKED in state else " ")
        segments = [Segment(gutter, _laid(palette.marked, over))]
        used = GUTTER
        room = width - (cell_len(note) + 1 if note else 0)
        for column, cells in self.layout(width):
            if used >= room:
                break
            text, style = column.draw(row, drawing)
            drawn = fit(plain(text), cells, column.align) + " " * GAP
            segments.append(Segment(drawn, _laid(palette.taken if taken else style, over)))
            used += cells + GAP
        return _finish(segments, width, note, _laid(text_style, over))

    def column_at(self, x: int, width: int) -> Column[R] | None:
        """The column under a click."""
        left = GUTTER
        for column, cells in self.layout(width):
            if left <= x < left + cells + GAP:
                return column
            left += cells + GAP
        return None


def _over(state: State, palette: Palette) -> Style | None:
    if State.CURSOR not in state:
        return None
    return palette.cursor if State.FOCUS in state else palette.resting


def _laid(style: Style, over: Style | None) -> Style:
    return style if over is None else style + over


def _finish(segments: list[Segment], width: int, note: str, style: Style) -> list[Segment]:
    """Exactly ``width`` cells, the note at the right."""
    room = width - (cell_len(note) + 1 if note else 0)
    line = Segment.adjust_line_length(segments, max(room, 0), style)
    if note:
        line.append(Segment(fit(" " + note, width - max(room, 0)), style))
    return line


def _layout(columns: Sequence[Column[R]], width: int) -> tuple[tuple[Column[R], int], ...]:
    chosen: list[Column[R]] = []
    used = 0
    for column in sorted(columns, key=lambda c: c.keep):
        if used + column.width + GAP <= width + GAP:
            chosen.append(column)
            used += column.width + GAP
        elif column.keep:
            break
    free = max(width - used + GAP, 0)
    shares = sum(c.grow for c in chosen)
    laid = []
    for column in columns:
        if column in chosen:
            more = free * column.grow // shares if shares else 0
            laid.append((column, min(column.width + more, max(column.most, column.width))))
    return tuple(laid)
