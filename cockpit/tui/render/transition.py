"""Transitions as rows and lines: lists of both sides, guided steps, gaps, briefs, return lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain.say import day, distance, plural
from cockpit.domain.transition import TITLES
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, heading, paragraph, spread
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import Entry, Head
from cockpit.tui.theme import Palette
from db.terms import TransitionKind

if TYPE_CHECKING:
    from cockpit.services.transition import StepShown, TransitionRow, TransitionShown
    from cockpit.services.transition_brief import BriefShown
    from cockpit.services.transition_cover import ReturnList

LISTED = (
    Head("account", 18, grow=3, most=44), Head("kind", 10, keep=2, most=10), Head("from → to", 15, keep=0, grow=1, most=36),
    Head("day", 10, keep=0, most=12), Head("out", 5, "right", 1), Head("in", 5, "right", 1), Head("ready", 5, "right", 3),
    Head("", 11, keep=0, grow=9, most=60),
)  # fmt: skip
COPY_HEAD = ("account", "kind", "from → to", "day", "out", "in", "readiness", "state")
MARKS = {"done": ("✔", "ok"), "waived": ("–", "dim"), "locked": ("·", "dim"), "open": ("○", "text")}


def listed(rows: Iterable[TransitionRow], today: date) -> list[Entry]:
    """The rows of a list."""
    return [_row(row, today) for row in rows]


def _row(row: TransitionRow, today: date) -> Entry:
    late = row.state == "started" and row.target < today
    if row.attention:
        tail = (f"! {row.attention}", "bad")
    elif row.overdue:
        tail = (f"● {row.overdue} overdue", "warn")
    elif row.sent_back and row.state == "started":
        tail = (f"sent back {plural(row.sent_back, 'time')}: {row.sent_back_why}", "warn")
    elif row.state == "accepted":
        tail = ("cover runs" if row.kind == "cover" else "handed over, follow-up", "ok")
    elif row.state == "started":
        tail = (distance(row.target, today), "dim")
    else:
        tail = (row.state + (f": {row.end_reason}" if row.end_reason else ""), "dim")
    ready = ("–", "dim") if row.readiness is None else (str(row.readiness), "ok" if row.readiness >= 90 else "warn")
    cells = (
        (row.account, "strong"), (TITLES[TransitionKind(row.kind)], "dim"), (f"{row.outgoing} → {row.incoming}", "text"),
        (_short(row.target, today), "bad" if late else "text"), (f"{row.out_done}/{row.out_of}", "text"),
        (f"{row.in_done}/{row.in_of}", "text"), ready, tail,
    )  # fmt: skip
    return Entry(row.id, "transition", str(row.id), cells, data=row)


def _short(value: date, today: date) -> str:
    return day(value, today) if value.year == today.year else value.isoformat()


@dataclass(frozen=True, slots=True)
class StepRow:
    """A guided step as a list holds it."""

    id: int
    step: StepShown


def step_table() -> Table[StepRow]:
    """Mark and title, then what shows it, then the day."""
    return Table((
        Column("step", "", 30, _step, keep=0, grow=6, most=70),
        Column("says", "", 11, _says, keep=1, grow=1, most=40),
        Column("due", "", 10, _due, "right", keep=0),
    ))  # fmt: skip


def _step(row: StepRow, d: Drawing) -> Cell:
    mark, word = MARKS[row.step.status]
    style = d.palette.dim if row.step.status in ("done", "waived", "locked") else d.palette.strong
    return f"{mark} {plain(row.step.title)}{'' if row.step.gates else ' ◐' if row.step.required else ' ○'}", (
        d.palette.status(word) if row.step.status == "done" else style
    )


def _says(row: StepRow, d: Drawing) -> Cell:
    if row.step.status == "locked":
        return f"locked: {', '.join(row.step.locked_by)}", d.palette.dim
    if row.step.is_overdue:
        return f"overdue · {plain(row.step.says)}", d.palette.bad
    return plain(row.step.says), d.palette.dim


def _due(row: StepRow, d: Drawing) -> Cell:
    if row.step.due is None or row.step.status in ("done", "waived"):
        return "", d.palette.dim
    return _short(row.step.due, d.today), d.palette.bad if row.step.is_overdue else d.palette.text


def head_lines(row: TransitionRow, today: date, width: int, p: Palette) -> list[Line]:
    """Above the two sides: what, from whom to whom, when, what is wrong."""
    kind = TITLES[TransitionKind(row.kind)]
    when = f"{'hand-over' if row.kind != 'cover' else 'from'} {day(row.target, today)}"
    when += f", back {day(row.returns_on, today)}" if row.returns_on else ""
    sides = f"  {plain(row.outgoing)} → {plain(row.incoming)}"
    left: Line = [(f" {plain(row.account)}", p.strong), (f"  {kind}", p.accent), (sides, p.text)]
    right: Line = [(f"{when} ", p.text), (f"● {row.overdue} overdue " if row.overdue else "", p.bad), (f"{row.state} ", p.dim)]
    lines = [spread(left, right, width, p.text)]
    words = [f"readiness {row.readiness}" if row.readiness is not None else "", f"reason: {plain(row.reason)}" if row.reason else ""]
    words += [f"sent back {plural(row.sent_back, 'time')}: {plain(row.sent_back_why)}" if row.sent_back else ""]
    words += ["the outgoing side has gone: its manager stands in" if row.stand_in else ""]
    told = " · ".join(word for word in words if word)
    lines.append([(f" {told}"[:width], p.dim)])
    if row.attention:
        lines.append([(f" ! {plain(row.attention)}", p.bad)])
    return lines


def side_title(row: TransitionRow, side: str) -> str:
    """``Outgoing · ana · 5/8``."""
    done, of = (row.out_done, row.out_of) if side == "out" else (row.in_done, row.in_of)
    who = row.outgoing if side == "out" else row.incoming
    return f"{'Outgoing' if side == 'out' else 'Incoming'} · {plain(who)} · {done}/{of}"


def sides_of(row: TransitionRow, side: str) -> list[StepRow]:
    """The steps of a side; those of both are the outgoing side's to begin."""
    wanted = ("out", "both") if side == "out" else ("in",)
    return [StepRow(step.id, step) for step in row.steps if step.side in wanted]


def brief_lines(shown: BriefShown, width: int, p: Palette) -> list[Line]:
    """A brief to read: facts, then the narrative, then what changed since."""
    signed = f"signed by {shown.signed_by}" if shown.signed_by else "not signed"
    if shown.signed_version and not shown.signed_by:
        signed = f"version {shown.signed_version} was signed, this one is not"
    lines: list[Line] = [[(f"Version {shown.version}, {plain(shown.written_by or 'nobody')} wrote it; {signed}", p.dim)]]
    lines += [[(f"Waived: {plain(one)}", p.warn)] for one in shown.waived]
    lines += [[("The outgoing side has gone: its manager wrote this.", p.warn)]] if shown.stand_in else []
    for one in shown.sections:
        lines += [[("", p.text)], heading(f"{'✔' if one.is_written else '○'} {one.title}", p)]
        lines += [[("  ", p.dim), (line[:width - 2], p.dim)] for fact in one.facts for line in [f"· {plain(fact)}"]]
        lines += paragraph(one.text or f"Not written yet: {one.asks}", width, p.text if one.text else p.warn)
    if shown.since:
        lines += [[("", p.text)], heading("Since it was signed" if shown.signed_at else "Since it was written", p)]
        lines += [[(f"· {plain(one.actor)}: {plain(one.says)}"[:width], p.text)] for one in shown.since]
    return lines


def letter_lines(to: Sequence[str], subject: str, body: str, width: int, p: Palette) -> list[Line]:
    """A letter to read."""
    lines: list[Line] = [[(f"To: {', '.join(to) or 'nobody who can be mailed'}", p.dim)], [(plain(subject), p.strong)], [("", p.text)]]
    for part in body.split("\n"):
        lines += paragraph(part, width, p.text) if part.strip() else [[("", p.text)]]
    return lines


def return_lines(made: ReturnList, width: int, p: Palette) -> list[Line]:
    """What happened while a cover ran."""
    lines: list[Line] = [[("Signed by " + made.signed_by if made.signed_by else "Not signed yet", p.dim)]]
    for kind in ("done", "open", "promised", "changed"):
        rows = getattr(made, kind)
        lines += [[("", p.text)], heading(f"{kind.capitalize()} · {len(rows)}", p)]
        lines += [[(f"· {plain(one.account)}: {plain(one.says)}{f' ({one.who})' if one.who else ''}"[:width], p.text)] for one in rows]
    return lines


def whole_lines(shown: TransitionShown, today: date, width: int, p: Palette) -> list[Line]:
    """All of a transition in a sheet: steps, decisions, questions, accounts."""
    lines = head_lines(shown.row, today, width, p)
    for side in ("out", "in"):
        lines += [[("", p.text)], heading(side_title(shown.row, side), p)]
        for one in sides_of(shown.row, side):
            mark, word = MARKS[one.step.status]
            lines.append([(f" {mark} ", p.status(word)), (plain(one.step.title), p.text), (f"  {plain(one.step.says)}"[:width], p.dim)])
    lines += _more("Decisions", [f"{one.thing} {one.title} → {one.choice or 'undecided'}" for one in shown.decisions], width, p)
    lines += _more("Questions", [one.body + (f" — {one.answer}" if one.answer else "") for one in shown.questions], width, p)
    lines += _more("Accounts", [member_words(one.account, one.level, one.csm, one.second) for one in shown.members], width, p)
    lines += _more("Note of the patch", [shown.patch_note] if shown.patch_note else [], width, p)
    return lines


def member_words(account: str, level: str | None, csm: str | None, second: str | None) -> str:
    """Who takes which account, and how far."""
    return f"{account}: {taken_words(level, csm, second)}"


def taken_words(level: str | None, csm: str | None, second: str | None) -> str:
    """By whom, and how far."""
    return ", ".join([csm or "nobody yet"] + ([f"second {second}"] if second else []) + ([level.replace("_", " ")] if level else []))


def _more(title: str, words: Sequence[str], width: int, p: Palette) -> list[Line]:
    if not words:
        return []
    return [[("", p.text)], heading(title, p), *([(f" · {plain(word)}"[:width], p.text)] for word in words)]
