"""Drawn figures in characters: columns over weeks, spans over months. Every meaning has a glyph; colour only repeats it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rich.style import Style

from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

EIGHTHS = " ▁▂▃▄▅▆▇█"
GAP, NOUGHT = "·", "_"
"""A week of which nothing is known, and one whose value is 0."""
AXIS = 7
"""Cells of the figures left of a chart."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def figure(value: float) -> str:
    """A value of an axis in at most five characters: ``7``, ``1.5``, ``12.4k``."""
    for limit, scale, mark in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= limit:
            return f"{value / scale:.1f}".removesuffix(".0") + mark
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.1f}"


def columns(
    values: Sequence[float | None], ends: Sequence[date], width: int, height: int, style: Style, p: Palette, *, top: float | None = None
) -> list[Line]:
    """A column per value with an axis: ``height`` lines of columns and one of days.

    What does not fit is left out from the front. An unknown value is a dot on the ground, 0 a low line.
    """
    room = max(width - AXIS - 1, 4)
    shown = list(values[-room:])
    days = list(ends[-len(shown) :])
    if not any(value is not None for value in shown):
        return []
    each = max(1, min(room // len(shown), 4))
    most = top if top is not None else max((value for value in shown if value is not None), default=0.0)
    lines: list[Line] = []
    for row in range(height - 1, -1, -1):
        cells = "".join(_cell(value, most, row, height, each) for value in shown)
        at = most if row == height - 1 else most / 2 if row == height // 2 - 1 and height > 3 else 0.0 if row == 0 else None
        label = "" if at is None else figure(at)
        lines.append([(f"{label:>{AXIS - 1}} ", p.dim), ("┤" if label else "│", p.dim), (cells, style)])
    lines.append([(" " * AXIS + "└", p.dim), (_days(days, each, room), p.dim)])
    return lines


def _cell(value: float | None, most: float, row: int, height: int, each: int) -> str:
    if value is None or value <= 0 or most <= 0:
        ground = GAP if value is None else NOUGHT
        text = ground if row == 0 else " "
    else:
        level = max(1, round(min(value / most, 1.0) * height * 8))
        text = EIGHTHS[max(0, min(8, level - row * 8))]
    body = max(each - 1, 1)
    return text * body + " " * (each - body)


def _days(days: Sequence[date], each: int, room: int) -> str:
    """Days under their columns, as many as fit; the first, and the last at its end."""
    cells = [" "] * min(room, len(days) * each)
    last = day_text(days[-1])
    stop = len(cells) - len(last)
    free = 0
    for place, day in enumerate(days[:-1]):
        text, at = day_text(day), place * each
        if at >= free and at + len(text) < stop:
            cells[at : at + len(text)] = text
            free = at + len(text) + 4
    if stop >= 0:
        cells[stop:] = last
    return "".join(cells)


def day_text(day: date) -> str:
    """``3 Nov``."""
    return f"{day.day} {MONTHS[day.month - 1]}"


@dataclass(frozen=True, slots=True)
class Span:
    """A bar of a time line: what it is, from when to when (None: it runs on), what is said after it."""

    label: str
    starts: date
    ends: date | None
    note: str = ""
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """A day marked on a time line by a letter, and what the letter means."""

    letter: str
    day: date
    words: str
    style: Style


def time_line(
    spans: Sequence[Span], points: Sequence[Point], today: date, width: int, p: Palette, *, back: int = 365, on: int = 400
) -> list[Line]:
    """Spans as bars under a scale of months, then the marked days and their words.

    ``━`` runs, ``╸`` ends within the scale, ``▶`` goes on past it, ``◀`` began before it.
    """
    label = 14 if width < 100 else 22
    room = max(width - label - 1, 20)
    first, last = today - timedelta(days=back), today + timedelta(days=on)
    per_day = (room - 1) / (last - first).days

    def at(day: date) -> int:
        return max(0, min(room - 1, round((day - first).days * per_day)))

    lines: list[Line] = [[(" " * label, p.dim), (_scale(first, last, at, room), p.dim)]]
    for span in spans:
        ends = span.ends
        if span.starts > last or (ends is not None and ends < first):
            continue
        start, stop = at(span.starts), room - 1 if ends is None else at(ends)
        bar = "━" * max(stop - start + 1, 1)
        bar = ("◀" if span.starts < first else "╺") + bar[1:]
        bar = bar[:-1] + ("▶" if ends is None or ends > last else "╸") if len(bar) > 1 else bar
        style = p.text if span.strong else p.dim
        lines.append([(fit(plain(span.label), label - 1) + " ", style), (" " * start + bar, style)])
    marks = [" "] * room
    for point in [Point("│", today, "", p.text), *points]:
        if first <= point.day <= last:
            marks[at(point.day)] = point.letter
    lines.append([(fit("", label), p.dim), ("".join(marks), p.strong)])
    words: Line = [(fit("", label), p.dim), ("│ today", p.dim)]
    for point in points:
        words += [(f"   {point.letter} ", p.strong), (point.words, point.style)]
    return [*lines, *_folded(words, width, label, p)]


def _scale(first: date, last: date, at: Callable[[date], int], room: int) -> str:
    """Names of months at even steps, January with its year."""
    cells = [" "] * room
    step = 3 if at(first + timedelta(days=92)) >= 7 else 6
    year, month, free = first.year, first.month, 0
    while (year, month) <= (last.year, last.month):
        day = date(year, month, 1)
        text = f"{MONTHS[month - 1]} {year % 100:02d}" if month == 1 or not free else MONTHS[month - 1]
        if day >= first and (month - 1) % step == 0 and at(day) >= free and at(day) + len(text) <= room:
            cells[at(day) : at(day) + len(text)] = text
            free = at(day) + len(text) + 1
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return "".join(cells)


def _folded(words: Line, width: int, indent: int, p: Palette) -> list[Line]:
    """Pieces on as many lines as they need, a letter never parted from its words."""
    lines: list[Line] = [[words[0], words[1]]]
    used = indent + len(words[1][0])
    for letter, told in zip(words[2::2], words[3::2], strict=True):
        length = len(letter[0]) + len(told[0])
        if used + length > width and used > indent:
            lines.append([(" " * max(indent - 3, 0), p.dim)])
            used = indent - 3
        lines[-1] += [letter, told]
        used += length
    return lines


def spark(values: Sequence[float | None]) -> str:
    """A series in one line; a dot where nothing is known, a low line for 0."""
    known = [value for value in values if value is not None]
    most = max(known, default=0.0)
    return "".join(GAP if v is None else NOUGHT if v <= 0 else EIGHTHS[max(1, round(v / most * 8))] for v in values)
