"""A program in a real pty, and when what it drew became visible.

The loop only reads and notes the time; the emulator replays afterwards, so drawing is never timed together
with parsing. A frame between the marks of synchronised output (mode 2026) counts as visible at its end.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from types import TracebackType

import pyte

KEYS = {"down": "\x1b[B", "up": "\x1b[A", "page down": "\x1b[6~", "page up": "\x1b[5~", "enter": "\r", "escape": "\x1b"}
_ASKS = re.compile(rb"\x1b\[\?(?P<mode>\d+)\$p|\x1b\[(?P<attributes>0?c)|\x1b\[(?P<cursor>6n)|\x1b\[(?P<kitty>\?u)")
_REPLIES = {"attributes": "\x1b[?62;22c", "cursor": "\x1b[1;1R", "kitty": "\x1b[?0u"}
_FRAME_START = "\x1b[?2026h"
_FRAME_END = "\x1b[?2026l"
_NOT_DRAWN = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, clipboard
    r"|\x1b[P^_X][^\x1b]*\x1b\\"
    r"|\x1b\[[<>=][0-9;:]*[ -/]*[@-~]"  # keyboard protocols
    r"|\x1b\[\?[0-9;]*(?:\$p|[hlu])"  # modes and questions
    r"|\x1b\[[0-9;]*[ctq]"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*|[P^_X][^\x1b]*)?$")


class Terminal:
    """Starts a program on a screen of its own; a context manager."""

    def __init__(self, argv: Sequence[str], env: dict[str, str], columns: int = 120, rows: int = 36) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._in_frame = False
        self._pending: list[tuple[float, bytes]] = []
        self._fd, child = os.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = env | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._started = time.perf_counter()
        self._child = subprocess.Popen(argv, env=env, stdin=child, stdout=child, stderr=child, start_new_session=True)
        os.close(child)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        os.close(self._fd)

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def until(self, shown: str, patience: float = 60.0) -> float:
        """Milliseconds from the start until the screen first matched; raises TimeoutError with the screen."""
        pattern = re.compile(shown)
        end = time.perf_counter() + patience
        while time.perf_counter() < end:
            self._read(0.005)
            for at in self._frames():
                if pattern.search(self.text()):
                    return (at - self._started) * 1000
        raise TimeoutError(f"{shown!r} never showed; the screen was:\n{self.text()}")

    def settle(self, quiet: float = 0.3, patience: float = 10.0) -> None:
        """Waits until nothing was drawn for a while, and draws what was."""
        end = time.perf_counter() + patience
        while self._read(quiet) and time.perf_counter() < end:
            pass
        for _ in self._frames():
            pass

    def press(self, key: str, columns: int, quiet: float = 0.15, patience: float = 3.0) -> float | None:
        """Milliseconds from writing a key until the first ``columns`` differed; None when they never did.

        What the key before still causes (a preview that follows the cursor) is waited for first.
        """
        self.settle(quiet)
        before = self._cells(columns)
        pressed = time.perf_counter()
        os.write(self._fd, KEYS.get(key, key).encode())
        self._read(patience)
        while self._read(quiet):
            pass
        seen = None
        for at in self._frames():
            if seen is None and self._cells(columns) != before:
                seen = (at - pressed) * 1000
        return seen

    def resident_mb(self) -> float | None:
        """The program's resident memory in MB, where /proc tells."""
        try:
            with open(f"/proc/{self._child.pid}/statm") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        except OSError:
            return None

    def _cells(self, columns: int) -> tuple[tuple[object, ...], ...]:
        buffer = self.screen.buffer
        return tuple(tuple(buffer[y][x] for x in range(columns)) for y in range(1, self.screen.lines - 1))

    def _read(self, wait: float) -> bool:
        """Takes what the program wrote within ``wait`` seconds; False when that was nothing."""
        if not select.select([self._fd], [], [], wait)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux's way to say that the other side is gone
            data = b""
        if not data:
            raise EOFError(f"the program ended; the screen was:\n{self.text()}")
        self._pending.append((time.perf_counter(), data))
        if b"\x1b" in data:
            self._answer(data)
        return True

    def _answer(self, data: bytes) -> None:
        for asked in _ASKS.finditer(data):
            reply = _REPLIES.get(asked.lastgroup or "", "")
            if asked["mode"]:
                reply = f"\x1b[?{asked['mode'].decode()};{2 if asked['mode'] == b'2026' else 0}$y"
            os.write(self._fd, reply.encode())

    def _frames(self) -> Iterator[float]:
        """Replays what was read; yields the time at every moment when the screen was whole."""
        pending, self._pending = self._pending, []
        for at, data in pending:
            text = self._rest + self._decode(data)
            cut = _UNFINISHED.search(text)
            self._rest = text[cut.start() :] if cut else ""
            text = text[: cut.start()] if cut else text
            *frames, tail = text.split(_FRAME_END)
            for frame in frames:
                self._stream.feed(_NOT_DRAWN.sub("", frame))
                self._in_frame = False
                yield at
            if tail:
                self._stream.feed(_NOT_DRAWN.sub("", tail))
                self._in_frame = self._in_frame or _FRAME_START in tail
                if not self._in_frame:
                    yield at
