"""Mail, promises and planned meetings by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.services.account import find_account
from cockpit.services.activity_type import new_type
from cockpit.services.draft import drafts
from cockpit.services.letter import write_letter
from cockpit.services.outbox import outbox
from cockpit.services.planned import planned
from cockpit.services.timeline import log_activity, timeline_page
from db.store import Store
from db.terms import MailState
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit


@pytest.fixture(autouse=True)
def way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Mail leaves as files."""
    monkeypatch.setenv("COCKPIT_MAIL_FROM", "west@us.example")
    monkeypatch.setenv("COCKPIT_MAIL_FOLDER", str(tmp_path / "mail"))


async def test_a_letter_is_written_from_a_template_and_goes(sit: Sit, tmp_path: Path):
    async with sit(size=(80, 24)) as ana:
        await ana.press("W")
        await ana.sees("Write to · Acme Robotics", "Maria Ortiz", "driver")
        await ana.press("enter")
        await ana.sees("from which template?", "An empty letter", "usage recovery")
        await ana.type("usage")
        await ana.press("enter")
        await ana.sees("Letter · Acme Robotics", "Maria Ortiz;", "Acme Robotics: has something changed?", "Hello Maria,")
        await ana.press("ctrl+s")
        await ana.sees("Letter “Acme Robotics: has something changed?” to Maria Ortiz", "Mail: 1 sent")
        assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
        await ana.press("8")
        await ana.sees("Outbox", "✓ sent", "Maria Ortiz")
        await ana.press("enter")
        await ana.sees("Before I guess")
        await ana.press("escape", "x")
        await ana.sees("This mail is sent; that is for what is queued or failed or unsure.")
        await ana.press("a")
        await ana.sees("→", "outreach", "Acme Robotics: has")


async def test_what_is_in_the_outbox_is_told_whole_in_a_small_terminal(sit: Sit, company: Store):
    ana = builders.desk_of(company, "ana", NOW)
    for number, state in enumerate(MailState, 1):
        write_letter(ana, "Acme Robotics", ["Maria Ortiz"], f"Letter {number}", "Hello", channel="eml")
        builders.change(ana, "outbox", number, {"state": state})
    async with sit(size=(80, 24), on=company) as seat:
        await seat.press("8")
        await seat.sees(*(f"1 {state}" for state in MailState))


async def test_a_letter_that_is_left_is_a_draft_to_go_on_with(sit: Sit):
    async with sit() as ana:
        await ana.press("W", "enter", "enter")
        await ana.type("Half a letter")
        await ana.press("escape")
        await ana.sees("Kept the letter begun on Acme Robotics")
        assert [one.title for one in drafts(ana.desk)] == ["Half a letter"]
        await ana.press("W")
        await ana.sees("Go on with “Half a letter”")
        await ana.press("enter")
        await ana.type("Dear Maria")
        await ana.press("ctrl+s")
        await ana.sees("Letter “Half a letter” to Maria Ortiz")
        assert drafts(ana.desk) == ()


async def test_many_are_written_to_after_a_look_at_every_mail(sit: Sit):
    async with sit() as ana:
        await ana.press("3", "space", "space", "W")
        await ana.sees("Outreach · 2 marked accounts", "value touch")
        await ana.press("v")
        await ana.press("ctrl+s")
        await ana.sees("2 would go · 0 would not", "Acme Robotics: Maria Ortiz", "Boreal Foods", "enter sends 2 mails")
        await ana.press("escape")
        assert outbox(ana.desk) == ()
        await ana.press("W", "v", "ctrl+s", "enter")
        await ana.sees("to 2 people of 2 accounts", "2 sent")
        assert len(outbox(ana.desk, "sent")) == 2


async def test_what_is_later_can_be_called_back_and_sent_again(sit: Sit):
    async with sit() as ana:
        await ana.press("W", "enter", "enter")
        await ana.type("Later")
        await ana.press("tab")
        await ana.type("Words")
        await ana.press("tab", "tab")
        await ana.type("2026-12-01T09:00")
        await ana.press("ctrl+s", "8")
        await ana.sees("◇ queued", "due")
        await ana.press("x")
        await ana.sees("“Later” to", "called back", "– cancelled")
        await ana.press("r")
        await ana.sees("to be sent again", "✓ sent")


async def test_promises_are_kept_and_planned_meetings_held_by_a_key(sit: Sit, company: Store):
    ana_then = builders.desk_of(company, "ana", NOW.replace(day=20))
    acme = find_account(ana_then, "Acme Robotics")
    log_activity(ana_then, acme, "call", "Asked", next_step="Send the report", next_step_due="2026-11-21")
    log_activity(ana_then, acme, "meeting", "Start", attendees=["Maria Ortiz", "Lena Vogt"], at=NOW.replace(day=22))
    async with sit() as ana:
        await ana.press("2")
        await ana.sees("? 1 promise late, 1 meeting to confirm")
        await ana.press("U")
        await ana.sees("What Ana Ruiz promised · enter: it was kept", "! Acme Robotics: Send the report")
        await ana.press("enter")
        await ana.sees("Kept: “Send the report” to Acme Robotics")
        await ana.press("1", "enter", "p", "t")
        await ana.sees("?", "meeting", "✓ Send the report")
        await ana.press("full_stop")
        await ana.sees("It happened", "Who came", "Maria Ortiz; Lena Vogt")
        await ana.press("shift+tab", "ctrl+u")
        await ana.type("Maria Ortiz; ")
        await ana.press("ctrl+s")
        await ana.sees("Held meeting “Start” at Acme Robotics with 1 attendee")
        assert planned(ana.desk, mine=False) == ()


async def test_the_timeline_is_searched_and_shown_whole_again(sit: Sit):
    async with sit() as ana:
        account = find_account(ana.desk, "Acme Robotics")
        log_activity(ana.desk, account, "update", "Nothing special")
        await ana.press("enter", "p", "t")
        await ana.sees("Quarterly review", "Nothing special")
        await ana.press("slash")
        await ana.type("quarterly")
        await ana.press("enter")
        await ana.sees("Quarterly review")
        await ana.sees_not("Nothing special")
        await ana.press("escape")
        await ana.sees("Nothing special")


async def test_a_type_with_fields_asks_for_them(sit: Sit, company: Store):
    new_type(builders.desk_of(company, "mo", NOW), "EBR", True, ["outcome*=agreed|waiting", "slides"])
    async with sit() as ana:
        await ana.press("l")
        await ana.type("Year two")
        await ana.press("shift+tab", "e", "e", "ctrl+s")
        await ana.sees("Outcome", "‹agreed›", "Slides")
        await ana.press("right", "ctrl+s")
        await ana.sees("Logged EBR “Year two”")
        entry = timeline_page(ana.desk, find_account(ana.desk, "Acme Robotics")).rows[0]
        assert entry.details == {"outcome": "waiting"}


async def test_an_entry_begun_another_day_is_there_again(sit: Sit):
    async with sit() as ana:
        await ana.press("l")
        await ana.type("Begun")
        await ana.press("escape")
        await ana.sees("Kept the entry begun on Acme Robotics")
    async with sit() as ana:
        await ana.press("l")
        await ana.sees("Begun", "your draft")
        await ana.press("ctrl+s")
        await ana.sees("Logged call “Begun”")
        assert drafts(ana.desk) == ()


async def test_mail_and_meetings_are_brought_in_by_a_path(sit: Sit, tmp_path: Path):
    file = tmp_path / "in one.eml"
    file.write_text("From: Maria <maria@c0.example>\nSubject: Yes\nMessage-ID: <1@x>\n\nLet us talk.\n")
    async with sit() as ana:
        await ana.press("ctrl+o")
        await ana.type(f"'{file}'")
        await ana.press("enter")
        await ana.sees("Maria Ortiz of Acme Robotics wrote: “Yes”")
        await ana.press("enter", "p", "t")
        await ana.sees("←", "email", "Yes")
