"""Rows out of the terminal: as cells with tabs, or as a Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cockpit.domain.say import plural
from cockpit.tui import clipboard

if TYPE_CHECKING:
    from cockpit.tui.screens.base import CockpitScreen

Cells = Sequence[str]


class Copying:
    """Mixed into whatever has rows to copy."""

    def copy_them(self, *, as_markdown: bool) -> None:
        """Copy the row under the cursor, or what is marked."""
        raise NotImplementedError

    def act_copy(self) -> None:
        """As cells with tabs."""
        self.copy_them(as_markdown=False)

    def act_copy_markdown(self) -> None:
        """As a Markdown table."""
        self.copy_them(as_markdown=True)


def copy_rows(
    screen: CockpitScreen, head: Cells, read: Callable[[], Sequence[Cells]], *, as_markdown: bool, noun: str = "row"
) -> None:
    """Copy what ``read`` brings, and say how many. Off the screen's thread: rows are read, and a tool may not answer at once."""

    def copy() -> tuple[int, str]:
        rows = read()
        if not rows:
            return 0, ""
        text = clipboard.markdown(head, rows) if as_markdown else clipboard.tsv([head, *rows] if len(rows) > 1 else rows)
        return len(rows), screen.cockpit.copy(text)

    def copied(done: tuple[int, str]) -> None:
        if done[0]:
            screen.say(f"Copied {plural(done[0], noun)}{done[1]}")
        else:
            screen.refuse("Nothing was copied: it is no longer there.")

    screen.later("copy", copy, copied)
