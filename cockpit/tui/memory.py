"""What the screens remember from one day to the next: filter, sort and row of each list, and that hints were seen.

A small JSON file in the state folder; what cannot be read or written is forgotten without a word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cockpit.tui.clipboard import write_private

NAME = "screens.json"


class Memory:
    """Values by screen; ``file`` None remembers nothing."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._values: dict[str, Any] = _read(file)

    def get(self, screen: str, key: str, default: Any = None) -> Any:
        """What was remembered."""
        of_screen = self._values.get(screen)
        return of_screen.get(key, default) if isinstance(of_screen, dict) else default

    def put(self, screen: str, **values: Any) -> None:
        """Remember."""
        self._values[screen] = {**self._values.get(screen, {}), **values}

    def save(self) -> None:
        """Write it down."""
        if self.file is not None:
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                write_private(self.file, json.dumps(self._values, indent=1))
            except OSError:
                return


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
