"""What a start loads is asserted here, so that nobody has to time it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import builders

ROOT = Path(__file__).parents[2]
SCREENS = {"textual", "rich"}
TABLES = {"sqlalchemy", "sqlmodel", "alembic"}
CLI = {"typer", "click", "pydantic"}
"""Typer itself loads pydantic to read an option."""
HEAVY = SCREENS | TABLES | CLI | {"holidays", "openpyxl", "lark", "psycopg", "charset_normalizer"}

REPORT = """
import sys
sys.argv = ["cockpit", *{argv!r}]
code = 0
try:
    from cockpit.__main__ import main
    code = main()
except SystemExit as end:
    code = end.code
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print("LOADED", code or 0, *loaded, file=sys.stderr)
"""


def loaded_by(*argv: str, **env: str) -> set[str]:
    """The top-level modules that a run of ``cockpit ARGV`` has loaded when it ends well."""
    ran = subprocess.run(
        [sys.executable, "-c", REPORT.format(argv=list(argv))],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    last = next((line for line in reversed(ran.stderr.splitlines()) if line.startswith("LOADED")), "")
    assert last.split()[1:2] == ["0"], ran.stderr[-2000:]
    return set(last.split()[2:])


@pytest.fixture
def small_store(sqlite_templates: dict[str, Path], tmp_path: Path) -> str:
    """A store with something in the queue."""
    from db.store import Store
    from tests.conftest import NOW

    path = tmp_path / "small.db"
    path.write_bytes(sqlite_templates["cast"].read_bytes())
    store = Store.open(str(path))
    desk = builders.desk_of(store, "ana", NOW)
    builders.ctas(desk, 3)
    store.close()
    return str(path)


def test_asking_for_the_version_loads_almost_nothing():
    assert loaded_by("--version") & (HEAVY | {"sqlite3", "dataclasses", "argparse", "typing", "re"}) == set()


@pytest.mark.parametrize("command", [["queue", "--json"], ["next", "--json"], ["work", "--json"]])
def test_the_queue_from_the_command_line_loads_no_tables_and_no_screens(small_store: str, command: list[str]):
    assert loaded_by("--db", small_store, "--as", "ana", *command) & (TABLES | {"textual"}) == set()


def test_reading_a_table_needs_no_screens(small_store: str):
    assert "textual" not in loaded_by("--db", small_store, "--as", "ana", "queue")


def test_the_first_paint_loads_no_tables(small_store: str):
    code = """
import asyncio, sys
from cockpit.tui.app import CockpitApp
from cockpit.services.session import open_desk
from db.terms import Face

async def paint():
    app = CockpitApp(open_desk({db!r}, "ana", face=Face.TUI))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()

asyncio.run(paint())
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", code.format(db=small_store)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "LOADED" in ran.stdout, ran.stderr[-2000:]
    assert set(ran.stdout.split()) & (TABLES | CLI) == set()


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("cockpit.config", HEAVY),
        ("db.terms", HEAVY | {"sqlite3"}),
        ("db.store", HEAVY),
        ("cockpit.services.queue", HEAVY),
        ("cockpit.domain.queue", HEAVY | {"sqlite3"}),
    ],
)
def test_importing_a_floor_does_not_import_the_ones_above(module: str, without: set[str]):
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert set(ran.stdout.split()) & without == set()
