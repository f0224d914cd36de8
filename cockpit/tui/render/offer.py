"""Completions: which words go on from what is typed, and how they look."""

from __future__ import annotations

from collections.abc import Sequence

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


def offer_lines(words: Sequence[str], at: int, width: int, palette: Palette) -> list[Line]:
    """The completions below a field, the one that enter takes marked."""
    return [
        [((" ▸ " if n == at else "   ") + fit(plain(word), max(width - 3, 1)), palette.strong + palette.cursor if n == at else palette.dim)]
        for n, word in enumerate(words)
    ]
