"""Copying out of the terminal: by the terminal itself (OSC 52), a native tool, or a file when neither will do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cockpit.domain.export_cell import safe_cell

OSC52_MOST = 74_994
"""Bytes of text a terminal takes by OSC 52 before many drop it without a word."""
TOOLS = (
    ("WAYLAND_DISPLAY", ["wl-copy"]),
    ("DISPLAY", ["xclip", "-selection", "clipboard"]),
    ("DISPLAY", ["xsel", "--clipboard", "--input"]),
)
WAIT = 3.0


def copy(text: str, how: str, osc52: Callable[[str], None], file: Path, env: Mapping[str, str] = os.environ) -> str:
    """Copy in the way the config file names; returns by which way it went, for the toast.

    ``auto`` prefers a native tool (it answers), then OSC 52 if the text is not too long, then the file.
    """
    if how in ("auto", "native") and _native(text, env):
        return ""
    if how in ("auto", "osc52") and len(text.encode()) <= OSC52_MOST:
        osc52(text)
        return " by the terminal" if how == "auto" else ""
    write_private(file, text)
    return f" into {file}"


def _native(text: str, env: Mapping[str, str]) -> bool:
    tools: list[Sequence[str]] = [["pbcopy"]] if sys.platform == "darwin" else []
    tools += [argv for variable, argv in TOOLS if env.get(variable)]
    quiet = subprocess.DEVNULL  # not a pipe: what a tool leaves running to serve the copy would hold it open
    for argv in tools:
        if shutil.which(argv[0]):
            try:
                subprocess.run(argv, input=text.encode(), timeout=WAIT, check=True, stdout=quiet, stderr=quiet)
            except (OSError, subprocess.SubprocessError):
                continue
            return True
    return False


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as out:
        out.write(text)


def tsv(rows: Sequence[Sequence[str]]) -> str:
    """Cells with tabs between, as spreadsheets take them; none of them is a formula there."""
    return "\n".join("\t".join(safe_cell(cell.replace("\t", " ")) for cell in row) for row in rows)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)
