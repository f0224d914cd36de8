"""What colleagues said about a CTA, and what else is to know of it beside its account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.domain.say import day
from cockpit.services.queue import CtaRow
from cockpit.tui.render.figure import since
from cockpit.tui.render.line import Draw, Line, heading, labelled_lines
from cockpit.tui.render.safe import fit, plain, wrap
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.comment import CommentRow
    from cockpit.services.link import Links
    from cockpit.services.shadow import ShadowRow

LATEST = 3


def comment_lines(rows: Sequence[CommentRow], now: datetime, width: int, p: Palette) -> list[Line]:
    """Comments, the latest last, each whole."""
    lines: list[Line] = []
    for row in rows:
        asks = "  asks for an opinion" if row.asks_opinion else ""
        to = f"  → {', '.join(plain(login) for login in row.mentioned)}" if row.mentioned else ""
        who = plain(row.author_name) or "Cockpit"
        lines.append([(f"  {who}", p.strong), (f"  {since(row.at, now)} ago", p.dim), (asks + to, p.accent)])
        for part in row.body.splitlines():
            lines += [[("    " + piece, p.text)] for piece in wrap(plain(part), max(width - 4, 8))]
    return lines


def beside(draw: Draw, row: CtaRow, said: Sequence[CommentRow], now: datetime) -> Draw:
    """The account's lines, the lease and why it is here over them, the latest comments below."""

    def both(width: int, p: Palette) -> list[Line]:
        lines = draw(width, p)
        over: list[Line] = []
        if row.snoozed_at is not None:
            until = f"until {day(row.snoozed_until, now.date())}" if row.snoozed_until else "until its condition holds"
            over += labelled_lines("Asleep", [(until, p.text), (f" · {plain(row.snooze_reason)}", p.dim)], width, p)
        if row.lease:
            is_soon = row.lease.startswith("returns tomorrow")
            words = ("! " if is_soon else "") + plain(row.lease)
            over += labelled_lines("Lease", [(words, p.bad if is_soon else p.text)], width, p)
        if row.via:
            holder = f", held by {plain(row.owner_name)}" if row.owner_name else ""
            over += labelled_lines("Here", [(plain(row.via) + holder, p.accent)], width, p)
        if said:
            lines = [*lines, heading("Said", p)]
            for one in said[-LATEST:]:
                text = fit(plain(f"{one.author_name or 'Cockpit'}: {one.body}"), max(width - 7, 8)).rstrip()
                lines.append([(f"{since(one.at, now):>4}  ", p.dim), (text, p.text)])
        return [*lines[:1], *over, *lines[1:]]

    return both


def about_lines(links: Links, followers: Sequence[ShadowRow], said: Sequence[CommentRow], now: datetime) -> Draw:
    """Below a CTA: what it is linked to, who follows it, what was said."""

    def draw(width: int, p: Palette) -> list[Line]:
        lines: list[Line] = []
        rows: list[Line] = [[(f"  {plain(one.name)}", p.text), (f"  {plain(one.title)}", p.dim)] for one in links.people]
        rows += [[(f"  {plain(one.subject)}", p.text), (f"  {one.type} {since(one.at, now)} ago", p.dim)] for one in links.activities]
        if links.opportunity is not None:
            one = links.opportunity
            rows.append([(f"  {plain(one.name or one.type)}", p.text), (f"  {one.type}, {one.state}", p.dim)])
        if rows:
            lines += [[], heading("Linked", p), *rows]
        if followers:
            lines += [[], heading("Followed by", p), [("  " + ", ".join(plain(one.name) for one in followers), p.text)]]
        if said:
            lines += [[], heading("Said", p), *comment_lines(said, now, width, p)]
        return lines

    return draw
