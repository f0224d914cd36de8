"""The Plan pane: goals, risks and escalations as rows, what is felt and called above them, one of them whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich.style import Style

from cockpit.domain.say import day
from cockpit.domain.success import CALLS
from cockpit.tui.render import figure
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line, joined, labelled, paragraph, wrapped
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette
from db.terms import RenewalForecast

if TYPE_CHECKING:
    from cockpit.services.success import EscalationRow, GoalRow, Plan, RiskRow

LABEL = 10
KINDS = ("escalation", "goal", "risk")
COPY_HEAD = ("kind", "what", "state", "whose", "due")
_FEELINGS = {"good": "ok", "unsure": "warn", "bad": "bad"}
_CALLS = {"will": "ok", "may": "warn", "wont": "bad"}
_SEVERITIES = {"high": "bad", "medium": "warn", "low": "dim"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the plan; ``id`` is of the list, ``data`` the row it stands for."""

    id: int
    kind: str
    what: str
    state: str
    word: str
    """The status its state is drawn in."""
    whose: str
    due: date | None
    is_open: bool
    data: GoalRow | RiskRow | EscalationRow


def items(plan: Plan) -> tuple[Item, ...]:
    """What is open, then what is over; escalations, goals and risks in each."""
    made: list[Item] = []
    for one in plan.escalations:
        late = " · update overdue" if one.is_overdue else ""
        where = " · ".join(part for part in (one.department, one.owner) if part)
        made.append(Item(
            one.id * 3, "escalation", _called(one.title, one.account, plan), f"{one.severity} · {one.clock}{late}",
            "dim" if one.closed_on else "bad" if one.is_overdue else _SEVERITIES[one.severity], where or (one.csm_name or ""),
            one.next_update, one.closed_on is None, one,
        ))  # fmt: skip
    for goal in plan.goals:
        word = "bad" if goal.is_late else "ok" if goal.holds or goal.status == "reached" else "text"
        made.append(Item(
            goal.id * 3 + 1, "goal", _called(goal.title, goal.account, plan), goal.says, word, goal.owner_name or "", goal.due,
            goal.status == "open", goal,
        ))  # fmt: skip
    for risk in plan.risks:
        where = " · ".join(part for part in (risk.department, risk.owner) if part)
        state = f"closed: {risk.resolution}" if risk.closed_on else f"{risk.severity} · {risk.kind}{' · late' if risk.is_late else ''}"
        made.append(Item(
            risk.id * 3 + 2, "risk", _called(risk.title, risk.account, plan), state,
            "dim" if risk.closed_on else _SEVERITIES[risk.severity], where or (risk.csm_name or ""), risk.due, risk.closed_on is None, risk,
        ))  # fmt: skip
    return tuple(sorted(made, key=lambda item: not item.is_open))


def _called(title: str, account: str, plan: Plan) -> str:
    return title if account == plan.account else f"{title} ({account})"


def table() -> Table[Item]:
    """Kind, what, how it stands, whose it is, when."""
    return Table(
        (
            Column("kind", "", 12, _kind, keep=0),
            Column("what", "what", 22, lambda r, d: (r.what, _style(r, d, d.palette.strong)), keep=0, grow=4, most=60),
            Column("state", "how it stands", 24, lambda r, d: (r.state, d.palette.status(r.word)), keep=1, grow=3, most=40),
            Column("whose", "whose", 10, lambda r, d: (r.whose or "–", _style(r, d, d.palette.text)), keep=3, grow=1, most=28),
            Column("due", "due", 6, _due, "right", keep=2),
        )
    )


def _style(row: Item, d: Drawing, style: Style) -> Style:
    return style if row.is_open else d.palette.dim


def _kind(row: Item, d: Drawing) -> Cell:
    mark = {"escalation": "!", "goal": "◎", "risk": "▲"}[row.kind]
    return f"{mark} {row.kind}", d.palette.status(row.word) if row.is_open else d.palette.dim


def _due(row: Item, d: Drawing) -> Cell:
    return figure.due(row.due, d.today, d.palette) if row.is_open else ("–", d.palette.dim)


def as_text(row: Item) -> Sequence[str]:
    """A row of a copy."""
    return [row.kind, plain(row.what), plain(row.state), plain(row.whose), row.due.isoformat() if row.due else ""]


def head_lines(plan: Plan, today: date, width: int, p: Palette) -> list[Line]:
    """What is felt, what is called and signalled, and the dates that matter."""
    feels: Line = [("nobody has said yet: a, then feeling", p.dim)]
    if plan.feelings:
        last = plan.feelings[0]
        feels = joined(
            [(last.says, p.status(_FEELINGS[last.feeling])), (plain(last.csm_name), p.dim), (plain(last.note).split("\n")[0], p.text)],
            (" · ", p.dim),
        )
    said = (
        labelled("Feels", feels, p), labelled("Call", _called_renewal(plan, today, p), p), labelled("Signal", _signal(plan, p), p),
        labelled("Dates", _dates(plan, today, p), p), labelled("Stage", _stages(plan, today, p), p),
    )  # fmt: skip
    return [part for line in said for part in wrapped(line, width, LABEL)]


def _stages(plan: Plan, today: date, p: Palette) -> Line:
    """The stage it is in, and those before with their days."""
    spans = [one for one in plan.stages if one.stage]
    if not spans:
        return [("none yet: i in Summary sets it", p.dim)]
    line: Line = []
    for one in spans:
        since, until = day(one.since.date(), today), day(one.until.date(), today) if one.until else ""
        words = f"{plain(one.stage)} {since} to {until}" if until else f"{plain(one.stage)} since {since}"
        line += [(" · " if line else "", p.dim), (words, p.dim if until else p.text)]
    return line


def _signal(plan: Plan, p: Palette) -> Line:
    told = CALLS[RenewalForecast(plan.signal)] if plan.signal else "none"
    return [(told, p.status(_CALLS.get(plan.signal or "", "dim"))), (f" · {plan.signal_why}", p.dim)]


def _called_renewal(plan: Plan, today: date, p: Palette) -> Line:
    call = plan.call
    if call is None:
        return [("no CSM has called the renewal yet: a, then renewal call", p.dim)]
    says = (f"{plain(call.csm_name) or 'somebody'}: {CALLS[RenewalForecast(call.call)]}", p.status(_CALLS[call.call]))
    apart = (f"! {call.says}", p.warn) if call.apart else ("agrees" if plan.signal else "", p.dim)
    return joined([says, apart, (day(call.day, today), p.dim), (plain(call.reason).split("\n")[0], p.text)], (" · ", p.dim))


def _dates(plan: Plan, today: date, p: Palette) -> Line:
    def dated(name: str, on: date | None) -> str:
        return f"{name} {day(on, today) if on else figure.UNKNOWN}"

    notice_style = p.warn if plan.notice_date and 0 <= (plan.notice_date - today).days <= 30 else p.text
    auto = {True: "renews by itself", False: "does not renew by itself", None: "auto-renewal n/a"}[plan.auto_renew]
    return joined(
        [(dated("renews", plan.renewal_date), p.text), (dated("notice", plan.notice_date), notice_style), (auto, p.text)], (" · ", p.dim)
    )


def whole_lines(item: Item, today: date, width: int, p: Palette) -> list[Line]:
    """One line of the plan with everything that is known of it."""
    names = {
        "goal": (("how it stands", "says"), ("measure", "measure"), ("criterion", "criterion"), ("owner", "owner_name"), ("due", "due"),
                 ("reached on", "reached_on"), ("account", "account")),
        "risk": (("kind", "kind"), ("severity", "severity"), ("department", "department"), ("mended by", "owner"),
                 ("followed by", "csm_name"), ("opened on", "opened_on"), ("due", "due"), ("closed on", "closed_on"), ("CTA", "cta"),
                 ("account", "account")),
        "escalation": (("clock", "clock"), ("severity", "severity"), ("department", "department"), ("owner there", "owner"),
                       ("followed by", "csm_name"), ("opened on", "opened_on"), ("next update", "next_update"), ("settled on", "closed_on"),
                       ("account", "account")),
    }[item.kind]  # fmt: skip
    lines: list[Line] = [[(plain(item.what), p.strong)], []]
    for label, name in names:
        value = getattr(item.data, name)
        if value not in (None, ""):
            said = day(value, today) if isinstance(value, date) else plain(str(value))
            lines.append(labelled(label, [(said, p.text)], p, 16))
    for title in ("resolution", "note"):
        text = getattr(item.data, title, None)
        if text:
            lines += [[], [(title.capitalize(), p.head)], *paragraph(text, width, p.text, 2)]
    return lines
