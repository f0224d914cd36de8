"""Support & surveys: tickets, answers, trainings, advocacy and events; ``t`` shows one kind of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.tui.panes.drawn import DrawnPane, Whole
from cockpit.tui.render import facts as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.line import Line
from cockpit.tui.render.support import support_lines
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.fact import FactRow
    from cockpit.services.support import Support

KINDS = ("", "ticket", "survey", "training", "advocacy", "event")
PLURALS = {"": "everything", "ticket": "tickets", "survey": "answers", "training": "trainings", "advocacy": "advocacy", "event": "events"}


class SupportPane(Whole, DrawnPane["FactRow", "Support"]):
    """What they say and what went wrong."""

    name_ = "support"
    letter = "v"
    title = "Support & surveys"
    things = frozenset({"ticket", "survey", "training", "advocacy", "event", "person", "feed"})
    head = render.HEAD
    only = ""
    """The kind shown; empty for all."""

    def table(self) -> Table[FactRow]:
        """All kinds in one table."""
        return render.voice_table()

    def read(self) -> Support:
        """All of it."""
        from cockpit.services.support import support

        return support(self.host.desk, self.account_id, self.host.whole_family)

    def drawn(self, of: Support, width: int, height: int, p: Palette) -> list[Line]:
        """Figures, tickets by month."""
        return support_lines(of, width, height, p)

    def listed(self, of: Support) -> Sequence[FactRow]:
        """Its rows, of one kind if one was chosen."""
        return [row for row in of.rows if self.only in ("", row.kind)]

    def cells(self, row: FactRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row, self.host.desk.today())

    def why_empty(self) -> Sequence[str]:
        """Nothing of it is known."""
        if self.only:
            return (f"No {PLURALS[self.only]} are known.", "t shows another kind · a notes one")
        return ("No ticket, answer, training, advocacy or event is known.", "a notes one · cockpit import FILE brings them")

    def act_turn(self) -> None:
        """Another kind, all of them again in the end."""
        self.only = KINDS[(KINDS.index(self.only) + 1) % len(KINDS)]
        self.rows.empty = self.why_empty()
        self.rows.show(self.source())
        self.host.say(f"Showing {PLURALS[self.only]}.")

    def act_add(self) -> None:
        """A ticket, an answer, a training …"""
        kinds = KINDS[1:]
        self.host.start_new_fact(kinds if not self.only else (self.only, *(kind for kind in kinds if kind != self.only)))
