"""Every key, those of this place first; written from the action list."""

from __future__ import annotations

from itertools import zip_longest

from cockpit.tui.actions import EVERY, GROUP_TITLES, GROUPS, SCREENS, Keys, show_key
from cockpit.tui.modals.sheet import Sheet
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import fit, wrap
from cockpit.tui.theme import Palette

KEYS = 12
"""Cells for keys; several that do the same stand below each other."""
FILTER_HELP = (
    "type:risk   arr:>=20k   health:<60   renewal:<90d   owner:me   is:unassigned",
    '-segment:enterprise   "two words"   (a OR b)   tab completes a field or a value',
)


def help_lines(place: str, keys: Keys, width: int, palette: Palette) -> list[Line]:
    """All keys by what they are for; what does not work in this place is dim and says where it does."""
    lines: list[Line] = [[(f"Keys in {SCREENS[place]}; dim ones work elsewhere.", palette.dim)], []]
    for group in GROUPS:
        lines.append([(GROUP_TITLES[group], palette.head)])
        for action in EVERY:
            if action.group != group:
                continue
            here = place in action.on
            pressed = " ".join(show_key(k) for k in keys.by_action[action.name]) or "palette"
            where = "" if here else f" ({', '.join(SCREENS[s] for s in action.on)})"
            style = palette.text if here else palette.dim
            words = wrap(f"{action.help}{where}", max(width - KEYS, 8))
            for key, part in zip_longest(wrap(pressed, KEYS - 3), words, fillvalue=""):
                lines.append([(fit(f"  {key}", KEYS), palette.key if here else palette.dim), (part, style)])
        lines.append([])
    lines.append([("The filter", palette.head)])
    lines += [[("  " + text, palette.text)] for text in FILTER_HELP]
    return lines


class Help(Sheet):
    """The sheet that ``?`` opens."""

    def __init__(self, place: str, keys: Keys, palette: Palette) -> None:
        super().__init__("Keys", lambda width, p: help_lines(place, keys, width, p), palette, wide=True)
