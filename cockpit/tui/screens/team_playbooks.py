"""Playbooks on the Team screen: read one, write its text, start one for somebody new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.team_acts import TeamActs

if TYPE_CHECKING:
    from cockpit.services.playbook import PlaybookShown

BLANK = """name = "…"
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
LINES = 10
YES_NO = (("yes", "yes"), ("no", "no"))


class PlaybookActs(TeamActs):
    """Mixed into the Team screen."""

    def show_playbook(self, name: str) -> None:
        """Its steps in a sheet."""
        from cockpit.services.playbook import show_playbook
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.steps import playbook_lines

        def arrived(shown: PlaybookShown) -> None:
            self.app.push_screen(Sheet(shown.name, lambda width, p: playbook_lines(shown, width, p), self.palette, wide=True))

        self.later("playbook", lambda: show_playbook(self.desk, name), arrived)

    def new_playbook(self) -> None:
        """A text to begin with."""
        from cockpit.services.playbook import apply

        self.ask(text_form("New playbook", BLANK), lambda values: self._said(lambda: apply(self.desk, values["text"])))

    def edit_playbook(self, entry: Entry) -> None:
        """Its text; a changed one is the next version."""
        from cockpit.services.playbook import show_playbook

        def arrived(shown: PlaybookShown) -> None:
            def then(values: Values) -> None:
                self._said(lambda: self._save(shown, values))

            self.ask(text_form(f"Playbook · {shown.name}", shown.text, active=shown.active), then)

        self.later("playbook", lambda: show_playbook(self.desk, entry.of), arrived)

    def _save(self, shown: PlaybookShown, values: Values) -> Any:
        """What was changed: the text, or whether it is in use. Runs in a worker thread."""
        from cockpit.services.playbook import apply, switch

        text, on = values["text"], values["active"] == "yes"
        if text.strip() != shown.text.strip():
            return apply(self.desk, text)
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
            self._said(lambda: run_on_csm(self.desk, values["login"], entry.key, values["buddy"] or None))

        fields = (
            Field("login", "Who is new", required=True, suggest=logins, hint="login"),
            Field("buddy", "Buddy", suggest=logins, hint="who goes along"),
        )
        self.ask(FormSpec(f"Start · {entry.key}", fields, "start"), then)


def text_form(title: str, text: str, *, active: bool | None = None) -> FormSpec:
    """A text, checked as it is saved: the first thing that is wrong, with line and column."""

    def check(values: Values) -> tuple[str, str] | None:
        from cockpit.services.playbook import check as problems

        wrong = problems(values["text"])
        more = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return ("text", f"Line {wrong[0].line}, column {wrong[0].column}: {wrong[0].says}{more}") if wrong else None

    fields = [Field("text", "Text", text, required=True, lines=LINES)]
    if active is not None:
        fields.append(Field("active", "In use", "yes" if active else "no", choices=YES_NO))
    return FormSpec(title, fields, "apply", draft="" if active is not None else "new_playbook", check=check)
