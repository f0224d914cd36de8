"""Settings on the Team screen: contact rules, the lines of hand-overs, types of activity and CTA, reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.tui.modals import settings_ask as forms
from cockpit.tui.modals.field import Values
from cockpit.tui.render.library import fact_lines
from cockpit.tui.render.safe import plain
from cockpit.tui.render.settings import SETTINGS
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.team_library import LibraryActs


class SettingsActs(LibraryActs):
    """Mixed into the Team screen."""

    def makers(self) -> dict[str, Callable[[], Any]]:
        """A type of activity or of CTA, the kind under the cursor first."""
        return super().makers() | {"settings": self._new_type}

    def editors(self) -> dict[str, Callable[[Entry], None]]:
        """What the kinds of rows are edited by."""
        return super().editors() | {
            "contact_rules": self._edit_rules, "lines": self._edit_lines, "activity_type": self._edit_activity_type,
            "cta_type": self._edit_cta_type, "reason": self._edit_reason,
        }  # fmt: skip

    def takers(self) -> dict[str, Callable[[Entry], Any]]:
        """How they are taken out of use; rules are not."""
        from cockpit.services import activity_type, cta_type

        off = {"active": False}
        return super().takers() | {
            "activity_type": lambda entry: activity_type.edit_type(self.desk, entry.key, off),
            "cta_type": lambda entry: cta_type.edit_type(self.desk, entry.key, off),
            "reason": lambda entry: cta_type.edit_reason(self.desk, entry.key, off),
        }

    def read_setting(self, entry: Entry) -> None:
        """All that its row says, in a sheet."""
        from cockpit.tui.modals.sheet import Sheet

        facts = [(head.title.capitalize(), plain(words)) for head, (words, _) in zip(SETTINGS, entry.cells, strict=True)]
        self.app.push_screen(Sheet(plain(entry.key), lambda width, p: fact_lines(facts, width, p), self.palette))

    # Making ------------------------------------------------------------------------------------

    def _new_type(self) -> None:
        from cockpit.tui.modals.pick import Pick

        makers = {"activity_type": self._new_activity_type, "cta_type": self._new_cta_type}
        options = [("activity_type", "Activity type", "what is logged"), ("cta_type", "CTA type", "what is to be done")]
        entry = self.entry
        options.sort(key=lambda one: entry is None or one[0] != entry.kind)

        def chosen(kind: str | None) -> None:
            if kind is not None:
                makers[kind]()

        self.app.push_screen(Pick("Make", options, self.palette), chosen)

    def _new_activity_type(self) -> None:
        from cockpit.services.activity_type import new_type

        def then(values: Values) -> None:
            given = typed(values)
            self.do(lambda: new_type(self.desk, given["name"], given["is_meeting"], given["fields"]))

        self.ask(forms.activity_type(None), then)

    def _new_cta_type(self) -> None:
        from cockpit.services.cta_type import new_type

        def then(values: Values) -> None:
            rest = [values[name] or None for name in ("required_at_close", "minutes")]
            self.do(lambda: new_type(self.desk, values["name"], values["label"], *rest))

        self.ask(forms.cta_type(None), then)

    # Editing -----------------------------------------------------------------------------------

    def _edit_rules(self, entry: Entry) -> None:
        from cockpit.services.outreach import set_rules

        self._changes(forms.rules(entry.data), lambda new, old: set_rules(self.desk, typed(new)))

    def _edit_lines(self, entry: Entry) -> None:
        from cockpit.services.transition_policy import set_transition_policy

        self._changes(forms.lines(entry.data), lambda new, old: set_transition_policy(self.desk, new))

    def _edit_activity_type(self, entry: Entry) -> None:
        from cockpit.services.activity_type import edit_type

        self._changes(forms.activity_type(entry.data), lambda new, old: edit_type(self.desk, entry.key, typed(new), typed(old)))

    def _edit_cta_type(self, entry: Entry) -> None:
        from cockpit.services.cta_type import edit_type

        self._changes(forms.cta_type(entry.data), lambda new, old: edit_type(self.desk, entry.key, new, old))

    def _edit_reason(self, entry: Entry) -> None:
        from cockpit.services.cta_type import edit_reason

        self._changes(forms.reason(entry.data), lambda new, old: edit_reason(self.desk, entry.key, new, old))


def typed(answers: Values) -> Values:
    """The answers as the use-cases take them: numbers, yes and no, a field a line."""
    found = dict(answers)
    for name, value in answers.items():
        if name in forms.NUMBERS:
            found[name] = int(value)
        elif name == "is_meeting" or name.startswith("quiet_"):
            found[name] = value == "yes"
        elif name == "fields":
            found[name] = value.split("\n") if value else []
    return found
