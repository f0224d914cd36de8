"""What the store knew at the end of a day, through everything that reads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.account import account_header, edit_account
from cockpit.services.archive import archive
from cockpit.services.as_of import PREFIX, as_known
from cockpit.services.cta import CtaDraft, close, new_cta
from cockpit.services.erase import erase
from cockpit.services.errors import Refused
from cockpit.services.merge import merge_people
from cockpit.services.people import people_of
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


def test_what_a_killed_program_has_left_of_a_day_is_gone_at_the_next(
    desk_of: Sit, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monday = desk_of("ana")
    builders.account(monday, "Acme")
    held = then(store, monday.today(), monday)
    dead = tmp_path / f"{PREFIX}dead"
    dead.mkdir()
    (dead / "then.db").write_text("somebody's customers")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("mine")
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    another = then(store, monday.today(), monday)
    assert not dead.exists()
    assert (elsewhere / "mine").exists()
    assert Path(held.store.url) != Path(another.store.url)
    assert all(Path(one.store.url).is_file() for one in (held, another))  # who lives keeps hers


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


def test_a_day_before_an_erasure_knows_her_no_more(desk_of: Sit, store: Store) -> None:
    monday = desk_of("ana")
    acme = builders.account(monday, "Acme")
    stays = builders.person(monday, acme, "Mia Ortiz")
    twin = builders.person(monday, acme, "Mia Ortega")
    work = builders.cta(monday, acme)
    for number, who in enumerate((stays, twin)):
        builders.make(monday, "external_id", {"system": "crm", "thing": "person", "key": f"CRM-{number}", "thing_id": who})
    builders.make(monday, "cta_person", {"cta_id": work, "person_id": twin})
    tuesday = desk_of("mo", at=monday.now() + timedelta(days=1))
    merge_people(tuesday, stays, twin)
    erase(tuesday, stays)
    asked = then(store, monday.today(), monday)
    assert account_header(asked, acme).name == "Acme"
    assert [row.name for row in people_of(asked, acme)] == ["[erased]"]
    with asked.store.read() as db:
        assert db.all("PRAGMA foreign_key_check") == []


def test_a_day_before_an_archive_is_not_made_up(desk_of: Sit, store: Store, tmp_path: Path) -> None:
    monday = desk_of("ana")
    acme = builders.account(monday, "Acme")
    closed = builders.cta(monday, acme, owner="ana")
    usage = {"account_id": acme, "metric": "logins", "day": monday.today(), "value": 5000}
    builders.make(monday, "usage", usage | {"recorded": monday.now(), "superseded": monday.now()})
    close(monday, [closed], Outcome.SUCCESS, "All well")
    later = desk_of("mo", at=monday.now() + timedelta(days=30))
    archive(later, monday.today() + timedelta(days=1), str(tmp_path / "old.db"))
    with pytest.raises(Refused, match=r"was moved to .*old\.db"):
        then(store, monday.today(), monday)
    asked = then(store, monday.today() + timedelta(days=2), monday)
    assert account_header(asked, acme).name == "Acme"


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
