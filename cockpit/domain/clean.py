"""Text from outside made harmless: no control bytes, no invisible or direction-changing characters.

Markup such as ``[red]`` or ``[@click=...]`` is only text and stays; faces never interpret it.
"""

from __future__ import annotations

import re
import unicodedata

_SEQUENCES = re.compile(
    # OSC, DCS, SOS, PM, APC with their text, up to the terminator or the end of the line
    "(?:\x1b[\\]PX^_]|[\x9d\x90])[^\x07\x18\x1a\x1b\x9c\r\n]*(?:\x07|\x1b\\\\|\x9c)?"
    "|[\x98\x9e\x9f][^\x07\x18\x1a\x1b\x9c\r\n]*(?:\x07|\x1b\\\\|\x9c)"
    # CSI, finished or not
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    # any other escape
    "|\x1b[ -/]*[0-~]?"
)
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # direction
    "\u3164\uffa0\ufff9-\ufffb"  # blank letters, annotations
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e007f]"  # tags
)
_JOINERS = "\u200c\u200d"
# A joiner means something between letters of joining scripts and between emoji, all from U+0590 on.
_IDLE_JOINER = re.compile(
    "(?<![\u0590-\u1fff\u2030-\u205e\u2070-\u2fff\u3001-\U0010ffff])[\u200c\u200d]"
    "|[\u200c\u200d](?![\u0590-\u1fff\u2030-\u205e\u2070-\u2fff\u3001-\U0010ffff])"
)
ELLIPSIS = "\u2026"


def _pass(text: str) -> str:
    text = _BREAKS.sub("\n", _SEQUENCES.sub("", text))
    text = _SPACES.sub(" ", _DROPPED.sub("", text))
    text = _IDLE_JOINER.sub("", unicodedata.normalize("NFC", text))
    return text.strip()


def clean_text(text: str) -> str:
    """Return text of several lines, cleaned: line feeds and tabs stay, other line ends become line feeds."""
    if text.isascii() and text.isprintable():
        return text.strip()
    # One removal can bring two characters together that compose or no longer join: go on until nothing changes.
    while (cleaned := _pass(text)) != text:
        text = cleaned
    return text


def clean_line(text: str) -> str:
    """Return text of one line, cleaned: what would end the line or move the cursor becomes one space."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = clean_text(text)
    return re.sub("[\t\n]+", " ", text) if "\n" in text or "\t" in text else text


def is_clean(text: str, *, lines: bool = False) -> bool:
    """Tell whether cleaning would leave the text as it is; ``lines`` allows line feeds and tabs."""
    return text == (clean_text(text) if lines else clean_line(text))


def _continues(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= char <= "\U0001f3ff"


def clip(text: str, length: int) -> str:
    """Return at most ``length`` characters, an ellipsis for the rest, never half of a composed character."""
    if len(text) <= length:
        return text
    if length < 1:
        return ""
    cut = length - 1
    while cut and (_continues(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return text[:cut].rstrip(" \t\n\u3000" + _JOINERS) + ELLIPSIS
