"""Commands from start to end, as a shell sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.stores import COCKPIT, ROOT, copy_of, environment, store_of, worker
from bench.timing import Figure, in_turns, median, ratio, run

TIMES = 15


def figures(folder: Path, ctas: int) -> Iterator[Figure]:
    """``--version`` against bare Python; ``next`` and ``queue`` against a Typer program of one command."""
    path = copy_of(store_of(ctas, folder), folder)
    env = environment()
    cockpit = [*COCKPIT, "--db", str(path), "--as", worker(path)]
    version, nothing, taking, listing, typer = in_turns(
        TIMES,
        lambda: run([*COCKPIT, "--version"], env),
        lambda: run([sys.executable, "-c", "pass"], env),
        lambda: run([*cockpit, "next", "--json"], env),
        lambda: run([*cockpit, "queue", "--json", "--limit", "50"], env),
        lambda: run([sys.executable, str(ROOT / "bench" / "apps" / "one_command.py")], env),
    )
    bare, small = "python -c pass", "minimal Typer command"
    share = ratio(median(version), median(nothing))
    yield Figure("cockpit --version", median(version), bare, median(nothing), share, "≤ 1.5")
    for what, mine in (("next", taking), ("queue --limit 50", listing)):
        share = ratio(median(mine), median(typer))
        yield Figure(f"cockpit {what}, {ctas:,} CTAs", median(mine), small, median(typer), share, "≤ 2")
