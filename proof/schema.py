"""SIGKILL while the tables are made or changed: the old schema or the new one, and doing it again works."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

import db.migrations
from cockpit.services.errors import Refused
from cockpit.services.session import open_desk
from cockpit.services.setup import upgrade_store
from db.connection import Db
from db.errors import StoreError, StoreVersion
from db.models import metadata
from db.sql import borrowed
from db.store import APPLICATION_ID, SCHEMA, Store
from proof import checker
from proof.stores import Places
from proof.table import Row
from proof.victims import Voice, slaughter

OLD = 1
PEOPLE = 5_000


def old_store(url: str) -> None:
    """Makes a store of the first schema with a few thousand CSMs in it."""
    store = Store(url)
    with store.write() as db:
        migrate(db, f"{OLD:04}")
        for key, value in (("kind", "test"), ("schema", str(OLD))):
            db.run("INSERT INTO info (key, value) VALUES (:key, :value)", key=key, value=value)
        rows = [
            {"id": n, "uid": n.to_bytes(16, "big"), "rev": 0, "head": b"", "login": f"csm{n}", "name": f"Csm {n}", "on": True}
            for n in range(1, PEOPLE + 1)
        ]
        db.many(
            "INSERT INTO csm (id, uid, rev, head, login, name, role, active)"
            " VALUES (:id, :uid, :rev, :head, :login, :name, 'csm', :on)",
            rows,
        )
        if store.dialect == "sqlite":
            db.run(f"PRAGMA application_id = {APPLICATION_ID}")
            db.run(f"PRAGMA user_version = {OLD}")
    store.close()


def migrate(db_: Db, to: str) -> None:
    """Runs the migrations up to one revision inside this transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(db.migrations.__file__).parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with borrowed(db_.raw, db_.dialect) as connection:
        steps: Any = lambda revision, _: script._upgrade_revs(to, revision)  # noqa: E731
        with EnvironmentContext(config, script, fn=steps) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
            environment.run_migrations()


def makes(voice: Voice, number: int, urls: list[str]) -> None:
    """Makes a new store, as ``cockpit import`` does where there is none."""
    voice.begins()
    start = time.perf_counter()
    make(urls[number])
    voice.acknowledges(time.perf_counter() - start)


def make(url: str) -> None:
    """What is killed, and what is done again afterwards."""
    open_desk(url, "ana", create=True, env=_nobody()).store.close()


def upgrades(voice: Voice, number: int, urls: list[str]) -> None:
    """Brings an old store to the newest schema."""
    voice.begins()
    start = time.perf_counter()
    upgrade_store(urls[number])
    voice.acknowledges(time.perf_counter() - start)


def upgrades_carelessly(voice: Voice, number: int, urls: list[str]) -> None:
    """The control: every statement of the migration is a transaction of its own."""
    store = Store(urls[number])
    voice.begins()
    start = time.perf_counter()
    migrate(Db(store.connect(), store.dialect), f"{SCHEMA:04}")
    with store.write() as db_:
        db_.run("UPDATE info SET value = :schema WHERE key = 'schema'", schema=str(SCHEMA))
        if store.dialect == "sqlite":
            db_.run(f"PRAGMA user_version = {SCHEMA}")
    voice.acknowledges(time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Upshot:
    """How many stores were found in each state after the kill, and how many could not be finished afterwards."""

    kills: int
    old: int
    new: int
    between: int
    stuck: list[str]

    @property
    def bad(self) -> int:
        """What must not be."""
        return self.between + len(self.stuck)

    def __str__(self) -> str:
        return f"{self.between} between, {len(self.stuck)} that could not be finished" + "".join(
            f" ({why})" for why in self.stuck[:1]
        )


def killed_upgrades(
    places: Places, dialect: str, kills: int, task: Callable[..., None] = upgrades, seed: int = 3
) -> Upshot:
    """Kills that many upgrades of copies of one old store."""
    origin = places.empty(dialect, f"old_{task.__name__}")
    old_store(origin)
    before, timed = shape(origin), places.copy_of(origin)
    longest = length(task, timed)
    after = shape(timed)
    urls = [places.copy_of(origin) for _ in range(kills)]
    victims = slaughter(task, (urls,), kills, longest, seed, at_once=1)
    found = [_state(places, url, before, after) for url in urls]
    stuck = [why for url in urls if (why := _unfinished(url, upgrade_store, after))]
    for url in (*urls, timed, origin):
        places.drop(url)
        Path(f"{url}.before-upgrade").unlink(missing_ok=True)
    ended = sum(bool(victim.acknowledged) for victim in victims)
    return Upshot(kills - ended, found.count("old"), found.count("new"), found.count("between"), stuck)


def killed_makings(places: Places, dialect: str, kills: int, seed: int = 4) -> Upshot:
    """Kills that many makings of a new store; "old" is nothing at all."""
    timed = places.empty(dialect, "made_timed")
    longest = length(makes, timed)
    after = shape(timed)
    urls = [places.empty(dialect, f"made_{n}") for n in range(kills)]
    victims = slaughter(makes, (urls,), kills, longest, seed, at_once=1)
    stuck = [why for url in urls if (why := _unfinished(url, make, after))]
    for url in (*urls, timed):
        places.drop(url)
    ended = sum(bool(victim.acknowledged) for victim in victims)
    return Upshot(kills - ended, 0, 0, 0, stuck)


def length(task: Callable[..., None], url: str, *more: object) -> float:
    """The seconds that a victim takes which is left alive."""
    (alone,) = slaughter(task, ([url], *more), 1, 0.0, 0, spare=True)
    return float(alone.acknowledged[0][0])


def shape(url: str) -> tuple[Any, ...]:
    """What tells an old store from a new one: version, tables with their columns and indexes, rows, revision."""
    store = Store(url)
    with store.read() as db_:
        if store.dialect == "sqlite":
            version = db_.scalar("PRAGMA user_version")
            schema = sorted(db_.all("SELECT type, name, sql FROM sqlite_master"), key=repr)
        else:
            version = 0
            schema = sorted(
                db_.all(
                    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                    " WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes"
                    " WHERE schemaname = 'public'"
                )
            )
        rows = db_.scalar("SELECT count(*) FROM csm")
        info = db_.scalar("SELECT value FROM info WHERE key = 'schema'")
        revision = db_.scalar("SELECT version_num FROM alembic_version")
    store.close()
    return version, schema, rows, info, revision


def _state(places: Places, url: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    places.settle(url)
    found = shape(url)
    try:
        Store.open(url).close()
        opens = "new"
    except StoreVersion:
        opens = "old"
    return opens if found == {"old": before, "new": after}[opens] else "between"


def _unfinished(url: str, again: Callable[[str], object], after: tuple[Any, ...]) -> str:
    """Why doing it again does not end as if nobody had been killed; nothing when it does."""
    try:
        again(url)
        if shape(url) != after:
            return "it looks different"
        with closing(Store.open(url)) as store, store.read() as db_:
            broken = [flaw for flaw in checker.flaws(db_) if not flaw.startswith("csm ")]  # ours are not journaled
            return broken[0] if broken else ""
    except (StoreError, SQLAlchemyError, Refused) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def rows(places: Places, kills: int) -> Iterator[Row]:
    """Upgrades and makings on each store."""
    for dialect in places.dialects():
        start = time.perf_counter()
        careless = killed_upgrades(places, dialect, max(10, kills // 2), upgrades_carelessly)
        made = killed_upgrades(places, dialect, kills)
        yield Row(
            "a killed upgrade", dialect, f"{made.kills} SIGKILLs: {made.old} old, {made.new} new afterwards", str(made),
            f"each statement a transaction of its own: {careless.between} between, {len(careless.stuck)} stuck",
            made.bad == 0 and careless.bad > 0, time.perf_counter() - start,
        )  # fmt: skip
        start = time.perf_counter()
        makings = killed_makings(places, dialect, kills)
        yield Row(
            "a killed making of a store", dialect, f"{makings.kills} SIGKILLs", str(makings),
            "as above", makings.bad == 0, time.perf_counter() - start,
        )  # fmt: skip


def _nobody() -> dict[str, str]:
    """Nobody's settings, at the clock of this moment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
    return kept | {"COCKPIT_NOW": datetime.now(UTC).isoformat(), "COCKPIT_CONFIG": os.devnull}
