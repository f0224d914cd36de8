"""A week of one pool: forty CTAs, five CSMs, one absent with cover, one at her limit, one whose leases lapse, one junior.

Told day by day, once by commands and once by keys, on two stores that were alike on Monday morning and are after each day.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from tests.journeys.week_by_command import ByCommand
from tests.journeys.week_pool import Clock, open_pool

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "next_monday")


async def test_the_week_by_commands(new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    store = Store.open(new_url("cast"))
    open_pool(store)
    told = ByCommand(store, Clock(monkeypatch), capsys)
    for day in WEEK:
        await getattr(told, day)()
