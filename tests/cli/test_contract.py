"""The command line as scripts rely on it: keys, formats, exit codes, who and where."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run

KEYS = {
    "id", "account", "type", "reason", "priority", "status", "score", "due", "owner", "pool", "arr", "currency", "health", "snoozed_until",
}  # fmt: skip


@pytest.fixture
def ctas(desk: Desk) -> list[int]:
    return [builders.cta(desk, builders.account(desk, f"Acme {n}"), due=desk.today()) for n in range(3)]


def test_a_queue_row_has_every_promised_key(run: Run, ctas: list[int]) -> None:
    rows = run("queue", "--json").json
    assert {row["id"] for row in rows} == set(ctas)
    assert rows[0].keys() >= KEYS
    assert (rows[0]["arr"], rows[0]["currency"], rows[0]["due"], rows[0]["owner"]) == (
        "12000.00",
        "USD",
        "2026-11-23",
        None,
    )


@pytest.mark.parametrize("before", [True, False])
def test_options_stand_before_or_after_the_command(run: Run, ctas: list[int], store_url: str, before: bool) -> None:
    words = (
        ["--json", "--db", store_url, "--as", "ana", "queue"]
        if before
        else ["queue", "--as", "ana", "--db", store_url, "--json"]
    )
    assert len(run(*words, login=None, db=None).json) == 3


def test_csv_and_markdown_are_data_too(run: Run, ctas: list[int]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("queue", "--csv").out)))
    assert [row["account"] for row in rows] == ["Acme 0", "Acme 1", "Acme 2"]
    assert run("queue", "--md").out.startswith("| id |")
    assert run("queue", "--md", "--csv").code == 2


def test_a_file_instead_of_the_screen_is_its_owners_alone(run: Run, ctas: list[int], tmp_path: Path) -> None:
    target = tmp_path / "queue.json"
    done = run("queue", "--json", "-o", target)
    assert done.out == ""
    assert len(json.loads(target.read_text())) == 3
    assert target.stat().st_mode & 0o777 == 0o600


def test_claims_print_an_array_and_losers_carry_their_refusal(run: Run, ctas: list[int]) -> None:
    assert run("claim", ctas[0], login="ben").code == 0
    done = run("claim", *ctas[:2], 4711, "--json")
    assert done.code == 4
    assert [(row["id"], row.get("refused")) for row in done.json] == [
        (ctas[0], "taken"),
        (ctas[1], None),
        (4711, "unknown"),
    ]
    assert "Ben Okafor took CTA" in done.err
    assert done.json[1].keys() >= {"id", "owner", "status", "act"}


def test_next_release_snooze_close_reopen(run: Run, ctas: list[int]) -> None:
    taken = run("next", "--json").json
    assert taken["owner"] == "ana"
    assert taken["status"] == "open"
    cta = taken["id"]
    assert run("release", cta, "--note", "later").code == 0
    assert run("snooze", cta, "--until", "3d", "--reason", "waits", "--json").json[0]["id"] == cta
    assert cta not in [row["id"] for row in run("queue", "--json").json]
    assert run("wake", cta).code == 0
    assert run("close", cta, "--outcome", "no action", "--json").json[0]["status"] == "closed"
    assert run("reopen", cta, "--json").json[0]["status"] == "open"


def test_nothing_to_take_is_four(run: Run) -> None:
    done = run("next", "--json")
    assert done.code == 4
    assert done.json["refused"] == "empty"
    assert done.json["message"] in done.err


def test_once_acts_once(run: Run, ctas: list[int]) -> None:
    first = run("next", "--once", "k", "--json").json
    assert run("next", "--once", "k", "--json").json == first
    assert len(run("work", "--json").json) == 1


def test_undo_and_redo_and_who_did_what(run: Run, ctas: list[int]) -> None:
    run("claim", ctas[0])
    undone = run("undo", "--json").json
    assert undone.keys() >= {"act", "by", "at", "what", "undone"}
    assert run("cta", "show", ctas[0], "--json").json["owner"] is None
    run("redo")
    assert run("cta", "show", ctas[0], "--json").json["owner"] == "ana"
    rows = run("acts", "--by", "ana", "--json").json
    assert rows[0].keys() >= {"act", "by", "at", "what", "undone"}
    changed = run("history", f"cta:{ctas[0]}", "--json").json
    assert changed[0].keys() >= {"act", "by", "at", "what", "undone"}
    assert [(row["field"], row["new"]) for row in changed if row["field"] == "owner"][-1] == ("owner", "ana")


def test_a_cta_is_made_shown_and_changed(run: Run, desk: Desk) -> None:
    builders.account(desk, "Boreal")
    made = run("cta", "new", "Boreal", "--reason", "Sponsor left", "--due", "fri", "--priority", "high", "--json").json
    assert made["due"] == "2026-11-27"
    shown = run("cta", "show", made["id"], "--json").json
    assert shown.keys() >= KEYS | {"description", "source", "history"}
    edited = run("cta", "edit", made["id"], "--title", "Sponsor gone", "--due", "none", "--json")
    assert edited.code == 0
    assert run("cta", "show", made["id"], "--json").json["title"] == "Sponsor gone"


def test_one_cta_for_each_account_that_matches(run: Run, desk: Desk) -> None:
    for n in range(3):
        builders.account(desk, health=30 + n)
    words = ("cta", "new", "--where", "health:<50", "--reason", "Low health", "--json")
    assert "Would make 3 CTAs" in run(*words, "--dry-run").err
    assert len(run(*words).json) == 3
    assert len(run("cta", "list", "--where", 'reason:"Low health"', "--json").json) == 3


def test_a_call_is_logged_and_read(run: Run, desk: Desk) -> None:
    account = builders.account(desk, "Boreal")
    builders.person(desk, account, "Mia Ortiz", email="mia@boreal.example")
    logged = run(
        "log",
        "Boreal",
        "--type",
        "call",
        "--subject",
        "Quarterly",
        "--attendee",
        "mia@boreal.example",
        "--attendee",
        "ana",
        "--json",
    )
    assert logged.json.keys() >= {"id", "act"}
    entry = run("timeline", "Boreal", "--json").json[0]
    assert entry["subject"] == "Quarterly"
    assert len(entry["attendees"]) == 2


def test_accounts_and_people_by_command(run: Run) -> None:
    assert run("account", "new", "Dune", "--arr", "48k", "--renewal", "2027-03-31", "--json").json["id"]
    row = run("account", "list", "--json").json[0]
    assert row.keys() >= {"id", "name", "segment", "arr", "currency", "health", "band", "owner", "pool", "renewal_date"}
    assert row["arr"] == "48000.00"
    assert run("account", "edit", "Dune", "--health", "30").code == 0
    assert run("account", "show", "dune", "--json").json["health"] == 30
    assert "CSAT of 90 days                      –      –  nobody answered in 90 days" in run("health", "Dune").out, "not known adds no 0"
    assert run("person", "new", "Dune", "Lee Park", "--email", "lee@dune.example", "--role", "driver").code == 0
    assert run("person", "list", "Dune", "--json").json[0]["value_network"] is True


def test_views_pools_and_people_of_ours(run: Run) -> None:
    assert run("view", "save", "mine", "--query", "type:risk").code == 0
    assert run("view", "list", "--json").json[0]["query"] == "type:risk"
    assert run("pool", "new", "North", "--time-zone", "Europe/Oslo", login="oz").code == 0
    assert run("csm", "new", "fay", "--pool", "North", login="oz").code == 0
    assert run("csm", "show", "fay", "--json").json["pools"] == ["North"]
    assert run("pool", "new", "South").code == 4


BAD = [
    (("claim", "x"), 4, "There is no CTA 'x'"),
    (("claim", "4711"), 4, "There is no CTA 4711."),
    (("cta", "show", "4711"), 4, "There is no CTA 4711."),
    (("queue", "--where", "helth:<60"), 2, "health"),
    (("queue", "--where", "health:<"), 2, ""),
    (("queue", "--sort", "colour"), 2, "cannot be sorted"),
    (("queue", "--pool", "Nowhere"), 4, "no pool"),
    (("queue", "--limit", "0"), 2, ""),
    (("clam", "1"), 2, "Did you mean claim?"),
    (("close", "1", "--outcome", "succes"), 2, "Did you mean success?"),
    (("snooze", "1", "--reason", "x", "--until", "someday"), 2, "someday"),
    (("log", "Nobody", "--type", "call", "--subject", "x"), 4, "no account"),
    (("queue", "--as-of", "soon"), 2, "--as-of"),
    (("history", "thing:1"), 4, ""),
    (("undo", "4711"), 4, "4711"),
]


@pytest.mark.parametrize(
    ("words", "code", "told"), BAD, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_bad_input_gets_one_sentence_and_its_code(run: Run, words: tuple[str, ...], code: int, told: str) -> None:
    done = run(*words)
    assert done.code == code
    assert told in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_stranger_is_refused(run: Run) -> None:
    done = run("queue", login="nobody")
    assert done.code == 4
    assert "knows nobody called 'nobody'" in done.err


def test_read_only_writes_nothing(run: Run, ctas: list[int]) -> None:
    assert run("claim", ctas[0], "--read-only").code == 4
    assert run("queue", "--read-only", "--json").json[0]["owner"] is None


@pytest.mark.sqlite_only
def test_a_store_that_cannot_be_opened_is_three(run: Run, tmp_path: Path, store_url: str) -> None:
    import sqlite3

    assert "There is no store" in run("queue", db=tmp_path / "none.db").err
    (tmp_path / "text.db").write_text("hello, this is no database at all " * 20)
    foreign = run("queue", db=tmp_path / "text.db")
    (tmp_path / "other.db").touch()
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (x)")
    other = run("queue", db=tmp_path / "other.db")
    sqlite3.connect(store_url).execute("PRAGMA user_version = 99")
    newer = run("queue")
    folder = run("queue", db=tmp_path)
    assert [done.code for done in (foreign, other, newer, folder)] == [3, 3, 3, 3]
    assert "not a Cockpit store" in other.err
    assert "newer Cockpit" in newer.err


def test_no_server_is_three(run: Run) -> None:
    done = run("queue", db="postgresql://u:hunter2@127.0.0.1:1/none")
    assert done.code == 3
    assert "hunter2" not in done.err


def test_the_screens_need_a_terminal(run: Run) -> None:
    assert run(login=None, db=None).code == 2


def test_spec_lists_every_command_with_help(run: Run) -> None:
    commands = run("spec", login=None, db=None).json
    names = {one["command"] for one in commands}
    assert {"cockpit queue", "cockpit cta new", "cockpit demo"} <= names
    assert [one["command"] for one in commands if not one["help"]] == []
    undocumented = [(one["command"], param["name"]) for one in commands for param in one["params"] if not param["help"]]
    assert undocumented == []


def test_json_lets_no_control_character_through(run: Run, desk: Desk) -> None:
    builders.cta(desk, builders.account(desk, "A\x1b]52;c;ZXZpbA==\x07\u202eB\x9b31m"))
    for flag in ("--json", "--csv", "--md", "--limit=5"):
        out = run("queue", flag).out
        assert all(c.isprintable() or c == "\n" for c in out), flag
