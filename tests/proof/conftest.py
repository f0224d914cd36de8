"""Where the short versions of the proof put their stores."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from proof.server import Server
from proof.stores import Places

MEMORY, MEMORY_NEEDED = Path("/dev/shm"), 1 << 30


@pytest.fixture(scope="session")
def on_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Files, in memory if there is room.

    What fails here is a call and what dies is a process; to wait for a disk as well adds nothing (the slow lane does).
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED:
        yield Places(tmp_path_factory.mktemp("proof"))
        return
    with tempfile.TemporaryDirectory(prefix="cockpit-proof-", dir=MEMORY) as folder:
        yield Places(Path(folder))


@pytest.fixture(scope="session")
def on_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Places]:
    """Databases on the server of this run."""
    places = Places(
        tmp_path_factory.mktemp("proof-pg"), Server(request.getfixturevalue("server").url), f"cockpit_{worker}_proof"
    )
    yield places
    places.close()


@pytest.fixture
def places(request: pytest.FixtureRequest, dialect: str) -> Places:
    """Files, then databases."""
    found: Places = request.getfixturevalue("on_file" if dialect == "sqlite" else "on_server")
    return found
