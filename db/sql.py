"""SQLAlchemy on the store's own connection: for migrations only, so that nothing else pays for its import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from db.connection import Dialect


@contextmanager
def borrowed(raw: Any, dialect: Dialect) -> Iterator[Connection]:
    """A SQLAlchemy connection over a driver connection that is inside the store's transaction.

    Beginning, committing and rolling back stay the store's: SQLAlchemy's own are made to do nothing.
    """
    url = "sqlite://" if dialect == "sqlite" else "postgresql+psycopg://"
    engine = create_engine(url, creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None)
    nothing = staticmethod(lambda *_: None).__func__
    for name in ("do_begin", "do_commit", "do_rollback", "do_close"):
        setattr(engine.dialect, name, nothing)
    with engine.connect() as connection:
        yield connection
