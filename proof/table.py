"""The tables of counts, one a part: printed as they grow, and written between their markers in ``docs/reliability.md``."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- counts of {}: written by python -m proof -->", "<!-- end of {} -->"
HEAD = ("what", "where", "how much", "broken promises", "control", "held", "s")


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, how often it was put to the test, how often it broke, and the control that must break."""

    what: str
    where: str
    much: str
    broken: str
    control: str = ""
    held: bool | None = True
    """None: not run here; ``much`` says why."""
    seconds: float = 0.0

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        held = {True: "yes", False: "**NO**", None: "not run"}[self.held]
        return (self.what, self.where, self.much, self.broken, self.control, held, f"{self.seconds:,.0f}")


def line(cells: Iterable[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def markdown(rows: Iterable[Row]) -> str:
    """The whole table."""
    return "\n".join([line(HEAD), "|" + "---|" * len(HEAD), *(line(row.cells()) for row in rows)])


def machine() -> str:
    """What the counts are of: day, commit, machine, versions."""
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    if _git("status", "--porcelain", "--", ".", f":!{PAGE.relative_to(ROOT)}"):  # this page changes with each part
        commit += "-dirty"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, {os.cpu_count()} CPUs,"
        f" {platform.system()} {platform.release().partition('-')[0]} {platform.machine()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def write(part: str, rows: Iterable[Row], about: str, page: Path = PAGE) -> None:
    """Puts the table of one part, with what it is of, between that part's markers. Raises ValueError without them."""
    text = page.read_text(encoding="utf-8")
    begin, end = BEGIN.format(part), END.format(part)
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page.name} has no place for the counts of {part}")
    page.write_text(f"{before}{begin}\n**{part}** · {about}\n\n{markdown(rows)}\n{end}{after}", encoding="utf-8")
