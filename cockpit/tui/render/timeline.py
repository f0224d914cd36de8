"""Timeline entries as rows and whole."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, labelled, paragraph
from cockpit.tui.render.safe import lines_of, plain
from cockpit.tui.theme import Palette
from db.terms import EntryState

if TYPE_CHECKING:
    from cockpit.services.timeline import Entry


def who(row: Entry) -> str:
    """Who was there, by name; those who were invited and stayed away in brackets; of what is planned who is invited."""
    if row.state == EntryState.PLANNED:
        return ", ".join(plain(a.name) for a in row.attendees)
    return ", ".join(plain(a.name) if a.attended else f"({plain(a.name)})" for a in row.attendees)


def mark(row: Entry, d: Drawing) -> Cell:
    """One sign: ◇ planned, ? planned and its day has passed, ✗ called off, ← from the customer, → to her, ⌂ among ourselves."""
    if row.state == EntryState.PLANNED:
        return ("?", d.palette.warn) if row.is_meeting and d.days(row.at) > 0 else ("◇", d.palette.accent)
    if row.state == EntryState.CANCELLED:
        return "✗", d.palette.dim
    if row.inbound:
        return "←", d.palette.accent
    if row.internal:
        return "⌂", d.palette.dim
    return ("→" if row.type.casefold() in ("email", "outreach") else ""), d.palette.dim


def _when(row: Entry, d: Drawing) -> Cell:
    days = d.days(row.at)
    return (f"{days}d" if days > 0 else "today" if days == 0 else f"in {-days}d"), d.palette.dim


def _step(row: Entry, d: Drawing) -> Cell:
    if not row.next_step:
        return "", d.palette.dim
    if row.next_step_done_at is not None:
        return f"✓ {row.next_step}", d.palette.dim
    late = row.next_step_due is not None and row.next_step_due < d.today
    due = f" {row.next_step_due:%d %b}" if row.next_step_due else ""
    return f"{'!' if late else '→'} {row.next_step}{due}", d.palette.bad if late else d.palette.text


def table() -> Table[Entry]:
    """Columns of a timeline."""
    return Table(
        (
            Column("when", "when", 7, _when, "right", keep=0),
            Column("mark", "", 1, mark, keep=0),
            Column("type", "type", 10, lambda r, d: (r.type.replace("_", " "), d.palette.accent), keep=1),
            Column("subject", "subject", 16, lambda r, d: (r.subject, d.palette.text), keep=0, grow=4, most=80),
            Column("who", "who was there", 14, lambda r, d: (who(r), d.palette.dim), keep=3, grow=2, most=44),
            Column("author", "by", 10, lambda r, d: (r.author_name or "–", d.palette.dim), keep=2, grow=1, most=20),
            Column("step", "next step", 14, _step, keep=4, grow=2, most=44),
        )
    )


def whole(row: Entry, width: int, p: Palette, zone: tzinfo) -> list[Line]:
    """All of an entry, its time in the reader's zone."""
    local = row.at.astimezone(zone)
    when = f"{local:%a %d %b %Y}" if row.date_only else f"{local:%a %d %b %Y %H:%M %Z}"
    lines: list[Line] = [
        [(plain(row.subject), p.strong)],
        labelled(row.type.replace("_", " "), [(when, p.text), (f"   {plain(row.author_name)}", p.dim)], p, 14),
    ]
    if row.attendees:
        lines.append(labelled("There", [(who(row), p.text)], p, 14))
    states = {EntryState.PLANNED: "planned", EntryState.CANCELLED: "called off"}
    said = states.get(EntryState(row.state)) or ("from the customer" if row.inbound else "among ourselves" if row.internal else "")
    if said:
        lines.append(labelled("", [(said, p.dim)], p, 14))
    for name, answer in (row.details or {}).items():
        lines.append(labelled(name.replace("_", " ").capitalize(), [(plain(answer), p.text)], p, 14))
    if row.next_step:
        due = f" by {row.next_step_due:%a %d %b}" if row.next_step_due else ""
        due += " · kept" if row.next_step_done_at else ""
        lines.append(labelled("Next step", [(plain(row.next_step) + due, p.text)], p, 14))
    lines.append([])
    for part in lines_of(row.body):
        lines += paragraph(part, width, p.text)
    return lines


def as_text(row: Entry) -> list[str]:
    """The row's cells for a copy."""
    return [row.at.date().isoformat(), row.type, plain(row.subject), who(row), plain(row.author_name), plain(row.next_step)]


COPY_HEAD = ["date", "type", "subject", "attendees", "by", "next step"]
