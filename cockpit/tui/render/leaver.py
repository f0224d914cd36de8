"""A leave as rows: each account with who would take it and why, the recipients, everything she holds, the leave by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain.money import short
from cockpit.domain.say import day, plural
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.team import Entry, Head, Words
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.leave_board import LeaveBoard
    from cockpit.services.leaver import Proposal, Proposed

PROPOSED = (
    Head("account", 16, grow=3, most=40), Head("arr", 6, "right", 2), Head("tier", 4, keep=1), Head("wave", 4, "right", 3),
    Head("day", 10, keep=0, most=12), Head("to", 10, keep=0, grow=1, most=22), Head("why", 18, keep=1, grow=5, most=90),
)  # fmt: skip
RECIPIENTS = (
    Head("who", 18, grow=2, most=40), Head("accounts", 8, "right"), Head("hours", 6, "right", 1), Head("free", 6, "right", 1),
    Head("free after", 10, "right", 0), Head("", 16, keep=2, grow=2, most=40),
)  # fmt: skip
HOLDS = (
    Head("what", 12), Head("title", 20, grow=3, most=60), Head("account", 16, keep=1, grow=2, most=40), Head("day", 10, keep=2, most=12),
    Head("", 16, keep=3, grow=2, most=40),
)  # fmt: skip
DAYS = (
    Head("day", 11, most=12), Head("hand-overs", 10, "right"), Head("steps open", 10, "right", 1), Head("plan", 5, "right", 2),
    Head("hers", 5, "right", 1), Head("", 14, keep=0, grow=2, most=60),
)  # fmt: skip
NAMES = {"accounts": "Accounts", "people": "Recipients", "holds": "Everything", "days": "By day"}
LETTERS = {"accounts": "a", "people": "r", "holds": "e", "days": "d"}
HEADS = {"accounts": PROPOSED, "people": RECIPIENTS, "holds": HOLDS, "days": DAYS}


def proposed(found: Proposal, today: date) -> list[Entry]:
    """Each account, in the order of the waves."""
    return [_proposed(row, today) for row in found.rows]


def _proposed(row: Proposed, today: date) -> Entry:
    arr = "n/a" if row.arr is None else short(row.arr, row.currency or "USD")
    look = "accent" if row.is_chosen else "warn" if row.to == "pool" else "dim" if row.kind is None else "text"
    why = [*(("by hand",) if row.is_chosen and row.kind else ()), *row.reasons, *((f"! {row.frozen}",) if row.frozen else ())]
    why += ["joint call"] if row.joint else []
    when = "bad" if row.is_late else "warn" if row.frozen else "text"
    target: Words = ("–", "dim") if row.kind is None else (_short(row.target, today), when)
    cells: tuple[Words, ...] = (
        (row.account, "strong" if row.kind else "dim"), (arr, "text"), (row.tier, {"A": "accent", "C": "dim"}.get(row.tier, "text")),
        (str(row.wave) if row.kind else "–", "dim"), target, (row.to_name or ("runs already" if row.running else "she keeps it"), look),
        (" · ".join(why), "dim"),
    )  # fmt: skip
    return Entry(row.account_id, "proposed", str(row.account_id), cells, data=row)


def why_lines(row: Proposed, width: int, p: Palette) -> list[Line]:
    """All that speaks for it, of the row under the cursor."""
    who = f"{row.account} → {row.to_name}" if row.kind else row.account
    why = [*row.reasons, *((row.frozen,) if row.frozen else ()), *(("after her last day: her manager stands in",) if row.is_late else ())]
    return paragraph(f"{who}: {'; '.join(why)}", width, p.text)[:2]


def recipients(found: Proposal) -> list[Entry]:
    """Who would get how many, and what is left of her week."""
    rows = []
    for n, one in enumerate(found.recipients, 1):
        after: Words = ("n/a", "dim") if one.free_after is None else (f"{one.free_after:g} h", "bad" if one.free_after < 0 else "ok")
        cells: tuple[Words, ...] = (
            (one.name, "strong"), (str(one.accounts), "text"), (f"{one.hours:g} h", "text"),
            ("n/a" if one.free is None else f"{one.free:g} h", "dim"), after, ("her hours are unknown" if one.free is None else "", "dim"),
        )  # fmt: skip
        rows.append(Entry(n, "recipient", one.login, cells, data=one))
    pool = sum(row.to == "pool" and row.kind is not None for row in found.rows)
    if pool:
        rows.append(Entry(0, "pool", found.pool, ((f"pool {found.pool}", "strong"), (str(pool), "text"), *[("", "dim")] * 4)))
    return rows


def holds(found: Proposal, today: date) -> list[Entry]:
    """Everything but the accounts; ! goes with none of them."""
    loose = {(one.kind, one.id) for one in found.loose}
    rows = []
    for n, one in enumerate(found.holds, 1):
        is_loose = (one.kind, one.id) in loose
        what = "! needs somebody: no account takes it along" if is_loose else ""
        cells: tuple[Words, ...] = (
            (one.kind, "strong"), (one.title.replace("_", " "), "text"), (one.account or "–", "text"),
            (_short(one.day, today) if one.day else "–", "dim"), (what, "warn"),
        )  # fmt: skip
        rows.append(Entry(n, "thing", str(one.account_id or ""), cells, data=one))
    return rows


def days(board: LeaveBoard, today: date) -> list[Entry]:
    """The leave by day."""
    rows = []
    for n, one in enumerate(board.days, 1):
        late = [f"{one.hand_overs - one.handed_over} not handed over"] if one.day < today and one.hand_overs > one.handed_over else []
        late += [f"{plural(one.open, 'step')} overdue"] if one.day < today and one.open else []
        tail = "today" if one.day == today else "her last day" if one.day == board.last_day else ""
        cells: tuple[Words, ...] = (
            (_short(one.day, today), "strong" if one.day >= today else "dim"),
            (f"{one.handed_over} of {one.hand_overs}" if one.hand_overs else "", "text"),
            (f"{one.open} of {one.steps}" if one.steps else "", "text"), (str(one.planned_left), "dim"),
            ("" if one.left is None else str(one.left), "bad" if one.left is not None and one.left > one.planned_left else "text"),
            (f"! {', '.join(late)}" if late else tail, "bad" if late else "accent"),
        )  # fmt: skip
        rows.append(Entry(n, "day", one.day.isoformat(), cells, data=one))
    return rows


def head_lines(found: Proposal | None, board: LeaveBoard | None, width: int, p: Palette, today: date) -> list[Line]:
    """Whose leave it is, what is proposed or how it goes, what else she holds."""
    if board is not None:
        when = "has left" if board.is_gone else f"leaves on {day(board.last_day, today)}"
        said = f"  {when} · started on {day(board.started_on, today)}"
        return [[(board.name, p.strong), (said, p.dim)], *paragraph(board.says, width, p.text)]
    if found is None:
        return [[("reading …", p.dim)]]
    when = "is gone already: her manager stands in" if found.is_gone else f"leaves on {day(found.last_day, today)}"
    return [
        [(found.name, p.strong), (f"  {when} · no hand-over {found.freeze_days} d before a renewal", p.dim)],
        *paragraph(f"Proposed: {found.says}. Also holds: {_kinds(one.kind for one in found.holds)}.", width, p.text),
    ]


def _kinds(kinds: Iterable[str]) -> str:
    counts = Counter(kinds)
    return " · ".join(plural(n, kind) for kind, n in counts.items()) or "nothing"


def _short(value: date, today: date) -> str:
    text = day(value, today)
    return text if value.year == today.year else f"{value.day} {text.split()[2]} {value.year % 100}"
