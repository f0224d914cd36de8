"""A month and a week of what is due: the grid, the days, one of them in front."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.say import DAYS, MONTHS, day, distance, plural
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.calendar_file import DueItem

Days = Mapping[date, Sequence["DueItem"]]
WEEK_DAYS = 7
KINDS = {"cta": "CTA", "task": "task", "meeting": "meeting", "promise": "promised"}


def weeks_of(on: date) -> list[list[date]]:
    """The weeks that a month touches, Monday first."""
    return calendar.Calendar().monthdatescalendar(on.year, on.month)


def week_of(on: date) -> list[date]:
    """The week of a day, Monday first."""
    monday = on - timedelta(days=on.weekday())
    return [monday + timedelta(days=n) for n in range(WEEK_DAYS)]


def month_shift(on: date, by: int) -> date:
    """The same day of another month, or that month's last."""
    months = on.year * 12 + on.month - 1 + by
    year, month = divmod(months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def span(on: date, *, is_week: bool) -> tuple[date, date]:
    """The first and the last day that are shown."""
    if is_week:
        days = week_of(on)
        return days[0], days[-1]
    weeks = weeks_of(on)
    return weeks[0][0], weeks[-1][-1]


def heading_words(on: date, *, is_week: bool) -> str:
    """``November 2026``, or the week by its number and days."""
    if not is_week:
        return f"{calendar.month_name[on.month]} {on.year}"
    days = week_of(on)
    return f"Week {on.isocalendar().week} · {day(days[0])} to {day(days[-1])}"


def month_lines(days: Days, on: date, today: date, width: int, p: Palette) -> list[Line]:
    """A month: two lines for each week, the day and what is due on it."""
    cell = max((width - 1) // WEEK_DAYS, 8)
    lines: list[Line] = [[(fit(f" {name}", cell), p.head) for name in DAYS]]
    for week in weeks_of(on):
        numbers: Line = []
        counts: Line = []
        for one in week:
            due = days.get(one, ())
            late = any(item.is_overdue for item in due)
            inside = one.month == on.month
            style = p.strong if due and inside else p.text if inside else p.dim
            over = p.cursor if one == on else None
            mark = "▸" if one == on else " "
            label = f"{mark}{one.day}" + (f" {MONTHS[one.month - 1]}" if one.day == 1 else "")
            if one == today:
                label += " today" if cell > 9 else "•"
            numbers.append((fit(label, cell), style if over is None else style + over))
            words = _count(due, cell)
            shade = p.bad if late else p.accent if due else p.dim
            counts.append((fit(words, cell), shade if over is None else shade + over))
        lines += [numbers, counts]
    return lines


def _count(due: Sequence[DueItem], cell: int) -> str:
    if not due:
        return ""
    late = "!" if any(item.is_overdue for item in due) else " "
    meetings = sum(item.kind == "meeting" for item in due)
    if cell > 15:
        first = f"{due[0].time} {due[0].account}".strip()
        return f"{late}{plain(first)}" + (f" +{len(due) - 1}" if len(due) > 1 else "")
    return f"{late}{len(due)} due" if not meetings else f"{late}{len(due)} · {meetings} mtg"


def day_lines(due: Sequence[DueItem], on: date, today: date, width: int, room: int, p: Palette) -> list[Line]:
    """One day whole, as many of its lines as there is room for."""
    head = f"{day(on, today)} · {distance(on, today)} · " + (f"{plural(len(due), 'thing')} due" if due else "nothing is due")
    lines: list[Line] = [[(head, p.strong)]]
    most = max(room - 1, 1)
    shown = due if len(due) <= most else due[: most - 1]
    lines += [_item(one, width, p) for one in shown]
    if len(shown) < len(due):
        lines.append([(f"  … and {len(due) - len(shown)} more: enter lists them", p.dim)])
    return lines


def week_lines(days: Days, on: date, today: date, width: int, room: int, p: Palette) -> list[Line]:
    """A week: each day with what is due on it; the one in front has what room is left."""
    lines: list[Line] = []
    week = week_of(on)
    free = max(room - WEEK_DAYS, 0)
    want = {one: len(days.get(one, ())) for one in week}
    given = dict.fromkeys(week, 0)
    for one in sorted(week, key=lambda day: (day != on, day)):
        given[one] = min(want[one], free)
        free -= given[one]
    for one in week:
        due = days.get(one, ())
        late = any(item.is_overdue for item in due)
        more = f" · {want[one]} due" if want[one] > given[one] else "" if want[one] else " · nothing"
        style = p.strong if one == on else p.bad if late else p.text if due else p.dim
        over = p.cursor if one == on else None
        label = f"{'▸' if one == on else ' '}{day(one, today)}{' · today' if one == today else ''}{more}"
        lines.append([(fit(label, width), style if over is None else style + over)])
        lines += [_item(item, width, p) for item in due[: given[one]]]
    return lines


def _item(item: DueItem, width: int, p: Palette) -> Line:
    head = f"  {'!' if item.is_overdue else ' '} {item.time or KINDS[item.kind]:<8} "
    words = fit(f"{plain(item.account)}: {plain(item.title)}", max(width - len(head), 8))
    return [(head, p.bad if item.is_overdue else p.accent), (words, p.text)]
