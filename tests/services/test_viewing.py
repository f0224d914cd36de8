"""Looks at accounts: one's own to see, counted for managers, forgotten in time, never written when read-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.tick import tick
from cockpit.services.viewing import keep_views, record, view_counts, viewed
from tests import builders
from tests.conftest import NOW


def test_looks_are_their_owners_and_managers_see_counts(desk: Desk, desk_of: Callable[..., Desk]):
    acme, bolt = builders.account(desk, "Acme"), builders.account(desk, "Bolt")
    assert record(desk, [(acme, "summary", NOW - timedelta(days=1)), (acme, "usage", NOW), (bolt, "summary", NOW)])
    record(desk_of("ben"), [(acme, "people", NOW)])
    assert [(look.account, look.pane) for look in viewed(desk)] == [("Bolt", "summary"), ("Acme", "usage"), ("Acme", "summary")]
    assert len(viewed(desk, since=NOW)) == 2
    with pytest.raises(Forbidden, match="theirs to see"):
        view_counts(desk, "ben")
    with pytest.raises(Forbidden):
        view_counts(desk)
    assert [(one.looks, one.accounts, one.days) for one in view_counts(desk, "ana")] == [(3, 2, 2)]
    assert [(one.login, one.looks) for one in view_counts(desk_of("mo"))] == [("ana", 3), ("ben", 1)]


def test_looks_are_forgotten_by_tick_when_they_are_old(desk: Desk, desk_of: Callable[..., Desk]):
    acme = builders.account(desk, "Acme")
    record(desk, [(acme, "summary", NOW - timedelta(days=200)), (acme, "usage", NOW - timedelta(days=40)), (acme, "people", NOW)])
    tick(desk)
    assert [look.pane for look in viewed(desk)] == ["people", "usage"]
    keep_views(desk_of("mo"), 30)
    tick(desk)
    assert [look.pane for look in viewed(desk)] == ["people"]
    keep_views(desk_of("mo"), 0)
    record(desk, [(acme, "ctas", NOW)])
    assert [look.pane for look in viewed(desk)] == ["people"]
    with pytest.raises(Refused):
        keep_views(desk_of("mo"), -1)


def test_nothing_is_noted_when_read_only(desk: Desk, desk_of: Callable[..., Desk]):
    acme = builders.account(desk, "Acme")
    assert record(replace(desk, read_only=True), [(acme, "summary", NOW)])
    assert record(desk_of("ria"), [(acme, "summary", NOW)])
    assert viewed(desk) == viewed(desk_of("ria")) == ()
