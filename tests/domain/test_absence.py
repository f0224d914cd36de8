"""Who is away, who answers for her, when she is back: over holidays, zones and chains of covers."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.absence import Absence, back_on, cover_of, covered_by, days_here, meets, stands_for
from cockpit.domain.calendar import Calendar

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=40)
BERLIN = ZoneInfo("Europe/Berlin")


def absence(first: date, days: int, csm: int = 1, cover: int | None = None) -> Absence:
    return Absence(csm, first, first + timedelta(days=days), cover)


@given(DAYS, st.integers(0, 60), HOLIDAYS)
def test_she_is_back_on_a_working_day_with_none_between(first: date, days: int, holidays: frozenset[date]):
    calendar = Calendar(BERLIN, holidays)
    last = first + timedelta(days=days)
    back = back_on(last, calendar)
    assert back > last
    assert calendar.is_business_day(back)
    assert calendar.business_days_between(last, back) == 1


@given(DAYS, st.integers(0, 30), DAYS, st.integers(0, 30))
def test_absences_meet_when_they_share_a_day(first: date, days: int, other: date, more: int):
    one, two = absence(first, days), absence(other, more)
    shared = any(two.holds(first + timedelta(days=n)) for n in range(days + 1))
    assert (meets(one.first, one.last, [two]) is not None) is shared


AWAY = st.dictionaries(st.integers(1, 8), st.none() | st.integers(1, 10), max_size=8)


@given(AWAY)
def test_somebody_here_answers_for_each_or_nobody_does(covers: dict[int, int | None]):
    today = date(2026, 11, 23)
    away = {csm: absence(today, 3, csm, cover) for csm, cover in covers.items()}
    for csm in away:
        answers = cover_of(csm, away)
        assert answers not in away
        assert answers is None or csm in covered_by(answers, away)
    for here in set(range(1, 11)) - away.keys():
        assert cover_of(here, away) == here
        assert all(cover_of(one, away) == here for one in covered_by(here, away))


def test_a_cover_who_is_away_passes_it_on():
    today = date(2026, 11, 23)
    away = {1: absence(today, 3, 1, 2), 2: absence(today, 3, 2, 3), 4: absence(today, 3, 4, 5), 5: absence(today, 3, 5, 4)}
    assert cover_of(1, away) == 3
    assert covered_by(3, away) == [1, 2]
    assert cover_of(4, away) is None


@given(DAYS, st.integers(0, 30), st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=4), HOLIDAYS)
def test_days_here_are_the_working_days_not_away(
    first: date, days: int, spans: list[tuple[date, int]], holidays: frozenset[date]
):
    calendar, last = Calendar(BERLIN, holidays), first + timedelta(days=days)
    gone = [absence(day, n) for day, n in spans]
    here, working = days_here(first, last, gone, calendar), days_here(first, last, [], calendar)
    assert 0 <= here <= working
    assert days_here(first, last, [Absence(1, first, last)], calendar) == 0


def test_the_mark_says_for_whom_and_until_when():
    assert stands_for("Ben Okafor", date(2026, 11, 27), date(2026, 11, 23)) == "for Ben until Fri 27 Nov"
