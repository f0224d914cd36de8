"""Text from outside made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.domain.clean import clean_line, clean_text, clip, is_clean

PIECES = (
    "Acme", " ", "é", "e\u0301", "ا", "ب", "क", "्", "👩", "💻", "❤", "\ufe0f", "🏽",
    "\x1b", "[31m", "]52;c;", "P", "\\", "\x07", "\x9b", "\x9d", "\x90", "\x9c", "\x9f", "2J", "(B",
    "\n", "\r", "\t", "\0", "\x85", "\u2028", "\u00a0", "\u200b", "\u200c", "\u200d", "\u202e", "\u2066", "\ufeff",
    "\u00ad", "\u3164", "\ud800", "\udfff", "\U000e0041", "\u212a", "\u1fef", "[red]", "[@click=app.bell]x[/]",
)  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(
    alphabet=st.characters(exclude_categories=()), max_size=30
)
DIRECTION = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x2070))}


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("plain", "plain"),
        ("  two\r\nlines ", "two lines"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x1b]0;never ended\nb", "a b"),
        ("a\x1bPq#0;2;0;0;0\x1b\\b", "ab"),
        ("a\x9b31mb\x9d0;t\x9cc\x90q\x9cd", "abcd"),
        ("a\x1b(Bb", "ab"),
        ("a\x1b", "a"),
        ("nul\0 bell\x07 del\x7f", "nul bell del"),
        ("abc\u202eexe.txt", "abcexe.txt"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("Ac\u200dme", "Acme"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻 ❤\ufe0f\u200d🔥", "👩\u200d💻 ❤\ufe0f\u200d🔥"),
        ("👩\u200d", "👩"),
        ("half \ud83d", "half"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("one\u2028two\u2029three", "one two three"),
        ("cafe\u0301", "café"),
        ("10\u00a0000", "10 000"),
        ("[red]x[/nope] [@click=app.quit]y", "[red]x[/nope] [@click=app.quit]y"),
        ("\x1b\u200b[31m", "[31m"),
    ],
)
def test_a_line(dirty: str, clean: str):
    assert clean_line(dirty) == clean


def test_several_lines_keep_their_breaks_and_tabs():
    assert clean_text("a\r\n\tb\x1b[2J\rc\n") == "a\n\tb\nc"
    assert is_clean("a\n\tb", lines=True)
    assert not is_clean("a\n\tb")


@given(hostile)
@example("\u0915\u200d\u212a")
@example("a\x1b\x1b[[31m")
def test_cleaning_twice_is_cleaning_once(text: str):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert is_clean(clean_line(text))
    assert is_clean(clean_text(text), lines=True)


@given(hostile)
def test_nothing_that_moves_a_cursor_or_hides_is_left(text: str):
    for cleaned, allowed in ((clean_line(text), set[str]()), (clean_text(text), {"\n", "\t"})):
        cleaned.encode()
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not DIRECTION & set(cleaned)
        for char in cleaned:
            assert char in allowed or unicodedata.category(char) not in ("Cc", "Zl", "Zp", "Cs")
            assert not 0xE0000 <= ord(char) <= 0xE007F


@given(hostile, st.integers(0, 20))
def test_a_clipped_text_is_no_longer_and_as_clean(text: str, length: int):
    cleaned = clean_line(text)
    clipped = clip(cleaned, length)
    assert len(clipped) <= length
    assert is_clean(clipped)
    assert clipped == cleaned or length == 0 or clipped.endswith("…")


def test_clipping_leaves_composed_characters_whole():
    assert clip("Robotics", 5) == "Robo…"
    assert clip("Robotics", 8) == "Robotics"
    assert clip("ab👩\u200d💻cd", 5) == "ab…"
    assert clip("ab👍🏽cd", 4) == "ab…"
    assert clip("abc", 0) == ""
