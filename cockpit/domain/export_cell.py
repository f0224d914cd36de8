"""Spreadsheet cells that must not become formulas, and their way back."""

from __future__ import annotations

import re

PREFIX = "'"
# "=", "+", "-", "@" start formulas, their full-width forms do in East Asian editions; tab and CR shift cells.
_FORMULA = re.compile(r"'*[\t\r]|['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?%?")


def _needs_prefix(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NEGATIVE.fullmatch(text) is None


def safe_cell(text: str) -> str:
    """Return the text with a leading apostrophe if a spreadsheet could run it; negative numbers stay numbers."""
    return PREFIX + text if _needs_prefix(text) else text


def unsafe_cell(text: str) -> str:
    """Return what ``safe_cell`` was given."""
    return text[1:] if text.startswith(PREFIX) and _needs_prefix(text[1:]) else text
