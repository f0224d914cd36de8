"""Writes the reference pages from the lists the program itself works from; ``./run docs``.

Whatever stands outside the marks of a page is written by hand and kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
MARK = "<!-- below: written by ./run docs -->"
MARKS = {"queries": ("<!-- fields -->", "<!-- end of fields -->")}


def keys() -> str:
    """Every key by what it is for."""
    from cockpit.tui.actions import keys_page

    return keys_page().removeprefix("# Keys\n")


def queries() -> str:
    """Every field of the query language."""
    from db.query.help import tables

    return tables()


def settings() -> str:
    """Every setting of the config file."""
    from dataclasses import fields

    from cockpit import config

    meanings = config.field_docs()
    lines = ["| setting | default | variable | meaning |", "|---|---|---|---|"]
    for spec in fields(config.Config):
        default = "none" if spec.name == "keys" else f"`{json.dumps(spec.default)}`"
        variable = "" if spec.name == "keys" else f"`{config.variable(spec.name)}`"
        lines.append(f"| `{spec.name}` | {default} | {variable} | {meanings[spec.name]} |")
    return "\n".join(lines)


def commands() -> str:
    """Every command with its arguments and options, as ``cockpit spec`` tells them."""
    spec = subprocess.run(
        [sys.executable, "-m", "cockpit", "spec"], check=True, capture_output=True, text=True, cwd=DOCS.parent, env=_plain()
    )
    return "\n".join(_commands(json.loads(spec.stdout))).strip()


def _plain() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("COCKPIT_")} | {"COLUMNS": "200"}


def _commands(spec: list[dict[str, Any]]) -> Iterator[str]:
    root, *others = spec
    everywhere = {param["name"] for param in root["params"]}
    yield f"## Before or after any command\n\n{_params(root['params'])}\n"
    for command in others:
        yield f"## `{command['command']}`\n\n{command['help']}\n"
        own = [param for param in command["params"] if param["name"] not in everywhere]
        if own:
            yield f"{_params(own)}\n"


def _params(params: list[dict[str, Any]]) -> str:
    rows = ["| | |", "|---|---|"]
    for param in params:
        if param["kind"] == "option":
            written = ", ".join(param["names"]) + (f" {param['metavar']}" if param["metavar"] else "")
        else:
            written = param["metavar"] or param["name"]
        help_ = (param["help"] or "").replace("|", "\\|")
        rows.append(f"| `{written}` | {help_} |")
    return "\n".join(rows)


def scorecards() -> str:
    """Every fact a scorecard can measure."""
    from cockpit.domain.computable import FACTS

    rows = [f"| `{one.name}` | {one.unit} | {one.meaning} |" for one in FACTS.values()]
    return "\n".join(["| fact | unit | what it is |", "|---|---|---|", *rows])


def playbooks() -> str:
    """Every word a playbook may use."""
    from cockpit.domain import playbook_words as words

    tables = (
        ("What it is for: `about`", words.ABOUT), ("Whose a step is: `role`", words.ROLES),
        ("How much it is needed: `required`", words.NEEDS), ("Only if: `when`", words.CONDITIONS),
        ("What it opens: `opens`", words.OPENS), ("What closes it: `done`", words.CHECKS),
    )  # fmt: skip
    parts = []
    for title, found in tables:
        rows = [f"| `{word}` | {says} |" for word, says in found.items()]
        parts.append("\n".join([f"## {title}", "", "| word | means |", "|---|---|", *rows]))
    return "\n\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "keys": keys, "queries": queries, "settings": settings, "commands": commands, "scorecards": scorecards, "playbooks": playbooks,
}  # fmt: skip


def page(name: str) -> str:
    """The page as it should be: its own words around the list between the marks."""
    path = DOCS / f"{name}.md"
    kept = path.read_text(encoding="utf-8") if path.exists() else f"# {name.capitalize()}\n\n"
    listed = PAGES[name]().strip()
    if name in MARKS:
        start, end = MARKS[name]
        return f"{kept.partition(start)[0]}{start}\n{listed}\n{end}{kept.partition(end)[2]}"
    return f"{kept.partition(MARK)[0]}{MARK}\n\n{listed}\n"


def write(name: str) -> None:
    """Write a page anew, or the picture of the README."""
    if name == "picture":
        from docs.picture import PICTURE, draw

        PICTURE.write_text(draw(), encoding="utf-8")
    else:
        (DOCS / f"{name}.md").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    for asked in sys.argv[1:] or [*PAGES, "picture"]:
        write(asked)
