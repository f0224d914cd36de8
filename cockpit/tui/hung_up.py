"""A terminal that is gone: its window was closed, its line was lost. Nobody can see the screens or press a key any more."""

from __future__ import annotations

import asyncio
import select
import signal
from collections.abc import Callable
from contextlib import suppress

EVERY = 2.0
"""Seconds between two looks."""


def has_hung_up(file: int = 0) -> bool:
    """Whether what is read from will never say anything again; False where the system cannot tell."""
    if not hasattr(select, "poll"):
        return False
    line = select.poll()
    line.register(file, 0)
    return any(told & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, told in line.poll(0))


def leave_when_told(leave: Callable[[], object]) -> None:
    """Whoever is told to end (SIGTERM, SIGHUP) leaves as by a key: the terminal is as it was, the place is remembered."""
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # not on every system
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), leave)
