"""What the steps of the incoming side open: acceptance, systems, criteria, the gate, the return; and which step opens what."""

from __future__ import annotations

from typing import Any

from cockpit.domain.say import plural
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.render import transition as render
from cockpit.tui.screens.guided_steps import GuidedSteps


class GuidedActs(GuidedSteps):
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
                      lambda name: self.act_on(lambda: confirm_system(self.desk, self.transition_id, name)))  # fmt: skip

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
                "Waive a criterion", "Because", lambda text: self.act_on(lambda: waive(self.desk, self.transition_id, key, text))
            )

        self.pick("What the pool asks · enter waives", options, chosen)

    def open_scope(self) -> None:
        """Who takes which account."""
        shown = self.shown
        if shown is not None:
            self.read_sheet("Accounts", lambda width, p: render.whole_lines(shown, self.desk.today(), width, p))

    def open_choose(self) -> None:
        """Who takes it over, and why."""
        from cockpit.services.transition_acts import choose

        fields = (
            Field("to", "Who", required=True, hint="login", suggest=self.cockpit.names.logins),
            Field("why", "Because", hint="capacity, language, segment, past contact"),
        )
        spec = FormSpec(f"Who takes {self.row.account}?", fields, "choose")
        self.ask(spec, lambda values: self.act_on(lambda: choose(self.desk, self.transition_id, values["to"], values["why"])))

    def open_gate(self) -> None:
        """The gatekeeper's word."""
        from cockpit.services.transition_acts import pass_gate

        options = [("brief", "Read the brief", ""), ("pass", "Let it in", ""), ("back", "Send it back, with reasons", "")]

        def chosen(value: str) -> None:
            if value == "brief":
                self.act_brief()
            elif value == "pass":
                self.act_on(lambda: pass_gate(self.desk, self.transition_id))
            else:
                self.act_send_back()

        self.pick("Gatekeeper's review", options, chosen)

    def open_stay(self) -> None:
        """Whether it stays in the pool."""
        from cockpit.services.transition_acts import end

        self.ask_words("Stay, or back to a CSM?", "Say", lambda text: self.act_on(lambda: end(self.desk, self.transition_id, text)),
                       hint="it stays, because …")  # fmt: skip

    def open_return_list(self) -> None:
        """What happened meanwhile; signed by who covered, taken back by the owner."""
        from cockpit.services.transition_cover import return_list, sign_return, take_back

        def arrived(made: Any) -> None:
            options = [("read", "Read the list", plural(len(made.done) + len(made.open), "line")), ("sign", "Sign it (who covered)", ""),
                       ("back", "Take the accounts back (the owner)", "")]  # fmt: skip

            def chosen(value: str) -> None:
                if value == "read":
                    self.read_sheet("Return list", lambda width, p: render.return_lines(made, width, p))
                elif value == "sign":
                    self.act_on(lambda: sign_return(self.desk, self.transition_id))
                else:
                    self.act_on(lambda: take_back(self.desk, self.transition_id))

            self.pick("Return list", options, chosen)

        self.later("return", lambda: return_list(self.desk, self.transition_id), arrived)

    def open_extend(self) -> None:
        """A later day of the return."""
        from cockpit.domain.when import FORMS
        from cockpit.services.transition_cover import extend
        from cockpit.tui.modals import ask

        fields = (Field("returns", "Back on", required=True, hint=FORMS), Field("reason", "Because"))
        spec = FormSpec("Extend the cover", fields, "extend", check=ask.readable(self.desk, "returns"))

        def then(values: Values) -> None:
            day = ask.day(values["returns"], self.desk)
            assert day is not None
            self.act_on(lambda: extend(self.desk, self.transition_id, day, values["reason"]))

        self.ask(spec, then)

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
                self.ask_words("Answer", "Answer", lambda text: self.act_on(lambda: answer(self.desk, int(value), text)), save="answer")

        self.pick("Questions · enter answers", options, chosen)
