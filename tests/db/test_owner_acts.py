"""What only the owner of the tables may do, done by an owner who is no superuser: forced row-level security binds her too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.archive import archive
from cockpit.services.cta import close
from cockpit.services.erase import erase
from cockpit.services.errors import Forbidden, StoreError
from cockpit.services.search import search
from cockpit.services.session import who_is
from cockpit.services.timeline import log_activity
from cockpit.services.verify import verify
from db.store import Store
from db.terms import Face, Outcome
from tests import builders, postgres
from tests.conftest import NOW

pytestmark = pytest.mark.postgres_only


@pytest.fixture
def boss(url: str, worker: str) -> Iterator[Desk]:
    """Oz on a login that is a member of the owner's role and nothing else."""
    name = f"boss_{worker}"
    store = Store.open(url)
    with store.write() as db:
        db.run(f'CREATE ROLE "{name}" LOGIN IN ROLE cockpit_owner')
    store.close()
    own = Store.open(postgres.as_login(url, name))
    with own.read() as db:
        assert db.scalar("SELECT NOT rolsuper FROM pg_roles WHERE rolname = session_user")
        me = who_is(db, own, "oz")
    yield Desk(own, me, lambda: NOW, Face.CLI, clock_is_set=True)
    own.close()
    store = Store.open(url)
    with store.write() as db:
        db.run(f'DROP ROLE "{name}"')
    store.close()


def test_she_erases_a_person_from_rows_journal_and_search(boss: Desk, sit: Callable[..., Desk], oz: Desk):
    acme = builders.account(oz, "Acme")
    mia = builders.person(oz, acme, "Mia Ortiz", email="mia@acme.example")
    log_activity(oz, acme, "call", "Call with Mia Ortiz", "We rang mia@acme.example")
    with pytest.raises((Forbidden, StoreError)):
        erase(sit("mo"), mia)
    assert {hit.kind for hit in search(boss, "ortiz").hits} == {"person", "activity"}
    erase(boss, mia)
    assert search(boss, "ortiz").hits == search(sit("ana"), "mia").hits == ()
    with oz.store.read() as db:
        for table in ("person", "activity", "change", "act", "person_words", "activity_words"):
            assert [row for row in db.all(f"SELECT CAST(t AS text) FROM {table} t") if "ortiz" in row[0].lower()] == [], table
    assert verify(boss).problems == ()


def test_she_archives_what_is_old(boss: Desk, oz: Desk, tmp_path: Path):
    then = builders.desk_of(oz.store, "oz", NOW - timedelta(days=400))
    done = builders.cta(then, builders.account(then, "Acme"), owner="oz")
    close(then, [done], Outcome.SUCCESS, "signed last year")
    moved = archive(boss, date(2026, 1, 1), str(tmp_path / "2025.db"))
    assert moved.changes > 0
    with oz.store.read() as db:
        assert db.scalar("SELECT count(*) FROM change WHERE thing = 'cta' AND fields IS NULL") == moved.changes
    assert verify(boss).problems == ()
