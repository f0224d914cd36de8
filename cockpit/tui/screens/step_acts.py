"""Steps of playbooks wherever a CTA or an account is under the cursor: see them, open what they are about, tick, start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Values
from cockpit.tui.screens.account_acts import AccountActs

if TYPE_CHECKING:
    from cockpit.services.playbook import PlaybookRow
    from cockpit.services.task import TaskRow

PANE_OF = {
    "account": "summary", "tickets": "support", "training": "support", "sentiment": "plan", "forecast": "plan", "goal": "plan",
    "risk": "plan", "plan": "plan", "intervention": "interventions", "network": "people", "next": "people", "person": "people",
    "cta": "ctas", "transition": "transitions", "brief": "documents", "advocacy": "support",
}  # fmt: skip
"""The pane a word of ``opens`` means, where it is not called so itself."""
FORMS = frozenset({"log", "meeting"})
"""Words that mean the form that logs."""
WRITTEN = frozenset({"outreach", "letter"})
"""Words that mean a mail to the customer."""
TITLE = 60


class StepActs(AccountActs):
    """Mixed into screens that know a CTA or an account."""

    def stepped(self) -> tuple[int | None, int, str] | None:
        """(CTA, account, its name) under the cursor; None for the CTA where it is an account."""
        raise NotImplementedError

    # Seeing ------------------------------------------------------------------------------------

    def act_steps(self) -> None:
        """The steps of the CTA or account under the cursor."""
        of = self.stepped()
        if of is None:
            self.refuse("Put the cursor on a CTA or an account.")
            return
        self._steps_of(*of)

    def act_my_tasks(self) -> None:
        """All my open tasks, what is due first."""
        from cockpit.services.task import list_tasks

        def read() -> Sequence[TaskRow]:
            return list_tasks(self.desk, self.desk.me.login)

        self._steps("My tasks", read, None, "No task is open: a claim starts the playbook of its CTA.", named=True)

    def _steps_of(self, cta_id: int | None, account_id: int, account: str, at: int | None = None) -> None:
        from cockpit.services.task import tasks_of

        title = f"Steps · {account}{f' · CTA {cta_id}' if cta_id else ''}"
        empty = "No playbook runs on it yet: a claim starts its own, a another." if cta_id else "No playbook runs here; a starts one."

        def read() -> Sequence[TaskRow]:
            return tasks_of(self.desk, cta=cta_id) if cta_id else tasks_of(self.desk, account=account_id)

        self._steps(title[:TITLE], read, (cta_id, account_id, account), empty, at=at)

    def _steps(
        self, title: str, read: Callable[[], Sequence[TaskRow]], of: tuple[int | None, int, str] | None, empty: str,
        *, named: bool = False, at: int | None = None,
    ) -> None:  # fmt: skip
        from cockpit.tui.modals.steps import Steps

        def arrived(rows: Sequence[TaskRow]) -> None:
            def chosen(what: tuple[str, TaskRow | None] | None) -> None:
                if what is None:
                    return
                verb, row = what
                place = next((n for n, one in enumerate(rows) if one is row), None)

                def again() -> None:
                    self._steps(title, read, of, empty, named=named, at=place)

                if verb == "start":
                    self._start_on(of)
                elif row is not None and verb == "open":
                    self.open_step(row)
                elif row is not None:
                    self._change(verb, row, again)

            self.app.push_screen(Steps(title, rows, self.desk.today(), self.palette, named=named, empty=empty, at=at), chosen)

        self.later("steps", read, arrived)

    # Opening -----------------------------------------------------------------------------------

    def open_step(self, row: TaskRow) -> None:
        """Open what a step is about: a form, a pane of its account, a screen."""
        from cockpit.tui.panes import PANES

        word = row.opens or "account"
        if word in ("work", "team"):
            self.cockpit.go(word)
        elif row.account_id is None:
            self.say(f"“{row.title}” is not about an account: {row.says or 'tick it with d when it is done'}.")
        elif word in FORMS:
            self.start_log(row.account_id, row.account or "", row.cta_id)
        elif word in WRITTEN:
            self._write(row)
        else:
            pane = PANE_OF.get(word, word)
            known = {one.name_ for one in PANES}
            self.cockpit.open_account(row.account_id, pane if pane in known else "summary")
            if row.says:
                self.say(f"{row.title}: {row.says}")

    def _write(self, row: TaskRow) -> None:
        from cockpit.tui.screens.customers import Customers
        from cockpit.tui.screens.mail_acts import write_to

        write_to(self, Customers(row.account or "", row.account_id, cta=row.cta_id))

    # Changing ----------------------------------------------------------------------------------

    def _change(self, verb: str, row: TaskRow, again: Callable[[], None]) -> None:
        from cockpit.services.playbook import stop
        from cockpit.services.task import set_task
        from cockpit.tui.modals import steps as forms
        from db.terms import TaskStatus

        def done(_: Any) -> None:
            self.acted()
            again()

        def refused(why: Exception) -> None:
            self.refuse(str(why))
            again()

        def run(status: TaskStatus, note: str) -> None:
            self.do(lambda: set_task(self.desk, row.id, status, note), done)

        def ticked(values: Values) -> None:
            parts = [part for part in (values.get("choice", ""), values["note"]) if part]
            run(TaskStatus.DONE, ": ".join(parts))

        if verb == "reopen":
            self.do(lambda: set_task(self.desk, row.id, TaskStatus.OPEN), done, refused=refused)
        elif verb == "stop" and row.run is None:
            refused(ValueError(f"“{row.title}” is of no playbook: leave it out with -."))
        elif verb == "stop":
            self.ask(forms.stop(row), lambda values: self.do(
                lambda: stop(self.desk, row.run or 0, values["reason"]), done, refused=refused))
        elif verb == "skip":
            self.ask(forms.leave_out(row), lambda values: run(TaskStatus.SKIPPED, values["note"]))
        elif row.by_hand and row.state == "open":
            self.ask(forms.tick(row), ticked)
        else:
            # it is refused, with the sentence that says what it waits for
            self.do(lambda: set_task(self.desk, row.id, TaskStatus.DONE), done, refused=refused)

    # Starting ----------------------------------------------------------------------------------

    def act_playbook(self) -> None:
        """Start a playbook on the CTA or account under the cursor."""
        self._start_on(self.stepped())

    def _start_on(self, of: tuple[int | None, int, str] | None) -> None:
        from cockpit.services.playbook import list_playbooks, run_on_account, run_on_cta
        from cockpit.tui.modals.pick import Pick

        if of is None:
            self.refuse("Put the cursor on a CTA or an account.")
            return
        cta_id, account_id, account = of

        def arrived(rows: Sequence[PlaybookRow]) -> None:
            options = [(one.name, one.name, f"{one.steps} steps · {one.says}"[:TITLE]) for one in rows if one.about in ("cta", "account")]

            def chosen(name: str | None) -> None:
                if name is None:
                    return

                def done(_: Any) -> None:
                    self.acted()
                    self._steps_of(*of)

                def start() -> Any:
                    return run_on_cta(self.desk, cta_id, name) if cta_id else run_on_account(self.desk, account_id, name)

                self.do(start, done)

            title = f"Start a playbook · {account}{f' · CTA {cta_id}' if cta_id else ''}"
            self.app.push_screen(Pick(title[:TITLE], options, self.palette, empty="No playbook is in use."), chosen)

        self.later("playbooks", lambda: list_playbooks(self.desk), arrived)
