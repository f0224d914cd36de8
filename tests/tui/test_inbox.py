"""Mail from strangers by keys: My work says that there is some, who wrote it is offered, u brings it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.services.account import find_account
from cockpit.services.mail_in import StrayRow, likely, strays
from cockpit.services.timeline import timeline_page
from cockpit.tui.widgets.bars import TopBar
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.statements import recorded
from tests.tui.conftest import Sit
from tests.tui.test_pictures import SIZES, THEMES, picture

__all__ = ["picture"]


def stray(store: Store, number: int, sender: str, name: str | None, subject: str, body: str = "Can we talk?") -> None:
    """A mail whose writer nobody knows."""
    desk = builders.desk_of(store, "ana", NOW)
    builders.make(desk, "stray", {"key": f"{number}@x", "sender": sender, "sender_name": name, "subject": subject, "body": body,
                                  "at": NOW.replace(hour=8, minute=number)})  # fmt: skip


@pytest.fixture
def posted(company: Store) -> Store:
    """Maria from her private address, somebody of a customer nobody has noted, an advertisement."""
    stray(company, 1, "offers@shop.example", "Best Offers", "[bold]Win[/bold]\x1b[31m", "x\x1b]52;c;cm0=\x07")
    stray(company, 2, "new.colleague@dune.example", None, "Seats")
    stray(company, 3, "maria@home.example", "Maria Ortiz", "From my other address")
    return company


async def test_my_work_says_so_and_whoever_is_called_so_is_offered(posted: Store, sit: Sit):
    async with sit("ana", size=(80, 24), on=posted) as ana:
        await ana.press("2")
        await ana.sees("9 Inbox 3")
        await ana.press("9")
        await ana.sees("3 mails from people nobody here knows", "maria@home.example", "l whose it is")
        await ana.press("enter")
        await ana.sees("Maria Ortiz <maria@home.example>", "Can we talk?")
        await ana.press("escape", "l")
        await ana.sees("Whose is “From my other address”?", "Maria Ortiz", "Acme Robotics", "Boreal Foods")
        await ana.type("maria acme")
        while "Acme" not in ana.line("▸ Maria"):  # the others of that name follow
            await ana.press("down")
        await ana.press("enter")
        await ana.sees("Maria Ortiz of Acme Robotics wrote: “From my other address”", "u undoes", "2 mails from people")
        entry = timeline_page(ana.desk, find_account(ana.desk, "Acme Robotics")).rows[0]
        assert (entry.subject, [one.name for one in entry.attendees]) == ("From my other address", ["Maria Ortiz"])
        await ana.press("u")
        await ana.sees("3 mails from people")
        await ana.press("q")
        await ana.sees("9 Inbox 3")


async def test_an_account_is_found_by_name_and_nobody_of_it_need_be_known(posted: Store, sit: Sit):
    async with sit("ana", on=posted) as ana:
        await ana.press("9", "j", "l")
        await ana.type("dune")
        await ana.press("enter")
        await ana.sees("Who wrote it?", "none of them", "new.colleague@dune.example", "Maria Ortiz")
        await ana.press("enter")
        await ana.sees("new.colleague@dune.example of Dune Logistics wrote: “Seats”")


async def test_what_is_nobody_s_is_thrown_away_and_comes_back_by_undo(posted: Store, sit: Sit):
    async with sit("ana", on=posted) as ana:
        await ana.press("9", "G", "enter")
        assert "\x1b" not in ana.text
        await ana.press("escape", "x")
        await ana.sees("Threw away “[bold]Win[/bold]")
        assert len(strays(ana.desk)) == 2
        await ana.press("u")
        assert len(strays(ana.desk)) == 3
        await ana.press("i")
        await ana.sees("A mail stays as it was written")
    async with sit("ana", on=posted, read_only=True) as ana:
        await ana.press("9", "x", "l")
        await ana.sees("open for reading only")


async def test_the_bar_marks_no_screen_while_the_inbox_or_the_outbox_is_open(sit: Sit):
    async with sit("ana") as ana:
        for key, marked in (("2", ["My work"]), ("8", []), ("3", ["Accounts"]), ("9", [])):
            await ana.press(key)
            style = ana.app.palette.cursor.bgcolor
            parts = ana.app.screen.query_one(TopBar).render_line(0)
            found = [part.text for part in parts if part.style and part.style.bgcolor == style]
            assert [text.split(maxsplit=1)[1].rstrip(" 0123456789") for text in found] == marked


async def test_without_strangers_nothing_is_said(sit: Sit):
    async with sit("ana") as ana:
        await ana.press("2")
        await ana.sees_not("Inbox")
        await ana.press("9")
        await ana.sees("No mail waits for somebody to say whose it is.", "ctrl+o reads mail from a file")


def test_who_it_may_be_is_read_with_as_many_statements_whatever_there_is(company: Store):
    desk = builders.desk_of(company, "ana", NOW)
    mail = StrayRow(1, "k", "maria@sun.example", "Maria Ortiz", "S", None, NOW)

    def reads() -> int:
        with recorded() as counted:
            likely(desk, mail)
        return len(counted)

    before = reads()
    assert {one.account for one in likely(desk, mail)} >= {"Acme Robotics", "Dune Logistics"}
    for number in range(5):
        builders.person(desk, builders.account(desk, f"Sun {number}", domain="sun.example"), "Maria Ortiz")
    assert [one.account for one in likely(desk, mail) if one.person is None] == [f"Sun {number}" for number in range(5)]
    assert reads() == before


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
async def test_the_inbox_looks_as_its_pictures(posted: Store, sit: Sit, picture: Callable[[str, str], None], size: str, theme: str):
    async with sit("ana", on=posted, size=SIZES[size]) as ana:
        ana.app.theme = theme
        ana.app.has_acted()
        await ana.settle()
        await ana.press("9")
        picture(f"inbox-{size}-{theme}", ana.app.export_screenshot(simplify=True))
