"""Saying who is away: of oneself anybody, of others managers and ops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.screens.base import CockpitScreen
from db.terms import Role

if TYPE_CHECKING:
    from cockpit.tui.modals.field import Values

LEADERS = (Role.MANAGER, Role.OPS)


class AwayActs(CockpitScreen):
    """Mixed into screens on which one says who is away."""

    def away_login(self) -> str:
        """Whom the form starts with."""
        return self.desk.me.login

    def act_away(self) -> None:
        """Say who is away, and who covers."""
        from cockpit.services.away import set_away
        from cockpit.tui.modals import ask, team_ask

        is_leader = self.desk.me.role in LEADERS

        def then(values: Values) -> None:
            first, last = ask.day(values["first"], self.desk), ask.day(values["last"], self.desk)
            assert first is not None
            assert last is not None
            self.do(lambda: set_away(self.desk, values["login"], first, last, values["cover"] or None, values["note"]))

        login = self.away_login() if is_leader else self.desk.me.login
        self.ask(team_ask.away(login, self.cockpit.names.logins, self.desk, only_me=not is_leader), then)
