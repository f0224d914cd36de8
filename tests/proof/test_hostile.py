"""The checker of hostile text: it finds what was planted and passes what is clean. The rows are ``python -m proof hostile``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.store import Store
from proof import hostile
from proof.hostile_found import Answer, Found, formulas, live, of_output
from proof.hostile_screens import Walk, judged
from tests import builders
from tests.conftest import NOW
from tests.hostile.corpus import corpus, leaks

KNOWN = {"\x1b[0;0H", "\x1b]22"}


@pytest.mark.parametrize("planted", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u061c", "\r", "\t"])
def test_a_planted_byte_is_found_and_clean_text_passes(planted: str):
    assert live(f"Ac{planted}me") == 1
    assert of_output(Answer(0, f"Ac{planted}me\n", "")).bad == 1
    assert of_output(Answer(0, "", f"Ac{planted}me\n")).bad == 1
    assert of_output(Answer(0, "Acme 日本 👩‍👩‍👧 [@click=app.quit]\n", "Done.\n")).bad == 0


def test_the_checker_knows_what_the_corpus_calls_live():
    assert [one for one in corpus() if leaks(one) and not live(one)] == []


def test_formulas_broken_json_crashes_and_scripts_are_found(tmp_path: Path):
    assert formulas('name,arr\n=1+1,-5\n"\t=1",-3.5\n @x,-\n') == 4
    assert formulas("name,arr\n'=1+1,-5\n") == 0
    assert of_output(Answer(0, "{", ""), "json").unparsed == 1
    assert of_output(Answer(0, "{}", ""), "json").bad == 0
    assert of_output(Answer(1, "", "Something went wrong here: KeyError"), "").crashes == 1
    page = tmp_path / "a.html"
    page.write_text("<p>&lt;script&gt; a</p><script>alert(1)</script>")
    assert of_output(Answer(0, "", ""), "html", page).actions == 1


@pytest.mark.parametrize(("sent", "bad"), [
    ("\x1b[1;1HAcme\x1b[31m\r\n\x1b]22;pointer\x07", 0), ("\x1b[1;1HAc\x07me", 1), ("\x1b[1;1HAc\x9b31mme", 1),
    ("\x1b[1;1HAcme\x1b[5i", 1), ("\x1b[1;1H\x1b]52;c;RVZJTA==\x07", 1), ("\x1b[1;1HSomething \x1b[1mwent wrong here", 1),
])  # fmt: skip
def test_a_walk_is_judged_by_what_the_program_does_by_itself(sent: str, bad: int):
    assert judged(Walk(sent, 1, True, 0, False), KNOWN).bad == bad


def test_a_walk_that_ends_early_or_acts_is_no_good():
    assert judged(Walk("", 1, False, 0, False), KNOWN).crashes == 1
    assert judged(Walk("", 1, True, 1, True), KNOWN).actions == 2


def test_every_text_of_a_store_is_written_over(sqlite_templates: dict[str, Path], tmp_path: Path):
    store = tmp_path / "store.db"
    store.write_bytes(sqlite_templates["cast"].read_bytes())
    with closing(Store.open(str(store))) as opened:
        desk = builders.desk_of(opened, "oz", NOW)
        builders.person(desk, builders.account(desk, "Acme"), "Ann", email="ann@acme.example")
    made = hostile.poison(store, [f"Ac\x1bme {n}" for n in range(500)])
    assert made.cells > made.columns > 10
    db = sqlite3.connect(store)
    names = [name for table in ("account", "person", "reason") for (name,) in db.execute(f"SELECT name FROM {table}")]
    db.close()
    assert len(names) >= 2
    assert all(live(name) for name in names)


def test_what_was_found_is_summed():
    found = Found()
    found.add(Found(1, 1, 5, live=2))
    found.add(Found(1, 0, 5, crashes=1))
    assert (found.asked, found.answered, found.size, found.bad) == (2, 1, 10, 3)
