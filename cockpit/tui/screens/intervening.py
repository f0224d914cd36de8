"""Taking an intervention through its stages, from the board and from any CTA of its account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cockpit.tui.modals import cta_ask as forms
from cockpit.tui.modals.field import Values
from cockpit.tui.screens.base import CockpitScreen
from db.terms import Stage

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow


class Intervening(CockpitScreen):
    """Mixed into screens from which one reaches an intervention."""

    def intervened(self) -> tuple[int, str] | None:
        """The account (id, name) the act is about."""
        raise NotImplementedError

    def with_intervention(self, then: Callable[[InterventionRow], None]) -> None:
        """Go on with the intervention that runs on the account."""
        from cockpit.services.intervention import intervention_of

        about = self.intervened()
        if about is None:
            self.refuse("There is no account under the cursor.")
            return

        def arrived(row: InterventionRow | None) -> None:
            if row is None:
                key = self.cockpit.keys.shown("intervene")
                self.refuse(f"No intervention runs on {about[1]}: {key} on a CTA of yours starts one.")
            else:
                then(row)

        self.later("intervention", lambda: intervention_of(self.desk, about[0]), arrived)

    def act_stage(self) -> None:
        """To the next stage, with what that needs."""
        self.with_intervention(self._forward)

    def _forward(self, row: InterventionRow) -> None:
        from cockpit.services.intervention import answered, move, set_plan
        from cockpit.tui.render.board import next_stage

        to = next_stage(row.stage)
        if to is None:
            self.refuse(f"The intervention on {row.account} has ended; I on a claimed CTA starts a new one.")
            return
        spec = forms.stage(row, to)
        if spec is None:
            self.do(lambda: move(self.desk, row.id, to))
            return

        def then(values: Values) -> None:
            if to is Stage.ENGAGED:
                self.do(lambda: answered(self.desk, row.id, values["note"]))
            elif to is Stage.SELF_SERVICE:
                links = [part.strip() for part in values["articles"].split(";") if part.strip()]
                self.do(lambda: move(self.desk, row.id, to, values["note"], articles=links))
            else:
                self.do(lambda: set_plan(self.desk, row.id, values.get("plan"), values.get("criterion")))

        self.ask(spec, then)

    def act_give_up(self) -> None:
        """End it without success, or put it back on plan."""
        self.with_intervention(self._elsewhere)

    def _elsewhere(self, row: InterventionRow) -> None:
        from cockpit.services.intervention import move
        from cockpit.tui.render.board import ends_of

        ends = ends_of(row.stage)
        if not ends:
            self.refuse(f"The intervention on {row.account} has ended already.")
            return

        def then(values: Values) -> None:
            self.do(lambda: move(self.desk, row.id, values["to"], reason=values["reason"]))

        self.ask(forms.end(row, sorted(ends, key=lambda one: (row.proposal or "") != one[0])), then)

    def edit_plan(self, row: InterventionRow) -> None:
        """Plan and criterion."""
        from cockpit.services.intervention import set_plan

        def then(values: Values) -> None:
            new = {
                name: values[name] for name, was in (("plan", row.plan), ("criterion", row.criterion)) if values[name] != (was or "")
            }
            if not new:
                self.say("Nothing changed.")
                return
            self.do(lambda: set_plan(self.desk, row.id, new.get("plan"), new.get("criterion")))

        self.ask(forms.plan(row), then)
