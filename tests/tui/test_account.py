"""Account 360 by keys: panes, adding and editing in place, a logged call in a handful of keystrokes."""

from __future__ import annotations

from cockpit.services.account import edit_account, find_account
from cockpit.services.people import people_of
from cockpit.services.timeline import log_activity, timeline_page
from cockpit.services.viewing import viewed
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit


async def test_enter_opens_the_account_and_panes_are_reached_by_letter_and_bracket(sit: Sit):
    async with sit() as ana:
        await ana.press("enter")
        await ana.sees("Acme Robotics", "West pool", "▼54 health   $48k ARR   renews in 41d", "Who they are")
        await ana.press("p", "e")
        await ana.sees("◆ driver", "Maria Ortiz", "Head of Operations", "12d")
        await ana.press("p", "s", "right_square_bracket", "left_square_bracket")
        await ana.sees("Who they are")
        await ana.press("p", "t")
        await ana.sees("Quarterly review", "Maria Ortiz")
        await ana.press("enter")
        await ana.sees("They like it.", "There")
        await ana.press("escape", "p", "z")
        await ana.sees("No pane has the letter z")
        await ana.press("q")
        await ana.sees("Pool all")


async def test_a_call_with_two_attendees_takes_nine_keys_besides_the_words(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("l")
        await ana.type("Renewal check")
        await ana.press("tab", "m", "enter", "l", "enter", "tab")
        await ana.type("They will renew.")
        await ana.press("ctrl+s")
        await ana.sees("Logged")
        account = find_account(ana.desk, "Acme Robotics")
        entry = timeline_page(ana.desk, account).rows[0]
        assert (entry.type, entry.subject, entry.body) == ("call", "Renewal check", "They will renew.")
        assert sorted(a.name for a in entry.attendees) == ["Lena Vogt", "Maria Ortiz"]
        await ana.sees("today" if "today" in ana.text else "0d", "Renewal check")


async def test_esc_keeps_a_draft_and_ctrl_g_empties_it(sit: Sit):
    async with sit() as ana:
        await ana.press("l")
        await ana.type("half a thou?ght")
        await ana.press("escape")
        assert len(ana.app.screen_stack) == 1
        await ana.press("l")
        await ana.sees("half a thou?ght", "your draft")
        await ana.press("ctrl+g")
        await ana.sees_not("half a thou?ght")


async def test_people_are_added_and_edited_in_place(sit: Sit):
    async with sit() as ana:
        await ana.press("enter", "p", "e", "a")
        await ana.type("Nia Okoro")
        await ana.press("enter")
        await ana.type("nia@acme.example")
        await ana.press("ctrl+s")
        await ana.sees("Added Nia Okoro", "nia@acme.example")
        await ana.press("u")
        await ana.sees_not("nia@acme.example")


async def test_a_conflict_says_what_both_have_and_overwrites_nothing(sit: Sit, company):
    async with sit() as ana:
        await ana.press("enter", "i")
        await ana.sees("Account · Acme Robotics")
        account = find_account(ana.desk, "Acme Robotics")
        edit_account(builders.desk_of(company, "ben", NOW), account, {"stage": "adoption"})
        for _ in range(7):
            await ana.press("tab")
        await ana.type("expansion")
        await ana.press("ctrl+s")
        await ana.sees("stage is adoption by now (Ben Okafor", "saw nothing and want expansion. Nothing was saved.")


async def test_a_cta_is_made_claimed_and_closed_from_the_account(sit: Sit):
    async with sit() as ana:
        await ana.press("enter", "p", "c", "a", "tab")
        await ana.type("Sponsor left")
        await ana.press("ctrl+s")
        await ana.sees("Made", "Sponsor left")
        await ana.press("c")
        await ana.sees("Claimed CTA")
        await ana.press("enter")
        await ana.sees("Type", "State", "Due")
        await ana.press("escape", "x", "ctrl+s")
        await ana.sees("✔ success")
        await ana.press("G", "o")
        await ana.sees("Reopened")


async def test_accounts_are_filtered_sorted_and_opened(sit: Sit):
    async with sit() as ana:
        await ana.press("3")
        await ana.sees("All accounts", "Acme Robotics", "n/a", "1 of 6 · name")
        await ana.press("slash")
        await ana.type("health:<60")
        await ana.press("enter")
        await ana.sees("Boreal Foods", "1 of 2")
        await ana.press("s")
        await ana.sees("health ↓")
        await ana.press("enter")
        await ana.sees("Boreal Foods", "Who they are")


async def test_the_finder_finds_what_is_written(sit: Sit):
    async with sit() as ana:
        await ana.press("ctrl+p")
        await ana.type("lena vogt")
        await ana.sees("Lena Vogt", "person · Boreal Foods")
        await ana.press(*["ctrl+u"])
        await ana.type("quarterly rev")
        await ana.sees("Quarterly review", "entry · Acme Robotics")
        await ana.press("enter")
        await ana.sees("Acme Robotics")
        await ana.sees_not("Find")


async def test_the_finder_opens_accounts_and_acts_by_name(sit: Sit):
    async with sit() as ana:
        await ana.press("ctrl+p")
        await ana.type("fjord")
        await ana.sees("Fjord")
        await ana.press("enter")
        await ana.sees("renews in 9d", "Who they are")
        await ana.press("q", "colon")
        await ana.type("my work")
        await ana.press("enter")
        await ana.sees("Ana Ruiz's open CTAs", "Cobalt Health", "3d")


async def test_my_work_says_when_there_is_none(sit: Sit):
    async with sit(login="ben") as ben:
        await ben.press("2")
        await ben.sees("You hold no CTA", "n takes the best of the queue")
        await ben.press("n")
        await ben.sees("Claimed CTA", "Acme Robotics")


async def test_a_new_account_and_a_new_person_appear_at_once(sit: Sit):
    async with sit() as ana:
        await ana.press("3", "a")
        await ana.type("Zephyr Tools")
        await ana.press("enter")
        await ana.type("12k")
        await ana.press("ctrl+s")
        await ana.sees("Made account Zephyr Tools")
        account = find_account(ana.desk, "Zephyr Tools")
        assert people_of(ana.desk, account) == ()
        await ana.press("G")
        await ana.sees("Zephyr Tools", "12k", on="▸")


async def test_words_typed_with_the_key_that_opens_the_form_land_in_its_first_field(sit: Sit):
    async with sit() as ana:
        await ana.type("lRenewal check")
        assert ana.app.screen.query_one("#f-subject").value == "Renewal check"
        assert ana.app.screen.query_one("#f-type").value == "call"


async def test_what_is_refused_comes_back_with_the_sentence_and_loses_no_word(sit: Sit):
    async with sit(size=(80, 24)) as ana:
        await ana.press("l")
        await ana.type("Renewal check")
        await ana.press("tab")
        await ana.type("zzz; ")
        await ana.press("tab")
        await ana.type("They will renew.")
        await ana.press("ctrl+s")
        await ana.sees("Nobody of this account or of us is called 'zzz'.", "Renewal check", "They will renew.")
        await ana.press("tab", "ctrl+u", "m", "enter", "ctrl+s")
        await ana.sees("Logged", "Renewal check")


async def test_opened_panes_are_noted_and_seen_by_whom_they_are_about(sit: Sit):
    async with sit() as ana:
        await ana.press("enter", "p", "u", "p", "s")
        await ana.press("ctrl+p")
        await ana.type("looked at")
        await ana.press("enter")
        await ana.sees("Opening a pane of an account is noted", "Acme Robotics")
        await ana.until(lambda: sum("Acme Robotics" in line and "ago" in line for line in ana.text.splitlines()) == 2)
    async with sit(read_only=True) as ana:
        await ana.press("enter")
        ana.app.presence.flush()
        assert len(viewed(ana.desk)) == 2


async def test_a_brief_is_made_read_and_written_as_pdf_from_its_pane(sit: Sit, tmp_path):
    async with sit(size=(80, 24)) as ana:
        await ana.press("enter", "p", "d")
        await ana.sees("No brief and no EBR pack was made", "a makes one")
        await ana.press("a", "enter")
        await ana.sees("Made the Account brief of Acme Robotics", "In short", "$48,000.00")
        await ana.press("escape")
        await ana.sees("Account brief 23 Nov 2026", "Ana Ruiz")
        await ana.press("E")
        await ana.type("pdf")
        await ana.press("enter")
        await ana.sees("Wrote")
        (file,) = tmp_path.glob("brief-*.pdf")
        assert file.read_bytes().startswith(b"%PDF-1.4")
        await ana.press("a")
        await ana.type("ebr")
        await ana.press("enter")
        await ana.type("1 oct")
        await ana.press("ctrl+s")
        await ana.sees("business review")


async def test_a_call_of_last_evening_has_its_day_and_hour_in_the_readers_zone(sit: Sit, company: Store):
    ana = builders.desk_of(company, "ana", NOW)
    builders.change(ana, "pool", builders.the(ana, "pool", "West"), {"time_zone": "America/Los_Angeles"})
    log_activity(ana, find_account(ana, "Acme Robotics"), "call", "Last evening", at="2026-11-23T02:00:00+00:00")
    async with sit(on=company) as seat:
        await seat.press("enter", "p", "t")
        assert seat.line("Last evening").split()[1:3] == ["▸", "1d"]
        await seat.press("enter")
        await seat.sees("Sun 22 Nov 2026 18:00 PST")
        await seat.press("escape", "i")
        assert seat.app.screen.query_one("#f-at").value == "2026-11-22 18:00-08:00"
