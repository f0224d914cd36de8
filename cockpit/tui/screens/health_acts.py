"""What people say against a computed score: the forms, and what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.health import HealthShown, OverrideShown

TOTAL = "total"
TAKE_BACK = (("no", "it stands"), ("yes", "take it back"))


class HealthActs(CockpitScreen):
    """Mixed into the account screen."""

    account_id: int

    def start_override(self, shown: HealthShown, measure: str | None) -> None:
        """Ask what a measure or the whole score is worth, why, and until when."""
        self.ask(_form(shown, measure or TOTAL, None, self), lambda values: self._say(values["measure"], values))

    def start_edit_override(self, shown: HealthShown, measure: str | None) -> None:
        """Show what was said; change it, or take it back."""
        from cockpit.services.override import clear_override

        said = next(one for one in shown.overrides if one.measure == measure)

        def then(values: Values) -> None:
            name = measure or TOTAL
            if values["end"] == "yes":
                self.do(lambda: clear_override(self.desk, self.account_id, name))
            else:
                self._say(name, values)

        self.ask(_form(shown, measure or TOTAL, said, self), then)

    def _say(self, measure: str, values: Values) -> None:
        from cockpit.services.override import set_override
        from cockpit.tui.modals.ask import day

        until = day(values["until"], self.desk)
        if until is None:
            return
        self.do(lambda: set_override(self.desk, self.account_id, measure, int(values["value"]), values["reason"], until))


def _form(shown: HealthShown, measure: str, said: OverrideShown | None, host: Any) -> FormSpec:
    from cockpit.tui.modals.ask import readable

    def check(values: Values) -> tuple[str, str] | None:
        text = str(values.get("value", "")).strip()
        if not (text.isdigit() and int(text) <= 100):
            return "value", "Points are a whole number from 0 to 100."
        return readable(host.desk, "until")(values)

    choices = ((TOTAL, "the whole score"), *((one.name, one.label) for one in shown.measures))
    what = [Field("measure", "What", measure, choices=choices)] if said is None else []
    back = [Field("end", "Keep", "no", choices=TAKE_BACK)] if said is not None else []
    title = "Override" if said is None else f"Override of {dict(choices).get(measure, measure)}"
    return FormSpec(
        f"{title} · {shown.account}",
        (
            *what,
            Field("value", "Points", "" if said is None else str(said.value), required=True, hint="0 to 100"),
            Field("reason", "Why", "" if said is None else said.reason, required=True, hint="what you know that the figures do not"),
            Field("until", "Until", "" if said is None else said.until.isoformat(), required=True, hint="2w, 4 Dec: within 60 days"),
            *back,
        ),
        check=check,
    )  # fmt: skip
