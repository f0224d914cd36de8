"""Comparing names and words in any case, in any script, alike on both stores.

SQLite folds only ASCII, PostgreSQL what its locale folds. So plain patterns use LIKE and ILIKE; those with
other letters use GLOB and a regular expression in which each such letter is a class: ``[äÄ]``.
"""

from __future__ import annotations

from collections.abc import Callable

Bind = Callable[[object], str]


def matches(column: str, text: str, bind: Bind, dialect: str, *, part: bool = False, loose: bool = False) -> str:
    """The test that ``column`` is ``text``, or has it in it (``part``).

    ``loose``: ``*`` stands for anything and ``_`` for a space, a hyphen or itself, as people write names
    without quotes.
    """
    if loose and "*" in text:
        part = False
    if text.isascii() and not (loose and "_" in text):
        pattern = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        if loose:
            pattern = pattern.replace("*", "%")
        return f"{column} {'LIKE' if dialect == 'sqlite' else 'ILIKE'} {bind(f'%{pattern}%' if part else pattern)} ESCAPE '!'"
    if dialect == "sqlite":
        pattern = "".join(_glob(char, loose) for char in text)
        return f"lower({column}) GLOB {bind(f'*{pattern}*' if part else pattern)}"
    pattern = "".join(_regex(char, loose) for char in text)
    return f"{column} ~* {bind(pattern if part else f'^{pattern}$')}"


def _cases(char: str) -> str:
    """A letter in its cases."""
    return "".join(sorted({case for case in (char, char.lower(), char.upper()) if len(case) == 1}))


def _glob(char: str, loose: bool) -> str:
    if loose and char in "*_":
        return "*" if char == "*" else "[ _-]"
    if char.isascii():
        return f"[{char}]" if char in "*?[" else char.lower()
    cases = "".join(sorted({case.lower() if case.isascii() else case for case in _cases(char)}))
    return f"[{cases}]" if len(cases) > 1 else char


def _regex(char: str, loose: bool) -> str:
    if loose and char in "*_":
        return ".*" if char == "*" else "[ _-]"
    if char.isascii():
        return char if char.isalnum() else "\\" + char
    cases = _cases(char)
    return f"[{cases}]" if len(cases) > 1 else char
