"""What is archived leaves the store and can be proven from its file; the chains and seals of what stays still hold."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.archive import archive
from cockpit.services.backup import backup, restore
from cockpit.services.cta import close
from cockpit.services.doctor import examine
from cockpit.services.erase import erase
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import acts, history, undo
from cockpit.services.queue import claim
from cockpit.services.seal import read_seal, seal
from cockpit.services.verify import verify
from db.errors import StoreForeign
from db.journal import digest_of_text
from db.store import Store
from db.terms import Outcome
from tests.builders import account, cta, make, person, row
from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # the fixture
from tests.conftest import NOW
from tests.services.test_undo import do

Sit = Callable[..., Desk]
LAST_YEAR = NOW - timedelta(days=400)
THIS_YEAR = date(2026, 1, 1)


@pytest.fixture
def old(desk_of: Sit, desk: Desk) -> dict[str, int]:
    """Work of last year: a closed CTA, an open one, usage that was corrected; and a little of this week."""
    then = desk_of("ana", LAST_YEAR)
    acme = account(then, "Acme")
    done, open_ = cta(then, acme, owner="ana"), cta(then, acme)
    closing_act = close(then, [done], Outcome.SUCCESS, "signed last year").act
    usage = make(then, "usage", {"account_id": acme, "metric": "logins", "day": then.today(), "value": 5000})
    do(desk_of("ana", LAST_YEAR + timedelta(days=1)), lambda w: w.update("usage", usage, {"value": 6000}))
    make(desk, "task", {"cta_id": open_, "title": "Ring"})
    claim(desk, [open_])
    return {"acme": acme, "done": done, "open": open_, "usage": usage, "act": closing_act or 0}


def test_old_entries_move_and_everything_still_verifies(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    kept = seal(desk)
    rows = {name: row(desk.store, name, old[key]) for name, key in (("cta", "done"), ("usage", "usage"), ("account", "acme"))}
    target = tmp_path / "2025.db"

    moved = archive(desk_of("mo"), THIS_YEAR, str(target))

    assert (moved.ok, moved.path, moved.usage) == (True, str(target), 1)
    assert moved.changes >= 6
    assert target.stat().st_mode & 0o777 == 0o600
    found = verify(desk, against=read_seal(kept.digest))
    assert found.problems == ()
    assert (found.archived, found.erased) == (moved.changes, 0)
    for name, key in (("cta", "done"), ("usage", "usage"), ("account", "acme")):
        assert row(desk.store, name, old[key]) == rows[name]
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM usage") == 1


def test_each_moved_entry_is_proven_by_the_digest_that_stayed(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    moved = archive(desk_of("mo"), THIS_YEAR, str(tmp_path / "2025.db"))
    with closing(sqlite3.connect(moved.path)) as file:
        entries = file.execute("SELECT id, fields FROM change").fetchall()
        told = {row[0] for row in file.execute("SELECT verb FROM act")}
    assert len(entries) == moved.changes
    assert {"close", "archive"} <= told
    assert any("signed last year" in fields for _, fields in entries)
    with desk.store.read() as db:
        for id_, fields in entries:
            salt, digest, left = db.one("SELECT salt, digest, fields FROM change WHERE id = :id", id=id_) or ()
            assert digest_of_text(fields, bytes(salt)) == bytes(digest)
            assert left is None
            json.loads(fields)


def test_what_is_in_work_and_what_imports_ask_for_stays(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    archive(desk_of("mo"), THIS_YEAR, str(tmp_path / "2025.db"))
    for thing, id_ in (("account", old["acme"]), ("cta", old["open"])):
        assert "erased" not in {change.kind for change in history(desk, thing, id_)}
    assert undo(desk).reverted == 1
    assert verify(desk).problems == ()


def test_an_archived_act_says_where_it_is(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path, store_url: str):
    mo = desk_of("mo")
    moved = archive(mo, THIS_YEAR, str(tmp_path / "2025.db"))
    with pytest.raises(Refused, match=r"moved to .*2025\.db"):
        undo(desk, old["act"])
    assert {change.kind for change in history(desk, "cta", old["done"])} == {"archived"}
    with pytest.raises(Refused, match="cannot be taken back: it is a move to an archive"):
        undo(mo, moved.act)
    assert next(a for a in acts(desk) if a.act == moved.act).what == "Archived what was done before 2026-01-01"
    assert any("2025.db" in check.says for check in examine(store_url).checks if check.name == "sizes")


def test_twice_and_into_a_backup(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path, store_url: str):
    mo = desk_of("mo")
    archive(mo, THIS_YEAR, str(tmp_path / "2025.db"))
    with pytest.raises(Refused, match="nothing from before"):
        archive(mo, THIS_YEAR, str(tmp_path / "again.db"))
    archive(desk_of("mo", NOW + timedelta(days=9)), NOW.date() + timedelta(days=8), str(tmp_path / "2026.db"))
    backup(desk, str(tmp_path / "b.db"))
    restore(str(tmp_path / "b.db"), store_url, "oz", lambda: NOW)
    assert verify(desk).problems == ()
    assert {p.name for p in tmp_path.iterdir() if p.suffix == ".db" and p.name.startswith("20")} == {"2025.db", "2026.db"}


def test_an_archive_is_no_store(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    archive(desk_of("mo"), THIS_YEAR, str(tmp_path / "2025.db"))
    with pytest.raises(StoreForeign):
        Store.open(str(tmp_path / "2025.db"))


def test_an_erasure_names_the_archives_that_still_hold_her(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    mia = person(desk, old["acme"], "Mia Ortiz")
    archive(desk_of("mo"), THIS_YEAR, str(tmp_path / "2025.db"))
    assert any("2025.db" in words for words in erase(desk_of("mo"), mia).remains)
    assert verify(desk).problems == ()


def test_refusals(desk: Desk, desk_of: Sit, old: dict[str, int], tmp_path: Path):
    mo = desk_of("mo")
    there = tmp_path / "there.db"
    there.write_text("mine")
    for before, path, code in (
        (THIS_YEAR, there, "exists"), (THIS_YEAR, tmp_path / "no" / "x.db", "folder"), (date(2027, 1, 1), tmp_path / "x.db", "day"),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            archive(mo, before, str(path))
        assert no.value.code == code
    with pytest.raises(Forbidden):
        archive(desk, THIS_YEAR, str(tmp_path / "x.db"))
    assert there.read_text() == "mine"
    assert not (tmp_path / "x.db").exists()


def test_by_command(run: Run, old: dict[str, int], tmp_path: Path):
    target = tmp_path / "2025.db"
    words = ("archive", "--before", "2026-01-01", "-o", target, "--json")
    assert run(*words, login="mo").json["refused"] == "confirm"
    assert run("archive", "--before", "2026-01-01", login="mo").code == 2
    assert run("archive", "--before", "2026-13-01", "-o", target, login="mo").code == 2
    done = run(*words, "--yes", login="mo")
    assert (done.code, done.json["path"]) == (0, str(target))
    assert run("verify", "--json").json["archived"] == done.json["changes"]
    shown = run("cta", "show", old["done"]).out
    assert "archived" in shown
    assert "None" not in shown
