"""Interventions: the one that runs on the account, and those that have ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.domain.intervention import stage_text
from cockpit.domain.say import day
from cockpit.tui.panes.base import ListPane
from cockpit.tui.render.board import criterion_words, history_lines, time_words
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.safe import plain
from cockpit.tui.sources import FixedSource
from cockpit.tui.widgets.row_reader import Source
from db.terms import Stage

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow, InterventionShown


def _stage(row: InterventionRow, d: Drawing) -> Cell:
    return stage_text(Stage(row.stage)), d.palette.dim if row.ended_at else d.palette.strong


def _time(row: InterventionRow, d: Drawing) -> Cell:
    if row.ended_at is not None:
        return f"ended {day(row.ended_at.astimezone(d.zone).date(), d.today)}", d.palette.dim
    text, word = time_words(row)
    return text, d.palette.status(word)


def _criterion(row: InterventionRow, d: Drawing) -> Cell:
    if row.ended_at is not None:
        return row.criterion or "–", d.palette.dim
    text, word = criterion_words(row)
    return text, d.palette.status(word)


class InterventionsPane(ListPane["InterventionRow"]):
    """What is and was done here over weeks."""

    name_ = "interventions"
    letter = "i"
    title = "Interventions"
    things = frozenset({"intervention", "activity", "account"})
    head = ("stage", "time", "criterion", "csm", "plan")

    def table(self) -> Table[InterventionRow]:
        """How far, whose, what for."""
        return Table(
            (
                Column("stage", "stage", 22, _stage, keep=0),
                Column("time", "window", 18, _time, keep=0),
                Column("criterion", "on track is", 18, _criterion, keep=1, grow=3, most=50),
                Column("owner", "csm", 14, lambda r, d: (r.owner_name or "–", d.palette.text), keep=2, grow=1, most=24),
                Column("plan", "plan", 18, lambda r, d: (r.plan or "–", d.palette.dim), keep=3, grow=4, most=70),
            )
        )

    def source(self) -> Source[InterventionRow]:
        """The running one first, then the latest ended."""

        def read() -> Sequence[InterventionRow]:
            from cockpit.services.intervention import board

            rows = board(self.host.desk, account=self.account_id, ended=True)
            return sorted(rows, key=lambda row: (row.ended_at is not None, -(row.ended_at or row.claimed_at).timestamp()))

        return FixedSource(read)

    def cells(self, row: InterventionRow) -> Sequence[str]:
        """A row of a copy."""
        words = (stage_text(Stage(row.stage)), time_words(row)[0], row.criterion, row.owner, row.plan)
        return [plain(word) for word in words]

    def why_empty(self) -> Sequence[str]:
        """None ever was."""
        return ("No intervention runs or ran here.", "I on a CTA you hold starts one, and so does an outreach logged (l)")

    def row_word(self) -> str:
        """An intervention, if there is one."""
        return "intervention" if self.rows.row is not None else ""

    def act_edit(self) -> None:
        """Plan and criterion of the one that runs."""
        row = self.rows.row
        if row is None or row.ended_at is not None:
            self.host.refuse("This one has ended; what it was stays. I on a CTA of yours starts another.")
        else:
            self.host.edit_plan(row)

    def act_add(self) -> None:
        """Start one."""
        self.host.act_intervene()

    def act_open(self) -> None:
        """All of it, with its history and what followed."""
        row = self.rows.row
        if row is None:
            return
        from cockpit.services.intervention import show
        from cockpit.tui.modals.sheet import Sheet

        now, id_ = self.host.desk.now(), row.id

        def arrived(shown: InterventionShown) -> None:
            self.app.push_screen(Sheet(f"Intervention {id_}", lambda width, p: history_lines(shown, now, width, p), self.host.palette))

        self.host.later("intervention", lambda: show(self.host.desk, id_), arrived)
