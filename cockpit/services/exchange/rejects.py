"""Rejected rows, written beside the file they came from: their own columns, then row, column and reason."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

from cockpit.domain.export_cell import safe_cell
from cockpit.services.exchange.convert import body_of
from cockpit.services.exchange.prepare import Rejected

_OURS = re.compile(r"\.rejects(-\d+)?\.csv$", re.IGNORECASE)


def is_rejects_file(path: Path) -> bool:
    """Whether this is a file that we wrote."""
    return _OURS.search(path.name) is not None


def write_rejects(source: Path, headers: Sequence[str], rejected: Sequence[Rejected]) -> Path | None:
    """Writes ``NAME.rejects.csv``, readable by its owner only; returns where, or None when no folder takes it.

    A file that is there with other content (somebody is mending it) is left alone: the next number is taken.
    """
    content = _content(headers, rejected)
    for folder in (source.parent, Path.cwd()):
        for number in range(1, 100):
            path = folder / f"{source.name.removesuffix('.csv')}.rejects{'' if number == 1 else f'-{number}'}.csv"
            try:
                if path.exists():
                    if path.stat().st_size == len(content) and path.read_bytes() == content:
                        return path
                    continue
                descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:
                continue
            except OSError:
                break
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            return path
    return None


def _content(headers: Sequence[str], rejected: Sequence[Rejected]) -> bytes:
    width = max([len(headers), *(len(one.cells) for one in rejected)])
    names = [*headers, *(f"Column {n}" for n in range(len(headers) + 1, width + 1)), "Row", "Column", "Reason"]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in names])
    for one in rejected:
        cells = [safe_cell(body_of(cell)) for cell in one.cells]
        writer.writerow([*cells, *[""] * (width - len(cells)), one.number, safe_cell(one.column), one.reason])
    return text.getvalue().encode()
