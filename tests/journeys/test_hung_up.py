"""A terminal that goes away without a word takes the program with it; a program nobody sees does not stay and spin."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from cockpit.tui.hung_up import has_hung_up
from tests.journeys.terminal import PATIENCE, Machine


def test_a_line_is_lost_when_its_other_end_is_closed():
    ours, theirs = os.openpty()
    assert not has_hung_up(theirs)
    os.close(ours)
    assert has_hung_up(theirs)
    os.close(theirs)


def test_the_program_leaves_when_its_terminal_is_gone(demo: Path, machine: Machine):
    with machine.opens("--db", demo) as ana:
        ana.sees("Queue")
        os.close(ana._fd)
        ana._fd = os.open(os.devnull, os.O_RDONLY)
        assert ana._child.wait(timeout=PATIENCE) is not None


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_the_program_that_is_told_to_end_gives_the_terminal_back(demo: Path, machine: Machine, told: signal.Signals):
    with machine.opens("--db", demo) as ana:
        ana.sees("Queue")
        ana.settle()
        os.kill(ana._child.pid, told)
        sent = b""
        while chunk := _read(ana._fd):
            sent += chunk
        assert ana._child.wait(timeout=PATIENCE) == 0
    assert b"\x1b[?1049l" in sent, "the screen before is not back"
    assert b"\x1b[?1000l" in sent, "the mouse is still reported"
    assert list(machine.folder.rglob("screens.json")), "the place is not remembered"


def _read(line: int) -> bytes:
    try:
        return os.read(line, 1 << 16)
    except OSError:  # it ended
        return b""
