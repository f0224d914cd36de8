"""The team's risks as rows (patterns, escalations, calls that differ from the signal), and who was in touch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cockpit.domain.money import short
from cockpit.domain.say import day, distance, plural
from cockpit.tui.render.team import NONE, Entry, Head, Words

if TYPE_CHECKING:
    from cockpit.domain.success import Pattern
    from cockpit.services.engagement import Engagement
    from cockpit.services.success import CallRow, EscalationRow

RISKS = (
    Head("", 12), Head("what", 18, grow=3, most=44), Head("whose", 12, keep=1, grow=2, most=30),
    Head("how it stands", 22, keep=1, grow=2, most=44), Head("accounts", 8, "right", 2),
    Head("ARR touched", 11, "right", 2, grow=1, most=24),
)  # fmt: skip
TOUCH = (
    Head("who", 18, grow=2, most=40), Head("any", 3), Head("entries", 7, "right"), Head("meetings", 8, "right", 1),
    Head("with", 12, keep=2, grow=1, most=24), Head("last", 12, keep=1, grow=1, most=20),
)  # fmt: skip
_FORECASTS = {"will": "will", "may": "may", "wont": "won't"}


def risks(
    patterns: Iterable[Pattern], escalations: Iterable[EscalationRow], calls: Iterable[CallRow], today: date
) -> list[Entry]:
    """What needs somebody elsewhere, what goes wrong on many accounts, and where colleagues and facts disagree."""
    found = [_escalation(row, today) for row in escalations]
    for n, one in enumerate(patterns):
        arr = " ".join(short(minor, code, symbol=True) for code, minor in one.arr) or NONE
        more = f" +{one.without_arr}?" if one.without_arr else ""
        late = f", {one.late} late" if one.late else ""
        high: Words = (f"{plural(one.risks, 'risk')}, {one.high} high{late}", "bad" if one.high else "text")
        cells: tuple[Words, ...] = (
            ("▲ risk", "warn"), (one.kind, "strong"), (one.department or "no department", "text" if one.department else "dim"), high,
            (str(one.accounts), "text"), (arr + more, "text"),
        )  # fmt: skip
        found.append(Entry(n * 3, "pattern", one.kind, cells, one.department or "", one))
    return [*found, *(_call(row, today) for row in calls)]


def _escalation(row: EscalationRow, today: date) -> Entry:
    when = f"hears {distance(row.next_update, today)}" if row.next_update else "no update due"
    state: Words = (f"overdue since {day(row.next_update, today)}" if row.is_overdue and row.next_update else when,
                    "bad" if row.is_overdue else "text")  # fmt: skip
    whose = " · ".join(part for part in (row.department, row.owner) if part) or NONE
    cells: tuple[Words, ...] = (
        ("! escalated", "bad" if row.is_overdue else "warn"), (row.account, "strong"), (whose, "text"),
        (f"{row.clock} · {state[0]}", state[1]), ("1", "dim"), (row.title, "dim"),
    )  # fmt: skip
    return Entry(row.id * 3 + 1, "escalation", str(row.account_id), cells, row.account, row)


def _call(row: CallRow, today: date) -> Entry:
    renews = f"renews {day(row.renewal_date, today)}" if row.renewal_date else "no renewal date"
    arr = NONE if row.arr is None else short(row.arr, row.currency or "USD", symbol=True)
    word = "bad" if abs(row.apart) > 1 else "warn"
    cells: tuple[Words, ...] = (
        ("≠ call", word), (row.account, "strong"), (row.csm_name or NONE, "text"),
        (f"{_FORECASTS[row.call]} · signal {_FORECASTS.get(row.signal or '', NONE)}", word), ("1", "dim"), (f"{arr} {renews}", "text"),
    )  # fmt: skip
    return Entry(row.id * 3 + 2, "call", str(row.account_id), cells, row.account, row)


def touch(rows: Iterable[Engagement], by: str, today: date, zone: str) -> list[Entry]:
    """Who was in touch, and whether at all."""
    other = ("account", None) if by == "csm" else ("of us", "of us")
    found = []
    for row in rows:
        last = NONE if row.last is None else distance(row.last.astimezone(ZoneInfo(zone)).date(), today)
        mark: Words = ("✔", "ok") if row.had_activity else ("✗", "bad")
        cells: tuple[Words, ...] = (
            (row.name, "strong"), mark, (str(row.entries), "text" if row.entries else "dim"), (str(row.meetings), "text"),
            (plural(row.others, *other) if row.others else "nobody", "text" if row.others else "dim"), (last, "text"),
        )  # fmt: skip
        found.append(Entry(row.id, f"touch_{by}", row.key, cells, "", row))
    return found
