"""People, activities and an opportunity linked to a CTA, and a type that demands them at close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services.cta import close
from cockpit.services.cta_type import cta_types, edit_reason, edit_type, new_type, reasons
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.link import link, links, opportunities, unlink
from cockpit.services.timeline import log_activity
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.builders import row
from tests.services.test_undo import state

Sit = Callable[..., Desk]


@pytest.fixture
def acme(desk: Desk) -> int:
    account = builders.account(desk, "Acme")
    builders.person(desk, account, "Lee", title="Director")
    builders.make(desk, "opportunity", {"account_id": account, "name": "Renewal 2027", "type": "renewal", "recorded": desk.now()})
    return account


@pytest.fixture
def cta(desk: Desk, acme: int) -> int:
    return builders.cta(desk, acme, owner="ana")


def test_links_are_made_by_name_and_shown(desk: Desk, cta: int):
    entry = log_activity(desk, "Acme", "update", "Budget is there").id
    assert link(desk, cta, "person", "lee@example.com").said == f"Linked Lee to CTA {cta} · Acme"
    link(desk, cta, "activity", entry)
    link(desk, cta, "opportunity", "renewal 2027")
    found = links(desk, cta)
    assert [(one.name, one.title) for one in found.people] == [("Lee", "Director")]
    assert [(one.id, one.subject, one.author) for one in found.activities] == [(entry, "Budget is there", "ana")]
    assert found.opportunity is not None
    assert found.opportunity.name == "Renewal 2027"
    for kind, ref in (("person", "Lee"), ("activity", entry), ("opportunity", "Renewal 2027")):
        with pytest.raises(Refused, match="already"):
            link(desk, cta, kind, ref)  # type: ignore[arg-type]
        unlink(desk, cta, kind, ref)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="is not linked"):
            unlink(desk, cta, kind, ref)  # type: ignore[arg-type]
    assert links(desk, cta) == links(desk, 999)


def test_only_what_belongs_to_the_account(desk: Desk, desk_of: Sit, cta: int):
    builders.person(desk, builders.account(desk, "Other"), "Kim")
    with pytest.raises(NotFound, match="Acme has no person 'Kim'"):
        link(desk, cta, "person", "Kim")
    with pytest.raises(NotFound, match=r"no opportunity 'Renewal 2026'\. Did you mean"):
        link(desk, cta, "opportunity", "Renewal 2026")
    with pytest.raises(Refused, match="Ana Ruiz's: they or a manager"):
        link(desk_of("ben"), cta, "person", "Lee")


def test_each_is_taken_back(desk: Desk, store: Store, cta: int):
    entry = log_activity(desk, "Acme", "update", "Budget is there").id
    states = []
    for kind, ref in (("person", "Lee"), ("activity", entry), ("opportunity", "Renewal 2027")):
        states.append(state(store))
        link(desk, cta, kind, ref)  # type: ignore[arg-type]
    for wanted in reversed(states):
        undo(desk)
        assert state(store) == wanted


def test_a_type_may_demand_them_at_close(desk: Desk, desk_of: Sit, store: Store, acme: int):
    oz = desk_of("oz")
    new_type(oz, "ebr", "ebr", "note, people, activity, opportunity", 90)
    (made,) = [one for one in cta_types(desk) if one.name == "ebr"]
    assert (made.label, made.required_at_close, made.minutes) == ("EBR", "close_note, people, activity, opportunity_id", 90)
    cta = builders.cta(desk, acme, type="ebr", owner="ana")
    with pytest.raises(Refused, match="needs a linked person, a logged activity and a linked opportunity before it closes"):
        close(desk, [cta], Outcome.SUCCESS, "done")
    link(desk, cta, "person", "Lee")
    link(desk, cta, "opportunity", "Renewal 2027")
    log_activity(desk, acme, "update", "EBR sent", cta=cta)
    close(desk, [cta], Outcome.SUCCESS, "done")
    assert row(store, "cta", cta)["status"] == "closed"


def test_types_and_reasons_are_for_leads_and_checked(desk: Desk, desk_of: Sit):
    from cockpit.services.cta import CtaDraft, new_cta

    oz = desk_of("oz")
    with pytest.raises(Forbidden):
        new_type(desk, "mine")
    with pytest.raises(Refused, match="'nope' cannot be required"):
        new_type(oz, "mine", required="nope")
    with pytest.raises(Refused, match="There is a CTA type Risk already"):
        new_type(oz, "Risk")
    with pytest.raises(Refused, match="Minutes are a whole number"):
        edit_type(oz, "risk", {"minutes": "-3"})
    edit_type(oz, "event", {"active": False, "minutes": 15})
    builders.account(desk, "Boreal")
    with pytest.raises(Refused, match="CTA type event is off"):
        new_cta(desk, "Boreal", CtaDraft("event", "Outage"))
    builders.reason(desk, "EBR due")
    edit_reason(oz, "EBR due", {"lane": "Strategic", "skill": "german"})
    assert [(one.lane, one.skill) for one in reasons(desk) if one.name == "EBR due"] == [("strategic", "german")]
    with pytest.raises(Refused, match="no lane 'fast'"):
        edit_reason(oz, "EBR due", {"lane": "fast"})


def test_any_opportunity_of_the_family_is_offered_open_ones_first(desk: Desk, acme: int):
    child = builders.account(desk, "Acme Core", parent_id=acme)
    now = desk.now()
    for account, name, ended, due in (
        (acme, "Seats", "won", "2026-05-01"), (child, "Core renewal", "open", "2026-12-01"), (acme, "Lost one", "lost", "2026-08-01"),
    ):  # fmt: skip
        builders.make(desk, "opportunity", {
            "account_id": account, "name": name, "type": "upsell", "state": ended, "due_date": due, "close_date": due, "recorded": now,
        })  # fmt: skip
    builders.make(desk, "opportunity", {"account_id": builders.account(desk, "Other"), "name": "X", "type": "renewal", "recorded": now})
    named = [one.name for one in opportunities(desk, acme)]
    assert sorted(named[:2], key=str) == ["Core renewal", "Renewal 2027"]
    assert named[2:] == ["Lost one", "Seats"]
