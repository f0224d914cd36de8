"""CTAs as rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cockpit.tui.render import figure
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.safe import plain

if TYPE_CHECKING:
    from cockpit.services.queue import CtaRow


def _score(row: CtaRow, d: Drawing) -> Cell:
    return figure.score(row.score, d.palette)


def _type(row: CtaRow, d: Drawing) -> Cell:
    return figure.cta_type(row.type, row.label, d.palette)


def _account(row: CtaRow, d: Drawing) -> Cell:
    return row.account, d.palette.strong


def _title(row: CtaRow, d: Drawing) -> Cell:
    return ("⚑ " if row.flagged else "") + row.title, d.palette.text


def _due(row: CtaRow, d: Drawing) -> Cell:
    return figure.due(row.due, d.today, d.palette)


def _arr(row: CtaRow, d: Drawing) -> Cell:
    return figure.money(row.arr, row.currency, d.palette)


def _health(row: CtaRow, d: Drawing) -> Cell:
    return figure.health(row.health, row.health_before, d.palette)


def _renewal(row: CtaRow, d: Drawing) -> Cell:
    return figure.until(row.renewal_date, d.today, d.palette)


def _segment(row: CtaRow, d: Drawing) -> Cell:
    return "·".join(part for part in (row.segment, row.region) if part), d.palette.dim


def _priority(row: CtaRow, d: Drawing) -> Cell:
    marks = {"high": ("▲ high", d.palette.bad), "low": ("▼ low", d.palette.dim)}
    return marks.get(row.priority, (f"● {row.priority[:6]}", d.palette.text))


def _waits(row: CtaRow, d: Drawing) -> Cell:
    return f"{max((d.now - row.opened_at).days, 0)}d" if d.now else "–", d.palette.dim


def _pool(row: CtaRow, d: Drawing) -> Cell:
    return row.pool or "–", d.palette.dim


def _owner(row: CtaRow, d: Drawing) -> Cell:
    return row.owner_name or row.owner or "unassigned", d.palette.text if row.owner else d.palette.dim


def _state(row: CtaRow, d: Drawing) -> Cell:
    return state(row, d.today), d.palette.dim if row.status == "closed" or row.snoozed_at else d.palette.text


def _stands(row: CtaRow, d: Drawing) -> Cell:
    """Why it is here though another holds it; else its snooze, else the business days until it goes back, today included."""
    if row.via:
        words = {"following": "↗ following", "mentioned": "@ mentioned", "task": "· my task"}
        return words.get(row.via, f"↔ {row.via}"), d.palette.accent
    if row.snoozed_at is not None or not row.lease:
        return _state(row, d)
    if row.lease_left is None:
        return "lease paused", d.palette.dim
    if row.lease.startswith("returns tomorrow"):
        return "! tomorrow", d.palette.bad
    return f"{row.lease_left}d left", d.palette.warn if row.lease_left <= 1 else d.palette.text


def _said(row: CtaRow, d: Drawing) -> Cell:
    return (str(row.comments) if row.comments else "·"), d.palette.text if row.comments else d.palette.dim


def state(row: CtaRow, today: date) -> str:
    """What is the matter with a CTA in a word or three."""
    if row.status == "closed":
        return f"✔ {plain(row.outcome).replace('_', ' ')}" if row.outcome else "✔ closed"
    if row.snoozed_at is not None:
        return f"z until {row.snoozed_until:%d %b}" if row.snoozed_until else "z snoozed"
    return "claimed" if row.owner else "unassigned"


_COMMON: tuple[Column[CtaRow], ...] = (
    Column("type", "type", 4, _type, keep=2),
    Column("account", "account", 16, _account, keep=0, grow=3, most=40, sort="account"),
    Column("title", "reason", 18, _title, keep=1, grow=5, most=70),
)
_FIGURES: tuple[Column[CtaRow], ...] = (
    Column("due", "due", 5, _due, "right", keep=3, sort="due"),
    Column("arr", "arr", 4, _arr, "right", keep=5, sort="arr"),
    Column("health", "♥", 4, _health, "right", keep=4, sort="health"),
    Column("renewal", "renews", 6, _renewal, "right", keep=6, sort="renewal"),
    Column("segment", "segment", 14, _segment, keep=8),
    Column("priority", "priority", 8, _priority, keep=9),
)


def queue_table() -> Table[CtaRow]:
    """Columns of the queue, unassigned CTAs."""
    return Table(
        (
            Column("score", "score", 5, _score, "right", keep=0, sort="score"),
            *_COMMON,
            *_FIGURES,
            Column("waits", "waits", 5, _waits, "right", keep=7, sort="oldest"),
            Column("pool", "pool", 12, _pool, keep=10),
        )
    )


def work_table() -> Table[CtaRow]:
    """Columns of one's own work: what is due comes first."""
    return Table(
        (
            Column("due", "due", 5, _due, "right", keep=0, sort="due"),
            *_COMMON,
            Column("lease", "lease", 14, _stands, keep=3, grow=2, most=26),
            *_FIGURES[1:],
            Column("score", "score", 5, _score, "right", keep=7, sort="score"),
            Column("owner", "owner", 14, _owner, keep=8),
        )
    )


def account_table() -> Table[CtaRow]:
    """Columns of the CTAs of one account."""
    return Table(
        (
            Column("type", "type", 4, _type, keep=0),
            Column("title", "reason", 16, _title, keep=0, grow=5, most=70),
            Column("state", "state", 14, _state, keep=1),
            Column("owner", "owner", 14, _owner, keep=2, grow=1, most=24),
            Column("due", "due", 5, _due, "right", keep=3),
            Column("priority", "priority", 8, _priority, keep=4),
            Column("score", "score", 5, _score, "right", keep=5),
            Column("said", "said", 4, _said, "right", keep=4),
            Column("waits", "age", 5, _waits, "right", keep=6),
            Column("pool", "pool", 12, _pool, keep=7),
        )
    )


def as_text(row: CtaRow, today: date) -> list[str]:
    """The row's cells for a copy."""
    return [
        str(row.id),
        plain(row.account),
        row.type,
        plain(row.title),
        row.due.isoformat() if row.due else "",
        state(row, today),
        plain(row.owner_name or row.owner or ""),
    ]


COPY_HEAD = ["id", "account", "type", "reason", "due", "state", "owner"]
