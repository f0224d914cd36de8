"""What one does with a hand-over as a whole: accept, send back, waive, call off, ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cockpit.services.errors import Refused
from cockpit.tui.modals.field import Field, FormSpec
from cockpit.tui.render import transition as render
from cockpit.tui.render.line import Draw
from cockpit.tui.screens.starting import Starting

if TYPE_CHECKING:
    from cockpit.services.transition import StepShown, TransitionRow, TransitionShown

Option = tuple[str, str, str]


class GuidedWhole(Starting):
    """Small forms, and what is done with all of it."""

    transition_id: int
    shown: TransitionShown | None

    @property
    def step(self) -> StepShown | None:
        """The step under the cursor."""
        raise NotImplementedError

    @property
    def transition(self) -> TransitionRow:
        """The transition. Raises Refused while it is being read."""
        if self.shown is None:
            raise Refused("unread", "The hand-over is not here yet; press the key again when its steps are.")
        return self.shown.row

    # Small forms -------------------------------------------------------------------------------

    def pick(self, title: str, options: Sequence[Option], then: Callable[[str], None], empty: str = "Nothing matches.") -> None:
        """Choose one of a list."""
        from cockpit.tui.modals.pick import Pick

        def chosen(value: str | None) -> None:
            if value is not None:
                then(value)

        self.app.push_screen(Pick(title, options, self.palette, empty=empty), chosen)

    def read_sheet(self, title: str, draw: Draw) -> None:
        """Something to read."""
        from cockpit.tui.modals.sheet import Sheet

        self.app.push_screen(Sheet(title, draw, self.palette, wide=True))

    def ask_words(self, title: str, label: str, then: Callable[[str], None], *, value: str = "", hint: str = "", save: str = "save",
                  required: bool = True) -> None:  # fmt: skip
        """One text."""
        spec = FormSpec(title, (Field("text", label, value, required=required, hint=hint, lines=6),), save, draft=f"{title} {label}")
        self.ask(spec, lambda values: then(values["text"]))

    def of_account(self, title: str, then: Callable[[int], None], but: str = "") -> None:
        """Which of its accounts (``but`` those of this level); the only one without asking."""
        shown = self.shown
        if shown is None:
            return
        members = [one for one in shown.members if not but or one.level != but]
        if len(members) == 1:
            then(members[0].account_id)
        else:
            rows = [(str(one.account_id), one.account, (one.level or "").replace("_", " ")) for one in members]
            self.pick(title, rows, lambda value: then(int(value)))

    # The whole ---------------------------------------------------------------------------------

    def act_accept(self) -> None:
        """Accept for the incoming side."""
        from cockpit.services.hand_over import accept

        self.do(lambda: accept(self.desk, self.transition_id))

    def act_send_back(self) -> None:
        """Send it back with reasons."""
        from cockpit.services.transition_acts import send_back

        self.ask_words(f"Send back {self.transition.account}", "Because",
                       lambda text: self.do(lambda: send_back(self.desk, self.transition_id, text)), save="send back")  # fmt: skip

    def act_call_off(self) -> None:
        """Call it off."""
        from cockpit.services.transition_acts import cancel

        self.ask_words(f"Call off {self.transition.account}", "Because",
                       lambda text: self.do(lambda: cancel(self.desk, self.transition_id, text)), save="call off")  # fmt: skip

    def act_waive(self) -> None:
        """Let the step under the cursor go."""
        from cockpit.services.transition_acts import waive

        step = self.step
        if step is not None:
            self.ask_words(
                f"Waive: {step.title}", "Because", lambda text: self.do(lambda: waive(self.desk, self.transition_id, step.key, text)),
                save="waive",
            )  # fmt: skip

    def tick(self) -> None:
        """Record the step under the cursor as done."""
        from cockpit.services.transition_acts import do_step

        step = self.step
        if step is not None:
            self.ask_words(step.title, "Note", lambda text: self.do(lambda: do_step(self.desk, self.transition_id, step.key, text)),
                           save="done", hint="what was done", required=False)  # fmt: skip

    def act_question(self) -> None:
        """Ask the other side."""
        from cockpit.services.transition_talk import ask as ask_side

        self.ask_words(f"Ask about {self.transition.account}", "Question",
                       lambda text: self.do(lambda: ask_side(self.desk, self.transition_id, text)), save="ask")  # fmt: skip

    def act_edit(self) -> None:
        """Another day, another reason."""
        self.edit_transition(self.transition)

    def act_whole(self) -> None:
        """Everything in one sheet."""
        shown = self.shown
        if shown is not None:
            self.read_sheet(self.transition.account, lambda width, p: render.whole_lines(shown, self.desk.today(), width, p))
