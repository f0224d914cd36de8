"""A filter never takes SQLite off the index that the page is read along, and asks for little else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.query import compile_query, field_help
from db.reads.cta import COLUMNS, FROM, UNASSIGNED

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OWNED = (
    "owner:me",
    "owner:ana,ben",
    "owner:any",
    "is:mine",
    "is:claimed",
    "claimed",
    "status:closed",
    "id:",
    "account_id:",
    "external:",
)
"""What contradicts the queue, or names its rows: any plan is short."""


PLAIN = [
    "acme", '"usage dropped"', "größe", "CTA-17", "(type:risk OR arr:>=20k) -segment:enterprise due:<7d", "pool:west owner:none",
]  # fmt: skip


@pytest.fixture(scope="module", params=["no statistics", "statistics"])
def raw(
    request: pytest.FixtureRequest, sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    """A queue of 4,000 in two pools, with and without ANALYZE."""
    path = tmp_path_factory.mktemp("plan") / "plan.db"
    path.write_bytes(sqlite_templates["bare"].read_bytes())
    connection = sqlite3.connect(path)
    if request.param == "statistics":
        fill(connection)
        connection.execute("ANALYZE")
    yield connection
    connection.close()


def fill(raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO cta_type (id, uid, rev, head, name, label, active) VALUES (1, x'01', 0, x'', 'risk', 'RISK', 1)"
    )
    raw.execute("INSERT INTO reason (id, uid, rev, head, name, active) VALUES (1, x'01', 0, x'', 'drop', 1)")
    for n in (1, 2):
        raw.execute("INSERT INTO pool (id, uid, rev, head, name, time_zone, currency, lease_days, max_open, active)"
                    " VALUES (?, ?, 0, x'', ?, 'UTC', 'USD', 5, 25, 1)", (n, bytes([n]), f"pool {n}"))  # fmt: skip
    raw.executemany(
        "INSERT INTO account (id, uid, rev, head, name, status, served_by, is_test, arr)"
        " VALUES (?, ?, 0, x'', ?, 'customer', 'pool', 0, ?)",
        ((n, n.to_bytes(4, "big"), f"account {n}", n * 1000) for n in range(1, 401)),
    )
    raw.executemany(
        "INSERT INTO cta (id, uid, rev, head, account_id, pool_id, type_id, reason_id, title, priority, flagged, status,"
        " opened_at, source, rank) VALUES (?, ?, 0, x'', ?, ?, 1, 1, 't', 'low', 0, 'open', '2026-11-01T00:00:00.000000Z', 'x', ?)",
        ((n, n.to_bytes(4, "big"), n % 400 + 1, n % 2 + 1, n * 7919 % 4000) for n in range(1, 4001)),
    )


def plan(raw: sqlite3.Connection, query: str, pool: bool, walk: bool = True) -> list[str]:
    """The steps of reading a page of the queue under this filter."""
    where = compile_query(query, "cta", today=NOW.date(), now=NOW, me_id=1, walk=walk)
    chosen = "c.pool_id = :pool AND " if pool else ""
    sql = f"SELECT {COLUMNS} {FROM} WHERE {UNASSIGNED} AND {chosen}({where.sql}) ORDER BY c.rank, c.id LIMIT :limit"
    params = {name: value if isinstance(value, int) else str(value) for name, value in where.params.items()}
    steps = raw.execute(f"EXPLAIN QUERY PLAN {sql}", {**params, "pool": 1, "limit": 128}).fetchall()
    return [step[3] for step in steps if step[1] == 0]


def queries() -> list[str]:
    return [
        query
        for known in field_help("cta")
        for query in (*known.examples, *(f"is:{flag}" for flag, _ in known.values if known.name == "is"))
        if not query.startswith(OWNED)
    ] + PLAIN


@pytest.mark.parametrize("pool", [False, True])
def test_the_queue_is_walked_in_its_order(raw: sqlite3.Connection, pool: bool) -> None:
    index = "USING INDEX ix_cta_queue_pool" if pool else "USING INDEX ix_cta_queue_all"
    strayed = {}
    for query in queries():
        steps = plan(raw, query, pool)
        if index not in steps[0] or any("ORDER BY" in step for step in steps):
            strayed[query] = steps
    assert strayed == {}


def test_without_walking_the_planner_is_free(raw: sqlite3.Connection) -> None:
    where = {
        walk: compile_query("arr:>=20k due:<7d", "cta", today=NOW.date(), now=NOW, walk=walk) for walk in (True, False)
    }
    assert "+a.arr" in where[True].sql
    assert "+" not in where[False].sql
    assert where[False].sql.startswith("c.account_id IN (SELECT a.id FROM account a WHERE a.arr >= ")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("account:zzzq", "SEARCH c USING INDEX ix_cta_account"),
        ("event:outage segment:smb type:risk", "SEARCH c USING INDEX ix_cta_account"),
        ("network_coverage:<50% -nps:any", "SEARCH c USING INDEX ix_cta_account"),
        ("zzzq", "SEARCH c USING INTEGER PRIMARY KEY"),
        ("zzzq CTA-17 -segment:smb", "SEARCH c USING INTEGER PRIMARY KEY"),
    ],
)
def test_without_walking_few_rows_are_looked_up(raw: sqlite3.Connection, query: str, first: str) -> None:
    steps = plan(raw, query, pool=False, walk=False)
    assert next(step for step in steps if " c " in step).startswith(first)


def test_the_column_of_the_order_stays_usable(raw: sqlite3.Connection) -> None:
    where = compile_query("due:overdue", "cta", today=NOW.date(), now=NOW, order="c.due")
    steps = raw.execute(
        f"EXPLAIN QUERY PLAN SELECT c.id FROM cta c WHERE {UNASSIGNED} AND {where.sql} ORDER BY c.due, c.id LIMIT :limit",
        {"q0": "2026-11-22", "limit": 9},
    ).fetchall()
    assert "ix_cta_queue_due (due<?)" in steps[0][3]


def test_postgresql_gets_no_unary_plus() -> None:
    """It has none for dates, and its planner knows its rows."""
    for query in queries():
        assert "+" not in compile_query(query, "cta", today=NOW.date(), now=NOW, me_id=1, dialect="postgresql").sql


def test_the_query_layer_imports_no_orm() -> None:
    code = "import sys, db.query; print([m for m in ('sqlalchemy', 'sqlmodel', 'lark', 'difflib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
