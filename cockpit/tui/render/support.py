"""The drawn half of Support & surveys: tickets by month, what answers come to, training, advocacy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.tui.render.chart import columns
from cockpit.tui.render.figure import UNKNOWN
from cockpit.tui.render.line import Line
from cockpit.tui.render.marks import mark_lines
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.support import Support


def support_lines(of: Support, width: int, height: int, p: Palette) -> list[Line]:
    """Figures, then the months drawn where there is room, then marks."""
    ends = mark_lines(of.freshness, of.missing, width, p)
    lines = _facts(of, p)
    room = height - len(ends) - len(lines) - 2
    if room >= 2 and any(of.by_month):
        days = [of.today - timedelta(days=30 * (len(of.by_month) - 1 - n)) for n in range(len(of.by_month))]
        lines.append([("Tickets opened by month", p.head)])
        lines += columns([float(n) for n in of.by_month], days, width, min(room, 6), p.text, p)
    return [*lines, *ends]


def _facts(of: Support, p: Palette) -> list[Line]:
    oldest = f", the oldest {(of.today - of.oldest_open).days}d" if of.oldest_open is not None else ""
    tickets: Line = [("Tickets  ", p.dim), (f"{of.open_tickets} open", p.strong)]
    tickets.append((f"  ! {of.open_high} high" if of.open_high else "", p.bad))
    tickets.append((oldest, p.text))
    nps, csat = of.nps, of.csat
    voice: Line = [("NPS      ", p.dim)]
    if nps.value is None:
        voice.append((UNKNOWN, p.dim))
    else:
        voice.append((f"{'●▲▼'[nps.sign]} {nps.says}", p.bad if nps.sign < 0 else p.text))
        voice.append((" in a year", p.dim))
    voice += [("   CSAT ", p.dim), (UNKNOWN if csat.value is None else f"{csat.value:.1f}", p.dim if csat.value is None else p.text)]
    voice.append((f" of {csat.n} in 90d" if csat.n else "", p.dim))
    done = of.trained
    taught: Line = [("Training ", p.dim)]
    if not done.required:
        taught.append(("none is required", p.dim))
    else:
        all_done = done.done >= done.required
        taught.append((f"{'✔' if all_done else '!'} {done.done} of {done.required} required done", p.text if all_done else p.warn))
    consent = f"{of.consent} with consent" if of.consent else "none with consent"
    taught += [("   Advocacy ", p.dim), (consent, p.text if of.consent else p.dim)]
    return [tickets, voice, taught]
