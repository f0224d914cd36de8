"""``python -m bench``: prints the table. Every part builds the stores it needs."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bench.timing import Figure

PARTS = ("claims", "queues", "pages", "filters", "rules", "screens", "account", "starts", "health")
HEAD = ("what", "here", "against", "there", "ratio", "goal")


def parts(sizes: list[int], folder: Path) -> dict[str, Callable[[], Iterator[Figure]]]:
    """Each part of the table by name; the largest size serves where one is enough."""
    from bench import account, claims, filters, health, pages, queues, rules, screens, starts

    most = max(sizes)
    return {
        "claims": lambda: claims.figures(folder, most),
        "queues": lambda: queues.figures(folder),
        "pages": lambda: pages.figures(folder, sizes),
        "filters": lambda: filters.figures(folder, sizes),
        "rules": lambda: rules.figures(min(most, filters.MOST_ON_SERVER)),
        "screens": lambda: screens.figures(folder, sizes),
        "account": lambda: account.figures(folder),
        "starts": lambda: starts.figures(folder, most),
        "health": lambda: health.figures(folder, sizes),
    }


def line(figure: Figure) -> tuple[str, ...]:
    """A figure as the cells of its row."""

    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:,.2f} {figure.unit}" if value < 10 else f"{value:,.1f} {figure.unit}"

    share = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return (figure.what, shown(figure.ours), figure.against, shown(figure.theirs), share, figure.goal)


def machine() -> str:
    """What the figures are of: processor count, versions, commit."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return (
        f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, Textual {version('textual')}, commit {commit.stdout.strip() or 'unknown'}"
    )


def main() -> None:
    """Parses the arguments and prints one Markdown table, row by row as they are known."""
    parser = argparse.ArgumentParser(prog="bench", description="Figures of this machine, side by side. Asserts nothing.")
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--ctas", default="100,100000", help="sizes, comma between; add 1000000 for the whole story")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where the demo stores are kept")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        print("PYTHONDONTWRITEBYTECODE was set; unset for these figures", file=sys.stderr)
    available = parts([int(text) for text in chosen.ctas.split(",")], chosen.folder)
    print(machine(), end="\n\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for name in chosen.parts or PARTS:
        for figure in available[name]():
            print(f"| {' | '.join(line(figure))} |", flush=True)


if __name__ == "__main__":
    main()
