"""What followed hand-overs as rows: open and late per CSM, and measures with n, interval and the sums behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cockpit.domain.continuity import FEWEST
from cockpit.domain.say import day
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import Entry, Head
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from datetime import date

    from cockpit.services.transition_follow import Compared, Continuity, Load

CSMS = (
    Head("who", 12, grow=1, most=24), Head("outgoing", 8, "right", 1), Head("incoming", 8, "right", 1),
    Head("follow-up", 9, "right", 2), Head("overdue", 7, "right"),
)  # fmt: skip
MEASURES = (
    Head("measure", 13), Head("handed", 6, "right"), Head("n", 5, "right"), Head("without", 7, "right"), Head("n", 5, "right"),
    Head("difference", 10, "right", 1), Head("95 % interval", 16, "right"), Head("", 24, keep=2, grow=1, most=80),
)  # fmt: skip
COPIED = {
    "csms": ("who", "outgoing", "incoming", "follow-up", "overdue"),
    "after": ("measure", "handed over", "n", "without", "n", "difference", "95 % interval", "says"),
}
NONE = "–"
TOO_FEW = "not enough data"
SHOWN = 200
"""Accounts of a side that a sheet lists."""
HOW = {
    "churn": (
        "churn = customers without a contract {days} days later / customers on the day",
        "The interval is Newcombe's, of the difference of two shares.",
    ),
    "health change": (
        "health change = mean of health {days} days later less health on the day, where both are known",
        "The interval is normal, from the spread on both sides.",
    ),
    "nps": (
        "NPS = 100 × (promoters − detractors) / answers, the last of each person in the {days} days after",
        "The interval is normal, with three answers added to each side.",
    ),
}


def csms(rows: Iterable[Load]) -> list[Entry]:
    """What each hands over and takes over."""
    return [
        Entry(n, "csm", one.login, (
            (one.login, "strong"), (str(one.outgoing), "text"), (str(one.incoming), "text"), (str(one.accepted), "dim"),
            (f"● {one.overdue}", "warn") if one.overdue else ("0", "dim"),
        )) for n, one in enumerate(rows, start=1)
    ]  # fmt: skip


def measures(found: Continuity) -> list[Entry]:
    """The measures, each with what it was read from."""
    return [Entry(n, "measure", one.measure, _cells(one), data=found) for n, one in enumerate(found.measures, start=1)]


def _cells(one: Compared) -> tuple[tuple[str, str], ...]:
    is_known = one.low is not None
    interval = (_interval(one), "text") if is_known else (TOO_FEW, "warn")
    return (
        (_name(one.measure), "strong"), (_value(one, one.value), "text"), (str(one.n), "dim"), (_value(one, one.other), "text"),
        (str(one.other_n), "dim"), (_apart(one, one.difference), "text"), interval,
        (one.says if is_known else f"fewer than {FEWEST} a side", "text" if is_known else "dim"),
    )  # fmt: skip


def _name(measure: str) -> str:
    return "NPS" if measure == "nps" else measure


def _value(one: Compared, value: float | None) -> str:
    if value is None:
        return NONE
    return f"{value:.0%}" if one.measure == "churn" else f"{value:+.1f}" if one.measure == "health change" else f"{value:+.0f}"


def _apart(one: Compared, value: float | None) -> str:
    if value is None:
        return NONE
    return f"{100 * value:+.0f} pp" if one.measure == "churn" else f"{value:+.1f}"


def _interval(one: Compared) -> str:
    return NONE if one.low is None else f"{_apart(one, one.low)} to {_apart(one, one.high)}"


def why_lines(found: Continuity, measure: str, days: int, today: date, width: int, p: Palette) -> list[Line]:
    """The formula, both sums, and the accounts they count."""
    one = next(one for one in found.measures if one.measure == measure)
    formula, interval = HOW[measure]
    lines = [*paragraph(formula.format(days=days), width, p.strong), []]
    lines += [
        [("handed over  ", p.head), (f"{_value(one, one.value)} of {one.n}", p.text)],
        [("without      ", p.head), (f"{_value(one, one.other)} of {one.other_n}", p.text)],
        [("difference   ", p.head), (f"{_apart(one, one.difference)}, 95 % interval {_interval(one)}: {one.says}", p.text)], [],
    ]  # fmt: skip
    span = f"{day(found.first, today)} to {day(found.last, today)}"
    lines += paragraph(
        f"Hand-overs for good from {span}, the last of each account; covers are none. Accounts without one are looked at from"
        f" {day(found.middle, today)} on, the day of the middle hand-over. {interval} It says what came with a hand-over, not what"
        " it caused.", width, p.dim,
    )  # fmt: skip
    for title, moved in (("Handed over", True), ("Without", False)):
        some = [row for row in found.accounts if row.handed_over is moved and row.value(measure)]
        lines += [[], [(f"{title} ({len(some)})", p.head)]]
        lines += [
            [(f"  {plain(row.account)}  ", p.text), (f"{row.value(measure)}", p.strong), (f"  from {day(row.since, today)}", p.dim)]
            for row in some[:SHOWN]
        ]
        if len(some) > SHOWN:
            lines.append([(f"  … and {len(some) - SHOWN} more", p.dim)])
    return lines


def options(found: Continuity, measure: str) -> Sequence[tuple[str, str, str]]:
    """The accounts that count, to choose from."""
    return [
        (str(row.account_id), plain(row.account), f"{row.value(measure)} · {'handed over' if row.handed_over else 'without'}")
        for row in found.accounts if row.value(measure)
    ]  # fmt: skip
