"""Whether an app is at rest: every part waits for a message, and nothing is under way that will send one."""

from __future__ import annotations

from collections.abc import Iterator

from textual.message_pump import MessagePump
from textual.timer import Timer

from cockpit.tui.app import CockpitApp

AFTER_DRAWING = "what comes after drawing"
SOON = 0.1
"""Seconds: a timer of so few is part of what a key began; one of more (a toast's) is not."""


def busy(app: CockpitApp) -> Iterator[str]:
    """What is under way; nothing when the app is at rest."""
    yield from (f"worker {worker.group}" for worker in app.workers if not worker.is_finished)
    yield from (f"key {event}" for event in app._keys_behind)
    for part in (app, *app._registry):
        if (part is app or part._task is not None) and not _waits(part):
            yield f"messages of {part}"
        yield from (f"timer of {part}" for timer in part._timers if _strikes_soon(timer))
    if not app._animator._complete_event.is_set():
        yield "animation"
    if app.screen._callbacks:
        yield AFTER_DRAWING


def _waits(part: MessagePump) -> bool:
    """Whether a part has done all it was told and waits for more: its task stands at its queue."""
    told = part._message_queue.ready_event
    return not told.is_set() and bool(told._waiters) and not part._next_callbacks  # type: ignore[attr-defined]


def _strikes_soon(timer: Timer) -> bool:
    once = timer._repeat == 0
    return once and timer._interval <= SOON and timer._active.is_set() and timer._task is not None and not timer._task.done()
