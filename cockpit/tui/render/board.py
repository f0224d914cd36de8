"""Interventions as a board: a column for each stage, a card for each account; and one whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.style import Style

from cockpit.domain.intervention import MOVES, stage_text
from cockpit.domain.say import day, plural
from cockpit.tui.render import figure
from cockpit.tui.render.line import Line, heading, joined, labelled, paragraph
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette
from db.terms import Stage

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow, InterventionShown

STAGES = (Stage.CLAIMED, Stage.REACHED_OUT, Stage.ENGAGED, Stage.ON_PLAN, Stage.ON_TRACK)
"""The columns; an intervention that has ended leaves the board."""
CARD = 4
"""Lines of a card with the blank one below it."""
LEAST = 21
"""Cells of a column at least; columns that do not fit scroll."""
GAP = 2


@dataclass(frozen=True, slots=True)
class At:
    """Which card the cursor is on."""

    column: int = 0
    row: int = 0


def columns_of(rows: Sequence[InterventionRow]) -> list[list[InterventionRow]]:
    """The cards by stage."""
    return [[row for row in rows if row.stage == stage] for stage in STAGES]


def shown_columns(at: At, width: int) -> range:
    """Which columns fit: as many as there is room for, the cursor's among them."""
    many = max(1, min(len(STAGES), (width + GAP) // (LEAST + GAP)))
    first = min(max(0, at.column - many // 2), len(STAGES) - many)
    return range(first, first + many)


def board_lines(columns: Sequence[Sequence[InterventionRow]], at: At, width: int, height: int, p: Palette, *, focus: bool) -> list[Line]:
    """The board in exactly this room; each column scrolls for itself, so that the cursor's card is seen."""
    shown = shown_columns(at, width)
    cells = (width + GAP) // len(shown) - GAP
    lines: list[Line] = [[]]
    for n in shown:
        here = n == at.column
        more = ("‹ " if n == shown.start > 0 else "") + stage_text(STAGES[n]) + f" {len(columns[n])}"
        arrow = " ›" if n == shown.stop - 1 < len(STAGES) - 1 else ""
        lines[0] += [(fit(more + arrow, cells), p.strong + p.cursor if here else p.head), (" " * GAP, p.text)]
    room = max((height - 1) // CARD, 1)
    drawn = [_column(columns[n], at.row if n == at.column else -1, room, cells, p, focus=focus) for n in shown]
    for y in range(min(room * CARD, height - 1)):
        line: Line = []
        for column in drawn:
            line += column[y] if y < len(column) else [(" " * cells, p.text)]
            line.append((" " * GAP, p.text))
        lines.append(line)
    return lines


def _column(rows: Sequence[InterventionRow], at: int, room: int, cells: int, p: Palette, *, focus: bool) -> list[Line]:
    top = min(max(0, at - room + 1), max(len(rows) - room, 0)) if at >= 0 else 0
    lines: list[Line] = []
    for n, row in enumerate(rows[top : top + room], top):
        lines += _card(row, cells, p, here=n == at, focus=focus)
    if not rows:
        lines.append([(fit("·", cells), p.dim)])
    hidden = len(rows) - top - room
    if hidden > 0 and lines:
        lines[-1] = [(fit(f"  … {plural(hidden, 'more')[:-1] if hidden > 1 else '1 more'}", cells), p.dim)]
    return lines


def _card(row: InterventionRow, cells: int, p: Palette, *, here: bool, focus: bool) -> list[Line]:
    over = (p.cursor if focus else p.resting) if here else Style.null()
    name: Line = [("▸ " if here else "  ", p.accent + over), (fit(plain(row.account), cells - 2), p.strong + over)]
    health, look = _health(row, p)
    when, word = time_words(row)
    left = fit(f"  {when}", cells - len(health) - 1)
    days: Line = [(left, p.status(word) + over), (f" {health}", look + over)]
    state, word = criterion_words(row)
    return [name, days, [(fit(f"  {state}", cells), p.status(word) + over)], [(" " * cells, p.text)]]


def _health(row: InterventionRow, p: Palette) -> tuple[str, Style]:
    known = row.health is not None
    return (f"♥ {row.health}" if known else f"♥ {figure.UNKNOWN}"), p.status(figure.band(row.health))


def time_words(row: InterventionRow) -> tuple[str, str]:
    """How far it is: the day of its window, or the tries while nobody answered; and the word of its status."""
    if row.proposal:
        return f"? no answer ({row.tries})", "warn"
    if row.window_day is None:
        return (plural(row.tries, "try", "tries") if row.tries else "not tried yet"), "text"
    short = f"day {row.window_day} of 60"
    return (f"! {short}", "warn") if row.warning else (short, "text")


def criterion_words(row: InterventionRow) -> tuple[str, str]:
    """What on track means here, and whether it holds."""
    if not row.criterion:
        return "no criterion yet", "dim"
    if row.on_track is None:
        return f"? {row.criterion}", "warn"
    return (f"✔ {row.criterion}", "ok") if row.on_track else (f"✗ {row.criterion}", "text")


def next_stage(stage: str) -> Stage | None:
    """The stage that comes after, None after an end."""
    order = [*STAGES, Stage.SELF_SERVICE]
    return order[order.index(Stage(stage)) + 1] if stage in STAGES else None


def detail_lines(row: InterventionRow, width: int, p: Palette, key: str = ">") -> list[Line]:
    """One card whole, below the board."""
    health, look = _health(row, p)
    first = joined(
        [(plain(row.account), p.strong), (stage_text(Stage(row.stage)), p.accent), (row.window, p.warn if row.warning else p.text),
         (plain(row.owner_name) or "nobody", p.dim), (health, look)],
        ("  ", p.dim),
    )  # fmt: skip
    state, word = criterion_words(row)
    lines: list[Line] = [first]
    if row.proposal:
        lines.append([(f"! {plural(row.tries, 'try', 'tries')} and no answer: < ends it as no response, or try once more.", p.warn)])
    lines.append(labelled("On track", [(state, p.status(word))], p))
    lines += [labelled("Plan" if not n else "", part, p) for n, part in enumerate(paragraph(row.plan or "none yet", width - 10, p.text))]
    to = next_stage(row.stage)
    if to is not None:
        lines.append(labelled("Next", [(key, p.key), (f" {stage_text(to)}: {needs(to)}", p.text)], p))
    return lines


def needs(to: Stage) -> str:
    """What the next stage needs, in a few words."""
    return {
        Stage.REACHED_OUT: "a mail or call that is logged does it too",
        Stage.ENGAGED: "the customer answered; the window of 60 days begins",
        Stage.ON_PLAN: "what was agreed, with dates",
        Stage.ON_TRACK: "by itself, when the criterion holds",
        Stage.SELF_SERVICE: "a note to Support, links for the customer",
    }[to]


def history_lines(shown: InterventionShown, now: datetime, width: int, p: Palette) -> list[Line]:
    """One intervention with its history and what followed."""
    row = shown.row
    lines = detail_lines(row, width, p)
    lines += [[], heading("How it went", p)]
    moments = (
        ("claimed", row.claimed_at), ("reached out", row.reached_at), ("engaged", row.engaged_at), ("on plan", row.on_plan_at),
        ("on track", row.on_track_at), (stage_text(Stage(row.stage)) if row.ended_at else "", row.ended_at),
    )  # fmt: skip
    for name, at in moments:
        if at is not None:
            lines.append(labelled(f"  {name}", [(day(at.date(), now.date()), p.text), (f"   {figure.since(at, now)} ago", p.dim)], p, 26))
    if shown.tried:
        lines.append(labelled("  tried", [(", ".join(day(one, now.date()) for one in shown.tried), p.text)], p, 26))
    for title, text in (("Why it ended", row.end_reason), ("For Support", row.handoff_note)):
        if text:
            lines += [[], heading(title, p), *paragraph(text, width, p.text, 2)]
    lines += [[("  " + plain(url), p.accent)] for url in row.articles]
    after = shown.followed
    if after.won or after.nps_change is not None:
        lines += [[], heading("What followed (not: what it caused)", p)]
        for sale in after.won:
            amount = figure.money(sale.amount, sale.currency, p, symbol=True)[0]
            lines.append([(f"  {sale.type} {amount} won {day(sale.close_date, now.date())}", p.text)])
        if after.nps_change is not None:
            people = plural(after.nps_people, "person", "people")
            lines.append([(f"  NPS {after.nps_before:+.0f} → {after.nps_after:+.0f} ({people})", p.text)])
    return lines


def summary_line(row: InterventionRow | None, p: Palette) -> Line:
    """The line of the account's summary."""
    if row is None:
        return [("none runs; I on a claimed CTA starts one", p.dim)]
    when, word = time_words(row)
    state, holds = criterion_words(row)
    return joined(
        [(stage_text(Stage(row.stage)), p.strong), (when, p.status(word)), (plain(row.owner_name), p.dim), (plain(state), p.status(holds))],
        (" · ", p.dim),
    )


def ends_of(stage: str) -> list[tuple[str, str]]:
    """Where else than forward an intervention of this stage can go: (stage, words)."""
    if stage not in STAGES:
        return []
    return [(one.value, stage_text(one)) for one in Stage if one in MOVES[Stage(stage)] and one is not next_stage(stage) and one not in
            (Stage.ENGAGED, Stage.REACHED_OUT)]  # fmt: skip
