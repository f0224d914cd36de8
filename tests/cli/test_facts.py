"""Facts and panes by command."""

from __future__ import annotations

import pytest

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run


@pytest.mark.sqlite_only
def test_facts_are_listed_noted_corrected_and_shown_by_pane(run: Run, desk: Desk):
    acme = builders.account(desk, "Acme")
    assert run("product", "new", "--name", "Core", "--list-price", "30", "--key-features", "exports").code == 0
    made = run("subscription", "new", "Acme", "--product", "Core", "--mrr", "1200", "--units", "9", "--starts", "2026-01-01", "--json")
    assert made.json["kind"] == "subscription"
    assert run("subscription", "edit", made.json["id"], "--ends", "2026-12-31", "--json").json["changed"] == ["ends"]
    (row,) = run("subscription", "list", "Acme", "--json").json
    assert (row["id"], row["account_id"], row["mrr"], row["currency"], row["ends"]) == (1, acme, "1200.00", "USD", "2026-12-31")
    assert run("subscription", "list", "--where", "health:>1", "--json").json == [row]
    assert run("subscription", "list", "Acme", "--where", "health:>1").code == 2
    assert run("subscription", "edit", 99, "--units", 1).code == 4
    assert run("product", "list", "--json").json[0]["key_features"] == ["exports"]

    money = run("account", "commercial", "Acme", "--json").json
    assert money["mrr"] == [{"currency": "USD", "amount": "1200.00"}]
    assert money["contract"] == [{"currency": "USD", "amount": "14400.00"}]
    assert run("account", "usage", "Acme", "--json").json["unused"] == ["exports"]
    run("ticket", "new", "Acme", "--subject", "Slow", "--priority", "P1")
    run("survey", "new", "Acme", "--kind", "nps", "--score", "9", "--answered", "2026-11-20")
    voice = run("account", "support", "Acme", "--json").json
    assert (voice["open_tickets"], voice["open_high"], voice["nps"]["value"]) == (1, 1, 100.0)
    shown = run("account", "support", "Acme")
    assert "1 tickets open (1 high) · NPS +100 (95%: −48 to +100) of 1 answer" in shown.out
    assert "missing      CSAT, trainings, advocacy" in shown.out
