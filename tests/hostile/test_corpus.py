"""The corpus itself, and the border it meets first."""

from __future__ import annotations

from cockpit.domain.clean import clean_line, clean_text, is_clean
from cockpit.domain.export_cell import safe_cell, unsafe_cell
from tests.hostile.corpus import corpus, leaks


def test_the_corpus_is_large_and_really_hostile() -> None:
    strings = corpus()
    assert len(strings) >= 2_000
    assert sum(bool(leaks(one)) for one in strings) > 800


def test_nothing_live_passes_the_border() -> None:
    for one in corpus():
        line, text = clean_line(one), clean_text(one)
        assert leaks(line) == leaks(text.replace("\t", " ")) == [], ascii(one)
        assert "\n" not in line
        assert clean_line(line) == line
        assert is_clean(line), ascii(one)


def test_no_cell_is_a_formula_and_each_comes_back() -> None:
    for one in corpus():
        cell = safe_cell(clean_line(one))
        assert (
            not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or cell.lstrip("-").replace(".", "", 1).isdigit()
        ), ascii(one)
        assert unsafe_cell(cell) == clean_line(one)
