"""Tasks of a playbook and the cascade of a moved due date."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.playbook import Anchor, DatedTask, Due, PlaybookError, Step, plan, read_steps, shift_tasks
from cockpit.domain.playbook_words import Need
from db.terms import TaskStatus
from tests.domain.days import calendars, some_days

PLAIN = Calendar(ZoneInfo("UTC"), frozenset({date(2026, 11, 26)}))


def test_steps_are_due_business_days_after_the_start():
    steps = read_steps(
        [{"title": "Look", "due_in": 0}, {"title": "Call", "due_in": "S+2", "required": True}, {"title": "Later"}]
    )
    start = [Due(Anchor.START, n) for n in (0, 2)]
    assert steps == (Step("Look", start[0], key="1"), Step("Call", start[1], Need.YES, key="2"), Step("Later", key="3"))
    tasks = plan(steps, date(2026, 11, 25), PLAIN)
    assert [task.due for task in tasks] == [date(2026, 11, 25), date(2026, 11, 30), None]
    assert [task.position for task in tasks] == [0, 1, 2]
    assert plan(steps, date(2026, 11, 28), PLAIN)[0].due == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"titel": "x"}, "Step 1 has an unknown key 'titel'. Did you mean title?"),
        ({"title": " "}, "Step 1 needs a title."),
        ({"title": "x", "due_in": -1}, "Step 1: due_in is +n or S+n"),
        ({"title": "x", "due_in": True}, "Step 1: due_in is +n or S+n"),
        ({"title": "x", "due_in": "X-3"}, "Step 1: due_in is +n or S+n"),
        ({"title": "x", "due_in": 1001}, "Step 1: due_in is +n or S+n"),
        ({"title": "x", "required": "yess"}, "not 'yess'. Did you mean yes?"),
    ],
)
def test_a_wrong_step_is_named(step: dict[str, object], sentence: str):
    with pytest.raises(PlaybookError) as error:
        read_steps([step])
    assert sentence in str(error.value)


def test_open_dated_tasks_move_with_their_cta():
    tasks = [
        DatedTask(1, date(2026, 11, 24)),
        DatedTask(2, date(2026, 11, 24), TaskStatus.DONE),
        DatedTask(3, None),
        DatedTask(4, date(2026, 11, 30)),
    ]
    assert shift_tasks(date(2026, 11, 30), date(2026, 12, 4), tasks, PLAIN) == {
        1: date(2026, 12, 1),
        4: date(2026, 12, 4),
    }
    assert shift_tasks(None, date(2026, 12, 4), tasks, PLAIN) == {}
    assert shift_tasks(date(2026, 11, 30), None, tasks, PLAIN) == {}


@given(calendars(), some_days, some_days, st.lists(st.integers(-15, 15), max_size=6))
def test_a_cascade_keeps_distances_and_order(calendar: Calendar, old: date, new: date, distances: list[int]):
    tasks = [DatedTask(n, calendar.add_business_days(old, by)) for n, by in enumerate(distances)]
    moved = shift_tasks(old, new, tasks, calendar)
    after = [moved.get(task.id, task.due) for task in tasks]
    for by, due in zip(distances, after, strict=True):
        assert due is not None
        assert calendar.business_days_between(new, due) == by
    in_order = [after[n] for n in sorted(range(len(tasks)), key=lambda n: distances[n])]
    assert in_order == sorted(due for due in after if due is not None)


@given(calendars(), some_days, some_days, st.lists(st.integers(-15, 15), max_size=6))
def test_moving_back_undoes_a_cascade(calendar: Calendar, old: date, new: date, distances: list[int]):
    tasks = [DatedTask(n, calendar.add_business_days(old, by)) for n, by in enumerate(distances)]
    moved = shift_tasks(old, new, tasks, calendar)
    there = [DatedTask(task.id, moved.get(task.id, task.due)) for task in tasks]
    back = shift_tasks(new, old, there, calendar)
    assert [back.get(task.id, task.due) for task in there] == [task.due for task in tasks]


@given(calendars(), some_days, st.lists(st.integers(0, 60), max_size=8))
def test_later_steps_are_never_due_earlier(calendar: Calendar, start: date, offsets: list[int]):
    tasks = plan([Step("x", Due(Anchor.START, n)) for n in sorted(offsets)], start, calendar)
    dues = [task.due for task in tasks if task.due is not None]
    assert dues == sorted(dues)
    assert all(calendar.is_business_day(due) and due >= start for due in dues)
