"""Workers, upgrades, makings and imports killed with SIGKILL, each beside a control that must break."""

from __future__ import annotations

import pytest

from proof import imports, kills, schema
from proof.stores import Places


def test_a_hundred_killed_workers(places: Places, dialect: str):
    """On each of the two stores, so two hundred."""
    made = kills.loop(places, dialect, 100, ctas=10_000)
    assert made.counts.bad == 0, made.counts
    assert made.twice == 0
    assert made.in_the_middle > 50, "they died too late or too early to show anything"


def test_a_journal_in_a_second_transaction_fails_the_same_checker(places: Places, dialect: str):
    assert kills.careless(places, dialect, 20, ctas=10_000).half > 0


def test_a_killed_upgrade_leaves_the_old_or_the_new(places: Places, dialect: str):
    made = schema.killed_upgrades(places, dialect, 6)
    assert made.bad == 0, made


@pytest.mark.sqlite_only
def test_an_upgrade_statement_by_statement_fails_the_same_checker(places: Places, dialect: str):
    assert schema.killed_upgrades(places, dialect, 8, schema.upgrades_carelessly).between > 0


def test_whoever_comes_after_a_killed_making_finishes_it(places: Places, dialect: str):
    made = schema.killed_makings(places, dialect, 6)
    assert made.bad == 0, made


def test_a_killed_import_leaves_everything_or_nothing(places: Places, dialect: str):
    made = imports.killed(places, dialect, 4, accounts=600)
    assert made.bad == 0, made


@pytest.mark.sqlite_only
def test_an_import_in_many_acts_fails_the_same_checker(places: Places, dialect: str):
    assert imports.killed(places, dialect, 6, imports.imports_carelessly, accounts=600).between > 0
