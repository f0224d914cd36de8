"""Facts typed by hand: every kind made, corrected with its version kept, refused in sentences, conflicts shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cockpit.desk import Desk
from cockpit.services.errors import Conflict, NotFound, Refused
from cockpit.services.fact import edit_fact, facts_of, new_fact, show_fact, spelled
from cockpit.services.fact_kinds import FACTS
from cockpit.services.history import undo
from tests import builders

GIVEN: dict[str, dict[str, str]] = {
    "product": {"name": "Core", "list_price": "€30", "margin": "0.8", "key_features": "exports; alerts"},
    "subscription": {"product": "core", "mrr": "€1.2k", "units": "40", "starts": "2026-01-01", "ends": "2026-12-31"},
    "opportunity": {"name": "Renewal", "type": "renewal", "due_amount": "14400", "due_date": "2027-01-01", "reference_used": "yes"},
    "ticket": {"subject": "Slow", "priority": "P1", "opened": "2026-11-20 14:00", "person": "Lee"},
    "survey": {"kind": "NPS", "score": "3", "answered": "yesterday", "person": "lee@example.com", "comment": "two\nlines"},
    "training": {"course": "Basics", "required": "yes", "person": "Lee"},
    "advocacy": {"kind": "case study", "given_on": "2026-11-02", "consent_until": "2027-11-02"},
    "event": {"type": "outage", "day": "2026-11-20"},
    "usage": {"metric": "logins", "day": "2026-11-20", "value": "12.5"},
}  # fmt: skip


@pytest.fixture
def acme(desk: Desk) -> int:
    made = builders.account(desk, "Acme")
    builders.person(desk, made, "Lee")
    return made


def make(desk: Desk, acme: int, kind: str, **more: str) -> int:
    return new_fact(desk, kind, None if kind == "product" else acme, GIVEN[kind] | more).id


def test_every_kind_is_made_read_back_as_its_form_spells_it_and_undone(desk: Desk, acme: int):
    before = builders.snapshot(desk.store)
    for name, kind in FACTS.items():
        if name != "product" and name == "subscription":
            make(desk, acme, "product")
        row = show_fact(desk, name, make(desk, acme, name) if name != "product" else builders.the(desk, "product", "Core"))
        again = {f.name: spelled(f, row.values[f.name], row.currency, desk.me.time_zone) for f in kind.fields}
        assert edit_fact(desk, name, row.number, again, again).changed == (), name
        assert row.id % len(FACTS) == list(FACTS).index(name)
    assert [row.values["product"] for row in facts_of(desk, "subscription", where="health:>1")] == ["Core"]
    while builders.snapshot(desk.store) != before:
        assert undo(desk).reverted


def test_a_correction_keeps_the_version_before_it(desk: Desk, acme: int):
    make(desk, acme, "product")
    id_ = make(desk, acme, "subscription")
    said = edit_fact(desk, "subscription", id_, {"mrr": "1300", "ends": None}).said
    assert said == f"Changed ends 2026-12-31 → nothing and mrr €1,200.00 → €1,300.00 of subscription {id_} of Acme"
    with desk.store.read() as db:
        found = db.all("SELECT mrr, superseded IS NULL FROM subscription ORDER BY mrr")
    assert [(mrr, bool(live)) for mrr, live in found] == [(120_000, False), (130_000, True)]
    assert [row.values["mrr"] for row in facts_of(desk, "subscription", acme)] == [130_000]


def test_a_conflict_shows_both_versions_and_writes_nothing(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    id_ = make(desk, acme, "ticket")
    edit_fact(desk_of("ben"), "ticket", id_, {"priority": "P3"})
    with pytest.raises(Conflict, match=r"priority is P3 by now \(Ben Okafor, .*\); you saw P1 and want P2. Nothing was saved."):
        edit_fact(desk, "ticket", id_, {"priority": "P2", "subject": "Slower"}, {"priority": "P1", "subject": "Slow"})
    assert show_fact(desk, "ticket", id_).values["subject"] == "Slow"


REFUSED = [
    ("ticket", {"subject": ""}, "Subject is needed."),
    ("subscription", {"ends": "2025-12-31"}, "It ends before it starts."),
    ("subscription", {"product": "Cor"}, "There is no product called 'Cor'. Did you mean Core?"),
    ("subscription", {"mrr": "-1"}, "MRR is not below 0."),
    ("subscription", {"units": "4.5"}, "Units is a whole number, not '4.5'."),
    ("survey", {"score": "11"}, "A score of 11 is not between 0 and 10."),
    ("survey", {"person": "Nobody"}, "There is no person 'Nobody' of this account."),
    ("opportunity", {"type": "renewl"}, "Type is one of new_business, renewal, expansion, upsell, not 'renewl'. Did you mean renewal?"),
    ("opportunity", {"amount": "$5", "due_amount": "€5"}, "One currency at a time, not EUR and USD."),
    ("training", {"required": "perhaps"}, "Required is yes or no, not 'perhaps'."),
    ("event", {"nope": "1"}, "An event has no field 'nope' to change."),
    ("usage", {"value": "1.23456"}, "Value is a number with at most three decimals"),
    ("product", {"margin": "80"}, "A margin is a share of the price: 0 to 1."),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("kind", "change", "sentence"), REFUSED)
def test_what_is_wrong_is_said_and_nothing_is_written(desk: Desk, acme: int, kind: str, change: dict[str, str], sentence: str):
    if kind != "product":
        make(desk, acme, "product")
    before = builders.snapshot(desk.store, but=())
    with pytest.raises((Refused, NotFound)) as refused:
        make(desk, acme, kind, **change)
    assert str(refused.value).startswith(sentence)
    assert builders.snapshot(desk.store, but=()) == before


@pytest.mark.sqlite_only
def test_another_currency_needs_every_amount(desk: Desk, acme: int):
    id_ = make(desk, acme, "opportunity", amount="5")
    with pytest.raises(Refused, match="Due would change currency too"):
        edit_fact(desk, "opportunity", id_, {"amount": "€5"})
    edit_fact(desk, "opportunity", id_, {"amount": "€5", "due_amount": "€6"})
    row = show_fact(desk, "opportunity", id_)
    assert (row.currency, row.values["due_amount"], row.values["due_date"]) == ("EUR", 600, date(2027, 1, 1))
