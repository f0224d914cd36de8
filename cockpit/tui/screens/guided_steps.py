"""What the steps of the outgoing side open: gaps, decisions, people, brief, calls, letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.say import plural
from cockpit.domain.transition import CHOICES
from cockpit.tui.files import write_new
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.perform import ACT
from cockpit.tui.render import transition as render
from cockpit.tui.screens.guided_whole import GuidedWhole

if TYPE_CHECKING:
    from cockpit.services.transition_brief import BriefShown


def _decided(choice: str | None, to: str | None) -> str:
    return f"→ {choice}{f' to {to}' if to else ''}" if choice else "undecided"


class GuidedSteps(GuidedWhole):
    """The first half."""

    def open_choose(self) -> None:
        """Who takes it over."""
        raise NotImplementedError

    def open_form(self) -> None:
        """The day, the reason, who takes it."""
        if self.transition.kind == "csm_to_csm" and self.transition.incoming == "nobody yet":
            self.open_choose()
        else:
            self.edit_transition(self.transition)

    def open_gaps(self) -> None:
        """The gaps; enter on one goes where it is mended."""
        from cockpit.services.readiness import Readiness, readiness

        def arrived(found: list[Readiness]) -> None:
            options = [
                (f"{one.account_id} {gap.pane}", f"{'●' if gap.required else '○'} {gap.title}: {gap.says}", gap.remedy)
                for one in found for gap in one.gaps
            ]  # fmt: skip
            score = min((one.score for one in found), default=100)

            def go(value: str) -> None:
                account, pane = value.split()
                self.cockpit.open_account(int(account), self.pane_named(pane))

            self.pick(f"Readiness {score} · enter goes to the remedy", options, go, empty="No gap: 100.")

        ids = [one.account_id for one in self.shown.members] if self.shown else []
        self.later("gaps", lambda: [readiness(self.desk, id_) for id_ in ids], arrived)

    def pane_named(self, name: str) -> str:
        """The pane of that name, or the first where it is not there."""
        from cockpit.tui.panes import PANES

        return name if name in {pane.name_ for pane in PANES} else "summary"

    def open_decisions(self) -> None:
        """The open things; enter on one says what becomes of it."""
        shown = self.shown
        things = shown.decisions if shown is not None else ()
        if not things:
            self.say("Nothing is open here: there is nothing to decide.")
            return
        left = sum(one.choice is None for one in things)
        options = [("", f"All that are undecided ({left})", "")] if left else []
        options += [
            (f"{one.thing}:{one.thing_id}", f"{one.thing} · {one.title}", _decided(one.choice, one.to_csm))
            for one in things
        ]
        self.pick("Decide · enter says what becomes of it", options, self._choose_for)

    def _choose_for(self, thing: str) -> None:
        words = {"move": "the incoming side takes it", "close": "it ends now", "keep": "outgoing finishes it by the day",
                 "pool": "back to the queue", "wait": "it waits for the return"}  # fmt: skip
        cover = self.transition.kind == "cover"
        options = [(one, one, words[one]) for one in CHOICES if one != "wait" or cover]
        options.insert(1, ("to", "move to somebody else", "a colleague takes it"))

        def decided(choice: str, to: str | None = None) -> None:
            from cockpit.services.transition_acts import decide

            self.do(lambda: decide(self.desk, self.transition_id, choice, [thing] if thing else (), to))

        def chosen(choice: str) -> None:
            if choice != "to":
                decided(choice)
                return
            who = Field("to", "Who", required=True, hint="login", suggest=self.cockpit.names.logins)
            self.ask(FormSpec("Who takes it?", (who,), "decide"), lambda values: decided("move", values["to"]))

        self.pick("What becomes of it?", options, chosen)

    def open_people(self) -> None:
        """The members of the network; enter on one confirms, the account's People has the rest."""
        from cockpit.services.transition_acts import confirm_people
        from cockpit.services.transition_people import reviewed

        def confirm(people: Sequence[int] = (), left: Sequence[int] = (), none: str = "") -> None:
            self.do(lambda: confirm_people(self.desk, self.transition_id, people, left, none))

        def arrived(found: Any) -> None:
            people = [(f"{one.person_id}", f"{'✔' if one.confirmed else '○'} {one.name}", f"{one.role or 'no role'} {one.channel or ''}")
                      for one in found]  # fmt: skip
            options = [("all", "Confirm all that are left", ""), ("none", "There is no driver (or key user), because …", ""),
                       ("gone", "Somebody has left the company …", ""), ("open", "Open People of the account", "")]  # fmt: skip

            def chosen(value: str) -> None:
                if value == "open":
                    self.of_account("People of", lambda id_: self.cockpit.open_account(id_, "people"))
                elif value == "none":
                    self.ask_words("No driver or key user", "Because", lambda text: confirm(none=text))
                elif value == "gone":
                    self.pick("Who has left? · event and CTA follow", people, lambda one: confirm(left=[int(one)]))
                else:
                    confirm([] if value == "all" else [int(value)])

            self.pick("People · enter confirms that it is still so", options + people, chosen)

        self.later("people", lambda: reviewed(self.desk, self.transition_id), arrived)

    def open_brief(self) -> None:
        """The sections; enter on one writes it."""
        self.of_account("Brief of", self._brief_of, but="answer_only")

    def _brief_of(self, account_id: int) -> None:
        from cockpit.services.transition_brief import show_brief

        def arrived(shown: BriefShown) -> None:
            options = [("", "Read it whole", f"version {shown.version}"), ("sign", "Sign it", shown.signed_by or "not signed")]
            marks = [("✔" if one.is_written else "○") for one in shown.sections]
            options += [
                (one.key, f"{mark} {one.title}", plural(len(one.facts), "fact")) for mark, one in zip(marks, shown.sections, strict=True)
            ]

            def chosen(key: str) -> None:
                if key == "sign":
                    from cockpit.services.transition_brief import sign

                    self.do(lambda: sign(self.desk, self.transition_id, account_id))
                elif key:
                    self._write_section(shown, key)
                else:
                    self.read_sheet(f"Brief · {shown.account}", lambda width, p: render.brief_lines(shown, width, p))

            self.pick(f"Brief of {shown.account}: {shown.written} of {len(shown.sections)} written", options, chosen)

        self.later("brief", lambda: show_brief(self.desk, self.transition_id, account_id), arrived)

    def _write_section(self, shown: BriefShown, key: str) -> None:
        from cockpit.services.transition_brief import write_section

        one = next(one for one in shown.sections if one.key == key)
        known = " · ".join(one.facts[:3])
        fields = (Field("text", one.title.split(",")[0][:18], one.text, hint=one.asks, lines=8, required=True),)
        spec = FormSpec(f"{one.title} · {shown.account}", fields, "write", draft=f"brief {shown.transition} {shown.account_id} {key}")

        def then(values: Values) -> None:
            self.do(lambda: write_section(self.desk, self.transition_id, key, values["text"], shown.account_id, one.text))

        self.say(known or one.asks)
        self.ask(spec, then)

    def open_agree(self) -> None:
        """The manager's word."""
        from cockpit.services.transition_acts import agree

        self.do(lambda: agree(self.desk, self.transition_id))

    def open_account(self) -> None:
        """The account itself."""
        self.of_account("Open", lambda id_: self.cockpit.open_account(id_))

    def open_timeline(self) -> None:
        """What happened with it."""
        self.of_account("Timeline of", lambda id_: self.cockpit.open_account(id_, "timeline"))

    def open_log(self) -> None:
        """Log something."""
        self.act_log()

    def act_log(self) -> None:
        """Log something on the account."""
        shown = self.shown
        if shown is not None:
            names = {one.account_id: one.account for one in shown.members}
            self.of_account("Log on", lambda id_: self.start_log(id_, names[id_]))

    def open_internal_call(self) -> None:
        """The call between both sides."""
        self._call("internal")

    def open_customer_call(self) -> None:
        """The call with the customer."""
        self._call("customer")

    def _call(self, which: str) -> None:
        options = [("plan", "Plan it: on the timeline, and as .ics", "10:00 on the step's day"), ("log", "It was held: log it", "")]

        def chosen(value: str) -> None:
            if value == "log":
                self.act_log()
            else:
                self.of_account("Meeting about", lambda id_: self._plan_call(which, id_))

        self.pick("The call", options, chosen)

    def _plan_call(self, which: str, account_id: int) -> None:
        from cockpit.services.transition_mail import Planned, plan_meeting

        folder = self.cockpit.export_folder()

        def planned(done: Planned) -> None:
            name = f"transition-{self.transition_id}-{which}"
            self.later(ACT, lambda: write_new(folder, name, "ics", done.ics), lambda path: self.say(f"Wrote {path}"))
            self.acted()

        self.do(lambda: plan_meeting(self.desk, self.transition_id, which, None, account_id), planned)

    def open_letter(self) -> None:
        """The letter to the customer."""
        from cockpit.services.transition_mail import draft_letter, log_letter

        def for_account(id_: int) -> None:
            def drafted(done: Any) -> None:
                self.acted()
                self.read_sheet(
                    f"Letter · {done.account}", lambda width, p: render.letter_lines(done.to, done.subject, done.body, width, p)
                )

            def chosen(value: str) -> None:
                if value == "write":
                    from cockpit.tui.screens.customers import Customers
                    from cockpit.tui.screens.mail_acts import write_to

                    write_to(self, Customers(self.transition.account, id_))
                elif value == "draft":
                    self.do(lambda: draft_letter(self.desk, self.transition_id, id_), drafted)
                else:
                    self.do(lambda: log_letter(self.desk, self.transition_id, id_))

            options = [("draft", "Draft it from the account's facts, and read it", ""), ("write", "Go over the draft and send it", ""),
                       ("sent", "It was sent by other ways: log it", "")]  # fmt: skip
            self.pick("The letter", options, chosen)

        self.of_account("Letter to", for_account)


    def act_brief(self) -> None:
        """Read the brief, write a section, sign it."""
        self.open_brief()
