"""stdout is data, stderr is talk."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from cockpit.cli.options import GIVEN, Usage
from cockpit.domain.clean import clean_line
from cockpit.domain.export_cell import safe_cell

Row = Mapping[str, Any]
PEOPLE_LIMIT = 50
LIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, the marks that turn the reading of their neighbours round, and halves of characters, which are no text."""


class Unprinted(Exception):
    """Standard output takes no more; the message says why."""


class Said(Protocol):
    """What an act did, and the sentence about it."""

    @property
    def said(self) -> str: ...


def say(words: str) -> None:
    """Talks to the person, not to the pipe; when nobody can hear it, nothing is wrong with what was done."""
    if words:
        with suppress(OSError):
            sys.stderr.write(f"{dead(words)}\n")


def put(text: str) -> None:
    """Writes to standard output, at once, so that a trouble shows here; a reader who has seen enough is none.

    Raises Unprinted.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left over goes nowhere
        if not isinstance(error, BrokenPipeError):
            raise Unprinted(f"The output cannot be written: {error.strerror}. Whatever the command did is done.") from error


def dead(text: str) -> str:
    """The text without what a terminal would obey; line ends stay. The last look at all that is printed."""
    return LIVE.sub(" ", text)


def emit_list(rows: Sequence[Row], columns: Sequence[str], *, empty: str = "Nothing here.", more: int = 0) -> None:
    """Prints a list: JSON and CSV whole, a table for people with these columns, ``more`` rows being left out."""
    if GIVEN.json:
        _put(_json([_cleaned(row) for row in rows]))
    elif GIVEN.csv:
        _put(csv_text(rows, list(rows[0]) if rows else columns))
    elif GIVEN.md:
        _put(markdown(rows, columns))
    elif not rows:
        say(empty)
    else:
        _put(table(rows, columns))
        if more:
            say(f"… and {more:,} more: --limit N shows more, --json and --csv all.")


def emit_one(row: Row, words: str = "", *, lines: str | None = None) -> None:
    """Prints one thing: an object under --json, otherwise what was said (acts) or these lines (shows)."""
    if GIVEN.json:
        _put(_json(_cleaned(row)))
    elif GIVEN.csv:
        _put(csv_text([row], list(row)))
    elif GIVEN.md:
        _put(markdown([{"field": key, "value": value} for key, value in row.items()], ["field", "value"]))
    elif lines is not None:
        _put(lines)
    say(words)


def emit_done(done: Said) -> None:
    """Prints what an act did."""
    from cockpit.services.frozen import to_plain

    emit_one(to_plain(done), done.said)


def emit_text(text: str) -> None:
    """Prints a text as it is, line by line."""
    _put(text.rstrip("\n"))


def emit_acts(rows: Sequence[Row], words: str) -> None:
    """Prints the result of an act on several things: an array under --json, what was said otherwise."""
    if GIVEN.json or GIVEN.csv or GIVEN.md:
        emit_list(rows, list(rows[0]) if rows else [])
    say(words)


def shows_people() -> bool:
    """Whether a table for people is asked for, and may be cut."""
    return not (GIVEN.json or GIVEN.csv or GIVEN.md)


def people_limit(limit: int | None) -> int | None:
    """How many rows to print: what was asked for, PEOPLE_LIMIT in tables, otherwise all."""
    return limit if limit is not None else (PEOPLE_LIMIT if shows_people() and not GIVEN.output else None)


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Rows as CSV whose cells no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().rstrip("\n")


def markdown(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_word(row.get(c)).replace("|", "\\|") for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Rows in columns as wide as what they hold, at most 44 each; numbers to the right."""
    cells = [[_word(row.get(column)) for column in columns] for row in rows]
    widths = [min(44, max(len(column), *(len(line[n]) for line in cells))) for n, column in enumerate(columns)]
    right = [all(isinstance(row.get(c), int | float | None) or _is_number(row.get(c)) for row in rows) for c in columns]

    def line(words: Sequence[str]) -> str:
        return "  ".join(
            (word[: widths[n] - 1] + "…" if len(word) > widths[n] else word).rjust(widths[n])
            if right[n]
            else (word[: widths[n] - 1] + "…" if len(word) > widths[n] else word).ljust(widths[n])
            for n, word in enumerate(words)
        ).rstrip()

    return "\n".join([line(columns), *(line(words) for words in cells)])


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).replace("-", "", 1).isdigit()


def _word(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_word(item) for item in value)
    return clean_line(str(value))


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict | list | tuple):
        return safe_cell(json.dumps(_cleaned(value), ensure_ascii=False))
    return safe_cell(clean_line(str(value)))


def _cleaned(value: Any) -> Any:
    """What reaches a terminal holds no control characters, whatever the store was fed from."""
    if isinstance(value, Mapping):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)
    # json escapes C0 itself; DEL, C1 and bidi controls it does not
    return "".join(c if c.isprintable() or c in "\n " else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else "" for c in text)


def _put(text: str) -> None:
    text = dead(text)
    if GIVEN.output is None:
        put(f"{text}\n")
        return
    try:
        with os.fdopen(
            os.open(GIVEN.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise Usage(f"{GIVEN.output} cannot be written: {error.strerror}.") from error
    say(f"Wrote {GIVEN.output}")
