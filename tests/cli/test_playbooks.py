"""Playbooks and a leave from the command line: texts checked with their places, runs, tasks, adherence, a dry run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.__main__ import main
from cockpit.services.scorecard import shipped_text
from db.store import Store
from tests import builders
from tests.conftest import NOW

GOOD = 'name = "Small"\nabout = "cta"\n\n[[step]]\nkey = "ring"\ntitle = "Ring"\nrequired = "gate"\ndue = "+1"\ndone = "call logged"\n'


def run(capsys: pytest.CaptureFixture[str], store: Store, *words: str, login: str = "mo") -> tuple[int, str, str]:
    code = main([*words, "--db", store.url, "--as", login])
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.sqlite_only
def test_texts_are_checked_applied_and_come_out_as_they_went_in(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace("call logged", "call loged"), encoding="utf-8")
    code, out, _ = run(capsys, store, "playbook", "check", str(good), str(bad), "--json")
    found = json.loads(out)
    assert (code, [(one["file"], one["line"], one["column"]) for one in found]) == (1, [(str(bad), 9, 8)])
    assert "Did you mean call logged?" in found[0]["says"]
    code, _, err = run(capsys, store, "playbook", "apply", str(bad))
    assert (code, f"{bad}:9:8:" in err) == (1, True)
    assert run(capsys, store, "playbook", "apply", str(good))[0] == 0
    out_file = tmp_path / "out.toml"
    assert run(capsys, store, "playbook", "export", "Small", "-o", str(out_file))[0] == 0
    assert out_file.read_text(encoding="utf-8") == GOOD
    code, out, _ = run(capsys, store, "playbook", "apply", str(out_file), "--json")
    assert (json.loads(out)[0]["is_new"], json.loads(out)[0]["version"]) == (False, 1)
    code, out, _ = run(capsys, store, "playbook", "show", "small", "--json")
    assert json.loads(out)["steps"][0]["due"] == "S+1"
    assert run(capsys, store, "playbook", "off", "Small")[0] == 0
    assert "Small" not in run(capsys, store, "playbook", "list")[1]
    assert run(capsys, store, "playbook", "on", "Small", login="ben")[0] == 4


@pytest.mark.sqlite_only
def test_a_text_made_from_an_older_version_is_refused_when_it_says_so(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"playbook": GOOD + "# ", "scorecard": shipped_text() + "# ", "template": "name: hi\nsubject: s\n\n"}
    for thing, text in texts.items():
        file, other = tmp_path / f"{thing}.toml", tmp_path / "other.toml"
        for number, said, code in (("one", "0", 0), ("two", "1", 0), ("three", "1", 4)):
            file.write_text(text + number, encoding="utf-8")
            done = run(capsys, store, thing, "apply", str(file), "--from-version", said)
            assert done[0] == code, done
        assert "There is version 2 of" in done[2]
        assert "you changed version 1" in done[2]
        if thing != "scorecard":
            other.write_text(text + "other", encoding="utf-8")
            assert run(capsys, store, thing, "apply", str(file), str(other), "--from-version", "2")[0] == 2
        assert run(capsys, store, thing, "apply", str(file))[0] == 0


@pytest.mark.sqlite_only
def test_a_gate_holds_the_close_as_success_and_adherence_is_honest(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mo = builders.desk_of(store, "mo", NOW)
    acme = builders.account(mo, "Acme")
    builders.person(mo, acme, "Lee")
    cta = str(builders.cta(mo, acme, owner="ana"))
    path = tmp_path / "small.toml"
    path.write_text(GOOD, encoding="utf-8")
    run(capsys, store, "playbook", "apply", str(path))
    code, out, _ = run(capsys, store, "playbook", "run", cta, "Small", "--cta", "--json", login="ana")
    assert (code, json.loads(out)["tasks"]) == (0, 1)
    code, _, err = run(capsys, store, "close", cta, "--outcome", "success", login="ana")
    assert (code, "cannot close as success before “Ring”" in err) == (4, True)
    code, out, _ = run(capsys, store, "task", "list", "--json", login="ana")
    task = json.loads(out)[0]
    assert (task["title"], task["gates"], task["opens"], task["says"][:26]) == ("Ring", True, None, "no call or meeting with th")
    assert run(capsys, store, "task", "done", str(task["id"]), login="ana")[0] == 4
    assert run(capsys, store, "task", "skip", str(task["id"]), "--note", "they moved away")[0] == 0
    assert json.loads(run(capsys, store, "task", "show", str(task["id"]), "--json")[1])["state"] == "waived"
    assert run(capsys, store, "close", cta, "--outcome", "success", login="ana")[0] == 0
    rows = json.loads(run(capsys, store, "playbook", "adherence", "--to", "2026-12-31", "--json")[1])
    assert [(one["csm"], one["n"], one["waived"], one["rate"], one["says"]) for one in rows] == [
        (None, 0, 1, None, "nothing was due"), ("ana", 0, 1, None, "nothing was due"),
    ]  # fmt: skip


@pytest.mark.sqlite_only
def test_a_leave_is_tried_dry_then_started_and_followed(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    mo = builders.desk_of(store, "mo", NOW)
    for name in ("One", "Two", "Three"):
        builders.account(mo, name, owner="ana")
    words = ("transition", "leaver", "ana", "--last-day", "2026-12-23", "--keep", "One", "--to", "Two=pool")
    code, out, _ = run(capsys, store, *words, "--dry-run", "--json")
    found = json.loads(out)
    assert (code, {row["account"]: row["to"] for row in found["rows"]}) == (0, {"One": "keep", "Two": "pool", "Three": "ben"})
    assert all(row["reasons"] for row in found["rows"])
    assert run(capsys, store, "transition", "leave", "ana")[0] == 4
    code, out, _ = run(capsys, store, *words, "--json")
    assert (code, len(json.loads(out)["transitions"])) == (0, 2)
    board = json.loads(run(capsys, store, "transition", "leave", "ana", "--json")[1])
    assert (board["accounts"], board["accounts_left"], board["handed_over"]) == (2, 3, 0)
    assert "2026-12-21" in run(capsys, store, "transition", "leave")[1] + run(capsys, store, "transition", "leave", "ana")[1]
    assert run(capsys, store, "transition", "leaver", "ana", "--to", "Two", "--gone")[0] == 2
