"""The playbooks that ship, as the text files they are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cockpit.domain.playbook import stored
from cockpit.domain.playbook_text import Playbook, read_text

FOLDER = Path(__file__).parents[1] / "library" / "playbooks"


@lru_cache(maxsize=1)
def shipped() -> tuple[tuple[str, Playbook], ...]:
    """Each text and what it says, by file name. A text that cannot be read is a fault of ours: TextProblems."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))]
    return tuple((text, read_text(text)) for text in texts)


def row(text: str, book: Playbook, version: int = 1) -> dict[str, object]:
    """A playbook as its table holds it."""
    return {
        "name": book.name, "version": version, "about": book.about, "source": text, "steps": [stored(step) for step in book.steps],
        "active": True,
    }  # fmt: skip


def rows() -> list[dict[str, object]]:
    """What ships, as rows of a new store."""
    return [row(text, book) for text, book in shipped()]
