"""A demo company that is there already: opened as it is, or removed to be built anew."""

from __future__ import annotations

from pathlib import Path

from cockpit.services.demo.build import DemoBuilt
from cockpit.services.errors import Refused
from db.errors import StoreMissing
from db.store import Store, is_server


def standing_demo(url: str) -> DemoBuilt | None:
    """The demo company at that place, None when there is none. Raises Refused for a store with real work in it."""
    try:
        store = Store.open(url)
    except StoreMissing:
        return None
    with store.read() as db:
        accounts, ctas, people, activities = (
            int(db.scalar(f"SELECT count(*) FROM {what}"))
            for what in ("account", "cta WHERE status = 'open'", "person", "activity")
        )
    store.close()
    if store.kind != "demo":
        raise Refused("exists", "There is a store with somebody's work in it: build the demo elsewhere with --path.")
    return DemoBuilt(url, accounts, ctas, people, activities, 0.0) if accounts else None


def remove_demo(url: str) -> None:
    """Removes a demo company, so that it can be built anew. Raises Refused for anything else."""
    if standing_demo(url) is None:
        return
    if is_server(url):
        raise Refused("server", "A demo in a database is removed with the database: dropdb, then createdb.")
    for end in ("-wal", "-shm", "-gate", ""):
        Path(url + end).unlink(missing_ok=True)
