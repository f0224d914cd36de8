"""The virtual list over a source of any length: what is in memory, where the cursor is, what a key repaints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from cockpit.tui.actions import resolve
from cockpit.tui.render.columns import Column, Drawing, State, Table
from cockpit.tui.theme import palette
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.window import PAGE, PAGES, Ask, Block, Marks, Window

TABLE: Table[Any] = Table([Column("id", "id", 8, lambda row, d: (str(row.id), d.palette.text), grow=1)])


@dataclass(frozen=True)
class Item:
    id: int


class Numbers:
    """The ids 0 … n−1, some of them gone."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.gone: set[int] = set()
        self.asked: list[Ask] = []

    def _take(self, ids: Any, limit: int = PAGE) -> list[int]:
        found = []
        for i in ids:
            if i not in self.gone:
                found.append(i)
                if len(found) == limit:
                    break
        return found

    def page(self, ask: Ask) -> Block[Item]:
        self.asked.append(ask)
        if ask.kind in ("first", "after"):
            found = self._take(range(0 if ask.kind == "first" else ask.cursor + 1, self.n))
        else:
            found = self._take(range(self.n - 1 if ask.kind == "last" else ask.cursor - 1, -1, -1))[::-1]
        before = bool(found) and bool(self._take(range(found[0] - 1, -1, -1), 1))
        after = bool(found) and bool(self._take(range(found[-1] + 1, self.n), 1))
        return Block(tuple(Item(i) for i in found), found[0] if before else None, found[-1] if after else None)

    def fate(self, row: Item) -> str:
        return "taken by Ben"


class Lister(App[None]):
    """One list that reads at once."""

    def __init__(self, source: Numbers) -> None:
        super().__init__()
        self.source = source
        self.waiting: list[Callable[[], None]] = []
        self.hold = False

    def run_now(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        if self.hold:
            self.waiting.append(lambda: then(work()))
        else:
            then(work())

    def compose(self) -> ComposeResult:
        yield RowList(TABLE, self.run_now, resolve().moves())

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.draw_with(Drawing(palette("cockpit"), date(2026, 11, 23)))
        rows.show(self.source)
        rows.focus()


def ids(rows: RowList[Item]) -> list[int]:
    return [row.id for row in rows.window.rows]


@pytest.mark.parametrize("n", [0, 1, 5, 127, 128, 129, 5_000])
async def test_a_walk_to_the_end_and_back_meets_every_row_once(n: int):
    app = Lister(Numbers(n))
    async with app.run_test(size=(40, 20)):
        rows = app.query_one(RowList)
        met = [rows.row.id] if rows.row else []
        for _ in range(n):
            rows.move("down")
            met.append(rows.row.id)
        assert met[:n] == list(range(n))
        assert len(rows.window.pages) <= PAGES
        back = [rows.row.id] if rows.row else []
        for _ in range(n):
            rows.move("up")
            back.append(rows.row.id)
        assert back[:n] == list(range(n))[::-1]


async def test_a_million_rows_open_jump_and_page_with_a_few_pages_in_memory():
    source = Numbers(1_000_000)
    app = Lister(source)
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        await pilot.press("G")
        assert rows.row.id == 999_999
        assert rows.position is None
        await pilot.press("pageup", "k")
        assert rows.row.id == 999_999 - 19 - 1
        await pilot.press("g")
        assert (rows.row.id, rows.position) == (0, 1)
        for _ in range(60):
            await pilot.press("ctrl+d")
        assert rows.row.id == 60 * 9
        assert len(rows.window.rows) <= PAGE * PAGES
        assert len(source.asked) < 12


async def test_down_repaints_two_lines_and_scrolling_draws_one():
    app = Lister(Numbers(1000))
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        drawn: list[int] = []
        line = TABLE.line

        def counting(row: Item, width: int, drawing: Drawing, state: State, note: str = "") -> Any:
            drawn.append(row.id)
            return line(row, width, drawing, state, note)

        await pilot.pause()
        rows.table = type("Counting", (), {"line": staticmethod(counting), "head": TABLE.head, "column_at": TABLE.column_at})()
        await pilot.press("j")
        assert sorted(drawn) == [0, 1]
        for _ in range(17):
            await pilot.press("j")
        drawn.clear()
        await pilot.press("j")
        assert sorted(drawn) == [18, 19]


async def test_a_page_that_is_late_blocks_no_key_and_one_of_an_old_list_is_dropped():
    app = Lister(Numbers(10_000))
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        app.hold = True
        for _ in range(30):
            rows.move("page_down")
        stuck = rows.row.id
        assert stuck == rows.window.stop - 1
        await pilot.press("k")
        assert rows.row.id == stuck - 1
        await pilot.press("G")
        for late in app.waiting:
            late()
        assert rows.row.id == 9_999
        assert ids(rows) == list(range(10_000 - PAGE, 10_000))


async def test_a_second_look_keeps_the_cursor_on_its_row_wherever_rows_went():
    source = Numbers(2_000)
    app = Lister(source)
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        for _ in range(70):
            rows.move("page_down")
        await pilot.pause()
        stood, offset = rows.row.id, rows._place.cursor - rows._place.top
        source.gone |= set(range(0, stood, 3)) | {stood + 2}
        source.gone.discard(stood)
        rows.reread()
        await pilot.pause()
        assert rows.row.id == stood
        assert rows._place.cursor - rows._place.top == offset
        source.gone.add(stood)
        rows.reread()
        await pilot.pause()
        assert (rows.row.id, rows.fate_of(stood)) == (stood, "taken by Ben")
        rows.move("down")
        assert rows.row.id == next(i for i in range(stood + 1, 2_000) if i not in source.gone)
        assert stood not in ids(rows)
        rows.move("up")
        assert rows.row.id == next(i for i in range(stood - 1, 0, -1) if i not in source.gone)


async def test_my_own_act_takes_the_row_away_and_leaves_the_cursor_in_its_place():
    source = Numbers(50)
    app = Lister(source)
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        await pilot.press("j", "j")
        source.gone.add(2)
        rows.reread(leave=True)
        assert rows.row.id == 3
        source.gone |= set(range(50))
        rows.reread(leave=True)
        await pilot.pause()
        assert rows.row is None
        await pilot.press("j", "G", "k", "g", "pagedown")


async def test_the_mouse_moves_and_scrolls():
    app = Lister(Numbers(500))
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(RowList)
        await pilot.click(RowList, offset=(5, 6))
        assert rows.row.id == 5
        rows._wheel(3)
        rows._wheel(3)
        assert (rows.row.id, rows._place.top) == (6, 6)
        await pilot.click(RowList, offset=(5, 0))
        assert rows.row.id == 6


async def test_a_second_look_reaches_a_cursor_on_the_next_page():
    app = Lister(Numbers(1_000))
    async with app.run_test(size=(40, 20)):
        rows = app.query_one(RowList)
        for _ in range(PAGE + 5):
            rows.move("down")
        rows.reread()
        assert (rows.row.id, rows.fate_of(PAGE + 5)) == (PAGE + 5, "")
        assert ids(rows) == list(range(len(ids(rows))))


async def test_a_second_look_reaches_a_cursor_at_the_end_of_a_long_page():
    class Forward(Numbers):
        def page(self, ask: Ask) -> Block[Item]:
            return Block(tuple(map(Item, range(self.n)))) if ask.kind == "last" else super().page(ask)

    app = Lister(Forward(500))
    async with app.run_test(size=(40, 20)):
        rows = app.query_one(RowList)
        rows.move("last")
        rows.reread()
        assert (rows.row.id, rows.fate_of(499)) == (499, "")


async def test_news_and_keys_wait_for_another_list_that_is_on_its_way():
    app = Lister(Numbers(5_000))
    async with app.run_test(size=(40, 20)):
        rows = app.query_one(RowList)
        for _ in range(30):
            rows.move("page_down")
        other, app.hold = Numbers(1_000), True
        rows.show(other)
        rows.reread()
        rows.move("down")
        assert len(app.waiting) == 1
        app.hold = False
        app.waiting[0]()
        assert other.asked[0] == Ask("first")
        assert ids(rows) == list(range(len(ids(rows))))
        assert rows.row.id == 0


async def test_two_lists_of_a_screen_do_not_take_each_others_place():
    groups: list[str] = []
    for side in ("out", "in"):
        RowList(TABLE, lambda group, work, then: groups.append(group), {}, id=side).show(Numbers(3))
    assert len(set(groups)) == 2


async def test_a_list_that_cannot_be_asked_for_leaves_the_one_before_alive():
    source = Numbers(300)
    app = Lister(source)
    async with app.run_test(size=(40, 20)):
        rows = app.query_one(RowList)
        other, app.hold = Numbers(7), True
        rows.show(other)
        rows.failed("it does not answer")
        app.hold = False
        rows.reread()
        assert ids(rows) == list(range(7))
        app.hold = True
        rows.show(source)
        rows.failed(for_good=True)
        app.hold = False
        other.gone.add(0)
        rows.reread(leave=True)
        assert ids(rows) == list(range(1, 7))


@given(st.lists(st.sampled_from(["append", "prepend", "drop", "insert"]), max_size=40), st.integers(0, 9))
def test_a_window_always_holds_neighbours_in_order(steps: list[str], start: int):
    source = Numbers(5_000)
    window: Window[Item] = Window()
    window.reset([source.page(Ask("after", start * 400))], first=start * 400 + 1)
    for step in steps:
        if step == "append" and not window.at_end:
            window.append(source.page(Ask("after", window.pages[-1].next)))
        elif step == "prepend" and not window.at_start:
            window.prepend(source.page(Ask("before", window.pages[0].prev)))
        held = [row.id for row in window.rows]
        assert held == list(range(held[0], held[0] + len(held)))
        assert window.first == held[0]
        assert window.row(window.first).id == held[0]
        assert len(window.pages) <= PAGES
        for number in range(len(window.pages)):
            again = source.page(window.again(number))
            assert window.pages[number].rows[-1].id in {row.id for row in again.rows} or len(window.pages) == 1


def test_marks_are_some_or_all_but_some():
    marks = Marks()
    marks.toggle(3)
    assert 3 in marks
    assert marks.count(100) == 1
    marks.mark_all()
    assert 3 in marks
    assert marks.count(100) == 100
    marks.toggle(3)
    assert 3 not in marks
    assert marks.count(100) == 99
    marks.mark_all()
    assert marks.count(100) == 100
    marks.mark_all()
    assert not marks
