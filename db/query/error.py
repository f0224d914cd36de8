"""What is wrong with a query, and where."""

from __future__ import annotations

from collections.abc import Iterable


class QueryError(ValueError):
    """A query that cannot be understood: the sentence, the place in the text, and what may have been meant."""

    def __init__(self, message: str, position: int = 0, length: int = 1, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = max(1, length)
        self.suggestion = suggestion

    def pointed(self, text: str) -> str:
        """The query with a line under it that marks the place: two lines for a terminal."""
        flat = "".join(" " if c.isspace() else c for c in text)
        return f"{flat}\n{' ' * self.position}{'^' * self.length}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, if one is like it at all."""
    import difflib

    words = {known_word.casefold(): known_word for known_word in known}
    low = word.casefold()
    close = difflib.get_close_matches(low, words, n=1, cutoff=0.6)
    if close:
        return words[close[0]]
    starts = sorted(key for key in words if len(low) >= 2 and (key.startswith(low) or low in key))
    return words[starts[0]] if starts else None
