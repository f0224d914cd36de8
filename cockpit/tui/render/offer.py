"""Completions: which words go on from what is typed, and how they look."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette

SUGGESTIONS = 5


def completions(typed: str, words: Sequence[str], *, many: bool) -> list[str]:
    """Words that go on from what is being typed: at the start of a word first, then anywhere.

    With ``many`` only the part behind the last ``;`` counts and words already chosen are left out.
    """
    parts = [part.strip() for part in typed.split(";")] if many else [typed.strip()]
    token = parts[-1].casefold()
    chosen = {part.casefold() for part in parts[:-1]}
    free = [word for word in words if word.casefold() not in chosen]
    if not token:
        return free[:SUGGESTIONS] if many else []
    starts = [w for w in free if any(piece.startswith(token) for piece in w.casefold().replace("<", "").split())]
    others = [w for w in free if token in w.casefold() and w not in starts]
    found = (starts + others)[:SUGGESTIONS]
    return [] if [w.casefold() for w in found] == [token] else found


def offer_lines(words: Sequence[str], at: int, width: int, palette: Palette, helps: Sequence[str] = ()) -> list[Line]:
    """The completions below a field with what each means, the one that enter takes marked."""
    lines: list[Line] = []
    column = max((cell_len(plain(word)) for word in words), default=0) + 3
    for number, word in enumerate(words):
        here = number == at
        over = palette.cursor if here else palette.text
        shown = fit(plain(word), min(column, max(width - 3, 1)))
        line: Line = [(" ▸ " if here else "   ", palette.accent + over), (shown, palette.text + over)]
        if helps and width - column > 13:
            line.append((fit(plain(helps[number]), width - column - 3), palette.dim + over))
        lines.append(line)
    return lines
