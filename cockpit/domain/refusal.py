"""What a rule answers when it says no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with a code for scripts and the sentence the user reads."""

    code: str
    sentence: str
