"""Being there: a heartbeat a minute while the screens are open, and who else looks at what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.tui import perform

if TYPE_CHECKING:
    from cockpit.services.presence import Present
    from cockpit.tui.app import CockpitApp

EVERY = 60.0
"""Seconds between two beats; colleagues see one for two minutes."""
ALL_POOLS = "*"
MOST_LOOKS = 500
"""Looks that wait while the store is held; older ones are let go."""


def queue_place(pool: str | None) -> str:
    """How the queue of a pool (None: of all) is called in a heartbeat."""
    return f"queue {pool or ALL_POOLS}"


class Presence:
    """Says where I am and knows who else is here. All of it runs off the screen's thread."""

    def __init__(self, app: CockpitApp, told: Callable[[], None]) -> None:
        """``told`` is called when others came, went or looked elsewhere."""
        self._app = app
        self._told = told
        self.others: tuple[Present, ...] = ()
        self._beating = False
        self._looks: list[tuple[int, str, datetime]] = []

    def look(self, account_id: int, pane: str) -> None:
        """A pane of an account came to the front: told with the next beat. The same one again within a minute is one look."""
        now = self._app.desk.now()
        if not any(look[:2] == (account_id, pane) and (now - look[2]).total_seconds() < EVERY for look in self._looks[-20:]):
            self._looks.append((account_id, pane, now))
            del self._looks[:-MOST_LOOKS]

    def flush(self) -> None:
        """Writes the looks; runs in a worker thread, or when the screens are left."""
        from cockpit.services.viewing import record

        looks, self._looks = self._looks, []
        if not record(self._app.desk, looks):
            self._looks = looks + self._looks

    def beat(self) -> None:
        """Say that I am here; look who else is. One beat at a time."""
        if self._beating:
            return
        self._beating = True
        app, place = self._app, self._app.present_place()

        def work() -> tuple[Present, ...]:
            from cockpit.services.presence import heartbeat, present

            heartbeat(app.desk, place)
            self.flush()
            return tuple(one for one in present(app.desk) if not one.is_me)

        def arrived(found: tuple[Present, ...]) -> None:
            self._beating = False
            before, self.others = self.others, found
            if [(one.login, one.screen) for one in before] != [(one.login, one.screen) for one in found]:
                self._told()

        def failed(_why: Exception) -> None:
            self._beating = False

        perform.background(app, app, "presence", work, arrived, failed)

    def leave(self) -> None:
        """Say that I am gone."""
        from cockpit.services.errors import Refused
        from cockpit.services.presence import leave
        from db.errors import StoreError

        try:
            self.flush()
            leave(self._app.desk)
        except (Refused, StoreError):
            return

    def beside(self, pool: str | None) -> list[str]:
        """Names of those who have this pool's queue open, or that of all."""
        places = {queue_place(pool), queue_place(None)}
        return [one.name for one in self.others if one.screen in places or (pool is None and one.screen.startswith("queue "))]


def words(names: Sequence[str], pool: str | None) -> str:
    """``● Ben Okafor looks at this pool``; nothing when nobody does."""
    if not names:
        return ""
    what = "this pool" if pool else "the queue"
    if len(names) == 1:
        return f" · ● {names[0]} looks at {what}"
    return f" · ● {names[0]} and {len(names) - 1} more look at {what}"
