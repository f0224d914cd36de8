"""Excel workbooks: the first sheet that holds something, cells with their types, bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from cockpit.services.exchange.report import UnreadableFile

if TYPE_CHECKING:
    from cockpit.services.exchange.read import Cell, Record

_MAX_UNPACKED = 2 * 2**30
_MAX_STRINGS = 512 * 2**20
"""Shared strings are held in memory while reading."""
_RATIO_FROM = 64 * 2**20
_MAX_RATIO = 200
_DAMAGED = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What openpyxl raises for files that are not what they say."""


def sheet_records(path: Path) -> tuple[Iterator[Record], list[str]]:
    """The records of the first sheet that is not empty, and notes on the others."""
    _check_bounds(path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except _DAMAGED as error:
        raise UnreadableFile(f"{path.name} is damaged: Excel's parts in it cannot be read.") from error
    notes: list[str] = []
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            if sheet.sheet_state == "visible" and any(
                _is_filled(row) for row in sheet.iter_rows(max_row=200, values_only=True)
            ):
                others = [other.title for other in book.worksheets if other is not sheet]
                if others:
                    notes.append(f"read the sheet {sheet.title!r}, not {', '.join(map(repr, others[:5]))}")
                return _records(path, book, sheet), notes
    except _DAMAGED as error:
        book.close()
        raise UnreadableFile(f"{path.name} is damaged: Excel's parts in it cannot be read.") from error
    book.close()
    raise UnreadableFile(f"{path.name} is empty.")


def _records(path: Path, book: Any, sheet: Any) -> Iterator[Record]:
    from cockpit.services.exchange.read import MAX_COLUMNS, MAX_ROWS

    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), 1):
            if number > MAX_ROWS + 100:
                raise UnreadableFile(f"{path.name} has more than {MAX_ROWS:,} rows: split it.")
            yield number, [_cell(value) for value in row[: _filled_to(row)]]
    except _DAMAGED as error:
        raise UnreadableFile(f"{path.name} is damaged: Excel's parts in it cannot be read.") from error
    finally:
        book.close()


def _filled_to(row: tuple[Any, ...]) -> int:
    return next((n for n in range(len(row), 0, -1) if row[n - 1] is not None), 0)


def _is_filled(row: tuple[Any, ...]) -> bool:
    return any(value is not None and str(value).strip() for value in row)


def _cell(value: Any) -> Cell:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    return value.isoformat() if isinstance(value, time) else str(value)


def _check_bounds(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
        if len(parts) > 10_000 or unpacked > _MAX_UNPACKED or strings > _MAX_STRINGS:
            raise UnreadableFile(f"{path.name} unpacks to more than Cockpit reads: save the sheet as CSV.")
        if unpacked > _RATIO_FROM and unpacked > _MAX_RATIO * path.stat().st_size:
            raise UnreadableFile(
                f"{path.name} unpacks to {unpacked // 2**20:,} MiB, far more than its size: it was not opened."
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if b"<!DOCTYPE" in file.read(2048).upper():
                        raise UnreadableFile(f"{path.name} declares its own XML entities: it was not opened.")
