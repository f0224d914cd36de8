"""Library by keys: texts read, written with their mistakes shown, taken out of use; who may not is told, nothing is lost."""

from __future__ import annotations

from textual.widgets import TextArea

from cockpit.services import article, template
from cockpit.services.scorecard import apply_scorecard, scorecards
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.contracts.parity_library import GOOD_BYE, to_row
from tests.tui.conftest import Seat, Sit

TEXT = GOOD_BYE.read_text(encoding="utf-8")


def area(at: Seat) -> TextArea:
    return at.app.screen.query_one("#f-text", TextArea)


async def test_a_template_s_mistake_is_shown_where_it_is_and_a_changed_text_is_the_next_version(sit: Sit):
    async with sit("ana", size=(80, 24)) as ana:
        await ana.press("7", "p", "l")
        await ana.sees("l Library", "usage recovery", "letter", "default")
        await to_row(ana, "usage recovery")
        await ana.press("enter")
        await ana.sees("usage recovery · version 1", "language: en", "Before I guess")
        await ana.press("escape", "i")
        was = area(ana).text
        area(ana).text = was.replace("{{ person.first_name }}", "\n{{ person.first_nam }}")
        await ana.press("ctrl+s")
        line = next(n for n, one in enumerate(area(ana).text.split("\n")) if "first_nam " in one)
        await ana.sees(f"Line {line + 1}, column 1: there is no person.first_nam.", "first_name? There are")
        assert area(ana).cursor_location == (line, 0)
        await ana.press("escape", "i")
        await ana.sees("your draft", "{{ person.first_nam }}")
        area(ana).text = was.replace("Hello", "Dear")
        await ana.press("ctrl+s")
        await ana.sees("Templates: updated usage recovery (en)")
        assert template.template(ana.desk, "usage recovery").version == 2
        await ana.press("u")
        assert template.template(ana.desk, "usage recovery").version == 1


async def test_a_template_that_a_colleague_changed_meanwhile_is_not_written_over(sit: Sit, company: Store):
    async with sit("ana") as ana:
        await ana.press("7", "p", "l")
        await to_row(ana, "usage recovery")
        await ana.press("i")
        theirs = area(ana).text + "\n\nP.S."
        template.apply(builders.desk_of(company, "ben", NOW), [("ben's", theirs)])
        area(ana).text = area(ana).text.replace("Hello", "Dear")
        await ana.press("ctrl+s")
        await ana.sees("There is version 2 of usage recovery (en) by now; you changed version 1.", "Dear")
        assert template.template(ana.desk, "usage recovery").body.endswith("P.S.")


async def test_a_scorecard_that_a_colleague_put_in_force_meanwhile_is_not_written_over(sit: Sit, company: Store):
    async with sit("mo") as mo:
        await mo.press("7", "p", "l")
        await to_row(mo, "default")
        await mo.press("i")
        theirs = area(mo).text.replace("weight = 35", "weight = 34", 1)
        apply_scorecard(builders.desk_of(company, "oz", NOW), theirs)
        area(mo).text = area(mo).text.replace("weight = 35", "weight = 33", 1)
        await mo.press("ctrl+s")
        await mo.sees("There is version 1 of scorecard default by now; you changed version 0.")
        assert "weight = 33" in area(mo).text
        assert [one.version for one in scorecards(mo.desk)] == [1, 0]


async def test_articles_are_added_edited_and_taken_out_of_use(sit: Sit):
    async with sit("ana") as ana:
        await ana.press("7", "p", "l", "a")
        await ana.sees("Add to the library", "a page of the knowledge base")
        await ana.type("article")
        await ana.press("enter")
        await ana.type("Export")
        await ana.press("tab")
        await ana.type("help.example")
        await ana.press("ctrl+s")
        await ana.sees("'help.example' is no web address: https://…", "Export")
        await ana.press("tab", "home")
        await ana.type("https://")
        await ana.press("ctrl+s")
        await ana.sees("Added article “Export”")
        await to_row(ana, "Export")
        await ana.press("enter")
        await ana.sees("https://help.example", "0 ×")
        await ana.press("escape", "minus")
        await ana.sees("out of use", on="▸")
        await ana.press("u")
        assert [one.active for one in article.articles(ana.desk, text="Export")] == [True]


async def test_who_may_not_is_told_and_keeps_what_was_typed(sit: Sit):
    async with sit("dee") as dee:
        await dee.press("7", "p", "l", "a", "enter")
        area(dee).text = TEXT
        await dee.press("ctrl+s")
        await dee.sees("Dee Lind (junior) may not", "good bye")
    async with sit("ana") as ana:
        await ana.press("7", "p", "l")
        await to_row(ana, "default")
        await ana.press("minus")
        await ana.sees("Ana Ruiz (csm) may not")
        assert scorecards(ana.desk)[0].in_force
    async with sit("ana", read_only=True) as ana:
        await ana.press("7", "p", "l", "minus")
        await ana.sees("open for reading only")


async def test_a_scorecard_is_checked_against_the_store_and_put_in_force(sit: Sit):
    async with sit("mo") as mo:
        await mo.press("7", "p", "l")
        await to_row(mo, "default")
        await mo.press("i")
        area(mo).text = area(mo).text.replace("weight = 35", "weight = -35", 1)
        await mo.press("ctrl+s")
        await mo.sees("Line ", "weight")
        area(mo).text = area(mo).text.replace("weight = -35", "weight = 34", 1)
        await mo.press("ctrl+s")
        await mo.sees("Put scorecard default 1 in force")
        await mo.press("minus")
        assert not any(one.in_force for one in scorecards(mo.desk))


async def test_hostile_texts_do_nothing(sit: Sit, company: Store):
    desk = builders.desk_of(company, "ana", NOW)
    builders.make(desk, "template", {"name": "a [red]\x1b[31m", "language": "en", "version": 1, "kind": "letter", "subject": "[/]\x07",
                                     "body": "x\x1b]52;c;cm0=\x07"})  # fmt: skip
    async with sit("ana", size=(80, 24)) as ana:
        await ana.press("7", "p", "l")
        await to_row(ana, "a [red]")
        for keys in (("enter",), ("escape", "i"), ("escape", "minus")):
            await ana.press(*keys)
            await ana.sees("a [red]")
            assert "\x1b" not in ana.text
            assert "\x07" not in ana.text
