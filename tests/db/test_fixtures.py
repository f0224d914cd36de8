"""The ground under the other tests: each gets a store of its own, on both kinds."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests import builders


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_from_the_cast_alone(desk: Desk, turn: int):
    builders.cta(desk, builders.account(desk, "Acme"))
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM cta") == 1
        assert db.scalar("SELECT count(*) FROM csm") == len(builders.CAST)
        assert db.scalar("SELECT value FROM info WHERE key = 'kind'") == "test"


def test_colleagues_sit_at_desks_of_the_same_store(desk_of, dialect: str):
    ana, eve = desk_of("ana"), desk_of("eve")
    assert ana.store is eve.store
    assert ana.store.dialect == dialect
    assert ana.me.pools != eve.me.pools
    assert ana.today().isoformat() == "2026-11-23"


def test_a_store_made_from_what_the_migrations_said_is_as_one_they_made(tmp_path: Path):
    dumps = []
    for made in ("by now", "again", "by them"):
        if made == "by them":
            argv = [
                sys.executable,
                "-c",
                f"from db.store import Store; Store.create({str(tmp_path / made)!r}, kind='test')",
            ]
            subprocess.run(argv, check=True, cwd=Path(__file__).parents[2])
        else:
            builders.new_store(str(tmp_path / made)).close()
        with closing(sqlite3.connect(tmp_path / made)) as raw:
            pragmas = [
                raw.execute(f"PRAGMA {name}").fetchone() for name in ("user_version", "application_id", "journal_mode")
            ]
            dumps.append((list(raw.iterdump()), pragmas))
    assert dumps[0] == dumps[1] == dumps[2]


@pytest.mark.sqlite_only
def test_what_only_one_kind_can_do_runs_once(dialect: str):
    assert dialect == "sqlite"
