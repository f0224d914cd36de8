"""People of an account as rows, and one of them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.say import day
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, labelled, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow
    from cockpit.services.person import Belonging, PersonShown, PersonThing

KINDS = {
    "activity": "timeline", "ticket": "ticket", "survey": "survey", "training": "training", "advocacy": "reference",
    "mail": "mail", "event": "event",
}  # fmt: skip


def _role(row: PersonRow, d: Drawing) -> Cell:
    if not row.value_network:
        return "·", d.palette.dim
    return role_text(row.network_role), d.palette.accent


def role_text(role: str | None) -> str:
    """A role in the network with its mark."""
    return {"driver": "◆ driver", "generator": "● generator"}.get(role or "", "○ member")


def _met(row: PersonRow, d: Drawing) -> Cell:
    if row.has_left:
        return "left", d.palette.dim
    if row.last_met is None:
        return ("! never" if row.value_network else "never"), d.palette.bad if row.value_network else d.palette.dim
    days = row.last_met.days_ago
    return (f"! {days}d" if row.value_network and days > 90 else f"{days}d"), d.palette.warn if days > 90 else d.palette.text


def _by(row: PersonRow, d: Drawing) -> Cell:
    return (", ".join(row.last_met.by) or "–" if row.last_met else "–"), d.palette.dim


def _by_me(row: PersonRow, d: Drawing) -> Cell:
    return (f"{row.last_met_by_me.days_ago}d" if row.last_met_by_me else "–"), d.palette.dim


def _marks(row: PersonRow, d: Drawing) -> Cell:
    words = [word for word, is_so in (("left", row.has_left), ("opted out", row.opted_out), ("bounces", row.bounced)) if is_so]
    return ", ".join(words), d.palette.warn


def table() -> Table[PersonRow]:
    """Columns of the People pane; the value network comes first."""
    return Table(
        (
            Column("role", "network", 11, _role, keep=1),
            Column("name", "name", 16, lambda r, d: (r.name, d.palette.dim if r.has_left else d.palette.strong), keep=0, grow=3, most=36),
            Column("met", "last met", 8, _met, "right", keep=2),
            Column("by", "by", 10, _by, keep=3, grow=1, most=24),
            Column("title", "title", 18, lambda r, d: (r.title or "", d.palette.text), keep=4, grow=2, most=32),
            Column("mine", "by me", 6, _by_me, "right", keep=7),
            Column("email", "e-mail", 22, lambda r, d: (r.email or "–", d.palette.dim), keep=5, grow=2, most=36),
            Column("marks", "note", 9, _marks, keep=6),
            Column("account", "account", 14, lambda r, d: (r.account, d.palette.dim), keep=8),
            Column("value", "value", 16, lambda r, d: (r.value_obtained or "", d.palette.text), keep=9, grow=1, most=40),
            Column("bottleneck", "bottleneck", 16, lambda r, d: (r.bottleneck or "", d.palette.warn), keep=10, grow=1, most=40),
        )
    )


def as_text(row: PersonRow) -> list[str]:
    """The row's cells for a copy."""
    met = row.last_met.day.isoformat() if row.last_met else ""
    by = ", ".join(row.last_met.by) if row.last_met else ""
    role = row.network_role or ("member" if row.value_network else "")
    return [plain(row.name), plain(row.title), plain(row.email), plain(row.phone), role, met, plain(by)]


COPY_HEAD = ["name", "title", "e-mail", "phone", "network", "last met", "by"]


# --- one person ------------------------------------------------------------------------------------------


def head_lines(shown: PersonShown, width: int, p: Palette) -> list[Line]:
    """Who she is, where she belongs, when she was last met."""
    one = shown.person
    marks = ((f"✗ left on {one.left_on}", one.left_on), ("wants no mail", one.opted_out), ("mail bounces", one.bounced))
    line: Line = [(plain(one.name), p.strong)]
    line += [(f"  {mark}", p.warn) for mark, is_so in marks if is_so]
    reach = " · ".join(plain(word) for word in (one.email, one.phone, one.language, one.channel) if word)
    lines: list[Line] = [line, [(reach or "no address, no number", p.dim)]]
    if shown.also_known_as:
        lines.append([("also known as " + ", ".join(map(plain, shown.also_known_as)), p.dim)])
    met = shown.last_met
    told = "never" if met is None else f"{met.days_ago}d ago by {', '.join(met.by) or 'somebody'}: {met.subject} ({shown.last_met_account})"
    lines.append(labelled("Last met", [(plain(told), p.warn if met is None else p.text)], p))
    for one_ in shown.accounts:
        lines += _belonging(one_, width, p)
    lines.append(labelled("Usage", [(f"n/a: {shown.usage}", p.dim)], p))
    return lines


def _belonging(one: Belonging, width: int, p: Palette) -> list[Line]:
    role = role_text(one.network_role) if one.value_network else "· not in the network"
    what = " · ".join(plain(word) for word in (one.account, one.title, role) if word)
    gone = f" · no longer there since {one.left_on}" if one.left_on else ""
    lines = [labelled("At", [(what, p.text), (gone, p.warn)], p)]
    for label, text, style in (("Value", one.value_obtained, p.text), ("Hindered", one.bottleneck, p.warn)):
        if text:
            first, *rest = paragraph(text, width - 10, style)
            lines += [labelled(label, first, p), *([(" " * 10, p.dim), *line] for line in rest)]
    return lines


def _thing_day(row: PersonThing, d: Drawing) -> Cell:
    return (day(row.day, d.today) if row.day else "–"), d.palette.dim


def _thing_state(row: PersonThing, d: Drawing) -> Cell:
    styles = {"met": d.palette.ok, "not there": d.palette.warn, "cancelled": d.palette.warn, "not done": d.palette.warn}
    return row.state or "", styles.get(row.state or "", d.palette.dim)


def thing_table() -> Table[PersonThing]:
    """What happened with her."""
    return Table(
        (
            Column("day", "day", 15, _thing_day, keep=0),
            Column("kind", "kind", 9, lambda r, d: (KINDS[r.kind], d.palette.accent), keep=1),
            Column("what", "what", 24, lambda r, d: (r.what, d.palette.text), keep=0, grow=4, most=70),
            Column("state", "state", 10, _thing_state, keep=2),
            Column("note", "note", 14, lambda r, d: (r.note or "", d.palette.dim), keep=4, grow=3, most=60),
            Column("account", "account", 16, lambda r, d: (r.account or "", d.palette.dim), keep=3, grow=1, most=30),
        )
    )


def thing_text(row: PersonThing) -> list[str]:
    """A row of a copy."""
    return [plain(word) for word in (row.day, KINDS[row.kind], row.what, row.state, row.note, row.account)]


THING_HEAD = ("day", "kind", "what", "state", "note", "account")
