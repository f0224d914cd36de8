"""How days, moments and counts are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cockpit.domain import say

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"), (0, "just now"), (12, "12 s ago"), (89, "89 s ago"), (90, "1 min ago"), (3600, "60 min ago"),
        (5400, "1 h ago"), (86400, "24 h ago"), (36 * 3600, "1 d ago"), (10 * 86400, "10 d ago"),
    ],
)  # fmt: skip
def test_ago(seconds: int, text: str):
    assert say.ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_at_is_told_in_the_readers_zone():
    berlin = ZoneInfo("Europe/Berlin")
    assert say.at(datetime(2026, 11, 22, 8, 42, tzinfo=UTC), NOW, berlin) == "at 09:42"
    assert say.at(datetime(2026, 11, 21, 22, 30, tzinfo=UTC), NOW, berlin) == "yesterday at 23:30"
    assert say.at(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), NOW, berlin) == "at 00:30"
    assert say.at(datetime(2026, 11, 4, 8, 0, tzinfo=UTC), NOW, berlin) == "on Wed 4 Nov"
    assert say.at(datetime(2025, 11, 4, 8, 0, tzinfo=UTC), NOW, berlin) == "on Tue 4 Nov 2025"


def test_days_counts_and_lists():
    today = NOW.date()
    assert say.day(date(2026, 12, 4), today) == "Fri 4 Dec"
    assert say.day(date(2027, 1, 4), today) == "Mon 4 Jan 2027"
    assert [say.distance(today + timedelta(n), today) for n in (-2, -1, 0, 1, 41)] == [
        "2 days ago", "yesterday", "today", "tomorrow", "in 41 days",
    ]  # fmt: skip
    assert (say.plural(1, "CTA"), say.plural(1200, "CTA"), say.plural(2, "day")) == ("1 CTA", "1,200 CTAs", "2 days")
    assert (say.listed([]), say.listed(["a"]), say.listed(["a", "b", "c"], "or")) == ("", "a", "a, b or c")
