"""`backup`, `restore`, `seal`, `verify --against` as scripts call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests.builders import account, cta
from tests.cli.conftest import Run
from tests.db.test_journal import tamper


@pytest.fixture
def work(desk: Desk) -> int:
    """One CTA in the queue."""
    return cta(desk, account(desk, "Acme"))


def test_a_backup_and_back(run: Run, work: int, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    done = run("backup", file, "--json")
    assert done.code == 0
    assert done.json.keys() >= {"ok", "path", "bytes", "acts", "changes", "seal"}
    assert (done.json["ok"], done.json["path"]) == (True, str(file))
    again = run("backup", file, "--json")
    assert (again.code, again.json["refused"]) == (4, "exists")
    assert run("backup", file, "--force").code == 0

    run("claim", work)
    refused = run("restore", file, "--json", login="mo")
    assert (refused.code, refused.json["refused"]) == (4, "confirm")
    assert "acts, the last of" in refused.err
    assert run("queue", "--json").json == []
    back = run("restore", file, "--yes", "--json", login="mo")
    assert back.code == 0
    assert back.json["ok"]
    assert Path(back.json["kept"]).is_file()
    assert [row["id"] for row in run("queue", "--json").json] == [work]
    assert run("acts", "--json").json[0]["what"].startswith("Restored a backup of ")


def test_into_another_place_nobody_has_to_be_asked(run: Run, work: int, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.db")
    into = tmp_path / "new.db"
    assert run("restore", tmp_path / "b.db", "--into", into, login="oz").code == 0
    assert [row["id"] for row in run("queue", "--json", db=str(into)).json] == [work]
    assert run("--read-only", "queue", "--json", db=str(tmp_path / "b.db")).json == run("queue", "--json").json
    assert run("cta", "show", work, "--as-of", "2026-11-23", "--json", db=str(tmp_path / "b.db")).code in (0, 4)
    assert run("verify", db=str(into)).code == 0
    assert run("restore", tmp_path / "b.db", "--yes", "--read-only", login="oz").code == 4


def test_what_is_no_backup_is_three(run: Run, work: int, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("no backup")
    for file in (tmp_path / "b.db", tmp_path / "none.db"):
        done = run("restore", file, "--yes", login="mo")
        assert done.code == 3
        assert str(file) in done.err
    assert run("restore", tmp_path / "b.db", "--yes", login="ana").code in (3, 4)


def test_an_empty_key_is_no_key(run: Run, work: int) -> None:
    done = run("next", "--once", "")
    assert done.code == 2
    assert "--once needs a key" in done.err
    assert run("claim", work, "--once", "today").code == 0


def test_a_seal_of_an_earlier_day_is_only_read(run: Run, work: int) -> None:
    digest = run("seal").out.strip()
    run("claim", work)
    done = run("seal", "--as-of", "2999-01-01")
    assert (done.code, done.out.strip()) == (0, digest)


def test_a_seal_is_printed_kept_and_held_against_the_store(run: Run, work: int, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "seal.json"
    digest = run("seal").out.strip()
    assert len(digest) == 64
    assert run("seal", "-o", file).code == 0
    assert json.loads(file.read_text())["digest"] == digest
    assert run("seal", "--json").json["is_new"] is False
    run("claim", work)
    for against in (digest, file):
        done = run("verify", "--against", against, "--json")
        assert (done.code, done.json["ok"], done.json["against"]) == (0, True, digest)
    done = run("verify", "--against", "0" * 64, "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert "is not in this store" in done.err
    assert run("verify", "--against", tmp_path / "none", "--json").json["refused"] == "seal"
    tamper(desk.store, "DELETE FROM change WHERE id = 3")
    assert run("verify").code == 1
