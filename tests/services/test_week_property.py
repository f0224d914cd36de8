"""Any weeks of five people in two time zones: limits and leases hold, and whatever was done can be taken back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cockpit.desk import Desk
from cockpit.services.cta import snooze, wake
from cockpit.services.queue import claim
from db.store import Store
from tests import builders
from tests.services.week_machine import Week

EXAMPLES = {"sqlite": (25, 30), "postgresql": (4, 15)}
"""Weeks, and acts in each."""
_number = count(1)


@contextmanager
def _in_a_file(template: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        shutil.copy(template, path)
        store = Store.open(str(path))
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _on_a_server(request: pytest.FixtureRequest, worker: str) -> Iterator[Store]:
    server, name = request.getfixturevalue("server"), f"cockpit_{worker}_week_{next(_number)}"
    store = Store.open(server.database(name, request.getfixturevalue("server_templates")["cast"]))
    try:
        yield store
    finally:
        store.close()
        server.drop(name)


def test_what_sleeps_is_not_taken_by_its_number_either(desk: Desk):
    """Found by the weeks below: the queue hid it, and `claim 17` took it all the same."""
    (id_,) = builders.ctas(desk, 1)
    snooze(desk, [id_], date(2026, 12, 4), "waits")
    (item,) = claim(desk, [id_]).items
    assert (item.owner, item.refused, item.message) == (None, "snoozed", f"CTA {id_} is snoozed until Fri 4 Dec: wake it first.")
    wake(desk, [id_])
    assert claim(desk, [id_]).items[0].owner == "ana"


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_weeks_of_five_people(dialect: str, request: pytest.FixtureRequest, worker: str):
    makers: dict[str, Callable[[], AbstractContextManager[Store]]] = {
        "sqlite": lambda: _in_a_file(request.getfixturevalue("sqlite_templates")["cast"]),
        "postgresql": lambda: _on_a_server(request, worker),
    }
    Week.new_store = staticmethod(makers[dialect])
    examples, steps = EXAMPLES[dialect]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Week,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
            phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
