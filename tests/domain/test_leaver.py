"""A leaver's book: nobody gets more than there is room for, every account goes to one, and no day lies before a renewal."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.calendar import Calendar
from cockpit.domain.leaver import Candidate, Held, fit, fit_pool, schedule, tiers
from cockpit.services.assignment import assign

TODAY, PLAIN = date(2026, 11, 23), Calendar(ZoneInfo("UTC"))
SEGMENTS = ("mid", "small", None)


def held(id_: int, **more: object) -> Held:
    return Held(id_, f"A{id_}", **more)  # type: ignore[arg-type]


def somebody(id_: int, **more: object) -> Candidate:
    return Candidate(id_, f"c{id_}", f"C{id_}", **more)  # type: ignore[arg-type]


accounts = st.lists(
    st.builds(
        lambda segment, minutes, language, touched, arr, renews, served: (segment, minutes, language, touched, arr, renews, served),
        st.sampled_from(SEGMENTS), st.one_of(st.none(), st.integers(0, 120)), st.sampled_from([None, "en", "de"]),
        st.dictionaries(st.integers(0, 4), st.integers(1, 5), max_size=2), st.one_of(st.none(), st.integers(0, 50_000_000)),
        st.one_of(st.none(), st.integers(-20, 200)), st.sampled_from([None, "pool", "dedicated"]),
    ),
    max_size=14,
).map(
    lambda rows: [
        held(n, segment=s, minutes=m, language=lang, touches=t, arr=arr, served_by=by,
             renewal=None if renews is None else TODAY + timedelta(days=renews))
        for n, (s, m, lang, t, arr, renews, by) in enumerate(rows, 1)
    ]
)  # fmt: skip
people = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-100, 400)), st.sampled_from([frozenset(), frozenset({"en"}), frozenset({"en", "de"})]),
        st.dictionaries(st.sampled_from(["mid", "small"]), st.integers(0, 6)),
    ),
    max_size=5,
).map(lambda rows: [somebody(n, free=free, languages=spoken, room=room) for n, (free, spoken, room) in enumerate(rows)])  # fmt: skip


@given(accounts, people, st.data())
@settings(max_examples=60, deadline=None)
def test_each_account_goes_to_one_and_nobody_gets_more_than_there_is_room_for(
    book: list[Held], team: list[Candidate], data: st.DataObject
):
    some = data.draw(st.lists(st.sampled_from([one.id for one in book]), unique=True, max_size=3)) if book else []
    fixed = {id_: data.draw(st.sampled_from([None, *(c.id for c in team)])) for id_ in some}
    found = assign(book, team, "West", fixed)
    assert found.keys() == {one.id for one in book}
    assert all(found[id_] == to for id_, to in fixed.items())
    assert set(found.values()) <= {None, *(c.id for c in team)}
    assert assign(book, team, "West", fixed) == found
    for one in team:
        proposed = [a for a in book if found[a.id] == one.id and a.id not in fixed]
        mine = [a for a in book if found[a.id] == one.id]
        if proposed and one.free is not None:
            assert sum(a.minutes or 0 for a in mine) <= one.free
        for segment, room in one.room.items():
            if any(a.segment == segment for a in proposed):
                assert sum(a.segment == segment for a in mine) <= room


@given(accounts, st.integers(0, 90), st.one_of(st.none(), st.integers(1, 9)))
@settings(max_examples=80)
def test_no_hand_over_lies_in_the_freeze_before_a_renewal(book: list[Held], days: int, waves: int | None):
    last_day = TODAY + timedelta(days=days)
    slots = schedule(book, TODAY, last_day, PLAIN, waves=waves)
    assert slots.keys() == {one.id for one in book}
    for one in book:
        slot = slots[one.id]
        assert PLAIN.is_business_day(slot.target)
        assert PLAIN.business_days_between(TODAY, slot.target) >= 5
        if one.renewal is not None:
            assert not one.renewal - timedelta(days=30) <= slot.target <= one.renewal
        assert slot.is_late == (slot.target > last_day)
        if not slot.frozen and days >= 9:
            assert slot.target <= last_day
    in_waves = sorted(book, key=lambda a: (slots[a.id].wave, slots[a.id].tier))
    assert [slots[a.id].tier for a in in_waves] == sorted(slots[a.id].tier for a in in_waves)
    assert slots == schedule(book, TODAY, last_day, PLAIN, waves=waves)


def test_reasons_are_told_the_strongest_first():
    account = held(1, segment="mid", language="de", pool="Europe", zone_hours=1, touches={7: 4})
    best = somebody(7, languages=frozenset({"de"}), pools=frozenset({"Europe"}), zone_hours=1, segments={"mid": 3}, free=600)
    worst = somebody(8, languages=frozenset({"en"}), zone_hours=-8, free=0)
    assert fit(account, best).reasons == (
        "knows them: 4 touches in a year", "speaks de", "works Europe", "holds 3 mid", "same hours", "10 h a week free",
    )  # fmt: skip
    assert fit(account, worst).reasons == ("9 h apart", "does not speak de")
    assert fit(account, best).cost < fit_pool(account, "West").cost < fit(account, worst).cost
    assert assign([account], [worst, best], "West") == {1: 7}
    assert assign([account], [worst], "West") == {1: None}


def test_who_may_not_hear_it_by_letter_is_in_the_first_tier():
    book = [held(1, arr=90_000_000), held(2, arr=5_000_000), held(3, arr=5_000_000, health=40), held(4, arr=400_000),
            held(5, arr=400_000, renewal=TODAY + timedelta(days=60)), held(6)]  # fmt: skip
    assert tiers(book, TODAY) == {1: "A", 2: "A", 3: "A", 4: "C", 5: "A", 6: "B"}
