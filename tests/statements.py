"""Which statements a piece of code sends to the store, and how the store means to answer them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from db.connection import Db
from db.store import Store

Statement = tuple[str, dict[str, Any]]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements sent meanwhile, those that begin and end transactions left out."""
    sent: list[Statement] = []
    execute: Callable[..., Any] = Db._execute

    def remember(self: Db, sql: str, params: Any) -> Any:
        if not sql.startswith(("BEGIN", "COMMIT")):
            sent.append((sql, dict(params)))
        return execute(self, sql, params)

    with mock.patch.object(Db, "_execute", remember):
        yield sent


def scans(store: Store, statement: Statement) -> list[str]:
    """Steps of the plan that read a whole table. PostgreSQL is told to avoid them, as it would with many rows."""
    sql, params = statement
    with store.read() as db:
        if db.dialect == "sqlite":
            plan = [row[3] for row in db.all(f"EXPLAIN QUERY PLAN {sql}", **params)]
            derived = {"CONSTANT", *re.findall(r"(?:CO-ROUTINE|MATERIALIZE) (\S+)", "\n".join(plan))}
            scanned = [step for step in plan if step.startswith("SCAN") and not step.startswith("SCAN (subquery")]
            return [step for step in scanned if step.split()[1] not in derived]
        db.run("SET LOCAL enable_seqscan = off")
        return [row[0] for row in db.all(f"EXPLAIN {sql}", **params) if "Seq Scan on" in row[0]]
