"""Goals, risks, escalations, sentiment and renewal calls by command."""

from __future__ import annotations

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run


def test_a_plan_is_written_listed_and_shown(run: Run, desk: Desk):
    builders.account(desk, "Acme", arr=4_800_000, health=80)
    made = run("goal", "new", "Acme", "Two plants", "--due", "2026-11-02", "--criterion", "health:>=80", "--json").json
    assert (made["id"], made["account"], made["status"]) == (1, "Acme", "open")
    (row,) = run("goal", "list", "--late", "--json").json
    assert (row["title"], row["is_late"], row["holds"], row["due"]) == ("Two plants", True, True, "2026-11-02")
    assert run("risk", "new", "Acme", "Late", "--kind", "Product", "--severity", "high", "--department", "Product").code == 0
    (row,) = run("risk", "list", "--department", "product", "--json").json
    assert (row["kind"], row["arr"], row["currency"]) == ("product", "48000.00", "USD")
    (row,) = run("risk", "patterns", "--json").json
    assert (row["kind"], row["accounts"], row["high"], row["arr"]) == ("product", 1, 1, [{"currency": "USD", "arr": "48000.00"}])
    assert run("escalation", "new", "Acme", "Orders are lost", "--json").json["next_update"] == "2026-11-24"
    assert run("sentiment", "set", "Acme", "bad", "--note", "Angry").err.strip() == "Acme feels bad"
    refused = run("account", "renewal-call", "Acme", "--call", "will", "--json")
    assert (refused.code, refused.json["refused"]) == (4, "reason")
    assert run("account", "renewal-call", "Acme", "--call", "will", "--reason", "Budget signed").code == 0
    (row,) = run("account", "renewal-calls", "--apart", "--json").json
    assert (row["call"], row["signal"], row["apart"], row["arr"]) == ("will", "may", 1, "48000.00")
    plan = run("account", "plan", "Acme", "--json").json
    assert [len(plan[name]) for name in ("goals", "risks", "escalations", "feelings")] == [1, 1, 1, 1]
    assert (plan["signal"], plan["call"]["says"]) == ("may", "more hopeful than the signal")
    assert "holds now" in run("account", "plan", "Acme").out
    assert run("goal", "end", 1, "reached").err.strip() == "Reached: Two plants (Acme)"
    assert run("goal", "edit", 1).code == 2
    assert run("risk", "show", 9).code == 4


def test_the_stages_of_a_life_and_the_dates_of_a_contract(run: Run, desk: Desk):
    builders.account(desk, "Acme")
    assert run("account", "edit", "Acme", "--stage", "onboarding", "--notice", "2026-12-10", "--auto-renew", "yes").code == 0
    assert run("account", "edit", "Acme", "--stage", "adoption").code == 0
    assert [row["stage"] for row in run("account", "stages", "Acme", "--json").json] == ["adoption", "onboarding"]
    assert [row["name"] for row in run("account", "list", "--where", "notice:<30d auto_renew:yes", "--json").json] == ["Acme"]
    assert run("account", "edit", "Acme", "--auto-renew", "perhaps").code == 4


def test_the_lines_of_transitions_are_set_as_people_write_amounts(run: Run, desk: Desk):
    row = run("transition", "policy", "show", "--json").json
    assert (row["agree_below"], row["pool_below"], row["key_above"], row["currency"]) == ("50000.00",) * 3 + ("USD",)
    done = run("transition", "policy", "set", "--pool-below", "25k", "--json", login="mo").json
    assert (done["pool_below"], done["agree_below"], done["said"]) == (
        "25000.00", "50000.00", "Transitions: to a pool below $25,000.00 (was $50,000.00)")  # fmt: skip
    assert "25000.00 USD" in run("transition", "policy", "show").out
    assert run("transition", "policy", "set", login="mo").code == 2
    refused = run("transition", "policy", "set", "--pool-below", "1", "--json")
    assert refused.code == 4
