"""What leaves the terminal: copies by a tool, and files in a folder of one's choice."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from cockpit.config import Config
from cockpit.services import account as accounts
from cockpit.services.errors import Refused
from cockpit.tui import clipboard
from cockpit.tui.files import write_new
from tests.tui.conftest import Sit


def test_a_tool_that_stays_to_serve_the_copy_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tool = tmp_path / "wl-copy"
    tool.write_text('#!/bin/sh\ncat > "$0.got"\nsleep 60 &\necho $! > "$0.pid"\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    sent: list[str] = []
    try:
        how = clipboard.copy("Acme", "auto", sent.append, tmp_path / "copied.txt", {"WAYLAND_DISPLAY": "wayland-0"})
    finally:
        os.kill(int((tmp_path / "wl-copy.pid").read_text()), signal.SIGTERM)
    assert (how, sent, (tmp_path / "wl-copy.got").read_text()) == ("", [], "Acme")


def test_a_copy_into_a_spreadsheet_runs_nothing_there():
    row = ["=HYPERLINK(1)", "@sum\tx", "-3", "Acme = us"]
    assert clipboard.tsv([row]) == "'=HYPERLINK(1)\t'@sum x\t-3\tAcme = us"
    assert clipboard.markdown(["a"], [row[:1]]).splitlines()[-1] == "| =HYPERLINK(1) |"


def test_a_file_gets_a_free_name_and_is_its_owners_alone(tmp_path: Path):
    first, second = (write_new(tmp_path / "new", "work", "ics", text) for text in ("one", "two"))
    assert (first.name, second.name) == ("work.ics", "work-2.ics")
    assert (first.read_text(), second.stat().st_mode & 0o777) == ("one", 0o600)
    with pytest.raises(Refused, match="cannot be written to: Not a directory"):
        write_new(first / "deeper", "work", "ics", "three")


async def test_a_folder_that_cannot_be_written_to_is_said_with_what_to_do(sit: Sit, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    async with sit(config=Config(clipboard="file", export_folder=str(tmp_path / "taken"))) as ana:
        await ana.press("E")
        assert any("cannot be written to" in toast and "export_folder" in toast for toast in ana.toasts)


async def test_one_account_is_copied_without_reading_all(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    def page(*args: Any, **more: Any) -> Any:
        raise AssertionError("a page was read")

    async with sit() as ana:
        await ana.press("3")
        monkeypatch.setattr(accounts, "accounts_page", page)
        await ana.press("y")
        assert any("Copied 1 row" in toast for toast in ana.toasts)
