"""What the finder offers beyond acts: accounts by name, saved views. Runs in worker threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.services import view
from cockpit.services.account import accounts_page
from cockpit.tui import perform

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.screens.keeping import ViewLike

MOST = 8
SCREENS = ("queue", "work", "accounts")


def find(desk: Desk, typed: str) -> list[tuple[str, str, str]]:
    """Views, then accounts, that have what was typed in their name."""
    quoted = '"' + typed.replace("\\", "").replace('"', "") + '"'
    views = [
        (f"view:{screen}:{one.id}", one.name, f"view of {screen}")
        for screen in SCREENS
        for one in view.views(desk, screen)
        if typed.casefold() in one.name.casefold()
    ]
    rows = accounts_page(desk, quoted, limit=MOST).rows
    return [*views, *((f"account:{row.id}", row.name, f"account {row.segment or ''}".strip()) for row in rows)]


def open_view(app: CockpitApp, name: str) -> None:
    """Go to a view's screen and show it."""
    screen_name, _, id_ = name.partition(":")

    def arrived(found: ViewLike) -> None:
        from cockpit.tui.screens.keeping import Keeping

        app.go(screen_name)

        def show() -> None:
            if isinstance(app.screen, Keeping):
                app.screen.show_view(found.query, found.sort)

        app.call_after_refresh(show)

    perform.background(app, app, "view", lambda: view.find_view(app.desk, screen_name, id_), arrived)


def show_filtered(app: CockpitApp, screen_name: str, where: str) -> None:
    """Go to a list and filter it."""
    from cockpit.tui.screens.keeping import Keeping

    app.go(screen_name)

    def show() -> None:
        screen = app.screen
        if isinstance(screen, Keeping):
            screen.show_view(where, screen.sort)

    app.call_after_refresh(show)
