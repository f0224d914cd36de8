"""All of one CTA: what, why, whose, its notes and its tasks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cockpit.tui.render import figure
from cockpit.tui.render.cta import state
from cockpit.tui.render.line import Line, heading, labelled, paragraph
from cockpit.tui.render.safe import fit, lines_of, plain, wrap
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.cta import CtaShown

TASK_MARKS = {"open": "·", "done": "✔", "skipped": "–"}


def whole_lines(shown: CtaShown, today: date, width: int, p: Palette) -> list[Line]:
    """One CTA."""
    row, more = shown.row, shown.detail
    due, style = figure.due(row.due, today, p)
    lines: list[Line] = [
        *paragraph(plain(row.title), width, p.strong),
        [],
        labelled("Type", [figure.cta_type(row.type, row.label, p), (f"  {plain(row.reason)}", p.text)], p),
        labelled("State", [(state(row, today), p.text), (f"  {plain(row.owner_name)}", p.dim)], p),
        labelled("Due", [(due, style), (f"  {row.due:%a %d %b %Y}" if row.due else "", p.dim)], p),
        labelled("Priority", [(row.priority, p.text), ("  ⚑ flagged" if row.flagged else "", p.warn)], p),
        labelled("Source", [(plain(more.source), p.dim), (f"   pool {plain(row.pool)}" if row.pool else "", p.dim)], p),
    ]
    if more.repeats:
        lines.append(labelled("Repeats", [(f"every {more.repeats} after its due date, made at its close", p.dim)], p))
    if more.lane or more.skill:
        asks = f", asks for {plain(more.skill)}" if more.skill else ""
        lines.append(labelled("Lane", [((more.lane or "any") + asks, p.dim)], p))
    for title, text in (("Notes", more.description), ("Left by the last owner", more.left_note), ("At its close", more.close_note)):
        if text:
            lines += [[], heading(title, p)]
            for part in lines_of(text):
                lines += paragraph(part, width, p.text, 2)
    if row.snoozed_at is not None:
        wake = f", or when {plain(more.snooze_wake)}" if more.snooze_wake else ""
        lines += [[], heading("Snoozed", p), *paragraph(f"{plain(row.snooze_reason)}{wake}", width, p.text, 2)]
    if shown.tasks:
        lines += [[], heading(f"Tasks{' of ' + plain(more.playbook) if more.playbook else ''}", p)]
        for task in shown.tasks:
            when, look = figure.due(task.due, today, p) if task.status == "open" else ("", p.dim)
            mark = f"  {TASK_MARKS.get(task.status, '·')} "
            words = plain(task.title) + (" *" if task.required else "")
            style = p.text if task.status == "open" else p.dim
            first, *rest = wrap(words, max(width - 12, 10))
            lines.append([(mark, p.ok if task.status == "done" else p.dim), (fit(first, max(width - 12, 10)), style), (f"{when:>6}", look)])
            lines += [[("    " + part, style)] for part in rest]
            if task.says:
                lines += paragraph(plain(task.says), width, p.dim, 6)
    return lines
