"""Cells that a spreadsheet must not run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.export_cell import safe_cell, unsafe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 1234", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\r=x", " =x", "'=x", "＝1", "-1+1", "-"]
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "-12.50", "-1,234.50", "-1e5", "-3%", "Acme", "a=b", "O'Neil", "", "5"])
def test_numbers_and_plain_text_stay(text: str):
    assert safe_cell(text) == text


@given(st.text(alphabet="'=+-@\t\r\n 15.,e%a＝", max_size=8) | st.text())
def test_there_and_back(text: str):
    safe = safe_cell(text)
    assert unsafe_cell(safe) == text
    assert safe[:1] not in ("=", "+", "@", "\t", "\r")
