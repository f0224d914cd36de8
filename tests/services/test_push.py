"""Push: who gets what and why, what is held back and why; in turn, by load, by time passing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services import away, push, team
from cockpit.services.errors import Forbidden, NotFound
from cockpit.services.history import undo
from cockpit.services.queue import claim, ctas_by_id, release
from cockpit.services.tick import tick
from tests import builders
from tests.conftest import NOW

DeskOf = Callable[..., Desk]


def counted(done: push.HandedOut) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in done.given:
        found[one.owner] = found.get(one.owner, 0) + 1
    return found


def pool_of(desk: Desk, n: int, **fields: object) -> str:
    """A pool of that many CSMs."""
    name = f"pool {builders.account(desk)}"
    builders.pool(desk, name, **fields)
    for k in range(n):
        builders.csm(desk, f"{name[5:]}-{k}", pool=name)
    return name


def fill(desk: Desk, pool: str, n: int, **fields: object) -> list[int]:
    return [builders.cta(desk, builders.account(desk, pool=pool), pool=pool, **fields) for _ in range(n)]  # type: ignore[arg-type]


def test_one_act_hands_out_says_who_and_is_undone(desk_of: DeskOf):
    mo = desk_of("mo")
    builders.ctas(mo, 4)
    before = builders.snapshot(mo.store)
    dry = push.hand_out(mo, "West", dry_run=True)
    assert (len(dry.given), dry.act, builders.snapshot(mo.store) == before) == (4, None, True)
    done = push.hand_out(mo, "West")
    assert [one.owner for one in done.given] == ["ana", "ben", "chi", "dee"]
    assert done.said == "Handed out 4 CTAs in pool West: Ana Ruiz 1, Ben Okafor 1, Chi Tanaka 1, Dee Lind 1"
    assert undo(mo).conflicts == ()
    assert builders.snapshot(mo.store) == before


def test_nothing_goes_back_to_who_had_it_last(desk_of: DeskOf, desk: Desk):
    mo, (cta, other) = desk_of("mo"), builders.ctas(desk, 2)
    for login in ("ben", "chi", "dee"):
        away.set_away(mo, login, NOW.date(), NOW.date())
    claim(desk, [cta])
    release(desk, [cta], "Knows them from before")
    team.edit_pool(mo, "West", {"push": "round_robin"})
    assert tick(mo).pushed == 1
    done = push.hand_out(mo, "West", dry_run=True)
    assert [(one.id, one.why) for one in done.held] == [(cta, "nobody here may take it but who had it last")]
    away.end_away(mo, "chi")
    assert tick(mo).pushed == 1
    assert [ctas_by_id(desk, [cta, other])[one].owner for one in (cta, other)] == ["chi", "ana"]


def test_managers_hand_out(desk: Desk, desk_of: DeskOf):
    with pytest.raises(Forbidden):
        push.hand_out(desk, "West")
    with pytest.raises(NotFound, match="Did you mean West"):
        push.hand_out(desk_of("mo"), "Wset")


@pytest.mark.sqlite_only
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_in_turn_nobody_gets_two_more_than_another_at_a_clock_that_stands(desk_of: DeskOf, people: int, rounds: list[int]):
    mo = desk_of("mo")
    pool = pool_of(mo, people, max_open=None)
    fill(mo, pool, sum(rounds))
    got = dict.fromkeys((f"{pool[5:]}-{k}" for k in range(people)), 0)
    for n in rounds:
        for login, count in counted(push.hand_out(mo, pool, n)).items():
            got[login] += count
        assert max(got.values()) - min(got.values()) <= 1
    assert sum(got.values()) == sum(rounds)


def test_by_load_the_least_busy_comes_first(desk_of: DeskOf):
    mo = desk_of("mo")
    pool = pool_of(mo, 2, push="least_loaded")
    busy, idle = (f"{pool[5:]}-{k}" for k in range(2))
    for _ in range(3):
        builders.cta(mo, builders.account(mo), pool=pool, owner=busy)
    fill(mo, pool, 5)
    done = push.hand_out(mo, pool)
    assert [one.owner for one in done.given] == [idle, idle, idle, busy, idle]
    assert done.given[0].why == "least open work (0 min)"
    assert done.given[3].why == "least open work (1 h 30 min)"


def test_limits_hours_and_skills_hold_back_and_say_so(desk_of: DeskOf):
    mo = desk_of("mo")
    pool = pool_of(mo, 2, max_open=2)
    one, two = (f"{pool[5:]}-{k}" for k in range(2))
    team.edit_csm(mo, one, {"hours_week": 1, "skills": "german"})
    team.edit_csm(mo, two, {"limit_percent": 50})
    fill(mo, pool, 1, skill="french")
    fill(mo, pool, 5)
    done = push.hand_out(mo, pool)
    assert counted(done) == {one: 2, two: 1}
    assert done.said.endswith(
        "held back 1 CTA: nobody here has the skill french · held back 2 CTAs: nobody who may take it has room"
    )


def test_time_hands_out_for_pools_that_push_on_their_working_days(desk_of: DeskOf):
    mo = desk_of("mo")
    pool = pool_of(mo, 2, push="round_robin", calendar="US", time_zone="America/New_York")
    fill(mo, pool, 4)
    builders.ctas(mo, 2)
    thanksgiving = date(2026, 11, 26)
    holiday = desk_of("mo", at=NOW + (thanksgiving - NOW.date()) + timedelta(hours=6))
    assert tick(holiday).pushed == 0
    done = tick(mo)
    assert (done.pushed, "Handed out 4 CTAs" in done.said) == (4, True)
    assert tick(mo).pushed == 0


def test_nothing_is_handed_to_nobody(desk_of: DeskOf):
    mo = desk_of("mo")
    pool = pool_of(mo, 1)
    fill(mo, pool, 2)
    away.set_away(mo, f"{pool[5:]}-0", NOW.date(), NOW.date())
    done = push.hand_out(mo, pool)
    assert (done.act, done.given) == (None, ())
    assert done.said == f"Nothing to hand out in pool {pool} · held back 2 CTAs: nobody is here"
