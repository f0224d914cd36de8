"""The screens over hostile rows, in a real pty: whatever they tell the terminal they also tell it over clean rows."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from proof.hostile_found import WENT_WRONG, Found, live
from tests.journeys.terminal import Machine, Seat

COLUMNS, LINES = 140, 50
PATIENCE = 60.0
SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[P^_X][^\x1b]*\x1b\\"  # DCS, PM, APC, SOS
    r"|\x1b[ -/]*[0-~]"
)
POSITIONED = frozenset({"\x1b[0;0H", "\x1b[K"})
"""What any screen may be drawn with, whether the clean walk happened to or not."""
ESC, ENTER, DOWN, PALETTE, TASKS = "\x1b", "\r", "\x1b[6~", "\x10", "\x14"
FORMS = "eTlmzixLKaIWOvVP?"
"""The keys that open a form, a choice or a sheet on the queue; none of them acts by itself."""
UNFILTERED = (
    "import re, sys; from cockpit.tui.render import safe; safe.CONTROL = re.compile('(?!)');"
    " from cockpit.__main__ import main; sys.exit(main())"
)
"""The control: what is a control character is forgotten before anything that asks is imported."""


class Watched(Seat):
    """The program in a pty; every byte it sends is kept, none is drawn."""

    def __init__(self, argv: Sequence[str], env: dict[str, str]) -> None:
        super().__init__(argv, env, (COLUMNS, LINES))
        self.sent = b""

    def hears(self, quiet: float, first: float) -> None:
        """Reads until nothing has come for ``quiet`` seconds; waits ``first`` for the first of it."""
        end = time.monotonic() + PATIENCE / 4
        wait = first
        while self._read(wait) and time.monotonic() < end:
            wait = quiet

    def strikes(self, keys: str) -> None:
        """Presses a key (or clicks) and lets the program draw what comes of it."""
        os.write(self._fd, keys.encode())
        self.hears(0.08, 0.3)

    def answers(self) -> bool:
        """Whether the program is still there and draws."""
        before = len(self.sent)
        with suppress(EOFError, OSError):
            self.strikes("?")
        return self._child.poll() is None and len(self.sent) > before

    def _read(self, wait: float) -> bool:
        if not super()._read(wait):
            return False
        self.sent += b"".join(data for _, data in self._pending)
        self._pending.clear()
        return True


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk through the screens came to."""

    text: str
    keys: int
    lives: bool
    acts: int
    """That were done meanwhile: nobody asked for any."""
    is_browsing: bool

    def orders(self) -> set[str]:
        """The kinds of order the terminal was given, figures left out, colours apart."""
        found = SEQUENCE.findall(self.text)
        csi = {re.sub(r"\d+", "0", one) for one in found if one.startswith("\x1b[") and not one.endswith("m")}
        return csi | {one.partition(";")[0] for one in found if not one.startswith("\x1b[")}


def tour() -> Iterator[str]:
    """Keys that lead through every screen, pane, part and form, and act on nothing."""
    from cockpit.tui.panes import PANES
    from cockpit.tui.screens.team_sections import SECTIONS
    from cockpit.tui.screens.transitions import SIDES

    yield from (DOWN, "G", "g")
    for key in FORMS:
        yield from (key, ESC, ESC)
    yield from ("/", "acme", ESC, ESC, *_clicks())
    for screen in ("1", "3"):
        yield from (ESC, ESC, screen, DOWN, ENTER)
        for pane in PANES:
            yield from ("p", pane.letter, DOWN)
        yield from _clicks()
    yield from (ESC, ESC, "2", DOWN, "D", ESC, ESC, "2", "b", DOWN, "b", TASKS, ESC, ESC, "5", DOWN, "t", "w", ESC, ESC)
    for screen, letters in (("4", [side.letter for side in SIDES]), ("7", [spec.letter for spec in SECTIONS])):
        yield screen
        for letter in letters:
            yield from ("p", letter, DOWN)
    yield from ("4", "p", "o", ENTER, "e", ESC, "8", DOWN, ENTER, ESC, "9", DOWN, ENTER, ESC, "M", ESC, "U", ESC)
    yield from (PALETTE, "acme", DOWN, ESC, ESC, "1")


def _clicks() -> Iterator[str]:
    """A mouse that presses on many places of the rows: markup of a name may not act."""
    for line in range(6, LINES - 6, 9):
        for column in (12, 40, 100):
            yield f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m"


def walks(machine: Machine, clean: Path, store: Path, most: int) -> tuple[Found, Found]:
    """Walks over the hostile store, ours and the control (a part of the way), against a walk over the clean one.

    ``most``: so many keys at most.
    """
    keys = list(tour())[:most]
    with ThreadPoolExecutor(2) as both:
        plain, ours = both.map(lambda path: walk(machine, path, keys), (clean, store))
    known = plain.orders() | POSITIONED
    control = walk(machine, store, keys[: len(keys) // 4], ["-c", UNFILTERED])
    return judged(ours, known), judged(control, known)


def walk(machine: Machine, store: Path, keys: Sequence[str], program: Sequence[str] = ("-m", "cockpit")) -> Walk:
    """Walks once."""
    browser = store.with_suffix(".browser")
    browser.write_text(f"#!/bin/sh\ntouch '{browser}-opened'\n", encoding="utf-8")
    browser.chmod(0o700)
    env = machine.env | {"BROWSER": f"{browser} %s"}
    acts = _acts(store)
    seat = Watched([sys.executable, *program, "--db", str(store), "--as", machine.login], env)
    with seat:
        end = time.monotonic() + PATIENCE
        with suppress(EOFError, OSError):
            while b"next best" not in seat.sent and time.monotonic() < end:
                seat.hears(0.2, 1.0)
            for key in keys:
                seat.strikes(key)
            seat.hears(1.0, 2.0)
        lives, text = seat.answers(), seat.sent.decode("utf-8", "replace")
    return Walk(text, len(keys), lives, _acts(store) - acts, Path(f"{browser}-opened").exists())


def judged(walk: Walk, known: set[str]) -> Found:
    """What a walk found, beside the orders that the program gives by itself."""
    rest = SEQUENCE.sub("", walk.text).replace("\r", "")
    foreign = len(walk.orders() - known)
    crashes = sum(rest.count(word) for word in WENT_WRONG) + (not walk.lives)
    return Found(walk.keys, walk.keys, len(walk.text), live=live(rest) + foreign, actions=walk.acts + walk.is_browsing, crashes=crashes)


def _acts(store: Path) -> int:
    with closing(sqlite3.connect(store)) as db:
        return int(db.execute("SELECT count(*) FROM act").fetchone()[0])
