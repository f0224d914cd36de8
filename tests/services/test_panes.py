"""What the panes of an account read: alone or with relationships, in as many statements for one account as for another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.commercial import commercial
from cockpit.services.fact import new_fact
from cockpit.services.overview import overview
from cockpit.services.support import support
from cockpit.services.timeline import log_activity
from cockpit.services.usage import usage
from tests import builders, statements
from tests.conftest import NOW

TODAY = NOW.date()
READS: dict[str, Callable[[Desk, int, bool], Any]] = {
    "usage": usage, "commercial": commercial, "support": support, "overview": overview,
}  # fmt: skip


@pytest.fixture
def family(desk: Desk) -> tuple[int, int]:
    """An account and a relationship of it, each with something of everything."""
    parent = builders.account(desk, "Acme", health=60)
    child = builders.account(desk, "Acme EU", parent_id=parent, health=80)
    new_fact(desk, "product", None, {"name": "Core", "list_price": "10", "key_features": "logins; exports"})
    new_fact(desk, "product", None, {"name": "Plus", "list_price": "4"})
    for account, mrr, score in ((parent, "1000", "10"), (child, "200", "2")):
        person = f"Lee {account}"
        builders.person(desk, account, person)
        sold = {"product": "Core", "mrr": mrr, "units": "10", "starts": "2026-01-01", "ends": "2026-12-31"}
        new_fact(desk, "subscription", account, sold)
        new_fact(desk, "opportunity", account, {"name": "R", "type": "renewal", "due_amount": mrr, "due_date": "2027-01-01"})
        new_fact(desk, "usage", account, {"metric": "logins", "day": TODAY, "value": "5"})
        new_fact(desk, "ticket", account, {"subject": "Slow", "priority": "P1"})
        new_fact(desk, "survey", account, {"kind": "nps", "score": score, "answered": "yesterday", "person": person, "comment": "words"})
        new_fact(desk, "training", account, {"course": "Basics", "required": "yes"})
        builders.cta(desk, account)
    log_activity(desk, parent, "call", "Hello", at=TODAY - timedelta(days=2))
    return parent, child


def test_relationships_count_in_or_are_left_out(desk: Desk, family: tuple[int, int]):
    parent, child = family
    money, alone = commercial(desk, parent), commercial(desk, parent, whole_family=False)
    assert (money.mrr, alone.mrr, commercial(desk, child).mrr) == ((("USD", 120_000),), (("USD", 100_000),), (("USD", 20_000),))
    assert [share.name for share in money.family] == ["Acme", "Acme EU"]
    assert (len(money.rows), len(alone.rows), len(alone.family)) == (4, 2, 1)
    assert [(gap.product, gap.units, gap.mrr) for gap in alone.whitespace] == [("Plus", 10, 4_000)]
    assert [usage(desk, parent, whole).metrics[0].last for whole in (True, False)] == [10.0, 5.0]
    assert usage(desk, parent).unused == ("exports",)
    assert [support(desk, parent, whole).open_high for whole in (True, False)] == [2, 1]
    assert [(support(desk, parent, whole).nps.value, support(desk, parent, whole).nps.n) for whole in (True, False)] == [(0, 2), (100, 1)]
    assert [overview(desk, parent, whole).counts.ctas for whole in (True, False)] == [2, 1]


def test_a_summary_says_what_is_missing_and_how_old_everything_is(desk: Desk, family: tuple[int, int]):
    seen = overview(desk, family[0])
    assert seen.missing == ("renewal date", "notice date", "segment", "go-live date", "stage", "value network", "goals")
    assert {mark.kind: mark.days for mark in seen.marks if mark.days is not None} == dict.fromkeys(
        ("subscriptions", "opportunities", "usage", "surveys", "tickets", "trainings", "activities"), 0
    )
    assert seen.health[-1] == 60
    assert [row.values["score"] for row in seen.said] == [2, 10]
    builders.make(desk, "feed", {"kind": "usage", "system": "file", "loaded_at": NOW - timedelta(days=9), "rows": 1})
    later = builders.desk_of(desk.store, "ana", NOW + timedelta(days=12))
    ages = {mark.kind: (mark.age, mark.days, mark.systems) for mark in usage(later, family[0]).freshness}
    assert ages == {"usage": ("old", 12, ("file",))}


@pytest.mark.parametrize("name", READS)
def test_each_pane_takes_as_many_statements_for_any_account_and_walks_indexes(desk: Desk, family: tuple[int, int], name: str):
    bare = builders.account(desk, "Bare")
    counts = []
    for account in (*family, bare):
        with statements.recorded() as sent:
            READS[name](desk, account, True)
        counts.append(len(sent))
        small = ("FROM product", "FROM feed", "scorecard", "FROM setting")
        found = {sql: seen for sql, params in sent if (seen := statements.scans(desk.store, (sql, params)))}
        assert [sql for sql in found if not any(part in sql for part in small)] == []
    assert len(set(counts)) == 1
    assert counts[0] <= 30
