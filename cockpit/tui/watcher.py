"""The watch on the store: one thread that looks a few times a second and tells the screen only when something changed.

Once a minute it also lets what fell due happen (``tick``), as the command line does before each write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from cockpit.desk import Desk
from cockpit.services.health_run import BEHIND
from cockpit.services.live import Live, Mark, changes_since, close
from cockpit.services.stuck import any_waits
from cockpit.services.tick import tick
from cockpit.tui import perform
from db.errors import StoreError

EVERY = 0.25
"""Seconds between two looks; a colleague's claim shows well within one."""
TICK_EVERY = 60.0
AGAIN_AFTER = 1.0
"""Seconds between two looks while the store does not answer."""


class Watcher(threading.Thread):
    """Looks until it is stopped. Everything it has to tell it tells by the two functions it is given."""

    def __init__(self, desk: Desk, changed: Callable[[Live], None], alive: Callable[[str], None]) -> None:
        """``changed`` is called for each change, ``alive`` with the trouble, or nothing when the store answers again."""
        super().__init__(name="cockpit-watch", daemon=True)
        self._desk = desk
        self._changed = changed
        self._alive = alive
        self._stop_now = threading.Event()
        self._look_now = threading.Event()

    def stop(self) -> None:
        """End; returns when the thread is through, so that the store can be closed."""
        self._stop_now.set()
        self._look_now.set()
        if self.is_alive():
            self.join(timeout=5)

    def look(self) -> None:
        """Look now and not at the next turn."""
        self._look_now.set()

    def run(self) -> None:
        """See the class."""
        mark: Mark | None = None
        trouble = ""
        ticked = monotonic()
        while not self._stop_now.is_set():
            try:
                live = changes_since(self._desk, mark)
            except Exception as why:  # noqa: BLE001 - the watch goes on whatever it meets, or the screen would be stale for ever
                _close(mark)
                mark = None
                if not trouble:
                    trouble = str(perform.sayable(why))
                    self._alive(trouble)
                self._wait(AGAIN_AFTER)
                continue
            mark = live.mark
            if trouble:
                trouble = ""
                self._alive("")
                live = replace(live, changed=True, everything=True)  # nobody knows what happened meanwhile
            if live.changed:
                self._changed(live)
            if monotonic() - ticked > TICK_EVERY:
                ticked = monotonic()
                self._tick()
            self._wait(EVERY)
        _close(mark)

    def _wait(self, seconds: float) -> None:
        self._look_now.wait(seconds)
        self._look_now.clear()

    def _tick(self) -> None:
        if not self._desk.read_only:
            try:
                tick(self._desk, BEHIND)
                self._deliver()
            except Exception as why:  # noqa: BLE001 - what falls due now falls due a minute later; a bug is in the log
                perform.sayable(why)

    def _deliver(self) -> None:
        """Mail that fell due leaves; what that takes is imported when there is some."""
        if any_waits(self._desk):
            from cockpit.services.delivery import deliver_due

            deliver_due(self._desk)


def _close(mark: Mark | None) -> None:
    if mark is not None:
        try:
            close(mark)
        except StoreError:
            return
