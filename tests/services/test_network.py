"""The value network: who counts, what counts as having been met, what a segment asks, on whom an account hangs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.account import accounts_page
from cockpit.services.network import show_network
from cockpit.services.people import people_of, set_network
from db.reads.network import network_facts
from db.terms import EntryState
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
    from cockpit.services.people import edit_person

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
    from dataclasses import replace

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


def test_an_account_hangs_on_whoever_was_at_most_meetings(june: Desk):
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
    assert (thread.n, thread.held, thread.alone, thread.person, thread.share) == (4, 3, 2, "Ann", 0.75)
    assert thread.is_single
    assert thread.says == "Ann was at 3 of 4 meetings in 90 days (75%), at 2 alone"
    assert [row.name for row in accounts_page(june, "single_thread:>60%").rows] == ["Acme"]
    assert accounts_page(june, "single_thread:>75%").rows == ()
