"""Text from data made harmless before it is drawn: no control bytes, no markup, one line where one line is meant."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")
"""C0, C1, DEL and what reorders or splits a line (bidirectional overrides, line separators)."""
_BREAKS = re.compile(r"[\t\n\r\v\f\x85]+")
ELLIPSIS = "…"


def plain(value: object) -> str:
    """One line of ``value`` without control characters; None is empty."""
    if value is None:
        return ""
    text = str(value)
    if text.isascii() and text.isprintable():
        return text
    return CONTROL.sub("", _BREAKS.sub(" ", text))


def lines_of(value: object) -> list[str]:
    """The lines of a longer text, each made plain."""
    return [plain(line) for line in str(value or "").splitlines()]


def fit(text: str, width: int, align: str = "left") -> str:
    """``text`` in exactly ``width`` cells, cut with an ellipsis, padded on the side that ``align`` leaves free."""
    if width <= 0:
        return ""
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + ELLIPSIS
    space = " " * (width - length)
    return space + text if align == "right" else text + space


def wrap(text: str, width: int) -> list[str]:
    """``text`` broken at spaces into lines of at most ``width`` cells; words longer than a line are cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        while cell_len(word) > width > 0:
            head = set_cell_size(word, width).rstrip()
            if line:
                lines.append(line)
                line = ""
            lines.append(head)
            word = word[len(head) :] if head else ""
        joined = f"{line} {word}" if line else word
        if cell_len(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    if line or not lines:
        lines.append(line)
    return lines
