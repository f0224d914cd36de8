"""Interventions move on facts, warn, propose, are handed on, and say what followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.account import edit_account
from cockpit.services.away import set_away
from cockpit.services.comment import mentions
from cockpit.services.cta import close
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.intervention import answered, board, followed, intervention_of, move, set_plan, show, start
from cockpit.services.tick import tick
from cockpit.services.timeline import Logged, log_activity, timeline_page
from db.query import QueryError
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.builders import utc
from tests.conftest import NOW
from tests.services.test_undo import state

Sit = Callable[..., Desk]
DAY = timedelta(days=1)


@pytest.fixture
def acme(desk: Desk) -> int:
    account = builders.account(desk, "Acme", health=40)
    builders.person(desk, account, "Lee")
    return account


@pytest.fixture
def cta(desk: Desk, acme: int) -> int:
    return builders.cta(desk, acme, owner="ana")


def outreach(desk: Desk, **fields: Any) -> Logged:
    return log_activity(desk, "Acme", "outreach", "Can we help?", **fields)


def stage(desk: Desk, acme: int) -> str | None:
    row = intervention_of(desk, acme)
    return None if row is None else row.stage


def on_track(desk: Desk, acme: int, cta: int) -> int:
    """An intervention of Ana's whose criterion holds."""
    id_ = start(desk, cta, criterion="health:>=60").id
    answered(desk, id_)
    set_plan(desk, id_, "Train two people")
    edit_account(desk, acme, {"health": 80})
    tick(desk)
    return id_


def test_an_outreach_by_who_holds_a_cta_begins_one(desk: Desk, acme: int, cta: int):
    done = outreach(desk)
    assert done.said == "Logged outreach “Can we help?” on Acme · intervention 1 began, reached out"
    row = intervention_of(desk, acme)
    assert row is not None
    assert (row.id, row.owner, row.stage, row.cta, row.tries, row.window_day) == (done.intervention, "ana", "reached_out", cta, 1, None)
    assert (row.claimed_at, row.reached_at, row.engaged_at) == (NOW, NOW, None)
    assert outreach(desk).intervention is None, "the second try moves nothing"
    assert [one.tries for one in board(desk)] == [2]


@pytest.mark.parametrize(
    ("type", "fields", "wanted"),
    [
        ("email", {}, "reached_out"),
        ("call", {}, "reached_out"),
        ("call", {"attendees": ["ben"]}, None),
        ("call", {"attendees": ["ana", "Lee"]}, "engaged"),
        ("meeting", {"attendees": ["lee@example.com"]}, "engaged"),
        ("meeting", {}, None),
        ("email", {"answered": True}, "engaged"),
        ("update", {}, None),
        ("outreach", {"at": "2026-11-20"}, None),
        ("meeting", {"at": "2026-11-27", "attendees": ["Lee"]}, None),
        ("outreach", {"at": "2026-11-23"}, "reached_out"),
    ],
)
def test_what_of_the_timeline_moves_it(desk: Desk, acme: int, cta: int, type: str, fields: dict[str, Any], wanted: str | None):
    log_activity(desk, "Acme", type, "x", **fields)
    assert stage(desk, acme) == wanted


def test_without_a_claim_there_is_none_and_a_colleague_only_brings_the_answer(desk: Desk, desk_of: Sit, acme: int, cta: int):
    ben = desk_of("ben")
    assert outreach(ben).intervention is None
    assert stage(desk, acme) is None
    start(desk, cta)
    outreach(ben)
    assert stage(desk, acme) == "reached_out", "what was logged since the claim counted when it began"
    log_activity(ben, acme, "call", "They rang", attendees=["Lee"])
    assert stage(desk, acme) == "engaged"


def test_what_was_logged_before_it_began_counts(desk: Desk, desk_of: Sit, acme: int, cta: int):
    builders.make(desk, "activity", {"account_id": acme, "type_id": builders.the(desk, "activity_type", "email"), "subject": "x",
                                     "at": NOW + timedelta(hours=1)})  # fmt: skip
    later = desk_of("ana", NOW + DAY)
    assert start(later, cta).stage == "reached_out"
    row = intervention_of(later, acme)
    assert row is not None
    assert (row.claimed_at, row.reached_at) == (NOW, NOW + timedelta(hours=1))


def test_one_at_a_time_and_who_may(desk: Desk, desk_of: Sit, acme: int, cta: int):
    free, theirs = builders.cta(desk, acme), builders.cta(desk, acme, owner="ben")
    with pytest.raises(Refused, match="nobody's yet: claim it first"):
        start(desk, free)
    with pytest.raises(Forbidden, match="Only Ben Okafor, who covers for Ben Okafor, or a manager"):
        start(desk, theirs)
    id_ = start(desk, cta).id
    with pytest.raises(Refused, match=f"Acme is in intervention {id_} already: Ana Ruiz began it at 09:00"):
        start(desk_of("ben"), theirs)
    with pytest.raises(Forbidden):
        answered(desk_of("ben"), id_)
    set_away(desk_of("mo"), "ana", NOW.date(), NOW.date(), cover="ben")
    assert answered(desk_of("ben"), id_).stage == "engaged"
    with pytest.raises(NotFound, match="no intervention 99"):
        answered(desk, 99)


def test_the_plan_and_the_criterion_move_it_the_tick_looks(desk: Desk, acme: int, cta: int):
    id_ = start(desk, cta).id
    with pytest.raises(QueryError):
        set_plan(desk, id_, criterion="helth:>60")
    assert set_plan(desk, id_, "Our idea", "health:>=60").stage == "claimed", "a plan nobody agreed to moves nothing"
    assert answered(desk, id_, "Yes please").stage == "engaged"
    assert [one.subject for one in timeline_page(desk, acme).rows] == ["The customer answered"]
    assert set_plan(desk, id_, "Train two people by Friday").stage == "on_plan"
    with pytest.raises(Refused, match="Not on track yet: health:>=60 does not hold"):
        move(desk, id_, "on track")
    assert tick(desk).moved == 0
    assert [(one.on_track, one.stage) for one in board(desk)] == [(False, "on_plan")]
    edit_account(desk, acme, {"health": 61})
    assert tick(desk).moved == 1
    assert tick(desk).moved == 0
    assert [(one.on_track, one.stage) for one in board(desk)] == [(True, "on_track")]
    assert [one.body.split(":")[0] for one in mentions(desk)] == ["On track"]


def test_the_hand_over_to_self_service(desk: Desk, acme: int, cta: int):
    id_ = on_track(desk, acme, cta)
    with pytest.raises(Refused, match="needs a note to Support"):
        move(desk, id_, "self-service")
    for bad in ("javascript:alert(1)", "kb.example.com/1", "https://", "http://[", "https://a b"):
        with pytest.raises(Refused, match="is no web address"):
            move(desk, id_, "self-service", "Trained", articles=[bad])
    done = move(desk, id_, "self-service", "Trained, prefers chat", articles=["https://kb.example.com/1", "https://kb.example.com/1"])
    assert (done.stage, board(desk)) == ("self_service", ())
    shown = show(desk, id_).row
    assert (shown.handoff_note, shown.articles, shown.ended_at) == ("Trained, prefers chat", ("https://kb.example.com/1",), NOW)
    entry = timeline_page(desk, acme).rows[0]
    assert (entry.type, entry.subject, entry.body, entry.cta_id) == (
        "milestone", "Handed to self-service", "For Support: Trained, prefers chat\nArticle: https://kb.example.com/1", cta,
    )  # fmt: skip
    with pytest.raises(Refused, match="has ended"):
        move(desk, id_, "lost", reason="x")


def test_nobody_answers_and_ending_it_is_proposed_once_never_done(desk: Desk, desk_of: Sit, acme: int, cta: int):
    for day in (0, 3, 8):
        outreach(desk_of("ana", NOW + day * DAY))
    before = desk_of("ana", utc("2026-12-04T23:00"))
    assert (tick(before).proposed, board(before)[0].proposal) == (0, None)
    with pytest.raises(Refused, match="3 tries over 10 business days"):
        move(before, 1, "no_response")
    later = desk_of("ana", utc("2026-12-07T09:00"))
    assert (tick(later).proposed, board(later)[0].proposal) == (1, "no_response")
    assert tick(later).proposed == 0
    assert "No answer after 3 tries in 10 business days: end intervention 1 as no response" in mentions(later)[0].body
    assert stage(later, acme) == "reached_out"
    assert move(later, 1, "no response").stage == "no_response"


def test_an_answer_takes_the_proposal_away(desk: Desk, desk_of: Sit, acme: int, cta: int):
    for day in (0, 3, 8):
        outreach(desk_of("ana", NOW + day * DAY))
    later = desk_of("ana", utc("2026-12-07T09:00"))
    tick(later)
    answered(later, 1)
    assert [(one.stage, one.proposal, one.tries) for one in board(later)] == [("engaged", None, 3)]


@pytest.mark.parametrize(
    ("days", "warning"),
    [(0, ""), (44, ""), (45, "day 45 of 60: bring it to an end"), (61, "day 61, 1 past its window of 60")],
)
def test_the_window_runs_from_the_answer(desk: Desk, desk_of: Sit, acme: int, cta: int, days: int, warning: str):
    outreach(desk)
    answered(desk, 1)
    (row,) = board(desk_of("ana", NOW + days * DAY))
    assert (row.window_day, row.warning) == (days, warning)


def test_closing_its_cta_with_success_does_not_end_it(desk: Desk, acme: int, cta: int):
    outreach(desk)
    answered(desk, 1)
    done = close(desk, [cta], Outcome.SUCCESS, "They talk to us")
    assert done.said == f"Closed CTA {cta} as success; its intervention 1 goes on (engaged, day 0 of 60) · Acme"
    assert stage(desk, acme) == "engaged"


def test_closing_its_cta_ends_it_when_it_is_on_track_or_nobody_answered(desk: Desk, store: Store, acme: int, cta: int):
    on_track(desk, acme, cta)
    assert "intervention 1 ended, handed to self-service" in close(desk, [cta], Outcome.SUCCESS, "All trained").said
    assert show(desk, 1).row.handoff_note == "All trained"
    other = builders.cta(desk, acme, owner="ana")
    outreach(desk)
    before = state(store)
    done = close(desk, [other], Outcome.UNSUCCESSFUL, "no")
    assert (show(desk, 2).row.stage, show(desk, 2).row.end_reason) == ("lost", f"CTA {other} closed as unsuccessful")
    undo(desk, done.act)
    assert state(store) == before


def test_another_cta_of_hers_carries_it_on(desk: Desk, acme: int, cta: int):
    second = builders.cta(desk, acme, owner="ana")
    start(desk, cta)
    close(desk, [cta], Outcome.NO_ACTION)
    assert [(one.stage, one.cta) for one in board(desk)] == [("claimed", second)]


def test_the_board_is_by_stage(desk: Desk, desk_of: Sit, acme: int, cta: int):
    outreach(desk)
    other = builders.account(desk, "Boreal")
    start(desk_of("ben"), builders.cta(desk, other, owner="ben"))
    assert [(one.account, one.stage) for one in board(desk)] == [("Boreal", "claimed"), ("Acme", "reached_out")]
    assert [one.account for one in board(desk, owner="ben")] == ["Boreal"]
    assert [one.account for one in board(desk, stage="reached out")] == ["Acme"]
    assert [one.account for one in board(desk, account="boreal")] == ["Boreal"]
    move(desk, 1, "lost", reason="went bankrupt")
    assert [one.account for one in board(desk)] == ["Boreal"]
    assert [one.end_reason for one in board(desk, ended=True)] == [None, "went bankrupt"]
    with pytest.raises(Refused, match=r"no stage 'engagd'.*Did you mean engaged"):
        board(desk, stage="engagd")


def fact(desk: Desk, table: str, at: datetime = NOW, **values: Any) -> int:
    return builders.make(desk, table, {"recorded": at, **values})


def test_what_followed_are_sales_won_and_the_nps_of_the_same_people(desk: Desk, desk_of: Sit, acme: int, cta: int):
    outreach(desk)
    answered(desk, 1)
    kim = builders.person(desk, acme, "Kim")
    for person, score, day in ((1, 3, "2026-11-01"), (kim, 9, "2026-11-02"), (1, 9, "2026-12-10"), (1, 10, "2026-12-12")):
        fact(desk, "survey", account_id=acme, person_id=person, kind="nps", score=score, answered=date.fromisoformat(day))
    for kind, state_, day, amount in (
        ("renewal", "won", "2026-12-01", 500), ("upsell", "won", "2026-11-20", 1), ("expansion", "open", "2026-12-02", 2),
        ("new_business", "won", "2026-12-03", 4), ("upsell", "won", "2027-06-01", 8),
    ):  # fmt: skip
        fact(desk, "opportunity", account_id=acme, type=kind, state=state_, close_date=date.fromisoformat(day), final_amount=amount)
    later = desk_of("ana", utc("2027-01-10T09:00"))
    found = followed(later, 1)
    assert [(one.type, one.amount) for one in found.won] == [("renewal", 500)]
    assert (found.nps_before, found.nps_after, found.nps_change, found.nps_people) == (-100, 100, 200, 1)
    assert (found.first, found.last) == (NOW.date(), date(2027, 1, 10))
    move(later, 1, "lost", reason="x")
    much_later = desk_of("ana", utc("2028-01-01T09:00"))
    assert [one.amount for one in followed(much_later, 1).won] == [500], "won 90 days after its end and more is not counted"
    assert followed(much_later, 1).last == date(2027, 4, 10)


def test_what_followed_is_read_as_it_was_known(desk: Desk, desk_of: Sit, store: Store, acme: int, cta: int):
    outreach(desk)
    answered(desk, 1)
    fact(desk, "opportunity", utc("2026-12-20T00:00"), account_id=acme, type="renewal", state="won", close_date=date(2026, 12, 1))
    assert len(followed(desk_of("ana", utc("2026-12-21T00:00")), 1).won) == 1
    then = Desk(store, desk.me, lambda: utc("2027-01-01T00:00"), as_of=date(2026, 12, 10))
    assert followed(then, 1).won == ()


def test_before_any_answer_nothing_followed(desk: Desk, acme: int, cta: int):
    outreach(desk)
    assert (followed(desk, 1).first, followed(desk, 1).won, followed(desk, 1).nps_change) == (None, (), None)


def test_each_is_taken_back(desk: Desk, store: Store, acme: int, cta: int):
    deeds: list[Callable[[], Any]] = [
        lambda: outreach(desk),
        lambda: answered(desk, 1, "Yes"),
        lambda: set_plan(desk, 1, "Train", "health:>=30"),
        lambda: move(desk, 1, "on_track"),
        lambda: move(desk, 1, "self_service", "Trained", articles=["https://kb.example.com"]),
    ]
    states = []
    for deed in deeds:
        states.append(state(store))
        deed()
    for wanted in reversed(states):
        undo(desk)
        assert state(store) == wanted
