"""Where the short versions of the proof put their stores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proof.server import Server
from proof.stores import Places


@pytest.fixture(scope="session")
def on_file(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Files."""
    return Places(tmp_path_factory.mktemp("proof"))


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
