"""What every test stands on: one clock, nobody's own settings, and both stores."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from cockpit.desk import Desk
from db import migrations
from db.store import Store
from db.terms import Face
from tests import builders, postgres

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""
NO_SERVER = "NO POSTGRESQL"


settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.prepare()
        config.add_cleanup(postgres.discard)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test for one kind of store is not collected for the other."""
    kept, left = [], []
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        other = {"sqlite": "postgres_only", "postgresql": "sqlite_only"}.get(params.get("dialect", ""))
        (left if other and item.get_closest_marker(other) else kept).append(item)
    if left:
        items[:] = kept
        config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if NO_SERVER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_sep("!", f"{NO_SERVER}: {len(skipped)} tests did not run", red=True, bold=True)
        terminalreporter.write_line(str(skipped[0].longrepr[-1]))


@pytest.fixture(scope="session")
def empty_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config file that says nothing."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.touch()
    return path


@pytest.fixture(autouse=True)
def nobodys_machine(monkeypatch: pytest.MonkeyPatch, empty_config: Path, tmp_path: Path) -> None:
    """The clock stands, and what the developer set up for herself is out of sight."""
    for name in [name for name in os.environ if name.startswith("COCKPIT_") and not name.startswith("COCKPIT_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COCKPIT_NOW", NOW.isoformat().replace("+00:00", "Z"))
    monkeypatch.setenv("COCKPIT_CONFIG", str(empty_config))
    for kind in ("DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / f"xdg-{kind.lower()}"))


@pytest.fixture(autouse=True)
def no_waiting_for_disks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a power cut would take is proven elsewhere, by programs of their own (``proof``)."""
    if request.node.get_closest_marker("durable") is None:
        monkeypatch.setattr("db.store.SYNC", "OFF")


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """The first new file of a schema is made by the migrations; those after it by the statements these sent."""
    told: dict[int, list[str]] = {}
    migrate = migrations._run

    def run(raw: Any, store: Store) -> None:
        if store.dialect != "sqlite" or raw.execute("SELECT 1 FROM sqlite_master").fetchone():
            migrate(raw, store)
        elif migrations.SCHEMA in told:
            for statement in told[migrations.SCHEMA]:
                raw.execute(statement)
        else:
            said: list[str] = []
            raw.set_trace_callback(said.append)
            migrate(raw, store)
            raw.set_trace_callback(None)
            told[migrations.SCHEMA] = said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "_run", run)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """The PostgreSQL of this run."""
    try:
        running = postgres.start()
    except postgres.NoServer as why:
        if os.environ.get("CI"):
            pytest.fail(f"{NO_SERVER}: {why}", pytrace=False)
        pytest.skip(f"{NO_SERVER}: {why}")
    yield running
    running.close()


@pytest.fixture(scope="session")
def worker() -> str:
    """A name of this process that no other process of this or another run uses."""
    return f"{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A migrated store, and the same with the cast in it; every test gets a copy."""
    folder = tmp_path_factory.mktemp("templates")
    made = {"bare": folder / "bare.db", "cast": folder / "cast.db"}
    builders.new_store(str(made["bare"])).close()
    shutil.copy(made["bare"], made["cast"])
    builders.admit_cast(str(made["cast"]), NOW)
    return made


@pytest.fixture(scope="session")
def server_templates(server: postgres.Server, worker: str) -> dict[str, str]:
    """The same two as databases."""
    made = {name: f"cockpit_{worker}_{name}" for name in ("bare", "cast")}
    builders.new_store(server.database(made["bare"])).close()
    builders.admit_cast(server.database(made["cast"], made["bare"]), NOW)
    if postgres.AS_APP:
        postgres.let_in(server.at(made["cast"]), builders.CAST)
    return made


@pytest.fixture(scope="session")
def server_clones(server: postgres.Server, server_templates: dict[str, str]) -> Iterator[Callable[[str], postgres.Clones]]:
    """Their copies, and those of "team": the cast with the rules in force and a login for each."""
    made: dict[str, postgres.Clones] = {}

    def of(name: str) -> postgres.Clones:
        if name not in made:
            template = server_templates.get(name, server_templates["cast"].replace("_cast", "_team"))
            if name == "team":
                postgres.let_in(server.database(template, server_templates["cast"]), builders.CAST)
            made[name] = postgres.Clones(server, template)
        return made[name]

    yield of
    for clones in made.values():
        clones.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Whatever uses this runs on both stores."""
    return str(request.param)


@pytest.fixture
def new_url(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path, worker: str
) -> Iterator[Callable[[str], str]]:
    """Makes stores of this dialect: ``new_url("bare")``, ``new_url("cast")``, ``new_url("none")`` for a free place.

    On a server ``new_url("team")`` too: the cast, each on a login of her own under row-level security.
    """
    made: list[tuple[str, str]] = []

    def on_sqlite(template: str) -> str:
        path = tmp_path / f"store-{len(made)}.db"
        made.append((template, str(path)))
        if template != "none":
            shutil.copy(request.getfixturevalue("sqlite_templates")[template], path)
            path.chmod(0o600)
        return str(path)

    def on_server(template: str) -> str:
        if template == "none":
            url: str = request.getfixturevalue("server").database(f"cockpit_{worker}_{len(made)}")
        else:
            url = request.getfixturevalue("server_clones")(template).take()
        made.append((template, url))
        return url

    yield on_sqlite if dialect == "sqlite" else on_server
    if dialect == "postgresql":
        for number, (template, url) in enumerate(made):
            if template == "none":
                request.getfixturevalue("server").drop(f"cockpit_{worker}_{number}")
            else:
                request.getfixturevalue("server_clones")(template).give_back(url)


@pytest.fixture
def empty_url(new_url: Callable[[str], str]) -> str:
    """The URL of a store with its tables and nothing in them."""
    return new_url("bare")


@pytest.fixture
def store_url(new_url: Callable[[str], str]) -> str:
    """The URL of a store with the cast of ``tests/builders.py``."""
    return new_url("cast")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """That store, open."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


@pytest.fixture
def desk_of(store: Store) -> Callable[..., Desk]:
    """``desk_of("ben")``: the desk of somebody of the cast, at NOW unless ``at`` says when."""

    def sit(login: str, at: datetime | Callable[[], datetime] = NOW, face: Face = Face.CLI) -> Desk:
        return builders.desk_of(store, login, at, face)

    return sit


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    """Ana's: a CSM of pool West."""
    return desk_of("ana")
