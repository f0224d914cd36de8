"""The drawn half of the Commercial pane: figures, the time line of contracts, what else could be sold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain.money import short
from cockpit.tui.render import figure
from cockpit.tui.render.chart import Point, Span, day_text, time_line
from cockpit.tui.render.line import Line, labelled
from cockpit.tui.render.marks import mark_lines
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.commercial import Commercial

CALLS = {"will": ("▲ will renew", "ok"), "may": ("● may renew", "warn"), "wont": ("▼ won't renew", "bad")}


def commercial_lines(of: Commercial, today: date, width: int, height: int, p: Palette) -> list[Line]:
    """As many lines as ``height`` allows: figures and dates first, the time line next, marks always."""
    ends = mark_lines(of.freshness, of.missing, width, p)
    facts = _facts(of, width, p)
    room = height - len(facts) - len(ends)
    lines = list(facts)
    spans = _spans(of, today)
    if room >= 4 and (spans or of.renewal_date):
        drawn = time_line(spans[: max(room - 3, 1)], _points(of, today, p), today, width, p)
        lines += drawn
        room -= len(drawn)
    if room >= 1 and of.whitespace:
        lines.append(labelled("Not held", [(whitespace_words(of), p.text)], p, 9))
    if room >= 2 and len(of.family) > 1:
        lines.append(labelled("Family", [(" · ".join(f"{plain(s.name)} {_mrr(s.mrr, s.currency)}" for s in of.family), p.text)], p, 9))
    return [*lines, *ends]


def whitespace_words(of: Commercial) -> str:
    """What is sold and not held, with what it would be worth at the units it holds of others."""
    parts = []
    for one in of.whitespace:
        worth = f" ~{short(one.mrr, one.currency or 'USD')}/m" if one.mrr is not None else " (no list price)"
        parts.append(plain(one.product) + worth)
    units = of.whitespace[0].units
    return ", ".join(parts) + (f", at {units:,} units" if units else "")


def sums(amounts: tuple[tuple[str, int], ...]) -> str:
    """Amounts of several currencies, side by side and never added."""
    return " + ".join(short(minor, code) for code, minor in amounts) or figure.UNKNOWN


def _facts(of: Commercial, width: int, p: Palette) -> list[Line]:
    value = sums(of.contract) + (f", {of.open_ended} without an end" if of.open_ended else "")
    arr = figure.money(of.arr, of.currency, p, symbol=True)[0]
    pays = f"{sums(of.mrr)}/m" if of.mrr else "nothing known"
    first: Line = [("Pays     ", p.dim), (pays, p.strong if of.mrr else p.dim), ("   ARR ", p.dim), (arr, p.text)]
    first += [("   contracts ", p.dim), (value, p.text), ("   open ", p.dim), (sums(of.open_amount) if of.open_amount else "none", p.text)]
    second: Line = [("Renews   ", p.dim), *_date(of.renewal_date, of.renews_in, p), ("   notice by ", p.dim)]
    second += [*_date(of.notice_date, of.notice_in, p), ("   auto-renew ", p.dim)]
    second.append(({True: "yes", False: "no"}.get(of.auto_renew, "not known") if of.auto_renew is not None else "not known", p.text))
    lines = [first, second]
    if of.forecast is not None:
        words, style = CALLS.get(of.forecast.call, (of.forecast.call, "text"))
        who = f" {plain(of.forecast.csm)}, {day_text(of.forecast.day)}" + (f": {plain(of.forecast.reason)}" if of.forecast.reason else "")
        lines.append([("CSM says ", p.dim), (words, p.status(style)), (who, p.dim)])
    return lines


def _date(day: date | None, in_days: int | None, p: Palette) -> Line:
    if day is None or in_days is None:
        return [("not known", p.dim)]
    late = in_days < 0
    words = f"! {-in_days}d ago" if late else f"in {in_days}d"
    return [(f"{day_text(day)} {day:%y} ", p.text), (words, p.bad if late else p.warn if in_days <= 90 else p.text)]


def _spans(of: Commercial, today: date) -> list[Span]:
    """Subscriptions by product, those that run first."""
    made = []
    for row in of.rows:
        if row.kind == "subscription":
            v = row.values
            runs = v["starts"] <= today and (v["ends"] is None or v["ends"] >= today)
            made.append(Span(v["product"] or "no product", v["starts"], v["ends"], strong=runs))
    return sorted(made, key=lambda span: (not span.strong, span.label, -span.starts.toordinal()))


def _points(of: Commercial, today: date, p: Palette) -> list[Point]:
    found = []
    if of.notice_date is not None:
        found.append(Point("N", of.notice_date, f"notice {day_text(of.notice_date)}", p.text))
    if of.renewal_date is not None:
        found.append(Point("R", of.renewal_date, f"renewal {day_text(of.renewal_date)}", p.text))
    due = [row.values["due_date"] for row in of.rows if row.kind == "opportunity" and row.values["state"] == "open"]
    extra = sorted({day for day in due if day is not None and day != of.renewal_date})
    return found + [Point("o", day, f"due {day_text(day)}", p.text) for day in extra[:3]]


def _mrr(minor: int | None, currency: str | None) -> str:
    return figure.UNKNOWN if minor is None else short(minor, currency or "USD") + "/m"
