"""Value networks drawn: the map of an account's people with how long ago each was met, the bars of a portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style

from cockpit.domain.money import short
from cockpit.tui.render import figure
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.network import NetworkShown, NextMeetings
    from cockpit.services.people import PersonRow
    from cockpit.services.portfolio import Group, Hanging, Portfolio

STATES = ("none", "small", "low", "ok")
MARKS = {"none": "✗", "small": "▼", "low": "◔", "ok": "●"}
WORDS = {"none": "not configured", "small": "too small", "low": "low coverage", "ok": "fine"}
BRIEFLY = {"none": "none", "small": "too small", "low": "low", "ok": "fine"}
_FILL = {"none": "░", "small": "▒", "low": "▓", "ok": "█"}
_STATUS = {"none": "bad", "small": "bad", "low": "warn", "ok": "ok"}
HEAT = 6
MOST_HELD = 20
NAME, ARR, COUNT = 14, 8, 4


def heat(row: PersonRow, window: int, p: Palette) -> tuple[str, Style]:
    """How much of the window is left since she was met: full is today, empty is the window's end or never."""
    if row.has_left:
        return "╌" * HEAT, p.dim
    if row.last_met is None or row.last_met.days_ago > window:
        return "·" * HEAT, p.bad
    full = max(1, round((1 - row.last_met.days_ago / (window + 1)) * HEAT))
    return "█" * full + "░" * (HEAT - full), p.warn if full <= HEAT // 3 else p.ok


def strip(shown: NetworkShown, width: int, p: Palette) -> list[Line]:
    """The network in two lines, above the list of people."""
    return [_head(shown, p), _hangs(shown, width, p)]


def _head(shown: NetworkShown, p: Palette) -> Line:
    net = shown.network
    state: Line = [(f"{MARKS[net.state]} {net.says}", p.status(_STATUS[net.state]))]
    if net.size:
        least = "no minimum agreed" if net.minimum is None else f"minimum {net.minimum}"
        cover = "" if net.coverage is None else f" · coverage {net.coverage:.0%}, goal {net.goal}% in {net.window_days}d"
        state.append((f" · {net.size} in it, {least}{cover}", p.text))
    elif net.minimum is not None:
        state.append((f" · {net.minimum} belong in it", p.text))
    return state


def _hangs(shown: NetworkShown, width: int, p: Palette) -> Line:
    thread = shown.thread
    style = p.dim if thread.share is None else p.warn if thread.is_single else p.text
    return [("Hangs on ", p.dim), (fit(plain(thread.says), max(width - 9, 8)), style)]


def map_lines(shown: NetworkShown, width: int, p: Palette) -> list[Line]:
    """The network as a map: who drives, who generates value, who else is in it, each with the heat of last met."""
    net = shown.network
    lines = [*strip(shown, width, p), []]
    rows = (
        ("◆ Drivers: sponsors, managers", [one for one in shown.members if one.network_role == "driver"], True),
        ("● Generators: key users", [one for one in shown.members if one.network_role == "generator"], True),
        ("○ In it, without a role", [one for one in shown.members if not one.network_role], False),
        ("╌ Left", list(shown.left), False),
    )
    for title, people, is_wanted in rows:
        if people or (is_wanted and net.size):
            lines.append([(title, p.head)])
            lines += _nodes(people, net.window_days, width, p) if people else [[("  nobody yet", p.warn)]]
    if shown.others:
        names = ", ".join(one.name for one in shown.others if not one.has_left)
        if names:
            lines += [[], [("Beside the network", p.head)], *paragraph(names, width - 2, p.dim, 2)]
    lines.append([])
    lines.append([("█" * HEAT, p.ok), (" met today   ", p.dim), ("█░░░░░", p.warn), (f" towards {net.window_days} days   ", p.dim),
                  ("·" * HEAT, p.bad), (" not met within them", p.dim)])  # fmt: skip
    return lines


def _nodes(people: Sequence[PersonRow], window: int, width: int, p: Palette) -> list[Line]:
    """People side by side, each a box of heat, name and days."""
    across = max(1, width // 38)
    cell = width // across
    lines: list[Line] = []
    for start in range(0, len(people), across):
        line: Line = []
        for one in people[start : start + across]:
            bar, style = heat(one, window, p)
            met = "never met" if one.last_met is None else f"{one.last_met.days_ago}d {', '.join(one.last_met.by)}"
            if one.has_left:
                met = f"left {one.left_on or ''}"
            room = cell - HEAT - 4
            name = fit(plain(one.name), min(18, room // 2))
            line += [("  " + bar + " ", style), (name + " ", p.strong), (fit(plain(met), room - cell_len(name)), p.dim)]
        lines.append(line)
    return lines


def why_lines(shown: NetworkShown, width: int, p: Palette) -> list[Line]:
    """The sums behind size, coverage and single thread, with the rows they count."""
    net, since = shown.network, shown.since or ""
    least = "the segment asks for no minimum" if net.minimum is None else f"the segment asks for {net.minimum}"
    cover = f"{net.met} / {net.size} = {net.coverage:.0%}, the goal is {net.goal}%" if net.coverage is not None else "not configured"
    lines: list[Line] = [
        [("Size  ", p.head), (f"{net.size} members who have not left; {least}", p.text)],
        [("Coverage = members met / members  ", p.head), (cover, p.text)],
        [(f"  within {net.window_days} days, {since} to today, both in", p.dim)],
    ]
    for one in shown.members:
        met = one.last_met is not None and one.last_met.days_ago <= net.window_days
        words = "never met" if one.last_met is None else f"{one.last_met.day} {one.last_met.subject} ({', '.join(one.last_met.by)})"
        mark = ("  ✔ ", p.ok) if met else ("  ✗ ", p.bad)
        lines.append([mark, (plain(one.name) + "  ", p.strong), (plain(words), p.dim)])
    share = "unknown" if shown.thread.share is None else f"{shown.thread.alone} / {shown.thread.n} = {shown.thread.share:.0%}"
    lines += [[], [("Single thread = meetings one was alone at / meetings  ", p.head), (share, p.text)]]
    for held in shown.meetings[:MOST_HELD]:
        alone = len(held.people) == 1
        lines.append([(f"  {held.day} ", p.dim), (plain(", ".join(held.people)), p.warn if alone else p.text)])
    if len(shown.meetings) > MOST_HELD:
        lines.append([(f"  … and {len(shown.meetings) - MOST_HELD} more", p.dim)])
    lines.append([])
    return lines + paragraph(
        "Counted is who attended a meeting or call that took place with the account or a relationship of it: what is planned or was"
        " called off, what we hold among ourselves, mail and invitations do not count. Usage by person is not recorded.", width, p.dim,
    )  # fmt: skip


def next_lines(found: NextMeetings, width: int, p: Palette) -> list[Line]:
    """The fewest meetings that reach the goal."""
    net = found.network
    lines: list[Line] = [[(f"{net.says}; the goal is {net.goal}% within {net.window_days} days", p.text)], []]
    for n, meeting in enumerate(found.meetings, start=1):
        lines.append([(f" {n}. ", p.key), (plain(meeting.why), p.dim)])
        for one in meeting.people:
            ago = "never met" if one.last_met_days is None else f"{one.last_met_days}d ago"
            role = {"driver": "◆ ", "generator": "● "}.get(one.role or "", "○ ")
            words = " · ".join(part for part in (one.account, one.language or "", ago) if part)
            lines.append([("    " + role, p.accent), (plain(one.name) + "  ", p.strong), (plain(words), p.dim)])
    lines += [[], *paragraph(found.says, width, p.text), *paragraph(found.assumes, width, p.dim)]
    if found.missing:
        lines.append([(f"{found.missing} more belong in the network before it is large enough.", p.warn)])
    return lines


# --- the portfolio -----------------------------------------------------------------------------------


def legend(found: Portfolio, width: int, p: Palette) -> Line:
    """What the parts of a bar are, and how many there are of each."""
    line: Line = []
    for state in STATES:
        style = p.status(_STATUS[state])
        words = WORDS[state] if width > 100 else BRIEFLY[state]
        line.append((f"{_FILL[state] * 2}{MARKS[state]} {words} {found.total.of(state).accounts}   ", style))
    return line


def parts_lines(width: int, p: Palette) -> list[Line]:
    """What the parts of a bar are."""
    words = (
        ("none", "nobody is in the value network: there is no ratio to speak of"),
        ("small", "fewer members than the account's segment asks for (half of it while onboarding)"),
        ("low", "large enough, but fewer met within the segment's window than its goal (50% where none is agreed)"),
        ("ok", "large enough and met"),
    )
    lines: list[Line] = []
    for state, text in words:
        first, *rest = paragraph(text, width - 18, p.text)
        lines.append([(fit(f"{MARKS[state]} {WORDS[state]}", 18), p.status(_STATUS[state])), *first])
        lines += [[(" " * 18, p.dim), *line] for line in rest]
    about = "Counted are customers, relationships with the account above them; test accounts are left out. ARR in the reporting currency."
    hanging = "Hanging on one person: at 60% of at least three meetings in the window the same person was the only one of the customer."
    return [*lines, [], *paragraph(about, width, p.dim), *paragraph(hanging, width, p.dim)]


def bar_line(group: Group, width: int, p: Palette, state: str | None, currency: str) -> Line:
    """One group: name, its accounts as parts of a whole, how many are in each state, its ARR."""
    over = p.cursor if state is not None else Style()
    room = max(8, width - 2 - NAME - 1 - len(STATES) * (COUNT + 1) - ARR - 2)
    line: Line = [("▸ " if state is not None else "  ", p.key), (fit(plain(group.name), NAME) + " ", p.strong)]
    parts = _parts([group.of(one).accounts for one in STATES], room)
    for one, cells in zip(STATES, parts, strict=True):
        line.append((_FILL[one] * cells, p.status(_STATUS[one])))
    line.append((" " * (room - sum(parts) + 1), p.text))
    for one in STATES:
        count = group.of(one).accounts
        style = p.status(_STATUS[one]) if count else p.dim
        shown = fit(f"{MARKS[one]}{count}", COUNT, "right") + " "
        line.append((shown, style + over if one == state else style))
    line.append((fit(short(group.arr, currency), ARR, "right"), p.dim))
    return line


def _parts(counts: Sequence[int], room: int) -> list[int]:
    """``room`` cells shared out as the counts are, by largest remainder; what there is of is seen."""
    total = sum(counts)
    if not total:
        return [0 for _ in counts]
    exact = [count * room / total for count in counts]
    cells = [max(int(one), 1 if count else 0) for one, count in zip(exact, counts, strict=True)]
    order = sorted(range(len(cells)), key=lambda n: exact[n] - cells[n], reverse=True)
    while sum(cells) < room:
        for n in order[: room - sum(cells)]:
            cells[n] += 1
    while sum(cells) > room:
        cells[max(range(len(cells)), key=lambda n: cells[n])] -= 1
    return cells


def _share(row: Hanging, d: Drawing) -> Cell:
    return f"{row.alone} of {row.n}", d.palette.bad if row.share >= 0.8 else d.palette.warn


def _state(row: Hanging, d: Drawing) -> Cell:
    return f"{MARKS[row.state]} {WORDS[row.state]}", d.palette.status(_STATUS[row.state])


def hanging_table() -> Table[Hanging]:
    """Accounts that hang on one person."""
    return Table(
        (
            Column("account", "account", 18, lambda r, d: (r.account, d.palette.strong), keep=0, grow=2, most=34),
            Column("person", "hangs on", 16, lambda r, d: (r.person, d.palette.text), keep=1, grow=1, most=28),
            Column("share", "alone at", 8, _share, "right", keep=0),
            Column("arr", "arr", 7, lambda r, d: figure_arr(r, d), "right", keep=2),
            Column("renewal", "renews", 7, lambda r, d: figure.until(r.renewal_date, d.today, d.palette), "right", keep=4),
            Column("state", "network", 16, _state, keep=5),
            Column("owner", "owner", 8, lambda r, d: (r.owner or "–", d.palette.dim), keep=3),
            Column("segment", "segment", 10, lambda r, d: (r.segment or "–", d.palette.dim), keep=6),
        )
    )  # fmt: skip


def figure_arr(row: Hanging, d: Drawing) -> Cell:
    """The money at stake; unknown is not zero."""
    return (figure.UNKNOWN, d.palette.dim) if row.arr is None else (short(row.arr, row.currency or "USD"), d.palette.text)


HANGING_HEAD = ("account", "hangs on", "share", "meetings", "arr", "currency", "renews", "owner", "network")


def hanging_text(row: Hanging) -> list[str]:
    """A row of a copy."""
    from cockpit.domain.money import decimal_text

    arr = "" if row.arr is None else decimal_text(row.arr, row.currency or "USD")
    words = (row.account, row.person, f"{row.share:.2f}", row.n, arr, row.currency, row.renewal_date, row.owner, WORDS[row.state])
    return [plain(word) for word in words]
