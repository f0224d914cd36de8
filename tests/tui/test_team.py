"""The team by keys: every section read, changed in place by who may, undone; the others are told why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services import activity_type, article, away, capacity, cta, cta_type, lane, pod, queue, team, template
from cockpit.services.escalation import escalate
from cockpit.services.presence import heartbeat
from cockpit.services.risk import new_risk
from cockpit.tui.screens.team_sections import SECTIONS, Turns
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.conftest import NOW
from tests.statements import recorded
from tests.tui.conftest import Sit
from tests.tui.test_pictures import Picture, everywhere, picture

__all__ = ["picture"]
TODAY = NOW.date()
LETTERS = {spec.name: spec.letter for spec in SECTIONS}


@pytest.fixture
def staffed(company: Store) -> Store:
    """Hours, a pod with a hostile name, absences, a lane, a lease, claims, a close without evidence."""
    mo = builders.desk_of(company, "mo", NOW)
    ana, ben = builders.desk_of(company, "ana", NOW), builders.desk_of(company, "ben", NOW)
    team.edit_pool(mo, "West", {"lease_days": 1, "max_open": 3, "push": "round_robin"})
    for login, hours in (("ana", 1), ("ben", 40)):
        team.edit_csm(mo, login, {"hours_week": hours})
    lane.set_lane(mo, "dee", "West", "tactical")
    pod.new_pod(mo, "North [red]\x1b[31m", ["ben"], ["dee"])
    pod.give(mo, "North [red]", ["Acme Robotics"])
    away.set_away(mo, "chi", TODAY, TODAY + timedelta(days=4), "ben", "Holiday")
    rows = queue.queue_page(ana, queue.QueueQuery()).rows
    queue.claim(ben, [rows[-1].id])
    cta.close(ben, [rows[-1].id], Outcome.SUCCESS, "")
    queue.claim(ana, [rows[-2].id])
    builders.make(mo, "segment", {"name": "Large", "arr_from": 1_000_000})
    heartbeat(ben, "queue West")
    return company


def at_section(name: str) -> tuple[str, ...]:
    return ("7", "p", LETTERS[name])


async def to_row(seat: Any, words: str) -> None:
    """Move down until the cursor is on the row with these words."""
    await seat.press("g")
    for _ in range(40):
        if words in seat.line("▸"):
            return
        await seat.press("j")
    raise AssertionError(f"no row {words!r} in:\n{seat.text}")


async def test_pools_show_who_works_them_and_enter_shows_the_queue(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        await mo.sees("7 Team", "West", "push in turn", "3 each", "1d")
        await mo.sees("Dee Lind (junior)", "tactical", "away until Fri 27 Nov", "● here now", "looks only")
        await to_row(mo, "West")
        await mo.press("enter")
        await mo.sees("Pool West ▾", "Acme Robotics")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_brackets_go_through_the_sections(staffed: Store, sit: Sit, size: tuple[int, int]):
    async with sit("mo", on=staffed, size=size) as mo:
        await mo.press("7")
        for words in ("the week", "Chi Tanaka", "senior", "Claims nobody touched", "age p50", "from ARR", "! none"):
            await mo.press("right_square_bracket")
            await mo.sees(words)
        await mo.press("left_square_bracket")
        await mo.sees("from ARR")
        await mo.press("p", "q")
        await mo.sees("No section has the letter q")


async def test_a_pool_is_edited_in_place_and_u_takes_it_back(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        await to_row(mo, "West")
        await mo.press("i", "tab", "ctrl+u")
        await mo.type("9")
        await mo.press("ctrl+s")
        await mo.sees("9 each", "u undoes")
        await mo.press("u")
        await mo.sees("3 each")


async def test_what_a_service_refuses_brings_the_form_back(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        await to_row(mo, "West")
        await mo.press("i", "tab", "ctrl+u")
        await mo.type("many")
        await mo.press("ctrl+s")
        await mo.sees("max open is a whole number", "Pool · West", "many")


async def test_who_may_not_is_told_why_and_sees_everything(staffed: Store, sit: Sit):
    async with sit("ben", on=staffed) as ben:
        await ben.press("7", "i")
        await ben.sees("Only managers and ops change how the team works; you are here as csm.")
        await ben.press("h")
        await ben.until(lambda: sum(one.startswith("Only managers") for one in ben.toasts) == 2)


async def test_push_hands_out_the_pool_s_queue_in_one_act(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        await to_row(mo, "West")
        await mo.press("h")
        await mo.sees("Handed out", "Chi Tanaka is away until")
        left = queue.queue_count(mo.desk, queue.QueueQuery()).n
        await mo.press("u")
        await mo.sees("Undid")
        assert queue.queue_count(mo.desk, queue.QueueQuery()).n > left


async def test_joining_leaving_and_lanes(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        await to_row(mo, "East")
        await mo.press("plus")
        await mo.type("be")
        await mo.press("enter", "ctrl+s")
        await mo.sees("Ben Okafor works pool East now")
        await to_row(mo, "Ben Okafor")
        await mo.press("minus")
        await mo.sees("Ben Okafor works pool East no longer")
        await to_row(mo, "Dee Lind")
        await mo.press("i", "s", "ctrl+s")
        await mo.sees("strategic")


async def test_hours_are_said_and_their_bar_is_drawn(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("hours"))
        await mo.sees("hours not said", on="Chi Tanaka")
        await to_row(mo, "Chi Tanaka")
        await mo.press("i", "tab")
        await mo.type("32")
        await mo.press("ctrl+s")
        await mo.sees("····", "32.0", on="Chi Tanaka")


async def test_an_absence_by_form_and_its_end(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("away"))
        await mo.press("w", "shift+tab", "shift+tab", "ctrl+u")
        await mo.type("eve")
        await mo.press("tab", "tab")
        await mo.type("fri")
        await mo.press("tab")
        await mo.type("an")
        await mo.press("enter", "ctrl+s")
        await mo.sees("Eve Moreau is away", "Ana Ruiz covers")
        await to_row(mo, "Eve Moreau")
        await mo.press("B")
        await mo.sees("Eve Moreau")
        assert [row.login for row in away.absences(mo.desk)] == ["chi"]


async def test_one_says_of_oneself_that_one_is_away(staffed: Store, sit: Sit):
    async with sit("ben", on=staffed) as ben:
        await ben.press("2", "w")
        await ben.type("fri")
        await ben.press("ctrl+s")
        await ben.sees("Ben Okafor is away", "nobody covers")


async def test_pods_are_made_joined_and_given_accounts(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("pods"))
        await mo.sees("North [red]", "senior", "junior")
        await mo.press("a")
        await mo.type("South")
        await mo.press("tab")
        await mo.type("ev")
        await mo.press("down", "enter", "ctrl+s")
        await mo.sees("Made pod South")
        await to_row(mo, "South")
        await mo.press("H")
        await mo.type("bor")
        await mo.press("down", "enter", "ctrl+s")
        await mo.sees("Gave 1 account to pod South")
        await to_row(mo, "South")
        await mo.press("enter")
        await mo.sees("Patch of pod South", "Boreal Foods")
        await mo.press("enter")
        await mo.sees("p  s Summary", "Boreal Foods")


async def test_returning_leads_to_the_account(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("returning"))
        await mo.sees("Ana Ruiz", on="▸")
        await mo.press("enter")
        await mo.sees("p  s Summary")


async def test_t_turns_the_flow(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("flow"))
        await mo.sees("By pool, Tue 27 Oct to Mon 23 Nov", "West")
        await mo.press("t")
        await mo.sees("By lane")
        await mo.press("t")
        await mo.sees("By CSM", "ben")


async def test_a_policy_is_edited_and_who_outgrew_it_is_listed(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("policies"))
        await to_row(mo, "Large")
        await mo.press("i", "tab", "tab")
        await mo.type("10")
        await mo.press("ctrl+s")
        await mo.sees("10d", on="Large")


async def test_who_outgrew_her_segment_is_moved_with_her_service_model(staffed: Store, sit: Sit):
    mo_desk = builders.desk_of(staffed, "mo", NOW)
    small = builders.the(mo_desk, "segment", "small")
    grown = builders.account(mo_desk, "Grown Ltd", arr=6_000_000, segment_id=small)
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("policies"))
        await mo.sees("→ Grown Ltd")
        await to_row(mo, "→ Grown Ltd")
        await mo.press("i")
        await mo.sees("past the line of small by more than 10 %", "‹hybrid›")
        await mo.press("ctrl+s")
        await mo.sees_not("→ Grown Ltd")
    row = builders.row(staffed, "account", grown)
    assert (row["segment_id"], row["served_by"]) == (builders.the(mo_desk, "segment", "mid"), "hybrid")


async def test_risks_and_touch_open_what_is_behind_them(staffed: Store, sit: Sit):
    mo_desk = builders.desk_of(staffed, "mo", NOW)
    new_risk(mo_desk, "Acme Robotics", "Late", "product", severity="high", department="Product")
    new_risk(mo_desk, "Dune Logistics", "Slow", "product", department="Product")
    escalate(mo_desk, "Boreal Foods", "Orders are lost", department="Support")
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("risks"))
        await mo.sees("Boreal Foods", on="▸")
        await mo.sees("2 risks, 1 high", "product", "$79k")
        await mo.press("j", "enter")
        await mo.sees('risk:"product" risk_department:"Product"', "Acme Robotics", "Dune Logistics")
        await mo.sees_not("Boreal Foods")
        await mo.press("7", "p", "t")
        await mo.sees("Ana Ruiz", "✔", "✗")
        await mo.press("t")
        await mo.sees("by account", "Acme Robotics")


async def test_a_close_is_read_and_reviewed_and_its_owner_told(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("reviews"))
        await mo.sees("! none", on="▸")
        await mo.press("enter")
        await mo.sees("A success with nothing logged")
        await mo.press("escape", "i", "w", "ctrl+s")
        await mo.sees("What should be done differently?")
        await mo.type("Log the call")
        await mo.press("ctrl+s")
        await mo.sees("Reviewed how Ben Okafor closed CTA", "Log the call")
    async with sit("ben", on=staffed) as ben:
        await ben.sees("@1")
        await ben.press("7", "p", "v")
        await ben.sees("Log the call")


@pytest.mark.parametrize("name", [spec.name for spec in SECTIONS])
def test_every_section_reads_with_as_many_statements_whatever_there_is(staffed: Store, name: str):
    spec = next(one for one in SECTIONS if one.name == name)
    desk = builders.desk_of(staffed, "mo", NOW)

    def reads() -> int:
        with recorded() as counted:
            spec.read(desk, Turns())
        return len(counted)

    before = reads()
    mo = builders.desk_of(staffed, "mo", NOW)
    for number in range(5):
        team.new_pool(mo, f"Pool {number}")
        team.new_csm(mo, f"p{number}", f"Person {number}", pool=f"Pool {number}")
        pod.new_pod(mo, f"Pod {number}", [f"p{number}"])
        away.set_away(mo, f"p{number}", TODAY, TODAY)
        team.new_segment(mo, f"Segment {number}")
        template.apply(mo, [("text", f"name: t{number}\nsubject: s\n\nHello")])
        cta_type.new_type(mo, f"Type {number}")
        activity_type.new_type(mo, f"Kind {number}")
        article.new_article(mo, f"Page {number}", f"https://help.example/{number}")
    assert reads() == before


async def test_hostile_names_do_nothing(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press(*at_section("pods"))
        assert "\x1b" not in mo.text
        await to_row(mo, "North")
        await mo.press("i")
        await mo.sees("Pod · North [red]")


async def test_an_empty_section_says_which_key_fills_it(company: Store, sit: Sit):
    async with sit("mo") as mo:
        await mo.press(*at_section("pods"))
        await mo.sees("There is no pod yet", "a makes one")
        await mo.press("p", "w")
        await mo.sees("Nobody is away, and nobody will be.", "w (or a) says who")
        await mo.press("p", "r")
        await mo.sees("No claim goes back")


async def test_what_a_colleague_changes_shows(staffed: Store, sit: Sit):
    async with sit("mo", on=staffed) as mo:
        await mo.press("7")
        team.edit_pool(builders.desk_of(staffed, "oz", NOW), "West", {"max_open": 7})
        await mo.look()
        await mo.sees("7 each")


async def test_who_else_looks_at_the_queue(staffed: Store, sit: Sit):
    async with sit("ana", on=staffed) as ana:
        ana.app.presence.beat()
        await ana.settle()
        await ana.sees("● Ben Okafor looks at the queue")
        assert capacity.capacity(ana.desk)


async def test_the_team_looks_as_its_pictures(staffed: Store, sit: Sit, picture: Picture):
    async with sit("mo", on=staffed) as mo:
        for name in ("pools", "hours", "flow", "library", "settings"):
            await mo.press(*at_section(name))
            await everywhere(mo, picture, f"team_{name}")


def test_a_desk_that_only_reads_reads_every_section(staffed: Store):
    desk: Desk = builders.desk_of(staffed, "ria", NOW)
    assert all(spec.read(desk, Turns()) is not None for spec in SECTIONS)
