"""What the finder offers beyond acts: saved views, accounts by name, and what has the words in it. Runs in worker threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cockpit.services import view
from cockpit.services.search import accounts_for, search
from cockpit.tui import perform

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.services.view import ViewRow
    from cockpit.tui.app import CockpitApp

MOST = 8
EACH = 4
"""Hits of each kind; `cockpit search` shows the rest."""
SHORTEST = 3
WORDS = {"person": "person", "cta": "CTA", "activity": "entry"}
SCREENS = ("queue", "work", "accounts")


def find(desk: Desk, typed: str) -> list[tuple[str, str, str]]:
    """Views and accounts that have what was typed in their name; then people, CTAs and entries with it, by their account."""
    views = [
        (f"view:{screen}:{one.id}", one.name, f"view of {screen}")
        for screen in SCREENS
        for one in view.views(desk, screen)
        if typed.casefold() in one.name.casefold()
    ]
    hits = accounts_for(desk, typed, MOST)
    accounts = [(f"account:{hit.id}", hit.title, f"account · {hit.by}" if hit.by else "account") for hit in hits]
    return [*views, *accounts, *_written(desk, typed)]


def _written(desk: Desk, typed: str) -> list[tuple[str, str, str]]:
    if len(typed.strip().replace('"', "")) < SHORTEST:
        return []
    hits = search(desk, typed, kinds=tuple(WORDS), limit=EACH).hits
    return [
        (f"account:{hit.account_id}", hit.title, f"{WORDS[hit.kind]} · {hit.account}") for hit in hits if hit.account_id is not None
    ]


def open_view(app: CockpitApp, name: str) -> None:
    """Go to a view's screen and show it."""
    screen_name, _, id_ = name.partition(":")

    def arrived(found: ViewRow) -> None:
        show_filtered(app, screen_name, found.query, found.sort)

    perform.background(app, app, "view", lambda: view.find_view(app.desk, screen_name, id_), arrived)


def on_list(app: CockpitApp, screen_name: str, then: Callable[[Any], None]) -> None:
    """Go to a list, and do something with its screen."""
    from cockpit.tui.screens.keeping import Keeping

    app.go(screen_name)

    def there() -> None:
        if isinstance(app.screen, Keeping):
            then(app.screen)

    app.call_after_refresh(there)


def show_filtered(app: CockpitApp, screen_name: str, where: str, sort: str | None = None) -> None:
    """Go to a list and filter it; ``sort`` None leaves it as it is."""
    on_list(app, screen_name, lambda screen: screen.show_view(where, sort))
