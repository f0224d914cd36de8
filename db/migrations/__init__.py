"""Schema changes. All pending ones run in one transaction: a kill leaves the old schema or the new one."""

from __future__ import annotations

from pathlib import Path

from db.connection import Db
from db.errors import StoreForeign
from db.postgres import become_owner, enforce, is_protected, rules_in_force, rules_of_this_version
from db.store import APPLICATION_ID, SCHEMA, Store


def build(url: str, kind: str) -> None:
    """Makes the tables of a new store of this kind (team, demo, test).

    Raises StoreUnreachable, StoreForeign.
    """
    store = Store(url)
    try:
        with store.write() as db:
            if store.dialect == "postgresql" and db.scalar("SELECT to_regclass('info')") is not None:
                raise StoreForeign("There is a store in this database already.")
            fill(db, store, kind)
    finally:
        store.close()


def fill(db: Db, store: Store, kind: str) -> None:
    """The same inside a transaction of the caller's."""
    _run(db.raw, store)
    db.run("INSERT INTO info (key, value) VALUES ('kind', :kind)", kind=kind)
    _mark(db, store)


def upgrade(url: str) -> tuple[int, int]:
    """Brings an older store to this version; returns the schema numbers before and after."""
    store = Store(url)
    with store.write() as db:
        if store.dialect == "postgresql":
            become_owner(db)
            db.run("LOCK TABLE info IN EXCLUSIVE MODE")  # who upgrades at the same time finds it done
        before = int(db.scalar("SELECT value FROM info WHERE key = 'schema'"))
        if before < SCHEMA:
            _run(db.raw, store)
            _mark(db, store)
        if _has_old_rules(db):
            enforce(db)
    store.close()
    return before, SCHEMA


def has_old_rules(store: Store) -> bool:
    """Whether a server was set up by another version, whose rules of who sees and does what are still in force."""
    with store.read() as db:
        return _has_old_rules(db)


def _has_old_rules(db: Db) -> bool:
    return db.dialect == "postgresql" and is_protected(db) and rules_in_force(db) != rules_of_this_version()


def _mark(db: Db, store: Store) -> None:
    db.run(
        "INSERT INTO info (key, value) VALUES ('schema', :schema) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        schema=str(SCHEMA),
    )
    if store.dialect == "sqlite":
        db.run(f"PRAGMA application_id = {APPLICATION_ID}")
        db.run(f"PRAGMA user_version = {SCHEMA}")


def _run(raw: object, store: Store) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    from db.models import metadata
    from db.sql import borrowed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with borrowed(raw, store.dialect) as connection:
        environment = EnvironmentContext(config, script, fn=lambda revision, _: script._upgrade_revs("head", revision))
        with environment:
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
            environment.run_migrations()
