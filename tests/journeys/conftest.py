"""A machine of one's own, and the demo company built once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.journeys.terminal import Machine

MOMENT = NOW.isoformat().replace("+00:00", "Z")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A computer with nothing of Cockpit on it, whose user is ana."""
    return Machine(tmp_path, MOMENT)


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, never opened."""
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "demo.db"
    Machine(folder, MOMENT).runs("demo", "--path", path, "--no-open")
    return path


@pytest.fixture
def demo(built_demo: Path, machine: Machine) -> Path:
    """A copy of it."""
    path = machine.folder / "demo.db"
    shutil.copy(built_demo, path)
    path.chmod(0o600)
    return path
