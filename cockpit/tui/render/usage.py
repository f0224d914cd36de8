"""The Usage pane: one metric drawn over half a year, all of them as rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from rich.style import Style

from cockpit.tui.render.chart import columns, day_text, figure, spark
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.figure import UNKNOWN
from cockpit.tui.render.line import Line, labelled
from cockpit.tui.render.marks import mark_lines
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.domain.usage import MetricTrend
    from cockpit.services.usage import UsageShown

FELL = -0.10


def change_words(change: float | None) -> tuple[str, str]:
    """(▼ −38 % in 4w, style word)."""
    if change is None:
        return "change not known", "dim"
    if change <= FELL:
        return f"▼ −{-change:.0%} in 4w", "bad"
    return f"{'▲' if change > 0 else '●'} {change:+.0%} in 4w", "text"


def usage_lines(of: UsageShown, metric: MetricTrend | None, width: int, height: int, p: Palette) -> list[Line]:
    """The chosen metric drawn, what is not used, marks."""
    ends = mark_lines(of.freshness, of.missing, width, p)
    if of.unused:
        ends.insert(0, labelled("Unused", [("✗ " + ", ".join(plain(key) for key in of.unused), p.warn)], p, 9))
    if metric is None:
        return [[("No usage was recorded in the last " + f"{of.weeks} weeks.", p.dim)], *ends]
    words, style = change_words(metric.change)
    head: Line = [(plain(metric.name), p.strong), ("  by week   ", p.dim), (words, _style(style, p))]
    if metric.name != "logins" and of.seats:
        head.append((f"   of {of.seats:,} units held", p.dim))
    days = [of.today - timedelta(weeks=of.weeks - 1 - n) for n in range(of.weeks)]
    room = max(2, min(height - len(ends) - 2, 10))
    top = max([value for value in metric.weeks if value is not None], default=0.0)
    drawn = columns(metric.weeks, days, width, room, _style(style, p), p, top=top)
    gaps = sum(value is None for value in metric.weeks)
    if gaps:
        head.append((f"   · {gaps} weeks without figures", p.dim))
    return [head, *drawn, *ends]


def _style(word: str, p: Palette) -> Style:
    return p.bad if word == "bad" else p.dim if word == "dim" else p.text


def table(today: date) -> Table[MetricRow]:
    """A metric per row."""

    def change(row: MetricRow, d: Drawing) -> Cell:
        words, style = change_words(row.of.change)
        return words if row.of.change is not None else UNKNOWN, d.palette.bad if style == "bad" else d.palette.text

    return Table(
        (
            Column("metric", "metric", 14, lambda r, d: (r.of.name, d.palette.strong), keep=0, grow=3, most=40),
            Column("last", "last week", 9, lambda r, d: (_figure(r.of.last), d.palette.text), "right", keep=0),
            Column("change", "change", 15, change, keep=0),
            Column("spark", "26 weeks", 26, lambda r, d: (spark(r.of.weeks), d.palette.text), keep=1),
            Column("latest", "latest", 9, lambda r, d: (day_text(r.of.latest), d.palette.dim), keep=2),
        )
    )


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else figure(value)


class MetricRow:
    """A metric as a row of a list."""

    def __init__(self, number: int, of: MetricTrend) -> None:
        self.id, self.of = number, of


def as_text(row: MetricRow) -> list[str]:
    """The row's cells for a copy."""
    return [plain(row.of.name), _figure(row.of.last), change_words(row.of.change)[0], row.of.latest.isoformat()]


def week_lines(of: UsageShown, metric: MetricTrend, p: Palette) -> list[Line]:
    """Every week of a metric as a line, the latest first."""
    lines: list[Line] = []
    for back, value in enumerate(reversed(metric.weeks)):
        day = of.today - timedelta(weeks=back)
        words = ("no figures", p.dim) if value is None else (f"{value:,.0f}" if value == int(value) else f"{value:,.1f}", p.text)
        lines.append([(f"week to {day:%d %b %Y}   ", p.dim), words])
    return lines
