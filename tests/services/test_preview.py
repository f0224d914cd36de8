"""What stands beside the highlighted CTA."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.errors import NotFound
from cockpit.services.escalation import close_escalation, escalate
from cockpit.services.preview import preview
from tests import builders, statements

TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def acme(desk: Desk) -> int:
    """An account in trouble, as the queue's picture has it."""
    id_ = builders.account(
        desk, "Acme Robotics", health=54, health_before=70, arr=4_800_000, renewal_date=TODAY + timedelta(days=41),
        segment_id=builders.segment(desk, "SMB"), region="EMEA",
    )  # fmt: skip
    ortiz = builders.person(desk, id_, "M. Ortiz", value_network=True)
    builders.person(desk, id_, "K. Sato", value_network=True)
    meeting = builders.the(desk, "activity_type", "meeting")
    held = builders.make(
        desk, "activity", {"account_id": id_, "type_id": meeting, "subject": "Quarterly review",
                           "at": datetime.combine(ago(61), datetime.min.time()).astimezone() + timedelta(hours=10)}
    )  # fmt: skip
    builders.make(desk, "attendee", {"activity_id": held, "person_id": ortiz})
    for kind, score, days, comment in (("nps", 3, 12, "support is slow"), ("csat", 3, 5, None), ("csat", 4, 40, None)):
        builders.make(
            desk, "survey", {"account_id": id_, "person_id": ortiz if comment else None, "kind": kind, "score": score,
                             "answered": ago(days), "comment": comment}
        )  # fmt: skip
    for days in range(0, 56, 7):
        value = 62_000 if days < 28 else 100_000
        builders.make(desk, "usage", {"account_id": id_, "metric": "logins", "day": ago(days), "value": value})
    for priority in ("high", "low"):
        builders.make(desk, "ticket", {"account_id": id_, "subject": "Slow", "priority": priority, "status": "open"})
    builders.make(
        desk, "ticket", {"account_id": id_, "subject": "Done", "priority": "high", "status": "Solved", "closed": None}
    )
    return id_


def test_everything_that_helps_to_decide_is_there(desk: Desk, acme: int):
    playbook = builders.make(desk, "playbook", {"name": "Usage recovery", "steps": [{"title": str(n)} for n in range(5)]})
    cta = builders.cta(desk, acme, playbook_id=playbook, left_note="Ask for Kim", due=ago(2))
    seen = preview(desk, acme, cta)
    assert (seen.name, seen.health, seen.band, seen.change) == ("Acme Robotics", 54, "amber", -16)
    assert (seen.arr, seen.currency, seen.renews_in, seen.segment, seen.region) == (4_800_000, "USD", 41, "SMB", "EMEA")
    assert seen.why == (
        "overdue 2d", "usage −38% in 4w", "NPS 3", "health −16 in 4w", "1 high ticket", "renewal 41d", "no touch for 61d",
    )  # fmt: skip
    assert (seen.network.size, seen.network.minimum, seen.network.met, seen.network.coverage) == (2, None, 1, 0.5)
    assert (seen.network.last_met, seen.network.last_met_days) == (ago(61), 61)
    assert seen.usage is not None
    assert seen.usage.weeks == (None, None, 100.0, 100.0, 100.0, 100.0, 62.0, 62.0, 62.0, 62.0)
    assert (seen.tickets_open, seen.tickets_high) == (2, 1)
    assert seen.nps
    assert seen.csat
    assert (seen.nps.score, seen.nps.answered, seen.nps.comment) == (3, ago(12), "support is slow")
    assert (seen.csat.score, seen.csat.mean, seen.csat.n) == (3, 3.5, 2)
    assert (seen.playbook, seen.playbook_tasks, seen.left_note) == ("Usage recovery", 5, "Ask for Kim")


def test_the_recent_past_mixes_activities_answers_and_events_newest_first(desk: Desk, acme: int):
    builders.make(desk, "event", {"account_id": acme, "type": "contact_left", "day": ago(20), "body": "The sponsor"})
    seen = preview(desk, acme).timeline
    assert [(one.days_ago, one.type, one.text) for one in seen] == [
        (5, "CSAT response", "3"),
        (12, "NPS response", "3 “support is slow”"),
        (20, "contact left", "The sponsor"),
        (40, "CSAT response", "4"),
        (61, "meeting", "Quarterly review"),
    ]
    assert (seen[1].who, seen[4].attendees) == ("M. Ortiz", 1)
    assert seen[4].activity_id is not None


def test_what_is_unknown_is_not_zero(desk: Desk):
    bare = builders.account(desk, "Bare", health=None, arr=None, currency=None)
    seen = preview(desk, bare)
    assert (seen.health, seen.band, seen.change, seen.arr, seen.renews_in) == (None, None, None, None, None)
    assert (seen.usage, seen.nps, seen.csat, seen.timeline, seen.why) == (None, None, None, (), ())
    assert (seen.network.size, seen.network.coverage, seen.network.last_met) == (0, None, None)
    with pytest.raises(NotFound, match="There is no account 99"):
        preview(desk, 99)


def test_the_number_of_statements_is_fixed_and_each_walks_an_index(desk: Desk, acme: int):
    bare = builders.account(desk, "Bare")
    first, second = builders.cta(desk, acme), builders.cta(desk, bare)
    with statements.recorded() as rich:
        preview(desk, acme, first)
    with statements.recorded() as poor:
        preview(desk, bare, second)
    assert len(rich) == len(poor) == 10
    assert {sql: found for sql, params in rich if (found := statements.scans(desk.store, (sql, params)))} == {}


def test_an_open_escalation_is_the_first_reason(desk: Desk, acme: int):
    made = escalate(desk, acme, "Orders are lost", department="Product")
    assert preview(desk, acme).why[0] == "escalated to Product"
    close_escalation(desk, made.id, "Fixed")
    assert not any("escalated" in why for why in preview(desk, acme).why)
