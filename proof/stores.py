"""Stores full of free CTAs, journaled like any other, made once per size and copied for each trial."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cockpit.desk import SYSTEM, Desk, Me
from cockpit.services.session import who_is
from cockpit.services.setup import furnish
from db.journal import Act
from db.store import Store
from db.terms import Face
from db.write import Writer
from proof.server import Server

FEW, MANY = 64, 512
"""CSMs of a small and of a large store. A worker changes seats now and then: nobody holds a hundred thousand CTAs."""
PER_ACCOUNT = 5
"""Free CTAs an account has: a claim names the account's others, and an account with thousands is nobody's."""


@dataclass(slots=True)
class Places:
    """Where the stores of one run lie: files in a folder, databases on a server, or both."""

    folder: Path
    server: Server | None = None
    prefix: str = "proof"
    """Of the names of databases: two runs on one server must not meet."""
    _made: dict[tuple[str, int], str] = field(default_factory=dict)
    _count: int = 0

    def dialects(self) -> list[str]:
        """The kinds of store there are here."""
        return ["sqlite"] if self.server is None else ["sqlite", "postgresql"]

    def copy(self, dialect: str, ctas: int) -> str:
        """The URL of a fresh store with so many free CTAs."""
        if (dialect, ctas) not in self._made:
            url = self.empty(dialect, f"full{ctas}")
            fill(url, ctas)
            self._made[dialect, ctas] = url
        return self.copy_of(self._made[dialect, ctas])

    def copy_of(self, url: str) -> str:
        """The URL of a copy of a store nobody has open."""
        self._count += 1
        if self.server is not None and url.startswith("postgresql"):
            return self.server.database(f"{self.prefix}_{self._count}", urlsplit(url).path[1:])
        target = self.folder / f"copy-{self._count}.db"
        shutil.copy(url, target)
        return str(target)

    def empty(self, dialect: str, name: str) -> str:
        """The URL of a place where a store may be made."""
        if dialect == "sqlite":
            return str(self.folder / f"{name}.db")
        assert self.server is not None
        return self.server.database(f"{self.prefix}_{name}")

    def close(self) -> None:
        """Throws away what copies were made from."""
        for url in self._made.values():
            self.drop(url)
        self._made.clear()

    def settle(self, url: str) -> None:
        """Waits until the server has noticed that killed clients are gone."""
        if not url.startswith("postgresql"):
            return
        import psycopg

        ours = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(url, autocommit=True) as raw:
            deadline = time.monotonic() + 30
            while raw.execute(ours).fetchone() != (0,) and time.monotonic() < deadline:
                time.sleep(0.05)

    def drop(self, url: str) -> None:
        """Throws a store away."""
        if self.server is not None and url.startswith("postgresql"):
            self.server.drop(urlsplit(url).path[1:])
            return
        for tail in ("", "-wal", "-shm", "-gate"):
            with suppress(FileNotFoundError):
                Path(f"{url}{tail}").unlink()


def fill(url: str, ctas: int) -> None:
    """Makes a store with CSMs in one pool without limits and so many free CTAs."""
    store = Store.create(url, kind="test")
    furnish(Desk(store, SYSTEM, face=Face.SYSTEM), None)

    def build(work: Writer) -> None:
        pool = work.insert("pool", {"name": "Proof", "max_open": 10**9})
        people = work.insert_many("csm", [{"login": login(n), "name": f"Csm Number{n}"} for n in range(FEW if ctas < 2_000 else MANY)])
        work.insert_many("pool_member", [{"pool_id": pool, "csm_id": id_} for id_ in people])
        accounts = work.insert_many("account", ({"name": f"Account {n}", "pool_id": pool} for n in range(-(-ctas // PER_ACCOUNT))))
        kind = work.db.scalar("SELECT min(id) FROM cta_type")
        reason = work.insert("reason", {"name": "Usage drop"})
        now = work.act.at
        ids = work.insert_many(
            "cta",
            ({"account_id": accounts[n // PER_ACCOUNT], "pool_id": pool, "type_id": kind, "reason_id": reason,
              "title": "Usage drop", "opened_at": now} for n in range(ctas)),
        )  # fmt: skip
        for start in range(0, len(ids), 10_000):
            work.derive("cta", {id_: {"rank": id_ * 7919 % 1_000_003} for id_ in ids[start : start + 10_000]})

    journaled(store, "proof_build", build)
    if store.dialect == "postgresql":
        store.connect().execute("VACUUM ANALYZE").connection.close()
    store.close()


def journaled(store: Store, verb: str, body: Callable[[Writer], object], me: Me = SYSTEM) -> int | None:
    """One act of the harness, outside the register of use-cases; returns its id."""
    with store.write() as db:
        work = Writer(db, Act(verb, Face.SYSTEM, me.login, me.id, datetime.now(UTC), what="Proof"))
        body(work)
        act_id = work.journal.close()
        work.journal.finish()
        return act_id


def login(seat: int) -> str:
    """Who sits there."""
    return f"csm{seat:03}"


def sit(store: Store, seat: int) -> Desk:
    """The desk of that CSM, on the real clock."""
    with store.read() as db:
        return Desk(store, who_is(db, store, login(seat)))


def free(store: Store) -> list[int]:
    """The list everybody reads before the run: every free CTA, best first."""
    with store.read() as db:
        return [
            row[0] for row in db.all("SELECT id FROM cta WHERE owner_id IS NULL AND status = 'open' ORDER BY rank, id")
        ]
