"""Which languages somebody speaks, as codes of two letters."""

from __future__ import annotations

LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "hindi": "hi", "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "polish": "pl", "portuguese": "pt",
    "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr",
}  # fmt: skip
"""Languages by name, with the code that accounts and people have."""


def spoken(*texts: str | None) -> frozenset[str]:
    """Return the languages named in lists of codes, names or skills (``en, de``; ``german, billing``), as codes."""
    return frozenset(code for text in texts for word in _words(text) if (code := _code(word)))


def unknown(text: str | None) -> str | None:
    """Return the first word of a list that names no language, if there is one."""
    return next((word for word in _words(text) if not _code(word)), None)


def _words(text: str | None) -> list[str]:
    return [word for part in (text or "").split(",") if (word := part.strip().casefold())]


def _code(word: str) -> str:
    start = word[:2]
    is_code = start.isascii() and start.isalpha() and (len(word) == 2 or word[2:3] in ("-", "_"))
    return LANGUAGES.get(word, start if is_code and len(start) == 2 else "")
