"""A terminal that goes away without a word takes the program with it; a program nobody sees does not stay and spin."""

from __future__ import annotations

import os
from pathlib import Path

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
