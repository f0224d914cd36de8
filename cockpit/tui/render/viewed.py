"""The list of one's own looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.tui.render.figure import since
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.viewing import Look


def viewed_lines(looks: Sequence[Look], days: int, now: datetime, width: int, p: Palette) -> list[Line]:
    """Look by look, the latest first, under who sees it and for how long."""
    told = f"Opening a pane of an account is noted and kept for {days} days. Only you see this list; managers and ops see counts."
    lines = paragraph(told if days else "Looks at accounts are not kept in this store.", width, p.dim)
    lines.append([])
    for look in looks:
        name = plain(look.account) or f"account {look.account_id}"
        shown = fit(name, max(width - 30, 12))
        lines.append([(f"{since(look.at, now):>4} ago  ", p.dim), (shown, p.text), (f"  {plain(look.pane)}", p.dim)])
    return lines if looks else [*lines, [("You looked at no account yet.", p.dim)]]
