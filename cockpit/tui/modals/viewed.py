"""Which accounts one looked at, in a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.sheet import Sheet

if TYPE_CHECKING:
    from cockpit.tui.screens.base import CockpitScreen


def show_viewed(screen: CockpitScreen) -> None:
    """The accounts I looked at, and how long that is kept."""
    from cockpit.services.viewing import keeping, viewed
    from cockpit.tui.render.viewed import viewed_lines

    def arrived(found: tuple[Any, int]) -> None:
        looks, days = found
        now = screen.desk.now()
        screen.app.push_screen(Sheet("What I looked at", lambda width, p: viewed_lines(looks, days, now, width, p), screen.palette))

    def read() -> tuple[Any, int]:
        screen.cockpit.presence.flush()
        return viewed(screen.desk), keeping(screen.desk)

    screen.later("viewed", read, arrived)
