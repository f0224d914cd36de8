"""What the store knew at the end of a day, through everything that reads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.services.account import account_header, edit_account
from cockpit.services.as_of import as_known
from cockpit.services.cta import CtaDraft, close, new_cta
from cockpit.services.queue import QueueQuery, claim, queue_page
from cockpit.services.undo import undo
from cockpit.services.verify import verify
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.cli.conftest import Run
from tests.cli.conftest import run as run

Sit = Callable[..., Desk]


def then(store: Store, day: date, desk: Desk) -> Desk:
    asked = Desk(store, desk.me, desk.clock, as_of=day, clock_is_set=True)
    asked.store = as_known(store, asked.now())
    return asked


def whole(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return builders.snapshot(store, but=("info", "presence"))


def test_the_store_of_a_day_is_the_store_that_was(desk_of: Sit, store: Store) -> None:
    monday = desk_of("ana")
    acme, boreal = builders.account(monday, "Acme"), builders.account(monday, "Boreal", health=90)
    kept, gone = builders.cta(monday, acme), builders.cta(monday, boreal)
    claimed = claim(monday, [kept])
    before = whole(store)
    tuesday = desk_of("ana", at=monday.now() + timedelta(days=1))
    close(tuesday, [kept], Outcome.SUCCESS, "All well")
    edit_account(tuesday, acme, {"health": 20, "name": "Acme Robotics"})
    new_cta(tuesday, "Boreal", CtaDraft("risk", "Late"))
    undo(tuesday, claimed.act)
    claim(tuesday, [gone])
    asked = then(store, monday.today(), monday)
    assert dict(whole(asked.store).items()) == before or _as_spelled(
        whole(asked.store)
    ) == _as_spelled(before)
    assert account_header(asked, acme).name == "Acme"
    assert [row.id for row in queue_page(asked, QueueQuery()).rows] == [gone]
    assert verify(asked).ok
    assert whole(then(store, tuesday.today(), tuesday).store) is not None


def _as_spelled(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[list[str]]]:
    """Rows of either store in one spelling: PostgreSQL gives moments, flags and JSON as themselves."""
    from db.connection import as_json
    from db.values import plain

    def word(value: object) -> str:
        value = plain(value)
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, str) and value[:1] in "[{":
            with suppress(ValueError):  # a template begins with a brace too
                value = as_json(value)
        return str(value)

    return {name: sorted([word(cell) for cell in row] for row in rows) for name, rows in found.items()}


def test_reading_as_of_a_day_by_command(run: Run, desk_of: Sit) -> None:
    monday = desk_of("ana")
    cta = builders.cta(monday, builders.account(monday, "Acme"))
    claim(desk_of("ana", at=datetime.fromisoformat("2026-11-25T09:00:00+00:00")), [cta])
    assert [row["id"] for row in run("queue", "--as-of", "2026-11-24", "--json").json] == [cta]
    assert run("queue", "--as-of", "2026-11-25", "--json").json == []
    assert run("account", "list", "--as-of", "2026-11-22", "--json").json == []
    refused = run("claim", cta, "--as-of", "2026-11-24")
    assert refused.code == 4
    assert "read-only" in refused.err
