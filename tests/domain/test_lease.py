"""Leases over clock changes, holidays and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.lease import Pause, countdown, cutoff, last_day, lease, resumed, snooze_pause
from tests.domain.days import calendars, moments, some_days

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), frozenset({date(2026, 12, 25)}))
WEDNESDAY = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    first = draw(some_days)
    return Pause(first, first + ONE_DAY * draw(st.integers(0, 30)))


def test_a_lease_counts_business_days_from_the_touch():
    state = lease(WEDNESDAY, 2, WEDNESDAY, BERLIN)
    assert state is not None
    assert state.last_day == date(2026, 12, 28)
    assert state.ends_at == datetime(2026, 12, 28, 23, 0, tzinfo=UTC)
    assert countdown(state, date(2026, 12, 23)) == "returns after Mon 28 Dec (3 business days)"


def test_it_warns_on_its_last_day_and_ends_after_it():
    monday = datetime(2026, 12, 28, 22, 59, tzinfo=UTC)
    state = lease(WEDNESDAY, 2, monday, BERLIN)
    assert state is not None
    assert (state.is_ending, state.is_expired, state.left) == (True, False, 1)
    assert countdown(state, date(2026, 12, 28)) == "returns after today"
    state = lease(WEDNESDAY, 2, monday + timedelta(minutes=1), BERLIN)
    assert state is not None
    assert (state.is_ending, state.is_expired, state.left) == (False, True, 0)
    assert countdown(state, date(2026, 12, 29)) == "lease ended Mon 28 Dec"


def test_a_snooze_stops_the_clock_until_it_wakes():
    asleep = snooze_pause(WEDNESDAY, date(2027, 1, 4), BERLIN)
    assert asleep == Pause(date(2026, 12, 23), date(2027, 1, 3))
    assert last_day(WEDNESDAY, 2, BERLIN, [asleep]) == date(2027, 1, 5)
    state = lease(WEDNESDAY, 2, WEDNESDAY + timedelta(days=6), BERLIN, [asleep])
    assert state is not None
    assert (state.is_paused, state.is_ending, state.is_expired) == (True, False, False)
    assert countdown(state, date(2026, 12, 29)) == "lease paused"


def test_a_pause_without_an_end_leaves_no_deadline():
    state = lease(WEDNESDAY, 2, WEDNESDAY, BERLIN, [snooze_pause(WEDNESDAY, None, BERLIN)])
    assert state is not None
    assert (state.last_day, state.ends_at, state.is_expired) == (None, None, False)


def test_a_pool_without_a_lease_has_none():
    assert lease(WEDNESDAY, 0, WEDNESDAY, BERLIN) is None


@given(calendars(), moments, st.integers(1, 15))
def test_without_pauses_it_is_the_calendars_nth_business_day(calendar: Calendar, touched: datetime, days: int):
    assert last_day(touched, days, calendar) == calendar.add_business_days(calendar.local_date(touched), days)


@given(calendars(), moments, st.integers(1, 15), st.lists(pauses(), max_size=4))
def test_exactly_so_many_unpaused_business_days_lie_between(
    calendar: Calendar, touched: datetime, days: int, held: list[Pause]
):
    last = last_day(touched, days, calendar, held)
    assert last is not None
    start = calendar.local_date(touched)
    between = (start + ONE_DAY * n for n in range(1, (last - start).days + 1))
    counted = [d for d in between if calendar.is_business_day(d) and not any(p.holds(d) for p in held)]
    assert len(counted) == days
    assert counted[-1] == last


@given(calendars(), moments, st.integers(1, 15), st.lists(pauses(), max_size=3), pauses())
def test_a_pause_never_shortens_a_lease(
    calendar: Calendar, touched: datetime, days: int, held: list[Pause], more: Pause
):
    before, longer = last_day(touched, days, calendar, held), last_day(touched, days, calendar, [*held, more])
    assert before is not None
    assert longer is not None
    assert longer >= before


@given(calendars(), moments, st.integers(1, 15), st.integers(0, 60 * 24 * 40))
def test_it_expires_at_its_end_and_not_a_moment_before(calendar: Calendar, touched: datetime, days: int, minutes: int):
    state = lease(touched, days, touched + timedelta(minutes=minutes), calendar)
    assert state is not None
    assert state.ends_at is not None
    assert state.is_expired == (touched + timedelta(minutes=minutes) >= state.ends_at)
    assert not (state.is_ending and state.is_expired)


@given(calendars(), moments, st.integers(1, 15), some_days)
def test_the_cutoff_finds_the_expired_ones(calendar: Calendar, touched: datetime, days: int, today: date):
    last = last_day(touched, days, calendar)
    assert last is not None
    assert (touched < cutoff(today, days, calendar)) == (last < today)


@given(calendars(), moments, st.integers(1, 15), st.integers(0, 20), st.integers(0, 30), st.lists(pauses(), max_size=2))
def test_a_lease_goes_on_where_a_snooze_found_it(
    calendar: Calendar, touched: datetime, days: int, before: int, asleep: int, away: list[Pause]
):
    snoozed = touched + timedelta(days=before)
    woken = calendar.local_date(snoozed) + ONE_DAY * asleep
    wanted = last_day(touched, days, calendar, [Pause(calendar.local_date(snoozed), woken - ONE_DAY)])
    moment = resumed(touched, snoozed, woken, calendar)
    assert moment >= touched
    if last_day(touched, days, calendar) >= calendar.local_date(snoozed):  # type: ignore[operator]
        assert last_day(moment, days, calendar) == wanted
    assert resumed(touched, snoozed, woken, calendar, away) >= moment
