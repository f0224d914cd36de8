"""Who was in touch, and with whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.engagement import engagement
from cockpit.services.errors import Refused
from cockpit.services.timeline import delete_activity, log_activity
from tests import builders

Sit = Callable[..., Desk]


@pytest.fixture
def logged(desk_of: Sit) -> Desk:
    ana, ben = desk_of("ana"), desk_of("ben")
    acme, boreal = builders.account(ana, "Acme"), builders.account(ana, "Boreal", health=90)
    builders.account(ana, "Cobalt")
    log_activity(ana, acme, "call", "Hello")
    log_activity(ana, boreal, "email", "Offer")
    log_activity(ben, acme, "meeting", "Review")
    log_activity(ana, acme, "call", "Long ago", at=ana.now() - timedelta(days=40))
    delete_activity(ben, log_activity(ben, acme, "call", "A mistake").id)
    return ana


def test_by_csm_counts_and_says_who_had_none(logged: Desk) -> None:
    found = {row.name: row for row in engagement(logged)}
    assert (found["Ana Ruiz"].entries, found["Ana Ruiz"].meetings, found["Ana Ruiz"].others) == (2, 1, 2)
    assert (found["Ben Okafor"].entries, found["Ben Okafor"].had_activity) == (1, True)
    assert (found["Chi Tanaka"].entries, found["Chi Tanaka"].had_activity, found["Chi Tanaka"].last) == (0, False, None)


def test_by_account_of_a_query_the_silent_ones_first(logged: Desk) -> None:
    rows = engagement(logged, "account")
    assert [(row.name, row.entries, row.others) for row in rows] == [("Cobalt", 0, 0), ("Boreal", 1, 1), ("Acme", 2, 2)]
    assert [row.name for row in engagement(logged, "account", where="health:>80")] == ["Boreal"]


def test_the_period_holds_both_its_days(logged: Desk) -> None:
    today = logged.today()
    assert sum(row.entries for row in engagement(logged, first=today, last=today)) == 3
    assert sum(row.entries for row in engagement(logged, first=today - timedelta(days=40), last=today)) == 4


def test_what_cannot_be_meant(logged: Desk) -> None:
    with pytest.raises(Refused, match="csm or account"):
        engagement(logged, "pool")
    with pytest.raises(Refused, match="is before"):
        engagement(logged, first=logged.today(), last=logged.today() - timedelta(days=1))
