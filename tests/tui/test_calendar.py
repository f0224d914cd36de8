"""The calendar by keys: a month and a week to move in, what is due, planned and promised on a day."""

from __future__ import annotations

from datetime import date, timedelta

from cockpit.services.account import find_account
from cockpit.services.timeline import log_activity
from cockpit.tui.render.calendar import month_shift, span, weeks_of
from tests import builders
from tests.tui.conftest import TODAY, Sit


def test_months_have_whole_weeks_and_shift_keeps_the_day_or_takes_the_last():
    for month in range(1, 13):
        weeks = weeks_of(date(2026, month, 15))
        days = [day for week in weeks for day in week]
        assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert span(date(2026, month, 15), is_week=False) == (days[0], days[-1])
    assert (month_shift(date(2026, 1, 31), 1), month_shift(date(2026, 1, 31), -1)) == (date(2026, 2, 28), date(2025, 12, 31))


async def test_one_moves_in_the_month_and_opens_what_is_due(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        acme = find_account(ana.desk, "Acme Robotics")
        log_activity(ana.desk, acme, "call", "Hello", next_step="Send the plan", next_step_due=date(2026, 12, 1))
        builders.make(ana.desk, "task", {
            "account_id": acme, "owner_id": ana.desk.me.id, "title": "See what came of it", "due": TODAY, "key": "mail_follow_up",
        })  # fmt: skip
        await ana.press("2", "D")
        await ana.sees("November 2026", "▸23 today", "1 due", "Acme Robotics: See what came of it")
        await ana.press("right_square_bracket", "left_square_bracket")
        await ana.sees("November 2026")
        await ana.press("j", "l")
        await ana.sees("▸1 Dec", "promised Acme Robotics: Send the plan")
        await ana.press("w")
        await ana.sees("Week 49", "▸Tue 1 Dec", "Acme Robotics: Send the plan")
        await ana.press("enter")
        await ana.sees("Acme Robotics", "Hello")
    async with sit(size=(120, 36)) as ana:
        await ana.press("2", "D")
        await ana.sees("Week 48")
        await ana.press("w", "t")
        await ana.sees("November 2026", "Acme Robotics")

