"""What hostile text did to an output: the checker that all rows about it share."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from pathlib import Path

from cockpit.__main__ import main

LIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""C0 but the line feed, DEL, C1, and the marks that turn the reading of their neighbours round."""
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?%?")
RUNS = re.compile(r"<script|<img|<iframe|\bon[a-z]+=(?=[^&]*>)|javascript:|<[^>]*\bhref=", re.IGNORECASE)
"""What a browser would run or follow in a document: ours have none of it."""
PDF_RUNS = (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/URI")
WENT_WRONG = ("Something went wrong here", "Traceback (most recent call last)")


@dataclass(slots=True)
class Found:
    """How much was asked and came back, and what of it must not be."""

    asked: int = 0
    answered: int = 0
    size: int = 0
    """Characters that came back."""
    live: int = 0
    formulas: int = 0
    actions: int = 0
    crashes: int = 0
    unparsed: int = 0

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.live + self.formulas + self.actions + self.crashes + self.unparsed

    def add(self, other: Found) -> None:
        """Counts the other in."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def words(self) -> str:
        """As the table shows it."""
        return (
            f"{self.live:,} live bytes, {self.formulas:,} formulas, {self.actions:,} actions, {self.crashes:,} crashes,"
            f" {self.unparsed:,} unreadable"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command line came to."""

    code: int
    out: str
    err: str


def ask(words: list[str], store: Path) -> Answer:
    """Runs ``cockpit`` with these words on that store, in this process."""
    out, err = io.StringIO(newline=""), io.StringIO(newline="")
    at = words.index("--") if "--" in words else len(words)
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*words[:at], "--db", str(store), *words[at:]])
    return Answer(code, out.getvalue(), err.getvalue())


def live(text: str) -> int:
    """How many characters a terminal would obey."""
    return len(LIVE.findall(text))


def formulas(table: str) -> int:
    """How many cells of a CSV text a spreadsheet would compute."""
    cells = (cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row)
    return sum(FORMULA.match(cell) is not None and NUMBER.fullmatch(cell) is None for cell in cells)


def of_output(answer: Answer, form: str = "", file: Path | None = None) -> Found:
    """What is wrong with an answer of that form (csv, json, …), which it may have written into a file."""
    talk = answer.out + answer.err
    crashes = sum(word in talk for word in WENT_WRONG)
    found = Found(1, int(not answer.code), len(talk), live=live(talk), crashes=crashes)
    if file is None:
        found.add(_of_text(answer.out, form))
    elif file.exists():
        found.add(_of_file(file, form))
    elif not answer.code:
        found.unparsed += 1
    return found


def _of_file(file: Path, form: str) -> Found:
    data = file.read_bytes()
    if form == "pdf":
        actions = sum(data.count(word) for word in PDF_RUNS)
        return Found(size=len(data), actions=actions, unparsed=int(not data.startswith(b"%PDF")))
    text = data.decode("utf-8", "replace")
    if form == "ics":  # its lines end so
        text = text.replace("\r\n", "\n")
    found = _of_text(text, form)
    found.add(Found(size=len(text), live=live(text)))
    return found


def _of_text(text: str, form: str) -> Found:
    if form == "csv":
        return Found(formulas=formulas(text))
    if form == "html":
        return Found(actions=len(RUNS.findall(text)))
    return Found(unparsed=int(form == "json" and bool(text) and not _is_json(text)))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
