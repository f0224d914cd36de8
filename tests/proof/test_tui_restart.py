"""PostgreSQL is stopped as hard as it can be under the screens, with a form half typed, and started again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.services.live import changes_since
from cockpit.tui import watcher
from cockpit.tui.app import CockpitApp
from db.store import Store
from db.terms import Face
from proof.server import NoServer, OwnServer
from tests import builders
from tests.conftest import NO_SERVER, NOW
from tests.tui.conftest import Seat

STARTING = 60.0


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """A server that nobody else uses; its folder has a short name, for the path of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-tui-"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            try:
                server = OwnServer(folder)
            except NoServer as why:
                pytest.skip(f"{NO_SERVER}: {why}")
            yield server
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_what_was_typed_outlives_the_server_and_is_saved_once(own_server: OwnServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watcher, "EVERY", 0.02)
    monkeypatch.setattr(watcher, "AGAIN_AFTER", 0.02)
    url = own_server.database("cockpit_tui")
    builders.new_store(url).close()
    builders.admit_cast(url, NOW)
    store = Store.open(url)
    colleague = builders.desk_of(store, "ben", NOW)
    builders.cta(colleague, builders.account(colleague, "Acme Robotics"), because="Usage dropped 38%")
    desk = builders.desk_of(store, "ana", NOW, Face.TUI)
    app = CockpitApp(desk, config=Config(clipboard="file"))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        ana = Seat(app, pilot, desk)
        await ana.sees("Acme Robotics", "● live")
        await ana.press("l")
        await ana.type("They called about the ")
        own_server.stop_hard()
        await ana.until(lambda: "offline" in app.status()[-1][0])
        await ana.type("outage")
        await ana.press("ctrl+s")
        await ana.sees("✗ The PostgreSQL server")
        await ana.sees("They called about the outage")
        own_server.start()
        await ana.until(lambda: "live" in app.status()[-1][0], STARTING)
        await ana.sees("They called about the outage")
        await ana.press("ctrl+s")
        await ana.sees("Logged")
        await ana.sees("● live", "Acme Robotics")
        assert changes_since(desk).mark is not None
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM activity WHERE subject = 'They called about the outage'") == 1
        assert db.scalar("SELECT count(*) FROM act WHERE verb = 'log'") == 1
    store.close()
