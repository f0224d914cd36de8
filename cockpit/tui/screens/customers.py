"""Who is written to from a list: one customer, or all that are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customers:
    """One account (``id``), or those whose ids ``ids`` tells; call it in a worker thread."""

    words: str
    id: int | None = None
    ids: Callable[[], Sequence[int]] | None = None
    cta: int | None = None
