"""The known word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to ``word``, or None when nothing is close."""
    from difflib import get_close_matches  # only on the way to an error

    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean due?`` with its leading space, or nothing."""
    near = nearest(word, known)
    return f" Did you mean {near}?" if near and near.casefold() != word.casefold() else ""
