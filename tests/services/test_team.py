"""CSMs, pools and segments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services import team
from cockpit.services.account import accounts_page
from cockpit.services.errors import Conflict, Forbidden, NotFound, Refused
from db.terms import Role
from tests import builders


@pytest.fixture
def ops(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("oz")


def csm(desk: Desk, login: str) -> team.CsmRow:
    return next(row for row in team.csms(desk) if row.login == login)


def test_a_store_is_staffed(ops: Desk):
    team.new_pool(ops, "North", time_zone="Europe/Berlin", calendar="DE-BE", currency="eur", max_open="10")
    made = team.new_csm(ops, "gil", "Gil Ito", "gil@us.example", "junior", "north")
    team.join_pool(ops, "gil", "West")
    assert made.said == "Admitted Gil Ito (gil) to pool North as junior"
    row = csm(ops, "gil")
    assert (row.name, row.email, row.role, row.active, row.pools, row.open_ctas) == (
        "Gil Ito", "gil@us.example", "junior", True, ("North", "West"), 0,
    )  # fmt: skip
    north = next(pool for pool in team.pools(ops) if pool.name == "North")
    assert (north.time_zone, north.calendar, north.currency, north.max_open, north.lease_days, north.members) == (
        "Europe/Berlin", "DE-BE", "EUR", 10, 5, 1,
    )  # fmt: skip
    assert team.new_segment(ops, "SMB").said == "Made segment SMB"
    builders.account(ops, segment_id=builders.the(ops, "segment", "SMB"))
    made = [(row.name, row.active, row.accounts) for row in team.segments(ops) if row.accounts]
    assert made == [("SMB", True, 1)]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda d: team.new_csm(d, "ANA"), "There is a CSM called ana already"),
        (lambda d: team.new_csm(d, "a b"), "A login has no spaces"),
        (lambda d: team.new_csm(d, "gil", role="manger"), "Did you mean manager"),
        (lambda d: team.new_csm(d, "gil", pool="Wst"), "Did you mean West"),
        (lambda d: team.edit_csm(d, "ana", {"languages": "en, germann"}), "not 'germann'. Did you mean german"),
        (lambda d: team.new_pool(d, "west"), "There is a pool called West already"),
        (lambda d: team.new_pool(d, "North", time_zone="Europe/Belin"), "Did you mean Europe/Berlin"),
        (lambda d: team.new_pool(d, "North", calendar="XX"), "No holiday calendar is called 'XX'"),
        (lambda d: team.new_pool(d, "North", lease_days=-1), "lease days is a whole number"),
        (lambda d: team.new_pool(d, "North", colour="red"), "A pool has no field 'colour'"),
        (lambda d: team.edit_pool(d, "East", {"name": "WEST"}), "There is a pool called West already"),
        (lambda d: team.new_segment(d, " "), "must not be empty"),
        (lambda d: team.join_pool(d, "ana", "West"), "Ana Ruiz works pool West already"),
        (lambda d: team.leave_pool(d, "ana", "East"), "Ana Ruiz does not work pool East"),
        (lambda d: team.csm_off(d, "oz"), "Oz Kaya is the only ops left"),
        (lambda d: team.edit_csm(d, "oz", {"role": Role.CSM}), "Oz Kaya is the only ops left"),
        (lambda d: team.edit_csm(d, "zed", {"name": "Zed"}), "There is no CSM called 'zed'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(ops: Desk, attempt: Callable[[Desk], object], sentence: str):
    before = builders.snapshot(ops.store)
    with pytest.raises(Refused, match=sentence):
        attempt(ops)
    assert builders.snapshot(ops.store) == before


def test_only_managers_and_ops_change_the_team(desk: Desk, desk_of: Callable[..., Desk]):
    with pytest.raises(Forbidden):
        team.new_csm(desk, "gil")
    assert team.new_csm(desk_of("mo"), "gil").name == "gil"
    assert len(team.csms(desk_of("ria"))) == len(builders.CAST) + 1


def test_who_holds_ctas_stays_until_they_are_others(ops: Desk):
    cta = builders.cta(ops, builders.account(ops), owner="ben")
    with pytest.raises(Refused, match="Ben Okafor holds 1 open CTA: release or assign them first"):
        team.csm_off(ops, "ben")
    builders.make(ops, "segment", {"name": "any"})
    from cockpit.services.queue import assign

    assign(ops, [cta], "chi")
    assert team.csm_off(ops, "ben").said == "Ben Okafor is no longer active"
    assert (csm(ops, "ben").active, csm(ops, "chi").open_ctas) == (False, 1)
    again = team.csm_off(ops, "ben")
    assert (again.act, again.said) == (None, "Ben Okafor is no longer active already")
    with pytest.raises(NotFound, match="no longer active"):
        team.join_pool(ops, "ben", "East")
    assert team.edit_csm(ops, "ben", {"active": True}).said == "Changed active no → yes of Ben Okafor"


def test_a_pool_closes_when_nothing_lies_in_it(ops: Desk):
    builders.cta(ops, builders.account(ops), pool="West")
    with pytest.raises(Refused, match="Pool West has open CTAs"):
        team.pool_off(ops, "West")
    assert team.pool_off(ops, "East").said == "Pool East is closed"
    team.pool_off(ops, "default")
    assert [row.name for row in team.pools(ops) if row.active] == ["West"]


def test_edits_say_what_changed_and_notice_others(ops: Desk, desk_of: Callable[..., Desk]):
    assert team.edit_pool(ops, "West", {"max_open": 30}).said == "Changed max open 25 → 30 of pool West"
    with pytest.raises(Conflict, match=r"max open is 30 by now \(Oz Kaya, at 09:00\); you saw 25 and want 40"):
        team.edit_pool(desk_of("mo"), "West", {"max_open": 40}, {"max_open": 25})
    team.new_segment(ops, "SMB")
    assert team.edit_segment(ops, "SMB", {"name": "Modest"}).changed == ("name",)
    assert team.segment_off(ops, "Modest").said == "Segment Modest is closed"
    assert team.leave_pool(ops, "ana", "West").said == "Ana Ruiz works pool West no longer"


def test_languages_are_read_as_people_write_them_and_asked_of_the_accounts_she_owns(ops: Desk):
    team.new_csm(ops, "gil", languages="French, en-GB ,DE")
    assert csm(ops, "gil").languages == "de, en, fr"
    hers, nobodys = builders.account(ops, "Hers", owner="gil"), builders.account(ops, "Nobody's")
    assert [row.id for row in accounts_page(ops, "owner_language:de").rows] == [hers]
    assert [row.id for row in accounts_page(ops, "owner_language:none").rows] == [nobodys]
    assert team.edit_csm(ops, "gil", {"languages": "en"}, {"languages": "de, en, fr"}).changed == ("languages",)
    assert accounts_page(ops, "owner_language:de").rows == ()
    team.edit_csm(ops, "gil", {"languages": None})
    assert csm(ops, "gil").languages is None
