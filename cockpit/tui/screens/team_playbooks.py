"""Playbooks on the Team screen: read one, write its text, start one for somebody new."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.modals.text_ask import text_form
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.team_acts import TeamActs

if TYPE_CHECKING:
    from cockpit.services.playbook import PlaybookShown

BLANK = """name = ""
about = "cta"
says = "When it is used, in a sentence."

[[step]]
key = "look"
title = "Look at the account"
required = "yes"
due = "+1"
opens = "account"
done = "account opened"

[[step]]
key = "ring"
title = "Ring them"
required = "yes"
due = "+3"
needs = ["look"]
opens = "log"
done = "call logged"
"""


class PlaybookActs(TeamActs):
    """Mixed into the Team screen."""

    def makers(self) -> dict[str, Callable[[], Any]]:
        """A playbook."""
        return super().makers() | {"playbooks": self._new_playbook}

    def editors(self) -> dict[str, Callable[[Entry], None]]:
        """Its text, from its row or one below it."""
        return super().editors() | {"playbook": self._edit_playbook, "kept": self._edit_playbook}

    def takers(self) -> dict[str, Callable[[Entry], Any]]:
        """Out of use; what runs goes on."""
        return super().takers() | {"playbook": self._playbook_off}

    def _playbook_off(self, entry: Entry) -> Any:
        from cockpit.services.playbook import switch

        return switch(self.desk, entry.key, False)

    def show_playbook(self, name: str) -> None:
        """Its steps in a sheet."""
        from cockpit.services.playbook import show_playbook
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.steps import playbook_lines

        def arrived(shown: PlaybookShown) -> None:
            self.app.push_screen(Sheet(shown.name, lambda width, p: playbook_lines(shown, width, p), self.palette, wide=True))

        self.later("playbook", lambda: show_playbook(self.desk, name), arrived)

    def _new_playbook(self) -> None:
        from cockpit.services.playbook import apply, check

        spec = text_form("New playbook", BLANK, check, draft="new_playbook")
        self.ask(spec, lambda values: self.do(lambda: apply(self.desk, values["text"])))

    def _edit_playbook(self, entry: Entry) -> None:
        from cockpit.services.playbook import check, show_playbook

        def arrived(shown: PlaybookShown) -> None:
            def then(values: Values) -> None:
                self.do(lambda: self._save(shown, values))

            title = f"Playbook · {shown.name} {shown.version}"
            self.ask(text_form(title, shown.text, check, active=shown.active, draft=title), then)

        self.later("playbook", lambda: show_playbook(self.desk, entry.of), arrived)

    def _save(self, shown: PlaybookShown, values: Values) -> Any:
        """What was changed: the text, or whether it is in use. Runs in a worker thread."""
        from cockpit.services.playbook import apply, switch

        text, on = values["text"], values["active"] == "yes"
        if text.strip() != shown.text.strip():
            return apply(self.desk, text, shown.version)
        return switch(self.desk, shown.name, on)

    def act_playbook(self) -> None:
        """Start the playbook under the cursor for somebody new."""
        from cockpit.services.playbook import run_on_csm

        entry = self.entry
        if entry is None or entry.kind != "playbook":
            self.refuse("Put the cursor on a playbook.")
            return
        if entry.data.about != "csm":
            is_on_row = entry.data.about in ("cta", "account")
            where = "with K on a CTA or an account" if is_on_row else "with its transition"
            self.refuse(f"“{entry.key}” is started {where}; here one starts what is for somebody new.")
            return
        logins = self.cockpit.names.logins

        def then(values: Values) -> None:
            self.do(lambda: run_on_csm(self.desk, values["login"], entry.key, values["buddy"] or None))

        fields = (
            Field("login", "Who is new", required=True, suggest=logins, hint="login"),
            Field("buddy", "Buddy", suggest=logins, hint="who goes along"),
        )
        self.ask(FormSpec(f"Start · {entry.key}", fields, "start"), then)

