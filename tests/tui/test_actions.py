"""One list of acts: bindings, footer, palette, help and docs come from it; keys can be changed, clashes are told."""

from __future__ import annotations

from cockpit.config import Config
from cockpit.tui.actions import ACTIONS, ALL, EVERY, GROUPS, Place, find, on_screen, resolve, show_key, textual_key
from cockpit.tui.app import CockpitApp
from cockpit.tui.modals.help import KEYS, help_lines
from cockpit.tui.render.line import text_of
from cockpit.tui.screens.account import AccountScreen
from cockpit.tui.screens.accounts import AccountsScreen
from cockpit.tui.screens.inbox import InboxScreen
from cockpit.tui.screens.interventions import InterventionsScreen
from cockpit.tui.screens.network import NetworkScreen
from cockpit.tui.screens.outbox import OutboxScreen
from cockpit.tui.screens.person import PersonScreen
from cockpit.tui.screens.queue import QueueScreen, WorkScreen
from cockpit.tui.screens.team import TeamScreen
from cockpit.tui.theme import palette
from tests.tui.conftest import Sit

SCREENS = {
    "queue": QueueScreen, "work": WorkScreen, "board": InterventionsScreen, "accounts": AccountsScreen, "account": AccountScreen,
    "network": NetworkScreen, "person": PersonScreen, "team": TeamScreen, "outbox": OutboxScreen, "inbox": InboxScreen,
}  # fmt: skip
PERSONS = ("member", "role", "gone")


def test_every_act_is_done_by_a_method_of_every_screen_it_works_on():
    for name, screen in SCREENS.items():
        for action in on_screen(name):
            assert callable(getattr(screen, f"act_{action.name}", None)), f"{name}: {action.name}"


def test_the_shipped_keys_do_not_clash():
    assert resolve().problems == ()


def test_every_act_has_words_and_a_group():
    for action in EVERY:
        assert action.help.endswith("."), action.name
        assert action.label, action.name
        assert action.group in GROUPS
        assert set(action.on) <= set(ALL)
    assert len({action.name for action in EVERY}) == len(EVERY)


def test_the_help_shows_every_act_with_its_key():
    for screen in SCREENS:
        shown = text_of(help_lines(screen, resolve(), 60, palette("cockpit")))
        words = " ".join(line[KEYS:].strip() for line in shown.splitlines())
        for action in EVERY:
            assert action.help in words
            for key in resolve().by_action[action.name]:
                assert show_key(key) in shown


def test_a_clash_and_an_unknown_name_are_told():
    problems = resolve({"claim": "n", "clam": "c"}).problems
    assert "[keys] clam: there is no such act; did you mean claim?" in problems
    assert "n is bound to both claim and next; claim has it." in problems


def test_keys_are_written_as_people_write_them():
    assert [textual_key(k) for k in ("?", "ctrl+r", "*", "G", "enter", "[", "+")] == [
        "question_mark", "ctrl+r", "asterisk", "G", "enter", "left_square_bracket", "plus",
    ]  # fmt: skip


def test_a_key_that_could_do_nothing_says_why():
    assert find("claim").why_not(Place("queue", read_only=True, row="cta")) == (
        "This store is open for reading only; nothing can be changed here."
    )
    assert find("claim").why_not(Place("queue")) == "There is no CTA under the cursor."
    assert find("claim").why_not(Place("queue", row="cta", taken="taken by Ben Okafor")) == (
        "This CTA is gone: taken by Ben Okafor. Move on with j."
    )
    assert find("claim").why_not(Place("queue", row="cta", taken="taken by Ben", marked=3)) is None
    assert find("snooze").why_not(Place("account", row="person")) is not None
    for action in ACTIONS:
        assert action.why_not(Place(action.on[0], row="person" if action.name in PERSONS else "cta")) is None


async def test_a_rebound_key_works_is_shown_and_the_old_one_says_where_it_went(sit: Sit):
    async with sit(config=Config(keys={"claim": "t,ctrl+t", "down": "n", "next": "N"})) as ana:
        await ana.sees(" t claim ")
        await ana.press("n")
        await ana.sees("Boreal Foods", on="▸")
        await ana.press("c")
        await ana.sees("c does nothing here; ? shows every key.")
        await ana.press("ctrl+t")
        await ana.sees("Claimed CTA")


async def test_a_clash_in_the_config_file_is_told_at_the_start(sit: Sit):
    async with sit(config=Config(keys={"snooze": "c"}, theme="nope")) as ana:
        await ana.sees("c is bound to both claim and snooze; claim has it.", "There is no theme 'nope'")


async def test_help_opens_closes_and_scrolls(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("question_mark")
        await ana.sees("Keys in Queue", "Take the CTA", "more lines")
        await ana.press("G")
        await ana.sees("The filter")
        await ana.press("question_mark")
        await ana.sees_not("Keys in Queue")


def test_the_program_is_named_and_has_no_palette_of_its_own():
    assert CockpitApp.ENABLE_COMMAND_PALETTE is False
