"""Own fields of a type of activity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.activity import FieldError, check_answers, fields_from, read_field, read_fields, written

WORD = st.text("abcdefghij", min_size=1, max_size=8)

SPEC = st.tuples(WORD, st.booleans(), st.lists(WORD, min_size=2, max_size=4, unique=True) | st.none())


@settings(max_examples=60)
@given(st.lists(SPEC, max_size=6, unique_by=lambda f: f[0]))
def test_what_is_written_reads_back_and_survives_the_store(specs: list[tuple[str, bool, list[str] | None]]):
    texts = [f"{name}{'*' if needed else ''}{'=' + '|'.join(choices) if choices else ''}" for name, needed, choices in specs]
    fields = read_fields(texts)
    assert written(fields) == texts
    assert list(fields_from([field.stored() for field in fields])) == fields


@pytest.mark.parametrize(
    ("text", "words"), [("9*", "is no field"), ("outcome=only", "two answers"), ("", "is no field"), ("a b c=|", "two")]
)
def test_a_field_that_cannot_be_meant_is_told(text: str, words: str):
    with pytest.raises(FieldError, match=words):
        read_field(text)


def test_answers_are_checked_against_the_fields():
    fields = read_fields(["Outcome*=agreed|waiting", "slides"])
    assert check_answers("review", fields, {"OUTCOME": "Agreed", "slides": " x\x1b[31m "}) == {"outcome": "agreed", "slides": "x"}
    assert check_answers("review", fields, {"slides": ""}, whole=False) == {}
    for given_, words in (
        ({"slides": "x"}, "A review needs Outcome"), ({"outcome": "no"}, "is one of agreed, waiting"),
        ({"outcom": "x"}, "Did you mean outcome"),
    ):  # fmt: skip
        with pytest.raises(FieldError, match=words):
            check_answers("review", fields, given_)
    with pytest.raises(FieldError, match="two fields called a"):
        read_fields(["a", "a*"])
    assert read_fields(["none"]) == []
