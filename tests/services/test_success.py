"""The success plan: goals, risks, escalations, feelings and renewal calls, as they are written, read and asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cockpit.desk import Desk
from cockpit.services import success
from cockpit.services.account import accounts_page, edit_account
from cockpit.services.errors import Conflict, Refused
from cockpit.services.escalation import close_escalation, escalate, reopen_escalation, update_escalation
from cockpit.services.goal import edit_goal, end_goal, new_goal
from cockpit.services.opinion import call_renewal, set_sentiment
from cockpit.services.risk import close_risk, edit_risk, new_risk
from cockpit.services.timeline import timeline_page
from cockpit.services.undo import undo
from tests import builders, statements


@pytest.fixture
def acme(desk: Desk) -> int:
    return builders.account(desk, "Acme", health=80, renewal_date=date(2027, 2, 1))


def matched(desk: Desk, where: str) -> list[str]:
    return [row.name for row in accounts_page(desk, where).rows]


def test_a_goal_is_agreed_watched_and_ended(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    goal = new_goal(desk, "Acme", "Two plants live", measure="plants", criterion="health:>=80", due="2026-12-04", owner="ben").id
    late = new_goal(desk, acme, "Train 20", due=date(2026, 11, 2)).id
    other = builders.account(desk, "Boreal")
    rows = success.plan(desk, acme).goals
    assert [(row.title, row.owner, row.holds, row.is_late, row.says) for row in rows] == [
        ("Train 20", "ana", None, True, "21 days late"),
        ("Two plants live", "ben", True, False, "holds now: end it as reached"),
    ]
    assert (matched(desk, "goals_late:>0"), matched(desk, "goals_open:0")) == (["Acme"], ["Boreal"])
    with pytest.raises(Conflict, match="measure is plants by now"):
        edit_goal(desk, goal, {"measure": "sites"}, {"measure": "factories"})
    with pytest.raises(Refused, match="Say why"):
        end_goal(desk, late, "dropped")
    with pytest.raises(Refused, match="still to come"):
        end_goal(desk, late, "reached", on="2027-01-01")
    assert end_goal(desk_of("ben"), goal, "reached", "A week early").said == "Reached: Two plants live (Acme)"
    row = success.goals(desk, acme, ended=True)[1]
    assert (row.status, row.reached_on, row.note, row.says) == ("reached", desk.today(), "A week early", "reached")
    assert matched(desk, "goals_reached:1") == ["Acme"]
    end_goal(desk, goal, "open")
    assert success.goals(desk, where=f"id:{other}") == ()
    assert [one.id for one in success.goals(desk, owner="ben")] == [goal]


def test_risks_are_found_by_kind_and_department_and_add_up_to_patterns(desk: Desk, acme: int):
    boreal = builders.account(desk, "Boreal", arr=900, currency="EUR")
    new_risk(desk, acme, "Interface late", "Implementation", severity="high", department="Services", due="2026-11-02")
    new_risk(desk, boreal, "Import slow", "implementation", department="Services", csm="ben")
    gone = new_risk(desk, boreal, "Angry", "sentiment")
    first = success.patterns(desk)[0]
    assert (first.kind, first.department, first.accounts, first.high, first.late) == ("implementation", "Services", 2, 1, 1)
    assert first.arr == (("EUR", 900), ("USD", 1_200_000))
    assert matched(desk, "risk:implementation risk_severity:high risk_department:services") == ["Acme"]
    assert matched(desk, "risk:sentiment risk_severity:high") == []
    assert matched(desk, "risks_open:>=2") == ["Boreal"]
    with pytest.raises(Refused, match="became of the risk"):
        close_risk(desk, gone.id, " ")
    close_risk(desk, gone.id, "The visit helped")
    assert [one.kind for one in success.risks(desk, boreal)] == ["implementation"]
    assert len(success.risks(desk, boreal, closed=True)) == 2
    with pytest.raises(Refused, match=r"low, medium, high.*Did you mean high"):
        edit_risk(desk, gone.id, {"severity": "hihg"})
    stray = builders.cta(desk, acme)
    with pytest.raises(Refused, match="not one of Boreal"):
        edit_risk(desk, gone.id, {"cta": str(stray)})


def test_an_escalation_has_a_clock_and_is_told_on_the_timeline(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    made = escalate(desk, acme, "Orders are lost", department="Product", owner="Lee")
    assert made.next_update == date(2026, 11, 24)  # high: a business day
    later = desk_of("ana", builders.utc("2026-11-26T09:00"))
    row = success.plan(later, acme).escalations[0]
    assert (row.clock, row.is_overdue, row.csm) == ("day 4", True, "ana")
    assert matched(later, "escalated:yes update_overdue:yes") == ["Acme"]
    with pytest.raises(Refused, match="past"):
        update_escalation(later, made.id, "Found", "2026-11-20")
    update_escalation(later, made.id, "Found it", "2026-12-01")
    assert matched(later, "update_overdue:yes") == []
    close_escalation(later, made.id, "Fixed in 4.2")
    assert matched(later, "escalated:no") == ["Acme"]
    assert success.escalations(later, acme) == ()
    assert success.escalations(later, acme, closed=True)[0].clock == "took 3 days"
    with pytest.raises(Refused, match="settled"):
        update_escalation(later, made.id, "More")
    reopen_escalation(later, made.id)
    subjects = [one.subject for one in timeline_page(later, acme).rows]
    assert set(subjects) == {
        "Escalated: Orders are lost", "Escalation: Orders are lost", "Escalation settled: Orders are lost",
        "Escalated again: Orders are lost",
    }  # fmt: skip


def test_a_feeling_has_a_day_and_the_second_of_a_day_corrects_the_first(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    set_sentiment(desk, acme, "good", on="2026-08-03")
    set_sentiment(desk, acme, "unsure")
    set_sentiment(desk, acme, "bad", "Angry call")
    set_sentiment(desk_of("ben"), acme, "good", on="2026-11-20")
    assert [row.says for row in success.feelings(desk, acme)] == ["▼ bad, today", "▲ good, 3 days ago", "▲ good, 112 days ago: old"]
    assert (matched(desk, "sentiment:bad"), matched(desk, "sentiment:good"), matched(desk, "sentiment_age:>30d")) == (["Acme"], [], [])
    with pytest.raises(Refused, match="still to come"):
        set_sentiment(desk, acme, "good", on="2026-12-24")
    with pytest.raises(Refused, match="good, unsure, bad"):
        set_sentiment(desk, acme, "happy")


def test_a_renewal_call_stands_beside_the_signal_and_says_why_it_differs(desk: Desk, acme: int):
    assert call_renewal(desk, acme, "will").said == "Acme will renew, says Ana Ruiz"
    assert success.renewal_calls(desk, apart_only=True) == ()
    escalate(desk, acme, "Orders are lost")
    row = success.plan(desk, acme).call
    assert row is not None
    assert (row.call, row.signal, row.apart, row.says) == ("will", "may", 1, "more hopeful than the signal")
    assert row.signal_why == "health is green, 1 open escalation"
    with pytest.raises(Refused, match="say why you see it differently"):
        call_renewal(desk, acme, "won't")
    call_renewal(desk, acme, "wont", "New management")
    (row,) = success.renewal_calls(desk, apart_only=True)
    assert (row.call, row.apart, row.reason) == ("wont", -1, "New management")
    assert (matched(desk, "renewal_call:wont"), matched(desk, "renewal_call:none")) == (["Acme"], [])
    undo(desk)
    plan = success.plan(desk, acme)
    assert plan.call is not None
    assert (plan.call.call, plan.signal) == ("will", "may")


def test_commercial_dates_and_stages_are_kept_with_their_history(desk: Desk, desk_of: Callable[..., Desk], acme: int):
    edit_account(desk, acme, {"notice_date": "2026-12-10", "auto_renew": "yes", "stage": "onboarding"})
    edit_account(desk_of("ana", builders.utc("2026-11-30T09:00")), acme, {"stage": "adoption"})
    assert (matched(desk, "notice:<30d"), matched(desk, "auto_renew:yes"), matched(desk, "auto_renew:none")) == (["Acme"], ["Acme"], [])
    spans = success.stages(desk, "Acme")
    assert [(one.stage, one.until is None) for one in spans] == [("adoption", True), ("onboarding", False)]
    with pytest.raises(Refused, match="yes, no or empty"):
        edit_account(desk, acme, {"auto_renew": "maybe"})


def test_relationships_roll_up_and_a_plan_of_much_costs_what_one_of_little_does(desk: Desk, acme: int):
    child = builders.account(desk, "Acme Core", parent_id=acme)
    new_goal(desk, child, "Theirs")
    with statements.recorded() as few:
        success.plan(desk, acme)
    for n in range(5):
        new_goal(desk, acme, f"Goal {n}")
        new_risk(desk, acme, f"Risk {n}", "product")
        escalate(desk, child, f"Escalation {n}")
    with statements.recorded() as many:
        plan = success.plan(desk, acme)
    assert len(many) == len(few)
    assert (len(plan.goals), len(plan.risks), len(plan.escalations)) == (6, 5, 5)
    assert {row.account for row in plan.escalations} == {"Acme Core"}
