"""What is drawn of an account: pure functions, readable without colour, at any width, honest about gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from rich.cells import cell_len

from cockpit.domain.commercial import Holding, contract_value, months, whitespace
from cockpit.domain.freshness import Age, mark
from cockpit.domain.surveys import survey_kind, tally
from cockpit.domain.usage import trends
from cockpit.tui.render.chart import Point, Span, columns, figure, spark, time_line
from cockpit.tui.render.columns import Column, Drawing, State, Table
from cockpit.tui.render.line import broken, labelled_lines, text_of
from cockpit.tui.render.marks import mark_lines
from cockpit.tui.theme import palette
from tests.conftest import NOW

P = palette("cockpit")
TODAY = NOW.date()


def drawn(values: list[float | None], width: int = 40, height: int = 4) -> str:
    days = [TODAY - timedelta(weeks=len(values) - 1 - n) for n in range(len(values))]
    return text_of(columns(values, days, width, height, P.text, P))


def test_columns_have_an_axis_and_tell_nothing_known_from_nought():
    assert drawn([8, 4, None, 0, 2]) == (
        "     8 ┤███\n"
        "       │███\n"
        "     4 ┤███ ███\n"
        "     0 ┤███ ███ ··· ___ ███\n"
        "       └26 Oct        23 Nov"
    )
    assert drawn([None, None]) == ""
    assert spark([None, 0, 1, 8]) == "·_▁█"
    assert [figure(v) for v in (0, 7, 1.5, 99.94, 1234, 12_345, 3_400_000)] == ["0", "7", "1.5", "99.9", "1234", "12.3k", "3.4M"]


@pytest.mark.parametrize("width", [20, 40, 78, 118, 198])
def test_every_drawing_keeps_its_width(width: int):
    values = [float(n % 7) if n % 5 else None for n in range(26)]
    spans = [Span("東京 product " * 3, TODAY - timedelta(days=900), None), Span("b", TODAY, TODAY + timedelta(days=30))]
    points = [Point("R", TODAY + timedelta(days=40), "renewal", P.text), Point("N", TODAY + timedelta(days=9), "notice", P.text)]
    lines = [*drawn(values, width).splitlines()]
    if width >= 40:
        lines += text_of(time_line(spans, points, TODAY, width, P)).splitlines()
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("note", ["taken by Ann", "taken by 東京 太郎", "taken by Zoë 🐝"])
def test_a_note_at_the_end_of_a_row_is_whole_in_any_script(note: str):
    table: Table[str] = Table([Column("name", "name", 20, lambda row, d: (row, d.palette.text), grow=1)])
    text = "".join(segment.text for segment in table.line("東京 Shipping", 40, Drawing(P, TODAY), State.TAKEN, note))
    assert text.endswith(f" {note}")
    assert cell_len(text) == 40


def test_a_time_line_says_what_runs_on_ends_and_began_before():
    spans = [Span("Core", TODAY - timedelta(days=500), TODAY + timedelta(days=100)), Span("Plus", TODAY, None)]
    text = text_of(time_line(spans, [Point("R", TODAY + timedelta(days=101), "renewal 4 Mar", P.text)], TODAY, 80, P))
    scale, core, plus, marks, words = text.splitlines()
    assert "Jan 26" in scale, scale
    assert core.startswith("Core          ◀━━")
    assert core.endswith("━╸")
    assert plus.endswith("━▶")
    assert marks.index("│") == plus.index("╺")
    assert words.strip() == "│ today   R renewal 4 Mar"


def test_marks_say_how_old_each_feed_is_and_what_is_missing():
    marks = [
        mark("usage", NOW - timedelta(days=12), None, NOW, ("mixpanel",)),
        mark("tickets", None, NOW, NOW),
        mark("surveys", None, None, NOW),
    ]
    assert [one.age for one in marks] == [Age.OLD, Age.FRESH, Age.NEVER]
    assert text_of(mark_lines(marks, ["renewal date"], 80, P)) == (
        "Feeds    ◌ usage 12d old (mixpanel)   ● tickets today   ○ surveys never came\nMissing  ✗ renewal date"
    )
    assert text_of(mark_lines([], [], 80, P)).endswith("✔ nothing is missing here")


def test_usage_adds_accounts_up_sums_logins_and_averages_levels():
    monday = TODAY
    points = [(1, "logins", monday, 3000), (1, "logins", monday - timedelta(days=1), 2000), (2, "logins", monday, 1000)]
    points += [(1, "seats", monday, 10_000), (1, "seats", monday - timedelta(days=1), 20_000), (2, "seats", monday, 1000)]
    points += [(1, "seats", monday - timedelta(weeks=5), 8_000)]
    logins, seats = trends(points, TODAY, 8)
    assert (logins.weeks[-1], logins.change) == (6.0, None)
    assert seats.weeks == (None, None, 8.0, None, None, None, None, 16.0)
    assert seats.change == pytest.approx(16 / 8 - 1)


def test_nps_counts_the_latest_answer_of_each_person():
    answers = [(1, date(2026, 1, 1), 2), (1, date(2026, 6, 1), 10), (2, date(2026, 2, 1), 9), (3, date(2026, 3, 1), 6), (None, TODAY, 7)]
    found = tally("nps", answers)
    assert (found.n, found.value) == (4, 25.0)
    assert tally("nps", []).value is None
    assert [survey_kind(text) for text in ("Relationship NPS", "CSAT score", "Onboarding")] == ["nps", "csat", "Onboarding"]


def test_contract_value_and_whitespace():
    year = Holding("Core", 10, 1000, "USD", date(2026, 1, 1), date(2026, 12, 31))
    endless = Holding("Plus", 20, 500, "USD", date(2026, 1, 1), None)
    assert months(date(2026, 1, 15), date(2026, 4, 14)) == pytest.approx(3)
    assert contract_value([year, endless]) == ((("USD", 12_000),), 1)
    (gap,) = whitespace([("Core", 5, "USD"), ("Max", 7, "USD")], [year, endless])
    assert (gap.product, gap.units, gap.mrr) == ("Max", 20, 140)
    assert whitespace([("Max", 7, "USD")], []) == ()
    assert whitespace([("Max", None, None)], [year])[0].mrr is None


def test_a_labelled_line_goes_on_below_where_there_is_no_room():
    pieces = [("1 of 3", P.bad), (" · coverage 33%", P.text), (" · last met 61d", P.text)]
    assert text_of(labelled_lines("Network", pieces, 60, P)) == "Network   1 of 3 · coverage 33% · last met 61d"
    assert text_of(labelled_lines("Network", pieces, 38, P)).splitlines() == ["Network   1 of 3 · coverage 33%", "          last met 61d"]
    assert text_of(broken([("one two three four", P.text)], 9)).splitlines() == ["one two", "three", "four"]
