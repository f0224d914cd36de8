"""What the steps of the incoming side open: acceptance, systems, criteria, the gate, the end; and which step opens what."""

from __future__ import annotations

from typing import Any

from cockpit.tui.modals.field import Field, FormSpec
from cockpit.tui.screens.guided_many import GuidedMany


class GuidedActs(GuidedMany):
    """Mixed into the guided screen."""

    def act_open(self) -> None:
        """Open what the step is about."""
        step = self.step
        if step is None or self.shown is None:
            return
        name = (step.opens or "note").replace(" ", "_")
        method = getattr(self, f"open_{name}", None)
        if method is not None:
            method()
        else:
            self.tick()

    def open_team(self) -> None:
        """How the team works, and the note that it is done."""
        options = [("go", "Go to the team", ""), ("done", "It is done: say what was set", "")]
        self.pick("The team", options, lambda value: self.cockpit.go("team") if value == "go" else self.tick())

    def open_accept(self) -> None:
        """The hand-over itself."""
        self.act_accept()

    def open_systems(self) -> None:
        """What must change elsewhere; enter confirms one."""
        from cockpit.services.transition_systems import confirm_system, systems

        def arrived(found: Any) -> None:
            options = [
                (one.system, f"{'✔' if one.done else '○'} {one.system}: {one.field} {one.old} → {one.new}", one.key or "") for one in found
            ]
            self.pick("Other systems · enter confirms", options,
                      lambda name: self.do(lambda: confirm_system(self.desk, self.transition_id, name)))  # fmt: skip

        self.later("systems", lambda: systems(self.desk, self.transition_id), arrived)

    def open_criteria(self) -> None:
        """What the pool asks; a lead waives one with a reason."""
        from cockpit.services.transition_acts import waive

        shown = self.shown
        keys = ("arr", "escalation", "live", "renewal")
        options = [
            (key, f"{'✔' if holds else '✗' if holds is not None else '?'} {title}", says)
            for key, (title, holds, says) in zip(keys, shown.criteria if shown else (), strict=False)
        ]

        def chosen(key: str) -> None:
            self.ask_words(
                "Waive a criterion", "Because", lambda text: self.do(lambda: waive(self.desk, self.transition_id, key, text))
            )

        self.pick("What the pool asks · enter waives", options, chosen)

    def open_choose(self) -> None:
        """Who takes it over, and why."""
        from cockpit.services.transition_acts import choose

        fields = (
            Field("to", "Who", required=True, hint="login", suggest=self.cockpit.names.logins),
            Field("why", "Because", hint="capacity, language, segment, past contact"),
        )
        spec = FormSpec(f"Who takes {self.transition.account}?", fields, "choose")
        self.ask(spec, lambda values: self.do(lambda: choose(self.desk, self.transition_id, values["to"], values["why"])))

    def open_gate(self) -> None:
        """The gatekeeper's word."""
        from cockpit.services.transition_acts import pass_gate

        options = [("brief", "Read the brief", ""), ("pass", "Let it in", ""), ("back", "Send it back, with reasons", "")]

        def chosen(value: str) -> None:
            if value == "brief":
                self.act_brief()
            elif value == "pass":
                self.do(lambda: pass_gate(self.desk, self.transition_id))
            else:
                self.act_send_back()

        self.pick("Gatekeeper's review", options, chosen)

    def open_check_in(self) -> None:
        """The check-in's CTA; after the last one the hand-over ends."""
        from cockpit.services.transition_acts import end

        def chosen(value: str) -> None:
            if value == "end":
                self.do(lambda: end(self.desk, self.transition_id))
            else:
                self.of_account("CTAs of", lambda id_: self.cockpit.open_account(id_, "ctas"))

        options = [("ctas", "Open the CTAs of the account", ""), ("end", "End it: the follow-up is done", "")]
        self.pick("Check-in", options, chosen)

    def open_stay(self) -> None:
        """Whether it stays in the pool."""
        from cockpit.services.transition_acts import end

        self.ask_words("Stay, or back to a CSM?", "Say", lambda text: self.do(lambda: end(self.desk, self.transition_id, text)),
                       hint="it stays, because …")  # fmt: skip

    def open_questions(self) -> None:
        """Questions of either side; enter on one answers it."""
        from cockpit.services.transition_talk import answer

        found = self.shown.questions if self.shown is not None else ()
        options = [("", "Ask something", "")]
        options += [(str(one.id), f"{'○' if one.is_open else '✔'} {one.body}", one.answer or one.asked_by or "") for one in found]

        def chosen(value: str) -> None:
            if not value:
                self.act_question()
            else:
                self.ask_words("Answer", "Answer", lambda text: self.do(lambda: answer(self.desk, int(value), text)), save="answer")

        self.pick("Questions · enter answers", options, chosen)
