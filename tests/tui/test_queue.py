"""The queue by keys: what to take next, taking it, undoing it, and what colleagues do meanwhile."""

from __future__ import annotations

from cockpit.services import queue
from cockpit.services.queue import QueueQuery
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Sit


async def test_the_highlighted_row_shows_its_account_beside_it(sit: Sit):
    async with sit() as ana:
        await ana.sees("1 Queue 6", "2 My work 1", "1 of 6 · score", "Acme Robotics ─")
        await ana.sees("▼54 health   $48k ARR   renews in 41d", "health −17 in 4w", "12d Meeting  Quarterly review")
        await ana.press("j")
        await ana.sees("Boreal Foods ─", "▼41 health   $22k ARR", "2 of 6", "nothing is logged yet")


async def test_c_claims_the_row_and_u_gives_it_back(sit: Sit):
    async with sit() as ana:
        await ana.press("c")
        await ana.sees("Claimed CTA", "Acme Robotics · u undoes", "1 Queue 5", "2 My work 2")
        await ana.sees("Boreal Foods", on="▸")
        await ana.press("u")
        await ana.sees("Undid: Claimed", "1 Queue 6", "2 My work 1", "ctrl+r does it again")
        await ana.press("ctrl+r")
        await ana.sees("Redid: Claimed", "1 Queue 5")


async def test_n_takes_the_best_of_the_filter(sit: Sit):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("account:dune")
        await ana.press("enter", "n")
        await ana.sees("Claimed CTA", "Dune Logistics", "No unassigned CTA matches this filter.", "esc clears it")
        await ana.press("escape")
        await ana.sees("Acme Robotics")


async def test_a_taken_row_is_greyed_with_the_name_until_the_cursor_leaves(sit: Sit, company):
    async with sit() as ana:
        await ana.press("j")
        first = ana.line("▸")
        ben = builders.desk_of(company, "ben", NOW)
        row = ana.app.screen.rows.row
        queue.claim(ben, [row.id])
        await ana.look()
        await ana.sees("taken by Ben Okafor", "1 Queue 5")
        assert ana.line("▸").split()[1:4] == first.split()[1:4]
        await ana.press("c")
        await ana.sees("This CTA is gone: taken by Ben Okafor.")
        await ana.press("j")
        await ana.until(lambda: not any("taken by" in line for line in ana.text.splitlines() if "│" in line and "Move on" not in line))
        assert ana.app.screen.rows.row.id != row.id


async def test_the_loser_of_a_race_is_told_who_won(sit: Sit, company):
    async with sit() as ana:
        row = ana.app.screen.rows.row
        queue.claim(builders.desk_of(company, "ben", NOW), [row.id])
        await ana.press("c")
        await ana.sees("Ben Okafor took CTA")
        await ana.sees("taken by Ben Okafor")


async def test_rows_above_that_go_do_not_move_the_cursor_off_its_row(sit: Sit, company):
    async with sit() as ana:
        await ana.press("j", "j", "j")
        rows = ana.app.screen.rows
        stood, first = rows.row.id, rows.window.rows[0].id
        queue.claim(builders.desk_of(company, "ben", NOW), [first])
        await ana.look()
        assert rows.row.id == stood
        assert [row.id for row in rows.window.rows].count(first) == 0


async def test_marked_rows_are_claimed_in_one_act(sit: Sit):
    async with sit() as ana:
        await ana.press("space", "space")
        await ana.sees("✓ 2 marked")
        await ana.press("c")
        await ana.sees("Claimed 2 CTAs", "1 Queue 4")
        await ana.press("u")
        await ana.sees("1 Queue 6")


async def test_star_marks_all_that_match_and_exclusions_are_kept(sit: Sit):
    async with sit() as ana:
        await ana.press("asterisk", "space")
        await ana.sees("✓ 5 marked")
        await ana.press("c")
        await ana.sees("Claimed 5 CTAs", "1 Queue 1")
        assert queue.queue_count(ana.desk, QueueQuery()).n == 1


async def test_a_filter_that_cannot_be_read_says_where_and_esc_clears_it(sit: Sit):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("tpe:risk")
        await ana.sees("✗ character 1: There is no field tpe. Did you mean type?")
        await ana.press("escape")
        await ana.sees_not("✗")
        await ana.sees("Acme Robotics", "1 of 6")


async def test_filter_as_you_type_and_completion(sit: Sit):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("typ")
        await ana.sees("type:")
        await ana.press("tab")
        await ana.type("opp")
        await ana.press("tab")
        assert ana.app.screen.bar.query_one("#typed").value == "type:opportunity"
        await ana.press("enter")
        await ana.sees("Dune Logistics", "type:opportunity", "1 of 1")
        await ana.sees_not("Acme Robotics")


async def test_a_question_mark_while_typing_is_a_letter(sit: Sit):
    async with sit() as ana:
        await ana.press("slash", "question_mark", "c", "q")
        assert ana.app.screen.bar.query_one("#typed").value == "?cq"
        assert len(ana.app.screen_stack) == 1


async def test_sort_and_views(sit: Sit):
    async with sit() as ana:
        await ana.press("s")
        await ana.sees("due ↓")
        await ana.sees("Acme", on="▸")
        await ana.press("V")
        await ana.type("mine to watch")
        await ana.press("ctrl+s")
        await ana.sees("Saved view mine to watch")
        await ana.press("s", "v", "enter")
        await ana.sees("due ↓")


async def test_a_view_keeps_the_pool_it_was_saved_in(sit: Sit):
    async with sit() as ana:
        await ana.press("P")
        await ana.type("West")
        await ana.press("enter", "V")
        await ana.type("West")
        await ana.press("ctrl+s", "P", "enter", "v", "enter")
        await ana.sees("Pool all ▾", 'pool:"West"')


async def test_snooze_hides_and_says_until_when(sit: Sit):
    async with sit() as ana:
        await ana.press("z")
        await ana.sees("Snooze · Acme Robotics", "5bd", "2026-12-04")
        await ana.type("3d")
        await ana.press("enter")
        await ana.type("budget round")
        await ana.press("ctrl+s")
        await ana.sees("Snoozed CTA", "u undoes", "1 Queue 5")
        await ana.press("2", "z")
        await ana.type("3d")
        await ana.press("enter")
        await ana.type("budget round")
        await ana.press("ctrl+s")
        await ana.sees("z until 26 Nov", "Asleep    until Thu 26 Nov · budget round", "lease paused")


async def test_a_date_that_cannot_be_read_keeps_the_form_open(sit: Sit):
    async with sit() as ana:
        await ana.press("z")
        await ana.type("someday")
        await ana.press("enter")
        await ana.type("because")
        await ana.press("ctrl+s")
        await ana.sees("is not a date I know")
        await ana.press("escape", "z")
        await ana.sees("someday", "your draft")


async def test_close_with_an_outcome(sit: Sit):
    async with sit() as ana:
        await ana.press("x", "u", "ctrl+s")
        await ana.sees("Closed CTA", "unsuccessful", "1 Queue 5")


async def test_e_shows_the_sum_behind_the_score(sit: Sit):
    async with sit() as ana:
        await ana.press("e")
        await ana.sees("Why Acme Robotics is where it is", "priority", "health", "waiting", "score")
        await ana.press("q")
        assert len(ana.app.screen_stack) == 1


async def test_no_key_is_silent(sit: Sit):
    async with sit() as ana:
        await ana.press("r")
        await ana.sees("r (release) works in My work, Account.")
        await ana.press("0")
        await ana.sees("0 does nothing here; ? shows every key.")
        await ana.press("escape")
        await ana.sees("Nothing to clear")


async def test_a_store_open_for_reading_says_so_instead_of_failing(sit: Sit):
    async with sit(read_only=True) as ana:
        await ana.press("c")
        await ana.sees("This store is open for reading only")
        await ana.sees("○ read only")


async def test_half_a_value_shows_the_rows_of_all_that_begin_with_it(sit: Sit):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("type:opp")
        await ana.sees("type:opportunity", "Dune Logistics", "1 of 1")
        await ana.press("enter")
        await ana.sees("type:opportunity", "Dune Logistics")
        await ana.sees_not("Acme Robotics")


async def test_export_and_copy_obey_the_filter(sit: Sit, tmp_path):
    async with sit() as ana:
        await ana.press("slash")
        await ana.type("type:risk")
        await ana.press("enter", "E")
        await ana.sees("Wrote 4 rows")
        text = (tmp_path / "queue-2026-11-23.csv").read_text()
        assert "Dune" not in text
        assert text.startswith("id,account,type,reason,due,state,owner")
        await ana.press("Y")
        await ana.sees("Copied 1 row")
        assert (tmp_path / "copied.txt").read_text().startswith("| id | account |")


async def test_an_empty_queue_says_why_and_which_key_fills_it(sit: Sit, store):
    async with sit(login="eve") as eve:
        await eve.press("P")
        await eve.type("East")
        await eve.press("enter")
        await eve.sees("Pool East", "The queue of pool East is empty", "P shows another pool")
