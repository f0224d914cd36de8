"""A file made ready to be written: every row read, understood and checked, before any transaction begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cockpit.domain.clean import clip
from cockpit.domain.money import exponent
from cockpit.domain.say import plural
from cockpit.services.exchange.convert import (
    FALSE,
    Setting,
    decimal_mark,
    flag,
    is_empty,
    key,
    reader,
    text_of,
)
from cockpit.services.exchange.convert import currency as currency_code
from cockpit.services.exchange.dates import BadCell, Evidence, Order, evidence
from cockpit.services.exchange.fields import Kind, Sort
from cockpit.services.exchange.headers import key as header_key
from cockpit.services.exchange.headers import unit
from cockpit.services.exchange.read import Cell, Table, is_blank
from cockpit.services.exchange.recognise import Column, Recognised
from cockpit.services.exchange.report import FileState, How
from cockpit.services.exchange.spool import Spool
from cockpit.services.exchange.systems import FILE, SALESFORCE

_BOOKKEEPING = ("_fivetran_", "_airbyte_", "_sdc_", "_dlt_")
"""What a pipeline notes about its own run: new each time, so keeping it would make every row look changed."""
_SOFT = frozenset({"health", "status", "left_on", "phone", "language", "next_step_due"})
"""Fields whose cells other systems fill in their own way: what cannot be read is kept with the unknown columns."""
_PREVIEW = 5
_LONGEST_EXTRA = 4_000


class Row(NamedTuple):
    """One row, understood. (Named tuples are spooled several times faster than dataclasses.)"""

    number: int
    cells: list[Cell]
    values: dict[str, Any]
    extra: dict[str, str]


class Rejected(NamedTuple):
    """One row that is not taken, as it came."""

    number: int
    cells: list[Cell]
    column: str
    reason: str


@dataclass(slots=True)
class Prepared:
    """One file, ready."""

    path: Path
    table: Table | None
    found: Recognised
    rows: Spool[Row] = field(default_factory=Spool)
    rejected: Spool[Rejected] = field(default_factory=Spool)
    winners: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """The row that counts among several of one key: the last that could be understood."""
    notes: list[str] = field(default_factory=list)
    preview: list[dict[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> Kind | None:
        """What the rows are, if they are of a kind of ours."""
        return self.found.kind

    @property
    def system(self) -> str:
        """Whose ids the file's ids are."""
        return self.found.system or FILE

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return self.rows.count + self.rejected.count

    def wins(self, row: Row) -> bool:
        """Whether no later row has the same key."""
        return self.winners[row_key(self.found, row.values)] == row.number

    def header_of(self, name: str) -> str:
        """The file's header for one of our fields, or our own."""
        if self.found.link is not None and self.table is not None:
            return next((header for header in self.table.headers if header_key(header) == name), name)
        mine = next((c.header for c in self.found.columns if c.field is not None and c.field.name == name), None)
        return mine or (
            self.kind.field(name).header if self.kind and any(f.name == name for f in self.kind.fields) else name
        )

    def close(self) -> None:
        """Frees what was spooled."""
        self.rows.close()
        self.rejected.close()
        if self.table is not None:
            self.table.rows.close()


def prepare(table: Table, found: Recognised, currency: str, progress: Callable[[int], None] | None = None) -> Prepared:
    """Converts every row; ``currency`` is what amounts without one are in."""
    ready = Prepared(table.path, table, found, notes=[*table.notes, *found.notes])
    if found.state is FileState.NOTHING:
        for number, cells in table.rows:
            ready.rejected.append(Rejected(number, cells, "", f"Nothing for Cockpit: {found.message}."))
        return ready
    if found.state is not FileState.IMPORTED:
        return ready
    if found.link is not None:
        _prepare_link(ready, table)
        return ready
    _convert(ready, table, _settings(ready, table, currency), currency, progress)
    return ready


def row_key(found: Recognised, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two rows of a file the same thing: their id, or what names such a thing."""
    if found.link is not None:
        return (values["left"], values["right"])
    if values.get("id"):
        return ("id", values["id"])
    kind = found.kind.name if found.kind else ""
    account = values.get("account") or _fold(values.get("account_name"))
    return (kind, *_NATURAL[kind](values, account))


_NATURAL: dict[str, Callable[[Mapping[str, Any], Any], tuple[Any, ...]]] = {
    "accounts": lambda v, a: (_fold(v.get("name")),),
    "people": lambda v, a: (a, v.get("email") or _fold(v.get("name") or f"{v.get('first_name')} {v.get('last_name')}")),
    "usage": lambda v, a: (a, v["metric"], v["date"]),
    "surveys": lambda v, a: (
        a, _fold(v.get("survey")), v.get("date"), v.get("email") or v.get("person") or (v.get("score"), v.get("comment")),
    ),
    "activities": lambda v, a: (a, _fold(v.get("type")), v["date"], _fold(v.get("subject")) or v.get("body")),
    "ctas": lambda v, a: (a, _fold(v.get("type")), _fold(v.get("reason")), _fold(v.get("title"))),
    "goals": lambda v, a: (a, _fold(v.get("title"))),
    "risks": lambda v, a: (a, _fold(v.get("kind")), _fold(v.get("title"))),
    "tickets": lambda v, a: (a, _fold(v.get("subject")), v.get("opened")),
    "subscriptions": lambda v, a: (a, _fold(v.get("product")), v["start"]),
    "opportunities": lambda v, a: (a, _fold(v.get("name")), _fold(v.get("type")), v.get("due_date") or v.get("close_date")),
    "events": lambda v, a: (a, _fold(v["type"]), v["date"], v.get("email")),
    "trainings": lambda v, a: (a, _fold(v["course"]), v.get("email") or v.get("person")),
    "advocacy": lambda v, a: (a, _fold(v["kind"]), v.get("asked_on") or v.get("given_on"), v.get("email") or v.get("person")),
    "csms": lambda v, a: (_fold(v.get("login") or v.get("email") or v.get("name")),),
    "pools": lambda v, a: (_fold(v["name"]),),
    "products": lambda v, a: (_fold(v["name"]),),
}  # fmt: skip


def _fold(text: str | None) -> str:
    return (text or "").casefold()


def _prepare_link(ready: Prepared, table: Table) -> None:
    link = ready.found.link
    assert link is not None
    at = {header_key(header): n for n, header in enumerate(table.headers)}
    gone = next((at[name] for name in ("isdeleted", "fivetrandeleted") if name in at), None)
    for number, cells in table.rows:
        left, right = (key(_cell(cells, at[name])) for name in (link.column, link.to_column))
        if gone is not None and text_of(_cell(cells, gone)).lower() == "true":
            ready.rejected.append(Rejected(number, cells, table.headers[gone], "Marked deleted."))
        elif not left or not right:
            column = ready.header_of(link.column if not left else link.to_column)
            ready.rejected.append(Rejected(number, cells, column, "There is no id."))
        else:
            row = Row(number, cells, {"left": left, "right": right}, {})
            ready.winners[row_key(ready.found, row.values)] = number
            ready.rows.append(row)


def _cell(cells: list[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None


def _settings(ready: Prepared, table: Table, currency: str) -> list[Setting]:
    """How each column's cells are to be read: one pass over the rows for the order of dates and the decimal sign."""
    columns = ready.found.columns
    dated = [n for n, c in enumerate(columns) if c.field and c.field.sort in (Sort.DATE, Sort.WHEN)]
    figured = [n for n, c in enumerate(columns) if c.field and c.field.sort in (Sort.MONEY, Sort.NUMBER)]
    proofs: dict[int, Evidence] = {n: Evidence() for n in dated}
    marks: dict[int, str | None] = dict.fromkeys(figured)
    for batch in table.rows.batches() if dated or figured else ():
        for n in dated:
            proofs[n] = _added(proofs[n], evidence(_cell(cells, n) for _, cells in batch))
        for n in figured:
            marks[n] = marks[n] or decimal_mark([c for _, cells in batch if isinstance(c := _cell(cells, n), str)])
    orders = _orders(ready, columns, proofs)
    settings = []
    for n, column in enumerate(columns):
        decimal = marks.get(n) or ("." if ready.system != FILE else None)
        settings.append(Setting(orders.get(n, Order.MONTH_FIRST), decimal, unit(column.header) or currency))
    return settings


def _added(one: Evidence, two: Evidence) -> Evidence:
    return Evidence(
        *(getattr(one, name) + getattr(two, name) for name in ("month_first", "day_first", "open", "dotted", "am_pm"))
    )


def _orders(ready: Prepared, columns: tuple[Column, ...], proofs: Mapping[int, Evidence]) -> dict[int, Order]:
    """A column's own proof, else another column's of the same file, else what is likelier, and said so."""
    proven = {proof.order for proof in proofs.values() if proof.order not in (None, Order.BOTH)}
    shared = proven.pop() if len(proven) == 1 else None
    orders: dict[int, Order] = {}
    for n, proof in proofs.items():
        header = columns[n].header
        if proof.order is not None:
            orders[n] = proof.order
            if proof.order is Order.BOTH:
                ready.notes.append(
                    f"{header}: some dates have the month first, others the day; rows that can be either are rejected"
                )
        elif proof.open:
            orders[n] = shared or (Order.MONTH_FIRST if ready.system == SALESFORCE else proof.likely)
            why = "as in its other columns" if shared else "assumed: every date here could be either"
            ready.notes.append(f"{header}: {orders[n]} ({why})")
    return orders


def _convert(
    ready: Prepared, table: Table, settings: list[Setting], currency: str, progress: Callable[[int], None] | None
) -> None:
    columns = ready.found.columns
    readers = [_reader(column, setting) for column, setting in zip(columns, settings, strict=True)]
    plan = [(n, column, read) for n, (column, read) in enumerate(zip(columns, readers, strict=True))]
    currency_of_money = {c.field.name: unit(c.header) for c in columns if c.field and c.field.sort is Sort.MONEY}
    alive = ready.found.deleted_unless
    gone = next((n for n, c in enumerate(columns) if alive and c.header == alive), None)
    width = len(columns)
    for done, (number, cells) in enumerate(table.rows, 1):
        if progress is not None and done % 2000 == 0:
            progress(done)
        if len(cells) > width and any(not is_blank(cell) for cell in cells[width:]):
            ready.rejected.append(Rejected(number, cells, "", f"The row has {len(cells)} cells, the header {width}."))
            continue
        try:
            row = _row(ready, number, cells, plan)
            _refuse_deleted(ready, row, _cell(cells, gone) if gone is not None else None)
            _settle_currency(ready, row.values, currency_of_money, currency)
        except _BadColumn as error:
            ready.rejected.append(Rejected(number, cells, error.column, str(error)))
            continue
        ready.winners[row_key(ready.found, row.values)] = number
        if len(ready.preview) < _PREVIEW:
            ready.preview.append(_shown(ready, row))
        ready.rows.append(row)
    if superseded := ready.rows.count - len(ready.winners):
        ready.notes.append(
            f"of several rows for one thing the last counts: {plural(superseded, 'earlier row')} unchanged"
        )


def _reader(column: Column, setting: Setting) -> Callable[[Cell], Any] | None:
    if column.field is None:
        return None
    if column.field.name == "deleted":  # a flag, or the moment it happened
        return lambda cell: text_of(cell).lower() not in FALSE and not is_empty(text_of(cell))
    return reader(column.field.sort, setting)


class _BadColumn(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def _row(
    ready: Prepared, number: int, cells: list[Cell], plan: list[tuple[int, Column, Callable[[Cell], Any] | None]]
) -> Row:
    values: dict[str, Any] = dict(ready.found.const)
    extra: dict[str, str] = {}
    foreign = ready.system != FILE
    for n, column, read in plan:
        cell = cells[n] if n < len(cells) else None
        if read is None or column.field is None:
            if column.how is How.KEPT and not is_blank(cell) and not column.header.lower().startswith(_BOOKKEEPING):
                extra[column.header] = clip(text_of(cell), _LONGEST_EXTRA)
            continue
        name = column.field.name
        try:
            value = read(cell)
            if value is None and column.field.required:
                raise BadCell(f"{column.field.header} is empty.")
        except BadCell as error:
            if foreign and name in _SOFT:
                extra[column.header] = text_of(cell)
                continue
            raise _BadColumn(column.header, str(error)) from error
        if value is not None or name not in values:
            values[name] = value
    return Row(number, cells, values, extra)


def _refuse_deleted(ready: Prepared, row: Row, alive: Cell) -> None:
    where = "" if ready.system == FILE else f" in {ready.system.capitalize()}"
    if row.values.pop("deleted", None):
        raise _BadColumn(ready.header_of("deleted"), f"Marked deleted{where}.")
    if alive is not None and not is_empty(text_of(alive)):
        try:
            if not flag(text_of(alive)):
                raise _BadColumn(ready.found.deleted_unless, f"Marked deleted{where}.")
        except BadCell:
            return


def _settle_currency(ready: Prepared, values: dict[str, Any], named: Mapping[str, str | None], default: str) -> None:
    """An amount becomes minor units; its currency is the one it names, its header's, the row's, or the default."""
    try:
        stated = currency_code(values["currency"]) if values.get("currency") else None
    except BadCell as error:
        raise _BadColumn(ready.header_of("currency"), str(error)) from error
    if stated:
        values["currency"] = stated
    for name in named:
        if not isinstance(value := values.get(name), tuple):
            continue
        minor, currency = value
        own = currency if currency != default or named[name] else None
        if own and stated and own != stated:
            raise _BadColumn(ready.header_of(name), f"The amount is in {own}, the row's currency is {stated}.")
        if own is None and stated:
            shift = exponent(stated) - exponent(currency)
            minor = minor * 10**shift if shift >= 0 else minor // 10**-shift
        values[name] = minor
        values["currency"] = own or stated or currency


def _shown(ready: Prepared, row: Row) -> dict[str, str]:
    names = {c.field.name: c.field.header for c in ready.found.columns if c.field}
    return {
        header: ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, header in names.items()
        if (value := row.values.get(name)) is not None
    }
