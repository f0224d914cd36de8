"""The line at the top (screens, who, live) and the line at the bottom (the keys that work here)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual import events
from textual.message import Message

from cockpit.tui.actions import Keys, Place, on_screen
from cockpit.tui.render.line import Line, spread
from cockpit.tui.render.tabs import tab_rows
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

ITS_OWN = frozenset({"account", "network", "person", "team", "board", "transitions", "guided", "leaver", "outbox", "inbox"})
"""Screens on which enter opens what the row is, which is no account."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One screen of the top line."""

    action: str
    key: str
    label: str
    count: str = ""


class Pressed(Message):
    """Somebody clicked the name of an act."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action


class Clickable(LinesView):
    """One line whose pieces can be clicked."""

    DEFAULT_CSS = "Clickable { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spans: list[tuple[int, int, int, str]] = []

    def _place(self, line: Line, actions: Sequence[str], y: int = 0) -> None:
        """Remember which cells belong to which act; what was known of this line and those below is forgotten."""
        self._spans = [span for span in self._spans if span[0] < y]
        x = 0
        for (text, _), action in zip(line, actions, strict=False):
            end = x + cell_len(text)
            if action:
                self._spans.append((y, x, end, action))
            x = end

    def tell_tabs(self, tabs: Sequence[tuple[str, str, str]], front: str, palette: Palette, *, choosing: bool) -> None:
        """Show names that are reached by ``p`` and a letter: (act of a click, letter, title) each; ``front`` is an act."""
        titles, place = [title for _, _, title in tabs], [action for action, _, _ in tabs].index(front)

        def draw(width: int, p: Palette) -> list[Line]:
            drawn = []
            for y, row in enumerate(tab_rows(titles, width, place, choosing=choosing)):
                line: Line = [("p… " if choosing and not y else "p " if not y else "   ", p.key)]
                actions = [""]
                for n, is_named in row:
                    line.append((f" {tabs[n][1]} ", p.key if choosing or n == place else p.dim))
                    line.append((f"{titles[n]} " if is_named else "", p.strong + p.cursor if n == place else p.text))
                    actions += [tabs[n][0]] * 2
                self._place(line, actions, y)
                drawn.append(line)
            return drawn

        self.styles.height = len(tab_rows(titles, self.size.width or 80, place, choosing=choosing))
        self.show(draw, palette)

    def on_click(self, event: events.Click) -> None:
        """A click on a name does what its key does."""
        for y, start, end, action in self._spans:
            if y == event.y and start <= event.x < end:
                event.stop()
                self.post_message(Pressed(action))


class TopBar(Clickable):
    """Where one is, how many wait there, who one is, whether the screen is live."""

    def tell(self, tabs: Sequence[Tab], active: str, right: Sequence[tuple[str, str]], palette: Palette) -> None:
        """Show these tabs and, at the right, pieces of text with the word of their status."""

        def draw(width: int, palette: Palette) -> list[Line]:
            line: Line = []
            actions: list[str] = []
            for tab in tabs:
                here = tab.action == active
                style = palette.strong + palette.cursor if here else palette.text
                shown = f" {tab.key} {tab.label}{' ' + tab.count if tab.count else ''} "
                line.append((shown, style))
                actions.append(tab.action)
            end: Line = [(text, palette.status(status)) for text, status in right]
            self._place(line, actions)
            while end and sum(cell_len(t) for t, _ in [*line, *end]) >= width:
                end.pop(0)
            return [spread(line, end, width, palette.text)]

        self.show(draw, palette)


class KeyBar(Clickable):
    """The keys that work here, the most useful first; what does not fit is behind ``?``."""

    def tell(self, screen: str, keys: Keys, palette: Palette, here: Place) -> None:
        """Show the keys of a screen; the ones that could do nothing now are dim."""

        def draw(width: int, palette: Palette) -> list[Line]:
            anybody = replace(here, role="")  # what one's role forbids is shown dim, what belongs to another section is not
            fits = (a for a in on_screen(screen) if screen not in ("team", "account") or a.why_not(anybody) is None)
            shown = sorted((a for a in fits if a.footer and keys.shown(a.name)), key=lambda a: a.footer)
            last = [a for a in shown if a.name == "help"]
            chosen: list[str] = []
            room = width - sum(cell_len(keys.shown(a.name)) + len(a.label) + 3 for a in last)
            for action in shown:
                need = cell_len(keys.shown(action.name)) + len(action.label) + 3
                if action not in last and need <= room:
                    room -= need
                    chosen.append(action.name)
                elif action not in last:
                    break
            line: Line = []
            actions: list[str] = []
            for action in [*(a for a in shown if a.name in chosen), *last]:
                able = action.why_not(here) is None
                line.append((" " + keys.shown(action.name), palette.key if able else palette.dim))
                label = "open" if action.name == "open" and screen in ITS_OWN else action.label
                line.append((f" {label} ", palette.text if able else palette.dim))
                actions += [action.name, action.name]
            self._place(line, actions)
            return [line]

        self.show(draw, palette)
