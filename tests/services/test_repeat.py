"""Recurring CTAs: closing one makes the next, in one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cockpit.desk import Desk
from cockpit.services.cta import CtaDraft, close, edit_cta, new_cta, reopen, show_cta
from cockpit.services.errors import Refused
from cockpit.services.history import redo, undo
from cockpit.services.queue import QueueQuery, queue_page
from db.store import Store
from db.terms import Outcome, Priority
from tests import builders
from tests.builders import row
from tests.services.test_undo import state

Sit = Callable[..., Desk]


@pytest.fixture
def monthly(desk: Desk) -> int:
    builders.account(desk, "Acme")
    draft = CtaDraft("lifecycle", "Check-in", "Monthly check-in", priority=Priority.HIGH, due=date(2026, 11, 27), owner="ana", repeats="1m")
    return new_cta(desk, "Acme", draft).ids[0]


def test_the_next_is_made_with_the_close_and_waits_in_the_queue(desk: Desk, store: Store, monthly: int):
    done = close(desk, [monthly], Outcome.SUCCESS, "fine")
    (following,) = queue_page(desk, QueueQuery()).rows
    assert done.said == f"Closed CTA {monthly} as success; the next one is CTA {following.id}, due Mon 28 Dec · Acme"
    assert (following.title, following.type, following.reason, following.priority, following.pool) == (
        "Monthly check-in", "lifecycle", "Check-in", "high", "West",
    )  # fmt: skip
    assert (following.due, following.owner, following.rank != 0) == (date(2026, 12, 28), None, True)
    assert row(store, "cta", following.id)["repeats"] == "1m"
    assert show_cta(desk, following.id).detail.source == "repeats"


def test_one_undo_takes_back_both_and_redo_makes_both(desk: Desk, store: Store, monthly: int):
    before = state(store)
    close(desk, [monthly], Outcome.SUCCESS, "fine")
    after = state(store)
    undo(desk)
    assert state(store) == before
    redo(desk)
    assert state(store) == after


def test_without_a_pool_it_stays_with_its_owner(desk: Desk, store: Store):
    cta = builders.cta(desk, builders.account(desk, pool=None), pool=None, owner="ana", repeats="2w", due=date(2026, 11, 25))
    close(desk, [cta], Outcome.SUCCESS, "x")
    made = row(store, "cta", cta + 1)
    assert (made["owner_id"], str(made["due"])) == (desk.me.id, "2026-12-09")


def test_what_its_owner_keeps_comes_with_its_steps(desk: Desk, store: Store):
    book = builders.make(desk, "playbook", {"name": "Recovery", "steps": [{"title": "Call", "due_in": 1}]})
    account = builders.account(desk, pool=None)
    cta = builders.cta(desk, account, pool=None, owner="ana", repeats="2w", due=date(2026, 11, 25), playbook_id=book)
    close(desk, [cta], Outcome.SUCCESS, "x")
    assert [task.title for task in show_cta(desk, cta + 1).tasks] == ["Call"]
    assert row(store, "cta", cta + 1)["first_claimed_at"] is not None


def test_closed_once_more_it_makes_no_second_next_one(desk: Desk, monthly: int):
    close(desk, [monthly], Outcome.UNSUCCESSFUL, "x")
    (following,) = queue_page(desk, QueueQuery()).rows
    reopen(desk, [monthly])
    assert f"; the next one is CTA {following.id} already" in close(desk, [monthly], Outcome.SUCCESS, "fine").said
    assert [one.id for one in queue_page(desk, QueueQuery()).rows] == [following.id]


def test_what_was_invalid_does_not_come_again(desk: Desk, monthly: int):
    close(desk, [monthly], Outcome.INVALID, "x")
    assert queue_page(desk, QueueQuery()).rows == ()


def test_several_are_said_together(desk: Desk):
    ids = builders.ctas(desk, 3, owner="ana", repeats="1w", due=date(2026, 11, 25))
    done = close(desk, ids, Outcome.SUCCESS, "x")
    assert f"made the next 3 ones (CTA {ids[-1] + 1} to {ids[-1] + 3})" in done.said


def test_an_interval_is_read_and_can_be_taken_away(desk: Desk, store: Store, monthly: int):
    edit_cta(desk, monthly, {"repeats": "Quarterly"})
    assert row(store, "cta", monthly)["repeats"] == "3m"
    with pytest.raises(Refused, match="'sometimes' is no interval"):
        edit_cta(desk, monthly, {"repeats": "sometimes"})
    edit_cta(desk, monthly, {"repeats": None})
    assert row(store, "cta", monthly)["repeats"] is None
