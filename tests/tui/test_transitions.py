"""Accounts that change hands, by keys: both sides, each step opening what it is about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.domain.brief import SECTIONS
from cockpit.services import transition, transition_acts
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.services.transition_story import look, one, ready_account, write_all
from tests.tui.conftest import Sit
from tests.tui.hands import choose, fill, on_step, put, to_step


@pytest.fixture
def moving(company: Store) -> Store:
    """Ana's account, ready to go."""
    ana = builders.desk_of(company, "ana", NOW)
    account, _ = ready_account(ana, "Maple Foods")
    builders.cta(ana, account, owner="ana", because="Renewal", title="Renewal talks", due=date(2026, 12, 20))
    return company


async def test_from_one_csm_to_another_by_keys(sit: Sit, moving: Store) -> None:
    """Started, decided, reviewed, written, accepted: each step opens its thing; one undo takes the hand-over back."""
    async with sit("ana", on=moving) as ana:
        await ana.press("4", "a")
        await ana.type("Maple Foods")
        await ana.press("tab")
        await ana.type("ben")
        await ana.press("ctrl+s")
        await ana.sees("Maple Foods", "Outgoing · ana", "Incoming · ben")
        await to_step(ana, "Name the reason")
        await ana.press("enter", "tab")
        await ana.type("Moves to another team")
        await ana.press("ctrl+s")
        await to_step(ana, "Decide each")
        await ana.press("enter")
        await choose(ana, "Renewal talks")
        await choose(ana, "somebody else")
        await fill(ana, to="chi")
        await ana.sees("Renewal talks → move to chi")
        await on_step(ana, "Decide each")
        await choose(ana, "Renewal talks")
        await choose(ana, "incoming side takes")
        await ana.sees("Decided on Maple Foods")
        await to_step(ana, "Go through the people")
        await ana.press("enter")
        await choose(ana, "Confirm all")
        await ana.sees("3 confirmed")
        await to_step(ana, "Write the handoff brief")
        await ana.press("enter", "escape")
        for section in SECTIONS:
            await ana.press("B")
            await choose(ana, section.title)
            await put(ana, "Their CFO leaves in May.")
            await ana.press("ctrl+s")
            await ana.sees(f"Wrote {section.title}")
        id_ = one(ana.desk, "SELECT id FROM transition")
        account = one(ana.desk, "SELECT account_id FROM transition")
        await on_step(ana, "Half an hour between")
        await choose(ana, "It was held")
        await fill(ana, type="meeting", subject="Among us", attendees="ana; ben")
        await on_step(ana, "Tell the customer")
        await choose(ana, "Draft it")
        await ana.press("escape")
        await on_step(ana, "Tell the customer")
        await choose(ana, "It was sent by other ways")
        await ana.sees("Sent the letter to Maple Foods")
        await on_step(ana, "Meet the customer together")
        await choose(ana, "It was held")
        await fill(ana, type="meeting", subject="Introduction", attendees="Dora of Maple Foods; ana; ben")
    async with sit("ben", on=moving) as ben:
        await ben.press("4", "p", "n")
        await ben.sees("Maple Foods", "ana → ben")
        await ben.press("enter")
        await ben.sees("Incoming · ben")
        await ben.press("A")
        await ben.sees("required step", "Read the account")
        look(ben.desk, account)
        await ben.press("Q")
        await ben.type("Who signs?")
        await ben.press("ctrl+s", "A")
        await ben.sees("required step")
    async with sit("ana", on=moving) as ana:
        await ana.press("4", "p", "o", "enter")
        await on_step(ana, "Stay within reach")
        await choose(ana, "Who signs?")
        await put(ana, "Dora does.")
        await ana.press("ctrl+s")
        await ana.sees("Answered about Maple Foods")
    async with sit("ben", on=moving) as ben:
        await ben.press("4", "p", "n", "enter", "A")
        await ben.sees("Handed over Maple Foods to Ben Okafor")
        assert one(ben.desk, "SELECT owner_id FROM account WHERE id = :id", id=account) == ben.desk.me.id
        await ben.press("u")
        assert one(ben.desk, "SELECT state FROM transition WHERE id = :id", id=id_) == "started"


async def test_who_has_left_is_said_while_the_people_are_reviewed(sit: Sit, moving: Store) -> None:
    """The event and the CTA are those of anybody who left; one undo takes all of it back."""
    ana = builders.desk_of(moving, "ana", NOW)
    transition.start(ana, "Maple Foods", "csm_to_csm", "ben", reason="Moves")
    async with sit("ana", on=moving) as at:
        await at.press("4", "enter")
        await on_step(at, "Go through the people")
        await choose(at, "Somebody has left")
        await choose(at, "Dora of Maple Foods")
        await at.sees("Dora of Maple Foods left the customer")
        assert one(at.desk, "SELECT type FROM event") == "contact_left"
        assert one(at.desk, "SELECT title FROM cta ORDER BY id DESC LIMIT 1") == "Sponsor left: Dora of Maple Foods"
        await on_step(at, "Go through the people")
        await at.sees("Gil of Maple Foods")
        await at.sees_not("○ Dora")
        await at.press("escape", "u")
        assert one(at.desk, "SELECT count(*) FROM event") == 0
        assert one(at.desk, "SELECT count(*) FROM cta WHERE title = 'Sponsor left: Dora of Maple Foods'") == 0


async def test_what_followed_hand_overs_opens_its_sums_and_its_accounts(sit: Sit, moving: Store) -> None:
    """Each figure with its n; too few are said to be too few; e has the formula, enter the accounts that count."""
    ana = builders.desk_of(moving, "ana", NOW)
    transition.start(ana, "Maple Foods", "csm_to_csm", "ben", reason="Moves")
    gone = builders.account(ana, "Gone Ltd", owner="ben")
    then = NOW - timedelta(days=100)
    builders.make(ana, "subscription", {"account_id": gone, "starts": date(2025, 1, 1), "ends": date(2026, 9, 30), "mrr": 100_000})
    builders.make(ana, "transition", {
        "kind": "csm_to_csm", "state": "accepted", "account_id": gone, "started_on": then.date(), "target": then.date(),
        "from_csm_id": ana.me.id, "to_csm_id": builders.the(ana, "csm", "Ben Okafor"), "accepted_at": then,
    })  # fmt: skip
    async with sit("ana", on=moving) as at:
        await at.press("4", "p", "f")
        await at.sees("churn", "100%", "not enough data", "fewer than 10 a side")
        await at.press("e")
        await at.sees("customers without a contract 90 days later", "100% of 1", "not enough data: 1 with a hand-over", "Gone Ltd")
        await at.press("escape", "enter")
        await at.sees("Who counts in churn", "handed over")
        await choose(at, "Gone")
        await at.sees("Gone Ltd", "Summary")
        await at.press("q", "p", "c", "e")
        await at.sees("ana", "No figure is here that opens")
        await at.press("enter")
        await choose(at, "Maple Foods")
        await at.sees("Outgoing · ana")
    async with sit("ana", on=moving, size=(80, 24)) as at:
        await at.press("4", "p", "f")
        await at.sees("handed", "without", "difference", "95 % interval", "not enough data")


async def test_sent_back_by_the_gatekeeper_by_keys(sit: Sit, moving: Store) -> None:
    """The reason travels; a manager waives a step; called off it is over, and undone it runs again."""
    ana = builders.desk_of(moving, "ana", NOW)
    id_ = transition.start(ana, "Maple Foods", "csm_to_pool", "West", reason="Small").id
    transition_acts.decide(ana, id_, "move")
    write_all(ana, id_)
    async with sit("mo", on=moving) as mo:
        await mo.press("4", "p", "b", "enter")
        await mo.press("S")
        await mo.type("Who pays?")
        await mo.press("ctrl+s")
        await mo.sees("Sent back Maple Foods", "Who pays?")
        await to_step(mo, "call")
        await mo.press("W")
        await mo.type("They never pick up.")
        await mo.press("ctrl+s")
        await mo.sees("Waived for Maple Foods")
        await mo.press("e")
        await mo.sees("Decisions", "Renewal talks")
        await mo.press("escape", "X")
        await mo.type("It grows again.")
        await mo.press("ctrl+s")
        await mo.sees("Called off Maple Foods")
        assert one(mo.desk, "SELECT state FROM transition WHERE id = :id", id=id_) == "cancelled"
        await mo.press("u")
        assert one(mo.desk, "SELECT state FROM transition WHERE id = :id", id=id_) == "started"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_both_sides_fit(sit: Sit, moving: Store, size: tuple[int, int]) -> None:
    """Stacked at 80 columns, beside each other at 120; the account has its pane."""
    ana = builders.desk_of(moving, "ana", NOW)
    transition.start(ana, "Maple Foods", "csm_to_csm", "ben", reason="Moves")
    async with sit("ana", size=size, on=moving) as at:
        await at.press("4")
        await at.sees("Outgoing 1", "Maple Foods")
        await at.press("enter")
        await at.sees("Outgoing · ana", "Incoming · ben", "Write the handoff brief", "Sign the brief")
        beside = "Incoming · ben" in at.line("Outgoing · ana")
        assert beside is (size[0] >= 100)
        await at.press("enter")
        await at.sees("Day", "Reason")


async def test_hostile_words_are_words(sit: Sit, moving: Store) -> None:
    """Names and reasons that would be markup or steer the terminal are shown as they are, on every screen of a hand-over."""
    ana = builders.desk_of(moving, "ana", NOW)
    account, _ = ready_account(ana, "Pear [red]Inc[/nope] \x1b[31m")
    made = transition.start(ana, account, "csm_to_csm", "ben", reason="[@click=app.quit]moves[/]")
    transition_acts.edit(ana, made.id, reason="[bold]because[/bold]")
    async with sit("ana", on=moving) as at:
        await at.press("4")
        await at.sees("Pear [red]Inc[/nope]")
        await at.press("enter")
        await at.sees("Pear [red]Inc[/nope]", "[bold]because[/bold]")
        await at.press("e")
        await at.sees("[bold]because[/bold]")
        await at.press("escape", "B", "enter")
        await at.sees("Not written yet")
        assert "\x1b" not in at.text
