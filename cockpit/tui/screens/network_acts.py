"""What one can do about a value network: who is in it, as what, who left, whom to meet next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.network import NextMeetings
    from cockpit.services.people import PersonRow

ROLES: tuple[str | None, ...] = (None, "generator", "driver")


class NetworkActs(CockpitScreen):
    """Mixed into screens that know an account or its people."""

    def subject(self) -> tuple[int, str] | None:
        """The account that is meant, and its name."""
        raise NotImplementedError

    def people_chosen(self) -> Sequence[PersonRow]:
        """The people that are marked, or the one under the cursor."""
        return ()

    def act_member(self) -> None:
        """Into the value network, or out of it: all as the first of them is not."""
        from cockpit.services.membership import set_members

        chosen = self.people_chosen()
        if chosen:
            on = not chosen[0].value_network
            pairs = [(one.id, one.account_id) for one in chosen]
            self.do(lambda: set_members(self.desk, pairs, on))

    def act_role(self) -> None:
        """The next role in the network: none, generator, driver."""
        from cockpit.services.membership import set_members

        chosen = self.people_chosen()
        if chosen:
            now = chosen[0].network_role
            role = ROLES[(ROLES.index(now) + 1) % len(ROLES)] if now in ROLES else None
            pairs = [(one.id, one.account_id) for one in chosen]
            self.do(lambda: set_members(self.desk, pairs, True, role or ""))

    def act_gone(self) -> None:
        """She left, or does something else at the customer now."""
        from cockpit.services.departure import left

        chosen = self.people_chosen()
        if not chosen:
            return
        one = chosen[0]
        fields = (
            Field("what", "What", "left", choices=(("left", "left the company"), ("role", f"no longer at {one.account}"))),
            Field("on", "On", "", hint="today; or yesterday, mon, 2026-11-20"),
            Field("note", "Note", lines=2, hint="where to, who follows"),
        )

        def then(values: Values) -> None:
            at = one.account_id if values["what"] == "role" else None
            self.do(
                lambda: left(self.desk, one.id, values["on"] or None, at, values["note"] or None),
            )  # fmt: skip

        self.ask(FormSpec(f"Left · {one.name}", fields, "save"), then)

    def act_meet(self) -> None:
        """The fewest meetings that reach the coverage goal."""
        of = self.subject()
        if of is None:
            return
        from cockpit.services.network import next_meetings
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.network import next_lines

        def arrived(found: NextMeetings) -> None:
            title = f"Whom to meet next · {of[1]}"
            self.app.push_screen(Sheet(title, lambda width, p: next_lines(found, width, p), self.palette))

        self.later("meet", lambda: next_meetings(self.desk, of[0]), arrived)

    def show_why(self, account_id: int, name: str) -> None:
        """The sums behind an account's network in a sheet."""
        from cockpit.services.network import NetworkShown, show_network
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.network import why_lines

        def arrived(shown: NetworkShown) -> None:
            self.app.push_screen(Sheet(f"Network · {name}", lambda width, p: why_lines(shown, width, p), self.palette, wide=True))

        self.later("why", lambda: show_network(self.desk, account_id), arrived)

    def open_activity(self, activity_id: int, account: str) -> None:
        """All of an entry of a timeline in a sheet."""
        from cockpit.services.timeline import activity
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render import timeline as render

        zone = self.drawing().zone

        def arrived(entry: Any) -> None:
            self.app.push_screen(Sheet(account, lambda width, p: render.whole(entry, width, p, zone), self.palette))

        self.later("activity", lambda: activity(self.desk, activity_id), arrived)
