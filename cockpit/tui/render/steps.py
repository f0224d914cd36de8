"""The steps of playbooks as lines: how each stands, when it is due, what it waits for or what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cockpit.tui.render import figure
from cockpit.tui.render.line import Line, spread
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.playbook import PlaybookShown
    from cockpit.services.task import TaskRow

MARKS = {"done": "✔", "skipped": "–", "waived": "⊘", "waits": "◌", "open": "·"}
NEEDED = {"gate": "●", "yes": "●", "after": "◐", "no": "○"}


def step_lines(rows: Sequence[TaskRow], at: int, today: date, width: int, p: Palette, *, named: bool) -> list[Line]:
    """Two lines a step: what it is; what it waits for, what is missing, or what was found. ``named``: with its account."""
    lines: list[Line] = []
    several = len({row.run for row in rows}) > 1 and not named
    for n, row in enumerate(rows):
        here = n == at
        over = p.cursor if here else p.text
        is_open = row.status == "open"
        look = p.ok if row.state == "done" else p.warn if row.is_overdue else p.accent if row.state == "open" else p.dim
        when, due = figure.due(row.due, today, p) if is_open else ("", p.dim)
        name = f"{plain(row.account or '')}: " if named and row.account else ""
        left: Line = [
            ("▸ " if here else "  ", p.accent + over), (f"{MARKS.get(row.state, '·')} ", look + over),
            (name, (p.strong if is_open else p.dim) + over),
            (plain(row.title) + (" *" if row.required and is_open else ""), (p.text if is_open else p.dim) + over),
        ]  # fmt: skip
        is_first = several and (n == 0 or rows[n - 1].run != row.run)
        book = f"{plain(row.playbook or '')} · " if is_first and row.playbook else ""
        right: Line = [(book + plain(row.owner or row.role or ""), p.dim + over), (f" {when:>6} ", due + over)]
        lines.append(spread(left, right, width, p.text + over))
        lines.append([(fit(f"      {plain(_below(row))}", width), p.dim)])
    return lines


def _below(row: TaskRow) -> str:
    if row.status != "open":
        return row.says or {"done": "done", "skipped": "left out", "waived": "waived"}.get(row.state, "")
    hand = ("one of " + ", ".join(row.choices)) if row.choices else "ticked by hand, with a note"
    says = row.says or (hand if row.by_hand else "")
    return f"{says} · {hand}" if row.by_hand and row.says and row.state == "open" else says


def playbook_lines(shown: PlaybookShown, width: int, p: Palette) -> list[Line]:
    """A playbook step by step, as the sheet shows it."""
    from cockpit.tui.render.line import heading, paragraph

    head = f"Version {shown.version} of {max(shown.versions)} · for {shown.about}{'' if shown.active else ' · out of use'}"
    lines: list[Line] = [[(head, p.dim)], *paragraph(shown.says, width, p.text), []]
    for n, step in enumerate(shown.steps, 1):
        left: Line = [(f"{n:>2} {NEEDED.get(step.required.value, '○')} ", p.accent), (plain(step.title), p.text)]
        lines.append(spread(left, [(f"{step.role} ", p.dim), (f"{step.due or ''!s:>8}", p.text)], width, p.text))
        needs = f"after {', '.join(step.needs)} · " if step.needs else ""
        only = f"{step.when} · " if step.when else ""
        ends = f"done when {step.done}" if step.done else "ticked by hand, with a note"
        lines.append([(fit(f"     {needs}{only}{ends}{' or by hand' if step.by_hand else ''}", width), p.dim)])
    lines += [[], heading("● required   ◐ after the hand-over   ○ optional", p)]
    return lines
