"""Playbooks as text: what ships, where what is wrong stands, the round trip, and days that shrink in order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.playbook import Anchor, Days, Due, Step, in_order, plan, read_due, read_step, stored
from cockpit.domain.playbook_text import TextProblems, read_text, write_text
from cockpit.domain.playbook_words import CHECKS, CONDITIONS, OPENS, ROLES, Need
from cockpit.services.library import shipped
from tests.domain.days import calendars, some_days

WRONG = """name = "x"
about = "ctas"
foo = 1

[[step]]
titel = "a"
due = "Q+1"
needs = ["b",
  "second"]
done = "outreach loged"

[[step]]
key = "second"
title = "Two"
due = "T-2"
"""


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(TextProblems) as error:
        read_text(text)
    return [(one.line, one.column, one.says) for one in error.value.problems]


def test_what_ships_is_whole() -> None:
    books = {book.name: book for _, book in shipped()}
    assert {name: len(book.steps) for name, book in books.items()} == {
        "adoption recovery": 7, "NPS detractor": 6, "NPS promoter → advocacy": 5, "post go-live check-in": 6, "renewal 90 days": 7,
        "sponsor left": 6, "value-network build": 5, "new-CSM onboarding": 7, "hand-over to a CSM": 17, "hand-over to a pool": 12,
        "hand-over from a pool": 12, "cover with return": 9, "hand-over in a pod": 13,
    }  # fmt: skip
    assert {book.usual for book in books.values()} == {None, 7, 8, 10, 15}
    for book in books.values():
        assert all(step.opens for step in book.steps)


def test_whatever_is_wrong_is_told_with_its_place_and_the_word_that_was_meant() -> None:
    found = problems(WRONG)
    assert [place[:2] for place in found] == [(2, 9), (3, 1), (5, 1), (6, 1), (7, 7), (8, 10), (10, 8)]
    said = " ".join(place[2] for place in found)
    for words in (
        "Did you mean cta?",
        "'foo'",
        "Step 1 needs a title",
        "Did you mean title?",
        "'Q+1'",
        "needs 'b'",
        "outreach logged?",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('name = "x\n', (1, 10)),
        ("", (1, 1)),
        ('name = "x"\nabout = "cta"\n', (1, 1)),
        ('name = "x"\nabout = "cta"\n[[step]]\ntitle = "a"\nkey = "k"\n[[step]]\ntitle = "b"\nkey = "k"\n', (8, 7)),
        ('name = "x"\nabout = "cta"\n[[step]]\ntitle = "a"\ndue = "T-1"\n', (5, 7)),
        (
            'name = "x"\nabout = "cta"\n[[step]]\ntitle = "a"\ndue = "+1"\nneeds = ["2"]\n[[step]]\ntitle = "b"\ndue = "+2"\n',
            (5, 7),
        ),
        (
            'name = "x"\nabout = "cta"\n[[step]]\ntitle = "a"\nneeds = ["2"]\n[[step]]\ntitle = "b"\nneeds = ["1"]\n',
            (5, 9),
        ),
        ('name = "x"\nabout = "pod"\nusual = "S+5"\n[[step]]\ntitle = "a"\ndue = "T+1"\nrequired = "gate"\n', (6, 7)),
        ('name = "x"\nabout = "pod"\nusual = "S+5"\n[[step]]\ntitle = "a"\ndue = "S+6"\n', (6, 7)),
        ('name = "x"\nabout = "pod"\n[[step]]\ntitle = "a"\n', (1, 1)),
        ('name = "x"\nsays = """\n[[step]]\n"""\nabout = "cta"\n[[step]]\ntitle = "a"\nrole = "boss"\n', (8, 8)),
    ],
)
def test_a_mistake_has_its_line_and_column(text: str, place: tuple[int, int]) -> None:
    assert problems(text)[0][:2] == place


@pytest.mark.parametrize(("text", "due"), [
    ("+2", "S+2"), ("s+0", "S"), ("S", "S"), (3, "S+3"), ("T-4", "T-4"), ("T − 4", "T-4"), ("t", "T"), ("R+1", "R+1"),
    ("renewal-10", "renewal-10"),
    ("S-1", None), ("X+1", None), (True, None), ("+1001", None), ("", None),
])  # fmt: skip
def test_days_are_read_as_people_write_them(text: object, due: str | None) -> None:
    found = read_due(text)
    assert (str(found) if found else None) == due


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20).filter(
    str.strip
)


@st.composite
def some_steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps whose needs are earlier ones that are not due later."""
    steps: list[Step] = []
    for n in range(draw(st.integers(1, 7))):
        needs = draw(st.lists(st.sampled_from([one.key for one in steps]), unique=True, max_size=3)) if steps else []
        before = max([_usual(one) for one in steps if one.key in needs], default=0)
        at = draw(st.integers(before, 12))
        due = Due(Anchor.START, at) if at <= 10 and draw(st.booleans()) else Due(Anchor.TARGET, at - 10)
        steps.append(Step(
            draw(words).strip(), due, draw(st.sampled_from([Need.YES, Need.NO])), f"k{n}", draw(st.sampled_from(["owner", "mgr", "lead"])),
            None,
            tuple(needs), draw(st.sampled_from([None, *CONDITIONS])), draw(st.sampled_from([None, *OPENS])),
            draw(st.sampled_from([None, *CHECKS])), draw(st.booleans()), tuple(draw(st.lists(words, max_size=2))),
        ))  # fmt: skip
    return tuple(steps)


def _usual(step: Step) -> int:
    assert step.due is not None
    return step.due.days if step.due.anchor is Anchor.START else 10 + step.due.days


@given(some_steps(), words, words)
@settings(max_examples=60)
def test_a_text_that_is_written_says_what_was_read(steps: tuple[Step, ...], name: str, says: str) -> None:
    text = write_text(name.strip(), "csm_to_csm", steps, says, 10)
    book = read_text(text)
    assert (book.steps, book.usual) == (steps, 10)
    assert write_text(book.name, book.about, book.steps, book.says, book.usual) == write_text(
        book.name, "csm_to_csm", steps, book.says, 10
    )
    assert tuple(read_step(stored(step), 1) for step in steps) == steps
    assert set(ROLES) >= {step.role for step in steps}


@given(some_steps(), calendars(), some_days, st.integers(0, 30))
@settings(max_examples=120)
def test_nothing_is_due_before_what_it_needs_nor_outside_its_days(
    steps: tuple[Step, ...], calendar: Calendar, start: date, span: int
) -> None:
    target = calendar.add_business_days(calendar.on_or_after(start), span)
    tasks = plan(steps, Days(start, target, usual=10), calendar)
    due = {task.step.key: task.due for task in tasks}
    for task in tasks:
        assert task.due is not None
        assert task.due >= calendar.on_or_after(start)
        assert all((due[need] or date.max) <= task.due for need in task.step.needs)
        if _usual(task.step) <= 10:
            assert task.due <= target
    counted = [task for task in tasks if not task.step.needs and task.step.due and task.step.due.anchor is Anchor.START]
    in_days = sorted(counted, key=lambda one: one.step.due.days if one.step.due else 0)
    assert [one.due for one in in_days] == sorted(one.due or date.max for one in in_days)
    places = in_order(steps)
    assert sorted(places) == list(range(len(steps)))


def test_a_near_target_shrinks_what_counts_from_the_start() -> None:
    from zoneinfo import ZoneInfo

    calendar, monday = Calendar(ZoneInfo("UTC")), date(2026, 11, 23)
    steps = [Step(f"S+{n}", Due(Anchor.START, n), key=str(n)) for n in (0, 2, 3, 4, 6)]
    steps += [
        Step("tell", Due(Anchor.TARGET, -4), key="tell", needs=("4",)),
        Step("meet", Due(Anchor.TARGET, -1), key="meet", needs=("tell",)),
    ]
    steps.append(Step("later", Due(Anchor.TARGET, 1), key="later"))

    def days(span: int) -> list[int]:
        tasks = plan(steps, Days(monday, calendar.add_business_days(monday, span), usual=10), calendar)
        return [calendar.business_days_between(monday, task.due) for task in tasks if task.due]

    assert days(10) == [0, 2, 3, 4, 6, 6, 9, 11]
    assert days(5) == [0, 1, 1, 2, 3, 2, 4, 6]
    assert days(1) == [0, 0, 0, 0, 0, 0, 0, 2]
    assert days(20) == [0, 2, 3, 4, 6, 16, 19, 21]
    undated = plan(steps, Days(monday), calendar)
    assert [task.due is None for task in undated][-3:] == [True, True, True]
    assert plan(
        [Step("x", Due(Anchor.RENEWAL, -5), key="x")], Days(monday, renewal=monday + timedelta(days=30)), calendar
    )[0].due == date(2026, 12, 16)
