"""Who imports, and a file in one call."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.exchange import FileReport, import_files
from tests.services.importing import DATA, check_sum


@pytest.fixture
def oz(desk_of: Callable[..., Desk]) -> Desk:
    """Ops imports."""
    return desk_of("oz")


@pytest.fixture
def put(tmp_path: Path, oz: Desk) -> Callable[..., FileReport]:
    """``put("Account ID,Account Name", "1,Acme")`` imports a file of these lines."""

    def imported(*lines: str, name: str = "file.csv", desk: Desk = oz, **how: Any) -> FileReport:
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        (report,) = import_files(desk, [tmp_path / name], **how)
        check_sum([report])
        return report

    return imported


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A copy of every real export, so that rejects files land beside the copies."""
    folder = tmp_path / "exports"
    shutil.copytree(DATA, folder)
    return folder
