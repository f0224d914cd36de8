"""A terminal that is gone: its window was closed, its line was lost. Nobody can see the screens or press a key any more."""

from __future__ import annotations

import select

EVERY = 2.0
"""Seconds between two looks."""


def has_hung_up(file: int = 0) -> bool:
    """Whether what is read from will never say anything again; False where the system cannot tell."""
    if not hasattr(select, "poll"):
        return False
    line = select.poll()
    line.register(file, 0)
    return any(told & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, told in line.poll(0))
