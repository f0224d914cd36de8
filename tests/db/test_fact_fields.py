"""What one can ask of trainings, seats, advocacy and the age of what is known: rows by query against rows told by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.account import accounts_page
from cockpit.services.fact import new_fact
from tests import builders

ASKED = {
    "training_required:<100%": {"Half"},
    "training_required:100%": {"Full"},
    "training_required:none": {"None"},
    "seat_use:>=90%": {"Full"},
    "seat_use:<90%": {"Half"},
    "seat_trend:up": {"Full"},
    "seat_trend:down": {"Half"},
    "advocacy:reference_call": {"Full"},
    "advocacy:any": {"Full"},
    "usage_age:<=8d": {"Full"},
    "usage_age:none": {"Half", "None"},
    "feed_age:<=4d": {"Full", "Half", "None"},
    "feed_age:>4d": set(),
}


@pytest.fixture
def three(desk: Desk) -> Desk:
    today = desk.today()
    for name, done, active in (("Full", (True, True), (80, 95)), ("Half", (True, False), (60, 40)), ("None", (), ())):
        account = builders.account(desk, name)
        for number, is_done in enumerate(done):
            fields = {"course": f"C{number}", "required": "yes"} | ({"completed": "2026-11-01"} if is_done else {})
            new_fact(desk, "training", account, fields)
        if active:
            new_fact(desk, "subscription", account, {"mrr": "10", "units": "100", "starts": "2026-01-01"})
        for value, back in zip(active, (40, 3), strict=False):
            day = today - timedelta(days=back)
            new_fact(desk, "usage", account, {"metric": "active users", "day": day, "value": str(value)})
    full = builders.the(desk, "account", "Full")
    new_fact(desk, "usage", full, {"metric": "logins", "day": today - timedelta(days=8), "value": "5"})
    new_fact(desk, "advocacy", full, {"kind": "reference_call", "given_on": "2026-11-01", "consent_until": "2027-11-01"})
    new_fact(desk, "advocacy", builders.the(desk, "account", "Half"), {"kind": "review", "given_on": "2026-11-01"})
    builders.make(desk, "feed", {"kind": "usage", "system": "file", "loaded_at": desk.now() - timedelta(days=3), "rows": 3})
    builders.make(desk, "feed", {"kind": "accounts", "system": "file", "loaded_at": desk.now() - timedelta(days=300), "rows": 3})
    return desk


def test_each_query_finds_the_accounts_told_by_hand(three: Desk):
    assert {query: {row.name for row in accounts_page(three, query).rows} for query in ASKED} == ASKED
