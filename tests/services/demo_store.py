"""The default demo on several days: built once for all processes of a run, copied for each file of tests."""

from __future__ import annotations

import fcntl
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cockpit.services.demo import DemoBuilt, build_demo

CLOCKS = {
    "monday": datetime(2026, 11, 23, 9, tzinfo=UTC),
    "sunday before dawn": datetime(2026, 11, 22, 3, 10, tzinfo=UTC),
    "leap day, evening": datetime(2028, 2, 29, 22, 30, tzinfo=UTC),
    "new year": datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
}


def built(path: Path, now: datetime, **kw: Any) -> DemoBuilt:
    """A demo of the tests: built by the login ``visitor`` unless another is named."""
    return build_demo(str(path), clock=lambda: now, **{"login": "visitor", **kw})


def copy_of_demo(when: str, factory: pytest.TempPathFactory) -> Path:
    """A copy of the default demo of that day, whoever of the run builds it first."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    whole = shared / f"demo-{list(CLOCKS).index(when)}.db"
    with open(whole.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            part = whole.with_suffix(".part")
            built(part, CLOCKS[when])
            part.rename(whole)
    return Path(shutil.copy(whole, factory.mktemp("demo") / "demo.db"))
