"""Health drawn: the score over half a year, groups as bars, every measure as a row; the sum and what moved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from cockpit.domain.say import day as said_day
from cockpit.tui.render.chart import columns
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.figure import TREND, UNKNOWN
from cockpit.tui.render.line import Line, heading, labelled, paragraph
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.health import HealthPage, HealthShown, MeasureShown, Movement, MoveShown, Point

WEEKS = 26
BAR = 10
BANDS = {"red": "bad", "amber": "warn", "green": "ok"}
LETTER = {"red": "R", "amber": "A", "green": "G"}
COPY_HEAD = ("group", "measure", "points", "adds", "figure", "unit", "why")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in the list; ``starts`` when its group begins with it."""

    id: int
    of: MeasureShown
    starts: bool


def rows(shown: HealthShown) -> list[MeasureRow]:
    """The measures in the order of the card."""
    before, found = "", []
    for number, one in enumerate(shown.measures):
        found.append(MeasureRow(number, one, one.group != before))
        before = one.group
    return found


def bar(points: float | None, cells: int = BAR) -> str:
    """Points of 100 as a bar; dots where they are not known."""
    if points is None:
        return "·" * cells
    full = round(points / 100 * cells)
    return "█" * full + "░" * (cells - full)


def status(points: float | None) -> str:
    """``bad``, ``warn`` or ``ok`` as the bands of the whole; ``dim`` when unknown."""
    return "dim" if points is None else "bad" if points < 50 else "warn" if points < 75 else "ok"


def table() -> Table[MeasureRow]:
    """Measure, points as a bar, what it adds, and how it came about."""

    def points(row: MeasureRow, d: Drawing) -> Cell:
        value = UNKNOWN if row.of.points is None else f"{row.of.points:.0f}"
        return f"{bar(row.of.points)} {value:>3}{'*' if row.of.override is not None else ''}", d.palette.status(status(row.of.points))

    return Table(
        (
            Column("group", "group", 12, lambda r, d: (r.of.group if r.starts else "", d.palette.head), keep=3, most=16),
            Column("label", "measure", 24, lambda r, d: (r.of.label, d.palette.strong), keep=0, grow=2, most=36),
            Column("points", "points", 15, points, keep=0),
            Column("adds", "adds", 5, lambda r, d: (_adds(r.of), d.palette.text), "right", keep=2),
            Column("says", "because", 22, _because, keep=1, grow=3, most=90),
        )
    )


def _adds(one: MeasureShown) -> str:
    return "" if one.points is None else f"{one.adds:.1f}"


def _because(row: MeasureRow, d: Drawing) -> Cell:
    one = row.of
    if one.override is not None:
        computed = UNKNOWN if one.computed is None else f"{one.computed:.0f}"
        return f"* {one.by or 'somebody'}: {one.reason} (until {_short(one.until, d.today)}; computed {computed})", d.palette.accent
    return (one.says, d.palette.text) if one.points is not None else (one.missing, d.palette.dim)


def _short(value: date | None, today: date) -> str:
    return "" if value is None else said_day(value, today)


def drawing(of: HealthPage, width: int, height: int, p: Palette) -> list[Line]:
    """The score in words, its half year, the groups."""
    shown = of.shown
    lines = [*_headlines(shown, width, p)]
    groups = _groups(shown, width, p)
    room = height - len(lines) - len(groups) - 1
    weeks = weekly(of.points, shown.day)
    if room >= 3 and any(value is not None for value in weeks):
        ends = [shown.day - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]
        lines += columns(weeks, ends, width, min(room, 6), p.status(BANDS.get(shown.band or "", "dim")), p, top=100)
    elif any(value is not None for value in weeks):
        from cockpit.tui.render.chart import spark

        lines.append(labelled("26 weeks", [(spark(weeks), p.text)], p, 13))
    return lines + groups


def weekly(points: Sequence[Point], today: date) -> list[float | None]:
    """The score at the end of each of WEEKS weeks: a day holds until the next."""
    found: list[float | None] = []
    for n in range(WEEKS):
        end = today - timedelta(weeks=WEEKS - 1 - n)
        value = next((point.score for point in reversed(points) if point.day <= end), None)
        found.append(None if value is None else float(value))
    return found


def _headlines(shown: HealthShown, width: int, p: Palette) -> list[Line]:
    score = UNKNOWN if shown.score is None else str(shown.score)
    line: Line = [(f"{score} {shown.band or ''}", p.status(BANDS.get(shown.band or "", "dim")))]
    if shown.trend is not None:
        line.append((f"  {TREND[shown.trend]} {'steady since' if shown.trend == 'steady' else 'from'} {shown.before} in 4 weeks", p.text))
    if shown.source == "kept":
        line.append(("  typed or imported", p.accent))
    if shown.stored != shown.score:
        line.append((f"  lists show {UNKNOWN if shown.stored is None else shown.stored} until the next minute", p.dim))
    lines = [line]
    if shown.why:
        lines += paragraph(f"No score by the card: {shown.why}.", width, p.dim)
    elif shown.missing > 0:
        lines.append([(f"{shown.missing:.0%} of the weight is not known and left out", p.dim)])
    for word in shown.overrides:
        if word.measure is None:
            computed = UNKNOWN if shown.computed is None else shown.computed
            said = f"* {word.by or 'Somebody'} says {word.value} until {_short(word.until, shown.day)}: {word.reason}; computed {computed}"
            lines += paragraph(said, width, p.accent)
    return lines


def _groups(shown: HealthShown, width: int, p: Palette) -> list[Line]:
    """Groups side by side while they fit, each a bar with its mean and its share of the score."""
    pieces: list[Line] = []
    for name, members in groupby(shown.measures, key=lambda one: one.group):
        known = list(members)
        share = sum(one.share for one in known)
        mean = sum(one.adds for one in known) / share if share else None
        value = UNKNOWN if mean is None else f"{mean:.0f}"
        drawn = (bar(mean), p.status(status(mean)))
        pieces.append([(fit(plain(name), 12) + " ", p.dim), drawn, (f" {value:>3} ", p.text), (f"×{share:>3.0%}  ", p.dim)])
    each = max(1, width // 37)
    return [[part for piece in pieces[n : n + each] for part in piece] for n in range(0, len(pieces), each)]


def sum_lines(shown: HealthShown, moved: Movement | None, why_not: str, width: int, p: Palette) -> list[Line]:
    """The arithmetic: points times share, line by line, and what moved it."""
    by = f"by {shown.scorecard or 'no scorecard'} {shown.version or ''}".rstrip()
    lines: list[Line] = [[(f"{_known(shown.score)} ", p.strong), (by, p.dim)]]
    if shown.why:
        lines += paragraph(f"No score: {shown.why}.", width, p.dim)
    room = max(width - 32, 16)
    for one in shown.measures:
        if one.points is None:
            continue
        star = "*" if one.override is not None else " "
        lines.append([(fit(plain(one.label), room) + star, p.text), (f"{one.points:>5.0f} × {one.share:>6.1%} = {one.adds:>6.2f}", p.text)])
        lines.append([(f"   {fit(plain(_detail(one)), max(width - 4, 10))}", p.dim)])
    total = sum(one.adds for one in shown.measures)
    if shown.measures:
        lines.append([(fit("sum", room) + " ", p.strong), (f"{'':>16} {total:>6.2f}", p.strong)])
    missing = [one for one in shown.measures if one.points is None]
    if missing:
        lines += [[], heading(f"Not known ({shown.missing:.0%} of the weight): its weight is the others'", p)]
        lines += [[(fit(plain(one.label), room) + " ", p.text), (plain(one.missing), p.dim)] for one in missing]
    lines += [[], *moved_lines(moved, why_not, width, p), [("t in the pane: since another day", p.dim)]]
    return lines


def _detail(one: MeasureShown) -> str:
    if one.override is not None:
        return f"{one.by or 'somebody'} says so until {one.until}: {one.reason}; computed {_known(one.computed)}"
    figure = "" if one.figure is None or not one.unit else f" = {one.figure:g} {one.unit}"
    return f"{one.says}{figure}; 0, 50, 100 at {one.at}" if "→" in one.at else f"{one.says}: {one.at}"


def moved_lines(moved: Movement | None, why_not: str, width: int, p: Palette) -> list[Line]:
    """Which measures moved the score, the strongest first."""
    if moved is None:
        return paragraph(why_not, width, p.dim)
    lines = [heading(f"What moved it since {said_day(moved.first, moved.last)}: {_known(moved.before)} → {_known(moved.after)}", p)]
    if moved.note:
        lines += paragraph(moved.note, width, p.dim)
    room = max(width - 34, 16)
    for one in moved.moves:
        style = p.bad if one.by < -0.05 else p.ok if one.by > 0.05 else p.dim
        mark = "▼" if one.by < -0.05 else "▲" if one.by > 0.05 else "●"
        lines.append([(f"{mark} {one.by:>+6.1f}  ", style), (fit(plain(one.label), room) + " ", p.text), (_change(one), p.dim)])
    return lines if moved.moves else [*lines, [("No measure moved.", p.dim)]]


def _change(one: MoveShown) -> str:
    unit = f" {one.unit}" if one.unit else ""
    if one.figure_before is None and one.figure_after is None:
        return f"{_known(one.before)} → {_known(one.after)} points"
    return f"{_known(one.figure_before)} → {_known(one.figure_after)}{unit}"


def _known(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:g}"


def as_text(row: MeasureRow) -> list[str]:
    """A row of a copy."""
    one = row.of
    figure = "" if one.figure is None else f"{one.figure:g}"
    points = "" if one.points is None else f"{one.points:g}"
    because = f"{one.by or ''}: {one.reason}" if one.override is not None else one.missing or one.says
    return [plain(word) for word in (one.group, one.label, points, _adds(one), figure, one.unit, because)]
