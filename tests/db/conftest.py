"""A team's store on a server, and desks on logins of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from cockpit.desk import Desk
from cockpit.services.session import who_is
from db.store import Store
from db.terms import Face
from tests import builders, postgres
from tests.conftest import NOW


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    """A store with the cast, its rules in force, everybody let in; the owner's URL."""
    return new_url("team")


@pytest.fixture
def owners(url: str) -> Iterator[Store]:
    """The store as its owner opens it."""
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def sit(url: str) -> Iterator[Callable[..., Desk]]:
    """``sit("ana")``: her desk, on a connection of her own login."""
    opened: list[Store] = []

    def at(login: str, clock: Callable[[], datetime] = lambda: NOW, named: str | None = None) -> Desk:
        store = Store.open(postgres.as_login(url, login))
        opened.append(store)
        with store.read() as found:
            me = who_is(found, store, named)
        return Desk(store, me, clock, Face.CLI, clock_is_set=True)

    yield at
    for store in opened:
        store.close()


@pytest.fixture
def oz(owners: Store) -> Desk:
    """Ops, at the owner's connection: builds what tests need."""
    return builders.desk_of(owners, "oz", NOW)
