"""The screens over raw hostile rows in a real pty: what they send is only what they send over clean rows."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path

from tests.hostile.corpus import leaks

SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[P^_X][^\x1b]*\x1b\\"  # DCS, PM, APC, SOS
    r"|\x1b[ -/]*[0-~]"
)
OPEN = "open"
"""On a list: the account of the row under the cursor."""
TOUR = [
    *["\x1b[6~"] * 22, "G", "g", OPEN, "]", "]", "]", "q", "e", "\x1b", "/", "acme", "\x1b", "2", "3", *["\x1b[6~"] * 12, OPEN, "]", "]", "]",
    "\x1b[6~", "p", "e", "t", "t", "\r", "q", "3", "5", "t", "\t", "w", "\x1b", "?", "\x1b", "\x10", "acme", "\x1b", "1", "l", "\t", "x", "\x1b", "Y",
]  # fmt: skip


class Watched:
    """The program in a pty of 140 × 110, every byte it sends kept."""

    def __init__(self, store: str, home: Path) -> None:
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "PYTHONDONTWRITEBYTECODE")}
        env |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "COLUMNS": "120",
            "LINES": "36",
        }
        self.sent = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(sys.executable, [sys.executable, "-m", "cockpit", "--db", store, "--as", "oz"], env)

    def settle(self, patience: float = 20.0, quiet: float = 0.4, wait: float = 10.0) -> None:
        """Reads until nothing more comes for a moment."""
        end = time.monotonic() + patience
        first = True
        while time.monotonic() < end:
            ready, _, _ = select.select([self.fd], [], [], max(quiet, wait) if first else quiet)
            if not ready:
                return
            first = False
            try:
                self.sent += os.read(self.fd, 1 << 16)
            except OSError:  # it ended
                return

    def until(self, shown: bytes) -> None:
        """Reads until the screens are there: keys sent before reach nobody."""
        end = time.monotonic() + 60
        while shown not in self.sent:
            assert time.monotonic() < end, self.sent[-3000:]
            self.settle(patience=5)

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())
        self.settle(quiet=0.06, wait=1.0)

    def open(self) -> None:
        """Opens what is under the cursor, once its row is there; a ``q`` on a list would end the program."""
        end = time.monotonic() + 120
        seen = len(self.sent)
        while b"Scorecard" not in self.sent[seen:]:
            assert time.monotonic() < end, self.sent[-3000:]
            os.write(self.fd, b"\r")
            self.settle(quiet=1.0, wait=2.0)

    def is_running(self) -> bool:
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def sent_over(store: str, home: Path) -> str:
    watched = Watched(store, home)
    try:
        watched.until(b"next best")
        for key in TOUR:
            watched.open() if key == OPEN else watched.press(key)
        assert watched.is_running(), watched.sent[-3000:].decode("utf-8", "replace")
    finally:
        watched.close()
    return watched.sent.decode("utf-8", "strict")


def kinds(text: str) -> set[str]:
    """What a terminal was told to do, figures and colours left out."""
    return {re.sub(r"\d+", "0", one) if one.startswith("\x1b[") else one[:2] for one in SEQUENCE.findall(text)}


def colourless(found: set[str]) -> set[str]:
    return {one for one in found if not one.endswith("m")}


def test_the_terminal_is_told_nothing_by_data(raw_store: str, clean_store: str, tmp_path: Path) -> None:
    clean, hostile = sent_over(clean_store, tmp_path), sent_over(raw_store, tmp_path)
    rest = SEQUENCE.sub("", hostile).replace("\r", "")
    assert leaks(rest) == []
    assert "EVJ" not in "".join(SEQUENCE.findall(hostile))  # the clipboard the corpus would set
    assert "owned" not in "".join(SEQUENCE.findall(hostile))
    assert colourless(kinds(hostile)) <= colourless(kinds(clean)) | {"\x1b[0;0H", "\x1b[K"}
    assert len(hostile) > 200_000
