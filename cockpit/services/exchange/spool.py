"""Rows kept in the order they came, in memory while few and in a private, nameless file when many."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

BATCH = 2_000
_IN_MEMORY = 32 * 2**20


class Spool(Generic[T]):
    """Append, then iterate as often as needed. Only what this process wrote is ever unpickled."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as the spool
        self._pending: list[T] = []
        self._ends: list[int] = []
        self.count = 0

    def append(self, item: T) -> None:
        """Adds one item."""
        self._pending.append(item)
        self.count += 1
        if len(self._pending) >= BATCH:
            self._flush()

    def batches(self) -> Iterator[list[T]]:
        """The items, up to BATCH at a time."""
        self._flush()
        start = 0
        for end in self._ends:
            self._file.seek(start)
            batch: list[T] = pickle.loads(self._file.read(end - start))
            yield batch
            start = end

    def __iter__(self) -> Iterator[T]:
        for batch in self.batches():
            yield from batch

    def __len__(self) -> int:
        return self.count

    def close(self) -> None:
        """Frees the file."""
        self._file.close()

    def _flush(self) -> None:
        if self._pending:
            self._file.seek(self._ends[-1] if self._ends else 0)
            self._file.write(pickle.dumps(self._pending, protocol=5))
            self._ends.append(self._file.tell())
            self._pending = []
