"""Whom the pool's mails copy, and the task they leave."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from cockpit.domain.calendar import Calendar
from cockpit.domain.service_model import FOLLOW_UP_DAYS, Served, copied, follow_up
from db.terms import ServedBy

WEEKDAYS = Calendar(ZoneInfo("UTC"))
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize("model", list(ServedBy))
@pytest.mark.parametrize("owner", [None, 1])
@pytest.mark.parametrize("sender", [None, 1, 2])
def test_only_the_csm_of_a_hybrid_account_is_copied_and_not_on_her_own_mail(model: ServedBy, owner: int | None, sender: int | None):
    served = Served(7, model, owner)
    told = 1 if model is ServedBy.HYBRID and owner == 1 and sender != 1 else None
    assert copied(served, sender) == told
    task = follow_up(served, sender, "News", FRIDAY, WEEKDAYS)
    assert (task and (task.account, task.owner, task.due)) == (None if told is None else (7, 1, date(2026, 12, 2)))


def test_the_task_says_what_was_written_in_a_line():
    task = follow_up(Served(7, ServedBy.HYBRID, 1), None, "x" * 500, FRIDAY, WEEKDAYS)
    assert task is not None
    assert (FOLLOW_UP_DAYS, len(task.title), task.title[-1]) == (3, 120, "…")
