"""How a value is written into a row and into the journal, the same on every store. Standard library only."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any


def moment_text(value: datetime) -> str:
    """``2026-11-22T05:50:09.000000Z``: every stored moment has this width, so text order is time order."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_uid(at: datetime | None = None, noise: Callable[[int], bytes] = os.urandom) -> bytes:
    """16 bytes: six of the clock, so that neighbours in time are neighbours in the index, and ten random."""
    millis = time.time_ns() // 1_000_000 if at is None else int(at.timestamp() * 1000)
    return millis.to_bytes(6, "big") + noise(10)


def canonical(value: Any) -> str:
    """JSON with one spelling per value, for storage and for hashing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A column's value as JSON holds it: moments and dates as ISO text, bytes as hex, enums as their value."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Enum):
        return value.value
    return value
