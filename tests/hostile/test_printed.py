"""Raw hostile rows through everything the command line prints."""

from __future__ import annotations

import json

import pytest

from cockpit.__main__ import main
from tests.hostile.corpus import corpus, leaks

COMMANDS = [
    ("queue",), ("cta", "list"), ("account", "list"), ("acts",), ("queue", "--where", "acme"), ("view", "list"), ("csm", "list"),
    *[("cta", "show", str(n)) for n in range(1, 2000, 97)],
    *[("account", "show", str(n)) for n in range(1, 2000, 97)],
    *[("timeline", str(n)) for n in range(1, 2000, 97)],
    *[("person", "list", str(n)) for n in range(1, 2000, 97)],
    *[("account", pane, str(n)) for pane in ("usage", "commercial", "support") for n in range(1, 2000, 577)],
    *[("account", "brief", str(n), "--draft") for n in range(1, 2000, 977)],
    *[("history", f"account:{n}") for n in range(1, 2000, 197)],
]  # fmt: skip


@pytest.mark.parametrize("flag", ["", "--json", "--csv", "--md"])
def test_nothing_live_is_printed(raw_store: str, capsys: pytest.CaptureFixture[str], flag: str) -> None:
    for words in COMMANDS:
        code = main([*words, *([flag] if flag else []), "--db", raw_store, "--as", "oz"])
        told = capsys.readouterr()
        assert code == 0, (words, told.err)
        assert not leaks(told.out), (words, leaks(told.out))
        assert not leaks(told.err), (words, leaks(told.err))
        if flag == "--json":
            json.loads(told.out)


def test_what_was_typed_is_never_echoed_live(raw_store: str, capsys: pytest.CaptureFixture[str]) -> None:
    for one in corpus()[::7]:
        typed = one.replace("\0", "")
        for words in (
            ["queue", "--where", typed],
            ["account", "show", typed],
            ["claim", typed],
            ["cta", "new", typed, "--reason", "x", "--type", typed],
        ):
            code = main(["--db", raw_store, "--as", "oz", "--read-only", *words])
            told = capsys.readouterr()
            assert code in (0, 2, 4), (ascii(typed), words, told.err)
            assert not leaks(told.out + told.err), (ascii(typed), words)
            assert "went wrong in Cockpit" not in told.err, (ascii(typed), words, told.err)
