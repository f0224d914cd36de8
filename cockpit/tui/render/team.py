"""The team as rows: pools and who works them, pods, absences, hours, leases, flow, policies, closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.style import Style

from cockpit.domain.capacity import scaled
from cockpit.domain.money import short
from cockpit.domain.say import day, plural
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.away import AwayRow
    from cockpit.services.capacity import CapacityRow
    from cockpit.services.flow import FlowRow
    from cockpit.services.lane import PoolMemberRow
    from cockpit.services.lease import LeaseRow
    from cockpit.services.pod import PodRow
    from cockpit.services.policy import PolicyRow, Proposal
    from cockpit.services.review import ReviewRow, Sampled
    from cockpit.services.team import PoolRow

NONE = "–"
BAR = 20
"""Cells of a week's bar."""
Words = tuple[str, str]
"""A cell: its text and the word of its style (text, strong, dim, accent, ok, warn, bad)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a section. ``kind`` says what it is, ``key`` which one, ``of`` in what; ``cells`` are drawn in order."""

    id: int
    kind: str
    key: str
    cells: tuple[Words, ...]
    of: str = ""
    data: Any = None
    """The service's row, for forms."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: title, least and most width, what leaves first when it is narrow, its share of what is left."""

    title: str
    width: int
    align: str = "left"
    keep: int = 0
    grow: int = 0
    most: int = 60


def table(heads: Sequence[Head]) -> Table[Entry]:
    """The table of a section."""

    def cell(n: int) -> Callable[[Entry, Drawing], Cell]:
        def draw(row: Entry, d: Drawing) -> Cell:
            text, word = row.cells[n] if n < len(row.cells) else ("", "text")
            return text, style_of(word, d.palette)

        return draw

    return Table(
        tuple(
            Column(f"c{n}", h.title, h.width, cell(n), h.align, keep=h.keep, grow=h.grow, most=h.most)
            for n, h in enumerate(heads)
        )
    )


def style_of(word: str, p: Palette) -> Style:
    """The style of a word of Words."""
    return {"strong": p.strong, "accent": p.accent}.get(word) or p.status(word)


def as_text(row: Entry) -> list[str]:
    """The cells of a copy."""
    return [plain(text).strip() for text, _ in row.cells]


# Pools -----------------------------------------------------------------------------------------

POOLS = (
    Head("pool · who", 20, grow=3, most=40), Head("takes", 12, keep=1), Head("open", 10, "right", 2), Head("a day", 6, "right", 3),
    Head("lease", 5, "right", 4), Head("here", 22, keep=5, grow=1, most=34), Head("time zone · skills", 18, keep=6, grow=2, most=44),
)  # fmt: skip


def pools(rows: Iterable[PoolRow], members: Iterable[PoolMemberRow], here: frozenset[str] = frozenset()) -> list[Entry]:
    """Pools, each with who works it below."""
    by_pool: dict[int, list[PoolMemberRow]] = {}
    for one in members:
        by_pool.setdefault(one.pool_id, []).append(one)
    found = []
    for pool in rows:
        found.append(_pool(pool))
        found += [_member(one, pool, one.login in here) for one in by_pool.get(pool.id, ())]
    return found


def _pool(pool: PoolRow) -> Entry:
    how = {"round_robin": "push in turn", "least_loaded": "push least"}.get(pool.push or "", "people claim")
    zone = f"{pool.time_zone}{f' · {pool.calendar}' if pool.calendar else ''}"
    cells: tuple[Words, ...] = (
        (pool.name, "strong" if pool.active else "dim"), (how, "text"),
        (f"{pool.max_open} each" if pool.max_open is not None else "no limit", "text"),
        (str(pool.max_per_day) if pool.max_per_day is not None else NONE, "text"),
        (f"{pool.lease_days}d" if pool.lease_days else NONE, "text"),
        (plural(pool.members, "person", "people") if pool.active else "closed", "dim"), (zone, "dim"),
    )  # fmt: skip
    return Entry(-pool.id, "pool", pool.name, cells, pool.name, pool)


def _member(one: PoolMemberRow, pool: PoolRow, is_here: bool) -> Entry:
    most = None if one.role == "read_only" else scaled(pool.max_open, one.limit_percent)
    is_full = most is not None and one.open_ctas >= most
    held = f"{'● ' if is_full else ''}{one.open_ctas}{'' if most is None else f' of {most}'}"
    daily = scaled(pool.max_per_day, one.limit_percent)
    state: Words = (f"○ away {one.away}", "warn") if one.away else ("● here now", "ok") if is_here else (NONE, "dim")
    takes = "looks only" if one.role == "read_only" else one.lane or "every kind"
    cells: tuple[Words, ...] = (
        (f"  {one.name}{' (junior)' if one.role == 'junior' else ''}", "text"), (takes, "accent" if takes == one.lane else "dim"),
        (held, "warn" if is_full else "text"), ("" if daily is None else str(daily), "dim"), ("", "dim"), state,
        (one.skills or "", "dim"),
    )  # fmt: skip
    return Entry(one.id, "member", one.login, cells, pool.name, one)


# Hours -----------------------------------------------------------------------------------------

HOURS = (
    Head("who", 16, grow=2, most=30), Head("the week", BAR, keep=1), Head("free", 6, "right", 0), Head("accounts", 8, "right", 3),
    Head("booked", 6, "right", 4), Head("CTAs", 4, "right", 3), Head("open", 5, "right", 4), Head("hours", 5, "right", 2),
    Head("pools", 14, keep=6, grow=2, most=34), Head("role", 9, keep=7), Head("away", 12, keep=5),
)  # fmt: skip


def bar(booked: float, opened: float, week: float | None, width: int = BAR) -> str:
    """A week as a bar: █ the book of accounts, ▒ open CTAs, · free; ▶ at its end when it is overfull."""
    whole = week if week else max(booked + opened, 1.0)
    first = min(round(booked / whole * width), width)
    second = min(round((booked + opened) / whole * width), width) - first
    drawn = "█" * first + "▒" * second + "·" * (width - first - second)
    return drawn[:-1] + "▶" if week and booked + opened > week else drawn


def hours(rows: Iterable[CapacityRow], today: date) -> list[Entry]:
    """Everybody's week in hours, the freest first."""
    found = []
    for row in rows:
        free: Words = (NONE, "dim")
        if row.free is not None:
            free = (f"{row.free:.1f}", "ok") if row.free >= 0 else (f"!{-row.free:.1f}", "bad")
        week: Words = (bar(row.booked, row.open, row.hours_week), "accent") if row.hours_week else ("hours not said", "dim")
        accounts = f"{row.accounts}{f' ({row.unweighed}?)' if row.unweighed else ''}"
        away = f"○ {day(row.away_until, today)}" if row.away_until else ""
        cells: tuple[Words, ...] = (
            (row.name, "strong"), week, free, (accounts, "text"), (f"{row.booked:.1f}", "text"), (str(row.open_ctas), "text"),
            (f"{row.open:.1f}", "text"), (str(row.hours_week) if row.hours_week is not None else NONE, "text"),
            (", ".join(row.pools), "dim"), (row.role.replace("_", "-"), "dim"), (away, "warn"),
        )  # fmt: skip
        found.append(Entry(row.id, "person", row.login, cells, data=row))
    return found


# Away ------------------------------------------------------------------------------------------

AWAY = (
    Head("who", 16, grow=2, most=30), Head("", 8), Head("from", 11, keep=1), Head("to", 11),
    Head("covered by", 16, keep=0, grow=1, most=28),
    Head("back", 11, keep=3), Head("note", 14, keep=2, grow=3, most=50),
)  # fmt: skip


def away(rows: Iterable[AwayRow], today: date) -> list[Entry]:
    """Who is away and will be."""
    found = []
    for row in rows:
        is_away = row.state == "away"
        cover: Words = (row.cover_name, "text") if row.cover_name else ("! nobody", "bad")
        cells: tuple[Words, ...] = (
            (row.name, "strong"), (f"○ {row.state}" if is_away else row.state, "warn" if is_away else "dim"),
            (day(row.first, today), "text"), (day(row.last, today), "text"),
            cover, (day(row.back, today) if row.back else NONE, "dim"), (row.note or "", "dim"),
        )  # fmt: skip
        found.append(Entry(row.id, "away", row.login, cells, data=row))
    return found


# Pods ------------------------------------------------------------------------------------------

PODS = (
    Head("pod · who", 20, grow=2, most=40), Head("as", 8, keep=1), Head("accounts", 8, "right", 2), Head("arr", 9, "right", 3),
    Head("open", 5, "right", 4), Head("unassigned", 10, "right", 5),
)  # fmt: skip


def pods(rows: Iterable[PodRow], names: Mapping[str, str]) -> list[Entry]:
    """Pods, each with its seniors and juniors below; ``names`` by login."""
    found = []
    for pod in rows:
        money = " + ".join(short(minor, currency, symbol=True) for currency, minor in pod.arr) or NONE
        cells: tuple[Words, ...] = (
            (pod.name, "strong" if pod.active else "dim"), ("" if pod.active else "closed", "dim"),
            (str(pod.accounts), "text"), (money, "text"),
            (str(pod.open_ctas), "text"), (str(pod.unassigned), "warn" if pod.unassigned else "dim"),
        )  # fmt: skip
        found.append(Entry(-pod.id, "pod", pod.name, cells, pod.name, pod))
        people = [(login, "senior") for login in pod.seniors] + [(login, "junior") for login in pod.juniors]
        for number, (login, as_) in enumerate(people):
            row: tuple[Words, ...] = ((f"  {names.get(login, login)}", "text"), (as_, "accent" if as_ == "junior" else "text"))
            found.append(Entry(pod.id * 1000 + number, "pod_member", login, row, pod.name, as_))
    return found


# Returning -------------------------------------------------------------------------------------

RETURNING = (
    Head("", 1), Head("account", 18, grow=2, most=40), Head("CTA", 16, keep=2, grow=3, most=60), Head("whose", 14, keep=1, grow=1, most=26),
    Head("goes back", 22, keep=0, most=26), Head("pool", 10, keep=3),
)  # fmt: skip


def lease_words(row: LeaseRow, today: date) -> str:
    """``1d · after today``, ``returns tomorrow``: when a claim goes back, for a column."""
    if row.last_day is None or row.left is None or row.says == "returns tomorrow":
        return row.says
    return f"{row.left}d · after {'today' if row.last_day == today else day(row.last_day, today)}"


def returning(rows: Iterable[LeaseRow], today: date) -> list[Entry]:
    """Claims whose lease ends soon, the next to go first."""
    return [
        Entry(
            row.id, "lease", str(row.id),
            (("!" if row.is_ending else " ", "bad"), (row.account, "strong"), (row.title, "text"), (row.owner_name, "text"),
             (lease_words(row, today), "warn" if row.is_ending else "text"), (row.pool, "dim")),
            data=row,
        )
        for row in rows
    ]  # fmt: skip


# Flow ------------------------------------------------------------------------------------------

FLOW = (
    Head("", 14, grow=2, most=30), Head("in", 5, "right"), Head("out", 5, "right"), Head("±", 5, "right", 3), Head("open", 5, "right", 1),
    Head("queue", 5, "right", 4), Head("asleep", 6, "right", 5), Head("age p50", 8, "right", 1), Head("age p95", 8, "right", 1),
    Head("wait p50", 9, "right", 2), Head("wait p95", 9, "right", 2), Head("of", 4, "right", 6),
)  # fmt: skip


def flow(rows: Sequence[FlowRow], total: FlowRow, by: str) -> list[Entry]:
    """What came and went by pool, lane or CSM; the total last."""
    found = [_flow(n, row, by, row.group or {"lane": "no lane", "pool": "no pool"}.get(by, NONE)) for n, row in enumerate(rows, 1)]
    return [*found, _flow(len(found) + 1, total, "all", "all")] if by != "all" else found


def _flow(number: int, row: FlowRow, by: str, name: str) -> Entry:
    change = row.inflow - row.outflow
    more = f"▲{change}" if change > 0 else f"▼{-change}" if change < 0 else "●"

    def figure(value: float | None, unit: str) -> Words:
        return (f"{value:.1f}{unit}", "text") if value is not None else ("n/a", "dim")

    cells: tuple[Words, ...] = (
        (name, "strong"), (str(row.inflow), "text"), (str(row.outflow), "text"), (more, "warn" if change > 0 else "text"),
        (str(row.open), "text"), (str(row.unassigned), "text"), (str(row.snoozed), "dim"),
        figure(row.age_p50, "d"), figure(row.age_p95, "d"), figure(row.wait_p50, "h"), figure(row.wait_p95, "h"), (str(row.waited), "dim"),
    )  # fmt: skip
    return Entry(number, f"flow_{by}", row.group or "", cells, data=row)


# Policies --------------------------------------------------------------------------------------

POLICIES = (
    Head("segment", 16, grow=2, most=40), Head("accounts", 8, "right", 2), Head("from ARR", 8, "right", 1), Head("served by", 10, keep=1),
    Head("touch", 6, "right", 3), Head("mails", 6, "right", 6), Head("network", 7, "right", 4), Head("goal", 5, "right", 5),
    Head("EBR", 4, "right", 7), Head("NPS", 4, "right", 8), Head("open", 5, "right", 9), Head("a day", 5, "right", 10),
    Head("a month", 8, "right", 4), Head("GRR", 4, "right", 11), Head("NRR", 4, "right", 12),
)  # fmt: skip


def policies(rows: Iterable[PolicyRow], currency: str, moves: Iterable[Proposal] = ()) -> list[Entry]:
    """What each segment may expect, then the accounts that should change theirs."""
    found = [Entry(row.id, "policy", row.name, _policy(row, currency), data=row) for row in rows]
    for one in moves:
        cells: tuple[Words, ...] = (
            (f"→ {one.account}", "accent"), (f"to {one.to_segment}", "warn"), (short(one.arr, one.currency, symbol=True), "text"),
            (one.to_served_by or one.served_by, "dim"),
        )  # fmt: skip
        found.append(Entry(-one.account_id, "proposal", str(one.account_id), cells, one.to_segment, one))
    return found


def _policy(row: PolicyRow, currency: str) -> tuple[Words, ...]:
    def number(value: int | None, unit: str = "") -> Words:
        return (NONE, "dim") if value is None else (f"{value}{unit}", "text")

    line: Words = (NONE, "dim") if row.arr_from is None else (short(row.arr_from, currency, symbol=True), "text")
    return (
        (row.name, "strong" if row.active else "dim"), (str(row.accounts), "text"), line, (row.served_by or NONE, "text"),
        number(row.touch_days, "d"), number(row.digital_days, "d"), number(row.network_min), number(row.coverage_goal, "%"),
        number(row.ebr_per_year), number(row.nps_per_year), number(row.max_open), number(row.max_per_day),
        number(row.minutes_month, " min"), number(row.expected_grr, "%"), number(row.expected_nrr, "%"),
    )  # fmt: skip


# Reviews ---------------------------------------------------------------------------------------

REVIEWS = (
    Head("", 1), Head("whose", 14, grow=1, most=26), Head("account", 16, keep=1, grow=2, most=36),
    Head("CTA", 16, keep=2, grow=3, most=50), Head("outcome", 12, keep=3), Head("evidence", 16, keep=2, grow=1, most=22),
    Head("note", 14, keep=4, grow=3, most=60),
)  # fmt: skip


def closes(rows: Iterable[Sampled]) -> list[Entry]:
    """Closes to read; ✔ were read, ! show nothing that was done."""
    found = []
    for row in rows:
        mark: Words = ("✔", "ok") if row.is_reviewed else ("!", "bad") if row.lacks_evidence else ("·", "dim")
        tasks = f", {row.tasks_done}/{row.tasks} tasks" if row.tasks else ""
        proof: Words = ("! none", "bad") if row.lacks_evidence else (f"{plural(row.activities, 'entry', 'entries')}{tasks}", "text")
        cells: tuple[Words, ...] = (
            mark, (row.owner_name, "strong"), (row.account, "text"), (row.title, "text"), (row.outcome.replace("_", " "), "text"), proof,
            (row.note or "", "dim"),
        )  # fmt: skip
        found.append(Entry(row.id, "close", str(row.id), cells, row.owner, row))
    return found


def reviews(rows: Iterable[ReviewRow]) -> list[Entry]:
    """What was thought of one's closes (and one thought of others')."""
    words = {"good": ("✔", "ok"), "weak": ("~", "warn"), "wrong": ("✗", "bad")}
    return [
        Entry(
            -row.id, "review", str(row.cta),
            (words.get(row.verdict, ("·", "dim")), (row.owner_name or NONE, "strong"), (row.account, "text"), (row.title, "text"),
             (row.verdict, "text"), (f"read by {row.reviewer_name}" if row.reviewer_name else "", "dim"), (row.note or "", "text")),
            row.owner or "", row,
        )
        for row in rows
    ]  # fmt: skip
