"""The tables are what the models say, on both stores, and making them is all or nothing."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.columns import SCHEMA_FILE, describe, table, tables
from db.errors import StoreError, StoreVersion
from db.sql import borrowed
from db.store import Store

KILLED_AT = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from db.store import Store
import db.models
left = [int(sys.argv[2])]

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)

{what}
"""
"""Makes or upgrades a store and dies before a statement of the migration."""
MAKE = 'Store.create(sys.argv[1], kind="test").close()'
UPGRADE = "from db.migrations import upgrade; upgrade(sys.argv[1])"


def test_what_the_writer_knows_is_what_the_models_say():
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == describe(), "run: python -m db.columns"


def test_every_kind_of_thing_can_be_asked_about():
    assert "cta" in tables()
    assert tables().index("account") < tables().index("cta") < tables().index("task")
    assert "rank" not in table("cta").journaled
    assert table("subscription").is_fact


def test_the_migrations_make_what_the_models_declare(empty_url: str):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from db.models import metadata

    store = Store.open(empty_url)
    with store.read() as db, borrowed(db.raw, store.dialect) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type, "include_name": is_declared})
        difference = compare_metadata(context, metadata)
    store.close()
    assert difference == []


def is_declared(name: str | None, kind: str, parents: object) -> bool:
    """The index of words is not of the models: it follows from their rows."""
    return kind != "table" or not re.search("_fts|_words$", name or "")


def same_type(context: Any, inspected: Any, declared: Any, inspected_type: Any, declared_type: Any) -> bool | None:
    """SQLite knows five types; the rest is compared as the name it is created with. False: they do not differ."""
    dialect = context.dialect
    return bool(inspected_type.compile(dialect).split("(")[0] != declared_type.compile(dialect).split("(")[0])


def test_indexes_have_their_conditions(empty_url: str):
    """Autogenerate does not compare the WHERE of a partial index."""
    store = Store.open(empty_url)
    with store.read() as db:
        sql = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            if store.dialect == "sqlite"
            else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        )
        found = dict(db.all(sql))
    store.close()
    partial = {name for name, text in found.items() if " WHERE " in text}
    assert {"ix_cta_queue_pool", "ix_cta_queue_all", "ix_cta_queue_due", "ix_cta_queue_opened", "ix_cta_snoozed"} <= partial


def test_every_table_has_its_uid_from_the_start(empty_url: str):
    store = Store.open(empty_url)
    with store.read() as db:
        for name in tables():
            assert db.all(f"SELECT id, uid, rev, head FROM {name}") == []
    store.close()


def statements() -> int:
    """About how many statements making a store takes."""
    from db.models import metadata

    return len(metadata.tables) + sum(len(t.indexes) for t in metadata.tables.values())


def die_at(url: str, statement: int, what: str = MAKE) -> int:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT.replace("{what}", what), url, str(statement)],
        cwd=Path(__file__).parents[2], capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode


def test_killed_while_the_tables_are_made_nothing_is_left_and_the_next_try_works(new_url: Callable[[str], str]):
    total, url = statements(), new_url("none")
    for at in (0, total // 2, total - 2):
        assert die_at(url, at) == -signal.SIGKILL
        with pytest.raises(StoreError):
            Store.open(url)
    again = Store.create(url, kind="test")
    with again.read() as db:
        assert db.scalar("SELECT count(*) FROM account") == 0
        assert db.scalar("SELECT value FROM info WHERE key = 'kind'") == "test"
    again.close()


def make_old(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store as the first version made it, with a segment in it."""
    from alembic.script import ScriptDirectory

    from db import migrations

    newest = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _, revision: newest(self, "0001", revision))
        patch.setattr(migrations, "SCHEMA", 1)
        migrations.build(url, "test")
    store = Store(url)
    with store.write() as db:
        db.run("INSERT INTO segment (uid, rev, head, name, active) VALUES (:uid, 0, :uid, 'SMB', TRUE)", uid=b"1" * 16)
    store.close()


def test_killed_while_upgrading_it_is_the_old_store_and_the_next_try_makes_it_the_new(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
):
    from db.migrations import upgrade
    from db.store import SCHEMA

    url = new_url("none")
    make_old(url, monkeypatch)
    for at in (1, 15, 40):
        assert die_at(url, at, UPGRADE) == -signal.SIGKILL
        with pytest.raises(StoreVersion, match="cockpit db upgrade"):
            Store.open(url)
    assert upgrade(url) == (1, SCHEMA)
    store = Store.open(url)
    with store.read() as db:
        assert db.all("SELECT name FROM segment") == [("SMB",)]
    store.close()


def test_upgrading_a_store_of_today_changes_nothing(empty_url: str):
    from db.migrations import upgrade
    from db.store import SCHEMA

    assert upgrade(empty_url) == (SCHEMA, SCHEMA)
