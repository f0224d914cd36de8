"""What is due of mine as a calendar to move in, and as a file for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.say import plural
from cockpit.tui.files import write_new
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.calendar_file import DueItem


class ByDay(CockpitScreen):
    """Mixed into My work and the board."""

    def act_calendar(self) -> None:
        """A month or a week; enter opens the account of what is due."""
        from cockpit.services.calendar_file import agenda
        from cockpit.tui.modals.month import MonthView

        def read(first: date, last: date, then: Callable[[Sequence[DueItem]], None]) -> None:
            self.later("calendar", lambda: agenda(self.desk, first, last), then)

        def chosen(item: DueItem | None) -> None:
            if item is not None:
                pane = {"cta": "ctas", "meeting": "timeline", "promise": "timeline"}.get(item.kind, "ctas" if item.cta else "summary")
                self.cockpit.open_account(item.account_id, pane)

        memory = self.cockpit.memory
        is_week = bool(memory.get("calendar", "week", False))
        view = MonthView(read, self.desk.today(), self.palette, is_week=is_week, turned=lambda week: memory.put("calendar", week=week))
        self.app.push_screen(view, chosen)

    def act_ics(self) -> None:
        """Write it to a file."""
        from cockpit.services.calendar_file import due_items, ics

        folder, desk = self.cockpit.export_folder(), self.desk

        def write() -> tuple[int, Path]:
            items = due_items(desk)
            return len(items), write_new(folder, f"work-{desk.today().isoformat()}", "ics", ics(desk, items))

        def written(done: tuple[int, Path]) -> None:
            self.say(f"Wrote {plural(done[0], 'date')} to {done[1]}")

        self.later("ics", write, written)
