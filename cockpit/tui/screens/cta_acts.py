"""What one can do with CTAs, wherever they are listed: the row under the cursor, or all that are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.domain import say
from cockpit.services import queue
from cockpit.services.queue import Claimed
from cockpit.tui.modals.field import Values, changed
from cockpit.tui.screens.cta_more import CtaMore
from cockpit.tui.screens.cta_more import Targets as Targets
from db.terms import Outcome

if TYPE_CHECKING:
    from cockpit.services.cta import CtaShown

class CtaActs(CtaMore):
    """Mixed into screens with CTAs."""

    def on_targets(self, use_case: Callable[[Sequence[int]], Claimed]) -> None:
        """Run a use-case on the targets, say what it did, show what is left."""
        targets = self.targets()
        if targets is None:
            self.refuse("There is no CTA under the cursor.")
            return
        self.do(lambda: use_case(targets.ids()), self._done, self.words_of)

    def claimed(self, result: Claimed) -> None:
        """See CtaMore."""
        self._done(result)

    def _done(self, result: Claimed) -> None:
        self.tell_losses(result)
        if any(item.refused is None for item in result.items):
            self.cockpit.has_acted()
            self.acted()
        else:
            self.cockpit.look_now()

    def tell_losses(self, result: Claimed) -> None:
        """Why some were not got: one in a toast; several, such as rows others took meanwhile, as a list to read."""
        told = losses(result)
        if len(told) == 1:
            self.refuse(told[0])
        elif told:
            from cockpit.tui.modals.sheet import Sheet
            from cockpit.tui.render.line import Line, paragraph
            from cockpit.tui.theme import Palette

            title = f"{say.plural(len(told), 'CTA')} of {len(result.items)} not"

            def draw(width: int, p: Palette) -> list[Line]:
                return [row for sentence in told for row in paragraph(f"· {sentence}", width, p.warn)]

            self.app.push_screen(Sheet(title, draw, self.palette))

    # Taking and giving back --------------------------------------------------------------------

    def act_claim(self) -> None:
        """Take them."""
        self.on_targets(lambda ids: queue.claim(self.desk, ids))

    def act_next(self) -> None:
        """Take the best there is."""
        pool, where = self.next_from()
        self.do(lambda: queue.claim_next(self.desk, pool=pool, where=where), self._done, self.words_of)

    def next_from(self) -> tuple[str | None, str]:
        """Pool and filter that ``next best`` keeps to."""
        return None, ""

    def act_release(self) -> None:
        """Give them back with a note."""
        from cockpit.tui.modals import ask

        targets = self.targets()
        if targets is None:
            return

        def then(values: Values) -> None:
            self.do(lambda: queue.release(self.desk, targets.ids(), values["note"]), self._done, self.words_of)

        self.ask(ask.release(targets.words), then)

    # Later, moved, closed ----------------------------------------------------------------------

    def act_snooze(self) -> None:
        """Hide them until a day or a condition."""
        from cockpit.services.cta import snooze
        from cockpit.tui.modals import ask

        targets = self.targets()
        if targets is None:
            return

        def then(values: Values) -> None:
            until: date | None = ask.day(values["until"], self.desk)
            self.do(
                lambda: snooze(self.desk, targets.ids(), until, values["reason"], values["wake"] or None), self._done, self.words_of
            )

        self.ask(ask.snooze(targets.words, self.desk), then)

    def act_due(self) -> None:
        """Move the due date."""
        from cockpit.services.cta import set_due
        from cockpit.tui.modals import ask

        targets = self.targets()
        if targets is None:
            return

        def then(values: Values) -> None:
            due = ask.day(values["due"], self.desk)
            self.do(lambda: set_due(self.desk, targets.ids(), due, values["tasks"] == "yes"), self._done, self.words_of)

        self.ask(ask.due(targets.words, targets.row.due if targets.row else None, self.desk), then)

    def act_close(self) -> None:
        """Close them with an outcome."""
        from cockpit.services.cta import close
        from cockpit.tui.modals import ask

        targets = self.targets()
        if targets is None:
            return

        def then(values: Values) -> None:
            outcome = Outcome(values["outcome"])
            self.do(lambda: close(self.desk, targets.ids(), outcome, values["note"]), self._done, self.words_of)

        self.ask(ask.close(targets.words), then)

    def act_reopen(self) -> None:
        """Open a closed one again."""
        from cockpit.services.cta import reopen

        self.on_targets(lambda ids: reopen(self.desk, ids))

    # Looking and writing -----------------------------------------------------------------------

    def act_why(self) -> None:
        """Show the sum behind the score."""
        targets = self.targets()
        if targets is None or targets.row is None:
            self.refuse("Put the cursor on one CTA.")
            return
        row = targets.row

        def arrived(explained: Any) -> None:
            from cockpit.tui.modals.sheet import Sheet
            from cockpit.tui.render.why import why_lines

            title = f"Why {row.account} is where it is"
            self.app.push_screen(Sheet(title, lambda width, p: why_lines(explained, width, p), self.palette))

        self.later("why", lambda: queue.why(self.desk, row.id), arrived)

    def act_edit(self) -> None:
        """Edit the CTA under the cursor."""
        from cockpit.services.cta import edit_cta, show_cta
        from cockpit.tui.modals import ask

        targets = self.targets()
        if targets is None or targets.row is None:
            self.refuse("Put the cursor on one CTA; edit changes one at a time.")
            return
        row = targets.row

        def arrived(shown: CtaShown) -> None:
            def then(values: Values) -> None:
                fields, _ = changed(spec, values)
                if not fields:
                    self.say("Nothing changed.")
                    return
                self.do(lambda: edit_cta(self.desk, row.id, ask.typed(fields, self.desk)), self._done, self.words_of)

            spec = ask.edit_cta(shown, self.desk)
            self.ask(spec, then)

        self.later("edit", lambda: show_cta(self.desk, row.id), arrived)

    def act_log(self) -> None:
        """Log a call, meeting or note on the account of the row."""
        targets = self.targets()
        row = targets.row if targets is not None else None
        if row is None:
            self.refuse("Put the cursor on one row; a log is for one account.")
            return
        self.start_log(row.account_id, row.account, row.id)


def losses(result: Claimed) -> list[str]:
    """The sentences of those that were not got."""
    return [item.message for item in result.items if item.refused is not None]
