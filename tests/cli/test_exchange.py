"""Import and export by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run

ACCOUNTS = "Account ID,Account Name,ARR,Currency,Renewal Date,Health note\nA1,Acme,48000,USD,2027-01-31,fine\nA2,Boreal,x,USD,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS)
    return path


def test_each_row_is_counted_and_undone(run: Run, file: Path) -> None:
    done = run("import", file, "--json", login="oz")
    assert done.code == 0
    (report,) = done.json
    assert (report["kind"], report["read"], report["created"], report["rejected"]) == ("accounts", 2, 1, 1)
    assert Path(report["rejects_file"]).exists()
    again = run("import", file, "--json", login="oz").json[0]
    assert (again["unchanged"], again["created"], again["act"]) == (1, 0, None)
    assert run("undo", report["act"], login="oz").code == 0
    assert run("account", "list", "--json").json == []


def test_a_rehearsal_shows_the_columns_and_writes_nothing(run: Run, file: Path) -> None:
    done = run("import", file, "--dry-run", login="oz")
    assert "Account Name" in done.err
    assert "Nothing was written" in done.err
    assert run("account", "list", "--json").json == []


@pytest.mark.sqlite_only
def test_import_makes_a_missing_store_and_its_rehearsal_does_not(run: Run, file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new" / "mine.db"
    assert run("import", file, "--dry-run", db=str(new), login=None).code == 0
    assert not new.exists()
    assert run("import", file, db=str(new), login=None).code == 0
    assert new.stat().st_mode & 0o777 == 0o600
    assert len(run("account", "list", "--json", db=str(new), login=None).json) == 1


def test_strict_and_unreadable_files_are_one(run: Run, file: Path, tmp_path: Path) -> None:
    assert run("import", file, "--strict", login="oz").code == 1
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    done = run("import", tmp_path / "old.xls", login="oz")
    assert done.code == 1
    assert "save it as" in done.err
    assert run("import", tmp_path / "nothing.csv", login="oz").code == 2


def test_export_writes_a_whole_list_or_view(run: Run, desk: Desk, tmp_path: Path) -> None:
    builders.cta(desk, builders.account(desk, "=Acme"))
    builders.cta(desk, builders.account(desk, "Boreal"), type="event", because="Acquired")
    target = tmp_path / "queue.csv"
    assert run("export", "queue", "-o", target).code == 0
    assert "'=Acme" in target.read_text()
    run("view", "save", "events", "--query", "type:event")
    assert [row["account"] for row in json.loads(run("export", "events", "--json").out)] == ["Boreal"]
    assert run("export", "accounts", "--json").json[0]["name"]
    assert run("export", "nowhere").code == 4
