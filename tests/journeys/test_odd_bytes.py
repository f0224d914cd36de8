"""A terminal that sends what is no text, or no sequence anybody knows: nothing ends, and what was typed stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.terminal import Machine


@pytest.mark.parametrize("sent", [b"\xe9", b"\x1b[1114112u", b"\x1b[:48;1R"], ids=["latin-1", "no letter", "no number"])
def test_the_form_stays_with_what_was_typed(demo: Path, machine: Machine, sent: bytes):
    with machine.opens("--db", demo, size=(120, 36)) as ana:
        ana.sees("next best")
        ana.press("l")
        ana.sees("Subject*")
        ana.types("Half a sen")
        ana.sees("Half a sen")
        os.write(ana._fd, sent)
        ana.settle()
        ana.types("tence")
        ana.sees("tence", "Half a sen")
