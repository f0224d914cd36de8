"""From where a leave is opened: those that run, or somebody new who leaves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.leave_board import LeaveRow

YES_NO = (("no", "no"), ("yes", "yes"))
NEW = "new"


class Leaving(CockpitScreen):
    """Mixed into Transitions and Team."""

    def leaver_login(self) -> str:
        """Whom the form starts with."""
        return ""

    def act_leaver(self) -> None:
        """A leave that was started, or a new one."""
        from cockpit.services.leave_board import leaves
        from cockpit.tui.modals.pick import Pick

        def arrived(rows: tuple[LeaveRow, ...]) -> None:
            if not rows:
                self._ask_leaver()
                return
            today = self.desk.today()
            options = [(NEW, "Somebody leaves …", "hand over a whole book")]
            options += [(str(row.id), row.name, _state(row, today)) for row in rows]

            def chosen(what: str | None) -> None:
                if what == NEW:
                    self._ask_leaver()
                elif what is not None:
                    self._open(leave=int(what))

            self.app.push_screen(Pick("Leaves", options, self.palette), chosen)

        self.later("leaves", lambda: leaves(self.desk), arrived)

    def _ask_leaver(self) -> None:
        from cockpit.domain.when import FORMS
        from cockpit.tui.modals import ask

        def check(values: Values) -> tuple[str, str] | None:
            if not values["last_day"] and values["gone"] != "yes":
                return "last_day", "Her last day is needed, unless she is gone already."
            return ask.readable(self.desk, "last_day")(values)

        fields = (
            Field("login", "Who leaves", self.leaver_login(), required=True, suggest=self.cockpit.names.logins, hint="login"),
            Field("last_day", "Last day", hint=FORMS),
            Field("gone", "Gone already", "no", choices=YES_NO),
        )
        spec = FormSpec("Somebody leaves", fields, "propose", draft="leaver", check=check)
        self.ask(spec, lambda values: self._open(values))

    def _open(self, values: Values | None = None, leave: int | None = None) -> None:
        from cockpit.tui.modals import ask
        from cockpit.tui.screens.leaver import LeaverScreen

        if values is None:
            self.app.push_screen(LeaverScreen(leave=leave))
        else:
            last_day = ask.day(values["last_day"], self.desk)
            self.app.push_screen(LeaverScreen(values["login"], last_day, gone=values["gone"] == "yes"))


def _state(row: LeaveRow, today: date) -> str:
    from cockpit.domain.say import day

    last = "has left" if row.is_gone else f"last day {day(row.last_day, today)}"
    return f"over · {last}" if row.ended_at is not None else last
