"""docs/queue.svg: the queue of the demo company as the program draws it; written by ``./run docs``.

Seed, clock, login and size stand, so that the same program draws the same picture.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cockpit.config import Config
from cockpit.desk import Desk
from cockpit.services.demo import build_demo
from cockpit.services.session import who_is
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.list_screen import ListScreen
from db.store import Store
from db.terms import Face

PICTURE = Path(__file__).parent / "queue.svg"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIZE = (145, 28)
ON = "Acme Robotics"
"""The account under the cursor."""
SHOWS = ("● live", "Playbook if claimed", "My work", f"─ {ON} ")
"""What is on the screen when everything has arrived."""
PATIENCE = 30.0
FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
FONT = "Fira Code, ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"


def draw() -> str:
    """The picture as SVG, without fonts from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        url = str(Path(folder) / "demo.db")
        build_demo(url, clock=lambda: NOW, login="ana")
        store = Store.open(url)
        try:
            svg = asyncio.run(_shot(store))
        finally:
            store.close()
    svg = FONT_FACES.sub("", svg).replace("font-family: Fira Code, monospace;", f"font-family: {FONT};")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


async def _shot(store: Store) -> str:
    with store.read() as db:
        desk = Desk(store, who_is(db, store, "ana"), lambda: NOW, Face.TUI, clock_is_set=True)
    app = CockpitApp(desk, config=Config())
    async with app.run_test(size=SIZE) as pilot:
        end = time.monotonic() + PATIENCE
        while missing := _missing(words_of(app.export_screenshot())):
            if time.monotonic() > end:
                raise TimeoutError(f"The queue never showed {missing}.")
            await pilot.pause(0.05)
            screen = app.screen
            if isinstance(screen, ListScreen) and screen.rows.row is not None and screen.rows.row.account != ON:
                await pilot.press("down")
        return app.export_screenshot(title="Cockpit")


def _missing(seen: str) -> list[str]:
    return [words for words in SHOWS if words not in seen]


def words_of(svg: str) -> str:
    """What a picture says, line by line."""
    lines: dict[str, str] = {}
    for y, text in re.findall(r'<text[^>]* y="([^"]+)"[^>]*>([^<]*)</text>', svg):
        lines[y] = lines.get(y, "") + text
    found = "\n".join(lines.values())
    for mark, letter in (("&#160;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        found = found.replace(mark, letter)
    return found
