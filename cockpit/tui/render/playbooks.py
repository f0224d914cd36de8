"""Playbooks as rows of the Team screen: each with how it is kept, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cockpit.domain.say import plural
from cockpit.tui.render.team import Entry, Head, Words

if TYPE_CHECKING:
    from cockpit.services.adherence import Adherence
    from cockpit.services.playbook import PlaybookRow

PLAYBOOKS = (
    Head("playbook · who", 26, grow=2, most=40), Head("for", 12, keep=3), Head("steps", 9, "right", 4), Head("runs", 12, "right", 2),
    Head("done on time", 16, "right", 1, most=30), Head("late", 5, "right", 2), Head("over", 5, "right", 2), Head("out", 5, "right", 3),
    Head("waived", 6, "right", 4), Head("what it is for", 14, keep=5, grow=3, most=60),
)  # fmt: skip
_ABOUT = {
    "cta": "CTAs", "account": "accounts", "csm": "somebody new", "csm_to_csm": "CSM → CSM", "csm_to_pool": "CSM → pool",
    "pool_to_csm": "pool → CSM", "cover": "cover", "pod": "pods",
}  # fmt: skip


def playbooks(rows: Iterable[PlaybookRow], kept: Iterable[Adherence]) -> list[Entry]:
    """Every playbook, and below it its people where steps were due."""
    of: dict[str, list[Adherence]] = {}
    for one in kept:
        of.setdefault(one.playbook, []).append(one)
    found: list[Entry] = []
    number = 0
    for row in rows:
        number += 1
        whole = next((one for one in of.get(row.name, ()) if one.csm is None and one.csm_name is None), None)
        runs = f"{row.running} of {row.runs}" if row.runs else "–"
        cells: tuple[Words, ...] = (
            (row.name, "strong" if row.active else "dim"), (_ABOUT.get(row.about, row.about), "text"),
            (f"{row.steps} · v{row.version}", "text"), (runs, "text"), *_counts(whole),
            (("" if row.active else "out of use · ") + row.says, "dim"),
        )  # fmt: skip
        found.append(Entry(number, "playbook", row.name, cells, row.name, row))
        for one in of.get(row.name, ()):
            if one is not whole:
                number += 1
                who = one.csm_name or "nobody named"
                small: tuple[Words, ...] = ((f"  {who}", "text"), ("", "dim"), ("", "dim"), ("", "dim"), *_counts(one), ("", "dim"))
                found.append(Entry(number, "kept", one.csm or "", small, row.name, one))
    return found


def _counts(one: Adherence | None) -> tuple[Words, ...]:
    if one is None:
        return tuple([("–", "dim")] + [("", "dim")] * 4)
    share = f"{round(100 * one.rate)} % of {one.n}" if one.rate is not None else f"{one.on_time} of {one.n}"
    told: Words = (share, "dim" if one.rate is None else "text")
    return (
        told, *((str(n) if n else "·", look if n else "dim") for n, look in (
            (one.late, "warn"), (one.overdue, "bad"), (one.skipped, "warn"), (one.waived, "text"),
        )),
    )  # fmt: skip


def note(n: int) -> str:
    """What the figures are."""
    return (
        f"{plural(n, 'step')} due in the last 90 days: over = open past its day, out = left out or open at the close."
        " Under ten no rate is told."
        " enter shows the steps, a writes a text, i edits it, K starts one for somebody new."
    )
