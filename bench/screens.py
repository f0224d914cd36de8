"""First useful paint and key to repaint in a real pty, against a minimal Textual app and a bare DataTable."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.stores import COCKPIT, ROOT, environment, store_of, worker
from bench.terminal import Terminal
from bench.timing import Figure, median, p95, ratio

PAINTS = 9
KEYS = 100
LIST = 60
"""Columns in which both show nothing but the list."""
APPS = ROOT / "bench" / "apps"


def figures(folder: Path, sizes: list[int]) -> Iterator[Figure]:
    """Paint, keys and memory for each size of store, in turns with what they are compared with."""
    for ctas in sizes:
        path = store_of(ctas, folder)
        login = worker(path)
        cockpit = [*COCKPIT, "--db", str(path), "--as", login]
        shown = _first_account(cockpit)
        minimal = [sys.executable, str(APPS / "minimal.py")]
        ours, theirs, heavy, light = _paints(cockpit, shown, minimal)
        name = f"{ctas:,} CTAs"
        app = "minimal Textual app"
        paint = ratio(median(ours), median(theirs))
        yield Figure(f"first useful paint, {name}", median(ours), app, median(theirs), paint, "≤ 2, stretch 1.3")
        memory = ratio(median(heavy), median(light))
        yield Figure(f"memory after it, {name}", median(heavy), app, median(light), memory, "≤ 2.1", "MB")
        yield from _keys(cockpit, shown, name)


def _paints(cockpit: list[str], shown: str, minimal: list[str]) -> tuple[list[float], ...]:
    """Times of ours and theirs, then resident megabytes of ours and theirs."""
    ours: list[float] = []
    theirs: list[float] = []
    heavy: list[float] = []
    light: list[float] = []
    for turn in range(PAINTS + 1):
        for argv, pattern, times, sizes in ((cockpit, shown, ours, heavy), (minimal, "ready", theirs, light)):
            with Terminal(argv, environment()) as terminal:
                taken = terminal.until(pattern)
                terminal.settle()
                if turn:
                    times.append(taken)
                    sizes.append(terminal.resident_mb() or 0.0)
    return ours, theirs, heavy, light


def _keys(cockpit: list[str], shown: str, name: str) -> Iterator[Figure]:
    table = [sys.executable, str(APPS / "bare_table.py")]
    with Terminal(cockpit, environment()) as ours, Terminal(table, environment()) as theirs:
        for terminal, pattern in ((ours, shown), (theirs, "Account 000")):
            terminal.until(pattern)
            terminal.settle()
        for key, goal in (("down", "p95 ≤ 0.35"), ("page down", "p95 ≤ 16.7 ms")):
            mine, others = [], []
            # 100 rows end after 100 steps down: the bare table turns round, ours walks on.
            for step in range(KEYS):
                back = (step // (80 if key == "down" else 2)) % 2
                other = {"down": "up", "page down": "page up"}[key] if back else key
                mine.append(ours.press(key if int(_rows(name)) > KEYS * 40 else other, LIST))
                others.append(theirs.press(other, LIST))
            seen, seen_there = [t for t in mine if t is not None], [t for t in others if t is not None]
            against = "DataTable of 100 rows"
            half, tail = ratio(median(seen), median(seen_there)), ratio(p95(seen), p95(seen_there))
            yield Figure(f"{key} to repaint, {name}", median(seen), against, median(seen_there), half)
            yield Figure(f"{key} to repaint, {name}, p95", p95(seen), against, p95(seen_there), tail, goal)
            if len(seen) < len(mine):
                yield Figure(f"{key}: keys that changed nothing, {name}", float(len(mine) - len(seen)), unit="keys")


def _rows(name: str) -> str:
    return name.partition(" ")[0].replace(",", "")


def _first_account(cockpit: list[str]) -> str:
    """A pattern for the name of the account in the first row: what makes a paint useful."""
    out = subprocess.run([*cockpit, "queue", "--json", "--limit", "1"], env=environment(), check=True, capture_output=True)
    account: str = json.loads(out.stdout)[0]["account"]
    return re.escape(account[:12])
