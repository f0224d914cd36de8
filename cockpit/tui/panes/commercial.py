"""Commercial: contracts drawn over time, subscriptions and opportunities, the dates that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.tui.panes.drawn import DrawnPane, Whole
from cockpit.tui.render import facts as render
from cockpit.tui.render.columns import Table
from cockpit.tui.render.commercial import commercial_lines
from cockpit.tui.render.line import Line
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.commercial import Commercial
    from cockpit.services.fact import FactRow


class CommercialPane(Whole, DrawnPane["FactRow", "Commercial"]):
    """What is paid, until when, and what may be sold."""

    name_ = "commercial"
    letter = "m"
    title = "Commercial"
    things = frozenset({"subscription", "opportunity", "account", "product", "renewal_call", "feed"})
    head = render.HEAD

    def table(self) -> Table[FactRow]:
        """Subscriptions, opportunities."""
        return render.money_table()

    def read(self) -> Commercial:
        """The account's money."""
        from cockpit.services.commercial import commercial

        return commercial(self.host.desk, self.account_id, self.host.whole_family)

    def drawn(self, of: Commercial, width: int, height: int, p: Palette) -> list[Line]:
        """Figures and the time line."""
        return commercial_lines(of, self.host.desk.today(), width, height, p)

    def listed(self, of: Commercial) -> Sequence[FactRow]:
        """Its rows."""
        return of.rows

    def cells(self, row: FactRow) -> Sequence[str]:
        """A row of a copy."""
        return render.as_text(row, self.host.desk.today())

    def why_empty(self) -> Sequence[str]:
        """Nothing was sold that we know of."""
        return ("No subscription and no opportunity is known.", "a notes one · cockpit import FILE brings them")

    def act_add(self) -> None:
        """A subscription, an opportunity, a product."""
        self.host.start_new_fact(("subscription", "opportunity", "product"))
