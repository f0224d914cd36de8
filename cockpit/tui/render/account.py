"""An account: as a row, beside a list, above its panes, and as the Summary pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from rich.cells import cell_len

from cockpit.tui.render import figure
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, broken, heading, joined, labelled_lines
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.account import AccountRow, Header
    from cockpit.services.network import Network
    from cockpit.services.preview import Preview

BLOCKS = "▁▂▃▄▅▆▇█"


def _ctas(row: AccountRow, d: Drawing) -> Cell:
    return (str(row.open_ctas), d.palette.text) if row.open_ctas else ("·", d.palette.dim)


def table() -> Table[AccountRow]:
    """Columns of the accounts."""
    return Table(
        (
            Column("name", "account", 16, lambda r, d: (r.name, d.palette.strong), keep=0, grow=4, most=50, sort="name"),
            Column("health", "♥", 4, lambda r, d: figure.health(r.health, r.health_before, d.palette), "right", keep=1, sort="health"),
            Column("arr", "arr", 5, lambda r, d: figure.money(r.arr, r.currency, d.palette), "right", keep=2, sort="arr"),
            Column("renewal", "renews", 6, lambda r, d: figure.until(r.renewal_date, d.today, d.palette), "right", keep=3, sort="renewal"),
            Column("ctas", "CTAs", 4, _ctas, "right", keep=4),
            Column("owner", "owner", 12, lambda r, d: owner(r.owner_name, r.pool, d.palette), keep=5, grow=1, most=24),
            Column("segment", "segment", 12, lambda r, d: (r.segment or "–", d.palette.dim), keep=6),
            Column("region", "region", 8, lambda r, d: (r.region or "–", d.palette.dim), keep=8),
            Column("stage", "stage", 12, lambda r, d: (r.stage or "–", d.palette.dim), keep=9),
            Column("status", "status", 9, lambda r, d: (r.status, d.palette.dim), keep=7),
        )
    )


COPY_HEAD = ["id", "account", "segment", "arr", "currency", "health", "renewal", "owner", "pool"]


def as_text(row: AccountRow) -> list[str]:
    """The row's cells for a copy; ARR in whole units with decimals."""
    from cockpit.domain.money import decimal_text

    return [
        str(row.id), plain(row.name), plain(row.segment), "" if row.arr is None else decimal_text(row.arr, row.currency or "USD"),
        plain(row.currency), "" if row.health is None else str(row.health),
        row.renewal_date.isoformat() if row.renewal_date else "", plain(row.owner_name), plain(row.pool),
    ]  # fmt: skip


def owner(name: str | None, pool: str | None, palette: Palette) -> Cell:
    """Whose it is: a CSM, or the pool."""
    return (name, palette.text) if name else (f"{pool} pool" if pool else "nobody", palette.dim)


class _Figures(Protocol):
    @property
    def health(self) -> int | None: ...
    @property
    def trend(self) -> str | None: ...
    @property
    def arr(self) -> int | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def renews_in(self) -> int | None: ...
    @property
    def segment(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...


def figures(of: _Figures, p: Palette) -> Line:
    """Health with its trend, ARR, renewal: the line everything starts with."""
    health = figure.UNKNOWN if of.health is None else f"{figure.TREND[of.trend]}{of.health}"
    arr = figure.money(of.arr, of.currency, p, symbol=True)
    line: Line = [(health, p.status(figure.band(of.health))), (" health   ", p.dim), arr, (" ARR   ", p.dim)]
    if of.renews_in is None:
        line.append(("no renewal date", p.dim))
    elif of.renews_in < 0:
        line.append((f"! renewal {-of.renews_in}d ago", p.bad))
    else:
        line += [("renews in ", p.dim), (f"{of.renews_in}d", p.warn if of.renews_in <= 90 else p.text)]
    return line


def where(of: _Figures, p: Palette) -> Line:
    """Segment and region."""
    place = "·".join(plain(x) for x in (of.segment, of.region) if x)
    return [(f"   {place}", p.dim)] if place else []


def length(line: Line) -> int:
    """Cells of a line."""
    return sum(cell_len(text) for text, _ in line)


def network_line(net: Network, p: Palette) -> Line:
    """Size against the minimum, coverage, last met."""
    if not net.size:
        return [("✗ not configured: nobody is in it", p.bad)]
    short = net.minimum is not None and net.size < net.minimum
    size = f"{net.size} of {net.minimum}" if net.minimum is not None else str(net.size)
    line: Line = [(("▼ " if short else "") + size, p.bad if short else p.text)]
    line.append((f" · coverage {net.coverage:.0%}" if net.coverage is not None else "", p.text))
    met = f"last met {net.last_met_days}d" if net.last_met_days is not None else "never met"
    return [*line, (f" · {met}", p.text if net.last_met_days is not None else p.warn)]


def bars(values: Sequence[float | None]) -> str:
    """A series as blocks, from nothing to its greatest; a gap where there is no value."""
    known = [v for v in values if v is not None]
    top = max(known, default=0.0)
    return "".join(" " if v is None else BLOCKS[round((v / top if top else 0) * (len(BLOCKS) - 1))] for v in values)


def usage_line(trend: Any, p: Palette) -> Line:
    """The weekly series and how it moved."""
    if trend is None:
        return [(figure.UNKNOWN, p.dim)]
    change = trend.change
    if change is None:
        moved, style = "", p.text
    elif change <= -0.10:
        moved, style = f" ▼ −{-change:.0%} in 4w", p.bad
    else:
        moved, style = f" {'▲' if change > 0 else '●'} {change:+.0%} in 4w", p.text
    return [(bars(trend.weeks), style), (moved, style), (f"  {trend.metric}", p.dim)]


def service_line(tickets: int, high: int, csat: Any, nps: Any, p: Palette) -> Line:
    """Tickets and what people answered."""
    shown = f"{tickets} open" + (f" (! {high} high)" if high else "")
    line: Line = [(shown, p.bad if high else p.text)]
    if csat is not None:
        mean = csat.mean if csat.mean is not None else csat.score
        line.append((f"   CSAT {mean:.1f}", p.text))
    if nps is not None:
        line.append((f"   NPS {'▼ ' if nps.score <= 6 else ''}{nps.score}", p.bad if nps.score <= 6 else p.text))
    return line


def preview_lines(of: Preview, width: int, p: Palette) -> list[Line]:
    """The account beside the list: what to know before one takes the CTA."""
    first, place = figures(of, p), where(of, p)
    fits = length(first) + length(place) <= width
    lines = [[*first, *place] if fits else first]
    why = " · ".join(plain(w) for w in of.why) or "nothing out of the ordinary"
    said: list[tuple[str, Line]] = [("Why now", [(why, p.strong if of.why else p.dim)])]
    if of.left_note:
        said.append(("Note left", [(plain(of.left_note), p.warn)]))
    said += [
        ("Network", network_line(of.network, p)),
        ("Usage", usage_line(of.usage, p)),
        ("Tickets", service_line(of.tickets_open, of.tickets_high, of.csat, of.nps, p)),
        ("Owner", [owner(of.owner_name, of.pool, p), *([] if fits else place)]),
    ]
    lines += [row for label, pieces in said for row in labelled_lines(label, pieces, width, p)]
    lines.append(heading("Timeline", p))
    lines += [moment_line(m, width, p) for m in of.timeline] or [[("  nothing is logged yet; l logs a call", p.dim)]]
    if of.playbook:
        lines += broken([("Playbook if claimed: ", p.dim), (f"{plain(of.playbook)} ({of.playbook_tasks} tasks)", p.text)], width)
    return lines


def moment_line(moment: Any, width: int, p: Palette) -> Line:
    """One thing that happened, on one line: who did it, then how many were there, give way to what it was."""
    kind = moment.type.capitalize() if moment.type.islower() else moment.type
    text = plain(f"{kind}  {moment.text}")
    room = width - 6
    rest: Line = []
    for words in ((f"  ({moment.attendees} attendees)" if moment.attendees > 1 else ""), (f"  {plain(moment.who)}" if moment.who else "")):
        if words and cell_len(text) + cell_len(words) <= room:
            rest.append((words, p.dim))
            room -= cell_len(words)
    return [(f"{moment.days_ago:>4}d ", p.dim), (fit(text, min(cell_len(text), room)), p.text), *rest]


def header_lines(of: Header, width: int, p: Palette) -> list[Line]:
    """What never scrolls: two lines."""
    name: Line = [(plain(of.name), p.strong)]
    if of.parent is not None:
        name.append((f"  relationship of {plain(of.parent.name)}", p.dim))
    if of.children:
        name.append((f"  with {len(of.children)} relationships", p.dim))
    rest = joined(
        [owner(of.owner_name, of.pool, p), (plain(of.stage), p.dim), (of.status, p.dim), (of.served_by, p.dim)], ("   ", p.dim)
    )
    return [[*name, ("   ", p.dim), *rest], [*figures(of, p), *where(of, p)]]
