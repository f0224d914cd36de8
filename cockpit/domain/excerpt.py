"""The part of a long text that tells why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable

WIDTH = 100


def excerpt(text: str, words: Iterable[str], width: int = WIDTH) -> str:
    """About ``width`` characters on one line around the first of the words (letter case apart), else from the start."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    spelled = "|".join(re.escape(" ".join(word.split())) for word in words if word.strip())
    found = re.search(rf"\b(?:{spelled})", line, re.IGNORECASE) or re.search(spelled, line, re.IGNORECASE) if spelled else None
    start = 0 if found is None else max(0, min(found.start() - width // 3, len(line) - width))
    end = start + width
    if start:  # whole words at both ends
        start = line.find(" ", start, start + 20) + 1 or start
    if end < len(line):
        end = line.rfind(" ", end - 20, end) if line.rfind(" ", end - 20, end) > start else end
    return ("… " if start else "") + line[start:end].strip() + (" …" if end < len(line) else "")
