"""What the tests of importing read their reports and stores by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cockpit.services.exchange import FileReport
from db.store import Store

DATA = Path(__file__).parent.parent / "data"
JOURNAL = ("act", "change", "dated", "score")


def check_sum(reports: Sequence[FileReport]) -> None:
    """Each row that was read is in one of the four heaps."""
    for one in reports:
        assert one.read == one.created + one.updated + one.unchanged + one.rejected, one


def counts(report: FileReport) -> tuple[int, int, int, int, int]:
    """Read, created, updated, unchanged, rejected."""
    return report.read, report.created, report.updated, report.unchanged, report.rejected


def rows(store: Store, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    """What the store holds."""
    with store.read() as db:
        return db.all(sql, **params)
