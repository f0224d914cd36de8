"""`network …`, `person …` and merges as scripts rely on them."""

from __future__ import annotations

import pytest

from cockpit.desk import Desk
from cockpit.services.timeline import log_activity
from tests import builders
from tests.cli.conftest import Run

SHOWN = {"size", "minimum", "met", "coverage", "members"}


@pytest.fixture
def acme(desk: Desk) -> int:
    account = builders.account(desk, "Acme")
    for name in ("Kim", "Lee", "Mia"):
        builders.person(desk, account, name)
    log_activity(desk, account, "meeting", "Review", attendees=["Kim", "ana"])
    return account


def test_an_account_s_network_by_its_name_alone(run: Run, acme: int) -> None:
    empty = run("network", "Acme", "--json").json
    assert empty.keys() >= SHOWN
    assert (empty["size"], empty["coverage"], empty["state"], empty["members"]) == (0, None, "none", [])
    done = run("network", "set", "Acme", "Kim", "Lee", "--role", "driver", "--json").json
    assert [row["value_network"] for row in done] == [True, True]
    found = run("network", "show", str(acme), "--json").json
    assert (found["size"], found["met"], found["coverage"], found["minimum"]) == (2, 1, 0.5, None)
    kim = found["members"][0]
    assert (kim["name"], kim["last_met"], kim["last_met_by"], kim["last_met_subject"]) == ("Kim", "2026-11-23", ["Ana Ruiz"], "Review")
    assert "Kim · driver · last met 2026-11-23 by Ana Ruiz" in run("network", "Acme").out
    assert run("network", "Nowhere").code == 4


def test_portfolio_threads_next_and_check(run: Run, acme: int) -> None:
    rows = run("network", "portfolio", "--by", "pool", "--json").json
    assert [(row["group"], row["accounts"], row["none"], row["none_arr"]) for row in rows] == [
        ("West", 1, 1, "12000.00"), ("all", 1, 1, "12000.00"),
    ]  # fmt: skip
    assert run("network", "portfolio", "--by", "moon").code == 2
    assert run("network", "threads", "--json").json == []
    assert run("network", "check", "--dry-run", "--json").json["small"] == 1
    made = run("network", "check", "--json").json
    assert (len(made["ids"]), made["small"]) == (1, 1)
    run("network", "set", "Acme", "Kim", "Lee", "Mia")
    found = run("network", "next", "Acme", "--json").json
    assert (found["needed"], found["is_exact"], len(found["meetings"])) == (1, True, 1)
    assert "1 meeting: no fewer will do." in run("network", "next", "Acme").out


def test_a_person_leaves_is_shown_whole_and_found_by_a_query(run: Run, acme: int) -> None:
    run("network", "set", "Acme", "Kim", "--role", "driver")
    done = run("person", "left", "Kim", "--on", "2026-11-20", "--json").json
    assert (done["on"], len(done["ctas"]), len(done["events"])) == ("2026-11-20", 1, 1)
    assert run("person", "left", "Kim").code == 4
    shown = run("person", "show", "Kim", "--json").json
    assert (shown["left_on"], shown["last_met_by"], shown["usage"]) == ("2026-11-20", ["Ana Ruiz"], None)
    assert {thing["kind"] for thing in shown["things"]} == {"activity", "event"}
    assert [row["name"] for row in run("person", "list", "--where", "last_met:<7d", "--json").json] == ["Kim"]
    assert [row["name"] for row in run("person", "list", "Acme", "--where", "member:no", "--json").json] == ["Lee", "Mia"]
    assert run("person", "list").code == 2
    run("person", "edit", "Lee", "--account", "Acme", "--value", "Saves a day", "--bottleneck", "No access")
    assert {row["name"]: row["value_obtained"] for row in run("person", "list", "Acme", "--json").json}["Lee"] == "Saves a day"


def test_merges_say_what_they_did_and_come_apart(run: Run, acme: int, desk: Desk) -> None:
    other = builders.account(desk, "ACME Inc.")
    assert [(row["first"], row["second"]) for row in run("account", "twins", "--json").json] == [(acme, other)]
    done = run("account", "merge", "Acme", "ACME Inc.", "--json").json
    assert (done["kept"], done["gone"]) == (acme, other)
    assert run("account", "show", "ACME Inc.", "--json").json["id"] == acme
    assert run("account", "unmerge", "Acme", "--of", "Nobody").code == 4
    assert run("account", "unmerge", "Acme", "--of", "ACME Inc.", "--json").json["reverted"] > 0
    assert run("person", "merge", "Lee", "Lee").code == 4
    assert run("person", "merge", "Lee", "Mia", "--json").json["gone_name"] == "Mia"
    assert run("person", "unmerge", "Lee").code == 0
