"""The shim of ``shim.c``: compiling it, running a part of the proof under it, and turning it on from inside."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("shim.c")


class NoShim(Exception):
    """Calls cannot be intercepted here; the words say why."""


def build(folder: Path) -> Path:
    """Compiles the shim into this folder. Raises NoShim."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        raise NoShim("needs Linux and a C compiler (cc)")
    target = folder / "shim.so"
    made = subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", str(target), str(SOURCE), "-ldl"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise NoShim(f"cc: {made.stderr.strip().splitlines()[-1]}")
    return target


def run(shim: Path, module: str, **arguments: Any) -> Any:
    """``python -m module`` under the shim: arguments and result are JSON."""
    env = {**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": str(SOURCE.parents[1])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, json.dumps(arguments)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} under the shim ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


class Shim:
    """The shim this process runs under."""

    def __init__(self, path: str) -> None:
        self._calls: Any = ctypes.CDLL(None)
        self._calls.shim_failed.restype = ctypes.c_long
        self._calls.shim_watch(os.fsencode(path))

    def arm(self, nth: int, number: int, *, for_good: bool) -> None:
        """Makes the nth call from now (0: the next) fail with this errno; ``for_good``: and all after it."""
        self._calls.shim_arm(ctypes.c_long(nth), number, int(for_good))

    def disarm(self) -> int:
        """Lets all calls pass; returns how many had failed."""
        self._calls.shim_disarm()
        return int(self._calls.shim_failed())

    def tape(self, file: int) -> None:
        """Records every call into this open file."""
        self._calls.shim_tape(file)

    def mark(self, number: int) -> None:
        """Puts a mark on the tape."""
        self._calls.shim_mark(ctypes.c_uint64(number))
