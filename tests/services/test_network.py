"""The value network: who counts, what counts as having been met, what a segment asks, on whom an account hangs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import transition, transition_acts
from cockpit.services.account import accounts_page
from cockpit.services.cta import close
from cockpit.services.departure import left
from cockpit.services.errors import Conflict, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.membership import set_members
from cockpit.services.network import next_meetings, show_network
from cockpit.services.people import edit_person, people_of, set_network
from cockpit.services.portfolio import check_networks, hanging, portfolio, preview_check
from db.reads.network import network_facts
from db.terms import EntryState, Outcome
from tests import builders

JUNE = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


def held(desk: Desk, account: int, day: str, *people: int, type: str = "meeting", attended: bool = True, **more: object) -> int:
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    with desk.store.read() as db:
        kind = db.scalar("SELECT id FROM activity_type WHERE name = :name", name=type)
    activity = builders.make(desk, "activity", {"account_id": account, "type_id": kind, "subject": "Talk", "at": at} | more)
    for person in people:
        builders.make(desk, "attendee", {"activity_id": activity, "person_id": person, "attended": attended})
    return activity


@pytest.fixture
def june(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("oz", JUNE)


@pytest.fixture
def w8(june: Desk) -> dict[str, int]:
    """A to F in the network of an account with a relationship, G beside it."""
    segment = builders.make(june, "segment", {"name": "Eight", "network_min": 3, "network_window": 90})
    acme = builders.account(june, "Acme", segment_id=segment)
    child = builders.account(june, "Acme Labs", parent_id=acme)
    who = {name: builders.person(june, acme, name, value_network=True) for name in "ABCDEF"}
    who |= {"acme": acme, "child": child, "G": builders.person(june, acme, "G")}
    builders.make(june, "person", {"name": "nobody"})
    held(june, acme, "2026-04-01", who["A"], who["G"])
    held(june, acme, "2026-05-05", who["B"], attended=False)
    held(june, acme, "2026-06-01", who["C"], type="email")
    held(june, child, "2026-06-15", who["E"])
    held(june, acme, "2026-07-01", who["F"], state=EntryState.PLANNED)
    edit_person(june, who["D"], {"left_on": date(2026, 5, 1)})
    return who


def test_the_worked_example(june: Desk, w8: dict[str, int]):
    shown = show_network(june, w8["acme"])
    assert (shown.network.size, shown.network.minimum, shown.network.met) == (5, 3, 2)
    assert shown.network.coverage == pytest.approx(0.4)
    assert (shown.network.state, shown.network.says) == ("low", "2 of 5 met, too few")
    assert ([one.name for one in shown.left], [one.name for one in shown.others]) == (["D"], ["G"])
    for person in "ABCDEF":
        set_network(june, w8[person], w8["acme"], on=False)
    empty = show_network(june, w8["acme"]).network
    assert (empty.size, empty.coverage, empty.state, empty.says) == (0, None, "none", "not configured")
    with june.store.read() as db:
        assert network_facts(db, [w8["acme"]], june.today()) == {w8["acme"]: (0, 3, 0)}


def test_the_window_has_both_ends_in_and_what_was_called_off_or_internal_does_not_count(june: Desk):
    acme = builders.account(june, "Acme")
    cases = {
        "first day": ("2026-04-01", {}, True), "a day before": ("2026-03-31", {}, False), "today": ("2026-06-30", {}, True),
        "cancelled": ("2026-06-10", {"state": EntryState.CANCELLED}, False), "internal": ("2026-06-10", {"internal": True}, False),
        "planned, past": ("2026-06-10", {"state": EntryState.PLANNED}, False), "a call": ("2026-06-10", {"type": "call"}, True),
        "outreach": ("2026-06-10", {"type": "outreach"}, False),
    }  # fmt: skip
    for name, (day, more, _) in cases.items():
        held(june, acme, day, builders.person(june, acme, name, value_network=True), **more)  # type: ignore[arg-type]
    with june.store.read() as db:
        assert network_facts(db, [acme], june.today())[acme] == (8, None, 3)
    met = {row.name for row in people_of(june, acme) if row.last_met is not None and row.last_met.days_ago <= 90}
    assert met == {name for name, (_, _, is_met) in cases.items() if is_met}
    last = next(row.last_met for row in people_of(june, acme) if row.name == "a call")
    assert last is not None
    assert last.subject == "Talk"


def test_one_asks_for_networks_by_what_their_segment_wants(june: Desk):
    big = builders.make(june, "segment", {"name": "Big", "network_min": 3, "network_window": 30, "coverage_goal": 80})
    old = {"go_live": date(2025, 1, 1), "segment_id": big}

    def made(name: str, members: int, met: int, **fields: object) -> None:
        account = builders.account(june, name, **fields)
        for n in range(members):
            person = builders.person(june, account, f"{name} {n}", value_network=True)
            if n < met:
                held(june, account, "2026-05-31", person)

    made("Nobody", 0, 0, **old)
    made("Small", 2, 2, **old)
    made("Low", 4, 3, **old)
    made("Fine", 5, 4, **old)
    made("New", 2, 1, go_live=date(2026, 6, 1), segment_id=big)  # half of three, rounded up; half of them met will do
    made("Free", 1, 1)

    def ask(where: str) -> list[str]:
        return [row.name for row in accounts_page(june, where).rows]

    assert ask("network:none") == ["Nobody"]
    assert ask("network:small") == ["Small"] == ask("network_size:<network_min -network:none")
    assert ask("network:low") == ["Low"] == ask("network_coverage:<network_goal network_size:>=network_min")
    assert ask("network:ok") == ["Fine", "Free", "New"]
    assert ask("network_min:2") == ["New"]
    assert ask("network_min:none") == ["Free"]
    assert ask("network_coverage:<80%") == ["Low", "New"]
    assert ask("last_met:<=30d") == ["Fine", "Free", "Low", "New", "Small"]
    assert ask("last_met:>29d last_met:<31d") == ask("last_met:any")


def test_a_window_ends_where_the_days_of_the_reader_begin(june: Desk):
    """Clocks go forward inside the window: its first day still begins at local midnight."""
    zone = "America/New_York"
    oz = builders.desk_of(june.store, "oz", datetime(2026, 4, 20, 15, 0, tzinfo=UTC))
    oz = replace(oz, me=replace(oz.me, time_zone=zone))
    first = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)  # midnight there, in winter
    for name, at in (("in", first), ("out", first - timedelta(minutes=1))):
        account = builders.account(june, name)
        person = builders.person(june, account, f"P {name}", value_network=True)
        activity = held(june, account, "2026-01-20", person)
        with june.store.write() as db:
            db.run("UPDATE activity SET at = :at WHERE id = :id", at=at, id=activity)
        assert show_network(oz, account).network.met == (name == "in")
    assert [row.name for row in accounts_page(oz, "network_coverage:100%").rows] == ["in"]


def test_an_account_hangs_on_whoever_was_there_alone_most_often(june: Desk):
    acme = builders.account(june, "Acme")
    ann, bob = (builders.person(june, acme, name) for name in ("Ann", "Bob"))
    for day in ("2026-06-01", "2026-06-02"):
        held(june, acme, day, ann)
    assert show_network(june, acme).thread.share is None
    assert [row.name for row in accounts_page(june, "single_thread:none").rows] == ["Acme"]
    held(june, acme, "2026-06-03", ann, bob)
    held(june, acme, "2026-06-04", bob)
    held(june, acme, "2026-06-05", bob, type="email")
    thread = show_network(june, acme).thread
    assert (thread.n, thread.held, thread.alone, thread.person, thread.share) == (4, 3, 2, "Ann", 0.5)
    assert thread.says == "Ann alone at 2 of 4 meetings in 90 days (50%), there at 3"
    assert [row.name for row in accounts_page(june, "single_thread:50%").rows] == ["Acme"]
    held(june, acme, "2026-06-06", ann)
    assert show_network(june, acme).thread.is_single
    assert [row.name for row in accounts_page(june, "single_thread:>=60%").rows] == ["Acme"]
    assert accounts_page(june, "single_thread:>60%").rows == ()
    several = builders.account(june, "Several")
    for day in ("2026-06-01", "2026-06-02", "2026-06-03"):
        held(june, several, day, ann, bob)
    assert show_network(june, several).thread.says == "nobody: at each of 3 meetings in 90 days were several"
    assert [row.name for row in accounts_page(june, "single_thread:0%").rows] == ["Several"]


# -- who left


def asked_about(desk: Desk, account: int) -> list[tuple[str, str, str, str | None]]:
    with desk.store.read() as db:
        return db.all(
            "SELECT c.title, c.priority, c.due, c.lane FROM cta c JOIN reason r ON r.id = c.reason_id WHERE c.account_id = :id"
            " AND r.name = 'sponsor or key user left' ORDER BY c.id", id=account,
        )  # fmt: skip


def test_a_sponsor_who_left_is_marked_told_and_asked_about_in_one_act_and_once(june: Desk):
    acme, other = builders.account(june, "Acme"), builders.account(june, "Other")
    kim = builders.person(june, acme, "Kim", value_network=True, network_role="driver")
    builders.make(june, "membership", {"person_id": kim, "account_id": other})
    before = builders.snapshot(june.store)
    done = left(june, kim, "yesterday", note="To a competitor")
    assert asked_about(june, acme) == [("Sponsor left: Kim", "high", as_stored(june, date(2026, 7, 1)), "strategic")]
    assert asked_about(june, other) == []  # she was in no network there
    assert (len(done.events), len(done.ctas)) == (2, 1)
    assert done.said == f"Kim left the customer on 2026-06-29 · CTA {done.ctas[0]}"
    assert show_network(june, acme).network.state == "none"
    assert [row.name for row in accounts_page(june, "event:contact_left event_age:<=5d member:yes").rows] == ["Acme"]
    with pytest.raises(Refused, match="marked already: she left on 2026-06-29"):
        left(june, kim)
    undo(june)
    assert builders.snapshot(june.store) == before


def as_stored(desk: Desk, day: date) -> object:
    return day.isoformat() if desk.store.dialect == "sqlite" else day


def test_who_does_something_else_now_leaves_one_account_only(june: Desk):
    acme, labs = builders.account(june, "Acme"), builders.account(june, "Labs")
    kim = builders.person(june, acme, "Kim", value_network=True, network_role="generator")
    builders.make(june, "membership", {"person_id": kim, "account_id": labs, "value_network": True})
    left(june, kim, account_id=acme)
    assert [row[:2] for row in asked_about(june, acme)] == [("Key user left: Kim", "medium")]
    assert (show_network(june, acme).network.size, show_network(june, labs).network.size) == (0, 1)
    assert [one.name for one in show_network(june, acme).left] == ["Kim"]
    assert [row.name for row in accounts_page(june, "event:role_changed").rows] == ["Acme"]
    with pytest.raises(NotFound, match="no longer"):
        left(june, kim, account_id=acme)
    with pytest.raises(Refused, match="is ahead"):
        left(june, kim, date(2026, 7, 9))


def test_an_edit_that_says_she_left_leaves_the_same_behind(june: Desk):
    acme = builders.account(june, "Acme")
    kim = builders.person(june, acme, "Kim", value_network=True)
    done = edit_person(june, kim, {"left_on": date(2026, 6, 1)})
    assert "CTA" in done.said
    assert [row[0] for row in asked_about(june, acme)] == ["Network member left: Kim"]


# -- many at once


def test_people_are_put_in_and_out_together(june: Desk):
    acme = builders.account(june, "Acme")
    people = [builders.person(june, acme, name) for name in ("Ann", "Bob")]
    done = set_members(june, [(id_, acme) for id_ in people], True, "driver")
    assert (done.said, done.changed) == ("2 people are in the value network of Acme as drivers", 2)
    assert [one.network_role for one in show_network(june, acme).members] == ["driver", "driver"]
    assert set_members(june, [(people[0], acme)], True, "").said == "Ann is in the value network of Acme"
    assert {one.network_role for one in show_network(june, acme).members} == {"driver", None}
    with pytest.raises(NotFound):
        set_members(june, [(people[0], acme), (people[0], acme + 1)], True)


def test_value_and_bottleneck_are_held_at_the_account_and_never_overwritten_unseen(june: Desk):
    acme = builders.account(june, "Acme")
    kim = builders.person(june, acme, "Kim")
    edit_person(june, kim, {"value_obtained": "Two days a month saved", "channel": "phone"}, None, acme)
    row = people_of(june, acme)[0]
    assert (row.value_obtained, row.bottleneck, row.channel) == ("Two days a month saved", None, "phone")
    with pytest.raises(Conflict, match="value obtained is Two days"):
        edit_person(june, kim, {"value_obtained": "None"}, {"value_obtained": None}, acme)


def test_the_portfolio_counts_every_customer_once_and_finds_them_again(june: Desk):
    june = replace(june, me=replace(june.me, pools=()))
    asks = builders.make(june, "segment", {"name": 'Odd "one"', "network_min": 2})
    for n, members in enumerate((0, 1, 2, 3)):
        account = builders.account(june, f"A{n}", owner="ana" if n % 2 else None, segment_id=asks if n else None, arr=100_00 * n)
        for m in range(members):
            person = builders.person(june, account, f"P{n}{m}", value_network=True)
            if n == 3:
                held(june, account, "2026-06-01", person)
    builders.account(june, "Gone", status="churned")
    builders.account(june, "Yen", arr=1, currency="JPY")
    for by in ("owner", "segment", "pool"):
        found = portfolio(june, by)
        assert (found.total.accounts, found.total.none.accounts, found.total.small.accounts) == (5, 2, 1)
        assert (found.total.low.arr, found.total.ok.arr, found.uncounted) == (200_00, 300_00, 1)
        for group in found.groups:
            for state in ("none", "small", "low", "ok"):
                assert len(accounts_page(june, f"{group.where} network:{state}").rows) == group.of(state).accounts, group
    with pytest.raises(Refused, match="owner, segment, pool"):
        portfolio(june, "ownr")


def test_check_makes_each_cta_once(june: Desk):
    builders.account(june, "Bare")
    account = builders.account(june, "Low")
    builders.person(june, account, value_network=True)
    builders.account(june, "New", go_live=date(2026, 6, 20))
    assert (preview_check(june).small, preview_check(june).low) == (1, 1)
    done = check_networks(june)
    assert (len(done.ids), done.said) == (2, "Made 2 CTAs: 1 too small, 1 badly met")
    again = check_networks(june)
    assert (again.ids, again.skipped, again.act) == ((), 2, None)


def test_check_rests_after_a_close_and_leaves_alone_what_changes_hands(june: Desk, desk_of: Callable[..., Desk]):
    bare, moving = builders.account(june, "Bare", owner="ana"), builders.account(june, "Moving", owner="ana")
    badly = builders.account(june, "Low")
    builders.person(june, badly, value_network=True)
    running = transition.start(june, moving, "csm_to_csm", "ben", reason="Moves").id
    assert (preview_check(june).small, preview_check(june).moving) == (1, 1)
    done = check_networks(june)
    assert done.said == "Made 2 CTAs: 1 too small, 1 badly met, 1 account about to change hands"
    close(june, done.ids, Outcome.SUCCESS)
    rests = check_networks(june)
    assert (rests.ids, rests.cooling, rests.act) == ((), 2, None)
    assert rests.said == "Made 0 CTAs: 0 too small, 0 badly met, 2 had one closed not long ago, 1 account about to change hands"
    transition_acts.cancel(june, running, "She stays")

    def at(day: datetime) -> tuple[int, int, int]:
        found = preview_check(desk_of("oz", day))
        return found.small, found.low, found.cooling

    assert at(JUNE) == (1, 0, 2)
    # 45 business days after Tuesday 30 June are over on Wednesday 2 September, 60 on Wednesday 23 September
    assert (at(datetime(2026, 9, 1, 9, tzinfo=UTC)), at(datetime(2026, 9, 2, 9, tzinfo=UTC))) == ((1, 0, 2), (1, 1, 1))
    assert (at(datetime(2026, 9, 22, 9, tzinfo=UTC)), at(datetime(2026, 9, 23, 9, tzinfo=UTC))) == ((1, 1, 1), (2, 1, 0))
    assert bare


def test_who_hangs_on_one_person_comes_by_the_money_at_stake(june: Desk):
    for name, arr, meetings in (("Small", 100_00, 3), ("Large", 900_00, 4), ("Unknown", None, 3), ("Few", 999_00, 2)):
        account = builders.account(june, name, arr=arr)
        person = builders.person(june, account, f"P {name}")
        for n in range(meetings):
            held(june, account, f"2026-06-0{n + 1}", person)
    found = hanging(june)
    assert [(one.account, one.share, one.person) for one in found] == [
        ("Large", 1.0, "P Large"), ("Small", 1.0, "P Small"), ("Unknown", 1.0, "P Unknown"),
    ]  # fmt: skip


def test_the_next_meetings_reach_the_goal(june: Desk):
    asks = builders.make(june, "segment", {"name": "Asks", "network_min": 6, "coverage_goal": 80})
    acme = builders.account(june, "Acme", segment_id=asks)
    people = [builders.person(june, acme, f"P{n}", value_network=True) for n in range(5)]
    with june.store.write() as db:
        for n, id_ in enumerate(people):
            db.run("UPDATE person SET language = :language WHERE id = :id", language=["de", "fr", "en", "it", "nl"][n], id=id_)
    held(june, acme, "2026-06-20", people[0])
    held(june, acme, "2026-01-10", people[1], people[2])
    found = next_meetings(june, acme)
    assert (found.needed, found.missing, found.is_exact, len(found.meetings)) == (3, 1, True, 2)
    assert [(len(one.people), one.why) for one in found.meetings] == [(2, "were in one meeting before"), (1, "on her own")]
    for meeting in found.meetings:
        held(june, acme, "2026-06-25", *(one.id for one in meeting.people))
    assert next_meetings(june, acme).meetings == ()
    assert show_network(june, acme).network.coverage == 0.8
