"""What is due of mine, day by day, and as a file for calendars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.say import day, distance, plural
from cockpit.tui import clipboard
from cockpit.tui.render.safe import plain
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.calendar_file import DueDay


class ByDay(CockpitScreen):
    """Mixed into My work and the board."""

    def act_calendar(self) -> None:
        """A list by day; enter opens the account."""
        from cockpit.services.calendar_file import calendar
        from cockpit.tui.modals.pick import Pick

        today = self.desk.today()

        def arrived(days: Sequence[DueDay]) -> None:
            options = []
            for one in days:
                head = f"{day(one.day, today):<10}"
                near = distance(one.day, today) if abs((one.day - today).days) < 8 else ""
                for item in one.items:
                    mark = "! " if item.is_overdue else "  "
                    kind = "task" if item.kind == "task" else near
                    options.append((str(item.account_id), f"{mark}{head}  {plain(item.account)}: {plain(item.title)}", kind))
                if not one.items:
                    options.append(("", f"  {head}  nothing is due", "today"))

            def chosen(account_id: str | None) -> None:
                if account_id:
                    self.cockpit.open_account(int(account_id))

            self.app.push_screen(Pick("Due, by day", options, self.palette, empty="Nothing of yours is due."), chosen)

        self.later("calendar", lambda: calendar(self.desk), arrived)

    def act_ics(self) -> None:
        """Write it to a file."""
        from cockpit.services.calendar_file import due_items, ics

        folder, desk = self.cockpit.export_folder(), self.desk

        def write() -> tuple[int, Path]:
            items = due_items(desk)
            folder.mkdir(parents=True, exist_ok=True)
            name, number = f"work-{desk.today().isoformat()}", 1
            while (file := folder / f"{name}{'' if number == 1 else f'-{number}'}.ics").exists():
                number += 1
            clipboard.write_private(file, ics(desk, items))
            return len(items), file

        def written(done: tuple[int, Path]) -> None:
            self.say(f"Wrote {plural(done[0], 'date')} to {done[1]}")

        self.later("ics", write, written)
