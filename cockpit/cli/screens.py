"""From the command line to the screens."""

from __future__ import annotations

from cockpit.cli.options import GIVEN, SCREENS, Usage, as_of_day
from cockpit.services.session import open_desk
from db.terms import Face


def show() -> None:
    """Opens the screens on the store of the options."""
    desk = open_desk(GIVEN.db, GIVEN.login, face=Face.TUI, read_only=GIVEN.read_only, as_of=as_of_day())
    if not SCREENS:
        raise Usage("The screens were not brought along.")
    SCREENS[0](desk)
