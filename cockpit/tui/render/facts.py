"""Facts as rows of a list, and one as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.money import full, short
from cockpit.services.fact_kinds import FACTS, As
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.figure import UNKNOWN
from cockpit.tui.render.line import Line, labelled, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.fact import FactRow

SHORT = {"subscription": "SUBS", "opportunity": "OPP", "ticket": "TICK", "survey": "SURV", "training": "TRAI", "advocacy": "ADVO",
         "event": "EVNT", "usage": "USE", "product": "PROD"}  # fmt: skip


def day_of(value: date | datetime | None, today: date) -> str:
    """``3 Nov``, with the year when it is another."""
    if value is None:
        return "–"
    return f"{value.day} {value:%b}" + ("" if value.year == today.year else f" {value:%y}")


def ago(value: date | datetime | None, today: date) -> str:
    """``12d`` ago, ``in 3d``."""
    if value is None:
        return "–"
    days = (today - (value.date() if isinstance(value, datetime) else value)).days
    return f"{days}d" if days >= 0 else f"in {-days}d"


def what(row: FactRow) -> str:
    """What it is, in a line."""
    v = row.values
    told: dict[str, Callable[[], str]] = {
        "subscription": lambda: f"{v['product'] or 'no product named'}" + (f"  {v['units']:,} units" if v["units"] is not None else ""),
        "opportunity": lambda: f"{v['name'] or '–'}  {(v['type'] or '').replace('_', ' ')}",
        "ticket": lambda: str(v["subject"]),
        "survey": lambda: f"{v['kind'].upper() if len(v['kind']) <= 4 else v['kind']} {v['score']}"
        + (f"  “{v['comment']}”" if v["comment"] else ""),
        "training": lambda: v["course"] + ("  required" if v["required"] else ""),
        "advocacy": lambda: v["kind"].replace("_", " ") + (f" for {v['recipient']}" if v["recipient"] else ""),
        "event": lambda: v["type"].replace("_", " ") + (f"  {v['body']}" if v["body"] else ""),
    }  # fmt: skip
    return plain(told[row.kind]())


def state(row: FactRow, today: date) -> tuple[str, str]:
    """(glyph and word, style word) of how it stands."""
    v = row.values
    if row.kind == "subscription":
        if v["starts"] > today:
            return "◔ to come", "text"
        return ("● runs", "ok") if v["ends"] is None or v["ends"] >= today else ("✗ ended", "dim")
    if row.kind == "opportunity":
        late = v["state"] == "open" and v["due_date"] is not None and v["due_date"] < today
        if late:
            return "! overdue", "bad"
        return {"open": ("◔ open", "text"), "won": ("✔ won", "ok"), "lost": ("✗ lost", "dim")}.get(v["state"], (str(v["state"]), "text"))
    if row.kind == "ticket":
        word = plain(v["status"] or ("closed" if v["closed"] else "open"))
        return (f"✔ {word}", "dim") if v["closed"] else (f"◔ {word}", "warn")
    if row.kind == "survey":
        if v["kind"].lower() == "nps":
            return ("▲ promoter", "ok") if v["score"] >= 9 else ("● passive", "text") if v["score"] >= 7 else ("▼ detractor", "bad")
        return "● answer", "text"
    if row.kind == "training":
        if v["completed"] is not None:
            return "✔ done", "dim"
        return ("! to do", "warn") if v["required"] else ("○ open", "dim")
    if row.kind == "advocacy":
        if v["given_on"] is None:
            return "◔ asked", "text"
        return ("✔ given", "ok") if v["consent_until"] is not None and v["consent_until"] >= today else ("✔ no consent", "warn")
    return "● event", "text"


def _amount(row: FactRow) -> str:
    v = row.values
    if row.kind == "subscription":
        return UNKNOWN if v["mrr"] is None else short(v["mrr"], row.currency or "USD") + "/m"
    minor = next((v[name] for name in ("final_amount", "due_amount", "amount") if v.get(name) is not None), None)
    return UNKNOWN if minor is None else short(minor, row.currency or "USD")


def _whose(row: FactRow, d: Drawing) -> Cell:
    return row.account or "–", d.palette.dim


def _state(row: FactRow, d: Drawing) -> Cell:
    text, word = state(row, d.today)
    return text, d.palette.status(word) if word not in ("text", "dim") else (d.palette.text if word == "text" else d.palette.dim)


def money_table() -> Table[FactRow]:
    """Subscriptions and opportunities."""

    def until(row: FactRow, d: Drawing) -> Cell:
        day = row.values["ends"] if row.kind == "subscription" else row.values["due_date"] or row.values["close_date"]
        return ("runs on" if row.kind == "subscription" and day is None else day_of(day, d.today)), d.palette.text

    return Table(
        (
            Column("kind", "kind", 4, lambda r, d: (SHORT[r.kind], d.palette.dim), keep=3),
            Column("what", "what", 20, lambda r, d: (what(r), d.palette.strong), keep=0, grow=4, most=60),
            Column("amount", "amount", 9, lambda r, d: (_amount(r), d.palette.text), "right", keep=0),
            Column("state", "state", 10, _state, keep=0),
            Column("until", "until", 9, until, keep=1),
            Column("stage", "stage", 12, lambda r, d: (r.values.get("stage") or "–", d.palette.dim), keep=4),
            Column("account", "account", 12, _whose, keep=5, grow=1, most=30),
            Column("system", "from", 8, lambda r, d: (r.system or "here", d.palette.dim), keep=6),
        )
    )


def voice_table() -> Table[FactRow]:
    """Tickets, answers, trainings, advocacy, events."""

    def when(row: FactRow, d: Drawing) -> Cell:
        from cockpit.services.support import day_of as own_day

        return ago(own_day(row), d.today), d.palette.text

    return Table(
        (
            Column("kind", "kind", 4, lambda r, d: (SHORT[r.kind], d.palette.dim), keep=0),
            Column("when", "age", 6, when, "right", keep=0),
            Column("state", "state", 12, _state, keep=0),
            Column("what", "what", 20, lambda r, d: (what(r), d.palette.strong), keep=0, grow=5, most=90),
            Column("person", "person", 14, lambda r, d: (r.values.get("person") or "–", d.palette.text), keep=2, grow=1, most=24),
            Column("priority", "prio", 5, lambda r, d: (r.values.get("priority") or "–", d.palette.text), keep=3),
            Column("account", "account", 12, _whose, keep=5, grow=1, most=30),
            Column("system", "from", 8, lambda r, d: (r.system or "here", d.palette.dim), keep=6),
        )
    )


HEAD = ["kind", "number", "what", "state", "account"]


def as_text(row: FactRow, today: date) -> Sequence[str]:
    """The row's cells for a copy."""
    return [row.kind, str(row.number), what(row), state(row, today)[0], plain(row.account)]


def whole(row: FactRow, width: int, p: Palette) -> list[Line]:
    """Everything of one fact, with where it came from and when."""
    lines: list[Line] = []
    for field in FACTS[row.kind].fields:
        value = row.values.get(field.name)
        if field.read is As.TEXT and value:
            lines += [[(field.label, p.dim)], *paragraph(str(value).replace("\n", " "), width, p.text, 2)]
            continue
        told = plain(_told(field.read, value, row.currency))
        lines.append(labelled(field.label, [(told, p.text if value is not None else p.dim)], p, 14))
    lines += [[], labelled("Account", [(plain(row.account) or "–", p.text)], p, 14)]
    came = f"from {plain(row.system)}: its next import may write over what is changed here" if row.system else "typed here"
    lines.append(labelled("Came", [(came, p.dim)], p, 14))
    if row.recorded is not None:
        lines.append(labelled("Recorded", [(f"{row.recorded:%Y-%m-%d %H:%M} UTC", p.dim)], p, 14))
    return lines


def _told(read: As, value: Any, currency: str | None) -> str:
    if value is None:
        return UNKNOWN
    if read is As.MONEY:
        return full(value, currency or "USD")
    if read is As.FLAG:
        return "yes" if value else "no"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value).replace("_", " ") if read is As.CHOICE else str(value)
