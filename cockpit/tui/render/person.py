"""People of an account as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.safe import plain

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow


def _role(row: PersonRow, d: Drawing) -> Cell:
    if not row.value_network:
        return "·", d.palette.dim
    return {"driver": "◆ driver", "generator": "● generator"}.get(row.network_role or "", "○ member"), d.palette.accent


def _met(row: PersonRow, d: Drawing) -> Cell:
    if row.has_left:
        return "left", d.palette.dim
    if row.last_met is None:
        return ("! never" if row.value_network else "never"), d.palette.bad if row.value_network else d.palette.dim
    days = row.last_met.days_ago
    return (f"! {days}d" if row.value_network and days > 90 else f"{days}d"), d.palette.warn if days > 90 else d.palette.text


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
            Column("title", "title", 18, lambda r, d: (r.title or "", d.palette.text), keep=3, grow=2, most=32),
            Column("met", "last met", 9, _met, "right", keep=2),
            Column("mine", "by me", 6, _by_me, "right", keep=6),
            Column("email", "e-mail", 22, lambda r, d: (r.email or "–", d.palette.dim), keep=4, grow=2, most=36),
            Column("marks", "note", 10, _marks, keep=5),
            Column("account", "account", 14, lambda r, d: (r.account, d.palette.dim), keep=7),
        )
    )


def as_text(row: PersonRow) -> list[str]:
    """The row's cells for a copy."""
    met = row.last_met.day.isoformat() if row.last_met else ""
    role = row.network_role or ("member" if row.value_network else "")
    return [plain(row.name), plain(row.title), plain(row.email), plain(row.phone), role, met]


COPY_HEAD = ["name", "title", "e-mail", "phone", "network", "last met"]
