"""Interventions and what else one does with a CTA, by keys: the board, its stages, comments, mentions, following, links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services import comment, queue, team
from cockpit.services import intervention as interventions
from cockpit.services.account import edit_account
from cockpit.services.away import set_away
from cockpit.services.link import links
from cockpit.services.shadow import followers
from cockpit.services.tick import tick
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit
from tests.tui.test_pictures import THEMES, Picture, everywhere, picture

__all__ = ["picture"]


def held(desk: Desk, account: str) -> int:
    """The CTA of an account that this desk's person claims now."""
    row = next(row for row in queue.queue_page(desk, queue.QueueQuery(scope="all")).rows if row.account == account)
    if row.owner is None:
        queue.claim(desk, [row.id])
    return row.id


@pytest.fixture
def engaged(company: Store) -> Store:
    """One intervention of Ana's in each stage but on track, and one of Ben's."""
    ana, ben = builders.desk_of(company, "ana", NOW), builders.desk_of(company, "ben", NOW)
    for number, account in enumerate(("Acme Robotics", "Cobalt Health", "Dune Logistics", "Fjord 東京 Shipping")):
        made = interventions.start(ana, held(ana, account)).id
        if number == 1:
            interventions.move(ana, made, "reached_out")
        if number >= 2:
            interventions.answered(ana, made)
        if number == 3:
            interventions.set_plan(ana, made, "Train two people by Friday [red]", "health:>=80")
    interventions.start(ben, held(ben, "Ember [red]Analytics[/red]"))
    return company


def stage_of(desk: Desk, account: str) -> str:
    rows = interventions.board(desk, account=account, ended=True)
    return rows[0].stage


async def to_card(seat: Any, account: str) -> None:
    """Put the cursor of the board on an account's card."""
    await seat.press(*["left"] * 5)
    for _ in range(6):
        await seat.press("g")
        column = seat.app.screen.board.columns[seat.app.screen.board.at.column]
        for _ in column:
            if seat.app.screen.card.account == account:
                return
            await seat.press("j")
        await seat.press("right")
    raise AssertionError(f"no card {account!r} in:\n{seat.text}")


async def test_b_shows_my_work_by_stage_and_the_list_again(engaged: Store, sit: Sit):
    async with sit(on=engaged) as ana:
        await ana.press("2", "b")
        await ana.sees("claimed 1", "reached out 1", "engaged 1", "on plan 1", "on track 0")
        await ana.sees("day 0 of 60", "✗ health:>=80", "no criterion yet")
        await ana.sees_not("Ember")
        await ana.press("t")
        await ana.sees("Ember [red]", "Everybody's interventions")
        await ana.press("b")
        await ana.sees("Ana Ruiz's open CTAs")


async def test_a_card_goes_through_every_stage_by_one_key(engaged: Store, sit: Sit):
    async with sit(on=engaged) as ana:
        await ana.press("2", "b")
        await to_card(ana, "Acme Robotics")
        await ana.press("greater_than_sign")
        await ana.sees("is reached out")
        assert ana.app.screen.card.account == "Acme Robotics"
        await ana.press("greater_than_sign")
        await ana.type("Call us on Monday")
        await ana.press("ctrl+s")
        await ana.sees("Acme Robotics answered")
        await ana.press("greater_than_sign")
        await ana.type("Train two people")
        await ana.press("tab")
        await ana.type("health:>=80")
        await ana.press("ctrl+s")
        assert stage_of(ana.desk, "Acme Robotics") == "on_plan"
        await ana.press("greater_than_sign")
        await ana.sees("Not on track yet: health:>=80 does not hold.")
        edit_account(ana.desk, builders.the(ana.desk, "account", "Acme Robotics"), {"health": 90})
        tick(builders.desk_of(engaged, "mo", NOW))
        await ana.look()
        assert ana.app.screen.card.stage == "on_track"
        await ana.press("greater_than_sign", "ctrl+s")
        await ana.sees("For Support is needed.")
        await ana.type("They know the export now")
        await ana.press("tab")
        await ana.type("https://help.example/export")
        await ana.press("ctrl+s")
        assert stage_of(ana.desk, "Acme Robotics") == "self_service"
        await ana.press("u")
        assert stage_of(ana.desk, "Acme Robotics") == "on_track"


async def test_lost_needs_a_reason_and_no_response_too_when_it_was_not_tried(engaged: Store, sit: Sit):
    async with sit(on=engaged) as ana:
        await ana.press("2", "b")
        await to_card(ana, "Cobalt Health")
        await ana.press("less_than_sign", "ctrl+s")
        await ana.sees("No response needs 3 tries", "not forward")
        await ana.press("tab")
        await ana.type("Number is dead")
        await ana.press("ctrl+s")
        assert stage_of(ana.desk, "Cobalt Health") == "no_response"
        await to_card(ana, "Dune Logistics")
        await ana.press("less_than_sign", "ctrl+s")
        await ana.sees("Why is it lost?")


async def test_an_empty_board_says_how_it_fills(sit: Sit):
    async with sit() as ana:
        await ana.press("2", "b")
        await ana.sees("You have no intervention running.", "An outreach logged (l)")
        await ana.press("greater_than_sign")
        await ana.sees("There is no intervention under the cursor; I on a CTA of yours starts one.")


async def test_an_intervention_starts_from_a_cta_and_shows_on_the_account(company: Store, sit: Sit):
    async with sit() as ana:
        await ana.press("I")
        await ana.type("health:>=70")
        await ana.press("ctrl+s")
        await ana.sees("is nobody's yet: claim it first")
        await ana.press("escape", "2", "I")
        await ana.type("health:>=70")
        await ana.press("ctrl+s")
        await ana.sees("Began intervention", "Cobalt Health")
        await ana.press("enter")
        await ana.sees("Intervention claimed")
        await ana.press("p", "i", "enter")
        await ana.sees("How it went", "claimed", "✔ health:>=70")
        await ana.press("escape", "i")
        await ana.sees("Plan · Cobalt Health")


async def test_a_comment_offers_colleagues_and_tells_them(company: Store, sit: Sit):
    async with sit() as ana:
        await ana.press("m")
        await ana.type("Seen this, @be")
        await ana.sees("@ben")
        await ana.press("enter")
        await ana.type("again?")
        await ana.press("tab", "y", "ctrl+s")
        await ana.sees("Asked Ben Okafor for an opinion", "Ana Ruiz: Seen this, @ben again?")
    async with sit("ben") as ben:
        await ben.sees("@1")
        await ben.press("M")
        await ben.sees("Said to you", "? Ana Ruiz · Acme Robotics: Seen this, @ben again?")
        await ben.press("enter")
        await ben.sees("Acme Robotics", "p  s Summary")
        await ben.sees_not("@1")
        assert comment.unseen_mentions(ben.desk) == 0
        await ben.sees(" 1 ", on="unassigned")
        await ben.press("enter")
        await ben.sees("Said", "Seen this, @ben again?", "asks for an opinion")


async def test_an_opinion_is_asked_of_somebody(sit: Sit):
    async with sit() as ana:
        await ana.press("m")
        await ana.type("What now?")
        await ana.press("tab", "y", "ctrl+s")
        await ana.sees("Whose opinion? Write @login in the text.")


async def test_nobody_has_spoken_yet(sit: Sit):
    async with sit() as ana:
        await ana.press("M")
        await ana.sees("Nobody has spoken to you yet. m on a CTA speaks to a colleague.")


async def test_following_shows_in_my_work_until_one_stops(company: Store, sit: Sit):
    ben = builders.desk_of(company, "ben", NOW)
    cta = held(ben, "Dune Logistics")
    async with sit() as ana:
        await ana.press("3", "slash")
        await ana.type("dune")
        await ana.press("enter", "enter", "p", "c", "S")
        await ana.sees("Ana Ruiz follows CTA")
        assert [row.login for row in followers(ana.desk, cta)] == ["ana"]
        await ana.press("2")
        await ana.sees("↗ following")
        await ana.press("slash")
        await ana.type("dune")
        await ana.press("enter", "S")
        await ana.sees("no longer follows")


async def test_what_a_cover_sees_says_for_whom(company: Store, sit: Sit):
    ben = builders.desk_of(company, "ben", NOW)
    held(ben, "Acme Robotics")
    set_away(ben, "ben", NOW.date(), NOW.date() + timedelta(days=4), "ana")
    async with sit(size=(120, 36)) as ana:
        await ana.press("2")
        await ana.sees("↔ for Ben")
        await ana.press("g")
        await ana.sees("Here", "for Ben")


async def test_a_lease_counts_down_and_warns(company: Store, sit: Sit):
    team.edit_pool(builders.desk_of(company, "mo", NOW), "West", {"lease_days": 1})
    held(builders.desk_of(company, "ana", NOW - timedelta(days=3)), "Acme Robotics")
    async with sit() as ana:
        await ana.press("2")
        await ana.sees("! 1 returns tomorrow", "! tomorrow")
        await ana.press("n")
        await ana.sees("2d left")


async def test_the_rest_of_an_account_is_offered_after_a_claim(company: Store, sit: Sit):
    async with sit() as ana:
        await ana.press("j", "c")
        await ana.sees("Claimed CTA", "1 more of Boreal Foods: A takes them")
        await ana.press("A")
        rows = queue.queue_page(ana.desk, queue.QueueQuery(scope="work")).rows
        assert [row.account for row in rows].count("Boreal Foods") == 2
        await ana.press("u", "u")
        assert queue.queue_count(ana.desk, queue.QueueQuery()).n == 6
        await ana.press("g", "j", "enter", "A")
        await ana.sees("Claimed 2 CTAs")
        await ana.press("A")
        await ana.sees("Nothing of Boreal Foods is unassigned.")


async def test_capital_c_takes_what_is_a_colleague_s_first(engaged: Store, sit: Sit):
    builders.cta(builders.desk_of(engaged, "ana", NOW), 1, because="Second one")
    async with sit("ben", on=engaged) as ben:
        await ben.press("slash")
        await ben.type("second")
        await ben.press("enter", "c")
        await ben.sees("is in an intervention of Ana Ruiz")
        await ben.press("C")
        await ben.sees("Claimed CTA")


async def test_a_cta_repeats_and_is_linked(company: Store, sit: Sit):
    async with sit() as ana:
        await ana.press("2", "R")
        await ana.type("2w")
        await ana.press("ctrl+s")
        await ana.sees("Changed repeats of CTA")
        await ana.press("L")
        await ana.sees("Link to · Cobalt Health", "Maria Ortiz")
        await ana.press("enter")
        await ana.sees("Linked Maria Ortiz")
        row = ana.app.screen.rows.row
        assert [one.name for one in links(ana.desk, row.id).people] == ["Maria Ortiz"]
        await ana.press("L")
        await ana.sees("✔ Maria Ortiz")
        await ana.press("enter")
        await ana.sees("Unlinked Maria Ortiz")


async def test_what_is_due_by_day_and_as_a_file(company: Store, sit: Sit, tmp_path: Any):
    async with sit() as ana:
        await ana.press("2", "D")
        await ana.sees("November 2026", "Mon 23 Nov", "nothing is due", "▸23 today")
        await ana.press("j")
        await ana.sees("▸30")
        await ana.press("k", "w")
        await ana.sees("Week 48", "Cobalt Health: Post go-live check-in", "nothing")
        await ana.press("escape", "ctrl+e")
        await ana.sees("Wrote 1 date to")
    file = next(tmp_path.glob("work-*.ics"))
    assert "SUMMARY:Cobalt Health: Post go-live check-in" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


async def test_a_reader_is_told_that_nothing_can_be_changed(engaged: Store, sit: Sit):
    async with sit(on=engaged, read_only=True) as ana:
        await ana.press("2", "b", "greater_than_sign")
        await ana.sees("This store is open for reading only")


async def test_the_board_looks_as_its_pictures(engaged: Store, sit: Sit, picture: Picture):
    async with sit(on=engaged) as ana:
        await ana.press("2", "b")
        await to_card(ana, "Fjord 東京 Shipping")
        await everywhere(ana, picture, "board", THEMES[:1])
