"""Text files of rows: which encoding, which delimiter, then the rows."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.services.exchange.report import UnreadableFile

if TYPE_CHECKING:
    from cockpit.services.exchange.read import Record

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ["cp1252", "cp1250", "cp1251", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr"]
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_MAX_CELL = 2**20
_ENOUGH_TO_GUESS = 24
"""Fewer letters beyond ASCII than this say too little: Western is then likelier than a guess."""


def text_records(path: Path, head: bytes) -> tuple[Iterator[Record], list[str]]:
    """The records of a CSV-like file, and what was understood about it."""
    encoding = _encoding(path, head)
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    if sample.count("\ufffd") + sum(ord(c) < 9 for c in sample) > len(sample) * 0.3:
        raise UnreadableFile(f"{path.name} is not a table: it holds binary data.")
    delimiter, declared = _delimiter(sample)
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"read as {encoding}")
    if "\0" in sample:
        notes.append("NUL bytes were dropped")
    if delimiter != ",":
        notes.append(f"columns are separated by {_DELIMITERS.get(delimiter, repr(delimiter))}")
    return _records(path, encoding, delimiter, declared), notes


def _records(path: Path, encoding: str, delimiter: str, declared: bool) -> Iterator[Record]:
    csv.field_size_limit(_MAX_CELL)
    number = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
        try:
            for number, cells in enumerate(reader, 1):
                if number > 1 or not declared:
                    yield number, list(cells)
        except csv.Error as error:
            if "field limit" in str(error):
                reason = "a cell there is longer than a million characters; is a quote never closed?"
            else:
                reason = f"{error}."
            raise UnreadableFile(f"{path.name} cannot be read after row {number}: {reason}") from error


def _encoding(path: Path, head: bytes) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    pairs = head[: 2**14]
    if len(pairs) >= 4 and (zeros := pairs.count(0)) > 0.3 * len(pairs):
        return "utf-16-le" if pairs[1::2].count(0) * 2 >= zeros else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    return _guessed(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(path: Path) -> str:
    """The likeliest single- or double-byte encoding, from lines that hold something else than ASCII."""
    telling = bytearray()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                telling += line[:2000]
            if len(telling) > 2**16:
                break
    if sum(byte > 0x7F for byte in telling) < _ENOUGH_TO_GUESS:
        return "cp1252"
    from charset_normalizer import from_bytes

    likely = list(from_bytes(bytes(telling), cp_isolation=_LIKELY))
    if not likely:
        return "cp1252"
    return min(likely, key=lambda m: (round(m.chaos, 2), -round(m.coherence, 2), _LIKELY.index(m.encoding))).encoding


def _delimiter(sample: str) -> tuple[str, bool]:
    """The delimiter that splits most rows alike, and whether the file declares it itself (``sep=;``)."""
    first = sample.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return sample.split("\n", 1)[0].strip()[4], True
    if first == "sep=":
        return "\t", True
    lines = sample.splitlines(keepends=True)[:300]
    if len(lines) > 1 and len(sample) >= 2**16:
        lines.pop()
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _agreement(lines, delimiter)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best, False


def _agreement(lines: list[str], delimiter: str) -> float:
    """Share of rows with the commonest number of columns, and a little for each column."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
    except csv.Error:
        return 0.0
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0
    width, rows = wide.most_common(1)[0]
    return rows / len(widths) + min(width, 50) / 100
