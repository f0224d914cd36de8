"""A sample of closes to read, success without evidence, and a coaching note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.comment import comments, mentions
from cockpit.services.cta import close
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import undo
from cockpit.services.review import review, reviews, sample
from cockpit.services.timeline import log_activity
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.builders import utc
from tests.conftest import NOW
from tests.services.test_undo import state

Sit = Callable[..., Desk]


@pytest.fixture
def closed(desk: Desk, desk_of: Sit) -> list[int]:
    """Ten of Ana's closed today, and one of Ben's closed two months ago."""
    ids = builders.ctas(desk, 10, owner="ana")
    close(desk, ids, Outcome.SUCCESS)
    old = builders.cta(desk, builders.account(desk), owner="ben")
    close(desk_of("ben", NOW - timedelta(days=60)), [old], Outcome.SUCCESS, "x")
    return ids


def test_the_same_seed_draws_the_same(desk_of: Sit, closed: list[int]):
    mo = desk_of("mo")
    drawn = [one.id for one in sample(mo, "ana", 3)]
    assert len(drawn) == 3
    assert set(drawn) <= set(closed)
    assert [one.id for one in sample(mo, "ana", 3)] == drawn
    others = [[one.id for one in sample(mo, "ana", 3, seed=seed)] for seed in range(1, 6)]
    assert any(set(other) != set(drawn) for other in others)
    assert len(sample(mo, "ana", 50)) == 10
    assert {one.owner for one in sample(mo, n=2)} == {"ana"}
    assert [one.owner for one in sample(mo, first=date(2026, 9, 1), last=date(2026, 9, 30))] == ["ben"]


def test_success_without_evidence_is_marked(desk: Desk, desk_of: Sit):
    account = builders.account(desk, "Acme")
    bare, noted, logged, done, failed = (builders.cta(desk, account, owner="ana") for _ in range(5))
    log_activity(desk_of("ana", NOW - timedelta(days=30)), account, "update", "Before the claim", cta=bare, at=NOW - timedelta(days=30))
    log_activity(desk, account, "meeting", "Still to come", cta=bare, at=NOW + timedelta(days=3))
    log_activity(desk, account, "update", "Since", cta=logged)
    builders.make(desk, "task", {"cta_id": done, "title": "Ring", "status": "done", "done_at": NOW})
    close(desk, [noted], Outcome.SUCCESS, "They renewed")
    close(desk, [bare, logged, done], Outcome.SUCCESS)
    close(desk, [failed], Outcome.UNSUCCESSFUL)
    found = {one.id: one.lacks_evidence for one in sample(desk_of("mo"), "ana", 9)}
    assert found == {bare: True, noted: False, logged: False, done: False, failed: False}


def test_the_one_concerned_is_told_and_reads_it(desk: Desk, desk_of: Sit, closed: list[int]):
    done = review(desk_of("mo"), closed[0], "weak", "Say what came of it")
    assert done.said == f"Reviewed how Ana Ruiz closed CTA {closed[0]} · {reviews(desk)[0].account}"
    assert [(one.cta, one.verdict, one.note, one.reviewer) for one in reviews(desk)] == [(closed[0], "weak", "Say what came of it", "mo")]
    assert [one.body for one in mentions(desk)] == [f"I have read how CTA {closed[0]} was closed: see your reviews."]
    assert "weak" not in comments(desk_of("ben"), closed[0])[0].body
    assert reviews(desk_of("ben")) == ()
    assert len(reviews(desk_of("oz"), about="ana", by="mo")) == 1
    assert [one.id for one in sample(desk_of("mo"), "ana", 10) if one.is_reviewed] == [closed[0]]


def test_who_may(desk: Desk, desk_of: Sit, closed: list[int]):
    ben = desk_of("ben")
    for attempt in (lambda: sample(ben, "ana"), lambda: sample(ben), lambda: review(ben, closed[0], "good")):
        with pytest.raises(Forbidden, match="Managers, ops and the seniors"):
            attempt()
    assert len(sample(desk, "ana", 2)) == 2, "one may read one's own"
    pod = builders.make(desk, "pod", {"name": "Blue"})
    builders.make(desk, "pod_member", {"pod_id": pod, "csm_id": ben.me.id, "is_senior": True})
    with pytest.raises(Forbidden):
        review(ben, closed[0], "good")
    builders.make(desk, "pod_member", {"pod_id": pod, "csm_id": desk.me.id, "is_senior": False})
    assert review(ben, closed[0], "good").verdict == "good"


def test_what_is_refused(desk: Desk, desk_of: Sit, closed: list[int]):
    mo = desk_of("mo")
    own = builders.cta(desk, builders.account(desk), owner="mo", status="closed", outcome="success", closed_at=utc("2026-11-20T00:00"))
    free = builders.cta(desk, builders.account(desk))
    for cta, verdict, words in (
        (own, "good", "was yours"), (free, "good", "is open"), (closed[0], "fine", "good, weak, wrong"),
        (closed[0], "wrong", "needs a note"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            review(mo, cta, verdict)


def test_it_is_taken_back(desk_of: Sit, store: Store, closed: list[int]):
    before = state(store)
    review(desk_of("mo"), closed[0], "good")
    undo(desk_of("mo"))
    assert state(store) == before
