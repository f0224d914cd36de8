"""Files that the screens write: a name that is free, readable by its owner alone, and a sentence when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cockpit.services.errors import Refused
from cockpit.tui import clipboard

T = TypeVar("T")


def write_new(folder: Path, name: str, end: str, write: str | Callable[[Path], object]) -> Path:
    """Write a text (or have it written) to a file of that name that is not there yet; returns it. Raises Refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while (file := folder / f"{name}{'' if number == 1 else f'-{number}'}.{end}").exists():
            number += 1
        clipboard.write_private(file, write) if isinstance(write, str) else write(file)
    except OSError as error:
        why = f"{folder} cannot be written to: {error.strerror or error}."
        raise Refused("file", f"{why} export_folder in the config file names another folder.") from None
    return file
