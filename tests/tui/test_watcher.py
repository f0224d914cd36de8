"""The watch tells what colleagues do, once, and survives a store that does not answer."""

from __future__ import annotations

from queue import Queue

import pytest

from cockpit.services.live import Live
from cockpit.services.queue import claim
from cockpit.tui import watcher
from cockpit.tui.memory import Memory
from cockpit.tui.watcher import Watcher
from db.errors import StoreUnreachable
from db.store import Store
from tests import builders
from tests.conftest import NOW

PATIENCE = 20


@pytest.fixture
def news() -> Queue[Live]:
    return Queue()


def test_a_claim_of_a_colleague_is_told(company: Store, news: Queue[Live], monkeypatch):
    monkeypatch.setattr(watcher, "EVERY", 0.01)
    ana, ben = (builders.desk_of(company, login, NOW) for login in ("ana", "ben"))
    cta = builders.cta(ana, builders.account(ana))
    started: Queue[str] = Queue()
    look = watcher.changes_since
    monkeypatch.setattr(watcher, "changes_since", lambda desk, mark: (look(desk, mark), started.put("looked"))[0])
    watch = Watcher(ana, news.put, lambda trouble: None)
    watch.start()
    started.get(timeout=PATIENCE)
    claim(ben, [cta])
    live = news.get(timeout=PATIENCE)
    watch.stop()
    assert live.claimed == {cta: "Ben Okafor"}
    assert not watch.is_alive()


def test_a_store_that_does_not_answer_is_told_once_and_when_it_is_back(company: Store, monkeypatch):
    monkeypatch.setattr(watcher, "EVERY", 0.01)
    monkeypatch.setattr(watcher, "AGAIN_AFTER", 0.01)
    told: Queue[str] = Queue()
    look, tries = watcher.changes_since, iter(range(10**9))

    def flaky(desk, mark):
        if 2 <= next(tries) < 6:
            raise StoreUnreachable("The server does not answer.")
        return look(desk, mark)

    monkeypatch.setattr(watcher, "changes_since", flaky)
    watch = Watcher(builders.desk_of(company, "ana", NOW), lambda live: None, told.put)
    watch.start()
    assert told.get(timeout=PATIENCE) == "The server does not answer."
    assert told.get(timeout=PATIENCE) == ""
    watch.stop()
    assert told.empty()


def test_what_is_remembered_is_there_the_next_day_and_a_broken_file_is_forgotten(tmp_path):
    file = tmp_path / "deep" / "screens.json"
    memory = Memory(file)
    memory.put("queue", where="type:risk", sort="due")
    memory.save()
    assert Memory(file).get("queue", "where") == "type:risk"
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{nonsense")
    assert Memory(file).get("queue", "where", "") == ""
    assert Memory(None).get("queue", "sort") is None
