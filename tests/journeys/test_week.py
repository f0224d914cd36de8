"""A week of one pool: forty CTAs, five CSMs, one absent with cover, one at her limit, one whose leases lapse, one junior.

Told day by day, once by commands and once by keys, on two stores that are alike on Monday morning and after each day.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.services.verify import verify
from db.store import Store
from tests import builders
from tests.contracts.test_parity import changed, dump, told
from tests.journeys.week_by_command import ByCommand
from tests.journeys.week_by_keys import ByKeys
from tests.journeys.week_pool import Clock, open_pool
from tests.tui.conftest import quick

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "next_monday")
__all__ = ["quick"]


def west(url: str) -> Store:
    """The pool on Monday morning."""
    store = Store.open(url)
    open_pool(store)
    return store


@pytest.mark.sqlite_only
async def test_a_week_by_commands_and_by_keys_leads_to_the_same_rows(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quick: None, tmp_path: Path
):
    clock = Clock(monkeypatch)
    by_command = ByCommand(west(new_url("cast")), clock, capsys)
    by_keys = ByKeys(west(new_url("cast")), clock, tmp_path)
    before = dump(by_command.store)
    assert dump(by_keys.store) == before

    for day in WEEK:
        await getattr(by_command, day)()
        await getattr(by_keys, day)()
        assert changed(dump(by_keys.store), before) == changed(dump(by_command.store), before), day
        assert told(by_keys.store) == told(by_command.store), day

    for store in (by_command.store, by_keys.store):
        assert verify(builders.desk_of(store, "oz", clock)).problems == ()
        store.close()


@pytest.mark.postgres_only
async def test_the_week_on_a_server(new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    story = ByCommand(west(new_url("cast")), Clock(monkeypatch), capsys)
    for day in WEEK:
        await getattr(story, day)()
    story.store.close()
