"""Absence: nothing is handed to who is away, her cover sees what falls due, and its end is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services import away, push, team
from cockpit.services import cta as ctas
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.queue import QueueQuery, assign, queue_page
from cockpit.services.tick import tick
from tests import builders
from tests.conftest import NOW

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
DeskOf = Callable[..., Desk]


def mine(desk: Desk) -> dict[int, str | None]:
    return {row.id: row.stands_for for row in queue_page(desk, QueueQuery(scope="work")).rows}


def test_an_absence_is_said_shown_and_undone(desk_of: DeskOf):
    mo = desk_of("mo")
    made = away.set_away(mo, "ben", MONDAY, FRIDAY, "ana", "at the coast")
    assert made.said == "Ben Okafor is away Mon 23 Nov to Fri 27 Nov; Ana Ruiz covers"
    (row,) = away.absences(mo)
    assert (row.login, row.state, row.back, row.cover, row.note) == ("ben", "away", date(2026, 11, 30), "ana", "at the coast")
    ben = next(one for one in team.csms(mo) if one.login == "ben")
    assert (ben.away_until, ben.cover) == (FRIDAY, "ana")
    undo(mo)
    assert away.absences(mo) == ()


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda d: away.set_away(d, "ben", FRIDAY, MONDAY), "is before"),
        (lambda d: away.set_away(d, "ben", MONDAY, FRIDAY, "ben"), "cannot cover for herself"),
        (lambda d: away.set_away(d, "zed", MONDAY, FRIDAY), "no CSM called 'zed'"),
        (lambda d: away.set_away(d, "chi", FRIDAY, date(2026, 12, 4)), "Chi Tanaka is away from Thu 26 Nov to Fri 27 Nov already"),
        (lambda d: away.set_away(d, "ben", MONDAY, date(2029, 1, 1)), "more than two years"),
        (lambda d: away.end_away(d, "ben"), "Ben Okafor is not away"),
    ],
)
def test_what_makes_no_sense_is_refused(desk_of: DeskOf, attempt: Callable[[Desk], object], sentence: str):
    mo = desk_of("mo")
    away.set_away(mo, "chi", date(2026, 11, 26), FRIDAY)
    with pytest.raises((Refused, NotFound), match=sentence):
        attempt(mo)


def test_one_says_it_of_oneself_and_leaders_of_all(desk: Desk):
    assert away.set_away(desk, "ana", MONDAY, FRIDAY).act
    with pytest.raises(Forbidden, match="Only Ben Okafor, managers and ops"):
        away.set_away(desk, "ben", MONDAY, FRIDAY)


def test_the_cover_sees_what_falls_due_and_may_act_on_it(desk: Desk, desk_of: DeskOf):
    mo = desk_of("mo")
    due, later = (builders.cta(mo, builders.account(mo), owner="ben", due=day) for day in (FRIDAY, date(2026, 12, 1)))
    tasked, other = (builders.cta(mo, builders.account(mo), owner=who) for who in ("ben", "chi"))
    builders.make(mo, "task", {"cta_id": tasked, "title": "Ring", "due": MONDAY})
    builders.make(mo, "task", {"cta_id": other, "title": "Help", "due": MONDAY, "owner_id": builders.the(mo, "csm", "ben", "login")})
    assert mine(desk) == {}
    away.set_away(mo, "ben", MONDAY, FRIDAY, "ana")
    assert mine(desk) == {due: "for Ben until Fri 27 Nov", tasked: "for Ben until Fri 27 Nov", other: None}
    ctas.set_due(desk, [due], date(2026, 11, 30))
    with pytest.raises(Refused, match="Ben Okafor's"):
        ctas.set_due(desk_of("chi"), [tasked], FRIDAY)
    away.end_away(mo, "ben")
    assert mine(desk) == {}
    with pytest.raises(Refused, match="Ben Okafor's"):
        ctas.set_due(desk, [later], FRIDAY)


def test_who_covers_and_is_away_too_passes_it_on(desk_of: DeskOf):
    mo = desk_of("mo")
    cta = builders.cta(mo, builders.account(mo), owner="ben", due=MONDAY)
    away.set_away(mo, "ana", MONDAY, FRIDAY, "chi")
    made = away.set_away(mo, "ben", MONDAY, FRIDAY, "ana")
    assert made.warning == "Ana Ruiz is away too, from Mon 23 Nov to Fri 27 Nov."
    assert mine(desk_of("chi")) == {cta: "for Ben until Fri 27 Nov"}


def test_assigning_to_who_is_away_is_allowed_and_said_and_push_passes_her_over(desk_of: DeskOf):
    mo = desk_of("mo")
    (cta,) = builders.ctas(mo, 1)
    away.set_away(mo, "ben", MONDAY, FRIDAY, "ana")
    assert assign(mo, [cta], "ben").said.endswith("Ben Okafor is away until Fri 27 Nov; Ana Ruiz covers.")
    builders.ctas(mo, 9)
    done = push.hand_out(mo, "West")
    assert {one.owner for one in done.given} == {"ana", "chi", "dee"}
    assert done.absent == ("Ben Okafor is away until Fri 27 Nov; Ana Ruiz covers.",)


def test_time_ends_an_absence_once_and_says_so(desk_of: DeskOf):
    mo = desk_of("mo")
    away.set_away(mo, "ben", MONDAY, FRIDAY, "ana")
    assert tick(desk_of("mo", at=NOW + timedelta(days=4))).ended == 0
    saturday = desk_of("mo", at=NOW + timedelta(days=5))
    done = tick(saturday)
    assert (done.ended, "Ben Okafor is back: Ana Ruiz no longer covers" in done.said) == (1, True)
    assert tick(saturday).ended == 0
    assert away.absences(saturday) == ()
    assert [row.state for row in away.absences(saturday, past=True)] == ["past"]


def test_coming_back_early_and_not_going(desk_of: DeskOf):
    mo, thursday = desk_of("mo"), desk_of("mo", at=NOW + timedelta(days=3))
    away.set_away(mo, "ben", MONDAY, FRIDAY)
    away.set_away(mo, "chi", FRIDAY, FRIDAY)
    assert away.end_away(thursday, "ben").said == "Ben Okafor is back"
    assert away.absences(thursday, past=True)[0].last == date(2026, 11, 25)
    assert away.end_away(mo, "chi").said == "Chi Tanaka is not away from Fri 27 Nov after all"


ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12"]


@pytest.mark.sqlite_only
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(ZONES), st.integers(-36, 36 * 5), st.integers(0, 4))
def test_away_is_by_the_day_where_she_works(desk_of: DeskOf, zone: str, hours: int, length: int):
    mo = desk_of("mo")
    name = f"pool {zone} {hours} {length}"
    builders.pool(mo, name, time_zone=zone, calendar="DE")
    login = f"l{abs(hash(name))}"
    builders.csm(mo, login, pool=name)
    last = MONDAY + timedelta(days=length)
    away.set_away(mo, login, MONDAY, last)
    moment: datetime = NOW + timedelta(hours=hours)
    local = moment.astimezone(ZoneInfo(zone)).date()
    with mo.store.read() as db:
        here = {row.login for row in away.away_now(db, moment).values()}
        over = {row.login for row in away.over(db, moment)}
    assert (login in here) is (MONDAY <= local <= last)
    assert (login in over) is (local > last)
