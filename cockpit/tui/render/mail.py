"""Mail as rows and whole: the outbox, and an outreach before it goes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, labelled, paragraph
from cockpit.tui.render.safe import lines_of, plain
from cockpit.tui.theme import Palette
from db.terms import MailState

if TYPE_CHECKING:
    from cockpit.services.mail_in import StrayRow
    from cockpit.services.outbox import OutboxRow
    from cockpit.services.outreach import Preview

GLYPHS = {
    MailState.UNSURE: "?", MailState.FAILED: "✗", MailState.SENDING: "…", MailState.QUEUED: "◇", MailState.SENT: "✓",
    MailState.CANCELLED: "–",
}  # fmt: skip
COPY_HEAD = ("id", "state", "account", "recipient", "subject", "channel", "by", "says")
STRAY_HEAD = ("id", "at", "sender", "name", "subject")
SHOWN = 40


def _state(row: OutboxRow, d: Drawing) -> Cell:
    state = MailState(row.state)
    style = {MailState.UNSURE: d.palette.warn, MailState.FAILED: d.palette.bad, MailState.SENT: d.palette.ok}.get(state, d.palette.dim)
    return f"{GLYPHS[state]} {row.state}", style


def _why(row: OutboxRow, d: Drawing) -> Cell:
    return row.says.removeprefix(row.state).lstrip(": "), d.palette.dim


def outbox_table() -> Table[OutboxRow]:
    """State first."""
    return Table(
        (
            Column("state", "state", 11, _state, keep=0),
            Column("account", "account", 14, lambda r, d: (r.account, d.palette.text), keep=1, grow=2, most=30),
            Column("to", "to", 14, lambda r, d: (r.person or r.recipient, d.palette.text), keep=0, grow=2, most=30),
            Column("subject", "subject", 14, lambda r, d: (r.subject, d.palette.text), keep=0, grow=3, most=60),
            Column("says", "what became of it", 16, _why, keep=2, grow=2, most=50),
            Column("by", "by", 8, lambda r, d: (r.sender or "–", d.palette.dim), keep=3, most=14),
            Column("channel", "by way of", 9, lambda r, d: (r.channel, d.palette.dim), keep=4),
        )
    )


def as_text(row: OutboxRow) -> list[str]:
    """The row's cells for a copy."""
    words = (row.account, row.recipient, row.subject, row.channel, row.sender, row.says)
    return [str(row.id), row.state, *(plain(word) for word in words)]


def whole(row: OutboxRow, width: int, p: Palette) -> list[Line]:
    """All of a mail."""
    lines: list[Line] = [
        [(plain(row.subject), p.strong)],
        labelled("State", [(plain(row.says), p.text)], p),
        labelled("To", [(f"{plain(row.person)} <{plain(row.recipient)}>", p.text), (f"  {plain(row.account)}", p.dim)], p),
    ]
    if row.cc:
        lines.append(labelled("Copy", [(plain(row.cc), p.text)], p))
    when = row.sent_at or row.due_at
    more = [plain(row.sender), row.template and f"template {plain(row.template)}", row.channel, when and _clock(when)]
    lines.append(labelled("By", [(" · ".join(str(one) for one in more if one), p.text)], p))
    if row.stops_on_reply and row.state == MailState.QUEUED:
        lines.append(labelled("", [("does not go when its reader answers first", p.dim)], p))
    lines.append([])
    for part in lines_of(row.body):
        lines += paragraph(part, width, p.text)
    return lines


def stray_table() -> Table[StrayRow]:
    """Who wrote, and what about."""
    return Table(
        (
            Column("from", "from", 16, lambda r, d: (r.sender_name or "–", d.palette.strong), keep=0, grow=1, most=30),
            Column("address", "address", 20, lambda r, d: (r.sender, d.palette.text), keep=1, grow=1, most=40),
            Column("subject", "subject", 18, lambda r, d: (r.subject, d.palette.text), keep=0, grow=2, most=50),
            Column("at", "when", 11, lambda r, d: (f"{r.at.astimezone(d.zone):%d %b %Y}", d.palette.dim)),
            Column("body", "what", 20, lambda r, d: (r.body or "", d.palette.dim), keep=3, grow=3, most=90),
        )
    )


def stray_text(row: StrayRow) -> list[str]:
    """The row's cells for a copy."""
    return [str(row.id), row.at.isoformat(timespec="minutes"), *(plain(word) for word in (row.sender, row.sender_name, row.subject))]


def stray_whole(row: StrayRow, width: int, p: Palette) -> list[Line]:
    """All of a mail that came in."""
    lines: list[Line] = [
        [(plain(row.subject), p.strong)],
        labelled("From", [(f"{plain(row.sender_name)} <{plain(row.sender)}>" if row.sender_name else plain(row.sender), p.text)], p),
        labelled("When", [(_clock(row.at), p.text)], p),
        [],
    ]
    for part in lines_of(row.body):
        lines += paragraph(part, width, p.text)
    return lines


def preview_lines(seen: Preview, width: int, p: Palette) -> list[Line]:
    """Who gets a mail, who does not and why, and the first mail as it goes."""
    going, refused = seen.going, seen.refused
    lines: list[Line] = [[(f"{len(going)} would go", p.ok), (f" · {len(refused)} would not", p.warn if refused else p.dim)], []]
    for mail in going[:SHOWN]:
        copy = f"  copy {plain(mail.cc)}" if mail.cc else ""
        lines.append([("✓ ", p.ok), (f"{plain(mail.account)}: {plain(mail.person)}", p.text), (f"  {plain(mail.to)}{copy}", p.dim)])
    if len(going) > SHOWN:
        lines.append([(f"  … and {len(going) - SHOWN} more", p.dim)])
    for mail in refused[:SHOWN]:
        who = f": {plain(mail.person)}" if mail.person else ""
        lines.append([("✗ ", p.bad), (f"{plain(mail.account)}{who}", p.text), (f"  {plain(mail.says)}", p.warn)])
    if len(refused) > SHOWN:
        lines.append([(f"  … and {len(refused) - SHOWN} more", p.dim)])
    for number, mail in enumerate(going[:SHOWN], 1):
        lines += [[], [(f"{number} · from {plain(mail.sender)}, answers to {plain(mail.reply_to) or 'the sender'}", p.dim)]]
        lines.append([(plain(mail.subject), p.strong), (f"  {plain(mail.person)}", p.dim)])
        for part in lines_of(mail.body):
            lines += paragraph(part, width, p.text)
    return lines


def _clock(moment: datetime) -> str:
    return f"{moment:%a %d %b %Y %H:%M} UTC"
