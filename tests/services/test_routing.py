"""Who is offered what: lanes, skills, pods, interventions, limits; and one account, one CSM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services import away, cta_type, lane, pod, policy, team
from cockpit.services import cta as ctas
from cockpit.services.cta import CtaDraft
from cockpit.services.errors import Refused
from cockpit.services.history import undo
from cockpit.services.queue import QueueQuery, assign, claim, claim_next, queue_page, release
from db.terms import Outcome, Priority
from tests import builders
from tests.conftest import NOW
from tests.statements import recorded

DeskOf = Callable[..., Desk]


def make(desk: Desk, *, priority: Priority = Priority.MEDIUM, **fields: object) -> int:
    account = fields.pop("account", None) or builders.account(desk)
    return builders.cta(desk, account, priority=priority, **fields)  # type: ignore[arg-type]


def taken(desk: Desk, **how: str) -> int:
    return claim_next(desk, **how).items[0].id


def engage(desk: Desk, account: int, login: str) -> None:
    builders.make(desk, "intervention", {"account_id": account, "csm_id": builders.the(desk, "csm", login, "login"), "claimed_at": NOW})


def test_a_junior_gets_tactical_first_and_then_strategic(desk_of: DeskOf):
    dee = desk_of("dee")
    hard = make(dee, lane="strategic", priority=Priority.HIGH)
    easy = make(dee, lane="tactical", priority=Priority.LOW)
    assert taken(dee) == easy
    done = claim_next(dee)
    assert (done.items[0].id, "nothing tactical is left" in done.said) == (hard, True)


def test_who_takes_one_lane_gets_no_other(desk_of: DeskOf, desk: Desk):
    lane.set_lane(desk_of("mo"), "ana", "West", "tactical")
    make(desk, lane="strategic", priority=Priority.HIGH)
    easy = make(desk, lane=None, priority=Priority.LOW)
    assert taken(desk) == easy
    with pytest.raises(Refused, match="nothing for you to take: of 1 unassigned CTA of a lane you do not take"):
        claim_next(desk)
    assert lane.set_lane(desk_of("mo"), "ana", "West", None).said == "Ana Ruiz takes every kind of work in pool West"
    assert taken(desk)


def test_next_passes_over_a_skill_one_lacks_and_a_claim_by_hand_says_so(desk: Desk, desk_of: DeskOf):
    german = make(desk, skill="german", priority=Priority.HIGH)
    plain = make(desk, priority=Priority.LOW)
    assert taken(desk, where="priority:>=low") == plain
    with pytest.raises(Refused, match="1 unassigned CTA 1 for a skill you do not have"):
        claim_next(desk)
    assert claim(desk, [german]).said.count("it asks for the skill german, which is not among yours") == 1
    release(desk, [german])
    team.edit_csm(desk_of("mo"), "ben", {"skills": "Billing, German"})
    assert taken(desk_of("ben")) == german


def test_a_pod_s_members_come_before_others(desk: Desk, desk_of: DeskOf):
    mo = desk_of("mo")
    patch = builders.account(mo)
    pod.new_pod(mo, "Oak", ["ana"], ["dee"])
    pod.give(mo, "Oak", [patch])
    other = make(mo, priority=Priority.LOW)
    tactical, strategic = (make(mo, account=patch, lane=one, priority=Priority.MEDIUM) for one in ("tactical", "strategic"))
    make(mo, priority=Priority.HIGH)
    first = claim_next(desk)
    assert (first.items[0].id, "strategic work" in first.said) == (strategic, True)
    assert taken(desk_of("dee")) == tactical
    release(desk_of("dee"), [tactical])
    assert taken(desk_of("ben")) != tactical
    assert taken(desk_of("ben")) == other
    last = claim_next(desk_of("ben"))
    assert (last.items[0].id, "another pod's patch" in last.said) == (tactical, True)


def test_an_account_in_an_intervention_is_its_csm_s_first(desk: Desk, desk_of: DeskOf):
    account = builders.account(desk, "Acme Robotics")
    engage(desk, account, "ben")
    hers = make(desk, account=account, priority=Priority.HIGH)
    other = make(desk, priority=Priority.LOW)
    refused = claim(desk, [hers]).items[0]
    assert (refused.refused, "Acme Robotics is in an intervention of Ben Okafor" in refused.message) == ("engaged", True)
    assert taken(desk) == other
    with pytest.raises(Refused, match="of accounts in an intervention of somebody else"):
        claim_next(desk)
    assert claim(desk, [hers], anyway=True).items[0].refused is None
    release(desk, [hers])
    assert taken(desk_of("ben")) == hers


def test_while_nobody_answers_for_her_an_intervention_keeps_nobody_out(desk: Desk, desk_of: DeskOf):
    account = builders.account(desk)
    engage(desk, account, "ben")
    cta = make(desk, account=account)
    away.set_away(desk_of("mo"), "ben", NOW.date(), date(2026, 11, 27), "chi")
    assert claim(desk, [cta]).items[0].refused == "engaged"
    assert taken(desk_of("chi")) == cta
    release(desk_of("chi"), [cta])
    away.end_away(desk_of("mo"), "ben")
    away.set_away(desk_of("mo"), "ben", NOW.date(), date(2026, 11, 27))
    assert taken(desk) == cta


def test_claiming_offers_what_else_the_account_has(desk: Desk):
    account = builders.account(desk)
    one, two, three = (make(desk, account=account) for _ in range(3))
    make(desk, account=account, owner="ben")
    done = claim(desk, [one])
    assert (set(done.also), "2 more CTAs of the same account are unassigned" in done.said) == ({two, three}, True)
    release(desk, [one])
    whole = claim(desk, [one], all_of_account=True)
    assert ({item.id for item in whole.items}, whole.also) == ({one, two, three}, ())


def test_the_rest_of_an_account_is_not_taken_by_who_lost_what_she_asked_for(desk: Desk, desk_of: DeskOf):
    account = builders.account(desk)
    one, two = (make(desk, account=account) for _ in range(2))
    claim(desk_of("ben"), [one])
    done = claim(desk, [one], all_of_account=True)
    assert [(item.id, item.refused) for item in done.items] == [(one, "taken")]
    assert claim(desk, [two]).items[0].refused is None


def test_limits_are_scaled_to_a_person(desk: Desk, desk_of: DeskOf):
    team.edit_pool(desk_of("mo"), "West", {"max_open": 3})
    team.edit_csm(desk_of("mo"), "ana", {"limit_percent": 50})
    cta = builders.ctas(desk, 3)
    done = claim(desk, cta)
    assert [item.refused for item in done.items] == [None, None, "limit"]
    assert done.items[2].message == "You hold 2 of 2 open CTAs (50 % of 3): close or release one first."


def test_segments_limit_their_own(desk: Desk, desk_of: DeskOf):
    small, tail = (builders.the(desk, "segment", name) for name in ("small", "tail"))
    policy.set_policy(desk_of("mo"), "small", {"max_open": 1})
    one, two = (make(desk, account=builders.account(desk, segment_id=small), priority=Priority.HIGH) for _ in range(2))
    low = make(desk, account=builders.account(desk, segment_id=tail), priority=Priority.LOW)
    assert taken(desk) == one
    assert claim(desk, [two]).items[0].message == "You hold 1 of 1 open CTAs of segment small: close or release one first."
    assert taken(desk) == low
    with pytest.raises(Refused, match="of a segment of which you hold as many as you may"):
        claim_next(desk)


@pytest.mark.sqlite_only
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    most=st.none() | st.integers(0, 6), daily=st.none() | st.integers(0, 6), percent=st.integers(0, 150),
    of_segment=st.none() | st.integers(0, 4), small=st.lists(st.booleans(), min_size=1, max_size=8), by_hand=st.booleans(),
)  # fmt: skip
def test_no_limit_is_ever_passed(
    desk_of: DeskOf, most: int | None, daily: int | None, percent: int, of_segment: int | None, small: list[bool], by_hand: bool
):
    mo = desk_of("mo")
    name = f"p{builders.account(mo)}"
    builders.pool(mo, name, max_open=most, max_per_day=daily)
    segment = builders.make(mo, "segment", {"name": name, "max_open": of_segment})
    builders.csm(mo, name, pool=name)
    team.edit_csm(mo, name, {"limit_percent": percent})
    made = [
        builders.cta(mo, builders.account(mo, pool=name, segment_id=segment if one else None), pool=name) for one in small
    ]
    me = desk_of(name)
    if by_hand:
        got = [item.id for item in claim(me, made).items if item.refused is None]
    else:
        got = []
        while len(got) <= len(made):
            try:
                got.append(taken(me))
            except Refused:
                break

    def own(limit: int | None) -> int:
        return len(made) if limit is None else -(-limit * percent // 100)

    mine = sum(small[made.index(one)] for one in got)
    assert len(got) <= min(own(most), own(daily))
    assert mine <= own(of_segment)
    assert len(got) == min(own(most), own(daily), len(made), small.count(False) + min(small.count(True), own(of_segment)))


def test_the_first_claim_is_remembered_and_undone(desk: Desk, desk_of: DeskOf):
    (cta,) = builders.ctas(desk, 1)
    before = builders.row(desk.store, "cta", cta)["first_claimed_at"]
    claim(desk, [cta])
    first = builders.row(desk.store, "cta", cta)["first_claimed_at"]
    assert (before, first is not None) == (None, True)
    release(desk, [cta])
    later = desk_of("ben", at=NOW + timedelta(hours=2))
    claim(later, [cta])
    assert builders.row(desk.store, "cta", cta)["first_claimed_at"] == first
    for who in (later, desk, desk):
        assert undo(who).conflicts == ()
    assert builders.row(desk.store, "cta", cta)["first_claimed_at"] is None


def test_every_way_to_an_owner_ends_the_waiting(desk: Desk, desk_of: DeskOf):
    assigned, closed = builders.ctas(desk, 2)
    made = ctas.new_cta(desk, builders.account(desk), CtaDraft("risk", "x", owner="ana")).ids[0]
    assign(desk_of("mo"), [assigned], "ben")
    ctas.close(desk, [closed], Outcome.NO_ACTION, "x")
    assert all(builders.row(desk.store, "cta", one)["first_claimed_at"] for one in (assigned, closed, made))


def test_a_new_cta_has_its_reason_s_lane_and_skill(desk: Desk, desk_of: DeskOf):
    made = [ctas.new_cta(desk, builders.account(desk), draft).ids[0] for draft in (
        CtaDraft("risk", "Usage drop"), CtaDraft("lifecycle", "EBR due"), CtaDraft("risk", "Usage drop", lane="strategic", skill="SQL"),
    )]  # fmt: skip
    rows = [builders.row(desk.store, "cta", one) for one in made]
    assert [(row["lane"], row["skill"]) for row in rows] == [("tactical", None), ("strategic", None), ("strategic", "sql")]
    done = cta_type.edit_reason(desk_of("mo"), "Usage drop", {"lane": "strategic", "skill": "german"})
    assert done.said.endswith("2 open CTAs too") or done.said.endswith("1 open CTA too")
    rows = [builders.row(desk.store, "cta", one) for one in made]
    assert [(row["lane"], row["skill"]) for row in rows] == [("strategic", "german"), ("strategic", None), ("strategic", "sql")]


def test_next_asks_no_more_statements_of_a_plain_csm(desk: Desk):
    builders.ctas(desk, 2)
    with recorded() as sent:
        claim_next(desk)
    asked = [sql for sql, _ in sent if sql.startswith(("SELECT", "UPDATE cta")) and "FROM info" not in sql]
    assert len(asked) <= 5, asked


def test_the_page_of_my_work_takes_a_fixed_number_of_statements(desk: Desk, desk_of: DeskOf):
    away.set_away(desk_of("mo"), "ben", NOW.date(), date(2026, 11, 27), "ana")
    counts = []
    for n in (2, 6):
        for _ in range(n):
            make(desk, owner="ben", due=NOW.date())
        with recorded() as sent:
            queue_page(desk, QueueQuery(scope="work"))
        counts.append(len(sent))
    assert counts[0] == counts[1]
