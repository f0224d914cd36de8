"""Somebody at a real terminal: presses keys, sees what the program drew. Nothing is known but the screen."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.terminal import KEYS, Terminal

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds to wait for what must appear, on a machine that has other things to do."""
PRESSED = KEYS | {"tab": "\t", "space": " ", "ctrl+s": "\x13", "ctrl+r": "\x12"}


class Seat(Terminal):
    """A terminal with the program in it. ``strokes`` counts the keys pressed, ``letters`` what was typed as text."""

    def __init__(self, argv: Sequence[str], env: dict[str, str], size: tuple[int, int]) -> None:
        super().__init__(argv, env, *size)
        self.strokes = 0
        self.letters = 0

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        os.close(self._fd)

    def press(self, *keys: str) -> None:  # type: ignore[override]
        """Presses keys, one after the other."""
        for key in keys:
            os.write(self._fd, PRESSED.get(key, key).encode())
            self.strokes += 1

    def types(self, text: str) -> None:
        """Types text."""
        os.write(self._fd, text.encode())
        self.letters += len(text)

    def sees(self, *words: str) -> None:
        """Waits until all of these are on the screen together."""
        self._wait(lambda shown: all(word in shown for word in words), f"{words} to show")

    def sees_not(self, *words: str) -> None:
        """Waits until none of these is on the screen any more."""
        self._wait(lambda shown: not any(word in shown for word in words), f"{words} to go")

    def sees_like(self, pattern: str) -> re.Match[str]:
        """Waits until a part of the screen looks like this; returns it."""
        self._wait(lambda shown: re.search(pattern, shown) is not None, f"something like {pattern!r}")
        found = re.search(pattern, self.text())
        assert found is not None
        return found

    def line(self, word: str) -> int:
        """The line of the screen with a word in it; raises StopIteration when there is none."""
        return next(number for number, text in enumerate(self.text().splitlines()) if word in text)

    def colour(self, word: str) -> tuple[str, str]:
        """The colours of a word's first letter: of the letter, of what is behind it."""
        line = self.line(word)
        cell = self.screen.buffer[line][self.screen.display[line].index(word)]
        return cell.fg, cell.bg

    def leaves(self) -> int:
        """Waits until the program has ended; its exit code."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self._read(0.2)
            except EOFError:
                break
        for _ in self._frames():
            pass
        return self._child.wait(timeout=PATIENCE)

    def _wait(self, holds: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            for _ in self._frames():
                pass
            if not self._in_frame and holds(self.text()):
                return
            if time.monotonic() > end:
                raise AssertionError(f"waited {PATIENCE:.0f} s for {what}; the screen is:\n{self.text()}")
            self._read(0.05)


@dataclass
class Machine:
    """Somebody's computer, with nothing of Cockpit on it yet; ``store`` is the file in its data folder."""

    folder: Path
    now: str
    login: str = "ana"
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "TMPDIR")}
        places = {f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        self.env = kept | places | {
            "HOME": str(self.folder), "PYTHONPATH": str(ROOT), "COCKPIT_NOW": self.now, "COCKPIT_AS": self.login, "LANG": "C.UTF-8",
        }  # fmt: skip

    def opens(self, *words: object, size: tuple[int, int] = (80, 24)) -> Seat:
        """``cockpit`` with these words, in a terminal of this size."""
        return Seat([sys.executable, "-m", "cockpit", *map(str, words)], self.env, size)

    def runs(self, *words: object, login: str | None = None) -> subprocess.CompletedProcess[str]:
        """``cockpit`` with these words, not at a terminal; it must end well."""
        env = self.env | ({"COCKPIT_AS": login} if login else {})
        argv = [sys.executable, "-m", "cockpit", *map(str, words)]
        return subprocess.run(argv, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE * 2, stdin=subprocess.DEVNULL)

    def asks(self, *words: object, login: str | None = None) -> Any:
        """What a command prints with ``--json``."""
        return json.loads(self.runs(*words, "--json", login=login).stdout)
